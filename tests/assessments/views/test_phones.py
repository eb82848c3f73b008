"""The page of a phone in the room, without its script: every kind of step in every state of its round."""

import re

import pytest
from django.test import Client

from assessments.enums import CANT_SAY, ActivityKind, RoundState
from assessments.models import Reason
from assessments.models.activity_plans import (
    Item,
    RatePlan,
)
from ecosystems.models import Ecosystem
from tests.assessments.views.phone_pages import MANY, VALUES, page_of, say, set_up, text_of
from tests.factories.room_results import make_next_round, reveal_votes
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


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
    assert "Send my guess" in text_of(page)
    assert "0 of 6 have made their guess" in text_of(page)


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
    assert "Ken" not in re.sub(r"<[^>]*>", " ", before)  # addresses hold random letters
    assert "You are here as" in before
    reveal_votes(round)
    text = text_of(page_of(client, mira))
    assert "&lt;Mira&gt;: 7" in text
    assert "Ken: 4" in text
    assert "One supplier – Ken" in text
