import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from assessments.scoring.absent import Reason
from assessments.scoring.groups import combined_cell, difference, mean_cell, wilson
from assessments.scoring.results import WITHHELD, Cell, Difference

NAN = np.nan
scores = st.one_of(st.just(NAN), st.floats(0, 100, allow_subnormal=False))


def test_mean_with_t_interval() -> None:
    """Against SciPy's own t interval."""
    values = np.array([20.0, 45.0, 50.0, 55.0, 80.0])
    cell = mean_cell(values)
    low, high = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    assert (cell.value, cell.n, cell.df, cell.reason) == (50, 5, 4, None)
    assert cell.sd == pytest.approx(values.std(ddof=1), abs=1e-9)
    assert cell.se == pytest.approx(stats.sem(values), abs=1e-9)
    assert (cell.low, cell.high) == (pytest.approx(low, abs=1e-8), pytest.approx(high, abs=1e-8))


def test_interval_is_clipped_to_the_scale() -> None:
    cell = mean_cell(np.array([0.0, 100.0]))
    assert (cell.value, cell.low, cell.high) == (50, 0, 100)


def test_all_equal_has_no_interval() -> None:
    cell = mean_cell(np.full(7, 100 / 3))
    assert cell == Cell(value=33.333333333, n=7, sd=0.0, se=0.0, df=6.0, reason=Reason.ALL_EQUAL)


def test_one_answer_has_no_interval() -> None:
    assert mean_cell(np.array([40.0, NAN])) == Cell(value=40, n=1, reason=Reason.SINGLE_ANSWER)


@pytest.mark.parametrize("values", [np.array([]), np.array([NAN, NAN])])
def test_no_answer_is_absent(values: NDArray[np.float64]) -> None:
    assert mean_cell(values) == Cell(reason=Reason.NO_ANSWERS)


@given(arrays(np.float64, (6, 3), elements=st.floats(0, 100, allow_subnormal=False)))
def test_complete_facets_are_the_mean_of_response_means(table: NDArray[np.float64]) -> None:
    together = combined_cell(table, (1, 2, 1))
    alone = mean_cell(table @ [0.25, 0.5, 0.25])
    assert together.value == pytest.approx(alone.value, abs=1e-7)
    assert together.se == pytest.approx(alone.se, abs=1e-6)
    assert (together.n, together.df) == (alone.n, alone.df)


def test_facets_with_blanks_are_the_mean_of_facet_means() -> None:
    cell = combined_cell(np.array([[10, NAN], [30, 80], [NAN, 60]], dtype=np.float64), (1, 1))
    assert (cell.value, cell.n) == (45, 3)


@given(arrays(np.float64, (8, 2), elements=scores), st.permutations(range(8)))
def test_order_of_responses_is_nothing(table: NDArray[np.float64], order: list[int]) -> None:
    first, second = combined_cell(table, (1, 1)), combined_cell(table[order], (1, 1))
    assert (first.n, first.reason) == (second.n, second.reason)
    assert first.value == (None if second.value is None else pytest.approx(second.value, abs=1e-8))


@given(arrays(np.float64, st.tuples(st.integers(0, 9), st.just(3)), elements=scores))
def test_a_cell_is_finite_and_on_the_scale(table: NDArray[np.float64]) -> None:
    cell = combined_cell(table, (1, 1, 2))
    assert (cell.value is None) == bool(np.isnan(table).all())
    for number in (cell.value, cell.low, cell.high):
        assert number is None or 0 <= number <= 100
    if cell.low is not None and cell.high is not None and cell.value is not None:
        assert cell.low <= cell.value <= cell.high


def test_difference_is_welchs() -> None:
    one, two = np.array([60.0, 70, 75, 90]), np.array([30.0, 55, 40, 50, 45, 60])
    found = difference(mean_cell(one), mean_cell(two))
    test = stats.ttest_ind(one, two, equal_var=False)
    interval = test.confidence_interval(0.95)
    assert found.value == pytest.approx(one.mean() - two.mean(), abs=1e-8)
    assert found.df == pytest.approx(test.df, rel=1e-6)
    assert (found.low, found.high) == (pytest.approx(interval.low, abs=1e-6), pytest.approx(interval.high, abs=1e-6))
    assert found.clear


def test_difference_from_one_person_has_the_others_interval() -> None:
    others = mean_cell(np.array([30.0, 55, 40, 50, 45, 60]))
    found = difference(mean_cell(np.array([80.0])), others)
    assert others.low is not None
    assert others.high is not None
    assert (found.low, found.high) == (pytest.approx(80 - others.high), pytest.approx(80 - others.low))


def test_difference_of_withheld_is_withheld_and_nothing_else() -> None:
    assert difference(WITHHELD, mean_cell(np.array([1.0, 2.0]))) == Difference(withheld=True)
    assert difference(mean_cell(np.array([1.0, 2.0])), WITHHELD) == Difference(withheld=True)


def test_difference_without_spread_has_no_interval() -> None:
    still = mean_cell(np.full(4, 50.0))
    assert difference(still, mean_cell(np.full(3, 25.0))) == Difference(value=25, reason=Reason.ALL_EQUAL)
    assert difference(Cell(reason=Reason.NOT_ASKED), still) == Difference(reason=Reason.NOT_ASKED)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, Table I, method 3."""
    interval = wilson(successes, n)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_wilson_without_trials() -> None:
    assert wilson(0, 0) is None


def test_wilson_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="3 of 2 is not a proportion"):
        wilson(3, 2)


def test_wilson_mirrors() -> None:
    interval, mirrored = wilson(3, 17), wilson(14, 17)
    assert interval is not None
    assert mirrored is not None
    assert math.isclose(interval.low, 1 - mirrored.high)
    assert math.isclose(interval.high, 1 - mirrored.low)
