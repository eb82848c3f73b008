"""The learning cycle: from a signal heard to a score measured again, with the time between."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from assessments.charts.cells import described
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, both
from assessments.charts.svg import Svg
from assessments.charts.text import clean, fit

BASE: Final = 92.0
LAST: Final = 130.0
ROW: Final = 62.0


@dataclass(frozen=True, slots=True)
class CycleStep:
    """A stage: `days` from the one before (None: unknown), `wait` says them, `count` who came ("11 of 24")."""

    name: str
    count: str
    days: float | None = None
    wait: str = ""

    def __post_init__(self) -> None:
        if self.days is not None and not (isfinite(self.days) and self.days >= 0):
            raise ValueError(f"{self} took a time that is negative or not finite; pass None instead")


def cycle(
    steps: Sequence[CycleStep], *, title: str, wide: float = 900, narrow: float = 340, look: Look = PAGE
) -> Chart:
    """Length along the line = median days; where they are unknown the line is dotted. Upright on phones."""
    words = look.words.loops
    spec = ChartSpec(
        title=title,
        description=described([", ".join(filter(None, (clean(s.name), s.wait, s.count))) for s in steps], look),
        columns=(words.stage, words.since, words.reached),
        rows=tuple((Cell(clean(s.name)), Cell(clean(s.wait)), Cell(clean(s.count))) for s in steps),
    )

    def draw(width: float) -> str:
        return _upright(steps, spec, width, look) if width < 500 else _along(steps, spec, width, look)

    return both(draw, spec, wide, narrow)


def _stop(svg: Svg, x: float, y: float, step: CycleStep, last: bool) -> None:
    svg.dot(x, y, 7, "ring s-now" if last else "dot s-now", f"{step.name}: {step.count}")


def _along(steps: Sequence[CycleStep], spec: ChartSpec, width: float, look: Look) -> str:
    svg = Svg(width, 98, spec, look, "cycle")
    if not steps:
        svg.text(10, 48, look.words.no_data, "t-2")
        return svg.done()
    gaps = len(steps) - 1
    base = min(BASE, (width - LAST) / max(gaps, 1))
    spare, total = max(width - LAST - base * gaps, 0), sum(step.days or 0 for step in steps[1:])
    places = [10.0]
    for step in steps[1:]:
        places.append(places[-1] + base + (spare * (step.days or 0) / total if total else 0))
    y = 44.0
    for at, (x, step) in enumerate(zip(places, steps, strict=True)):
        if at:
            before = places[at - 1]
            svg.line(before + 12, y, x - 12, y, "shift" if step.days is not None else "link")
            svg.text((before + x) / 2, y - 12, fit(step.wait, x - before - 6, 11.5), "t-s t-2", "middle")
        _stop(svg, x, y, step, at == gaps)
        room = (places[at + 1] if at < gaps else width) - x - 2
        svg.text(x - 7, y + 28, fit(step.name, room, 13, bold=True), "t-b")
        svg.text(x - 7, y + 46, fit(step.count, room, 11.5), "t-s t-2")
    return svg.done()


def _upright(steps: Sequence[CycleStep], spec: ChartSpec, width: float, look: Look) -> str:
    svg = Svg(width, max(ROW * len(steps), 40), spec, look, "cycle")
    if not steps:
        svg.text(10, 24, look.words.no_data, "t-2")
    for at, step in enumerate(steps):
        y = 18 + ROW * at
        if at:
            svg.line(12, y - ROW + 12, 12, y - 12, "shift" if step.days is not None else "link")
        _stop(svg, 12, y, step, at == len(steps) - 1)
        svg.text(32, y + 5, fit(step.name, width - 34, 13, bold=True), "t-b")
        said = " · ".join(filter(None, (step.wait, step.count)))
        svg.text(32, y + 23, fit(said, width - 34, 11.5), "t-s t-2")
    return svg.done()
