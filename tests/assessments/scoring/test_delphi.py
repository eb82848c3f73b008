import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.consensus import polarization, tastle_wierman_consensus, van_der_eijk_agreement
from assessments.scoring.delphi import RoundShift, RoundSummary, round_shift, round_summary

votes = st.lists(st.sampled_from([1, 2, 3, 4, 5, 6, 7, np.nan]), max_size=25)


def summary(given_votes: object) -> RoundSummary | Absent:
    return round_summary(given_votes, lowest=1, highest=7, agree_from=6)


class TestRound:
    def test_by_hand(self):
        found = summary([7, 6, 6, 5, 2, np.nan])
        assert found == RoundSummary(
            n=5,
            counts=(0, 1, 0, 0, 1, 2, 1),
            median=6.0,
            lower_quartile=5.0,
            upper_quartile=6.0,
            iqr=1.0,
            agree_share=0.6,
            consensus=tastle_wierman_consensus([0, 1, 0, 0, 1, 2, 1]),
            agreement=van_der_eijk_agreement([0, 1, 0, 0, 1, 2, 1]),
            polarization=polarization([0, 1, 0, 0, 1, 2, 1]),
        )

    def test_quartiles_interpolate(self):
        found = summary([1, 2, 3, 4])
        assert (found.lower_quartile, found.median, found.upper_quartile) == (1.75, 2.5, 3.25)

    def test_one_vote(self):
        found = summary([4])
        assert (found.n, found.median, found.iqr, found.agree_share, found.consensus) == (1, 4.0, 0.0, 0.0, 1.0)

    @pytest.mark.parametrize("nothing", [[], [np.nan, np.nan]])
    def test_no_votes(self, nothing):
        assert summary(nothing) == Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)

    def test_yes_or_no_has_no_van_der_eijk(self):
        found = round_summary([0, 1, 1], lowest=0, highest=1, agree_from=1)
        assert found.agreement == found.polarization == Absent(Reason.TOO_FEW_LEVELS, needs=3, have=2)
        assert found.agree_share == pytest.approx(2 / 3)

    @pytest.mark.parametrize("wrong", [[0], [8], [2.5], [np.inf]])
    def test_a_vote_off_the_scale_is_an_error(self, wrong):
        with pytest.raises(ValueError, match=r"whole number from 1 to 7|must be finite"):
            summary(wrong)

    def test_a_scale_without_levels_is_an_error(self):
        with pytest.raises(ValueError, match="no levels to choose from"):
            round_summary([1], lowest=1, highest=1, agree_from=1)

    @given(votes, st.randoms(use_true_random=False))
    def test_order_does_not_matter_and_bounds_hold(self, given_votes, random):
        shuffled = given_votes.copy()
        random.shuffle(shuffled)
        found = summary(given_votes)
        assert summary(shuffled) == found
        if not isinstance(found, Absent):
            assert 1 <= found.lower_quartile <= found.median <= found.upper_quartile <= 7
            assert 0 <= found.agree_share <= 1
            assert sum(found.counts) == found.n


class TestShift:
    def test_by_hand(self):
        found = round_shift([2, 4, 6, np.nan, 3], [4, 4, 5, 5, np.nan], lowest=1, highest=7)
        assert isinstance(found, RoundShift)
        assert (found.n_before, found.n_after, found.paired) == (4, 4, 3)
        assert found.median_change == pytest.approx(4.5 - 3.5)
        assert found.iqr_change == pytest.approx(1.0 - (4.5 - 2.75))
        assert found.kept_share == pytest.approx(1 / 3)
        assert found.kappa == pytest.approx(1 - (5 / 3) / (8 / 3 + 2 / 9 + (4 - 13 / 3) ** 2))

    def test_nothing_moved(self):
        found = round_shift([2, 4, 6], [2, 4, 6], lowest=1, highest=7)
        assert found == RoundShift(0.0, 0.0, 3, 3, 3, 1.0, 1.0)

    def test_all_on_one_level_twice_has_no_kappa(self):
        found = round_shift([4, 4], [4, 4], lowest=1, highest=7)
        assert (found.kept_share, found.kappa) == (1.0, Absent(Reason.NO_VARIANCE))

    def test_nobody_voted_twice(self):
        found = round_shift([4, np.nan], [np.nan, 6], lowest=1, highest=7)
        assert found.median_change == 2.0
        assert found.kept_share == found.kappa == Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)

    @pytest.mark.parametrize(("before", "after"), [([], []), ([np.nan], [3]), ([3], [np.nan])])
    def test_a_round_without_votes(self, before, after):
        assert round_shift(before, after, lowest=1, highest=7) == Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)

    def test_rounds_of_different_seats_are_an_error(self):
        with pytest.raises(ValueError, match="2 seats before but 1 after"):
            round_shift([1, 2], [1], lowest=1, highest=7)
