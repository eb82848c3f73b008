"""A facilitator sets up a wave in a browser; a worker sends its invitations; the wave closes and opens again."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from assessments import tasks
from assessments.enums import WaveState
from assessments.models import Invitation, Wave
from assessments.services.invitations import add_people, members_to_add
from assessments.services.waves import open_wave, today
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.assessments import answer, make_assessment, make_closed_wave, make_version, make_wave
from tests.servers import WorkerProcess

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def log_in(page: "Page", live_server: Any, client_of: Callable[[User], Client]) -> Callable[[User], "Page"]:
    def log_in(user: User) -> "Page":
        session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return log_in


def test_a_wave_from_set_up_to_close(
    log_in: Callable[[User], "Page"],
    live_server: Any,
    celery_worker: WorkerProcess,
    ecosystem: Ecosystem,
    facilitator: User,
) -> None:
    make_version()
    page = log_in(facilitator)
    page.goto(f"{live_server.url}/o/rivermark/assessments/")
    page.get_by_role("link", name="Start the first one").click()
    page.get_by_label("Name").fill("Network assessment")
    page.get_by_role("button", name="Start").click()

    page.get_by_label("Communities").select_option(label="Not asked")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="People Customers").click()
    page.get_by_role("link", name="Add people").click()
    page.get_by_label("Paste a list").fill("name,email\nIda,ida@x.example\nBo,wrong\n")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("“wrong” is not an e-mail address")).to_be_visible()
    page.get_by_label("Paste a list").fill("name,email\nIda,ida@x.example\nBo,bo@x.example\n")
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("status")).to_have_text("2 people added.")

    wave = Wave.objects.get()
    page.goto(f"{live_server.url}{wave.get_absolute_url()}")
    page.get_by_role("link", name="Open the wave").click()
    page.get_by_role("button", name="Open the wave").click()
    expect(page.get_by_text("closes in 14 days")).to_be_visible()
    sent = Invitation.objects.exclude(sent_at=None)
    assert wait_until(lambda: sent.count() == 2, seconds=30), celery_worker.output()

    page.get_by_role("link", name="Close early").click()
    page.get_by_role("button", name="Close the wave").click()
    assert wait_until(lambda: Wave.objects.get().state == WaveState.CLOSED, seconds=30)


@pytest.mark.django_db(transaction=True)
def test_the_beat_closes_what_is_due_and_finds_lost_mail(celery_worker: WorkerProcess, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=3)
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.OPEN)  # opened, and the wake-up lost
    tasks.sweep_unsent_mail.delay()
    unsent = Invitation.objects.filter(sent_at=None)
    assert wait_until(lambda: not unsent.exists(), seconds=30), celery_worker.output()
    Wave.objects.filter(pk=wave.pk).update(opens_on=None, closes_on=today() - timedelta(days=1))
    tasks.sweep_due_waves.delay()
    closed = Wave.objects.filter(state=WaveState.CLOSED)
    assert wait_until(closed.exists, seconds=30), celery_worker.output()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_page_is_wider_than_its_screen_and_each_has_one_heading(
    log_in: Callable[[User], "Page"], live_server: Any, ecosystem: Ecosystem, facilitator: User, width: int
) -> None:
    assessment = make_assessment(ecosystem, name="Network assessment")
    make_closed_wave(assessment, answers=6)
    wave = make_wave(assessment, people=40)
    leaders = wave.groups.get(key="leaders")
    add_people(group=leaders, people=members_to_add(leaders), by=None)
    wave.groups.filter(key="communities").update(public_link_on=True, expected=40)
    wave = open_wave(wave=wave, by=None)
    answer(wave.groups.get(key="customers"), 17)
    draft = make_wave(make_assessment(ecosystem))
    groups = dict(wave.groups.values_list("key", "pk"))
    base = f"/o/rivermark/waves/{wave.pk}/"
    page = log_in(facilitator)
    page.set_viewport_size({"width": width, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for address in (
        "/o/rivermark/",
        "/o/rivermark/assessments/",
        "/o/rivermark/assessments/new/",
        assessment.get_absolute_url(),
        base,
        draft.get_absolute_url(),
        *(f"{base}{name}/" for name in ("questions", "privacy", "preview", "open", "close", "remind")),
        *(f"{base}groups/{groups[name]}/" for name in ("customers", "communities")),
        f"{base}groups/{groups['communities']}/poster/",
        f"{base}groups/{groups['customers']}/add/",
        f"{base}groups/{groups['communities']}/public-link/",
    ):
        answered = page.goto(f"{live_server.url}{address}")
        assert answered
        assert (address, answered.status) == (address, 200)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (address, wide) == (address, 0)
        assert (address, page.locator("h1").count()) == (address, 1)
    assert problems == []
