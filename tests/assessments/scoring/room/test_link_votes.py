import numpy as np

from assessments.scoring.consensus import tastle_wierman_consensus
from assessments.scoring.room.link_votes import voted_link
from assessments.scoring.room.populations import CANT_SAY, RoomVotes, VoteRow
from assessments.scoring.room.results import LinkVote, Shift, Turnout, VotedLink
from tests.assessments.scoring.room.rooms import votes_of


def voted(*values, k=3, rounds=(1,)):
    return voted_link(votes_of(*values), 0, rounds=rounds, k=k)[0].together


def with_delays(*given):
    rows = [VoteRow(place, 1, "a", value, delay=delay) for place, (value, delay) in enumerate(given)]
    return voted_link(RoomVotes.of(rows, items=["a"]), 0, rounds=(1,), k=3)[0].together


def test_by_hand():
    found = voted([3, 2, 2, 1, 0, -1, -3, -3, None])
    assert found.turnout == Turnout(fresh=9, standing=0, cant_say=1)
    assert (found.raises, found.none, found.lowers) == (0.5, 0.125, 0.375)
    assert found.strength == float(np.median([3, 2, 2, 1, 1, 3, 3]))
    assert found.spread.counts == (2, 0, 1, 1, 1, 2, 1)
    assert found.spread.consensus == tastle_wierman_consensus([2, 0, 1, 1, 1, 2, 1])
    assert found.spread.agree_share is None
    assert found.conflict
    assert found.delays is None


def test_conflict_needs_a_quarter_on_either_side():
    assert voted([1, 1, 1, -1]).conflict
    assert not voted([1, 1, 1, 1, -1]).conflict
    assert not voted([1, 1, 0, 0, 0, -1, -1, -1, 0]).conflict


def test_no_effect_has_no_strength():
    found = voted([0, 0, 0])
    assert (found.none, found.strength, found.conflict) == (1.0, None, False)


def test_delays_of_enough():
    assert with_delays((1, 0), (1, 2), (2, 2), (1, None), (CANT_SAY, 1)).delays == (1, 0, 2)
    assert with_delays((1, 0), (1, 2), (2, None)).delays is None


def test_shift():
    found = voted([3, 2, 1], [3, 2, 2], rounds=(1, 2))
    assert found.shift == Shift(1, 0.0, -0.5, 3, 2 / 3, found.shift.kappa)
    assert found.stable is (found.shift.kappa >= 0.61)


def test_withheld_and_nobody():
    assert voted_link(votes_of([1, 1]), 0, rounds=(1,), k=3)[0] == VotedLink("a", LinkVote(withheld=True))
    assert voted([None], k=1) == LinkVote(turnout=Turnout(fresh=1, standing=0, cant_say=1))
