"""Dots per option."""

import pytest

from assessments.charts.spec import WITHHELD
from assessments.charts.tallies import OptionRow, tallies
from tests.assessments.charts.drawings import hatches, table, texts, with_class

ROWS = [OptionRow("Call", 6), OptionRow("Store", 14), OptionRow("Lorry", 0), OptionRow("Form", 14)]


def test_sorts_by_dots_and_lets_equal_numbers_share_a_place():
    chart = tallies(ROWS, title="T")
    assert table(chart) == [
        ["Store", "1, tied", "14", "41 %"],
        ["Form", "1, tied", "14", "41 %"],
        ["Call", "3", "6", "18 %"],
        ["Lorry", "4", "0", "0 %"],
    ]
    assert texts(chart.wide, "t-num") == ["14", "14", "6", "0"]
    assert (
        chart.spec.description == "1, tied: Store, Dots 14; 1, tied: Form, Dots 14; 3: Call, Dots 6; 4: Lorry, Dots 0"
    )
    widths = [float(e.get("width")) for e in with_class(chart.wide, "fill")]
    assert [round(14 * width / widths[0]) for width in widths] == [14, 14, 6]


def test_the_round_before_is_an_outline_where_the_bar_begins():
    chart = tallies([OptionRow("One", 4, 8), OptionRow("Two", 2)], title="T")
    (outline,) = with_class(chart.wide, "outline")
    first, second = with_class(chart.wide, "fill")
    assert first.get("data-from-width") == outline.get("width")
    assert second.get("data-from-width") is None
    assert [row[-1] for row in table(chart)] == ["8", ""]
    assert [item.label for item in chart.key] == ["round before"]


def test_nobody_placed_a_dot():
    chart = tallies([OptionRow("One", 0), OptionRow("Two", 0)], title="T")
    assert table(chart) == [["One", "1, tied", "0", ""], ["Two", "1, tied", "0", ""]]
    assert with_class(chart.wide, "fill") == []


def test_withheld_options_come_last_without_a_place():
    chart = tallies([OptionRow("Hidden", WITHHELD, 9), *ROWS], title="T")
    assert table(chart)[-1][0] == "Hidden"
    assert len(hatches(chart.wide)) == 1
    assert with_class(chart.wide, "outline") == []


def test_a_negative_number_of_dots_is_refused():
    with pytest.raises(ValueError, match="negative number of dots"):
        OptionRow("One", -1)
