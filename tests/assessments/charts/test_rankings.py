"""Options put in order by everybody."""

import pytest

from assessments.charts.rankings import Place, RankRow, rankings
from assessments.charts.scale import Linear
from assessments.charts.spec import WITHHELD
from tests.assessments.charts.drawings import hatches, table, texts, with_class

ROWS = [
    RankRow("Form", Place(2.4, (1.25, 3))),
    RankRow("Store", Place(1.75, (1, 2)), Place(2.5)),
    RankRow("Call", Place(3)),
]


def test_the_best_stands_on_top_with_its_spread():
    chart = rankings(ROWS, title="R")
    assert table(chart) == [
        ["Store", "1.8", "1 to 2", "2.5"],
        ["Form", "2.4", "1.3 to 3", ""],
        ["Call", "3.0", "", ""],
    ]
    assert texts(chart.wide, "t-num") == ["1.8", "2.4", "3.0"]
    assert texts(chart.wide, "t-s") == ["1", "2", "3"]
    x = Linear((1, 3), 338, 664)
    dots = with_class(chart.wide, "dot")
    assert [float(e.get("cx")) for e in dots] == pytest.approx([x(1.75), x(2.4), x(3)], abs=0.06)
    assert float(dots[0].get("data-from-cx")) == pytest.approx(x(2.5), abs=0.06)
    box = with_class(chart.wide, "box")[0]
    assert (float(box.get("x")), float(box.get("width"))) == pytest.approx((x(1), x(2) - x(1)), abs=0.06)
    assert chart.spec.description.startswith("Store: mean place 1.8, middle half 1 to 2, round before 2.5; Form: ")


def test_what_is_withheld_comes_last_and_one_option_has_an_axis():
    chart = rankings([RankRow("Hidden", WITHHELD), RankRow("Only", Place(1))], title="R")
    assert [row[0] for row in table(chart)] == ["Only", "Hidden"]
    assert len(hatches(chart.narrow)) == 1
    assert texts(rankings([RankRow("Only", Place(1))], title="R").wide, "t-s") == ["1", "2"]


def test_thirty_places_are_numbered_every_few():
    chart = rankings([RankRow(f"Option {i}", Place(i)) for i in range(1, 31)], title="R")
    assert texts(chart.narrow, "t-s") == ["1", "5", "10", "15", "20", "25", "30"]


def test_a_place_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        Place(float("nan"))
