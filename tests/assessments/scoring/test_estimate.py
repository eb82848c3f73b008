import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.estimate import Estimate, satterthwaite


class TestMean:
    def test_of_scores(self):
        assert Estimate.of([50, 60, np.nan, 70]) == Estimate(60.0, pytest.approx(100 / 3), 2, 3)

    def test_one_score_has_no_error_that_could_be_known(self):
        assert Estimate.of([42]) == Estimate(42.0, None, 0, 1)

    def test_equal_scores_have_exactly_no_error(self):
        assert Estimate.of([0.1] * 7) == Estimate(0.1, 0.0, 6, 7)

    @pytest.mark.parametrize("nothing", [[], [np.nan, np.nan]])
    def test_no_scores(self, nothing):
        assert Estimate.of(nothing) == Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)

    def test_from_moments(self):
        assert Estimate.from_moments(60, 10, 3) == Estimate.of([50, 60, 70])

    @pytest.mark.parametrize(("sd", "n"), [(1, 0), (-1, 5)])
    def test_impossible_moments_are_an_error(self, sd, n):
        with pytest.raises(ValueError, match="at least one answer and an sd of at least 0"):
            Estimate.from_moments(50, sd, n)


class TestGroupMeans:
    def test_each_group_is_one_voice(self):
        groups = {"customers": Estimate(80, 1.0, 899, 900), "communities": Estimate(40, 9.0, 11, 12)}
        found = Estimate.of_group_means(groups)
        assert (found.mean, found.error_variance, found.n) == (60.0, 2.5, 912)
        assert found.df == pytest.approx(2.5**2 / (0.25**2 / 899 + 2.25**2 / 11))

    def test_weights(self):
        groups = {"a": Estimate(80, 1.0, 9, 10), "b": Estimate(40, 4.0, 9, 10), "c": Estimate(0, None, 0, 1)}
        found = Estimate.of_group_means(groups, {"a": 3, "b": 1, "c": 0})
        assert (found.mean, found.n) == (70.0, 20)
        assert found.error_variance == pytest.approx(9 / 16 + 4 / 16)

    def test_one_group_is_itself(self):
        group = Estimate(80, 1.5, 9, 10)
        assert Estimate.of_group_means({"a": group}) == group

    def test_a_group_of_one_leaves_the_error_unknown(self):
        found = Estimate.of_group_means({"a": Estimate(80, 1.0, 9, 10), "b": Estimate(40, None, 0, 1)})
        assert found == Estimate(60.0, None, 0, 11)

    @pytest.mark.parametrize("weights", [None, {"a": 0}])
    def test_no_group_that_counts(self, weights):
        groups = {} if weights is None else {"a": Estimate(80, 1.0, 9, 10)}
        assert Estimate.of_group_means(groups, weights) == Absent(Reason.TOO_FEW_GROUPS, needs=1, have=0)

    def test_negative_weights_are_an_error(self):
        with pytest.raises(ValueError, match="cannot be negative"):
            Estimate.of_group_means({"a": Estimate(80, 1.0, 9, 10)}, {"a": -1})


@given(st.lists(st.tuples(st.floats(0, 1e300), st.integers(1, 1000)), min_size=1, max_size=6))
def test_satterthwaite_lies_between_the_smallest_and_all_degrees_of_freedom(parts):
    found = satterthwaite(parts)
    if any(variance for variance, _ in parts):
        assert min(df for variance, df in parts if variance) * (1 - 1e-9) <= found
        assert found <= sum(df for _, df in parts) * (1 + 1e-9)
    else:
        assert found == 0
