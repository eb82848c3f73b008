"""Two facilitators press at the same moment: one reveal, one next round, no step skipped, no error."""

from collections.abc import Callable
from random import Random
from time import monotonic
from uuid import uuid4

import pytest

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Round, Vote, Workshop
from assessments.models.activity_plans import IdeasPlan
from assessments.scoring.room.results import RatingResults, decode
from assessments.services import breakouts, rounds, stage
from assessments.services.acts import SomebodyElseDid, StageProblem
from assessments.services.ballots import GivenVote
from assessments.services.ideas import GivenIdea, write_ideas
from assessments.services.previews import advance_preview
from assessments.services.room_problems import RoomProblem, RoundNotOpen
from assessments.services.seats import join
from assessments.services.votes import Cast, cast_votes
from ecosystems.models import AuditEvent, Ecosystem, User
from tests.at_once import many_at_once
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


@pytest.fixture
def people(facilitator: User, admin: User) -> list[User]:
    return [facilitator, admin] * (THREADS // 2)


@pytest.fixture
def activity(ecosystem: Ecosystem) -> Activity:
    return make_activity(make_workshop(ecosystem))


def test_doors_open_and_the_workshop_starts_once(ecosystem: Ecosystem, people: list[User]) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    make_activity(workshop, current=False)
    for command in (stage.open_doors, stage.start, stage.end_workshop):
        found = many_at_once(lambda number, command=command: command(workshop=workshop, by=people[number]))  # type: ignore[misc]
        assert [type(result) for result in found] == [Workshop] * THREADS
    workshop.refresh_from_db()
    assert (workshop.state, workshop.version) == (WorkshopState.ENDED, 4)
    assert AuditEvent.objects.filter(action__startswith="workshop.").count() == 3


def test_a_round_opens_once_with_one_deadline(activity: Activity, people: list[User]) -> None:
    found = many_at_once(lambda n: rounds.open_round(activity=activity, seconds=60 + n, by=people[n]))
    opened = Round.objects.get(activity=activity)
    assert [(result.pk, result.closes_at) for result in found] == [(opened.pk, opened.closes_at)] * THREADS  # type: ignore[attr-defined]


def test_a_round_is_revealed_once(activity: Activity, people: list[User]) -> None:
    round = make_round(activity)
    vote(round, make_seats(activity.workshop, 7), [1, 2, 3, 4, 5, 6, 7])
    found = many_at_once(lambda n: rounds.reveal_round(round=round, by=people[n]))
    round.refresh_from_db()
    assert [result.results for result in found] == [round.results] * THREADS  # type: ignore[attr-defined]
    assert Workshop.objects.get().version == 2


def test_there_is_one_second_round(activity: Activity, people: list[User]) -> None:
    first = make_round(activity, state=RoundState.REVEALED)
    found = many_at_once(lambda n: rounds.ask_again(round=first, seconds=None, by=people[n]))
    assert {result.number for result in found} == {2}  # type: ignore[attr-defined]
    assert list(activity.rounds.values_list("number", "state")) == [(1, "discussed"), (2, "open")]


def test_a_minute_is_added_once_by_all_who_saw_the_same_deadline(activity: Activity, people: list[User]) -> None:
    round = rounds.open_round(activity=activity, seconds=60, by=people[0])
    many_at_once(lambda n: rounds.extend_round(round=round, by=people[n], seen_closes_at=round.closes_at))
    assert round.closes_at is not None
    assert (Round.objects.get(pk=round.pk).closes_at - round.closes_at).total_seconds() == 60  # type: ignore[operator]


def test_next_pressed_by_all_skips_no_step(activity: Activity, people: list[User]) -> None:
    second, third = (make_activity(activity.workshop, title=title, current=False) for title in ("Two", "Three"))

    def press(number: int) -> Workshop:
        return stage.go_to(workshop=activity.workshop, activity=second, seen_step=activity.pk, by=people[number])

    assert [result.step for result in many_at_once(press)] == [second] * THREADS  # type: ignore[attr-defined]
    assert Workshop.objects.get().version == 2
    back_and_on = many_at_once(
        lambda n: stage.go_to(
            workshop=activity.workshop, activity=[activity, third][n % 2], seen_step=second.pk, by=people[n]
        )
    )
    workshop = Workshop.objects.get()
    assert workshop.version == 3
    winner = workshop.step
    assert sorted(type(result).__name__ for result in back_and_on) == ["SomebodyElseDid"] * 2 + ["Workshop"] * 2
    assert {result.step for result in back_and_on if isinstance(result, Workshop)} == {winner}


def test_skipping_the_current_step_by_all_leaves_out_one(activity: Activity, people: list[User]) -> None:
    second, third = (make_activity(activity.workshop, title=title, current=False) for title in ("Two", "Three"))
    found = many_at_once(lambda n: stage.skip_activity(activity=activity, by=people[n]))
    assert [result.step for result in found] == [second] * THREADS  # type: ignore[attr-defined]
    assert list(Activity.objects.filter(is_skipped=True)) == [activity]
    assert third.is_skipped is False


def test_next_and_reveal_at_once_end_in_one_of_two_orders(activity: Activity, people: list[User]) -> None:
    round = make_round(activity)
    after = make_activity(activity.workshop, title="After", current=False)
    vote(round, make_seats(activity.workshop, 5), [4] * 5)

    def press(number: int) -> object:
        if number % 2:
            return stage.go_to(workshop=activity.workshop, activity=after, seen_step=activity.pk, by=people[number])
        return rounds.reveal_round(round=round, by=people[number])

    found = many_at_once(press)
    round.refresh_from_db()
    assert Workshop.objects.get().step == after
    problems = [result for result in found if isinstance(result, Exception)]
    assert all(isinstance(problem, SomebodyElseDid) for problem in problems)
    assert round.state == (RoundState.CLOSED if len(problems) == 2 else RoundState.REVEALED)


def test_every_command_at_once_leaves_a_state_that_fits(activity: Activity, people: list[User]) -> None:
    round = make_round(activity)
    vote(round, make_seats(activity.workshop, 6), [3] * 6)
    commands: list[Callable[[User], object]] = [
        lambda by: rounds.close_round(round=round, by=by),
        lambda by: rounds.reveal_round(round=round, by=by),
        lambda by: rounds.ask_again(round=round, seconds=None, by=by),
        lambda by: rounds.extend_round(round=round, by=by),
    ]
    for _ in range(5):
        found = many_at_once(lambda n: commands[n](people[n]))
        assert all(isinstance(one, Round | StageProblem) for one in found), found
    states = list(activity.rounds.values_list("number", "state"))
    assert states in ([(1, "revealed")], [(1, "discussed"), (2, "open")])
    assert (Round.objects.get(number=1).results or {})["items"][0]["together"]["turnout"]["fresh"] == 6


def test_every_vote_that_was_accepted_is_in_the_reveal_exactly_once(activity: Activity, facilitator: User) -> None:
    """30 phones press while the facilitator does; who was told "closed" is not in it, who was not is."""
    round = make_round(activity)
    seats = make_seats(activity.workshop, 30)

    def press(number: int) -> object:
        if number == 0:
            return rounds.reveal_round(round=round, by=facilitator)
        batch = seats[(number - 1) * 6 : number * 6]
        told = []
        for seat in batch:
            try:
                told.append(cast_votes(seat=seat.pk, round_id=round.pk, votes=[GivenVote("ready", 7, revision=1)]))
            except RoundNotOpen as problem:
                told.append(problem)  # type: ignore[arg-type]
        return told

    revealed, *batches = many_at_once(press, threads=6)
    accepted = sum(isinstance(one, Cast) and one.changed == 1 for batch in batches for one in batch)  # type: ignore[attr-defined]
    round.refresh_from_db()
    results = decode("rate", round.results or {})
    assert isinstance(results, RatingResults)
    assert isinstance(revealed, Round)
    together = results.items[0].together
    assert Vote.objects.filter(round=round).count() == accepted
    if accepted >= 5:
        assert together.spread is not None
        assert together.spread.n == accepted
        assert Vote.objects.filter(round=round, counted=True).count() == accepted
    else:
        assert together.withheld is True
        assert Vote.objects.filter(counted=True).count() == 0


@pytest.mark.slow
def test_a_wild_room_ends_in_no_error_and_no_deadlock(ecosystem: Ecosystem, people: list[User]) -> None:
    """Facilitators press whatever there is while phones join, vote, change their votes and write."""
    workshop = make_workshop(ecosystem, preview=True)
    rate, ideas = make_activity(workshop), make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="I")
    stage.go_to(workshop=workshop, activity=rate, seen_step=ideas.pk, by=None)
    seats = make_seats(workshop, 8)
    ends = monotonic() + 4

    def latest(activity: Activity) -> Round | None:
        return activity.rounds.order_by("-number").first()

    def facilitate(chance: Random, by: User) -> None:
        activity = chance.choice((rate, rate, ideas))
        round = latest(activity)
        seen = Workshop.objects.get(pk=workshop.pk).step_id
        commands: list[Callable[[], object]] = [
            lambda: stage.go_to(workshop=workshop, activity=activity, seen_step=seen, by=by),
            lambda: rounds.open_round(activity=activity, seconds=chance.choice((None, 1)), by=by),
            lambda: breakouts.deal(workshop=workshop, groups=2, by=by),
            lambda: breakouts.move(seat=chance.choice(seats), breakout=None, by=by),
            lambda: stage.set_locked(workshop=workshop, locked=chance.random() < 0.5, by=by),
        ]
        if round is not None:
            commands += [
                lambda: rounds.reveal_round(round=round, by=by),
                lambda: rounds.ask_again(round=round, seconds=None, by=by),
                lambda: rounds.extend_round(round=round, by=by),
                lambda: rounds.close_round(round=round, by=by),
                lambda: advance_preview(round_id=round.pk),
            ]
        chance.choice(commands)()

    def answer(chance: Random) -> None:
        seat, revision = chance.choice(seats), chance.randint(1, 10**6)
        if chance.random() < 0.1:
            join(workshop=workshop, join_key=uuid4())
        elif chance.random() < 0.3 and (round := latest(ideas)):
            write_ideas(seat=seat.pk, round_id=round.pk, ideas=[GivenIdea(uuid4(), "An idea", revision)])
        elif round := latest(rate):
            cast_votes(
                seat=seat.pk, round_id=round.pk, votes=[GivenVote("ready", chance.randint(1, 10), revision=revision)]
            )

    def one(number: int) -> int:
        chance, done = Random(number), 0
        while monotonic() < ends:
            try:
                if number < 3:
                    facilitate(chance, people[number])
                else:
                    answer(chance)
                done += 1
            except (StageProblem, RoomProblem):
                pass
        return done

    found = many_at_once(one, threads=6)
    assert [type(done) for done in found] == [int] * 6, found
    assert all(done for done in found)
    for round in Round.objects.filter(activity=rate, results__isnull=False):
        fresh = round.results["items"][0]["together"].get("turnout", {}).get("fresh", 0)  # type: ignore[index]
        assert fresh <= Vote.objects.filter(round=round).count()
    assert not Round.objects.exclude(state__in=("revealed", "discussed")).filter(results__isnull=False).exists()
