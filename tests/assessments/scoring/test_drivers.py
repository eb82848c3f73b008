from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.drivers import Drivers, Weighting, drivers


def divided(x: object, y: object, *, names: list[str] | None = None, **options: object) -> Drivers:
    result = drivers(x, y, names=names or [f"x{i}" for i in range(np.shape(x)[1])], **options)
    assert isinstance(result, Drivers)
    return result


def sample(n: int = 60, p: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + rng.normal(size=(n, p))
    return x, x @ np.arange(p) - 2 * x[:, 0] + rng.normal(size=n) * 3


class TestPublished:
    def test_relative_weights_of_mtcars(self, published):
        case, names = published.expected("KD02_rwa"), ["cyl", "disp", "hp", "gear"]
        found = divided(published.matrix("mtcars.csv", names), published.column("mtcars.csv", "mpg"), names=names)
        assert found.r2 == pytest.approx(case["R2"], abs=1e-7)
        assert {d.name: d.weight for d in found.drivers} == pytest.approx(case["raw"], abs=1e-7)
        assert {d.name: d.share * 100 for d in found.drivers} == pytest.approx(case["rescaled_pct"], abs=1e-5)
        assert [d.r > 0 for d in found.drivers] == [False, False, False, True]

    def test_dominance_of_mtcars(self, published):
        case, names = published.expected("KD01_domir"), ["am", "cyl", "carb"]
        x, y = published.matrix("mtcars.csv", names), published.column("mtcars.csv", "mpg")
        found = divided(x, y, names=names, weighting=Weighting.SHAPLEY)
        assert found.r2 == pytest.approx(case["R2"], abs=1e-7)
        assert {d.name: d.weight for d in found.drivers} == pytest.approx(case["general"], abs=1e-7)
        assert found.adjusted_r2 == pytest.approx(1 - (1 - case["R2"]) * 31 / 28, abs=1e-7)
        assert np.array(found.conditional) == pytest.approx(np.array(case["conditional"]), abs=1e-7)


class TestShapley:
    def test_is_the_mean_gain_over_all_orders(self):
        x, y = sample(p=4)

        def r2(chosen: tuple[int, ...]) -> float:
            design = np.column_stack([np.ones(len(y)), x[:, list(chosen)]])
            residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
            return 1 - residual @ residual / ((y - y.mean()) ** 2).sum()

        expected = np.zeros(4)
        for order in permutations(range(4)):
            for place, predictor in enumerate(order):
                expected[predictor] += r2(order[: place + 1]) - r2(order[:place])
        found = divided(x, y, weighting=Weighting.SHAPLEY)
        assert [d.weight for d in found.drivers] == pytest.approx(list(expected / factorial(4)), abs=1e-10)
        second = [
            np.mean([r2((*others, i)) - r2(others) for others in combinations([j for j in range(4) if j != i], 2)])
            for i in range(4)
        ]
        assert [row[2] for row in found.conditional] == pytest.approx(second, abs=1e-10)

    def test_fifteen_predictors_are_divided_and_sixteen_refused(self):
        x, y = sample(n=80, p=16)
        found = divided(x[:, :15], y, weighting=Weighting.SHAPLEY)
        design = np.column_stack([np.ones(80), x[:, :15]])
        residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        assert found.r2 == pytest.approx(1 - residual @ residual / ((y - y.mean()) ** 2).sum(), abs=1e-9)
        refused = drivers(x, y, names=[str(i) for i in range(16)], weighting=Weighting.SHAPLEY)
        assert refused == Absent(Reason.TOO_MANY_PREDICTORS, needs=15, have=16)
        assert divided(x, y).n == 80


class TestDrivers:
    @pytest.mark.parametrize("weighting", Weighting)
    def test_one_predictor_has_all_of_r2(self, weighting):
        x, y = sample(p=1)
        found = divided(x, y, weighting=weighting)
        assert found.drivers[0].weight == pytest.approx(np.corrcoef(x[:, 0], y)[0, 1] ** 2)
        assert found.drivers[0].share == pytest.approx(1.0)

    def test_uncorrelated_predictors_have_their_squared_correlations(self):
        x = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)] * 5, dtype=float)
        y = x @ [3, -2, 1] + np.random.default_rng(1).normal(size=40)
        squared = [np.corrcoef(x[:, i], y)[0, 1] ** 2 for i in range(3)]
        for weighting in Weighting:
            assert [d.weight for d in divided(x, y, weighting=weighting).drivers] == pytest.approx(squared, abs=1e-12)

    def test_fisher_interval(self):
        x, y = sample(n=50, p=2)
        driver = divided(x, y).drivers[1]
        centre, reach = np.arctanh(driver.r), 1.959963985 / np.sqrt(47)
        assert driver.r_interval.low == pytest.approx(np.tanh(centre - reach))
        assert driver.r_interval.high == pytest.approx(np.tanh(centre + reach))

    def test_a_predictor_that_is_the_outcome(self):
        x, y = sample()
        found = divided(np.column_stack([x[:, :2], y]), y)
        assert found.r2 == pytest.approx(1.0)
        assert found.r2 <= 1.0
        assert found.drivers[2].r_interval == Absent(Reason.NO_VARIANCE)

    def test_responses_with_a_blank_are_left_out_and_counted(self):
        x, y = sample()
        holes, less = x.copy(), y.copy()
        holes[3, 1], less[7] = np.nan, np.nan
        keep = [i for i in range(60) if i not in (3, 7)]
        assert drivers(holes, less, names=list("abcd")) == drivers(x[keep], y[keep], names=list("abcd"))
        assert divided(holes, less).n == 58

    def test_unrelated_outcome_has_nothing_to_share(self):
        x = np.tile([0.0, 1.0, 0.0, 1.0], 10)[:, None]
        y = np.tile([0.0, 0.0, 1.0, 1.0], 10)
        found = divided(x, y)
        assert found.drivers[0].weight == pytest.approx(0.0, abs=1e-12)
        assert found.drivers[0].share == Absent(Reason.NO_VARIANCE)

    @given(st.permutations(range(4)), st.integers(0, 50), st.sampled_from(list(Weighting)), st.floats(0.01, 100))
    def test_order_and_unit_do_not_matter(self, order, seed, weighting, factor):
        x, y = sample(n=31, seed=seed)
        before = divided(x, y, weighting=weighting)
        after = divided(x[:, order] * factor + 5, y * factor - 3, weighting=weighting)
        assert after.r2 == pytest.approx(before.r2)
        assert [d.weight for d in after.drivers] == pytest.approx([before.drivers[i].weight for i in order])
        assert sum(d.share for d in before.drivers) == pytest.approx(1.0)
        assert all(d.weight >= 0 for d in before.drivers)


class TestRefusals:
    @pytest.mark.parametrize(("n", "p"), [(0, 2), (1, 2), (29, 2), (29, 40)])
    def test_fewer_than_thirty_answers(self, n, p):
        names = [str(i) for i in range(p)]
        assert drivers(np.zeros((n, p)), np.zeros(n), names=names) == Absent(Reason.TOO_FEW_ANSWERS, needs=30, have=n)

    def test_all_blank(self):
        refused = drivers(np.full((40, 2), np.nan), np.arange(40.0), names=["a", "b"])
        assert refused == Absent(Reason.TOO_FEW_ANSWERS, needs=30, have=0)

    @pytest.mark.parametrize("p", [30, 31, 50])
    def test_as_many_predictors_as_answers(self, p):
        x, y = sample(n=31, p=p)
        refused = drivers(x, y, names=[str(i) for i in range(p)])
        assert refused == Absent(Reason.MORE_PREDICTORS_THAN_ANSWERS, needs=p + 2, have=31)

    def test_no_predictors(self):
        assert drivers(np.empty((40, 0)), np.arange(40.0), names=[]) == Absent(Reason.NO_PREDICTORS)

    def test_constant_predictors_are_named(self):
        x, y = sample()
        x[:, 1], x[:, 3] = 0.1 * 3, 4
        assert drivers(x, y, names=list("abcd")) == Absent(Reason.CONSTANT_PREDICTOR, names=("b", "d"))

    def test_constant_but_for_rounding(self):
        x, y = sample()
        x[:, 1] = np.where(np.arange(60) % 2, 0.1 + 0.2, 0.3)
        assert drivers(x, y, names=list("abcd")) == Absent(Reason.CONSTANT_PREDICTOR, names=("b",))

    def test_constant_outcome(self):
        assert drivers(sample()[0], np.full(60, 3.0), names=list("abcd")) == Absent(Reason.CONSTANT_OUTCOME)

    def test_collinear_predictors_are_named_and_innocent_ones_are_not(self):
        x, y = sample()
        x[:, 2] = 2 * x[:, 0] - x[:, 3] + 1
        assert drivers(x, y, names=list("abcd")) == Absent(Reason.COLLINEAR_PREDICTORS, names=("a", "c", "d"))

    def test_shapes_that_do_not_fit_are_an_error(self):
        with pytest.raises(ValueError, match="do not fit"):
            drivers(np.zeros((40, 2)), np.zeros(40), names=["a"])
