"""Dimension × group: seven steps of one hue, the number always printed, ± half its interval under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from assessments.charts.cells import described, missing_cell, sentence
from assessments.charts.spec import PAGE, WITHHELD, Cell, Chart, ChartSpec, Look, Missing, Score, Value, both
from assessments.charts.svg import Svg
from assessments.charts.text import text_width, wrap
from ecosystems.numerals import number

STEPS = 7


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """One group; `n` is how many answered, None where that is not said."""

    name: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One dimension or facet: a cell for each column, in their order."""

    code: str
    name: str
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """The seven colour steps: `low` is the lower end of the lightest, each `size` wide."""

    low: float
    size: float

    def __call__(self, value: float) -> int:
        return max(0, min(STEPS - 1, floor((value - self.low) / self.size)))


def heat_steps(values: Sequence[float]) -> Steps:
    """Steps of 5 points, or wider where the values need it, around the middle of the values and inside 0–100."""
    if not values:
        return Steps(40, 5)
    size = next(size for size in (5.0, 10.0, 15.0) if max(values) - min(values) <= size * STEPS)
    middle = (max(values) + min(values)) / 2
    low: float = round((middle - size * STEPS / 2) / 5) * 5
    return Steps(max(0, min(low, 100 - size * STEPS)), size)


def heatmap(
    rows: Sequence[HeatRow],
    columns: Sequence[HeatColumn],
    *,
    title: str,
    wide: float = 760,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Scores by row and group. With many groups both drawings grow wider than asked, so that no column falls under
    72 (narrow: 62) px; the page then lets the figure scroll sideways. Raises ValueError for a row of another length."""
    words = look.words
    for row in rows:
        if len(row.cells) != len(columns):
            raise ValueError(f"row “{row.name}” has {len(row.cells)} cells for {len(columns)} columns")
    heads = [column.name if column.n is None else f"{column.name} ({words.n.format(n=column.n)})" for column in columns]
    spec = ChartSpec(
        title=title,
        description=described(
            [
                sentence(f"{row.name}, {column.name}", cell, look)
                for row in rows
                for column, cell in zip(columns, row.cells, strict=True)
            ],
            look,
        ),
        columns=(words.dimension, *heads),
        rows=tuple((Cell(row.name), *(_cell(cell, look) for cell in row.cells)) for row in rows),
    )
    wide = max(wide, 214 + 72 * len(columns))
    narrow = max(narrow, 62 * len(columns))
    return both(lambda width: _draw(rows, columns, spec, width, width == narrow, look), spec, wide, narrow)


def _cell(value: Value, look: Look) -> Cell:
    if isinstance(value, Missing):
        return missing_cell(value, look)
    said = number(value.value)
    if half := _half(value):
        said += f" {half}"
    return Cell(said if value.n is None else f"{said}, {look.words.n.format(n=value.n)}")


def _half(score: Score) -> str:
    """± half the interval: its wider side, so that clipping at 0 or 100 never looks like more certainty."""
    ends = score.interval
    return f"±{number(max(score.value - ends[0], ends[1] - score.value))}" if ends else ""


def _draw(
    rows: Sequence[HeatRow], columns: Sequence[HeatColumn], spec: ChartSpec, width: float, small: bool, look: Look
) -> str:
    if not rows or not columns:
        svg = Svg(width, 60, spec, look, "heat")
        svg.lines(0, 26, wrap(look.words.no_data, width), "t-2")
        return svg.done()
    steps = heat_steps([c.value for row in rows for c in row.cells if isinstance(c, Score)])
    left = 0.0 if small else 214.0
    column_width = (width - left) / len(columns)
    size = 11.5 if small or column_width < 90 else 13.0
    heads = [wrap(column.name, column_width - 6, size, bold=True, lines=3) for column in columns]
    head_lines = max(len(head) for head in heads)
    above = 22.0 if small else 0.0  # on a phone the row's name stands over its cells
    top, height = 30.0 + 15 * head_lines, 52.0 + above
    svg = Svg(width, top + height * len(rows) + 34, spec, look, "heat")
    for j, (column, head) in enumerate(zip(columns, heads, strict=True)):
        x = left + column_width * (j + 0.5) - 1
        for k, line in enumerate(head):
            svg.text(x, 14 + 15 * (k + head_lines - len(head)), line, "t-b t-s" if size < 13 else "t-b", "middle")
        if column.n is not None:
            svg.text(x, 16 + 15 * head_lines, look.words.n.format(n=column.n), "t-s t-2", "middle")
    for i, row in enumerate(rows):
        y = top + height * i
        if small:
            svg.glyph(row.code, 0, y + 3, 15)
            svg.text(21, y + 16, wrap(row.name, min(width, 340) - 24, bold=True, lines=1)[0], "t-b")
        else:
            svg.glyph(row.code, 0, y + height / 2 - 10, 18)
            svg.lines(30, y + height / 2 - 1, wrap(row.name, left - 44, bold=True, lines=2), "t-b")
        for j, cell in enumerate(row.cells):
            name = f"{row.name}, {columns[j].name}"
            _draw_cell(svg, left + column_width * j, y + above, column_width - 3, 49, cell, name, steps, look)
    _legend(svg, left, top + height * len(rows) + 10, steps, look)
    return svg.done()


def _draw_cell(
    svg: Svg, x: float, y: float, width: float, height: float, cell: Value, name: str, steps: Steps, look: Look
) -> None:
    if isinstance(cell, Missing) and cell.withheld:
        svg.missing(x, y, width, height, cell, name=name)
        return
    if isinstance(cell, Missing):
        svg.rect(x, y, width, height, "track-bar", 4, f"{name}: {cell.reason}")
        lines = wrap(cell.reason, width - 8, 11.5, lines=3)
        for k, line in enumerate(lines):
            svg.text(x + width / 2, y + height / 2 + 4 + (k - (len(lines) - 1) / 2) * 13, line, "t-s t-2", "middle")
        return
    step, half = steps(cell.value), _half(cell)
    svg.rect(x, y, width, height, f"h h{step}", 4, sentence(name, cell, look))
    svg.text(x + width / 2, y + height / 2 + (-2 if half else 6), number(cell.value), f"t-num ht{step}", "middle")
    if half:
        svg.text(x + width / 2, y + height / 2 + 15, half, f"t-s ht{step}", "middle")


def _legend(svg: Svg, x: float, y: float, steps: Steps, look: Look) -> None:
    words = look.words
    first = words.fewer.format(value=f"{steps.low + steps.size:g}")
    last = words.more.format(value=f"{steps.low + steps.size * (STEPS - 1):g}")
    svg.text(x, y + 11, first, "t-s t-2")
    x += text_width(first, 11.5) + 8
    for k in range(STEPS):
        svg.rect(x + k * 15, y, 14, 13, f"h h{k}", 2)
    x += STEPS * 15 + 8
    svg.text(x, y + 11, last, "t-s t-2")
    x += text_width(last, 11.5) + 18
    room = min(svg.width, x + 260) - x - 28
    svg.missing(x, y, 22, 11, WITHHELD, radius=2)
    label = words.withheld_long if text_width(words.withheld_long, 11.5) <= room else words.withheld
    svg.text(x + 28, y + 11, wrap(label, room, 11.5, lines=1)[0], "t-s t-2")
