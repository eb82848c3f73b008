"""Phones and facilitators at the same moment, in threads of their own: nothing is lost, doubled or counted too late."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from assessments.enums import ActivityKind, RoundState
from assessments.models import Commitment, Idea, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import CommitPlan, DotsPlan, IdeasPlan, Option
from assessments.services.ballots import GivenVote
from assessments.services.commitments import GivenCommitment, accept, propose
from assessments.services.ideas import GivenIdea, write_ideas
from assessments.services.room_problems import Locked, RoundNotOpen
from assessments.services.rounds import close_round, reveal_round
from assessments.services.seats import join
from assessments.services.stage import set_locked
from assessments.services.votes import Cast, cast_votes
from ecosystems.models import Ecosystem
from tests.at_once import at_once
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def round(workshop: Workshop) -> Round:
    return make_round(make_activity(workshop))


def voting(seat: Seat, round: Round, value: int = 6, revision: int = 1) -> Callable[[], Cast]:
    return lambda: cast_votes(seat=seat.pk, round_id=round.pk, votes=[GivenVote("ready", value, revision)])


def test_join_pressed_by_a_trembling_thumb_is_one_seat(workshop: Workshop) -> None:
    key = uuid4()
    found = at_once(*[lambda: join(workshop=workshop, join_key=key)] * 5)
    assert {seat.pk for seat in found} == {Seat.objects.get().pk}


def test_late_joiners_spread_evenly_over_the_groups(workshop: Workshop) -> None:
    for place, label in enumerate("ABC"):
        workshop.breakouts.create(label=label, position=place)
    at_once(*[lambda: join(workshop=workshop, join_key=uuid4())] * 9)
    assert [group.seats.count() for group in workshop.breakouts.all()] == [3, 3, 3]


def test_doors_locked_while_many_come_in_let_in_who_was_first(workshop: Workshop) -> None:
    joins = [lambda: join(workshop=workshop, join_key=uuid4())] * 4
    found = at_once(*joins, lambda: set_locked(workshop=workshop, locked=True, by=None), *joins)
    seats = [one for one in found if isinstance(one, Seat)]
    assert {type(one) for one in found} <= {Seat, Locked, Workshop, type(None)}
    assert Seat.objects.count() == len(seats)
    assert Workshop.objects.get().is_locked


def test_one_vote_sent_many_times_is_there_once(round: Round) -> None:
    (seat,) = make_seats(round.activity.workshop)
    found = at_once(*[voting(seat, round)] * 8)
    assert sorted(one.changed for one in found if isinstance(one, Cast)) == [0] * 7 + [1]
    assert Vote.objects.get().value == 6


def test_the_latest_of_many_votes_at_once_stands(round: Round) -> None:
    (seat,) = make_seats(round.activity.workshop)
    at_once(*[voting(seat, round, value, value) for value in (3, 9, 1, 7, 5, 2, 8, 4)])
    assert Vote.objects.values_list("value", "revision").get() == (9, 9)


@pytest.mark.parametrize("act", [reveal_round, close_round])
def test_a_vote_in_the_moment_of_closing_is_counted_or_told(round: Round, act: Callable[..., Round]) -> None:
    seats = make_seats(round.activity.workshop, 10)
    votes = [voting(seat, round) for seat in seats]
    found = at_once(*votes[:5], lambda: act(round=round, by=None), *votes[5:])
    accepted = sum(isinstance(one, Cast) for one in found)
    assert {type(one) for one in found} <= {Cast, RoundNotOpen, Round}
    assert Vote.objects.count() == accepted
    if act is reveal_round:
        counted = Vote.objects.filter(counted=True).count()
        assert counted == (accepted if accepted >= 5 else 0)


def test_a_vote_in_the_second_in_which_time_is_over_is_counted_or_told(round: Round) -> None:
    seats = make_seats(round.activity.workshop, 8)
    Round.objects.update(closes_at=timezone.now() + timedelta(milliseconds=30))
    found = at_once(*[voting(seat, round) for seat in seats])
    found += at_once(*[voting(seat, round, 7, 2) for seat in seats])
    assert {type(one) for one in found} <= {Cast, RoundNotOpen}
    accepted = [one for one in found[:8] if isinstance(one, Cast)]
    assert Vote.objects.count() >= len(accepted)
    Round.objects.update(closes_at=timezone.now() - timedelta(milliseconds=1))
    before = set(Vote.objects.values_list("seat", "value"))
    at_once(*[voting(seat, round, 9, 3) for seat in seats])
    assert set(Vote.objects.values_list("seat", "value")) == before


def test_two_sheets_of_dots_at_once_never_mix(workshop: Workshop) -> None:
    plan = DotsPlan(options=tuple(Option(key=key, text=key) for key in "abcdef"), dots=3, most=3)
    round = make_round(make_activity(workshop, kind=ActivityKind.DOTS, plan=plan))
    (seat,) = make_seats(workshop)

    def sheet(option: str, revision: int) -> Callable[[], Cast]:
        return lambda: cast_votes(seat=seat.pk, round_id=round.pk, votes=[GivenVote(option, 3, revision)])

    found = at_once(*[sheet(option, number) for number, option in enumerate("fabedc", 1)])
    assert {type(one) for one in found} == {Cast}
    assert dict(Vote.objects.values_list("item", "value")) == {**dict.fromkeys("abdef", 0), "c": 3}


def test_ideas_at_once_keep_to_the_number_allowed(workshop: Workshop) -> None:
    round = make_round(make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(per_person=3)))
    (seat,) = make_seats(workshop)
    same = uuid4()

    def writing(key: UUID) -> Callable[[], object]:
        return lambda: write_ideas(seat=seat.pk, round_id=round.pk, ideas=[GivenIdea(key, "An idea", 1)])

    at_once(*[writing(same)] * 3, *[writing(uuid4()) for _ in range(5)])
    assert Idea.objects.count() == 3


def test_a_proposal_changed_while_it_is_taken_up_stays_taken_up(workshop: Workshop) -> None:
    activity = make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan())
    keys = [uuid4() for _ in range(5)]
    make_round(activity, state=RoundState.REVEALED, results={"keys": [str(key) for key in keys]})
    round = make_round(activity)
    (seat,) = make_seats(workshop)
    for key in keys:

        def proposing(revision: int, key: UUID = key) -> Callable[[], object]:
            given = GivenCommitment(key, "Meet", "Ana", revision=revision)
            return lambda: propose(seat=seat.pk, round_id=round.pk, proposals=[given])

        proposing(1)()
        proposal = Commitment.objects.get(pk=key)
        at_once(
            proposing(2), lambda proposal=proposal: accept(commitment=proposal, by=None), proposing(3), proposing(4)
        )
        assert Commitment.objects.get(pk=key).state == "open"
