import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.intraclass import GroupIcc, RaterIccs, group_icc, rater_iccs

SHROUT_FLEISS_1979 = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def of_groups(scores: object, group: object) -> GroupIcc:
    result = group_icc(scores, group)
    assert isinstance(result, GroupIcc)
    return result


def of_raters(ratings: object) -> RaterIccs:
    result = rater_iccs(ratings)
    assert isinstance(result, RaterIccs)
    return result


class TestGroups:
    def test_well_being_of_99_companies(self, published):
        file = "bh1996_wbeing.csv"
        icc = of_groups(published.column(file, "WBEING"), published.column(file, "GRP").astype(int))
        assert icc.icc1 == pytest.approx(published.expected("RE07_icc1")["ICC1_anova"], abs=5e-9)
        assert icc.icc1_k0 == pytest.approx(0.0435098, abs=5e-8)
        assert (icc.groups, icc.n) == (99, 7382)

    def test_leadership_climate_of_49_companies(self, published):
        lead = published.matrix("lq2002.csv", [f"LEAD{i:02}" for i in range(1, 12)]).mean(axis=1)
        icc = of_groups(lead, published.column("lq2002.csv", "COMPID").astype(int))
        assert icc.icc1 == pytest.approx(0.0879562, abs=5e-8)
        assert icc.icc2 == pytest.approx(0.8007544, abs=5e-8)
        assert icc.group_size == pytest.approx(2042 / 49)

    def test_equal_groups_by_hand(self):
        icc = of_groups([1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 0, 0, 1, 1, 1, 2, 2, 2])
        assert (icc.mean_square_between, icc.mean_square_within) == pytest.approx((27.0, 1.0))
        assert icc.icc1 == pytest.approx(26 / 29)
        assert icc.icc1_k0 == pytest.approx(26 / 29)
        assert icc.icc2 == pytest.approx(26 / 27)
        assert icc.f == pytest.approx(27.0)
        assert icc.p == pytest.approx(0.001, abs=1e-9)  # 1/(1+f·df1/df2)^(df2/2) for df1 = 2

    def test_groups_more_alike_than_chance_stay_negative(self):
        icc = of_groups([1, 5, 2, 4.5], [0, 0, 1, 1])
        assert icc.icc1 < 0
        assert not isinstance(icc.icc2, Absent)
        assert icc.icc2 < 0

    def test_equal_group_means(self):
        icc = of_groups([1, 5, 2, 4], [0, 0, 1, 1])
        assert icc.icc1 == pytest.approx(-1.0)
        assert icc.icc2 == Absent(Reason.NO_VARIANCE)

    def test_nobody_differs_inside_a_group(self):
        icc = of_groups([0.1, 0.1, 0.1, 0.7, 0.7], [0, 0, 0, 1, 1])
        assert (icc.icc1, icc.icc2, icc.f, icc.p) == (1.0, 1.0, Absent(Reason.NO_VARIANCE), 0.0)

    def test_blanks_and_people_without_a_group_are_left_out(self):
        assert group_icc([1, 2, np.nan, 4, 6, 100], [7, 7, 7, 9, 9, -1]) == group_icc([1, 2, 4, 6], [0, 0, 1, 1])

    @pytest.mark.parametrize(
        ("scores", "group", "absent"),
        [
            ([], [], Absent(Reason.TOO_FEW_GROUPS, needs=2, have=0)),
            ([np.nan, np.nan], [0, 1], Absent(Reason.TOO_FEW_GROUPS, needs=2, have=0)),
            ([1, 2, 3], [0, 0, 0], Absent(Reason.TOO_FEW_GROUPS, needs=2, have=1)),
            ([1, 2, 3], [0, 1, 2], Absent(Reason.ONLY_GROUPS_OF_ONE, needs=4, have=3)),
            ([0.3, 0.3, 0.3], [0, 0, 1], Absent(Reason.NO_VARIANCE)),
        ],
    )
    def test_absent_with_a_reason(self, scores, group, absent):
        assert group_icc(scores, group) == absent

    def test_a_group_for_every_score(self):
        with pytest.raises(ValueError, match="2 group indices for 3 scores"):
            group_icc([1, 2, 3], [0, 1])

    @given(
        hnp.arrays(np.float64, 24, elements=st.integers(1, 5)),
        hnp.arrays(np.int64, 24, elements=st.integers(0, 4)),
        st.permutations(range(24)),
        st.floats(0.1, 10),
    )
    def test_bounds_order_and_unit(self, scores, group, order, factor):
        before, after = group_icc(scores, group), group_icc(scores[order] * factor + 3, group[order])
        if isinstance(before, Absent):
            assert after == before
        else:
            assert isinstance(after, GroupIcc)
            assert after.icc1 == pytest.approx(before.icc1, abs=1e-9)
            assert -1 / (before.group_size - 1) - 1e-9 <= before.icc1 <= 1
            assert 0 <= before.p <= 1


class TestRaters:
    def test_shrout_and_fleiss(self):
        """Table 4 of Shrout & Fleiss (1979); the intervals as R's psych::ICC prints them."""
        icc = of_raters(SHROUT_FLEISS_1979)
        singles, means = (icc.one_way, icc.random, icc.fixed), (icc.one_way_mean, icc.random_mean, icc.fixed_mean)
        assert [form.value for form in singles] == pytest.approx([0.17, 0.29, 0.71], abs=0.005)
        assert [form.value for form in means] == pytest.approx([0.44, 0.62, 0.91], abs=0.005)
        assert [form.interval.low for form in singles] == pytest.approx([-0.133, 0.019, 0.342], abs=0.0006)
        assert [form.interval.high for form in singles] == pytest.approx([0.72, 0.76, 0.95], abs=0.006)
        assert [form.interval.low for form in means] == pytest.approx([-0.884, 0.071, 0.676], abs=0.0006)
        assert [form.interval.high for form in means] == pytest.approx([0.91, 0.93, 0.99], abs=0.006)
        assert [form.p for form in singles] == pytest.approx([0.16477, 0.00013, 0.00013], abs=0.000006)

    def test_the_published_cases_agree(self, published):
        case, icc = published.expected("RE01_shrout_fleiss"), of_raters(SHROUT_FLEISS_1979)
        forms = ("one_way", "random", "fixed", "one_way_mean", "random_mean", "fixed_mean")
        assert [getattr(icc, form).value for form in forms] == pytest.approx(
            [case[key] for key in ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")], abs=0.005
        )
        interval = icc.one_way_mean.interval
        assert [interval.low, interval.high] == pytest.approx(case["CI95_ICC1k"], abs=0.005)

    def test_a_target_with_a_blank_is_left_out(self):
        assert rater_iccs([*SHROUT_FLEISS_1979, [np.nan, 1, 2, 3]]) == rater_iccs(SHROUT_FLEISS_1979)

    def test_level_differences_count_against_agreement_only(self):
        shifted = np.array(SHROUT_FLEISS_1979) + np.array([0, 3, 0, 0])
        assert of_raters(shifted).fixed.value == pytest.approx(of_raters(SHROUT_FLEISS_1979).fixed.value)
        assert of_raters(shifted).random.value != pytest.approx(of_raters(SHROUT_FLEISS_1979).random.value, abs=0.01)

    @pytest.mark.parametrize(
        ("ratings", "absent"),
        [
            ([], Absent(Reason.TOO_FEW_RATERS, needs=2, have=0)),
            ([[1], [2]], Absent(Reason.TOO_FEW_RATERS, needs=2, have=1)),
            ([[1, 2]], Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1)),
            ([[np.nan, 2], [1, np.nan]], Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)),
            ([[3, 3], [3, 3]], Absent(Reason.NO_VARIANCE)),
            ([[1, 2], [2, 3], [3, 4]], Absent(Reason.NO_VARIANCE)),
        ],
    )
    def test_absent_with_a_reason(self, ratings, absent):
        assert rater_iccs(ratings) == absent

    def test_no_mean_of_raters_who_contradict_each_other(self):
        icc = of_raters([[1, 2], [2, 1], [2, 2]])
        assert icc.random.value < 0
        assert icc.random_mean == Absent(Reason.BEYOND_CHANCE_LIMIT)

    def test_raters_who_contradict_each_other_so_much_that_no_interval_is_left(self):
        icc = of_raters([[4, 1, 1], [5, 1, 1], [1, 4, 1]])
        assert icc.random == icc.random_mean == Absent(Reason.BEYOND_CHANCE_LIMIT)
        assert icc.one_way.value < 0

    @given(hnp.arrays(np.float64, st.tuples(st.integers(2, 8), st.integers(2, 5)), elements=st.integers(1, 7)))
    def test_values_lie_in_their_intervals(self, ratings):
        icc = rater_iccs(ratings)
        if not isinstance(icc, Absent):
            forms = (icc.one_way, icc.random, icc.fixed, icc.one_way_mean, icc.random_mean, icc.fixed_mean)
            for form in (form for form in forms if not isinstance(form, Absent)):
                assert form.interval.low <= form.value + 1e-9
                assert form.value <= form.interval.high + 1e-9
                assert form.value <= 1
