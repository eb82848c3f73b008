"""The page of a phone beside its steps: the lobby, the end, a seat that is gone, and what is told to its script."""

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.dashboards.rooms.rules import rules_for, told
from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Breakout, Idea, MinutesRequest
from assessments.models.activity_plans import (
    Item,
    RatePlan,
)
from assessments.services.minutes_requests import SPARE
from ecosystems.models import Ecosystem
from tests.assessments.views.phone_pages import address, page_of, set_up, text_of
from tests.factories.workshops import make_activity, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
MANY = RatePlan(
    items=(Item("ready", "How ready are we?"), Item("fast", "How fast do we learn?", low="slowly", high="at once")),
    lowest=0,
    highest=10,
    low_label="not at all",
    high_label="fully",
    confidence=True,
)


def test_the_lobby_says_the_rules_and_what_will_happen(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY, purpose="Look at last winter", preview=True)
    make_activity(workshop, title="Check in", kind=ActivityKind.CHECK, minutes=5, notes="private")
    seats = make_seats(workshop, 3)
    page = page_of(client, seats[0])
    text = text_of(page)
    for words in (
        "Autumn workshop",
        "Look at last winter",
        "3 in the room",
        "Check in 5 min",
        *told(rules_for(workshop)),
        "Nobody sees who said what: not the facilitator, not an administrator.",
        "the facilitator can see a result so far, from 5 answers on and without the latest ones.",
    ):
        assert words in text
    assert "private" not in page


def test_an_ended_room_thanks_and_takes_an_address(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    [seat] = make_seats(workshop)
    assert "Thank you for being here" in text_of(page_of(client, seat))
    response = client.post(address(seat) + "minutes/", {"email": "Mira@Example.org"}, follow=True)
    assert "The minutes will be sent to you" in response.content.decode()
    client.post(address(seat) + "minutes/", {"email": "mira@example.org"})
    assert list(MinutesRequest.objects.values_list("workshop", "email")) == [(workshop.pk, "mira@example.org")]


def test_a_wrong_address_for_the_minutes_is_said(client: Client, ecosystem: Ecosystem) -> None:
    [seat] = make_seats(make_workshop(ecosystem))
    response = client.post(address(seat) + "minutes/", {"email": "mira"})
    assert response.status_code == 422
    assert "This is not an e-mail address." in response.content.decode()
    assert 'value="mira"' in response.content.decode()


def test_a_room_cannot_send_the_minutes_to_the_world(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 3)
    for number in range(3 + SPARE):
        MinutesRequest.objects.create(workshop=workshop, email=f"a{number}@example.org")
    assert client.post(address(seats[0]) + "minutes/", {"email": "one@more.example"}).status_code == 422


def test_a_removed_phone_is_told_so(client: Client, ecosystem: Ecosystem) -> None:
    workshop, _, _ = set_up(ecosystem, ActivityKind.RATE)
    [seat] = make_seats(workshop, 1, is_removed=True)
    page = page_of(client, seat)
    assert "data-removed>" in page
    assert "data-live hidden>" in page


def test_a_group_is_named(client: Client, ecosystem: Ecosystem) -> None:
    workshop, _, _ = set_up(ecosystem, ActivityKind.RATE)
    group = Breakout.objects.create(workshop=workshop, label="Harbour")
    [seat] = make_seats(workshop, 1, breakout=group)
    assert '<b data-group-name dir="auto">Harbour</b>' in page_of(client, seat)


@pytest.mark.parametrize("page", ["", "state/", "own/", "minutes/"])
def test_a_link_that_was_never_given_and_one_whose_seat_is_gone(
    client: Client, ecosystem: Ecosystem, page: str
) -> None:
    [seat] = make_seats(make_workshop(ecosystem))
    link = address(seat)
    assert client.get(f"{link[:-3]}xx/{page}").status_code == 404
    seat.delete()
    assert client.get(link + page).status_code == 410


def test_the_page_is_kept_to_its_holder(client: Client, ecosystem: Ecosystem) -> None:
    [seat] = make_seats(make_workshop(ecosystem))
    headers = client.get(address(seat)).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "same-origin")


def test_the_state_is_told_once_and_then_only_when_it_is_news(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.RATE)
    assert round is not None
    first = client.get(address(seats[0]) + "state/")
    assert first.json()["pulse"]["asked"] == 6
    assert first.json()["view"]["round"] == round.pk
    again = client.get(address(seats[0]) + "state/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    vote(round, seats[:1], [6])
    newer = client.get(address(seats[0]) + "state/", headers={"If-None-Match": first.headers["ETag"]})
    assert newer.json()["pulse"]["answered"] == 1


def test_own_words_are_those_of_this_seat_alone(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.LINKS)
    assert round is not None
    vote(round, seats[:1], [-3], item="trust-time", delay=1, revision=7)
    vote(round, seats[1:2], [2], item="trust-time")
    told = client.get(address(seats[0]) + "own/").json()
    assert told["votes"] == {
        str(round.pk): {
            "trust-time": {"item": "trust-time", "value": -3, "confidence": None, "delay": 1, "revision": 7}
        }
    }
    assert told["csrf"]


@pytest.mark.parametrize("people", [1, 40])
def test_the_page_costs_the_same_for_few_and_many(
    client: Client, ecosystem: Ecosystem, django_assert_num_queries: DjangoAssertNumQueries, people: int
) -> None:
    workshop, round, _ = set_up(ecosystem, ActivityKind.RATE)
    assert round is not None
    seats = make_seats(workshop, people)
    vote(round, seats, [5] * people)
    link = address(seats[0])
    client.get(link + "state/")
    with django_assert_num_queries(9):
        client.get(link)
    with django_assert_num_queries(3):
        client.get(link + "state/")
    with django_assert_num_queries(3):
        client.get(link + "own/")


@pytest.mark.parametrize("kind", [ActivityKind.RATE, ActivityKind.IDEAS, ActivityKind.COMMIT])
def test_a_facilitators_own_phone_looks_on(client: Client, ecosystem: Ecosystem, kind: ActivityKind) -> None:
    workshop, _, _ = set_up(ecosystem, kind)
    [seat] = make_seats(workshop, 1, is_counted=False)
    page = page_of(client, seat)
    assert "This is a facilitator’s phone" in page
    assert "data-send" not in page


def test_withdrawn_ideas_are_gone_from_the_phone(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.IDEAS)
    assert round is not None
    Idea.objects.create(key=uuid.uuid4(), activity=round.activity, seat=seats[0], text="", revision=2)
    assert client.get(address(seats[0]) + "own/").json()["ideas"] == {}
    assert "0 of 6" in text_of(page_of(client, seats[0]))
