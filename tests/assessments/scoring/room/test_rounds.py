import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.room.populations import RoomVotes
from assessments.scoring.room.results import (
    BetResults,
    DotsResults,
    LinkResults,
    RankingResults,
    RatingResults,
    VoteKind,
    decode,
    encode,
)
from assessments.scoring.room.rounds import round_results
from tests.assessments.scoring.room.rooms import SCALES, room, votes_of

TYPES = {
    VoteKind.RATE: RatingResults,
    VoteKind.DOTS: DotsResults,
    VoteKind.RANKING: RankingResults,
    VoteKind.LINKS: LinkResults,
    VoteKind.BET: BetResults,
}


def part(votes, which):
    arrays = {
        name: getattr(votes, name)[which]
        for name in ("seat", "round", "item", "value", "confidence", "delay", "counted", "group")
    }
    return RoomVotes(items=votes.items, groups=votes.groups, **arrays)


def results(kind, votes, number=1, k=3, **settings):
    lowest, highest = SCALES[kind]
    revealed = range(1, number)
    return round_results(kind, votes, number=number, revealed=revealed, k=k, lowest=lowest, highest=highest, **settings)


CHANGES = {"round", "turnout", "shift", "stable", "since", "share_change", "place_before", "tau", "rho"}


def numbers_in(value):
    """What is shown of a round by itself: how many count instead of who is fresh, and no change since another round."""
    if isinstance(value, list):
        return [numbers_in(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: numbers_in(one) for key, one in value.items() if key not in CHANGES}
    if people := value.get("turnout"):
        kept |= {"people": people["fresh"] + people["standing"], "cant_say": people.get("cant_say", 0)}
    return kept


@pytest.mark.parametrize("kind", VoteKind)
class TestEveryKind:
    @pytest.mark.parametrize("k", [1, 3])
    def test_comes_back_from_json(self, kind, k):
        votes = room(kind, seats=20, items=4, rounds=2, groups=4)
        found = results(kind, votes, 2, k=k).results
        assert isinstance(found, TYPES[kind])
        assert (found.round, found.minimum) == (2, k)
        assert decode(kind.value, json.loads(json.dumps(encode(found)))) == found

    def test_nobody(self, kind):
        found = results(kind, room(kind, seats=0, items=4, rounds=1, groups=2))
        assert found.counted.tolist() == []
        assert decode(kind, encode(found.results)) == found.results

    def test_no_items(self, kind):
        found = results(kind, room(kind, seats=5, items=0, rounds=1))
        assert decode(kind, encode(found.results)) == found.results

    @pytest.mark.parametrize("seed", range(12))
    def test_a_few_late_votes_change_nothing_that_is_shown(self, kind, seed):
        """One or two people vote again or for the first time: the second reveal shows what the first did."""
        votes = room(kind, seats=12, items=4, rounds=2, groups=2, often=0.75, seed=seed)
        late = np.random.default_rng(seed).choice(12, size=1 + seed % 2, replace=False)
        votes = part(votes, (votes.round == 1) | np.isin(votes.seat, late))
        first, second = results(kind, votes, 1), results(kind, votes, 2)
        assert numbers_in(encode(first.results)) == numbers_in(encode(second.results))
        assert (first.counted == second.counted).all()

    def test_marks_what_is_counted(self, kind):
        votes = room(kind, seats=12, items=4, rounds=2, often=1.0, cant_say=0.0)
        assert results(kind, votes, 1).counted.tolist() == (votes.round == 1).tolist()
        assert results(kind, votes, 2).counted.tolist() == (votes.round == 2).tolist()

    def test_withheld_holds_no_number(self, kind):
        votes = room(kind, seats=2, items=4, rounds=1, groups=2, often=1.0)
        data = encode(results(kind, votes).results)
        parts = data.get("items", [data])
        assert [one["together"] for one in parts] == [{"withheld": True}] * len(parts)
        assert {tuple(group) for one in parts for group in one["groups"]} == {("group", "withheld")}


def test_settings_of_ratings():
    votes = votes_of([1, 5, 7])
    assert results(VoteKind.RATE, votes).results.agree_from == 6
    found = results(VoteKind.RATE, votes, agree_from=5).results
    assert (found.lowest, found.highest, found.agree_from) == (1, 7, 5)
    assert found.items[0].together.spread.agree_share == 2 / 3


def test_settings_of_bets():
    found = results(VoteKind.BET, votes_of([40, 50, 60]), outcomes={"a": 55.0}, within=5.0).results
    assert found.within == 5.0
    assert (found.items[0].outcome, found.items[0].together.median_error) == (55.0, -5.0)
    assert found.items[0].together.within_share == 2 / 3


@pytest.mark.parametrize("kind", ["talk", ""])
def test_a_kind_without_votes_is_an_error(kind):
    with pytest.raises(ValueError, match="is not a valid VoteKind"):
        round_results(kind, votes_of([1]), number=1, k=3)
    with pytest.raises(ValueError, match="is not a valid VoteKind"):
        decode(kind, {})


def test_a_round_cannot_come_before_one_already_revealed():
    with pytest.raises(ValueError, match="revealed rounds in their order"):
        round_results("rate", votes_of([1]), number=1, revealed=[2], k=3)


@given(st.integers(0, 2**32), st.integers(1, 18), st.integers(0, 3), st.integers(1, 3), st.sampled_from(VoteKind))
@settings(max_examples=150, deadline=None)
def test_no_shown_number_stands_on_a_few(seed, seats, groups, rounds, kind):
    """Each shown part has k people with a vote; and together they leave nobody, or k, of the whole."""
    k = 3
    votes = room(kind, seats=seats, items=3, rounds=rounds, groups=groups, often=0.6, seed=seed, cant_say=0.2)
    found = encode(results(kind, votes, rounds, k=k).results)
    for one in found.get("items", [found]):
        sizes = [_people_with_a_vote(shown) for shown in (one["together"], *one.get("groups", []))]
        assert all(size is None or size >= k for size in sizes)
        if sizes[0] is None:
            assert set(sizes) == {None}
        elif any(size is not None for size in sizes[1:]):
            hidden = sizes[0] - sum(size or 0 for size in sizes[1:])
            assert hidden == 0 or hidden >= k
        for shown in (one["together"], *one.get("groups", [])):
            assert shown.get("confidence_n", k) >= k
            assert sum(shown.get("delays", [k])) >= k
            assert shown.get("shift", {}).get("paired", k) >= k


def _people_with_a_vote(shown):
    if shown.get("withheld"):
        return None
    turnout = shown["turnout"]
    return turnout["fresh"] + turnout["standing"] - turnout.get("cant_say", 0)
