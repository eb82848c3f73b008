"""What a reveal computes, stores and shows, and what it withholds."""

import random
from itertools import combinations
from typing import Any

import pytest

from assessments.enums import CANT_SAY, ActivityKind, CommitmentState
from assessments.models import Breakout, Commitment, Round, Vote
from assessments.models.activity_plans import (
    BetPlan,
    DotsPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    RankingPlan,
)
from assessments.scoring.room.results import (
    BetResults,
    DotsResults,
    LinkResults,
    RankingResults,
    Rating,
    RatingResults,
    decode,
)
from assessments.services.rounds import ask_again, reveal_round
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
A, B, C = (Option(key=key, text=key.upper()) for key in "abc")


def revealed(round: Round, by: User) -> Any:
    """The results as every screen reads them from the database."""
    reveal_round(round=round, by=by)
    found = Round.objects.select_related("activity").get(pk=round.pk)
    assert found.results is not None
    return decode(found.activity.kind, found.results)


def rating(round: Round, by: User) -> Rating:
    results = revealed(round, by)
    assert isinstance(results, RatingResults)
    return results.items[0].together


def test_votes_are_counted_and_marked(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 7), [2, 4, 4, 6, 8, 9, CANT_SAY])
    together = rating(round, facilitator)
    assert together.spread is not None
    assert (together.spread.n, together.spread.median) == (6, 5.0)
    assert together.turnout is not None
    assert (together.turnout.fresh, together.turnout.cant_say) == (7, 1)
    assert Vote.objects.filter(round=round, counted=True).count() == 7


def test_fewer_than_the_minimum_leave_nothing_but_that(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 4), [2, 4, 6, 8])
    reveal_round(round=round, by=facilitator)
    round.refresh_from_db()
    assert round.results == {
        "round": 1,
        "minimum": 5,
        "lowest": 1,
        "highest": 10,
        "agree_from": 8,
        "items": [{"item": "ready", "together": {"withheld": True}}],
    }
    assert Vote.objects.filter(counted=True).count() == 0


def test_in_a_named_workshop_one_vote_is_shown(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, named=True)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 1, name="Ana"), [3])
    together = rating(round, facilitator)
    assert together.spread is not None
    assert together.spread.median == 3.0


def test_a_round_without_votes_is_revealed_empty(ecosystem: Ecosystem, facilitator: User) -> None:
    round = make_round(make_activity(make_workshop(ecosystem)))
    assert rating(round, facilitator) == Rating(withheld=True)


def test_a_vote_stands_until_its_owner_changes_it(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    seats = make_seats(workshop, 10)
    first = make_round(activity)
    vote(first, seats, [2] * 10)
    rating(first, facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    vote(second, seats[:6], [8] * 6)
    together = rating(second, facilitator)
    assert together.spread is not None
    assert together.turnout is not None
    assert together.shift is not None
    assert (together.spread.n, together.turnout.fresh, together.turnout.standing) == (10, 6, 4)
    assert (together.shift.since, together.shift.median_change) == (1, 6.0)
    assert Vote.objects.filter(counted=True).count() == 16


def test_a_first_result_stays_as_it_was_shown(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 6)
    first = make_round(make_activity(workshop))
    vote(first, seats, [2] * 6)
    reveal_round(round=first, by=facilitator)
    before = Round.objects.get(pk=first.pk).results
    second = ask_again(round=first, seconds=None, by=facilitator)
    vote(second, seats, [9] * 6)
    reveal_round(round=second, by=facilitator)
    assert Round.objects.get(pk=first.pk).results == before


def test_a_late_single_answer_waits(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 7)
    first = make_round(make_activity(workshop))
    vote(first, seats[:6], [2] * 6)
    rating(first, facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    vote(second, seats, [2] * 6 + [10])
    together = rating(second, facilitator)
    assert together.spread is not None
    assert together.turnout is not None
    assert (together.spread.n, together.spread.counts[9], together.turnout.waiting) == (6, 0, 1)
    assert Vote.objects.get(round=second, value=10).counted is False


def test_breakout_groups_have_results_of_their_own(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    north, south = (Breakout.objects.create(workshop=workshop, label=label) for label in ("North", "South"))
    round = make_round(make_activity(workshop, by_breakout=True))
    vote(round, make_seats(workshop, 5, breakout=north), [2] * 5, breakout=north)
    vote(round, make_seats(workshop, 6, breakout=south), [8] * 6, breakout=south)
    results = revealed(round, facilitator)
    assert isinstance(results, RatingResults)
    groups = results.items[0].groups
    assert [(one.group, one.spread and one.spread.median) for one in groups] == [("North", 2.0), ("South", 8.0)]


def test_a_small_group_hides_another(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    labels = ("North", "South", "West")
    north, south, west = (Breakout.objects.create(workshop=workshop, label=label) for label in labels)
    round = make_round(make_activity(workshop, by_breakout=True))
    for breakout, size in ((north, 5), (south, 6), (west, 3)):
        vote(round, make_seats(workshop, size), [4] * size, breakout=breakout)
    results = revealed(round, facilitator)
    assert isinstance(results, RatingResults)
    assert [(one.group, one.withheld) for one in results.items[0].groups] == [
        ("North", True),
        ("South", False),
        ("West", True),
    ]


def test_dots_rankings_links_and_bets(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 5)

    def asked(kind: str, plan: Any) -> Round:
        return make_round(make_activity(workshop, kind=kind, plan=plan))

    dots = asked(ActivityKind.DOTS, DotsPlan(options=(A, B), dots=3, most=3))
    vote(dots, seats, [3, 2, 1, 0, 0], item="a")
    vote(dots, seats, [0, 1, 2, 3, 3], item="b")
    tally = revealed(dots, facilitator)
    assert isinstance(tally, DotsResults)
    assert [(one.item, one.dots) for one in tally.together.options] == [("a", 6), ("b", 9)]

    ranking = asked(ActivityKind.RANKING, RankingPlan(options=(A, B, C)))
    for item, rank in (("a", 2), ("b", 1), ("c", 3)):
        vote(ranking, seats, [rank] * 5, item=item)
    order = revealed(ranking, facilitator)
    assert isinstance(order, RankingResults)
    assert [(one.item, one.place) for one in order.together.items] == [("a", 2), ("b", 1), ("c", 3)]

    links = asked(ActivityKind.LINKS, LinksPlan(pairs=(Pair(key="l", source="Trust", target="Costs"),)))
    vote(links, seats, [-2, -2, -1, 3, 0], item="l", delay=None)
    voted = revealed(links, facilitator)
    assert isinstance(voted, LinkResults)
    assert (voted.items[0].together.lowers, voted.items[0].together.raises) == (0.6, 0.2)

    bet = asked(ActivityKind.BET, BetPlan(items=(Item(key="b", text="How many?"),), outcomes={"b": 30.0}))
    vote(bet, seats, [10, 20, 30, 40, 60], item="b")
    guessed = revealed(bet, facilitator)
    assert isinstance(guessed, BetResults)
    assert (guessed.items[0].outcome, guessed.items[0].together.median_error) == (30.0, 0.0)


def test_votes_on_what_is_not_asked_are_left_aside(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    seats = make_seats(workshop, 5)
    vote(round, seats, [4] * 5)
    vote(round, seats, [4] * 5, item="elsewhere")
    rating(round, facilitator)
    assert set(Vote.objects.filter(counted=True).values_list("item", flat=True)) == {"ready"}


def test_commitments_are_shown_with_the_round_whoever_many_there_are(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop, kind=ActivityKind.COMMIT))
    (seat,) = make_seats(workshop, 1)
    proposed = Commitment.objects.create(
        organization=workshop.organization,
        ecosystem=ecosystem,
        workshop=workshop,
        activity=round.activity,
        seat=seat,
        text="Ask two suppliers",
        owner_name="Marta",
        state=CommitmentState.PROPOSED,
    )
    reveal_round(round=round, by=facilitator)
    round.refresh_from_db()
    assert round.results == {"authors": 1, "shown": 1, "keys": [str(proposed.key)]}


@pytest.mark.parametrize("by_breakout", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_people_behind_results_grow_by_nobody_or_by_enough(
    ecosystem: Ecosystem, facilitator: User, seed: int, by_breakout: bool
) -> None:
    """People come, vote in some rounds and not in others; every result is compared with the ones before."""
    chance = random.Random(seed)
    workshop = make_workshop(ecosystem)
    groups = [Breakout.objects.create(workshop=workshop, label=label, position=n) for n, label in enumerate("AB")]
    seats = [make_seats(workshop, 1, breakout=chance.choice(groups))[0] for _ in range(22)]
    activity = make_activity(workshop, by_breakout=by_breakout)
    round, kept = make_round(activity), []
    for number in range(1, 6):
        for seat in chance.sample(seats[: 4 + 4 * number], chance.randint(0, 8)):
            vote(round, [seat], [chance.randint(1, 10)], breakout=seat.breakout)
        results = revealed(round, facilitator)
        assert isinstance(results, RatingResults)
        people = set(Vote.objects.filter(counted=True).values_list("seat_id", flat=True))
        together = results.items[0].together
        assert together.withheld is (not people)
        if together.turnout is not None:
            assert together.turnout.counted == len(people) >= 5
            kept.append(people)
        round = ask_again(round=round, seconds=None, by=facilitator)
    for earlier, later in combinations(kept, 2):
        assert earlier <= later
        assert len(later - earlier) == 0 or len(later - earlier) >= 5
    assert len(kept) >= 2
