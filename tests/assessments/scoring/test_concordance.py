import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.concordance import (
    KendallW,
    KrippendorffAlpha,
    Metric,
    kendall_w,
    krippendorff_alpha,
    weighted_kappa,
)

BLANK = np.nan
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, BLANK, BLANK, BLANK],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, BLANK, 3],
    [BLANK, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, BLANK],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, BLANK],
]
ratings = hnp.arrays(
    np.float64, st.tuples(st.integers(0, 5), st.integers(0, 6)), elements=st.sampled_from([1, 2, 3, 4, BLANK])
)


def anxiety(published):
    return published.matrix("anxiety_raters.csv", ["rater1", "rater2", "rater3"]).T


class TestKendall:
    def test_anxiety_with_ties(self, published):
        case, found = published.expected("DE02_kendall_w"), kendall_w(anxiety(published))
        assert isinstance(found, KendallW)
        assert found.w == pytest.approx(case["W_ties"], abs=1e-6)
        assert found.chi2 == pytest.approx(case["chi2"], rel=1e-6)
        assert found.df == case["df"]
        assert found.p == pytest.approx(case["p"], abs=1e-6)
        assert (found.raters, found.items) == (3, 20)

    def test_one_order_is_one_and_opposite_orders_are_zero(self):
        assert kendall_w([[1, 2, 3], [10, 20, 30]]).w == pytest.approx(1.0)
        assert kendall_w([[1, 2, 3], [3, 2, 1]]).w == pytest.approx(0.0)

    def test_a_rater_with_a_blank_is_left_out(self):
        assert kendall_w([[1, 2, 3], [2, 1, 3], [BLANK, 1, 2]]) == kendall_w([[1, 2, 3], [2, 1, 3]])

    @pytest.mark.parametrize(
        ("votes", "absent"),
        [
            ([], Absent(Reason.TOO_FEW_ITEMS, needs=2, have=0)),
            ([[1], [2]], Absent(Reason.TOO_FEW_ITEMS, needs=2, have=1)),
            ([[1, 2, 3]], Absent(Reason.TOO_FEW_RATERS, needs=2, have=1)),
            ([[BLANK, BLANK]] * 3, Absent(Reason.TOO_FEW_RATERS, needs=2, have=0)),
            ([[2, 2, 2], [4, 4, 4]], Absent(Reason.NO_VARIANCE)),
        ],
    )
    def test_absent_with_a_reason(self, votes, absent):
        assert kendall_w(votes) == absent

    @given(ratings, st.randoms(use_true_random=False))
    def test_only_the_order_counts(self, votes, random):
        before = kendall_w(votes)
        order = list(range(votes.shape[0]))
        random.shuffle(order)
        after = kendall_w(np.exp(votes[order]) + 1)
        if isinstance(before, Absent):
            assert after == before
        else:
            assert after.w == pytest.approx(before.w)
            assert 0 <= before.w <= 1
            assert 0 <= before.p <= 1


class TestKrippendorff:
    @pytest.mark.parametrize(
        ("metric", "alpha"), [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815), (Metric.INTERVAL, 0.849)]
    )
    def test_four_observers(self, metric, alpha):
        """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C."""
        found = krippendorff_alpha(FOUR_OBSERVERS, metric=metric)
        assert isinstance(found, KrippendorffAlpha)
        assert round(found.alpha, 3) == alpha
        assert (found.units, found.values) == (11, 40)

    def test_two_observers_binary(self):
        """Krippendorff (2011), example A: ten units, alpha 0.095."""
        votes = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
        for metric in Metric:
            assert krippendorff_alpha(votes, metric=metric).alpha == pytest.approx(0.095, abs=0.0005)

    def test_full_agreement(self):
        assert krippendorff_alpha([[1, 2, 3], [1, 2, 3]]).alpha == pytest.approx(1.0)

    @pytest.mark.parametrize(
        ("votes", "absent"),
        [
            ([], Absent(Reason.TOO_FEW_RATERS, needs=2, have=0)),
            ([[1, 2, 3]], Absent(Reason.TOO_FEW_RATERS, needs=2, have=1)),
            ([[BLANK, BLANK]] * 3, Absent(Reason.TOO_FEW_RATERS, needs=2, have=0)),
            ([[1, BLANK], [BLANK, 2]], Absent(Reason.TOO_FEW_RATERS, needs=2, have=1)),
            ([[2, 2], [2, 2]], Absent(Reason.NO_VARIANCE)),
        ],
    )
    def test_absent_with_a_reason(self, votes, absent):
        assert krippendorff_alpha(votes) == absent

    @given(ratings, st.sampled_from(list(Metric)), st.randoms(use_true_random=False))
    def test_order_does_not_matter(self, votes, metric, random):
        rows, columns = list(range(votes.shape[0])), list(range(votes.shape[1]))
        random.shuffle(rows)
        random.shuffle(columns)
        before, after = (krippendorff_alpha(v, metric=metric) for v in (votes, votes[rows][:, columns] * 3 + 2))
        if isinstance(before, Absent):
            assert after == before
        else:
            assert after.alpha == pytest.approx(before.alpha, abs=1e-9)
            assert before.alpha <= 1


class TestWeightedKappa:
    def test_two_raters_of_anxiety(self, published):
        """irr::kappa2(anxiety[, 1:2], "squared") prints 0.297."""
        first, second, _ = anxiety(published)
        assert weighted_kappa(first, second, levels=6) == pytest.approx(0.297, abs=0.0005)

    def test_is_kappa_for_two_levels(self):
        before, after = [1] * 25 + [2] * 25, [1] * 20 + [2] * 5 + [1] * 10 + [2] * 15
        assert weighted_kappa(before, after, levels=2) == pytest.approx((0.7 - 0.5) / (1 - 0.5))

    def test_by_the_table_of_all_pairs(self):
        rng = np.random.default_rng(0)
        before = rng.integers(1, 8, size=40)
        after = np.clip(before + rng.integers(-2, 3, size=40), 1, 7)
        weights = (np.arange(7)[:, None] - np.arange(7)) ** 2
        joint = np.histogram2d(before, after, bins=np.arange(0.5, 8))[0] / 40
        by_chance = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        expected = 1 - (weights * joint).sum() / (weights * by_chance).sum()
        assert weighted_kappa(before, after, levels=7) == pytest.approx(expected)

    def test_unchanged_votes_and_turned_votes(self):
        assert weighted_kappa([1, 2, 5], [1, 2, 5], levels=5) == 1.0
        assert weighted_kappa([1, 5], [5, 1], levels=5) == pytest.approx(-1.0)

    def test_pairs_with_a_blank_are_left_out(self):
        assert weighted_kappa([1, 2, BLANK, 4], [2, 2, 3, BLANK], levels=5) == weighted_kappa([1, 2], [2, 2], levels=5)

    @pytest.mark.parametrize(
        ("before", "after", "absent"),
        [
            ([], [], Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)),
            ([1, BLANK], [BLANK, 2], Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)),
            ([3, 3], [3, 3], Absent(Reason.NO_VARIANCE)),
        ],
    )
    def test_absent_with_a_reason(self, before, after, absent):
        assert weighted_kappa(before, after, levels=5) == absent

    def test_wrong_input_is_an_error(self):
        with pytest.raises(ValueError, match="pair them by person"):
            weighted_kappa([1, 2], [1], levels=5)
        with pytest.raises(ValueError, match="between 0 and 4"):
            weighted_kappa([1, 5], [1, 2], levels=5, lowest=0)
