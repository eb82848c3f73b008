"""Rounds: opened, prolonged, closed, revealed, discussed, asked again; by the database's clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Round
from assessments.models.activity_plans import RatePlan
from assessments.services.acts import (
    NotAtThisStep,
    NotLive,
    StageProblem,
    WrongRoundState,
    database_now,
)
from assessments.services.rounds import (
    ask_again,
    close_round,
    discuss_round,
    extend_round,
    open_round,
    reveal_round,
)
from ecosystems.models import AuditEvent, Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def activity(ecosystem: Ecosystem) -> Activity:
    return make_activity(make_workshop(ecosystem))


def stored(round: Round) -> Round:
    return Round.objects.get(pk=round.pk)


def version(activity: Activity) -> int:
    return type(activity.workshop).objects.get(pk=activity.workshop_id).version


def test_a_round_from_pending_to_the_next(activity: Activity, facilitator: User) -> None:
    first = open_round(activity=activity, seconds=None, by=facilitator)
    assert (first.number, first.state, first.closes_at) == (1, RoundState.OPEN, None)
    assert close_round(round=first, by=facilitator).state == RoundState.CLOSED
    assert reveal_round(round=first, by=facilitator).state == RoundState.REVEALED
    assert discuss_round(round=first, by=facilitator).state == RoundState.DISCUSSED
    second = ask_again(round=first, seconds=None, by=facilitator)
    assert (second.number, second.state) == (2, RoundState.OPEN)
    assert version(activity) == 6
    assert list(activity.rounds.values_list("state", flat=True)) == [RoundState.DISCUSSED, RoundState.OPEN]


def test_every_command_given_twice_does_its_work_once(activity: Activity, facilitator: User) -> None:
    first = open_round(activity=activity, seconds=60, by=facilitator)
    assert open_round(activity=activity, seconds=300, by=facilitator) == first
    assert stored(first).closes_at == first.closes_at
    seen = first.closes_at
    later = extend_round(round=first, by=facilitator, seen_closes_at=seen)
    assert extend_round(round=first, by=facilitator, seen_closes_at=seen).closes_at == later.closes_at
    for _ in range(2):
        assert close_round(round=first, by=facilitator).state == RoundState.CLOSED
    results = [reveal_round(round=first, by=facilitator).results for _ in range(2)]
    assert results[0] == results[1] == stored(first).results
    for _ in range(2):
        assert discuss_round(round=first, by=facilitator).state == RoundState.DISCUSSED
    assert reveal_round(round=first, by=facilitator).state == RoundState.DISCUSSED
    assert close_round(round=first, by=facilitator).state == RoundState.DISCUSSED
    second = ask_again(round=first, seconds=None, by=facilitator)
    assert ask_again(round=first, seconds=None, by=facilitator) == second
    assert (activity.rounds.count(), version(activity)) == (2, 7)


def test_the_deadline_is_the_databases_clock(activity: Activity, facilitator: User) -> None:
    before = database_now()
    round = open_round(activity=activity, seconds=60, by=facilitator)
    assert round.closes_at is not None
    assert before + MINUTE <= round.closes_at <= database_now() + MINUTE


def test_time_is_added_to_the_deadline(activity: Activity, facilitator: User) -> None:
    round = open_round(activity=activity, seconds=60, by=facilitator)
    assert round.closes_at is not None
    assert extend_round(round=round, seconds=90, by=facilitator).closes_at == round.closes_at + 1.5 * MINUTE


def test_time_is_added_from_now_where_it_was_over(activity: Activity, facilitator: User) -> None:
    over = make_round(activity, closes_at=database_now() - 5 * MINUTE)
    before = database_now()
    extended = extend_round(round=over, by=facilitator)
    assert extended.closes_at is not None
    assert before + MINUTE <= extended.closes_at <= database_now() + MINUTE
    assert extended.state == RoundState.OPEN


@pytest.mark.parametrize("closes_at", [None, 2 * MINUTE])
def test_a_closed_round_opens_again(activity: Activity, facilitator: User, closes_at: timedelta | None) -> None:
    deadline = None if closes_at is None else database_now() + closes_at
    round = close_round(round=make_round(activity, closes_at=deadline), by=facilitator)
    before = database_now()
    again = extend_round(round=round, by=facilitator)
    assert again.state == RoundState.OPEN
    assert again.closes_at is not None
    assert before + MINUTE <= again.closes_at <= database_now() + MINUTE


@pytest.mark.parametrize("state", [RoundState.REVEALED, RoundState.DISCUSSED])
def test_what_was_revealed_stays_closed(activity: Activity, facilitator: User, state: str) -> None:
    round = make_round(activity, state=state)
    with pytest.raises(WrongRoundState, match=r"^Round 1 has been revealed already\. To vote once more, ask again\.$"):
        extend_round(round=round, by=facilitator)
    with pytest.raises(WrongRoundState, match="revealed already"):
        open_round(activity=activity, seconds=None, by=facilitator)
    assert (stored(round).state, activity.rounds.count()) == (state, 1)


def test_a_round_whose_time_is_over_counts_as_closed(activity: Activity, facilitator: User) -> None:
    round = make_round(activity, closes_at=database_now() - MINUTE)
    with pytest.raises(WrongRoundState, match="Reveal it, or add time to open it again"):
        open_round(activity=activity, seconds=None, by=facilitator)
    assert reveal_round(round=round, by=facilitator).state == RoundState.REVEALED


@pytest.mark.parametrize("command", [extend_round, close_round, reveal_round])
def test_what_was_not_opened_is_not_closed(
    activity: Activity, facilitator: User, command: Callable[..., Round]
) -> None:
    round = make_round(activity, state=RoundState.PENDING)
    with pytest.raises(WrongRoundState, match=r"^Round 1 has not been opened yet\.$"):
        command(round=round, by=facilitator)
    assert (stored(round).state, stored(round).results) == (RoundState.PENDING, None)


@pytest.mark.parametrize("state", [RoundState.PENDING, RoundState.OPEN, RoundState.CLOSED])
def test_nothing_comes_after_a_hidden_round(activity: Activity, facilitator: User, state: str) -> None:
    round = make_round(activity, state=state)
    with pytest.raises(WrongRoundState, match=r"^Round 1 has not been revealed yet\.$"):
        ask_again(round=round, seconds=None, by=facilitator)
    with pytest.raises(WrongRoundState, match="not been revealed"):
        discuss_round(round=round, by=facilitator)
    assert activity.rounds.count() == 1


@pytest.mark.parametrize("seconds", [0, -60, 14_401])
def test_a_round_takes_a_second_to_four_hours(activity: Activity, facilitator: User, seconds: int) -> None:
    with pytest.raises(StageProblem, match="between one second and four hours"):
        open_round(activity=activity, seconds=seconds, by=facilitator)
    assert list(activity.rounds.exclude(state=RoundState.PENDING)) == []


def test_rounds_are_those_of_the_step_at_which_the_room_is(
    ecosystem: Ecosystem, activity: Activity, facilitator: User
) -> None:
    round = make_round(activity)
    make_activity(activity.workshop, title="Commit")
    for command in (
        lambda: open_round(activity=activity, seconds=None, by=facilitator),
        lambda: reveal_round(round=round, by=facilitator),
        lambda: extend_round(round=round, by=facilitator),
    ):
        with pytest.raises(NotAtThisStep, match=r"^The room is now at “Commit”\.$"):
            command()
    over = make_activity(make_workshop(ecosystem, state=WorkshopState.ENDED))
    with pytest.raises(NotLive, match="has ended"):
        open_round(activity=over, seconds=None, by=facilitator)


def test_nothing_is_asked_in_a_talk(ecosystem: Ecosystem, facilitator: User) -> None:
    talk = make_activity(make_workshop(ecosystem), kind=ActivityKind.TALK)
    with pytest.raises(StageProblem, match=r"^Nothing is asked in this step\.$"):
        open_round(activity=talk, seconds=None, by=facilitator)


def test_a_step_that_asks_nothing_yet_does_not_open(ecosystem: Ecosystem, facilitator: User) -> None:
    empty = make_activity(make_workshop(ecosystem), plan=RatePlan())
    with pytest.raises(StageProblem, match="Ask between 1 and 20 questions"):
        open_round(activity=empty, seconds=None, by=facilitator)
    broken = make_activity(make_workshop(ecosystem), settings={"items": [{"nothing": 1}]})
    with pytest.raises(StageProblem, match="do not fit its kind"):
        open_round(activity=broken, seconds=None, by=facilitator)


def test_revealing_after_a_preview_is_on_record(ecosystem: Ecosystem, facilitator: User) -> None:
    for preview in (False, True):
        workshop = make_workshop(ecosystem, preview=preview, title=f"Preview {preview}")
        round = make_round(make_activity(workshop))
        vote(round, make_seats(workshop, 5), [4] * 5)
        reveal_round(round=round, by=facilitator)
    records = AuditEvent.objects.filter(action="workshop.revealed-after-preview")
    assert list(records.values_list("subject", "details")) == [
        ("Preview True", {"step": "How ready are we?", "round": 1})
    ]
