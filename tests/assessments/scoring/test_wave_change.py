"""How scores and the index move between waves."""

import math

import pytest
from scipy import stats

from assessments.scoring.absent import Reason
from assessments.scoring.results import WITHHELD, Band, Cell, Difference, Index, Score
from assessments.scoring.wave_change import index_change, own_change, score_change


def cell(value: float, se: float, n: int) -> Cell:
    return Cell(value=value, n=n, se=se, df=n - 1.0, sd=se * math.sqrt(n), low=value - 2 * se, high=value + 2 * se)


def score(overall: Cell, own: Cell | None = None, **groups: Cell) -> Score:
    own = own or Cell(reason=Reason.NO_OWN_VIEW)
    return Score("ADA", "dimension", None, False, overall=overall, pooled=overall, groups=groups, own=own)


def test_one_sample_each_is_welchs_test() -> None:
    found = own_change(cell(50.0, 2.0, 30), cell(58.0, 3.0, 20))
    reference = stats.ttest_ind_from_stats(58, 3 * math.sqrt(20), 20, 50, 2 * math.sqrt(30), 30, equal_var=False)
    error = 8 / reference.statistic
    df = error**4 / (2.0**4 / 29 + 3.0**4 / 19)
    half = stats.t.ppf(0.975, df) * error
    assert found.value == 8.0
    assert (found.low, found.high) == pytest.approx((8 - half, 8 + half))
    assert found.clear is bool(reference.pvalue < 0.05)


def test_only_groups_of_both_waves_are_compared_and_the_others_are_named() -> None:
    before = score(cell(50, 1, 40), customers=cell(50, 1, 40))
    after = score(cell(40, 1, 40), customers=cell(52, 1, 40), partners=cell(28, 1, 40))
    found = score_change(before, after, headline="group means", weights={"customers": 1.0, "partners": 1.0})
    assert (found.difference.value, found.left_out) == (2.0, ("partners",))


def test_weights_of_the_groups_count() -> None:
    before = score(cell(50, 1, 40), customers=cell(50, 1, 40), partners=cell(50, 1, 40))
    after = score(cell(50, 1, 40), customers=cell(60, 1, 40), partners=cell(50, 1, 40))
    found = score_change(before, after, headline="group means", weights={"customers": 3.0, "partners": 1.0})
    assert found.difference.value == pytest.approx(7.5)


@pytest.mark.parametrize(("before", "after"), [(WITHHELD, cell(50, 1, 9)), (cell(50, 1, 9), WITHHELD)])
def test_a_withheld_side_withholds_the_change(before: Cell, after: Cell) -> None:
    expected = Difference(withheld=True)
    assert own_change(before, after) == expected
    assert score_change(score(before), score(after), headline="pooled", weights={}).difference == expected


def test_the_own_view_is_compared_where_nobody_else_was_asked() -> None:
    nobody = Cell(reason=Reason.NOT_ASKED)
    before, after = score(nobody, own=cell(60, 2, 9)), score(nobody, own=cell(66, 2, 9))
    assert score_change(before, after, headline="group means", weights={}).difference.value == 6.0


def test_one_answer_has_a_change_without_an_interval() -> None:
    single = Cell(value=60.0, n=1, reason=Reason.SINGLE_ANSWER)
    found = own_change(single, cell(66, 2, 9))
    assert (found.value, found.low, found.clear) == (6.0, None, False)


def index(value: float, low: float, high: float) -> Index:
    return Index(value=value, band=Band(low, value, high))


def test_the_index_changes_by_the_doubt_of_both_bands() -> None:
    found = index_change(index(54, 51, 57), index(58, 56, 60))
    error = math.hypot(6 / 3.289708, 4 / 3.289708)
    assert found.value == 4.0
    assert found.se == pytest.approx(error, abs=1e-5)
    assert (found.low, found.high) == pytest.approx((4 - 1.959964 * error, 4 + 1.959964 * error), abs=1e-5)
    assert not found.clear
    assert index_change(index(40, 39, 41), index(58, 56, 60)).clear
    assert index_change(index(58, 56, 60), index(40, 39, 41)).value == -18.0


def test_an_index_that_is_missing_says_why() -> None:
    missing = Index(reason=Reason.MISSING_DIMENSION)
    assert index_change(missing, index(58, 56, 60)) == Difference(reason=Reason.MISSING_DIMENSION)
    assert index_change(index(58, 56, 60), missing) == Difference(reason=Reason.MISSING_DIMENSION)
    assert index_change(Index(value=50.0), index(58, 56, 60)).reason is Reason.TOO_FEW_ANSWERS
    assert index_change(index(50, 50, 50), index(58, 58, 58)).reason is Reason.NO_VARIANCE
