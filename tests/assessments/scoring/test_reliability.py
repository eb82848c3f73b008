from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, stats

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Blanks
from assessments.scoring.reliability import Alpha, Omega, cronbach_alpha, mcdonald_omega, scale_reliability

likert = hnp.arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(2, 6)), elements=st.integers(1, 5))
with_blanks = hnp.arrays(
    np.float64, st.tuples(st.integers(0, 20), st.integers(0, 5)), elements=st.sampled_from([1, 2, 3, 4, 5, np.nan])
)

surveys = hnp.arrays(np.float64, st.tuples(st.integers(10, 40), st.integers(3, 6)), elements=st.integers(1, 5))


def alpha_of(answers: object, **options: object) -> Alpha:
    result = cronbach_alpha(answers, **options)
    assert isinstance(result, Alpha)
    return result


def omega_of(answers: object, **options: object) -> Omega:
    result = mcdonald_omega(answers, **options)
    assert isinstance(result, Omega)
    return result


def one_factor_sample(loadings: list[float], n: int = 60, seed: int = 3) -> np.ndarray:
    """Answers whose sample correlations are exactly those of a one-factor model."""
    loadings_array = np.array(loadings)
    target = np.outer(loadings_array, loadings_array)
    np.fill_diagonal(target, 1.0)
    noise = np.random.default_rng(seed).normal(size=(n, len(loadings)))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(noise.T @ noise / (n - 1))).T
    return white @ np.linalg.cholesky(target).T


class TestPublishedAlpha:
    def test_feldt_interval(self, published):
        alpha = alpha_of(published.matrix("cronbach_alpha.csv", lambda name: name.startswith("Q")))
        case = published.expected("RE02_alpha_ci")
        assert alpha.alpha == pytest.approx(case["alpha"], abs=0.0005)
        assert [alpha.interval.low, alpha.interval.high] == pytest.approx(case["feldt95"], abs=0.0005)

    @pytest.mark.parametrize("blanks", Blanks)
    def test_missing_answers(self, published, blanks):
        answers = published.matrix("cronbach_wide_missing.csv", lambda name: name.startswith("Q"))
        alpha = alpha_of(answers, blanks=blanks)
        assert alpha.alpha == pytest.approx(published.expected("RE03_alpha_missing")[blanks.value], abs=0.005)
        assert alpha.n == {Blanks.PAIRWISE: 12, Blanks.LISTWISE: int((~np.isnan(answers)).all(axis=1).sum())}[blanks]

    def test_attitude(self, published):
        alpha = alpha_of(published.matrix("attitude.csv", lambda name: name != "rownames"))
        case = published.expected("RE04_attitude")
        assert alpha.alpha == pytest.approx(case["raw_alpha"], abs=0.0006)
        assert alpha.standardised == pytest.approx(case["std_alpha"], abs=0.0006)
        assert alpha.average_r == pytest.approx(case["average_r"], abs=0.0006)
        assert list(alpha.if_deleted) == pytest.approx(list(case["alpha_drop"].values()), abs=0.0006)

    def test_pairwise_alpha_of_raw_indicators(self, published):
        columns = [row["iCode"] for row in published.rows("asem_imeta.csv") if row["Parent"] == "P2P"]
        alpha = alpha_of(published.matrix("asem_idata.csv", columns))
        assert alpha.alpha == pytest.approx(published.expected("CI02_asem")["alpha_P2P_raw_pairwise"], abs=1e-7)

    def test_handbook_table(self, published):
        case = published.expected("CI04_tai")
        indicators = published.matrix("tai23.csv", lambda name: name != "country")
        standard = (indicators - indicators.mean(axis=0)) / indicators.std(axis=0, ddof=1)
        alpha = alpha_of(standard)
        assert alpha_of(indicators).standardised == pytest.approx(case["std_alpha"], abs=0.005)
        assert alpha.alpha == pytest.approx(case["std_alpha"], abs=0.005)
        assert list(alpha.if_deleted) == pytest.approx(list(case["alpha_if_deleted"].values()), abs=0.005)
        assert list(alpha.item_rest) == pytest.approx(list(case["item_rest"].values()), abs=0.008)

    def test_leadership_climate_of_49_companies(self, published):
        lead = published.matrix("lq2002.csv", [f"LEAD{i:02}" for i in range(1, 12)])
        assert alpha_of(lead).alpha == pytest.approx(0.9022366, abs=5e-8)


class TestAlpha:
    def test_item_rest_is_the_plain_correlation_with_the_sum_of_the_others(self):
        answers = np.random.default_rng(1).integers(1, 6, size=(40, 5)).astype(float)
        expected = [np.corrcoef(answers[:, i], np.delete(answers, i, axis=1).sum(axis=1))[0, 1] for i in range(5)]
        assert list(alpha_of(answers).item_rest) == pytest.approx(expected, abs=1e-12)

    def test_alpha_if_deleted_is_alpha_without_the_item(self):
        answers = np.random.default_rng(2).integers(1, 6, size=(40, 5)).astype(float)
        expected = [alpha_of(np.delete(answers, i, axis=1)).alpha for i in range(5)]
        assert list(alpha_of(answers).if_deleted) == pytest.approx(expected, abs=1e-12)

    def test_the_interval_rests_on_the_thinnest_pair(self):
        answers = np.random.default_rng(3).integers(1, 6, size=(40, 3)).astype(float)
        answers[:15, 0] = np.nan
        answers[10:25, 1] = np.nan
        alpha = alpha_of(answers)
        assert (alpha.n, alpha.interval_n) == (40, 15)
        low, high = (1 - (1 - alpha.alpha) * stats.f.ppf(p, 14, 28) for p in (0.975, 0.025))
        assert (alpha.interval.low, alpha.interval.high) == pytest.approx((low, high))

    def test_wrong_keying_is_negative_and_said(self):
        trait = np.arange(20.0) % 5
        noise = np.tile([0.0, 1.0, 0.0, 2.0], 5)
        alpha = alpha_of(np.column_stack([trait, 4 - trait + noise]))
        assert alpha.alpha < 0
        assert alpha.keying_error
        assert not alpha_of(np.column_stack([trait, trait + noise])).keying_error

    def test_identical_items_are_perfectly_consistent(self):
        alpha = alpha_of(np.repeat(np.arange(6.0)[:, None], 3, axis=1))
        assert alpha.alpha == pytest.approx(1.0, abs=1e-12)
        assert (alpha.interval.low, alpha.interval.high) == pytest.approx((1.0, 1.0), abs=1e-9)

    def test_a_constant_item_is_named_where_correlations_are_needed(self):
        alpha = alpha_of([[1, 3, 2], [2, 3, 2], [3, 3, 4], [5, 3, 4]])
        assert alpha.average_r == Absent(Reason.CONSTANT_ITEM, names=("1",))
        assert alpha.standardised == Absent(Reason.CONSTANT_ITEM, names=("1",))
        assert alpha.item_rest[1] == Absent(Reason.NO_VARIANCE)
        assert alpha.if_deleted[1] == pytest.approx(alpha_of([[1, 2], [2, 2], [3, 4], [5, 4]]).alpha)

    @pytest.mark.parametrize(
        ("answers", "absent"),
        [
            ([], Absent(Reason.TOO_FEW_ITEMS, needs=2, have=0)),
            ([[1], [2]], Absent(Reason.TOO_FEW_ITEMS, needs=2, have=1)),
            ([[1, 2]], Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1)),
            ([[3, 3], [3, 3], [3, 3]], Absent(Reason.NO_VARIANCE)),
            ([[1, 5], [5, 1], [3, 3]], Absent(Reason.NO_VARIANCE)),
            ([[np.nan, np.nan]] * 4, Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)),
            ([[1, np.nan], [2, np.nan], [np.nan, 3]], Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)),
            ([[np.nan, 1], [1, 1], [2, 2]], Absent(Reason.INCONSISTENT_COVARIANCES)),
        ],
    )
    def test_absent_with_a_reason(self, answers, absent):
        assert cronbach_alpha(answers) == absent

    def test_items_that_are_constant_only_among_shared_answers_are_named(self):
        answers = [[1, 3, 1], [2, 3, 3], [4, 3, 4], [np.nan, 1, 2], [np.nan, 5, 5]]
        assert alpha_of(answers).average_r == Absent(Reason.CONSTANT_ITEM, names=("0", "1"))

    @pytest.mark.parametrize("answers", [[1.0, 2.0], [[[1.0]]], [[1.0, np.inf], [2.0, 3.0]]])
    def test_what_is_not_a_table_of_answers_is_an_error(self, answers):
        with pytest.raises(ValueError, match="answers must be"):
            cronbach_alpha(answers)

    @given(likert, st.randoms(use_true_random=False), st.floats(0.01, 100), st.floats(-50, 50))
    def test_order_unit_and_origin_do_not_matter(self, answers, random, factor, shift):
        rows, columns = list(range(answers.shape[0])), list(range(answers.shape[1]))
        random.shuffle(rows)
        random.shuffle(columns)
        before, after = cronbach_alpha(answers), cronbach_alpha(answers[rows][:, columns] * factor + shift)
        if isinstance(before, Absent):
            assert after == before
        else:
            assert isinstance(after, Alpha)
            assert after.alpha == pytest.approx(before.alpha, rel=1e-6, abs=1e-6)
            assert before.alpha <= 1 + 1e-12
            assert before.interval.low <= before.alpha <= 1 + 1e-12

    @given(with_blanks, st.sampled_from(list(Blanks)))
    def test_never_a_nan(self, answers, blanks):
        result = scale_reliability(answers, blanks=blanks)
        for part in (result.alpha, result.omega):
            if not isinstance(part, Absent):
                assert "nan" not in repr(part)
                assert "inf" not in repr(part).replace("interval", "")


class TestOmega:
    @pytest.mark.parametrize("loadings", [[0.8, 0.7, 0.6], [0.9, 0.5, 0.4, 0.7], [0.3, 0.35, 0.4, 0.45, 0.8, 0.6]])
    def test_recovers_a_population_that_has_one_factor(self, loadings):
        omega = omega_of(one_factor_sample(loadings))
        common, unique = sum(loadings) ** 2, sum(1 - x * x for x in loadings)
        assert list(omega.loadings) == pytest.approx(loadings, abs=1e-6)
        assert omega.omega == pytest.approx(common / (common + unique), abs=1e-6)
        assert not omega.boundary

    def test_equals_alpha_when_all_items_are_alike(self):
        answers = one_factor_sample([0.6] * 5)
        assert omega_of(answers).omega == pytest.approx(alpha_of(answers).alpha, abs=1e-6)

    def test_items_count_with_their_own_spread(self):
        loadings, spreads = np.array([0.8, 0.7, 0.6, 0.5]), np.array([1.0, 2.0, 0.5, 3.0])
        omega = omega_of(one_factor_sample(loadings.tolist()) * spreads + 3)
        common = (loadings @ spreads) ** 2
        assert omega.omega == pytest.approx(common / (common + ((1 - loadings**2) * spreads**2).sum()), abs=1e-6)

    def test_maximises_the_likelihood(self, published):
        answers = published.matrix("attitude.csv", lambda name: name != "rownames")
        correlations = np.corrcoef(answers.T)

        def discrepancy(parameters: np.ndarray) -> float:
            loadings, uniqueness = parameters[:7], np.exp(parameters[7:])
            implied = np.outer(loadings, loadings) + np.diag(uniqueness)
            return float(np.linalg.slogdet(implied)[1] + np.trace(np.linalg.solve(implied, correlations)))

        best = optimize.minimize(discrepancy, np.r_[np.full(7, 0.6), np.full(7, -0.5)], method="BFGS", tol=1e-10)
        spreads = answers.std(axis=0, ddof=1)
        expected = (best.x[:7] @ spreads) ** 2 / answers.sum(axis=1).var(ddof=1)
        assert omega_of(answers).omega == pytest.approx(expected, abs=1e-5)
        assert list(omega_of(answers).loadings) == pytest.approx(list(best.x[:7]), abs=1e-4)

    def test_a_heywood_case_stops_at_the_bound_and_says_so(self):
        trait = np.random.default_rng(5).normal(size=200)
        noise = np.random.default_rng(6).normal(size=(200, 4))
        answers = np.column_stack([trait, trait, trait[:, None] + noise[:, :2], noise[:, 3]])
        omega = omega_of(answers)
        assert omega.boundary
        assert omega.loadings[:2] == pytest.approx((1.0, 1.0), abs=0.005)

    def test_all_items_identical(self):
        omega = omega_of(np.repeat(np.arange(6.0)[:, None], 4, axis=1))
        assert omega.boundary
        assert omega.omega == pytest.approx(1.0, abs=0.01)

    @pytest.mark.parametrize(
        ("answers", "absent"),
        [
            ([[1, 2], [2, 1], [3, 4]], Absent(Reason.TOO_FEW_ITEMS, needs=3, have=2)),
            ([[1, 2, 3]], Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1)),
            ([[1, 2, 3], [2, 2, 4], [3, 2, 1]], Absent(Reason.TOO_FEW_ANSWERS, needs=4, have=3)),
            ([[1, 2, 3], [2, 2, 4], [3, 2, 1], [5, 2, 4]], Absent(Reason.CONSTANT_ITEM, names=("1",))),
            ([[2, 2, 2]] * 5, Absent(Reason.NO_VARIANCE)),
        ],
    )
    def test_absent_with_a_reason(self, answers, absent):
        assert mcdonald_omega(answers) == absent

    def test_pairwise_covariances_that_no_people_could_give(self):
        up, down, blank = np.arange(5.0), np.arange(5.0)[::-1], np.full(5, np.nan)
        answers = np.vstack(
            [np.column_stack([up, up, blank]), np.column_stack([blank, up, up]), np.column_stack([up, blank, down])]
        )
        assert mcdonald_omega(answers) == Absent(Reason.INCONSISTENT_COVARIANCES)

    def test_a_factor_that_would_explain_more_than_there_is(self):
        x = np.nan
        answers = [[5, 1, 3], [4, 1, x], [1, x, 4], [1, 2, 5], [4, 2, x], [4, 4, 3], [4, 4, 2], [3, 1, x], [2, 5, 2]]
        assert mcdonald_omega(answers) == Absent(Reason.INCONSISTENT_COVARIANCES)

    @given(surveys, st.randoms(use_true_random=False))
    def test_bounded_and_blind_to_order(self, noise, random):
        trait = np.arange(len(noise)) % 5
        answers = 2.0 * trait[:, None] + noise
        columns = list(range(answers.shape[1]))
        random.shuffle(columns)
        omega, again = omega_of(answers), omega_of(answers[::-1][:, columns])
        assert 0 < omega.omega <= 1
        assert omega.boundary == again.boundary
        assert omega.boundary or again.omega == pytest.approx(omega.omega, abs=1e-5)


@pytest.mark.parametrize("single", [cronbach_alpha, mcdonald_omega])
def test_both_at_once_are_the_same_figures(single: Callable[..., object]):
    answers = np.random.default_rng(4).integers(1, 6, size=(50, 4)).astype(float)
    answers[3, 2] = np.nan
    both = scale_reliability(answers, blanks=Blanks.LISTWISE)
    assert single(answers, blanks=Blanks.LISTWISE) == (both.alpha if single is cronbach_alpha else both.omega)
