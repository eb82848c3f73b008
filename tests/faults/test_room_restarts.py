"""A room in full swing loses its pages, its streams, Valkey or PostgreSQL, and gets them back.

Whatever was accepted is in the database exactly once, whatever was not goes out again by itself, and phone, console and
projector become right without anybody touching them.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from assessments.enums import ActivityKind
from assessments.links import seat_token
from assessments.models import Activity, Idea, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import IdeasPlan, Item, RatePlan
from assessments.projector_links import projector_path
from ecosystems.enums import Role
from ecosystems.models import User
from tests.factories.ecosystems import make_ecosystem
from tests.factories.people import make_member, make_organization
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop
from tests.faults.rooms import Hall

pytestmark = pytest.mark.slow
SENDERS = 8
MANY = 10_000
ITEMS = ("ready", "quick", "open")
PLAN = RatePlan(
    items=tuple(Item(key=key, text=f"How {key} are we?", dimension="ADA") for key in ITEMS),
    low_label="not at all",
    high_label="fully",
)
PATIENCE = 45_000  # pages that found nobody there ask again after pauses of up to 30 s


@dataclass(frozen=True)
class Disaster:
    """What ends and how it begins again; `votes_pass`: whether phones can send meanwhile, and every screen goes on."""

    end: Callable[[Hall], None]
    begin: Callable[[Hall], None]
    votes_pass: bool


def stopped(how: signal.Signals) -> Disaster:
    """Sessions end at once with SIGINT, and with SIGQUIT as in a crash, after which the log is replayed."""
    return Disaster(
        lambda hall: hall.servers.end_postgres(end_with=how), lambda hall: hall.servers.start_postgres(), False
    )


DISASTERS = {
    "pages": Disaster(lambda hall: hall.pages.kill(), Hall.start_pages, False),
    "streams": Disaster(lambda hall: hall.streams.kill(), Hall.start_streams, True),
    "valkey": Disaster(lambda hall: hall.servers.end_valkey(), lambda hall: hall.servers.start_valkey(), True),
    "postgres-stopped": stopped(signal.SIGINT),
    "postgres-crashed": stopped(signal.SIGQUIT),
}


class Sender(threading.Thread):
    """A phone without a screen: says one thing after the other, each again and again until it is taken."""

    def __init__(self, url: str, seat: Seat, kind: str, round: Round, entries: Iterator[dict[str, object]]) -> None:
        super().__init__(daemon=True)
        self.seat, self.kind, self.round, self.entries = seat, kind, round, entries
        self.base = f"{url}/w/{seat_token(seat)}/"
        self.taken: list[dict[str, object]] = []
        self.failed = 0
        self.strange: list[object] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self.base, timeout=30) as client:
            csrf = client.get("own/").json()["csrf"]
            for entry in self.entries:
                while not self._taken(client, csrf, entry):
                    self.failed += 1
                    time.sleep(0.2)
                self.taken.append(entry)
                time.sleep(0.15)
                if self.stopped.is_set():
                    return

    def _taken(self, client: httpx.Client, csrf: str, entry: dict[str, object]) -> bool:
        body = {"round": self.round.pk, self.kind: [entry]}
        try:
            answer = client.post(f"{self.kind}/", json=body, headers={"X-CSRFToken": csrf})
        except httpx.TransportError:
            return False
        if answer.status_code == 200 and answer.json()["refused"]:
            self.strange.append(answer.json())
            self.stopped.set()
        if answer.status_code == 200:
            return True
        if answer.status_code not in (429, 500, 502, 503):
            self.strange.append((answer.status_code, answer.text))
        return False


def votes() -> Iterator[dict[str, object]]:
    for at in range(1, MANY):
        yield {"item": ITEMS[at % len(ITEMS)], "value": at % 10 + 1, "revision": at}


def ideas() -> Iterator[dict[str, object]]:
    for at in range(1, MANY):
        yield {"key": str(uuid4()), "text": f"Idea {at}", "revision": at}


def taken(senders: list[Sender]) -> int:
    return sum(len(one.taken) for one in senders)


@contextmanager
def sending(senders: list[Sender]) -> Iterator[None]:
    """All send, until what the block does is done and each has been heard again since."""
    for one in senders:
        one.start()
    try:
        wait_for(lambda: taken(senders) >= 5 * len(senders))
        yield
        heard = {one: len(one.taken) for one in senders}
        wait_for(lambda: all(len(one.taken) >= heard[one] + 2 for one in senders))
    finally:
        for one in senders:
            one.stopped.set()
        for one in senders:
            one.join(60)
    assert [one.strange for one in senders] == [[]] * len(senders)


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, "It did not happen within two minutes."
        time.sleep(0.05)


@pytest.fixture
def workshop(hall: Hall) -> Workshop:
    ecosystem = make_ecosystem(make_organization())
    return make_workshop(ecosystem, created_by=make_member(ecosystem.organization, Role.FACILITATOR))


def log_in(page: Page, user: User, url: str) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": key, "value": one.value, "url": url} for key, one in client.cookies.items()])


@dataclass(frozen=True)
class Screens:
    """The three screens of a room; `same` says that none was loaded again."""

    phone: Page
    console: Page
    projector: Page

    @property
    def all(self) -> tuple[Page, ...]:
        return self.phone, self.console, self.projector

    def are_right(self, answered: int, asked: int) -> None:
        expect(self.phone.locator("[data-counts] [data-of]")).to_have_text(f"{answered} of {asked}", timeout=PATIENCE)
        expect(self.console.locator("[data-live=answered]")).to_have_text(f"{answered} of {asked}", timeout=PATIENCE)
        expect(self.projector.locator("[data-live=answered]")).to_have_text(str(answered), timeout=PATIENCE)

    def same(self) -> list[bool]:
        return [bool(page.evaluate("window.untouched === true")) for page in self.all]


@contextmanager
def screens(browser: Browser, hall: Hall, workshop: Workshop, seat: Seat) -> Iterator[Screens]:
    with ExitStack() as stack:
        made = []
        for width in (390, 1280, 1920):
            context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
            context.set_default_timeout(15_000)
            stack.callback(context.close)
            made.append(context.new_page())
        opened = Screens(*made)
        assert workshop.created_by
        log_in(opened.console, workshop.created_by, hall.url)
        opened.phone.goto(f"{hall.url}/w/{seat_token(seat)}/")
        console = reverse("assessments:console", args=[workshop.organization.slug, workshop.pk])
        opened.console.goto(hall.url + console)
        opened.projector.goto(hall.url + projector_path(workshop))
        for page in opened.all:
            page.evaluate("window.untouched = true")
        yield opened


@pytest.mark.parametrize("name", DISASTERS)
def test_nothing_is_lost_and_every_screen_heals(browser: Browser, hall: Hall, workshop: Workshop, name: str) -> None:
    disaster = DISASTERS[name]
    round = make_round(make_activity(workshop, plan=PLAN))
    own, *seats = make_seats(workshop, SENDERS + 1)
    senders = [Sender(hall.url, seat, "votes", round, votes()) for seat in seats]
    with screens(browser, hall, workshop, own) as room:
        with sending(senders):
            room.are_right(SENDERS, SENDERS + 1)
            disaster.end(hall)
            room.phone.locator("label:has(input[name=value-ready][value='7'])").click()
            room.phone.locator("[data-send]").click()
            state = room.phone.locator("[data-own] [data-save]")
            if disaster.votes_pass:
                expect(state).to_have_attribute("data-state", "saved", timeout=PATIENCE)
                room.are_right(SENDERS + 1, SENDERS + 1)
                before = taken(senders)
                wait_for(lambda: taken(senders) >= before + SENDERS)
            else:
                expect(state).to_have_attribute("data-state", "waiting", timeout=PATIENCE)
                expect(state).to_contain_text("what you sent is on this phone and goes out by itself")
                wait_for(lambda: all(one.failed for one in senders))
            disaster.begin(hall)
            expect(state).to_have_attribute("data-state", "saved", timeout=PATIENCE)
        room.are_right(SENDERS + 1, SENDERS + 1)
        for sender in senders:
            last = {one["item"]: (one["value"], one["revision"]) for one in sender.taken}
            kept = Vote.objects.filter(round=round, seat=sender.seat).values_list("item", "value", "revision")
            assert sorted((item, (value, revision)) for item, value, revision in kept) == sorted(last.items())
        assert [*Vote.objects.filter(round=round, seat=own).values_list("item", "value")] == [("ready", 7)]

        room.console.keyboard.press("r")
        expect(room.console.locator("#press-discuss")).to_be_visible(timeout=PATIENCE)
        expect(room.phone.locator("[data-room]")).to_have_attribute("data-phase", "revealed", timeout=PATIENCE)
        expect(room.projector.locator("[data-screen]")).to_have_attribute("data-phase", "revealed", timeout=PATIENCE)
        expect(room.phone.locator("[data-line]")).to_have_attribute("data-state", "saved", timeout=PATIENCE)
        expect(room.projector.locator("#projector-lost")).to_be_hidden(timeout=PATIENCE)
        assert room.same() == [True] * 3
    round.refresh_from_db()
    assert round.state == "revealed"
    assert Vote.objects.filter(round=round, counted=True).count() == 3 * SENDERS + 1


@pytest.mark.parametrize("name", ["pages", "postgres-crashed"])
def test_ideas_are_there_once(hall: Hall, workshop: Workshop, name: str) -> None:
    activity: Activity = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(per_person=MANY))
    round = make_round(activity)
    senders = [Sender(hall.url, seat, "ideas", round, ideas()) for seat in make_seats(workshop, SENDERS)]
    with sending(senders):
        DISASTERS[name].end(hall)
        wait_for(lambda: all(one.failed for one in senders))
        DISASTERS[name].begin(hall)
    said = sorted((str(one["key"]), one["text"]) for sender in senders for one in sender.taken)
    assert sorted((str(key), text) for key, text in Idea.objects.filter(round=round).values_list("key", "text")) == said
