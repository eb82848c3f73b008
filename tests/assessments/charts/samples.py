"""One of each chart from the same few ingredients, so that what holds for all is tested on all."""

from collections.abc import Callable, Sequence

from assessments.charts.change import ChangeRow, change
from assessments.charts.coverage import CoverageRow, coverage
from assessments.charts.dumbbell import DumbbellRow, dumbbell
from assessments.charts.heatmap import HeatColumn, HeatRow, heatmap
from assessments.charts.likert import LikertRow, Shares, likert
from assessments.charts.radar import RadarRow, radar
from assessments.charts.spark import spark
from assessments.charts.spec import PAGE, WITHHELD, Chart, Look, Score, Value, absent
from assessments.charts.strip import strip, strip_axis
from assessments.charts.trend import TrendPoint, trend

CODES = ("INN", "ECO", "ADA", "STA", "SUS", "OTHER")
Row = tuple[str, Value]


def _strip(rows: Sequence[Row], title: str, look: Look) -> Chart:
    name, value = rows[0] if rows else (title, absent("no answers yet"))
    return strip("INN", name, value, previous=rows[-1][1] if rows else None, leaders=value, look=look)


def _difference(value: Value) -> Value:
    if not isinstance(value, Score):
        return value
    ends = value.interval or (None, None)
    low, high = (None if end is None else end - 50 for end in ends)
    return Score(value.value - 50, low, high)


def _radar(rows: Sequence[Row], title: str, look: Look) -> Chart:
    spokes = [RadarRow(CODES[i % 6], name, v, v, v) for i, (name, v) in enumerate(rows[:8])]
    return radar(spokes, title=title, look=look)


def _trend(rows: Sequence[Row], title: str, look: Look) -> Chart:
    return trend("ADA", [TrendPoint(name, value) for name, value in rows], title=title, look=look)


def _spark(rows: Sequence[Row], title: str, look: Look) -> Chart:
    return spark("ADA", title, [TrendPoint(name, value) for name, value in rows], look=look)


def _heatmap(rows: Sequence[Row], title: str, look: Look) -> Chart:
    columns = [HeatColumn(name, i) for i, (name, _) in enumerate(rows[:4])]
    cells = [HeatRow(CODES[i % 6], name, (value,) * len(columns)) for i, (name, value) in enumerate(rows)]
    return heatmap(cells, columns, title=title, look=look)


def _likert(rows: Sequence[Row], title: str, look: Look) -> Chart:
    def answers(value: Value) -> LikertRow | Shares:
        if not isinstance(value, Score):
            return value  # type: ignore[return-value]
        return Shares((value.value / 2, 0, 100 - value.value, value.value / 2, 0), value.value / 4, 40)

    items = [LikertRow(name, answers(value)) for name, value in rows]  # type: ignore[arg-type]
    return likert(items, ("Never", "Seldom", "Sometimes", "Often", "Always"), title=title, look=look)


def _dumbbell(rows: Sequence[Row], title: str, look: Look) -> Chart:
    pairs = [
        DumbbellRow(CODES[i % 6], name, rows[-1 - i][1], value, _difference(value))
        for i, (name, value) in enumerate(rows)
    ]
    return dumbbell(pairs, title=title, look=look)


def _change(rows: Sequence[Row], title: str, look: Look) -> Chart:
    moved = [ChangeRow(CODES[i % 6], name, _difference(value)) for i, (name, value) in enumerate(rows)]
    return change(moved, title=title, look=look)


def _coverage(rows: Sequence[Row], title: str, look: Look) -> Chart:
    groups = [
        CoverageRow(name, int(value.value) if isinstance(value, Score) else None, None if i % 3 == 2 else 120)
        for i, (name, value) in enumerate(rows)
    ]
    return coverage(groups, title=title, limit=5, look=look)


def _axis(rows: Sequence[Row], title: str, look: Look) -> Chart:
    return strip_axis(ends=(30, 80), look=look)


CHARTS: dict[str, Callable[[Sequence[Row], str, Look], Chart]] = {
    "strip": _strip,
    "strip_axis": _axis,
    "radar": _radar,
    "trend": _trend,
    "spark": _spark,
    "heatmap": _heatmap,
    "likert": _likert,
    "dumbbell": _dumbbell,
    "change": _change,
    "coverage": _coverage,
}

ROWS: tuple[Row, ...] = (
    ("Innovation impact", Score(58, 55, 61, 331)),
    ("Ecosystem health", Score(62.5, 59.4, 65.6, 318)),
    ("Adaptability", WITHHELD),
    ("Stakeholder satisfaction", Score(0)),
    ("Sustainability", Score(100, 96, 100, 14)),
    ("Speed of response", absent("needs two waves")),
)


def draw(kind: str, rows: Sequence[Row] = ROWS, title: str = "A title", look: Look = PAGE) -> Chart:
    return CHARTS[kind](rows, title, look)
