"""The results page in a real browser: live while people answer, by keyboard, on a phone and on paper."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.enums import WaveState
from assessments.models import Commitment, Wave
from assessments.services.scores import mark_stale
from assessments.services.summaries import summarise
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.assessments import make_assessment
from tests.factories.instruments import make_default_instrument
from tests.factories.maps import MapMaker
from tests.factories.results import add_answers, make_scored_wave
from tests.servers import WebProcess, WorkerProcess

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, user: User, url: str) -> list[str]:
    """Log the browser in; returns what its console complains about from now on."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": key, "value": one.value, "url": url} for key, one in client.cookies.items()])
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems


def results_address(base: str, wave: Wave) -> str:
    return base + reverse("assessments:results", args=[wave.assessment.organization.slug, wave.pk])


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    """Scored and summed up: its page waits for nothing."""
    make_default_instrument()
    wave = make_scored_wave(make_assessment(ecosystem), title="Autumn 2026")
    assert summarise(ecosystem_id=ecosystem.pk)
    return wave


def test_the_page_follows_the_answers_while_a_wave_is_open(
    page: Page, web_process: WebProcess, celery_worker: WorkerProcess, ecosystem: Ecosystem, leader: User
) -> None:
    make_default_instrument()
    few = {"customers": 8, "employees": 6, "partners": 2, "communities": 0, "leaders": 6}
    wave = make_scored_wave(make_assessment(ecosystem), state=WaveState.OPEN, answers=few)
    problems = log_in(page, leader, web_process.url)
    page.goto(results_address(web_process.url, wave))
    live = page.locator("#results-live > [data-version]")
    version = int(live.get_attribute("data-version") or 0)
    expect(page.locator("#results-said")).to_have_text("")
    heat = page.locator("#groups svg.chart.heat:visible")
    expect(heat.locator("title").first).to_contain_text("sees it")
    table = page.locator("#groups details.table").first
    table.locator("summary").click()
    expect(table.get_by_text("withheld").first).to_be_visible()
    page.locator("#row-ADA").focus()
    page.evaluate("window.scrollTo(0, 700)")

    add_answers(wave.groups.get(key="partners"), 4)
    mark_stale(wave=wave)  # what submitting does in the same transaction

    expect(page.locator("#results-said")).to_have_text("Updated: 4 new answers")
    assert int(live.get_attribute("data-version") or 0) > version
    assert page.evaluate("document.activeElement.id") == "row-ADA"
    assert page.evaluate("window.scrollY") == 700
    assert page.locator("#groups details.table").first.get_attribute("open") == ""
    head = page.locator("#groups details.table").first.locator("thead th")
    assert head.all_inner_texts()[3] == "Partners (n 6)"
    assert problems == []


def test_the_page_of_a_wave_that_closes_gets_its_loops_and_promises_by_itself(
    page: Page, web_process: WebProcess, celery_worker: WorkerProcess, ecosystem: Ecosystem, leader: User
) -> None:
    make_default_instrument()
    maker = MapMaker(ecosystem)
    learning, products = maker.factor("Learning", "ADA"), maker.factor("Products", "INN")
    maker.link(learning, products)
    maker.link(products, learning)
    promised = {"text": "Answer within two days", "owner_name": "Lena"}
    Commitment.objects.create(organization=ecosystem.organization, ecosystem=ecosystem, **promised)
    wave = make_scored_wave(make_assessment(ecosystem), state=WaveState.OPEN, answers={"customers": 8, "employees": 8})
    problems = log_in(page, leader, web_process.url)
    page.goto(results_address(web_process.url, wave))
    page.evaluate("window.sameDocument = true")
    below = page.locator("#results-live > [data-summed]")
    expect(below).to_be_empty()

    close_wave(wave=wave, by=None)

    expect(page.locator("#results-live > [data-version]")).to_have_attribute("data-state", "closed", timeout=30_000)
    expect(below.get_by_role("heading", name="Feedback loops")).to_be_visible(timeout=30_000)
    expect(below.get_by_role("link", name=promised["text"])).to_be_visible()
    expect(below).not_to_have_attribute("data-behind", "")
    expect(page.locator("#results-said")).to_have_text("Updated")
    assert page.evaluate("window.sameDocument") is True
    assert problems == []


def test_without_a_stream_the_page_asks_by_itself(
    page: Page, web_process: WebProcess, celery_worker: WorkerProcess, ecosystem: Ecosystem, leader: User
) -> None:
    make_default_instrument()
    wave = make_scored_wave(make_assessment(ecosystem), state=WaveState.OPEN, answers={"customers": 8})
    log_in(page, leader, web_process.url)
    page.route("**/stream/**", lambda route: route.abort())
    page.clock.install()
    page.goto(results_address(web_process.url, wave))
    add_answers(wave.groups.get(key="customers"), 5)
    mark_stale(wave=wave)
    expected = "Updated: 5 new answers"

    def is_told() -> bool:
        page.clock.run_for(61_000)
        page.wait_for_timeout(500)
        return page.locator("#results-said").inner_text() == expected

    assert wait_until(is_told, seconds=60), celery_worker.output()


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_the_page_fits_and_nothing_is_blocked(page: Page, live_server, wave: Wave, leader: User, width: int) -> None:  # type: ignore[no-untyped-def]
    problems = log_in(page, leader, live_server.url)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(results_address(live_server.url, wave))
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
    assert page.locator("svg.chart[role=img]:visible").count() > 5
    assert problems == []


def test_everything_is_reached_by_keyboard_alone(page: Page, live_server, wave: Wave, leader: User) -> None:  # type: ignore[no-untyped-def]
    log_in(page, leader, live_server.url)
    page.goto(results_address(live_server.url, wave))
    wanted = {"how it is made", "Show as a table", "Questions to start with", "Adaptability", "How sure are we?"}
    seen: set[str] = set()
    for _step in range(160):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 60)"))
        if wanted <= seen:
            break
    assert wanted - seen == set()


def test_paper_keeps_the_numbers_and_drops_what_is_pressed(page: Page, live_server, wave: Wave, leader: User) -> None:  # type: ignore[no-untyped-def]
    log_in(page, leader, live_server.url)
    page.goto(results_address(live_server.url, wave))
    page.emulate_media(media="print")
    assert page.locator(".lead").is_visible()
    assert page.locator(".dim-row .score").first.is_visible()
    assert not page.locator(".topbar").is_visible()
    assert not page.locator("nav.tabs").is_visible()
    assert page.pdf(format="A4")[:5] == b"%PDF-"
