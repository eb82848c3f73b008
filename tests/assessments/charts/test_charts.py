"""Each chart draws and says the numbers it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.charts.change import ChangeRow, change
from assessments.charts.coverage import CoverageRow, coverage
from assessments.charts.dumbbell import DumbbellRow, dumbbell
from assessments.charts.heatmap import HeatColumn, HeatRow, Steps, heat_steps, heatmap
from assessments.charts.likert import LikertRow, Shares, likert
from assessments.charts.radar import RadarRow, radar
from assessments.charts.scale import Linear
from assessments.charts.spark import spark
from assessments.charts.spec import WITHHELD, Score, absent
from assessments.charts.strip import strip, strip_axis, strip_key
from assessments.charts.trend import TrendPoint, trend
from tests.assessments.charts.drawings import SVG, hatches, parsed, table, texts, tips, with_class


def number_of(element, name):
    return float(element.get(name))


def test_strip_places_dot_band_tick_and_ring_on_the_shared_axis():
    chart = strip("INN", "Innovation", Score(58, 55, 61, 331), previous=Score(53), leaders=Score(69), ends=(30, 80))
    x = Linear((30, 80), 8, 312)
    (dot,), (band,), (ring,), (tick,) = (with_class(chart.svg, name) for name in ("dot", "band", "ring", "prev"))
    assert number_of(dot, "cx") == pytest.approx(x(58), abs=0.05)
    assert number_of(ring, "cx") == pytest.approx(x(69), abs=0.05)
    assert number_of(band, "x") == pytest.approx(x(55), abs=0.05)
    assert number_of(band, "width") == pytest.approx(x(61) - x(55), abs=0.1)
    assert tick.get("d") == "M147.8 6L147.8 26"
    assert chart.spec.description == ("Score: 58 (95 % interval 55 to 61), n 331; previous wave: 53; leaders: 69")
    assert table(chart) == [["Innovation", "58", "55 to 61", "53", "69"]]


def test_strip_without_interval_previous_or_leaders_has_only_its_dot():
    chart = strip("INN", "Innovation", Score(0), previous=WITHHELD, leaders=absent("no leader answered"))
    assert [len(with_class(chart.svg, name)) for name in ("dot", "band", "ring", "prev")] == [1, 0, 0, 0]
    assert table(chart) == [
        ["Innovation", "0", "no interval", "withheld: protects a small group", "no leader answered"]
    ]


def test_strip_axis_prints_the_ends_and_key_names_only_what_is_drawn():
    assert texts(strip_axis(ends=(40, 80)).svg) == ["40", "50", "60", "70", "80"]
    assert [item.label for item in strip_key(leaders="leaders’ own view")] == [
        "all groups",
        "95 % interval",
        "leaders’ own view",
    ]


def test_radar_leaves_a_gap_where_a_number_is_missing():
    rows = [RadarRow(code, code, Score(50 + i)) for i, code in enumerate(("INN", "ECO", "ADA", "STA", "SUS"))]
    (whole,) = with_class(radar(rows, title="P").wide, "area")
    assert whole.get("d").endswith("Z")
    rows[2] = RadarRow("ADA", "ADA", WITHHELD)
    chart = radar(rows, title="P")
    sides = with_class(chart.wide, "area")
    assert [side.get("d").count("L") for side in sides] == [1, 1, 1]
    assert texts(chart.wide, "t-num") == ["50", "51", "53", "54"]
    assert [len(hatches(svg)) for svg in (chart.wide, chart.narrow)] == [1, 1]
    assert [item.label for item in chart.key] == ["all groups"]


def test_radar_of_two_dimensions_says_that_it_needs_three():
    chart = radar([RadarRow("INN", "I", Score(50)), RadarRow("ECO", "E", Score(60))], title="P")
    assert texts(chart.wide) == ["A profile needs at least three dimensions"]
    assert table(chart)[0][:2] == ["I", "50"]


def points(*scores):
    return [TrendPoint(f"Wave {i}", score, f"W{i}") for i, score in enumerate(scores, 1)]


def test_trend_breaks_line_and_band_at_a_missing_wave():
    known = trend("ECO", points(*(Score(v, v - 3, v + 3, 90) for v in (50, 52, 54, 56))), title="T")
    assert [len(with_class(known.wide, name)) for name in ("stroke", "band", "dot", "ring")] == [1, 1, 1, 3]
    broken = trend("ECO", points(Score(50, 47, 53), Score(52, 49, 55), WITHHELD, Score(56, 53, 59)), title="T")
    assert [len(with_class(broken.wide, name)) for name in ("stroke", "band", "dot", "ring")] == [1, 2, 1, 2]
    assert len(hatches(broken.wide)) == 1
    assert table(broken)[2] == ["Wave 3", *["withheld: protects a small group"] * 2, ""]


def test_trend_prints_every_label_it_has_room_for_and_the_last_always():
    chart = trend("ECO", points(*(Score(50, n=9) for _ in range(30))), title="T")
    for svg in (chart.wide, chart.narrow):
        labels = [text for text in texts(svg, "t-s") if text.startswith("W")]
        assert labels[-1] in ("W30", "Wave 30")
        assert 5 <= len(labels) < 30
    assert len(tips(chart.wide)) == 30


def test_spark_of_one_wave_and_of_none():
    assert len(with_class(spark("INN", "I", points(Score(50))).svg, "dot")) == 1
    assert spark("INN", "I", []).spec.description == "Nothing to show yet"


def test_heatmap_prints_what_its_table_says():
    cells = (Score(62, 60, 64.4, 198), Score(-0.4), WITHHELD, absent("not asked of this group"))
    chart = heatmap([HeatRow("INN", "Innovation", cells)], [HeatColumn(g, 9) for g in "ABCD"], title="H")
    assert table(chart) == [
        ["Innovation", "62 ±2, n 198", "0", "withheld: protects a small group", "not asked of this group"]
    ]
    assert texts(chart.wide, "t-num") == ["62", "0"]
    assert tips(chart.wide) == [
        "Innovation, A: 62 (95 % interval 60 to 64), n 198",
        "Innovation, B: 0",
        "Innovation, C: withheld: protects a small group",
        "Innovation, D: not asked of this group",
        "withheld: protects a small group",
    ]


def test_heatmap_of_sixty_groups_grows_so_that_columns_stay_readable():
    columns = [HeatColumn(f"Group {i}", 5 + i) for i in range(60)]
    chart = heatmap([HeatRow("INN", "Innovation", (Score(50),) * 60)], columns, title="H")
    assert (chart.wide_width, chart.narrow_width) == (214 + 72 * 60, 62 * 60)
    assert len(with_class(chart.wide, "mark")) == 61


@given(st.lists(st.floats(0, 100), min_size=1))
def test_heat_steps_cover_the_values_in_order(values):
    steps = heat_steps(values)
    assert steps.low >= 0
    assert steps.low + 7 * steps.size <= 105
    ordered = [steps(v) for v in sorted(values)]
    assert ordered == sorted(ordered)
    assert set(ordered) <= set(range(7))


def test_heat_steps_of_the_usual_range():
    assert heat_steps([44, 71]) == Steps(40, 5)
    assert [Steps(40, 5)(v) for v in (44.9, 45, 69.9, 70, 100, 0)] == [0, 1, 5, 6, 6, 0]


@pytest.mark.parametrize(
    ("levels", "categories", "colours"),
    [
        ((40, 60), 2, ["l0", "l4"]),
        ((20, 30, 50), 3, ["l0", "l2", "l4"]),
        ((10, 20, 30, 40), 4, ["l0", "l1", "l3", "l4"]),
        ((10, 20, 30, 25, 15), 5, ["l0", "l1", "l2", "l3", "l4"]),
    ],
)
def test_likert_centres_the_middle_and_keeps_dark_ends(levels, categories, colours):
    names = [f"level {i}" for i in range(categories)]
    chart = likert([LikertRow("Item", Shares(levels, 4, 318))], names, title="L")
    bars = [e for e in with_class(chart.wide, "mark") if "l" in e.get("class").split()]
    assert [e.get("class").split()[1] for e in bars] == colours
    (zero,) = with_class(chart.wide, "zero")
    middle = float(zero.get("d")[1:].split()[0])
    half = categories // 2
    if categories % 2:
        centre = number_of(bars[half], "x") + (number_of(bars[half], "width") + 1.5) / 2
    else:
        centre = number_of(bars[half], "x")
    assert centre == pytest.approx(middle, abs=0.2)
    assert table(chart) == [["Item", *(f"{v} %" for v in levels), "4 %", "318"]]


def test_likert_draws_no_bar_for_a_level_nobody_chose():
    chart = likert([LikertRow("Item", Shares((0, 100, 0), 0, 3))], ("a", "b", "c"), title="L")
    assert tips(chart.wide) == ["Item: b 100 %"]


def test_dumbbell_says_gap_and_pales_what_may_be_zero():
    rows = [
        DumbbellRow("ADA", "Adaptability", Score(66), Score(48, 44, 52), Score(18, 10.4, 25.6)),
        DumbbellRow("SUS", "Sustainability", Score(63), Score(61, 58, 64), Score(2, -6, 10)),
        DumbbellRow("STA", "Satisfaction", WITHHELD, Score(64), WITHHELD),
    ]
    chart = dumbbell(rows, title="D")
    assert texts(chart.wide, "t-num") == ["+18", "+2"]
    assert [e.text for e in with_class(chart.wide, "t-num") if "t-2" in e.get("class").split()] == ["+2"]
    assert "+10 to +26" in texts(chart.wide)
    assert len(with_class(chart.wide, "ring")) == 2
    assert len(hatches(chart.wide)) == 2
    assert table(chart)[1] == ["Sustainability", "63", "61", "58 to 64", "+2", "−6 to +10"]


def test_change_fills_what_is_clear_and_writes_true_minus():
    rows = [
        ChangeRow("INN", "Emergence", Score(7.45, 2.5, 12.3)),
        ChangeRow("ADA", "Speed", Score(-6.1, -11, -1.2)),
        ChangeRow("ECO", "Benefit", Score(3.1, -1.6, 7.8)),
        ChangeRow("ECO", "Trust", Score(-0.04)),
        ChangeRow("STA", "Outcomes", WITHHELD),
    ]
    chart = change(rows, title="C")
    assert texts(chart.wide, "t-num") == ["+7", "−6", "+3", "0"]
    assert [len(with_class(chart.wide, name)) for name in ("dot", "ring", "whisker")] == [2, 2, 3]
    assert table(chart) == [
        ["Emergence", "+7.5", "+2.5 to +12.3", "clear change"],
        ["Speed", "−6.1", "−11.0 to −1.2", "clear change"],
        ["Benefit", "+3.1", "−1.6 to +7.8", "could be chance"],
        ["Trust", "0.0", "no interval", "no interval"],
        ["Outcomes", "withheld: protects a small group", "withheld: protects a small group", ""],
    ]


def test_coverage_bars_are_as_long_as_the_share_and_never_longer():
    rows = [
        CoverageRow("Customers", 212, 340),
        CoverageRow("Communities", 17, 40),
        CoverageRow("Partners", None, 64),
        CoverageRow("Open", 17, None),
        CoverageRow("More than invited", 12, 10),
        CoverageRow("Nobody invited", 0, 0),
    ]
    chart = coverage(rows, title="Who answered", limit=5)
    fills = with_class(chart.svg, "fill")
    assert [number_of(e, "width") for e in fills] == [212, 144.5, 340, 0]
    assert ["s-warn" in e.get("class").split() for e in fills] == [False, True, False, False]
    assert len(hatches(chart.svg)) == 1
    assert table(chart)[2:4] == [["Partners", "under 5", "64"], ["Open", "17", "open link"]]
    assert "under 5 of 64" in texts(chart.svg)
    assert parsed(chart.svg).tag == f"{SVG}svg"
