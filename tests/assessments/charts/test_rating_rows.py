"""Several items, or one item by group, on one scale."""

import pytest

from assessments.charts.rating_rows import RatingRow, breakouts, rating_rows
from assessments.charts.spec import WITHHELD
from assessments.charts.votes import Levels, Votes
from tests.assessments.charts.drawings import hatches, table, texts, with_class

FIVE = Levels(1, 5)
MANY = Votes((0, 4, 8, 20, 8), 4, (3, 4))
FEW = Votes((1, 2, 0, 0, 0), 2, (1.5, 2), 1)


def heights(svg):
    return [float(e.get("height")) for e in with_class(svg, "fill")]


def test_items_share_one_measure_and_groups_are_shares_of_themselves():
    rows = [RatingRow("INN", "One", MANY), RatingRow("", "Two", FEW)]
    items = heights(rating_rows(rows, FIVE, title="R").wide)
    assert [round(20 * h / items[2]) for h in items] == [4, 8, 20, 8, 1, 2]
    groups = heights(breakouts(rows, FIVE, title="R").wide)
    assert [round(60 * h / groups[-1]) for h in groups] == [9, 18, 45, 18, 30, 60]  # 2 of 3 is the tallest: 40 of 60


def test_each_row_says_its_median_its_n_and_its_middle_half():
    chart = rating_rows([RatingRow("INN", "One", MANY), RatingRow("", "Two", FEW)], FIVE, title="R")
    assert texts(chart.wide, "t-num") == ["4", "2"]
    assert [text for text in texts(chart.wide, "t-s") if text.startswith("n ")] == ["n 40", "n 3"]
    assert len(with_class(chart.wide, "box")) == len(with_class(chart.wide, "dot")) == 2
    assert table(chart) == [
        ["One", "0", "4", "8", "20", "8", "0", "4", "3 to 4"],
        ["Two", "1", "2", "0", "0", "0", "1", "2", "1.5 to 2"],
    ]
    assert chart.spec.columns[0] == "Item"
    assert [item.label for item in chart.key] == ["median", "middle half"]


def test_a_group_that_is_withheld_is_a_hatch_among_the_others():
    rows = [RatingRow("ADA", "Table 1", MANY), RatingRow("ADA", "Table 2", WITHHELD)]
    chart = breakouts(rows, FIVE, title="R")
    for svg in (chart.wide, chart.narrow):
        assert len(hatches(svg)) == len(with_class(svg, "dot")) == 1
    assert table(chart)[1] == ["Table 2", *["withheld: protects a small group"] * 8]
    assert chart.spec.columns[0] == "Group"


@pytest.mark.parametrize("big", [False, True])
def test_a_second_round_has_outlines_and_a_ring_and_a_row_of_its_own_in_the_table(big):
    chart = rating_rows([RatingRow("INN", "One", FEW, MANY)], FIVE, title="R", big=big)
    assert len(with_class(chart.wide, "outline")) == 4
    assert len(with_class(chart.wide, "ring")) == 1
    assert [e.get("data-from-cx") for e in with_class(chart.wide, "dot")] == [
        e.get("cx") for e in with_class(chart.wide, "ring")
    ]
    assert [row[0] for row in table(chart)] == ["One", "One, round before"]
    assert [item.label for item in chart.key] == ["median", "middle half", "round before", "median, round before"]
