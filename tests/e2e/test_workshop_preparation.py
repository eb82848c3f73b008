"""A facilitator prepares a workshop in a browser: with the keyboard, with bad input, on a phone and on a desk."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from assessments.models import AgendaTemplate, Workshop
from assessments.services.agenda_templates import built_in, start_workshop
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_wave
from tests.factories.workshops import make_workshop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log_in(page: "Page", live_server: Any, client_of: Callable[[User], Client]) -> Callable[[User], "Page"]:
    def log_in(user: User) -> "Page":
        session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return log_in


def steps(page: "Page") -> list[str]:
    return [title.partition(":")[2].strip() for title in page.locator(".steps h3").all_inner_texts()]


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_from_an_empty_agenda_to_open_doors(
    log_in: Callable[[User], "Page"], live_server: Any, ecosystem: Ecosystem, facilitator: User
) -> None:
    make_wave(ecosystem)
    page = log_in(facilitator)
    page.goto(f"{live_server.url}/o/rivermark/")
    page.get_by_role("link", name="Workshops").first.click()
    page.get_by_role("link", name="Prepare the first one").click()
    page.get_by_label("Title").fill("Autumn workshop")
    page.get_by_role("button", name="Prepare it").click()
    page.get_by_role("alert").get_by_text("Agenda to start from: This field is required.").wait_for()
    page.get_by_label("An empty agenda").check()
    page.get_by_label("Wave whose results are talked about").select_option(index=1)
    page.get_by_role("button", name="Prepare it").click()
    page.get_by_text("The agenda is empty").wait_for()
    assert page.get_by_role("button", name="Open the doors").is_disabled()

    page.get_by_role("link", name="Add a step").click()
    page.get_by_role("link", name="Rate", exact=True).click()
    page.get_by_label("Title").fill("How ready are we?")
    page.get_by_role("button", name="Add the step").click()
    page.get_by_text("Ask between 1 and 20 questions in one step.").first.wait_for()
    assert page.get_by_label("Title").input_value() == "How ready are we?"
    page.get_by_role("searchbox", name="Find").fill("outside this room")
    page.get_by_label("How easy is it for someone outside this room to bring us an idea?").check()
    page.get_by_label("Questions of your own").fill("If a main supplier failed tomorrow, how ready would we be?")
    page.get_by_role("button", name="Add the step").click()
    page.get_by_text("2 questions, 1 to 10, with reasons").wait_for()

    page.get_by_role("button", name="Open the doors").click()
    page.wait_for_url(f"{live_server.url}/o/rivermark/workshops/{Workshop.objects.get().pk}/console/")
    assert Workshop.objects.get().is_open


def test_steps_are_moved_and_removed_with_the_keyboard_alone(
    log_in: Callable[[User], "Page"], live_server: Any, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = start_workshop(agenda="built-in:health-check", by=facilitator, ecosystem=ecosystem, title="Check")
    page = log_in(facilitator)
    page.goto(f"{live_server.url}{workshop.get_absolute_url()}")
    assert steps(page)[:3] == ["Arrive", "Five dimensions", "Where we are far apart"]
    page.get_by_role("button", name="Move “Arrive” down").focus()
    press(page, "Enter")
    page.locator(".steps > li:nth-child(2) h3", has_text="Arrive").wait_for()
    page.locator("button[aria-label='Move “Arrive” down']:focus").wait_for()
    press(page, "Enter")
    page.locator(".steps > li:nth-child(3) h3", has_text="Arrive").wait_for()
    page.locator("button[aria-label='Move “Arrive” down']:focus").wait_for()
    assert steps(page)[:3] == ["Five dimensions", "Where we are far apart", "Arrive"]
    page.get_by_role("link", name="Remove “Arrive”").focus()
    press(page, "Enter")
    page.get_by_role("button", name="Remove the step").focus()
    press(page, "Enter")
    page.get_by_text("“Arrive” is off the agenda.").wait_for()
    expect(page.locator(".steps h3")).to_have_count(4)


def test_times_are_those_of_the_readers_clock(
    browser: "Browser", live_server: Any, client_of: Callable[[User], Client], ecosystem: Ecosystem, facilitator: User
) -> None:
    context = browser.new_context(timezone_id="Asia/Kolkata")
    session = client_of(facilitator).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/o/rivermark/workshops/new/")
    page.get_by_label("Title").fill("Far away")
    page.get_by_label("Health check").check()
    page.get_by_label("Starts").fill("2026-11-24T09:30")
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_text("09:30 to 10:15")).to_be_visible()
    expect(page.locator(".page-head time")).to_have_text("24 November 2026 at 09:30")
    workshop = Workshop.objects.get()
    assert workshop.starts_at is not None
    assert workshop.starts_at.isoformat() == "2026-11-24T04:00:00+00:00"
    page.get_by_role("link", name="Change title, time, wave").click()
    expect(page.get_by_label("Starts")).to_have_value("2026-11-24T09:30")  # a script puts it so
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".page-head time")).to_have_text("24 November 2026 at 09:30")
    workshop.refresh_from_db()
    assert workshop.starts_at.isoformat() == "2026-11-24T04:00:00+00:00"
    context.close()


def test_everything_works_without_scripts(
    browser: "Browser", live_server: Any, client_of: Callable[[User], Client], ecosystem: Ecosystem, facilitator: User
) -> None:
    make_wave(ecosystem)
    context = browser.new_context(java_script_enabled=False)
    session = client_of(facilitator).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/o/rivermark/workshops/new/")
    page.get_by_label("Title").fill("Plain")
    page.get_by_label("Starts").fill("2026-11-24T09:30")
    page.get_by_label("Map the loops").check()
    page.get_by_role("button", name="Prepare it").click()
    page.get_by_text("24 November 2026, 09:30 UTC").first.wait_for()
    page.get_by_role("button", name="Move “Arrive” down").click()
    expect(page.locator(".steps > li:nth-child(2) h3")).to_contain_text("Arrive")
    page.get_by_role("link", name="Does it raise or lower?", exact=True).click()
    page.get_by_label("Links to ask about").fill("Trust -> Open talk\nOpen talk → Learning")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("2 links, with delays").wait_for()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_no_page_is_wider_than_its_screen_and_each_has_one_heading(
    log_in: Callable[[User], "Page"], live_server: Any, ecosystem: Ecosystem, facilitator: User, width: int
) -> None:
    wave = make_wave(ecosystem)
    by = facilitator
    for one in built_in():
        start_workshop(agenda=f"built-in:{one.key}", by=by, ecosystem=ecosystem, title=one.title, wave=wave)
    make_workshop(ecosystem, title="Over", state="ended")
    kept = AgendaTemplate.objects.create(
        organization=ecosystem.organization, title="Ours", agenda=[{"title": "Talk", "minutes": 5, "kind": "talk"}]
    )
    page = log_in(facilitator)
    page.set_viewport_size({"width": width, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    home = "/o/rivermark/workshops/"
    workshop = Workshop.objects.get(title="Wave debrief")
    base = workshop.get_absolute_url()
    names = ("change", "privacy", "people", "duplicate", "keep-agenda", "poster", "delete", "add-agenda", "steps/new")
    kinds = ("rate", "talk", "ideas", "dots", "ranking", "links", "bet", "commit", "check")
    for address in (
        home,
        f"{home}?show=past",
        f"{home}new/",
        f"{home}agendas/",
        f"{home}agendas/{kept.pk}/",
        base,
        *(f"{base}{name}/" for name in names),
        *(f"{base}steps/new/?kind={kind}" for kind in kinds),
        f"{base}steps/{workshop.activities.all()[2].pk}/",
        f"{base}steps/{workshop.activities.all()[2].pk}/remove/",
        f"/o/rivermark/waves/{wave.pk}/talking-points/INN-FLOW/",
    ):
        answered = page.goto(f"{live_server.url}{address}")
        assert answered
        assert (address, answered.status) == (address, 200)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (address, wide) == (address, 0)
        assert (address, page.locator("h1").count()) == (address, 1)
    assert problems == []
