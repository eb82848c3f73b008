"""The page of a phone in the room, without its script: every kind of step in every state of its round."""

import re
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.dashboards.rooms.rules import rules_for, told
from assessments.enums import CANT_SAY, ActivityKind, CommitmentState, RoundState, WorkshopState
from assessments.links import seat_token
from assessments.models import Breakout, Commitment, Idea, MinutesRequest, Reason, Round, Seat, Workshop
from assessments.models.activity_plans import (
    BetPlan,
    CommitPlan,
    DotsPlan,
    IdeasPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    Plan,
    RankingPlan,
    RatePlan,
    TalkPlan,
)
from assessments.services.minutes_requests import SPARE
from ecosystems.models import Ecosystem
from tests.factories.room_results import make_next_round, reveal_votes
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db

OPTIONS = (Option("cold", "Share a cold store"), Option("swap", "Swap drivers"), Option("call", "Call each morning"))
MANY = RatePlan(
    items=(Item("ready", "How ready are we?"), Item("fast", "How fast do we learn?", low="slowly", high="at once")),
    lowest=0,
    highest=10,
    low_label="not at all",
    high_label="fully",
    confidence=True,
)
PLANS: dict[ActivityKind, Plan | None] = {
    ActivityKind.TALK: TalkPlan(),
    ActivityKind.RATE: None,
    ActivityKind.IDEAS: IdeasPlan(),
    ActivityKind.CHECK: IdeasPlan(per_person=1),
    ActivityKind.DOTS: DotsPlan(options=OPTIONS),
    ActivityKind.RANKING: RankingPlan(options=OPTIONS),
    ActivityKind.LINKS: LinksPlan(pairs=(Pair("trust-time", "Trust", "Delivery time"),)),
    ActivityKind.BET: BetPlan(items=(Item("index", "Where will the index stand?"),), unit="points"),
    ActivityKind.COMMIT: CommitPlan(),
}
VALUES = {
    ActivityKind.RATE: [("ready", [3, 5, 6, 6, 7, 9])],
    ActivityKind.DOTS: [("cold", [3, 2, 2, 1, 3, 2]), ("swap", [2, 2, 1, 1, 0, 3]), ("call", [0, 1, 2, 3, 2, 0])],
    ActivityKind.RANKING: [("cold", [1, 1, 1, 2, 1, 3]), ("swap", [2, 3, 2, 1, 2, 1]), ("call", [3, 2, 3, 3, 3, 2])],
    ActivityKind.LINKS: [("trust-time", [-3, -2, -2, 0, 1, CANT_SAY])],
    ActivityKind.BET: [("index", [40, 55, 60, 62, 70, 80])],
}


def address(seat: Seat) -> str:
    return reverse("assessments:phone", args=[seat_token(seat)])


def page_of(client: Client, seat: Seat, query: str = "") -> str:
    response = client.get(address(seat) + query)
    assert response.status_code == 200
    return response.content.decode()


def text_of(page: str) -> str:
    """What is read: no tags, no script's data, no hidden parts of the head, one space between words."""
    live = page.partition("data-live")[2].partition("data-lost-votes")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", live.partition(">")[2])).strip()


def set_up(ecosystem: Ecosystem, kind: ActivityKind, **changes: object) -> tuple[Workshop, Round | None, list[Seat]]:
    workshop = make_workshop(ecosystem, **changes)
    activity = make_activity(workshop, kind=kind, plan=PLANS[kind], title="The step", prompt="Think of last winter.")
    round = make_round(activity) if kind != ActivityKind.TALK else None
    return workshop, round, make_seats(workshop, 6)


def say(kind: ActivityKind, round: Round, seats: list[Seat]) -> None:
    for item, values in VALUES.get(kind, []):
        vote(round, seats, values, item=item)
    for number, seat in enumerate(seats):
        if kind in (ActivityKind.IDEAS, ActivityKind.CHECK):
            Idea.objects.create(
                key=uuid.uuid4(), activity=round.activity, round=round, seat=seat, text=f"Idea {number}", revision=1
            )
        elif kind == ActivityKind.COMMIT:
            Commitment.objects.create(
                organization=round.activity.workshop.organization,
                ecosystem=round.activity.workshop.ecosystem,
                workshop=round.activity.workshop,
                activity=round.activity,
                seat=seat,
                text=f"Promise {number}",
                owner_name="Mira",
                due_on=date(2099, 3, 1),
                state=CommitmentState.PROPOSED,
            )


@pytest.mark.parametrize("kind", list(ActivityKind))
@pytest.mark.parametrize("state", list(RoundState))
def test_every_kind_of_step_has_a_page_in_every_state(
    client: Client, ecosystem: Ecosystem, kind: ActivityKind, state: RoundState
) -> None:
    _, round, seats = set_up(ecosystem, kind)
    if round is not None:
        if state != RoundState.PENDING:
            say(kind, round, seats)
        if state in (RoundState.REVEALED, RoundState.DISCUSSED):
            reveal_votes(round)
        round.state = state
        round.save()
    page = page_of(client, seats[0])
    is_open = round is not None and state == RoundState.OPEN
    assert ("data-send" in page) == is_open
    assert page.count("data-heading") == 1
    if round is not None and state in (RoundState.REVEALED, RoundState.DISCUSSED):
        assert ('class="chart ' in page) == (kind in VALUES)


@pytest.mark.parametrize("kind", list(VALUES))
@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED])
def test_nothing_of_the_others_is_in_the_page_before_the_reveal(
    client: Client, ecosystem: Ecosystem, kind: ActivityKind, state: RoundState
) -> None:
    _, round, seats = set_up(ecosystem, kind)
    assert round is not None
    round.state = state
    round.save()
    looker, *others = seats

    def seen() -> str:
        page = page_of(client, looker)
        return re.sub(r'data-(stream|csrf)="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|"now": \d+', "", page)

    for item, values in VALUES[kind]:
        vote(round, others, values[1:], item=item)
    Reason.objects.create(round=round, seat=others[0], item="ready", text="secret")
    before = seen()
    round.votes.update(value=1)
    assert seen() == before
    assert "secret" not in before
    assert "5 of 6" in text_of(before)


def test_the_open_vote_asks_and_afterwards_shows_what_was_sent(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.RATE)
    assert round is not None
    page = page_of(client, seats[0])
    assert re.findall(r'name="value-ready" value="([^"]+)"', page) == [*map(str, range(1, 11)), "cant-say"]
    assert "If a main supplier failed tomorrow, how ready would we be?" in text_of(page)
    vote(round, [seats[0]], [6])
    sent = page_of(client, seats[0])
    assert "<b data-value>6</b>" in sent
    assert 'data-form="votes" autocomplete="off" hidden' in sent
    changing = page_of(client, seats[0], "?change=1")
    assert 'data-form="votes" autocomplete="off">' in changing
    assert 'name="value-ready" value="6" checked' in changing


def test_a_second_round_shows_the_first_and_what_stands(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.RATE)
    assert round is not None
    say(ActivityKind.RATE, round, seats)
    reveal_votes(round)
    make_next_round(round.activity)
    text = text_of(page_of(client, seats[2]))
    assert "Step 1 of 1 · anonymous · round 2" in text
    assert "You have heard the reasons. Vote again?" in text
    assert "Yours: 6 ." in text
    assert "If you do not vote again, your earlier vote stands: 6 ." in text
    assert "Send round 2" in text


def test_of_several_questions_each_says_what_stands(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    plan = RatePlan(items=(Item("ready", "How ready are we?"), Item("sure", "How sure are we?")))
    round = make_round(make_activity(workshop, kind=ActivityKind.RATE, plan=plan, title="Where do we stand?"))
    seats = make_seats(workshop, 6)
    vote(round, seats, [3, 5, 6, 6, 7, 9])
    reveal_votes(round)
    make_next_round(round.activity)
    page = page_of(client, seats[0])
    assert '<p class="small soft" data-own-was="ready">Your vote so far: <b data-value>3</b></p>' in page
    assert '<p class="small soft" data-own-was="sure" hidden>' in page
    assert "Reasons are shown from 8 people who give one; here there were fewer." in text_of(page)


def test_a_bet_says_on_what_it_is(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, _round, seats = set_up(ecosystem, ActivityKind.BET)
    page = page_of(client, seats[0])
    assert re.findall(r"<h1[^>]*data-heading[^>]*>([^<]*)</h1>", page) == ["The step"]
    assert 'class="strong" dir="auto">Where will the index stand?</label>' in page


def test_two_rounds_are_drawn_together(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.RATE)
    assert round is not None
    say(ActivityKind.RATE, round, seats)
    reveal_votes(round)
    again = make_next_round(round.activity)
    vote(again, seats, [5, 5, 6, 6, 6, 7])
    reveal_votes(again)
    text = text_of(page_of(client, seats[0]))
    assert "Outline: round 1 (6 votes). Solid: round 2." in text
    assert "Yours: 5 ." in text


def test_few_votes_stay_withheld_and_the_page_says_why(client: Client, ecosystem: Ecosystem) -> None:
    _workshop, round, seats = set_up(ecosystem, ActivityKind.RATE)
    assert round is not None
    vote(round, seats[:4], [1, 2, 3, 4])
    reveal_votes(round)
    page = page_of(client, seats[5])
    assert "Withheld: protects a small group. A result is shown from 5 people on." in text_of(page)
    assert 'class="chart ' not in page


def test_several_questions_are_asked_together(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop, plan=MANY))
    [seat] = make_seats(workshop)
    vote(round, [seat], [CANT_SAY], item="ready")
    vote(round, [seat], [0], item="fast", confidence=5)
    page = page_of(client, seat, "?change=1")
    assert re.findall(r'name="([^"]+)" value="([^"]+)" checked', page) == [
        ("value-ready", "cant-say"),
        ("value-fast", "0"),
        ("confidence-fast", "5"),
    ]
    assert "0 slowly" in text_of(page)
    assert "10 fully" in text_of(page)
    assert re.findall(r"<b data-value>([^<]*)</b>", page) == ["can’t say", "0"]


def test_named_rooms_say_who_voted_what_after_the_reveal(client: Client, ecosystem: Ecosystem) -> None:
    workshop, round, _ = set_up(ecosystem, ActivityKind.RATE, named=True)
    assert round is not None
    [mira], [ken] = make_seats(workshop, 1, name="<Mira>"), make_seats(workshop, 1, name="Ken")
    vote(round, [mira, ken], [7, 4])
    Reason.objects.create(round=round, seat=ken, item="ready", text="One supplier", is_shown=False)
    before = page_of(client, mira)
    assert "Ken" not in before
    assert "You are here as" in before
    reveal_votes(round)
    text = text_of(page_of(client, mira))
    assert "&lt;Mira&gt;: 7" in text
    assert "Ken: 4" in text
    assert "One supplier – Ken" in text


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
