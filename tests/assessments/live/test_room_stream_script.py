"""static/js/room-stream.js in a real browser: streams, the way without them, and coming back."""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from django.db.models import F
from playwright.sync_api import APIResponse, Page, Route, expect

from assessments.live import bus
from assessments.live.events import room_topic
from assessments.live.hub import PAGES_OF_A_SEAT
from assessments.models import Workshop
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.assessments.live.open_pages import token_of
from tests.factories.workshops import make_seats, make_workshop
from tests.servers import Child, free_port, opens

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE = 45_000  # a page that found nobody there asks again after pauses of up to 30 s


class Site(Child):
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        command = ["-m", "uvicorn", "tests.assessments.live.room_site:application", f"--port={port}", "--lifespan=off"]
        super().__init__([*command, "--timeout-graceful-shutdown=1"], "room-site")
        assert wait_until(lambda: opens(self.url), seconds=60, alive=self.alive), self.output()


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    made = Site(free_port())
    yield made
    made.stop()


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, title="Autumn", version=5)


def say(workshop: Workshop, title: str) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(title=title, version=F("version") + 1)
    bus.wake(room_topic(workshop.pk))


def test_a_page_follows_and_takes_nothing_older(page: Page, site: Site, workshop: Workshop) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/state/" in request.url else None)
    page.goto(f"{site.url}/{token_of(workshop)}")
    expect(page.locator("#view")).to_have_text("Autumn")
    expect(page.locator("#pulse")).to_have_text("0")
    asked.clear()  # a busy machine may have let the stream wait
    make_seats(workshop, 3)
    bus.wake(room_topic(workshop.pk))
    expect(page.locator("#pulse")).to_have_text("3")
    say(workshop, "Winter")
    expect(page.locator("#view")).to_have_text("Winter")
    page.evaluate("line.apply({view: {version: 5, html: 'Autumn'}, pulse: {version: 6, answered: 1, now: 1}})")
    page.evaluate("line.apply({view: {version: 6, html: 'Winter'}})")
    expect(page.locator("#view")).to_have_text("Winter")
    expect(page.locator("#pulse")).to_have_text("3")
    assert page.evaluate("seen") == [5, 6]
    page.evaluate("line.apply({view: {version: 7, html: 'Spring'}})")
    expect(page.locator("#view")).to_have_text("Spring")
    assert asked == []


def test_the_servers_clock_is_followed_not_the_phones(page: Page, site: Site, workshop: Workshop) -> None:
    page.goto(f"{site.url}/{token_of(workshop)}")
    expect(page.locator("#view")).to_have_text("Autumn")
    ahead = "line.apply({pulse: {version: 9, answered: 1, now: Date.now() + 3600_000 + %d}}), line.now() - Date.now()"
    assert abs(page.evaluate(ahead % 0) - 3_600_000) < 200
    assert abs(page.evaluate(ahead % -400) - 3_600_000) < 200  # this news took longer: not the clock's fault


def test_a_page_that_gave_way_to_newer_ones_asks(page: Page, site: Site, workshop: Workshop) -> None:
    """As where somebody left very many open: it shows what it showed, and what comes then."""
    (seat,) = make_seats(workshop, 1)
    token = token_of(workshop, seat)
    page.goto(f"{site.url}/{token}")
    expect(page.locator("#view")).to_have_text("Autumn")
    with ExitStack() as newer, httpx.Client(timeout=PATIENCE / 1000) as client:
        with page.expect_response(lambda one: "/state/" in one.url and one.ok, timeout=PATIENCE):
            for _page in range(PAGES_OF_A_SEAT):
                newer.enter_context(client.stream("GET", f"{site.url}/stream/{token}"))
        say(workshop, "Winter")
        expect(page.locator("#view")).to_have_text("Winter", timeout=PATIENCE)
        expect(page.locator("#line")).to_have_text("there")


def test_without_streams_a_page_asks(page: Page, site: Site, workshop: Workshop) -> None:
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status) if "/state/" in response.url else None)
    page.route("**/stream/**", lambda route: route.fulfill(status=503, headers={"Retry-After": "5"}))
    page.goto(f"{site.url}/{token_of(workshop)}")
    expect(page.locator("#view")).to_have_text("Autumn")
    expect(page.locator("#line")).to_have_text("there")
    assert wait_until(lambda: page.wait_for_timeout(100) is None and 304 in statuses, seconds=40)
    say(workshop, "Winter")
    expect(page.locator("#view")).to_have_text("Winter")
    with page.expect_response(lambda one: "/stream/" in one.url and one.status == 200, timeout=60_000):
        page.unroute("**/stream/**")
    make_seats(workshop, 2)
    bus.wake(room_topic(workshop.pk))
    expect(page.locator("#pulse")).to_have_text("2")


def test_a_page_finds_a_server_that_was_away(page: Page, site: Site, workshop: Workshop) -> None:
    page.goto(f"{site.url}/{token_of(workshop)}")
    expect(page.locator("#view")).to_have_text("Autumn")
    site.stop()
    expect(page.locator("#line")).to_have_text("away")
    say(workshop, "Winter")
    again = Site(int(site.url.rpartition(":")[2]))
    try:
        expect(page.locator("#view")).to_have_text("Winter", timeout=PATIENCE)
        expect(page.locator("#line")).to_have_text("there", timeout=PATIENCE)
    finally:
        again.stop()


def test_a_phone_that_was_offline_asks_as_soon_as_it_is_back(page: Page, site: Site, workshop: Workshop) -> None:
    page.goto(f"{site.url}/{token_of(workshop)}")
    expect(page.locator("#view")).to_have_text("Autumn")
    page.context.set_offline(True)
    expect(page.locator("#line")).to_have_text("away")
    say(workshop, "Winter")
    page.evaluate("""() => {
      window.addEventListener("online", () => (window.back = Date.now()));
      const ask = window.fetch;
      window.fetch = (...what) => {
        if (window.back) window.took ??= Date.now() - window.back;
        return ask(...what);
      };
    }""")
    page.context.set_offline(False)
    expect(page.locator("#view")).to_have_text("Winter")
    page.wait_for_function("window.took !== undefined")  # the stream, open again, may have brought the news before
    assert page.evaluate("took") < 2_500  # the next question by the clock comes after three seconds or more
    expect(page.locator("#line")).to_have_text("there")


def test_news_from_before_do_not_hide_that_the_network_is_gone(page: Page, site: Site, workshop: Workshop) -> None:
    page.add_init_script(
        "const Made = EventSource; window.lines = [];"
        " window.EventSource = class extends Made { constructor(...what) { super(...what); lines.push(this); } };"
    )
    page.goto(f"{site.url}/{token_of(workshop)}")
    expect(page.locator("#view")).to_have_text("Autumn")
    page.context.set_offline(True)
    expect(page.locator("#line")).to_have_text("away")
    late = """lines[0].dispatchEvent(new MessageEvent("pulse", {data: '{"version": 9, "answered": 4}'}))"""
    said = "document.getElementById('line').textContent"
    assert page.evaluate(f"{late}; lines[0].dispatchEvent(new Event('alive')); {said}") == "away"


def test_what_is_asked_while_another_question_is_on_its_way_is_answered_with_what_is_now(
    page: Page, site: Site, workshop: Workshop
) -> None:
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/stream/**", lambda route: route.abort())
    page.route("**/state/**", lambda route: held.append((route, route.fetch())))
    page.goto(f"{site.url}/{token_of(workshop)}")
    page.evaluate("void line.ask()")
    assert wait_until(lambda: page.wait_for_timeout(50) is None and bool(held), seconds=20)
    page.unroute("**/state/**")
    say(workshop, "Winter")
    page.evaluate("void (window.answered = Promise.all([line.ask(), line.ask()]))")
    [(route, answer)] = held
    route.fulfill(response=answer)
    page.evaluate("answered")
    assert page.evaluate("[seen, document.getElementById('view').textContent]") == [[5, 6], "Winter"]


def test_a_seat_that_is_no_more_is_told_once(page: Page, site: Site, workshop: Workshop) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/state/" in request.url else None)
    page.goto(f"{site.url}/gone")  # the stream refuses such a token
    expect(page.locator("#gone")).to_have_text("404")
    page.wait_for_timeout(6000)
    assert len(asked) == 1
