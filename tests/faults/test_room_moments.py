"""Moments in which a vote could get lost: no network, the second in which a round closes, two presses at once."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from assessments.links import seat_token
from assessments.live import bus
from assessments.models import Round, Seat, Vote, Workshop
from assessments.services import rounds
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop
from tests.servers import WebProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    return make_workshop(ecosystem, created_by=facilitator)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def choose(phone: Page, value: int) -> None:
    phone.locator(f"label:has(input[name=value-ready][value='{value}'])").click()
    phone.locator("[data-send]").click()


def votes_of(round: Round) -> list[int]:
    return sorted(Vote.objects.filter(round=round).values_list("value", flat=True))


def test_a_phone_that_was_away_sends_what_waits_and_says_what_came_too_late(
    phone: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    activity = make_activity(workshop)
    first = make_round(activity)
    seat = make_seats(workshop)[0]
    phone.goto(f"{web_process.url}/w/{seat_token(seat)}/")
    expect(phone.locator("[data-line]")).to_have_attribute("data-state", "saved")
    phone.context.set_offline(True)
    choose(phone, 4)
    state = phone.locator("[data-own] [data-save]")
    expect(state).to_have_attribute("data-state", "waiting")
    assert votes_of(first) == []
    phone.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "saved", timeout=45_000)
    assert votes_of(first) == [4]

    phone.context.set_offline(True)
    phone.locator("[data-change]").click()
    choose(phone, 9)
    expect(state).to_have_attribute("data-state", "waiting")
    rounds.close_round(round=first, by=facilitator)
    bus.wake(f"room:{workshop.pk}")
    phone.context.set_offline(False)
    lost = phone.locator("[data-lost-votes]")
    expect(lost).to_be_visible(timeout=45_000)
    expect(lost.locator("li")).to_have_count(1)
    expect(lost.locator("li")).to_contain_text("9")
    expect(phone.locator("[data-room]")).to_have_attribute("data-phase", "closed", timeout=45_000)
    assert votes_of(first) == [4]


def test_in_the_second_a_round_closes_everybody_is_counted_or_told(
    web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    """The database's clock decides, to the last vote: who heard "saved" is in the result, who did not is not."""
    round = make_round(make_activity(workshop))
    seats = make_seats(workshop, 60)
    told: dict[Seat, tuple[int, str]] = {}
    turn, over = threading.Lock(), threading.Event()

    def say(own: list[Seat]) -> None:
        with httpx.Client(base_url=web_process.url, timeout=60) as client:
            csrf = client.get(f"/w/{seat_token(own[0])}/own/").json()["csrf"]
            for seat in own:
                if seat is own[-1]:  # whatever the machine does beside, somebody comes too late
                    over.wait(60)
                vote = {"item": "ready", "value": 6, "revision": 1}
                body = {"round": round.pk, "votes": [vote]}
                answer = client.post(f"/w/{seat_token(seat)}/votes/", json=body, headers={"X-CSRFToken": csrf})
                with turn:
                    told[seat] = (answer.status_code, answer.json().get("reason", "saved"))
                time.sleep(0.15)

    with ThreadPoolExecutor(4) as pool:
        saying = [pool.submit(say, seats[at::4]) for at in range(4)]
        assert wait_until(lambda: len(told) >= 4, seconds=60)
        closes_at = timezone.now() + timedelta(seconds=1)
        Round.objects.filter(pk=round.pk).update(closes_at=closes_at)
        assert wait_until(lambda: timezone.now() > closes_at, seconds=60)
        over.set()
        for one in saying:
            one.result()
    saved = {seat.pk for seat, answer in told.items() if answer == (200, "saved")}
    assert set(told.values()) == {(200, "saved"), (409, "closed")}
    assert set(Vote.objects.filter(round=round).values_list("seat", flat=True)) == saved
    rounds.reveal_round(round=round, by=facilitator)
    assert set(Vote.objects.filter(round=round, counted=True).values_list("seat", flat=True)) == saved


@pytest.mark.parametrize(
    ("act", "before", "state", "count"),
    [
        ("reveal", lambda round, by: None, "revealed", 1),
        ("ask-again", lambda round, by: rounds.reveal_round(round=round, by=by), "open", 2),
        ("close-round", lambda round, by: None, "closed", 1),
    ],
)
def test_two_facilitators_who_press_at_once_press_once(
    web_process: WebProcess,
    workshop: Workshop,
    facilitator: User,
    admin: User,
    act: str,
    before: Callable[[Round, User], object],
    state: str,
    count: int,
) -> None:
    activity = make_activity(workshop)
    round = make_round(activity)
    for seat in make_seats(workshop, 6):
        Vote.objects.create(round=round, seat=seat, item="ready", value=5)
    before(round, facilitator)
    url = reverse("assessments:console-act", args=[workshop.organization.slug, workshop.pk, act])
    barrier = threading.Barrier(4)

    def press(by: User) -> int:
        client = Client()
        client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
        cookies = {key: one.value for key, one in client.cookies.items()}
        console = reverse("assessments:console", args=[workshop.organization.slug, workshop.pk])
        with httpx.Client(base_url=web_process.url, cookies=cookies, timeout=60) as browser:
            browser.get(console)
            headers = {"X-CSRFToken": browser.cookies["metasystem_csrf"], "X-Requested-With": "fetch"}
            barrier.wait(60)
            return browser.post(url, data={"round": round.pk}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(press, [facilitator, admin] * 2))
    assert set(found) <= {200, 422}, found
    assert 200 in found
    assert [one.number for one in activity.rounds.order_by("number")] == list(range(1, count + 1))
    latest = activity.rounds.latest("number")
    assert latest.state == state
    assert Vote.objects.filter(round=round, counted=True).count() == (0 if act == "close-round" else 6)
