"""Causal map, learning cycle, forecast and the steps of a scenario."""

import random
from itertools import pairwise

import pytest

from assessments.charts.causal_map import FactorBox, LinkCurve, LoopBadge, causal_map
from assessments.charts.cycle import CycleStep, cycle
from assessments.charts.forecast import ForecastRow, forecast
from assessments.charts.map_geometry import on_sheet
from assessments.charts.scale import Linear
from assessments.charts.scenario_steps import StepRow, scenario_steps
from assessments.charts.spec import WITHHELD, Score, absent
from tests.assessments.charts.drawings import hatches, outside, table, texts, tips, with_class

FACTORS = (
    FactorBox("1", "Trust", "ECO", Score(63), (450, 40)),
    FactorBox("2", "Shared forecast", place=(110, 160)),
    FactorBox("3", "Food wasted", place=(100, 600), score=WITHHELD),
    FactorBox("4", "Fair margin", "STA", absent("needs an answer"), (430, 500)),
)
LINKS = (
    LinkCurve("1", "2", 1, held="drawn"),
    LinkCurve("2", "3", -1, held="12 of 15 votes"),
    LinkCurve("3", "1", -1, 2, split=True),
    LinkCurve("1", "4", 1),
)
LOOP = LoopBadge("1>2>3", "R1", ("1", "2", "3"), name="Trust pays back")


def test_the_map_says_each_link_in_words_and_in_its_table():
    chart = causal_map(FACTORS, LINKS, (LOOP,), title="Map")
    assert chart.spec.description == (
        "Trust: 63; Food wasted: withheld: protects a small group; Fair margin: needs an answer; "
        "Trust raises Shared forecast; Shared forecast lowers Food wasted; "
        "Food wasted raises or lowers Trust, after a delay; Trust raises Fair margin"
    )
    assert table(chart) == [
        ["Trust", "Shared forecast", "same (+)", "at once", "drawn"],
        ["Shared forecast", "Food wasted", "opposite (−)", "at once", "12 of 15 votes"],
        ["Food wasted", "Trust", "opinions are split (±)", "after a delay", ""],
        ["Trust", "Fair margin", "same (+)", "at once", ""],
    ]
    assert [item.label[:4] for item in chart.key] == ["same", "oppo", "afte", "rein"]


def test_signs_delays_badges_and_highlights_are_drawn():
    chart = causal_map(FACTORS, LINKS, (LOOP,), title="Map", lit={LOOP.key})
    svg = chart.wide
    assert chart.scrolls
    assert len(with_class(svg, "factor")) == len(with_class(svg, "edge")) == len(with_class(svg, "head")) == 4
    assert [e.get("class") for e in with_class(svg, "edge")].count("edge down mark") == 2
    assert len(with_class(svg, "delay")) == 1
    assert len(with_class(svg, "lit")) == 3
    assert "R1: Trust pays back" in tips(svg)
    assert "63" in texts(svg)
    assert len(hatches(svg)) == 1
    assert with_class(causal_map(FACTORS, LINKS, (LOOP,), title="Map").wide, "lit") == []


def test_what_is_not_on_the_map_is_not_drawn():
    gone = LinkCurve("1", "9", 1), LinkCurve("1", "1", 1)
    loops = LoopBadge("1>9", "R7", ("1", "9")), LoopBadge("2>1", "B2", ("2", "1"), True)
    chart = causal_map(FACTORS, (*LINKS, *gone), loops, title="Map")
    assert len(table(chart)) == len(LINKS)
    assert {"R7", "B2"}.isdisjoint(texts(chart.wide))


def test_boxes_do_not_overlap_even_where_everything_lies_in_one_place():
    places = {str(i): (500.0, 300.0) for i in range(12)}
    sizes = dict.fromkeys(places, (140.0, 50.0))
    found = list(on_sheet(places, sizes, 800, 560).values())
    pairs = [(a, b) for i, a in enumerate(found) for b in found[:i]]
    assert [(a, b) for a, b in pairs if abs(a[0] - b[0]) < 140 and abs(a[1] - b[1]) < 50] == []


def test_links_both_ways_bend_apart():
    chart = causal_map(FACTORS[:2], (LinkCurve("1", "2", 1), LinkCurve("2", "1", -1)), title="Map")
    first, second = (e.get("d") for e in with_class(chart.wide, "edge"))
    assert first != second


def test_a_large_map_is_wider_and_holds_everything():
    chance = random.Random(3)
    factors = [FactorBox(str(i), f"Factor {i}", place=(i % 8 * 130, i // 8 * 90)) for i in range(60)]
    pairs = [(a, b) for a in range(60) for b in range(60) if a != b]
    links = [LinkCurve(str(a), str(b), 1) for a, b in chance.sample(pairs, 200)]
    chart = causal_map(factors, links, title="Large")
    assert chart.wide_width > 1500
    assert len(with_class(chart.wide, "factor")) == 60
    assert len(with_class(chart.wide, "edge")) == 200
    assert list(outside(chart.wide)) == []


def test_the_cycle_is_as_long_as_its_days():
    steps = (
        CycleStep("Signal", "24 heard"),
        CycleStep("Discussed", "19 of 24", 10, "10 days"),
        CycleStep("Committed", "11 of 24", 30, "30 days"),
        CycleStep("Done", "nobody yet"),
    )
    chart = cycle(steps, title="Cycle")
    at = [float(e.get("cx")) for e in (*with_class(chart.wide, "dot"), *with_class(chart.wide, "ring"))]
    gaps = [b - a - 92 for a, b in pairwise(at)]
    assert gaps[1] == pytest.approx(3 * gaps[0], abs=0.3)
    assert gaps[2] == pytest.approx(0, abs=0.2)
    assert len(with_class(chart.wide, "link")) == len(with_class(chart.narrow, "link")) == 1
    assert table(chart)[1] == ["Discussed", "10 days", "19 of 24"]
    assert "10 days · 19 of 24" in texts(chart.narrow)
    with pytest.raises(ValueError, match="negative or not finite"):
        CycleStep("Done", "", -1)


def test_forecast_beside_what_came():
    rows = (
        ForecastRow("ADA", "Adaptability", Score(48), Score(56, 50, 62), 0.96, Score(55)),
        ForecastRow("STA", "Satisfaction", Score(64), Score(66, 62, 70), 0.74),
        ForecastRow("SUS", "Sustainability", WITHHELD, Score(50, 40, 60), 0.9),
    )
    chart = forecast(rows, title="What if", ends=(40, 80))
    assert table(chart) == [
        ["Adaptability", "48", "56", "50 to 62", "+8", "96 %", "55"],
        ["Satisfaction", "64", "66", "62 to 70", "+2", "74 %", ""],
        [
            "Sustainability",
            *["withheld: protects a small group", "50", "40 to 60"],
            *["withheld: protects a small group"] * 2,
            "",
        ],
    ]
    x = Linear((40, 80), 206, 470)
    assert [float(e.get("cx")) for e in with_class(chart.wide, "ring")] == pytest.approx([x(48), x(64)], abs=0.06)
    assert [e.get("d").split(" ")[0] for e in with_class(chart.wide, "outcome")] == [f"M{x(55):.1f}"]
    assert texts(chart.wide, "t-num") == ["+8", "+2"]
    assert [item.label for item in chart.key] == ["now", "scenario", "5–95 % band", "what came"]
    before = forecast([ForecastRow("ADA", "Adaptability", Score(48), Score(56, 50, 62), 0.96)], title="What if")
    assert before.spec.columns[-1] == "Draws that agree"
    assert with_class(before.wide, "outcome") == []


def test_steps_share_one_scale():
    rows = [
        StepRow("ADA", "Adaptability", (Score(4, 2, 6), Score(8, 5, 10))),
        StepRow("ECO", "Ecosystem health", (Score(-1), Score(-2))),
        StepRow("SUS", "Sustainability", WITHHELD),
    ]
    chart = scenario_steps(rows, title="Steps")
    assert chart.spec.columns == ("Dimension", "Step 1", "Step 2")
    assert table(chart)[0] == ["Adaptability", "+4.0 (+2.0 to +6.0)", "+8.0 (+5.0 to +10.0)"]
    assert table(chart)[1] == ["Ecosystem health", "−1.0", "−2.0"]
    assert len(with_class(chart.wide, "band")) == 1
    assert texts(chart.wide, "t-s")[:3] == ["−10", "0", "+10"]
    first, second = (float(e.get("cy")) for e in with_class(chart.wide, "dot"))
    y = Linear((-10, 10), 128, 34)
    assert (first, second) == (pytest.approx(y(8), abs=0.06), pytest.approx(y(-2), abs=0.06))
