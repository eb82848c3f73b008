"""One of each chart from the same few ingredients, so that what holds for all is tested on all."""

from collections.abc import Callable, Sequence
from functools import partial

from assessments.charts.bets import Guesses, bets
from assessments.charts.causal_map import FactorBox, LinkCurve, LoopBadge, causal_map
from assessments.charts.change import ChangeRow, change
from assessments.charts.coverage import CoverageRow, coverage
from assessments.charts.cycle import CycleStep, cycle
from assessments.charts.dumbbell import DumbbellRow, dumbbell
from assessments.charts.forecast import ForecastRow, forecast
from assessments.charts.heatmap import HeatColumn, HeatRow, heatmap
from assessments.charts.likert import LikertRow, Shares, likert
from assessments.charts.link_votes import LinkRow, LinkVotes, link_votes
from assessments.charts.radar import RadarRow, radar
from assessments.charts.rankings import Place, RankRow, rankings
from assessments.charts.rating_rows import RatingRow, breakouts, rating_rows
from assessments.charts.rounds import rounds
from assessments.charts.scenario_steps import StepRow, scenario_steps
from assessments.charts.spark import spark
from assessments.charts.spec import PAGE, WITHHELD, Chart, Look, Missing, Score, Value, absent
from assessments.charts.strip import strip, strip_axis
from assessments.charts.tallies import OptionRow, tallies
from assessments.charts.trend import TrendPoint, trend
from assessments.charts.votes import Levels, RoundVotes, Votes

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


TEN = Levels(1, 10, "not at all ready", "fully ready")


def _votes(value: Value) -> RoundVotes:
    """Counts that depend on the number alone: a hump around a tenth of it."""
    if not isinstance(value, Score):
        return value
    top = min(max(round(value.value / 10), 1), 10)
    counts = tuple(max(0, 12 - 4 * abs(level - top)) for level in TEN)
    return Votes(counts, top, (max(top - 1, 1), min(top + 1, 10)), int(value.value) % 3)


def _rounds(rows: Sequence[Row], title: str, look: Look, big: bool = False) -> Chart:
    name, value = rows[0] if rows else (title, absent("no votes yet"))
    before = _votes(rows[-1][1]) if rows else None
    return rounds(
        "ADA",
        TEN,
        _votes(value),
        before,
        title=title,
        now_label=name,
        before_label="the round before",
        big=big,
        look=look,
    )


def _rating_rows(rows: Sequence[Row], title: str, look: Look, big: bool = False) -> Chart:
    items = [
        RatingRow(CODES[i % 6], name, _votes(value), _votes(rows[-1 - i][1])) for i, (name, value) in enumerate(rows)
    ]
    return rating_rows(items, TEN, title=title, big=big, look=look)


def _breakouts(rows: Sequence[Row], title: str, look: Look) -> Chart:
    return breakouts([RatingRow("", name, _votes(value)) for name, value in rows], TEN, title=title, look=look)


def _tallies(rows: Sequence[Row], title: str, look: Look, big: bool = False) -> Chart:
    def dots(value: Value) -> int | Missing:
        return int(value.value) if isinstance(value, Score) else value

    options = [OptionRow(name, dots(value), dots(rows[-1 - i][1])) for i, (name, value) in enumerate(rows)]
    return tallies(options, title=title, big=big, look=look)


def _rankings(rows: Sequence[Row], title: str, look: Look, big: bool = False) -> Chart:
    def place(value: Value) -> Place | Missing:
        if not isinstance(value, Score):
            return value
        mean = 1 + (100 - value.value) / 20
        return Place(mean, (max(mean - 1, 1), min(mean + 0.5, 6)))

    options = [RankRow(name, place(value), place(rows[-1 - i][1])) for i, (name, value) in enumerate(rows)]
    return rankings(options, title=title, big=big, look=look)


def _link_votes(rows: Sequence[Row], title: str, look: Look, big: bool = False) -> Chart:
    def votes(value: Value) -> LinkVotes | Missing:
        if not isinstance(value, Score):
            return value
        up = int(value.value) // 5
        return LinkVotes((2, 1, 20 - up, 3, up // 2, up, 1), "after a season", split=5 < up < 15, cant_say=up % 3)

    links = [LinkRow(name, rows[-1 - i][0], votes(value)) for i, (name, value) in enumerate(rows)]
    return link_votes(links, title=title, big=big, look=look)


def _bets(rows: Sequence[Row], title: str, look: Look, big: bool = False) -> Chart:
    value = rows[0][1] if rows else absent("no guesses yet")
    if isinstance(value, Score):
        votes = _votes(value)
        assert isinstance(votes, Votes)
        guesses: Guesses | Missing = Guesses(votes.counts, value.value, value.interval)
    else:
        guesses = value
    outcome = 62 if isinstance(value, Score) else None
    return bets("ADA", guesses, title=title, outcome=outcome, big=big, look=look)


def _forecast(rows: Sequence[Row], title: str, look: Look) -> Chart:
    moved = [
        ForecastRow(CODES[i % 6], name, value, rows[-1 - i][1], 0.1 * (i % 11), value)
        if isinstance(value, Score)
        else ForecastRow(CODES[i % 6], name, value, value, None, value)
        for i, (name, value) in enumerate(rows)
    ]
    return forecast(moved, title=title, look=look)


def _scenario_steps(rows: Sequence[Row], title: str, look: Look) -> Chart:
    def steps(value: Value) -> tuple[Score, ...] | Missing:
        if isinstance(value, Missing):
            return value
        return tuple(Score(value.value * share - 20, *((-40, 90) if value.interval else ())) for share in (0.2, 0.5, 1))

    return scenario_steps([StepRow(CODES[i % 6], n, steps(v)) for i, (n, v) in enumerate(rows)], title=title, look=look)


def _causal_map(rows: Sequence[Row], title: str, look: Look) -> Chart:
    factors = [
        FactorBox(str(i), name, CODES[i % 6] if i % 2 else "", value, (i * 137 % 900, i * 211 % 560) if i % 5 else None)
        for i, (name, value) in enumerate(rows)
    ]
    ring = [(str(i), str((i + 1) % len(rows))) for i in range(len(rows))] if len(rows) > 1 else []
    links = [LinkCurve(a, b, 1 if i % 2 else -1, i % 3, rows[i][0], i % 4 == 3) for i, (a, b) in enumerate(ring)]
    loops = [LoopBadge(f"{s}1", f"{s}1", tuple(a for a, _ in ring), s == "B", title) for s in ("R", "B") if ring]
    return causal_map(factors, links, loops, title=title, lit={"R1", "B1"}, look=look)


def _cycle(rows: Sequence[Row], title: str, look: Look) -> Chart:
    steps = [
        CycleStep(name, "7 of 11", value.value if isinstance(value, Score) else None, f"{i} days")
        for i, (name, value) in enumerate(rows)
    ]
    return cycle(steps, title=title, look=look)


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
    "rounds": _rounds,
    "rating_rows": _rating_rows,
    "breakouts": _breakouts,
    "tallies": _tallies,
    "rankings": _rankings,
    "link_votes": _link_votes,
    "bets": _bets,
    "forecast": _forecast,
    "scenario_steps": _scenario_steps,
    "causal_map": _causal_map,
    "cycle": _cycle,
    "rounds_big": partial(_rounds, big=True),
    "rating_rows_big": partial(_rating_rows, big=True),
    "tallies_big": partial(_tallies, big=True),
    "rankings_big": partial(_rankings, big=True),
    "link_votes_big": partial(_link_votes, big=True),
    "bets_big": partial(_bets, big=True),
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


NOT_OF_ROWS = {"strip_axis", "causal_map", "cycle"}
"""Charts whose table is not one of the rows' numbers."""
