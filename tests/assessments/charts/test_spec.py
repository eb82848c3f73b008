import pytest

from assessments.charts.coverage import CoverageRow
from assessments.charts.heatmap import HeatColumn, HeatRow, heatmap
from assessments.charts.likert import LikertRow, Shares, likert
from assessments.charts.spec import Cell, ChartSpec, Score


@pytest.mark.parametrize(
    "wrong",
    [(float("nan"),), (50, 40, float("inf")), (50, 40), (50, None, 60), (50, 60, 40)],
)
def test_a_score_refuses_what_cannot_be_drawn(wrong):
    with pytest.raises(ValueError, match="Score"):
        Score(*wrong)


@pytest.mark.parametrize(
    ("score", "clear"), [(Score(5, 1, 9), True), (Score(-5, -9, -1), True), (Score(5, 0, 9), False), (Score(5), False)]
)
def test_a_difference_is_clear_when_its_interval_leaves_zero_out(score, clear):
    assert score.clear is clear


def test_a_table_has_rows_of_one_width():
    with pytest.raises(ValueError, match="2 cells"):
        ChartSpec("T", "d", ("a", "b"), ((Cell("x"),),))


def test_charts_refuse_rows_that_do_not_match_their_columns():
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        heatmap([HeatRow("INN", "x", (Score(1),))], [HeatColumn("a"), HeatColumn("b")], title="t")
    with pytest.raises(ValueError, match="3 levels for 2 categories"):
        likert([LikertRow("x", Shares((1, 2, 3), 0, 4))], ("a", "b"), title="t")
    with pytest.raises(ValueError, match="negative"):
        Shares((-1, 101), 0, 4)
    with pytest.raises(ValueError, match="negative"):
        CoverageRow("x", -1, 4)
