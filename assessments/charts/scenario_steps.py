"""A scenario over its steps: each dimension's change as a band around its median, small multiples on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from assessments.charts.cells import described, missing_words
from assessments.charts.scale import Linear, even_span
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, Score, both
from assessments.charts.svg import Svg
from assessments.charts.text import clean, fit
from ecosystems.glyphs import dimension_class
from ecosystems.numerals import signed

PANEL: Final = 150.0
ABREAST: Final = 3


@dataclass(frozen=True, slots=True)
class StepRow:
    """One dimension: the change from now after each step, with its 5–95 % band; or why there is none."""

    code: str
    name: str
    steps: tuple[Score, ...] | Missing


def scenario_steps(
    rows: Sequence[StepRow], *, title: str, wide: float = 720, narrow: float = 340, look: Look = PAGE
) -> Chart:
    """All panels share one scale, so that what moves little looks so."""
    words = look.words
    most = max((1 if isinstance(row.steps, Missing) else len(row.steps) for row in rows), default=0)
    spec = ChartSpec(
        title=title,
        description=described([_sentence(row, look) for row in rows], look),
        columns=(words.dimension, *(words.loops.step.format(n=step + 1) for step in range(most))),
        rows=tuple(_row(row, most, look) for row in rows),
    )
    return both(lambda width: _draw(rows, most, spec, width, look), spec, wide, narrow)


def _said(value: Score, look: Look) -> str:
    said = signed(value.value, 1)
    return f"{said} ({look.words.span(*value.interval, 1, sign=True)})" if value.interval else said


def _row(row: StepRow, most: int, look: Look) -> tuple[Cell, ...]:
    name = Cell(clean(row.name))
    if isinstance(row.steps, Missing):
        reason = missing_words(row.steps, look.words)
        cell = Cell(reason, withheld=row.steps.withheld, absent=not row.steps.withheld)
        return (name, *((cell,) * most))
    cells = [Cell(_said(value, look)) for value in row.steps]
    return (name, *cells, *((Cell(""),) * (most - len(cells))))


def _sentence(row: StepRow, look: Look) -> str:
    if isinstance(row.steps, Missing):
        return f"{clean(row.name)}: {missing_words(row.steps, look.words)}"
    if not row.steps:
        return ""
    step = look.words.loops.step.format(n=len(row.steps))
    return f"{clean(row.name)}: {step}: {_said(row.steps[-1], look)}"


def _draw(rows: Sequence[StepRow], most: int, spec: ChartSpec, width: float, look: Look) -> str:
    abreast = min(ABREAST if width >= 600 else 1, max(len(rows), 1))
    panel = width / abreast
    svg = Svg(width, PANEL * max(ceil(len(rows) / abreast), 1), spec, look, "steps")
    if not rows:
        svg.text(10, 30, look.words.no_data, "t-2")
    span = even_span([value for row in rows for value in ([] if isinstance(row.steps, Missing) else row.steps)])
    for at, row in enumerate(rows):
        left, top = panel * (at % abreast), PANEL * (at // abreast)
        _panel(svg, row, most, span, left, top, panel - (16 if abreast > 1 else 0))
    return svg.done()


def _panel(svg: Svg, row: StepRow, most: int, span: float, left: float, top: float, width: float) -> None:
    svg.glyph(row.code, left, top + 4, 15)
    svg.text(left + 22, top + 16, fit(row.name, width - 24, 13, bold=True), "t-b")
    x, y = Linear((0, max(most, 1)), left + 32, left + width - 46), Linear((-span, span), top + 128, top + 34)
    if isinstance(row.steps, Missing):
        svg.missing(x.start, y.stop, x.stop - x.start, y.start - y.stop, row.steps, name=row.name)
        return
    for tick in (-span, 0.0, span):
        svg.line(x.start, y(tick), x.stop, y(tick), "zero" if tick == 0 else "grid")
        svg.text(x.start - 6, y(tick) + 4, signed(tick) if tick else "0", "t-s t-2", "end")
    if not row.steps:
        svg.text(x.start, y(0) - 8, svg.look.words.no_data, "t-s t-2")
        return
    upper = [
        (x(0), y(0)),
        *((x(at), y((value.interval or (value.value,) * 2)[1])) for at, value in enumerate(row.steps, 1)),
    ]
    lower = [
        (x(0), y(0)),
        *((x(at), y((value.interval or (value.value,) * 2)[0])) for at, value in enumerate(row.steps, 1)),
    ]
    middle = [(x(0), y(0)), *((x(at), y(value.value)) for at, value in enumerate(row.steps, 1))]
    with svg.group(f"d-{dimension_class(row.code)}"):
        if any(value.interval for value in row.steps):
            svg.path([*upper, *reversed(lower)], "band", closed=True)
        svg.path(middle, "stroke thin")
        last = row.steps[-1]
        svg.dot(*middle[-1], 4, "dot", f"{row.name}: {_said(last, svg.look)}")
    svg.text(min(middle[-1][0] + 8, left + width - 38), y(last.value) + 5, signed(last.value), "t-num")
