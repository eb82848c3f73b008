import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.change import (
    Category,
    Difference,
    ReliableChange,
    Verdict,
    Welch,
    change,
    change_of_group_means,
    reliable_change,
    self_other_gap,
)
from assessments.scoring.estimate import Estimate

DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

scores = st.lists(st.floats(0, 100), min_size=2, max_size=20)


def estimate(*values: float) -> Estimate:
    result = Estimate.of(values)
    assert isinstance(result, Estimate)
    return result


def welch_of(difference: Difference | Absent) -> Welch:
    assert isinstance(difference, Difference)
    assert isinstance(difference.welch, Welch)
    return difference.welch


class TestChange:
    def test_students_sleep_data(self):
        """R prints for t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p = 0.07939."""
        found = change(estimate(*DRUG_2), estimate(*DRUG_1))
        welch = welch_of(found)
        assert (found.first, found.second) == pytest.approx((2.33, 0.75))
        assert welch.t == pytest.approx(-1.8608, abs=5e-5)
        assert welch.df == pytest.approx(17.776, abs=5e-4)
        assert welch.p == pytest.approx(0.07939, abs=5e-6)
        assert (welch.interval.low, welch.interval.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
        assert welch.verdict is Verdict.COULD_BE_CHANCE

    def test_clear_change(self):
        found = change(estimate(40, 42, 44, 41), estimate(60, 63, 61, 59))
        assert found.difference == pytest.approx(19.0)
        assert welch_of(found).verdict is Verdict.CLEAR_CHANGE
        assert welch_of(found).verdict == "clear change"

    def test_one_side_without_spread_still_has_an_interval(self):
        welch = welch_of(change(estimate(50, 50, 50), estimate(60, 70, 80)))
        assert welch.df == pytest.approx(2.0)
        assert welch.interval.low == pytest.approx(20 - 4.302653 * 10 / np.sqrt(3), abs=1e-5)

    def test_nobody_differs(self):
        found = change(estimate(50, 50), estimate(70, 70, 70))
        assert (found.difference, found.welch) == (20.0, Absent(Reason.NO_VARIANCE))

    def test_a_single_answer(self):
        found = change(estimate(50), estimate(60, 70))
        assert (found.difference, found.welch) == (15.0, Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1))
        assert (found.n_first, found.n_second) == (1, 2)

    @given(scores, scores)
    def test_the_other_way_round_is_the_same_change_backwards(self, first, second):
        there, back = change(estimate(*first), estimate(*second)), change(estimate(*second), estimate(*first))
        assert back.difference == -there.difference
        if isinstance(there.welch, Absent):
            assert back.welch == there.welch
        else:
            assert back.welch.verdict is there.welch.verdict
            assert back.welch.interval.low == pytest.approx(-there.welch.interval.high)
            assert 0 <= there.welch.p <= 1

    @given(scores, scores)
    def test_the_verdict_is_the_test(self, first, second):
        found = change(estimate(*first), estimate(*second))
        if isinstance(found.welch, Welch) and min(np.ptp(first), np.ptp(second)) > 1e-3:
            expected = stats.ttest_ind(second, first, equal_var=False)
            assert found.welch.p == pytest.approx(expected.pvalue, abs=1e-9)
            if abs(expected.pvalue - 0.05) > 1e-6:
                assert (found.welch.verdict is Verdict.CLEAR_CHANGE) == (expected.pvalue < 0.05)


class TestChangeOfGroupMeans:
    def test_groups_of_one_wave_are_left_out_and_named(self):
        before = {"staff": Estimate(50, 4.0, 9, 10), "owners": Estimate(90, 1.0, 9, 10)}
        after = {"staff": Estimate(60, 5.0, 9, 10), "customers": Estimate(20, 1.0, 9, 10)}
        found = change_of_group_means(before, after)
        assert isinstance(found, Difference)
        assert found.left_out == ("customers", "owners")
        assert found == Difference(
            **{
                **{name: getattr(change(before["staff"], after["staff"]), name) for name in Difference.__slots__},
                "left_out": ("customers", "owners"),
            }
        )

    def test_each_group_counts_once(self):
        before = {"a": Estimate(50, 4.0, 99, 100), "b": Estimate(70, 8.0, 4, 5)}
        after = {"a": Estimate(50, 4.0, 99, 100), "b": Estimate(80, 8.0, 4, 5)}
        found = change_of_group_means(before, after)
        assert found.difference == pytest.approx(5.0)
        welch = welch_of(found)
        assert welch.t == pytest.approx(5 / np.sqrt(6))
        assert welch.df == pytest.approx(6**2 / (2 * 1 / 99 + 2 * 4 / 4))
        assert welch.verdict is Verdict.COULD_BE_CHANCE

    def test_weights(self):
        before = {"a": Estimate(50, 4.0, 99, 100), "b": Estimate(70, 8.0, 4, 5)}
        after = {"a": Estimate(54, 4.0, 99, 100), "b": Estimate(80, 8.0, 4, 5)}
        found = change_of_group_means(before, after, weights={"a": 3, "b": 1, "gone": 7})
        assert found.difference == pytest.approx(0.75 * 4 + 0.25 * 10)

    @pytest.mark.parametrize("after", [{}, {"b": Estimate(60, 1.0, 4, 5)}])
    def test_no_common_group(self, after):
        found = change_of_group_means({"a": Estimate(50, 4.0, 9, 10)}, after)
        assert found == Absent(Reason.NO_COMMON_GROUPS)


class TestSelfOtherGap:
    def test_one_leader_says_what_they_say(self):
        found = self_other_gap(estimate(80), estimate(50, 60, 70))
        assert found.difference == 20.0
        welch = welch_of(found)
        half = 4.302653 * 10 / np.sqrt(3)
        assert (welch.interval.low, welch.interval.high) == pytest.approx((20 - half, 20 + half), abs=1e-5)
        assert welch.verdict is Verdict.COULD_BE_CHANCE

    def test_several_leaders_are_a_sample(self):
        own, others = estimate(80, 85, 90), estimate(50, 60, 70, 55)
        found = self_other_gap(own, others)
        assert welch_of(found).interval == welch_of(change(others, own)).interval
        assert welch_of(found).verdict is Verdict.CLEAR_GAP

    def test_against_the_stakeholder_view(self):
        others = Estimate.of_group_means({"a": Estimate(40, 1.0, 9, 10), "b": Estimate(60, 1.0, 9, 10)})
        assert self_other_gap(Estimate(75, 2.0, 4, 5), others).difference == 25.0

    def test_others_of_one(self):
        found = self_other_gap(estimate(80), estimate(50))
        assert (found.difference, found.welch) == (30.0, Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1))

    def test_others_who_all_agree(self):
        assert self_other_gap(estimate(80), estimate(50, 50, 50)).welch == Absent(Reason.NO_VARIANCE)


class TestReliableChange:
    def test_depression_by_bdi(self, published):
        case = published.expected("RE09_rci_claus")["bdi_rel_.801"]
        table = published.matrix("claus2020_bdi.csv", ["bdi_t1", "bdi_t4"])
        found = reliable_change(table[:, 0], table[:, 1], reliability=0.801, higher_is_better=False)
        assert isinstance(found, ReliableChange)
        assert {name: getattr(found, name) for name in ("improved", "unchanged", "deteriorated", "n", "recovered")} == {
            name: case[name] for name in ("improved", "unchanged", "deteriorated", "n", "recovered")
        }
        assert found.cutoff_a == pytest.approx(case["cutoff_a"], abs=0.005)
        assert found.mean_before == pytest.approx(case["m_pre"], abs=0.005)
        assert found.sd_before == pytest.approx(case["sd_pre"], abs=0.005)

    def test_depression_by_hamilton(self, published):
        table = published.matrix("claus2020_hamd.csv", ["hamd_t1", "hamd_t4"])
        found = reliable_change(table[:, 0], table[:, 1], reliability=0.80, higher_is_better=False)
        assert {name: getattr(found, name) for name in ("improved", "unchanged", "deteriorated")} == (
            published.expected("RE09_rci_claus")["hamd_rel_.80"]
        )

    def test_by_hand(self):
        found = reliable_change([40, 50, 60, np.nan, 50], [70, 50, 30, 99, np.nan], reliability=0.5)
        assert found.n == 3
        assert found.index == pytest.approx((3.0, 0.0, -3.0))  # sd 10, √2·√½ = 1
        assert found.categories == (Category.IMPROVED, Category.UNCHANGED, Category.DETERIORATED)
        assert found.points_needed == pytest.approx(19.6)
        assert (found.cutoff_a, found.recovered) == (70.0, 0)

    def test_recovered_improved_and_crossed_the_cutoff(self):
        found = reliable_change([40, 50, 60], [71, 50, 60], reliability=0.9)
        assert (found.improved, found.recovered) == (1, 1)

    def test_who_was_beyond_the_cutoff_before_has_not_recovered(self):
        first = np.array([50.0] * 18 + [45, 90])
        found = reliable_change(first, np.append(first[:-1], 200), reliability=0.9)
        assert first[-1] > found.cutoff_a
        assert (found.improved, found.recovered) == (1, 0)

    def test_for_a_scale_where_lower_is_better_everything_turns(self):
        first, second = np.array([40.0, 50, 60, 45]), np.array([70.0, 50, 30, 20])
        up = reliable_change(first, second, reliability=0.7)
        down = reliable_change(-first, -second, reliability=0.7, higher_is_better=False)
        assert down.categories == up.categories
        assert down.recovered == up.recovered
        assert down.cutoff_a == -up.cutoff_a

    @pytest.mark.parametrize(
        ("before", "after", "reliability", "absent"),
        [
            ([], [], 0.8, Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)),
            ([1, 2], [np.nan, 3], 0.8, Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1)),
            ([0.1, 0.1, 0.1], [1, 2, 3], 0.8, Absent(Reason.NO_VARIANCE)),
            ([1, 2], [2, 3], 1.0, Absent(Reason.UNUSABLE_RELIABILITY)),
            ([1, 2], [2, 3], 0.0, Absent(Reason.UNUSABLE_RELIABILITY)),
            ([1, 2], [2, 3], -0.3, Absent(Reason.UNUSABLE_RELIABILITY)),
            ([1, 2], [2, 3], Absent(Reason.TOO_FEW_ITEMS), Absent(Reason.UNUSABLE_RELIABILITY)),
        ],
    )
    def test_absent_with_a_reason(self, before, after, reliability, absent):
        assert reliable_change(before, after, reliability=reliability) == absent

    def test_scores_of_different_people_are_an_error(self):
        with pytest.raises(ValueError, match="link them by person"):
            reliable_change([1, 2], [1], reliability=0.8)
