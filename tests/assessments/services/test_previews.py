"""The facilitator's preview lags: what it shows and what is revealed never differ by a few people's votes."""

import random
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache

from assessments.enums import CANT_SAY, ActivityKind, RoundState
from assessments.models import Activity, Breakout, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import DotsPlan, Item, Option, RatePlan
from assessments.scoring.room.results import DotsResults, RatingResults, Spread, decode
from assessments.services.ballots import GivenVote
from assessments.services.previews import advance_preview
from assessments.services.rounds import ask_again, open_round, reveal_round
from assessments.services.votes import cast_votes
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote
from tests.servers import WorkerProcess

pytestmark = pytest.mark.django_db
K = 5
TWO = RatePlan(items=(Item(key="ready", text="How ready?"), Item(key="able", text="How able?")))


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, preview=True)


@pytest.fixture
def round(workshop: Workshop) -> Round:
    return make_round(make_activity(workshop, plan=TWO))


def seen(round: Round) -> dict[str, Spread]:
    """What the facilitator sees of each item of a rating."""
    return spreads(Round.objects.values_list("preview_shown", flat=True).get(pk=round.pk))


def spreads(results: dict[str, Any] | None) -> dict[str, Spread]:
    if results is None:
        return {}
    decoded = decode("rate", results)
    assert isinstance(decoded, RatingResults)
    return {one.item: one.together.spread for one in decoded.items if one.together.spread is not None}


def counts(round: Round) -> dict[str, int]:
    return {item: spread.n for item, spread in seen(round).items()}


@pytest.mark.parametrize(("voted", "shown"), [(4, {}), (9, {}), (10, {"ready": 5}), (14, {"ready": 5})])
def test_a_snapshot_is_shown_once_as_many_again_have_voted(
    workshop: Workshop, round: Round, voted: int, shown: dict[str, int]
) -> None:
    for seat in make_seats(workshop, voted):
        vote(round, [seat], [4])
        advance_preview(round_id=round.pk)
    assert counts(round) == shown


def test_a_preview_goes_on_in_steps(workshop: Workshop, round: Round) -> None:
    told = []
    for seat in make_seats(workshop, 23):
        vote(round, [seat], [4])
        advance_preview(round_id=round.pk)
        told.append(counts(round).get("ready", 0))
    assert [n for n, _ in pairwise([*told, None]) if n] == [5] * 5 + [10] * 5 + [15] * 4


def test_a_burst_is_one_snapshot(workshop: Workshop, round: Round) -> None:
    vote(round, make_seats(workshop, 12), [4] * 12)
    assert advance_preview(round_id=round.pk) is False
    assert advance_preview(round_id=round.pk) is False
    vote(round, make_seats(workshop, 5), [9] * 5)
    assert advance_preview(round_id=round.pk) is True
    assert seen(round)["ready"].counts == (0, 0, 0, 12, 0, 0, 0, 0, 0, 0)


def test_who_only_changes_a_vote_is_not_new(workshop: Workshop, round: Round) -> None:
    vote(round, make_seats(workshop, 10), [4] * 10)
    advance_preview(round_id=round.pk)
    for value in (9, 4):
        Vote.objects.filter(round=round).update(value=value)
        advance_preview(round_id=round.pk)
    assert counts(round) == {}


def test_each_item_waits_for_its_own_votes(workshop: Workshop, round: Round) -> None:
    first, later = make_seats(workshop, 6), make_seats(workshop, 6)
    vote(round, first, [4] * 6)
    vote(round, first, [4] * 6, item="able")
    advance_preview(round_id=round.pk)
    vote(round, later, [4] * 6)
    vote(round, later[:2], [4] * 2, item="able")
    advance_preview(round_id=round.pk)
    assert counts(round) == {"ready": 6}
    vote(round, later[2:], [4] * 4, item="able")
    advance_preview(round_id=round.pk)
    assert counts(round) == {"ready": 6, "able": 6}


def test_cant_say_is_neither_counted_nor_awaited(workshop: Workshop, round: Round) -> None:
    vote(round, make_seats(workshop, 5), [4] * 5)
    advance_preview(round_id=round.pk)
    vote(round, make_seats(workshop, 5), [CANT_SAY] * 5)
    advance_preview(round_id=round.pk)
    assert counts(round) == {}


def test_a_later_round_previews_those_who_were_in_the_one_before(
    workshop: Workshop, round: Round, facilitator: User
) -> None:
    old, new = make_seats(workshop, 12), make_seats(workshop, 4)
    vote(round, old, [2] * 12)
    reveal_round(round=round, by=facilitator)
    second = ask_again(round=round, seconds=None, by=facilitator)
    vote(second, [*old[:4], *new], [9] * 8)
    advance_preview(round_id=second.pk)
    vote(second, old[4:5], [9])
    advance_preview(round_id=second.pk)
    vote(second, old[5:], [9] * 7)
    advance_preview(round_id=second.pk)
    assert counts(second) == {"ready": 5}


def test_dots_are_previewed_by_whole_sheets(workshop: Workshop) -> None:
    plan = DotsPlan(options=(Option(key="a", text="A"), Option(key="b", text="B")), dots=3, most=3)
    round = make_round(make_activity(workshop, kind=ActivityKind.DOTS, plan=plan))
    blank, *seats = make_seats(workshop, 11)
    vote(round, [blank], [0], item="a")
    for part in (seats[:5], seats[5:]):
        vote(round, part, [2] * 5, item="a")
        vote(round, part, [1] * 5, item="b")
        advance_preview(round_id=round.pk)
    shown = decode("dots", Round.objects.get(pk=round.pk).preview_shown or {})
    assert isinstance(shown, DotsResults)
    assert [(one.item, one.dots) for one in shown.together.options] == [("a", 10), ("b", 5)]


@pytest.mark.parametrize("change", ["not told", "by breakout", "revealed", "texts"])
def test_there_is_none_where_it_would_tell_too_much(ecosystem: Ecosystem, change: str) -> None:
    workshop = make_workshop(ecosystem, preview=change != "not told")
    kind = ActivityKind.IDEAS if change == "texts" else ActivityKind.RATE
    activity = make_activity(workshop, kind=kind, by_breakout=change == "by breakout")
    round = make_round(activity, state=RoundState.REVEALED if change == "revealed" else RoundState.OPEN)
    for _ in range(3):
        vote(round, make_seats(workshop, 6), [4] * 6)
        assert advance_preview(round_id=round.pk) is False
    round.refresh_from_db()
    assert (round.preview_pending, round.preview_shown, round.preview_step) == (None, None, 0)


def test_a_round_that_is_gone_has_none() -> None:
    assert advance_preview(round_id=0) is False


def test_in_a_named_workshop_every_vote_can_be_seen(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, preview=True, named=True)
    round = make_round(make_activity(workshop, plan=TWO))
    for seat in make_seats(workshop, 2):
        vote(round, [seat], [4])
        advance_preview(round_id=round.pk)
    assert counts(round) == {"ready": 1}


def test_screens_look_again_when_it_moves(workshop: Workshop, round: Round) -> None:
    for part in range(2):
        vote(round, make_seats(workshop, 5), [4] * 5)
        advance_preview(round_id=round.pk)
        workshop.refresh_from_db()
        assert workshop.version == 1 + part


def test_the_reveal_takes_the_preview_away(workshop: Workshop, round: Round, facilitator: User) -> None:
    for _ in range(2):
        vote(round, make_seats(workshop, 5), [4] * 5)
        advance_preview(round_id=round.pk)
    reveal_round(round=round, by=facilitator)
    round.refresh_from_db()
    assert (round.preview_pending, round.preview_shown) == (None, None)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_shown_differs_from_the_reveal_by_nobody_or_by_enough(
    ecosystem: Ecosystem, facilitator: User, seed: int
) -> None:
    """People vote, change their votes and change them back; somebody keeps every preview and compares."""
    chance = random.Random(seed)
    workshop = make_workshop(ecosystem, preview=True)
    activity = make_activity(workshop, plan=TWO)
    round = make_round(activity)
    seats = make_seats(workshop, chance.randint(4, 24))
    for number in (1, 2):
        kept: list[dict[str, tuple[set[Seat], Spread]]] = []
        for _ in range(40):
            seat, item = chance.choice(seats), chance.choice(("ready", "able"))
            Vote.objects.update_or_create(round=round, seat=seat, item=item, defaults={"value": chance.randint(1, 10)})
            in_snapshot = members(round)
            advance_preview(round_id=round.pk)
            shown = seen(round)
            if not kept or {item: spread for item, (_, spread) in kept[-1].items()} != shown:
                kept.append({item: (who(in_snapshot, item, spread.n), spread) for item, spread in shown.items()})
        reveal_round(round=round, by=facilitator)
        last = spreads(Round.objects.get(pk=round.pk).results)
        fresh = {item: (everybody(round, item), spread) for item, spread in last.items()}
        frames = [*kept, fresh]
        for earlier, later in pairwise(frames):
            for item, (people, spread) in earlier.items():
                others = later[item][0]
                assert people <= others
                assert len(others - people) == 0 or len(others - people) >= K, (number, item)
                assert spread.n == len(people)
        if number == 1:
            round = ask_again(round=round, seconds=None, by=facilitator)


def members(round: Round) -> dict[tuple[str, int], set[Seat]]:
    """Seats by item and the step at which they came into a snapshot, before this advance."""
    found: dict[tuple[str, int], set[Seat]] = {}
    for one in Vote.objects.filter(round=round, preview_step__gt=0).select_related("seat"):
        assert one.seat is not None
        found.setdefault((one.item, one.preview_step), set()).add(one.seat)
    return found


def who(in_snapshot: dict[tuple[str, int], set[Seat]], item: str, n: int) -> set[Seat]:
    """The seats of the snapshot of an item with so many votes: those of its first steps."""
    people: set[Seat] = set()
    for (of, _step), seats in sorted(in_snapshot.items(), key=lambda one: one[0]):
        if of == item and len(people) < n:
            people |= seats
    return people


def everybody(round: Round, item: str) -> set[Seat]:
    """Whose vote of this round is in the result that was revealed."""
    counted = Vote.objects.filter(round=round, item=item, counted=True).select_related("seat")
    return {one.seat for one in counted if one.seat is not None}


def test_groups_dealt_later_do_not_matter_where_results_are_not_by_breakout(workshop: Workshop, round: Round) -> None:
    breakout = Breakout.objects.create(workshop=workshop, label="North")
    for _ in range(2):
        vote(round, make_seats(workshop, 5, breakout=breakout), [4] * 5, breakout=breakout)
        advance_preview(round_id=round.pk)
    assert counts(round) == {"ready": 5}


@pytest.mark.django_db(transaction=True)
def test_votes_move_it_on_by_way_of_a_worker(
    ecosystem: Ecosystem, facilitator: User, celery_worker: WorkerProcess
) -> None:
    workshop = make_workshop(ecosystem, preview=True)
    activity: Activity = make_activity(workshop, plan=TWO)
    round = open_round(activity=activity, seconds=None, by=facilitator)
    seats = make_seats(workshop, 10)
    for part in (seats[:5], seats[5:]):
        before = Round.objects.get(pk=round.pk).preview_step
        for seat in part:
            cast_votes(seat=seat.pk, round_id=round.pk, votes=[GivenVote("ready", 4, revision=1)])
        moved = Round.objects.filter(pk=round.pk, preview_step__gt=before)
        assert wait_until(moved.exists, seconds=60), celery_worker.output()
    assert counts(round) == {"ready": 5}
    assert wait_until(lambda: cache.get(f"preview:{round.pk}") is None, seconds=60)
