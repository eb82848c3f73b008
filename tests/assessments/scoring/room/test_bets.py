import numpy as np
import pytest

from assessments.scoring.room.bets import bet_item, guesses_spread
from assessments.scoring.room.results import Bet, BetItem, Shift, Spread, Turnout
from tests.assessments.scoring.room.rooms import votes_of


def bet(*values, k=3, rounds=(1,), outcome=None, within=None):
    return bet_item(votes_of(*values), 0, lowest=0, highest=100, outcome=outcome, within=within, rounds=rounds, k=k)[0]


class TestSpread:
    def test_by_hand(self):
        found = guesses_spread(np.array([0, 9, 10, 55, 100, np.nan]), lowest=0, highest=100)
        assert found == Spread(5, (2, 1, 0, 0, 0, 1, 0, 0, 0, 1), 10.0, 9.0, 55.0, 46.0)

    def test_bins_of_another_range(self):
        found = guesses_spread(np.array([-50.0, -49, -45, 0, 50]), lowest=-50, highest=50)
        assert found.counts == (3, 0, 0, 0, 0, 1, 0, 0, 0, 1)

    def test_nobody(self):
        assert guesses_spread(np.array([np.nan]), lowest=0, highest=100) is None

    @pytest.mark.parametrize("wrong", [-1.0, 101.0])
    def test_a_guess_out_of_range_is_an_error(self, wrong):
        with pytest.raises(ValueError, match="between 0 and 100"):
            guesses_spread(np.array([wrong]), lowest=0, highest=100)


class TestBets:
    def test_before_the_outcome(self):
        found = bet([40, 50, 60, None])
        assert found.outcome is None
        assert (found.together.median_error, found.together.within_share) == (None, None)
        assert found.together.turnout == Turnout(fresh=4, standing=0, cant_say=1)

    def test_against_the_outcome(self):
        found = bet([40, 50, 60, 90], outcome=49.5, within=10)
        assert (found.together.median_error, found.together.within_share) == (5.5, 0.5)
        assert found.outcome == 49.5

    def test_against_the_outcome_without_nearness(self):
        assert bet([40, 50, 60], outcome=49.5).together.within_share is None

    def test_two_rounds(self):
        found = bet([10, 50, 90], [45, 50, 55], rounds=(1, 2)).together
        assert found.shift == Shift(1, 0.0, -35.0, 3, 1 / 3, found.shift.kappa)
        assert found.stable is False

    def test_withheld_and_nobody(self):
        assert bet([10, 20], outcome=5.0) == BetItem("a", Bet(withheld=True), outcome=5.0)
        assert bet([None], k=1, outcome=5.0).together == Bet(turnout=Turnout(fresh=1, standing=0, cant_say=1))
