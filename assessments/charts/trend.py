"""One score over waves: line, dots, pale band = interval; n under each wave."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described, interval_cell, sentence, shown, value_cell
from assessments.charts.scale import Ends, Linear, nice_ends, ticks
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, Score, Value, both
from assessments.charts.svg import Point, Svg, key_item
from assessments.charts.text import fit, text_width, wrap
from ecosystems.glyphs import dimension_class
from ecosystems.numerals import number


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One wave; `short` is its name where there is little room."""

    label: str
    score: Value
    short: str = ""


def trend(
    code: str,
    points: Sequence[TrendPoint],
    *,
    title: str,
    ends: Ends | None = None,
    band_label: str = "",
    digits: int = 0,
    wide: float = 560,
    narrow: float = 340,
    height: float = 240,
    look: Look = PAGE,
) -> Chart:
    """A line over waves, oldest first. `code` is a dimension or "" for the index; `band_label` says what the band is
    (the index's is the 5–95 % of recalculations). A missing wave interrupts line and band."""
    words = look.words
    scores = [point.score for point in points]
    spec = ChartSpec(
        title=title,
        description=described([sentence(point.label, point.score, look, digits) for point in points], look),
        columns=(words.wave, words.score, band_label or words.interval, words.answers),
        rows=tuple(
            (
                Cell(point.label),
                value_cell(point.score, look, digits),
                interval_cell(point.score, look, digits),
                _count(point.score),
            )
            for point in points
        ),
    )
    key = [key_item("dot", words.this_wave, look)] if points else []
    if len(points) > 1:
        key.append(key_item("hollow", words.earlier_waves, look))
    if any(score.interval for score in scores if isinstance(score, Score)):
        key.append(key_item("band", band_label or words.interval, look))
    axis = ends or nice_ends(scores, step=5 if len(points) > 1 else 10, span=20)
    return both(lambda width: _draw(code, points, axis, spec, width, height, digits, look), spec, wide, narrow, key)


def _count(score: Value) -> Cell:
    return Cell("" if isinstance(score, Missing) or score.n is None else str(score.n))


def _draw(
    code: str,
    points: Sequence[TrendPoint],
    ends: Ends,
    spec: ChartSpec,
    width: float,
    height: float,
    digits: int,
    look: Look,
) -> str:
    if not points:
        svg = Svg(width, 60, spec, look, "trend")
        svg.lines(0, 26, wrap(look.words.no_data, width), "t-2")
        return svg.done()
    svg = Svg(width, height, spec, look, f"trend d-{dimension_class(code)}")
    counted = any(isinstance(p.score, Score) and p.score.n is not None for p in points)
    last = points[-1].score
    figure = number(last.value, digits) if isinstance(last, Score) else ""
    left, right = 34.0, max(50.0, text_width(figure, 16, bold=True) + 18)
    top, bottom = 12.0, height - (40 if counted else 26)
    inset = 22.0 if len(points) > 1 else (width - left - right) / 2
    x = Linear((0, max(len(points) - 1, 1)), left + inset, width - right - (inset if len(points) > 1 else 0))
    y = Linear(ends, bottom, top)
    for tick in ticks(ends):
        svg.line(left, y(tick), width - right, y(tick), "grid" if tick > ends[0] else "grid strong")
        svg.text(left - 8, y(tick) + 4, f"{tick:g}", "t-s t-2", "end")
    places = [x(i) for i in range(len(points))]
    score_line(svg, places, [p.score for p in points], y, "stroke")
    step = (places[1] - places[0]) if len(points) > 1 else width - left - right
    every = max(1, int(-(-34 // step)))  # with many waves only every second, third … name is printed, the last always
    for i, point in enumerate(points):
        if isinstance(point.score, Missing):
            half = min(step / 2, 44) - 2
            svg.missing(places[i] - half, top, 2 * half, bottom - top, point.score, name=point.label)
        else:
            newest = i == len(points) - 1
            tip = sentence(point.label, point.score, look, digits)
            svg.dot(places[i], y(point.score.value), 5.5 if newest else 4, "dot" if newest else "ring", tip)
        if (len(points) - 1 - i) % every == 0:
            _under(svg, places[i], bottom, point, min(step * every, 2 * inset + step) - 6, look)
    if isinstance(last, Score):
        svg.text(places[-1] + 12, y(last.value) + 6, figure, "t-num")
    return svg.done()


def _under(svg: Svg, x: float, bottom: float, point: TrendPoint, room: float, look: Look) -> None:
    room = min(room, 2 * min(x, svg.width - x))
    name = point.label if text_width(point.label, 11.5) <= room else point.short or point.label
    svg.text(x, bottom + 18, fit(name, room, 11.5), "t-s", "middle")
    if isinstance(point.score, Score) and point.score.n is not None:
        svg.text(x, bottom + 33, fit(look.words.n.format(n=point.score.n), room, 11.5), "t-s t-2", "middle")


def score_line(svg: Svg, places: Sequence[float], scores: Sequence[Value], y: Linear, classes: str) -> None:
    """Band and line over each unbroken run of known scores."""
    run: list[tuple[float, Score]] = []
    for place, score in [*zip(places, scores, strict=True), (0.0, None)]:
        if known := shown(score):
            run.append((place, known))
            continue
        upper: list[Point] = [(p, y(s.high)) for p, s in run if s.high is not None]
        lower: list[Point] = [(p, y(s.low)) for p, s in run if s.low is not None]
        if len(upper) == 1:  # a single wave: a short bar, so that the doubt is still seen
            svg.rect(upper[0][0] - 6, upper[0][1], 12, lower[0][1] - upper[0][1], "band", 4)
        elif upper:
            svg.path([*upper, *reversed(lower)], "band", closed=True)
        if len(run) > 1:
            svg.path([(p, y(s.value)) for p, s in run], classes)
        run = []
