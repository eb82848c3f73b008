"""Guesses before a run."""

import pytest

from assessments.charts.bets import Guesses, bets
from assessments.charts.scale import Linear
from assessments.charts.spec import WITHHELD
from tests.assessments.charts.drawings import hatches, outside, table, texts, tips, with_class

FIVE_BINS = Guesses((1, 4, 0, 9, 2), 66, (38, 72.5))


def test_columns_middle_and_outcome_stand_on_one_axis():
    chart = bets("ADA", FIVE_BINS, title="B", outcome=62, unit="%")
    assert table(chart) == [
        ["0 to 20", "1"],
        ["20 to 40", "4"],
        ["40 to 60", "0"],
        ["60 to 80", "9"],
        ["80 to 100", "2"],
        ["median", "66 %"],
        ["middle half", "38 to 72.5 %"],
        ["outcome", "62 %"],
    ]
    assert chart.spec.description == (
        "Guesses: n 16, median 66 %, middle half 38 to 72.5 %, 0 to 20: 1, 20 to 40: 4, 60 to 80: 9, 80 to 100: 2, "
        "outcome 62 %"
    )
    x = Linear((0, 100), 12, 708)
    assert float(with_class(chart.wide, "dot")[0].get("cx")) == pytest.approx(x(66), abs=0.06)
    assert {e.get("d")[1:].split(" ")[0] for e in with_class(chart.wide, "outcome")} == {"443.5"}  # 62
    columns = with_class(chart.wide, "fill")
    assert [round(9 * float(e.get("height")) / float(columns[2].get("height"))) for e in columns] == [1, 4, 9, 2]
    assert tips(chart.wide)[:4] == ["0 to 20: 1", "20 to 40: 4", "60 to 80: 9", "80 to 100: 2"]


def test_before_the_run_there_is_no_outcome():
    chart = bets("", FIVE_BINS, title="B")
    assert with_class(chart.wide, "outcome") == []
    assert "outcome" not in chart.wide + str(table(chart)) + chart.spec.description


def test_another_range_has_its_own_bins_and_an_outcome_beyond_it_stops_at_the_end():
    chart = bets("", Guesses((2, 3), -5, (-8, 0)), title="B", ends=(-10, 10), outcome=14)
    assert [row[0] for row in table(chart)][:2] == ["−10 to 0", "0 to 10"]
    assert table(chart)[2] == ["median", "−5"]
    assert table(chart)[-1] == ["outcome", "14"]
    assert list(outside(chart.wide)) == list(outside(chart.narrow)) == []


@pytest.mark.parametrize("big", [False, True])
def test_withheld_guesses_still_show_what_came_out(big):
    chart = bets("ADA", WITHHELD, title="B", outcome=62, big=big)
    assert len(hatches(chart.wide)) == 1
    assert table(chart) == [["Guesses", "withheld: protects a small group"], ["outcome", "62"]]
    assert "outcome 62" in texts(chart.wide)
    assert with_class(chart.wide, "fill") == []


def test_no_guess_at_all():
    chart = bets("", Guesses((0, 0, 0)), title="B", outcome=50)
    assert with_class(chart.wide, "dot") == with_class(chart.wide, "fill") == []


def test_guesses_without_a_bin_are_refused():
    with pytest.raises(ValueError, match="needs counts"):
        Guesses(())
