"""What-if: where each dimension stands, where the scenario takes it, how sure the draws are, and what then came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assessments.charts.cells import described, missing_words, value_cell
from assessments.charts.scale import Ends, Linear, nice_ends, ticks
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, KeyItem, Look, Missing, Score, Value, both
from assessments.charts.svg import Svg, key_item
from assessments.charts.text import clean, text_width, wrap
from ecosystems.glyphs import dimension_class
from ecosystems.numerals import number, signed

ROW: Final = 46.0
TOP: Final = 24.0
MOST_AGREE: Final = 0.8
"""From this share of the draws on the change is printed as one to rely on."""


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """`then`: the scenario and its 5–95 % band; `agree`: share (0–1) of draws that go its way; `came`: the outcome."""

    code: str
    name: str
    now: Value
    then: Value
    agree: float | None = None
    came: Value | None = None

    @property
    def change(self) -> float | None:
        return (
            self.then.value - self.now.value if isinstance(self.now, Score) and isinstance(self.then, Score) else None
        )

    @property
    def gap(self) -> Missing | None:
        """The number that is not shown, if one of the two is not."""
        return next((value for value in (self.now, self.then) if isinstance(value, Missing)), None)


def forecast(
    rows: Sequence[ForecastRow],
    *,
    title: str,
    ends: Ends | None = None,
    wide: float = 620,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Ring = now, diamond on a pale bar = scenario and its band, upright line = what came at the next wave."""
    words = look.words.loops
    told = any(row.came is not None for row in rows)
    ends = ends or nice_ends([value for row in rows for value in (row.now, row.then, row.came)])
    spec = ChartSpec(
        title=title,
        description=described([_sentence(row, look) for row in rows], look),
        columns=_columns(told, look),
        rows=tuple(_row(row, told, look) for row in rows),
    )
    key = [key_item("hollow", words.now, look), key_item("diamond", words.scenario, look)]
    key += [key_item("band", words.band, look)]
    key += [key_item("outcome", words.came, look)] if told else []
    return _both(rows, spec, ends, wide, narrow, key, look)


def _both(
    rows: Sequence[ForecastRow],
    spec: ChartSpec,
    ends: Ends,
    wide: float,
    narrow: float,
    key: Sequence[KeyItem],
    look: Look,
) -> Chart:
    return both(lambda width: _draw(rows, spec, ends, width, look), spec, wide, narrow, key)


def _columns(told: bool, look: Look) -> tuple[str, ...]:
    words = look.words
    named = (words.dimension, words.loops.now, words.loops.scenario, words.loops.band, words.change, words.loops.agree)
    return (*named, words.loops.came) if told else named


def _row(row: ForecastRow, told: bool, look: Look) -> tuple[Cell, ...]:
    gap = row.gap
    hidden = Cell(missing_words(gap, look.words), withheld=gap.withheld, absent=not gap.withheld) if gap else Cell("")
    band = Cell(look.words.span(*row.then.interval)) if isinstance(row.then, Score) and row.then.interval else hidden
    change = Cell(signed(row.change)) if row.change is not None else hidden
    agree = hidden if gap else Cell(_share(row.agree))
    cells = (
        Cell(clean(row.name)),
        value_cell(row.now, look),
        value_cell(row.then, look),
        band,
        change,
        agree,
    )
    return (*cells, value_cell(row.came, look)) if told else cells


def _share(agree: float | None) -> str:
    return "" if agree is None else f"{number(100 * agree)} %"


def _sentence(row: ForecastRow, look: Look) -> str:
    words, name = look.words.loops, clean(row.name)
    if row.gap is not None:
        said = f"{name}: {missing_words(row.gap, look.words)}"
    else:
        assert isinstance(row.now, Score)
        assert isinstance(row.then, Score)
        said = f"{name}: {words.now} {number(row.now.value)}, {words.scenario} {number(row.then.value)}"
        if row.then.interval:
            said += f" ({words.band} {look.words.span(*row.then.interval)})"
    if isinstance(row.came, Score):
        said += f", {words.came} {number(row.came.value)}"
    elif row.came is not None:
        said += f", {words.came}: {missing_words(row.came, look.words)}"
    return said


def _draw(rows: Sequence[ForecastRow], spec: ChartSpec, ends: Ends, width: float, look: Look) -> str:
    words, small = look.words.loops, width < 420
    left, right = (30.0, 56.0) if small else (206.0, 150.0)
    bottom = TOP + ROW * max(len(rows), 1)
    svg = Svg(width, bottom + 22, spec, look, "forecast")
    x = Linear(ends, left, width - right)
    for tick in ticks(ends, 5):
        svg.line(x(tick), 18, x(tick), bottom - 4)
        svg.text(x(tick), bottom + 12, f"{tick:g}", "t-s t-2", "middle")
    if not rows:
        svg.text(width / 2, TOP + 24, look.words.no_data, "t-2", "middle")
    if not small and rows:
        lines = wrap(words.change_and_share, right + 60, 11.5, lines=1)
        svg.text(width, 10, lines[0], "t-s t-2", "end")
    for at, row in enumerate(rows):
        _draw_row(svg, row, x, TOP + ROW * at + 20, small)
    return svg.done()


def _draw_row(svg: Svg, row: ForecastRow, x: Linear, y: float, small: bool) -> None:
    words, width = svg.look.words.loops, svg.width
    svg.glyph(row.code, 0, y - 9, 17)
    if not small:
        svg.lines(26, y, wrap(row.name, 168, 13, bold=True, lines=2), "t-b")
    if row.gap is not None:
        svg.missing(x.start, y - 13, x.stop - x.start, 26, row.gap, name=row.name)
    else:
        assert isinstance(row.now, Score)
        assert isinstance(row.then, Score)
        with svg.group(f"d-{dimension_class(row.code)}"):
            if row.then.interval:
                low, high = (x(end) for end in row.then.interval)
                said = f"{words.band}: {svg.look.words.span(*row.then.interval)}"
                svg.rect(low, y - 6, high - low, 12, "band", 6, said)
            svg.line(x(row.now.value), y, x(row.then.value), y, "stroke thin")
            svg.dot(x(row.now.value), y, 5, "ring", f"{row.name}, {words.now}: {number(row.now.value)}")
            then = f"{row.name}, {words.scenario}: {number(row.then.value)}"
            svg.diamond(x(row.then.value), y, 5.5, "dot", then)
        change, sure = signed(row.then.value - row.now.value), row.agree is None or row.agree >= MOST_AGREE
        svg.text(width if small else width - 62, y + 5, change, "t-num" if sure else "t-num t-2", "end")
        if not small and row.agree is not None:
            svg.text(width, y + 5, _share(row.agree), "t-2", "end")
    if isinstance(row.came, Score):
        place, came = x(row.came.value), f"{words.came} {number(row.came.value)}"
        svg.shape(f"M{place:.1f} {y - 13:.1f}V{y + 13:.1f}", "outcome", f"{row.name}, {came}")
        if not small and row.gap is None:
            svg.text(width - 62, y + 20, came, "t-s t-own", "end")
        elif small:
            half = text_width(number(row.came.value), 11.5) / 2
            svg.text(min(max(place, half), width - half), y + 23, number(row.came.value), "t-s t-own", "middle")
