"""Breakout groups: dealt evenly, cleared, and never in a way that lets a later result tell of a few."""

from collections import Counter
from datetime import timedelta

import pytest

from assessments.enums import WorkshopState
from assessments.models import Breakout, Round, Seat, Workshop
from assessments.services.acts import NotLive, StageProblem, database_now
from assessments.services.breakouts import AnswersComingIn, clear, deal, move
from assessments.services.rounds import ask_again, reveal_round
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


def sizes(workshop: Workshop) -> dict[str, int]:
    return Counter(workshop.seats.filter(breakout__isnull=False).values_list("breakout__label", flat=True))


@pytest.mark.parametrize(
    ("people", "groups", "expected"), [(13, 4, [3, 3, 3, 4]), (12, 2, [6, 6]), (1, 3, [1]), (0, 2, [])]
)
def test_everybody_is_dealt_evenly(
    workshop: Workshop, facilitator: User, people: int, groups: int, expected: list[int]
) -> None:
    make_seats(workshop, people)
    dealt = deal(workshop=workshop, groups=groups, by=facilitator)
    assert [one.label for one in dealt] == [f"Group {number}" for number in range(1, groups + 1)]
    assert sorted(sizes(workshop).values()) == expected
    workshop.refresh_from_db()
    assert workshop.version == 2


def test_facilitators_phones_and_removed_seats_are_in_no_group(workshop: Workshop, facilitator: User) -> None:
    make_seats(workshop, 4)
    make_seats(workshop, 1, is_counted=False)
    make_seats(workshop, 1, is_removed=True)
    deal(workshop=workshop, groups=2, by=facilitator)
    assert sum(sizes(workshop).values()) == 4


def test_dealing_is_by_chance(workshop: Workshop, facilitator: User) -> None:
    seats = make_seats(workshop, 40)
    found = set()
    for _ in range(3):
        deal(workshop=workshop, groups=2, by=facilitator)
        found.add(frozenset(Seat.objects.filter(breakout__label="Group 1").values_list("pk", flat=True)))
    assert len(found) == 3
    assert all(len(group) == len(seats) // 2 for group in found)


def test_dealing_anew_leaves_no_group_behind(workshop: Workshop, facilitator: User) -> None:
    make_seats(workshop, 6)
    deal(workshop=workshop, groups=3, by=facilitator)
    deal(workshop=workshop, groups=2, by=facilitator)
    assert list(workshop.breakouts.values_list("label", flat=True)) == ["Group 1", "Group 2"]
    assert sizes(workshop) == {"Group 1": 3, "Group 2": 3}


def test_clearing_brings_all_together_once(workshop: Workshop, facilitator: User) -> None:
    make_seats(workshop, 6)
    deal(workshop=workshop, groups=3, by=facilitator)
    for _ in range(2):
        clear(workshop=workshop, by=facilitator)
    workshop.refresh_from_db()
    assert (sizes(workshop), workshop.breakouts.count(), workshop.version) == ({}, 0, 3)


@pytest.mark.parametrize("groups", [1, 21, 0, -3])
def test_there_are_2_to_20_groups(workshop: Workshop, facilitator: User, groups: int) -> None:
    with pytest.raises(StageProblem, match=r"^Deal the room into 2 to 20 groups\.$"):
        deal(workshop=workshop, groups=groups, by=facilitator)


def test_groups_stay_while_answers_come_in(workshop: Workshop, facilitator: User) -> None:
    round = make_round(make_activity(workshop))
    for command in (
        lambda: deal(workshop=workshop, groups=2, by=facilitator),
        lambda: clear(workshop=workshop, by=facilitator),
    ):
        with pytest.raises(AnswersComingIn, match="Close the round, then change the groups"):
            command()
    Round.objects.filter(pk=round.pk).update(closes_at=database_now() - timedelta(seconds=1))
    deal(workshop=workshop, groups=2, by=facilitator)
    assert workshop.breakouts.count() == 2


def test_a_seat_is_moved(workshop: Workshop, facilitator: User, ecosystem: Ecosystem) -> None:
    (seat,) = make_seats(workshop)
    deal(workshop=workshop, groups=2, by=facilitator)
    for breakout in (*workshop.breakouts.all(), None):
        for _ in range(2):
            assert move(seat=seat, breakout=breakout, by=facilitator).breakout == breakout
    workshop.refresh_from_db()
    assert workshop.version in (4, 5)  # one move fewer where chance had put them into the first group
    foreign = Breakout.objects.create(workshop=make_workshop(ecosystem), label="Theirs")
    with pytest.raises(StageProblem, match="not there any more"):
        move(seat=seat, breakout=foreign, by=facilitator)


def test_groups_stay_after_the_end(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    (seat,) = make_seats(workshop)
    for command in (
        lambda: deal(workshop=workshop, groups=2, by=facilitator),
        lambda: clear(workshop=workshop, by=facilitator),
        lambda: move(seat=seat, breakout=None, by=facilitator),
    ):
        with pytest.raises(NotLive, match="has ended"):
            command()


@pytest.mark.parametrize("named", [False, True])
def test_what_was_revealed_by_groups_is_not_asked_again_without_them(
    ecosystem: Ecosystem, facilitator: User, named: bool
) -> None:
    """Who waits to be counted follows from who was in which group; in a named workshop nobody waits."""
    workshop = make_workshop(ecosystem, named=named)
    seats = make_seats(workshop, 10)
    dealt = deal(workshop=workshop, groups=2, by=facilitator)
    activity = make_activity(workshop, by_breakout=True)
    first = make_round(activity)
    for breakout in dealt:
        members = list(breakout.seats.all())
        vote(first, members, [4] * len(members), breakout=breakout)
    assert len(seats) == first.votes.count()
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    reveal_round(round=second, by=facilitator)
    deal(workshop=workshop, groups=2, by=facilitator)
    if named:
        assert ask_again(round=second, seconds=None, by=facilitator).number == 3
        return
    with pytest.raises(StageProblem, match="Add a new step to vote on it again"):
        ask_again(round=second, seconds=None, by=facilitator)
    assert activity.rounds.count() == 2
