import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.agreement import AgreementTable, GroupAgreement, Null, agreement, null_variance

raw = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])
surveys = st.tuples(st.integers(0, 25), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(
        hnp.arrays(np.float64, shape, elements=raw), hnp.arrays(np.int64, shape[0], elements=st.integers(-1, 3))
    )
)


def table_of(answers: object, group: object, **options: object) -> AgreementTable:
    result = agreement(answers, group, **options)
    assert isinstance(result, AgreementTable)
    return result


def one_group(answers: list[list[float]], levels: int = 5) -> GroupAgreement:
    result = table_of(answers, [0] * len(answers), groups=1, levels=levels).group(0)
    assert isinstance(result, GroupAgreement)
    return result


class TestLeadershipClimate:
    """49 companies of lq2002 (LeBreton's vignette; r_WG(J), r*_WG(J) and AD_M computed two ways)."""

    @pytest.fixture
    def lead(self, published):
        return published.matrix("lq2002.csv", [f"LEAD{i:02}" for i in range(1, 12)])

    @pytest.fixture
    def company(self, published):
        return np.unique(published.column("lq2002.csv", "COMPID"), return_inverse=True)[1]

    def test_published_item(self, published, lead, company):
        case = published.expected("RE06_rwg_lq2002")
        table = table_of(lead[:, [5]], company, groups=49, levels=5)
        rwg = table.rwg[:, 0].round(2)
        assert table.null_variance == case["sigma2_eu_uniform_A5"]
        assert rwg.mean() == pytest.approx(case["mean_rwg"], abs=0.006)
        assert (rwg > 0.5).mean() == pytest.approx(case["share_over_.50"], abs=0.006)
        assert np.quantile(rwg, 0.9) == pytest.approx(case["p90"], abs=0.006)
        pooled = ((table.item_n - 1) * table.variances).sum() / (table.item_n - 1).sum()
        skewed = null_variance(5, Null.SLIGHT_SKEW)
        assert 1 - pooled / table.null_variance == pytest.approx(case["pooled_rwg_uniform"], abs=0.006)
        assert 1 - pooled / skewed == pytest.approx(case["pooled_rwg_slight_skew_1.34"], abs=0.006)

    def test_scale(self, lead, company):
        table = table_of(lead, company, groups=49, levels=5)
        assert table.rwg_j.mean() == pytest.approx(0.8677849, abs=5e-8)
        assert table.rwg_star.mean() == pytest.approx(0.3926211, abs=5e-8)
        assert table.ad_m.mean() == pytest.approx(0.8901965, abs=5e-8)

    def test_slight_skew_puts_six_companies_below_chance(self, lead, company):
        table = table_of(lead[:, [5]], company, groups=49, levels=5, null=Null.SLIGHT_SKEW)
        negative = [index for index in range(49) if table.group(index).worse_than_chance]
        assert len(negative) == 6
        assert all(table.item(index, 0) < 0 for index in negative)


class TestNull:
    @pytest.mark.parametrize(("levels", "variance"), [(2, 0.25), (5, 2.0), (7, 4.0), (11, 10.0)])
    def test_uniform(self, levels, variance):
        assert null_variance(levels) == pytest.approx(variance)

    @pytest.mark.parametrize(("levels", "variance"), [(5, 1.34), (6, 1.85), (7, 2.90), (11, 7.31)])
    def test_slight_skew_as_tabled(self, levels, variance):
        assert null_variance(levels, Null.SLIGHT_SKEW) == variance

    def test_five_levels_have_the_variance_of_their_published_shape(self):
        share, level = np.array([0.05, 0.15, 0.20, 0.35, 0.25]), np.arange(1, 6)
        assert (share * level**2).sum() - (share * level).sum() ** 2 == pytest.approx(1.34)

    def test_absent_with_a_reason(self):
        assert null_variance(1) == Absent(Reason.TOO_FEW_LEVELS, needs=2, have=1)
        assert null_variance(4, Null.SLIGHT_SKEW) == Absent(Reason.NO_PUBLISHED_NULL, have=4)
        assert agreement([[1], [2]], [0, 0], groups=1, levels=4, null=Null.SLIGHT_SKEW) == Absent(
            Reason.NO_PUBLISHED_NULL, have=4
        )


class TestGroups:
    def test_by_hand(self):
        group = one_group([[4, 2], [5, 2], [3, 5]])  # variances 1 and 3, distances 2/3 and 4/3
        assert group.mean_variance == pytest.approx(2.0)
        assert group.rwg_star == pytest.approx(0.0)
        assert group.rwg_j == pytest.approx(0.0)
        assert group.ad_m == pytest.approx(1.0)
        assert not group.worse_than_chance

    def test_all_alike_is_full_agreement(self):
        assert one_group([[4, 2]] * 3) == GroupAgreement(3, 1.0, 1.0, 0.0, 0.0, False)

    def test_one_item_gives_the_single_item_index(self):
        assert one_group([[4], [5], [3]]).rwg_j == pytest.approx(0.5)

    def test_below_chance_is_kept_negative_and_flagged(self):
        group = one_group([[1, 3], [5, 1], [1, 3], [5, 3]])
        assert group.worse_than_chance
        assert -1 < group.rwg_star < 0
        assert group.rwg_j < group.rwg_star

    def test_a_quarrel_is_never_praised(self):
        group = one_group([[1, 1, 5]] * 2 + [[5, 5, 1]] * 2)
        assert group.rwg_j == Absent(Reason.BEYOND_CHANCE_LIMIT)
        assert group.rwg_star == pytest.approx(1 - (16 / 3) / 2)
        assert group.worse_than_chance

    def test_an_item_with_one_answer_counts_nowhere(self):
        assert one_group([[4, np.nan], [5, 3], [3, np.nan]]) == one_group([[4], [5], [3]])

    def test_groups_do_not_touch(self):
        answers = np.random.default_rng(0).integers(1, 6, size=(60, 4)).astype(float)
        answers[::7, 1] = np.nan
        group = np.arange(60) % 3
        table = table_of(answers, group, groups=3, levels=5)
        for index in range(3):
            assert table.group(index) == one_group(answers[group == index].tolist())

    def test_people_of_no_group_are_left_out_and_empty_groups_say_so(self):
        table = table_of([[1, 2], [3, 4], [5, 5]], [1, 1, -1], groups=3, levels=5)
        assert table.n.tolist() == [0, 2, 0]
        assert table.group(0) == Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)
        assert table.item(2, 1) == Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)
        assert table.group(1) == one_group([[1, 2], [3, 4]])

    @pytest.mark.parametrize(("answers", "have"), [([[3, 4]], 1), ([[np.nan, np.nan]] * 3, 0)])
    def test_too_few_answers(self, answers, have):
        table = table_of(answers, [0] * len(answers), groups=1, levels=5)
        assert table.group(0) == Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=have)

    def test_no_answers_and_no_groups(self):
        assert table_of(np.empty((0, 3)), [], groups=2, levels=5).n.tolist() == [0, 0]
        assert table_of(np.empty((0, 3)), [], groups=0, levels=5).rwg_j.shape == (0,)

    def test_wrong_indices_are_errors(self):
        with pytest.raises(ValueError, match="1 group indices for 2 responses"):
            agreement([[1], [2]], [0], groups=1, levels=5)
        with pytest.raises(ValueError, match="group index 1 but only 1 groups"):
            agreement([[1], [2]], [0, 1], groups=1, levels=5)

    def test_items_may_start_at_different_lowest_answers(self):
        assert one_group([[1, 0], [5, 4], [3, 4]]) == one_group([[1, 1], [5, 5], [3, 5]])

    def test_answers_of_another_scale_are_an_error(self):
        with pytest.raises(ValueError, match="answers 6 apart do not fit a scale of 5 levels"):
            agreement([[1], [7]], [0, 0], groups=1, levels=5)

    @given(surveys, st.randoms(use_true_random=False))
    def test_order_does_not_matter_and_bounds_hold(self, survey, random):
        answers, group = survey
        order = list(range(len(answers)))
        random.shuffle(order)
        before = table_of(answers, group, groups=4, levels=5)
        after = table_of(answers[order], group[order], groups=4, levels=5)
        for index in range(4):
            first, second = before.group(index), after.group(index)
            if isinstance(first, Absent):
                assert second == first
                continue
            assert isinstance(second, GroupAgreement)
            assert (second.n, second.worse_than_chance) == (first.n, first.worse_than_chance)
            assert second.rwg_star == pytest.approx(first.rwg_star)
            assert first.rwg_star <= 1
            assert 0 <= first.ad_m <= 2
            assert "nan" not in repr(first)
            if not isinstance(first.rwg_j, Absent):
                assert first.rwg_j <= 1
                assert (first.rwg_j < 0) == (first.rwg_star < 0)

    @given(surveys, st.integers(-3, 3))
    def test_the_origin_of_the_scale_and_its_direction_do_not_matter(self, survey, shift):
        answers, group = survey
        plain = table_of(answers, group, groups=4, levels=5)
        turned = table_of(6 + shift - answers, group, groups=4, levels=5)
        assert turned.rwg == pytest.approx(plain.rwg, nan_ok=True)
        assert turned.ad_m == pytest.approx(plain.ad_m, nan_ok=True)
