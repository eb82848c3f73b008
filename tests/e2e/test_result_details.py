"""From a number to what it is made of, in a real browser: by keyboard, on a phone, in both themes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Wave
from assessments.services.summaries import summarise
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.instruments import make_default_instrument
from tests.factories.results import add_comments, make_scored_wave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    make_default_instrument()
    assessment = make_assessment(ecosystem, name="Network assessment")
    make_scored_wave(assessment, title="Spring 2026", seed=1, day=timezone.now() - timedelta(days=190))
    wave = make_scored_wave(assessment, title="Autumn 2026", seed=2)
    add_comments(wave.groups.get(key="customers"), "ADA-SPEED-1", 9, text="Nobody told us " + "very" * 60)
    assert summarise(ecosystem_id=ecosystem.pk)  # or its page would listen for the loops
    return wave


@pytest.fixture
def problems(page: Page, live_server: LiveServer, leader: User) -> list[str]:
    """A browser in which the leader is logged in, and what its console complains about."""
    client = Client()
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    cookies = [{"name": key, "value": one.value, "url": live_server.url} for key, one in client.cookies.items()]
    page.context.add_cookies(cookies)
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def address(live_server: LiveServer, wave: Wave, name: str, *more: str) -> str:
    return live_server.url + reverse(name, args=[wave.assessment.organization.slug, wave.pk, *more])


def test_every_number_opens_by_keyboard(page: Page, live_server: LiveServer, wave: Wave, problems: list[str]) -> None:
    page.goto(address(live_server, wave, "assessments:results"))
    page.locator("#row-ADA").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Adaptability")
    page.get_by_role("link", name="Speed of response").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Speed of response")
    expect(page.locator(".remarks li")).to_have_count(9)
    page.get_by_role("link", name="Compare the two waves").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Spring 2026 and Autumn 2026")
    expect(page.get_by_label("Compare Autumn 2026 with")).to_have_value(str(wave.assessment.waves.get(number=1).pk))
    page.get_by_role("link", name="Generative Value Index").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("How the index is made")
    assert problems == []


def test_a_table_is_saved_as_a_file(page: Page, live_server: LiveServer, wave: Wave, problems: list[str]) -> None:
    page.goto(address(live_server, wave, "assessments:results-code", "ADA"))
    with page.expect_download() as started:
        page.get_by_role("link", name="Download these numbers (CSV)").first.click()
    assert started.value.suggested_filename == "autumn-2026-adaptability-groups.csv"
    text = started.value.path().read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("Group,Score,Low end")
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_runs_over_the_edge(
    page: Page, live_server: LiveServer, wave: Wave, problems: list[str], width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for name, *more in (("index",), ("compare",), ("code", "ADA"), ("code", "ADA-SPEED"), ("code", "MND")):
        page.goto(address(live_server, wave, f"assessments:results-{name}", *more))
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, (name, more)
    assert problems == []
