"""Options put in order by everybody: dot = mean place, box = middle half of the places given, best on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from assessments.charts.cells import described, missing_cell, missing_words
from assessments.charts.middles import middle_line
from assessments.charts.scale import Linear
from assessments.charts.sizes import WALL_WIDTH, Sizes, block, empty, row_height, sizes
from assessments.charts.spec import ALL, PAGE, Cell, Chart, ChartSpec, Look, Missing, both, single
from assessments.charts.svg import Svg, key_item
from assessments.charts.votes import between
from ecosystems.numerals import number


@dataclass(frozen=True, slots=True)
class Place:
    """The mean of the places given to an option (1 is best) and the first and third quartile of those places."""

    mean: float
    middle: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(v) for v in (self.mean, *(self.middle or ()))):
            raise ValueError(f"{self} holds a number that is not finite")


@dataclass(frozen=True, slots=True)
class RankRow:
    label: str
    now: Place | Missing
    before: Place | Missing | None = None


def rankings(
    rows: Sequence[RankRow],
    *,
    title: str,
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    part: slice = ALL,
    look: Look = PAGE,
) -> Chart:
    """Sorted here by mean place; rows that are not shown come last. The axis runs from 1 to the number of rows.

    `part` draws some of the sorted rows, on the axis of all of them.
    """
    room = look.words.room
    ordered = sorted(
        rows, key=lambda row: (isinstance(row.now, Missing), row.now.mean if isinstance(row.now, Place) else 0)
    )[part]
    compared = any(row.before is not None for row in rows)

    def cells(row: RankRow) -> tuple[Cell, ...]:
        before = [_mean(row.before, look)] if compared else []
        if isinstance(row.now, Missing):
            return (Cell(row.label), *[missing_cell(row.now, look)] * 2, *before)
        middle = Cell("" if row.now.middle is None else between(row.now.middle, look))
        return (Cell(row.label), _mean(row.now, look), middle, *before)

    spec = ChartSpec(
        title=title,
        description=described([_sentence(row, look) for row in ordered], look),
        columns=(room.option, room.mean_rank, room.middle_half, *((f"{room.mean_rank}, {room.before}",) * compared)),
        rows=tuple(cells(row) for row in ordered),
    )
    key = [key_item("dot", room.mean_rank, look), key_item("box", room.middle_half, look)] if rows else []
    if compared:
        key += [key_item("was", room.before, look)]
    size = sizes(big)

    def draw(width: float) -> str:
        return _draw(ordered, len(rows), spec, width, size, look)

    return single(draw(WALL_WIDTH), spec, WALL_WIDTH, key) if big else both(draw, spec, wide, narrow, key)


def _mean(place: Place | Missing | None, look: Look) -> Cell:
    if place is None:
        return Cell("")
    return missing_cell(place, look) if isinstance(place, Missing) else Cell(number(place.mean, 1))


def _sentence(row: RankRow, look: Look) -> str:
    room = look.words.room
    if isinstance(row.now, Missing):
        return f"{row.label}: {missing_words(row.now, look.words)}"
    said = f"{row.label}: {room.mean_rank} {number(row.now.mean, 1)}"
    if row.now.middle is not None:
        said += f", {room.middle_half} {between(row.now.middle, look)}"
    return f"{said}, {room.before} {number(row.before.mean, 1)}" if isinstance(row.before, Place) else said


def _draw(rows: Sequence[RankRow], all_places: int, spec: ChartSpec, width: float, size: Sizes, look: Look) -> str:
    k = size.k
    if not rows:
        return empty(Svg(width, 60 * k, spec, look, "rankings d-all"), size)
    small = width < 480
    leading = size.label_px * 1.25
    left = 0.0 if small else width * 0.45
    labels = [size.wrapped(row.label, width if small else left - 16 * k, 3) for row in rows]
    usual = row_height(size, len(rows), 40, 24, 26 * k)
    heights = [len(lines) * leading + 36 if small else max(usual, len(lines) * leading + 6 * k) for lines in labels]
    svg = Svg(width, 26 * k + sum(heights), spec, look, "rankings d-all")
    x = Linear((1, max(all_places, 2)), left + 14 * k, width - 56 * k)
    places = _ticks(all_places, x, size)
    for place in places:
        svg.text(x(place), size.small_px * 1.05, place, f"{size.small} t-2", "middle")
    y = 26 * k
    for row, lines, height in zip(rows, labels, heights, strict=True):
        middle = y + len(lines) * leading + 16 if small else y + height / 2
        block(svg, 0, y + len(lines) * leading / 2 if small else middle, lines, size.label)
        for place in places:
            svg.line(x(place), middle - 9 * k, x(place), middle + 9 * k, "grid")
        if isinstance(row.now, Missing):
            svg.missing(left, middle - 10 * k, width - left, 20 * k, row.now, name=row.label, classes=size.small)
        else:
            before = row.before.mean if isinstance(row.before, Place) else None
            half = "" if row.now.middle is None else f"{look.words.room.middle_half} {between(row.now.middle, look)}"
            middle_line(
                svg,
                x,
                middle,
                size,
                centre=row.now.mean,
                half=row.now.middle,
                before=before,
                tip=_sentence(row, look),
                half_tip=f"{row.label}: {half}" if half else "",
            )
            svg.text(width, middle + size.number_px * 0.35, number(row.now.mean, 1), size.number, "end")
        y += height
    return svg.done()


def _ticks(places: int, x: Linear, size: Sizes) -> list[int]:
    """Every place, or every few where the numbers would touch."""
    room = (x.stop - x.start) / max(places - 1, 1)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if room * step > 24 * size.k or step == 1000)
    return sorted({1, *range(step, places + 1, step)} if step > 1 else range(1, max(places, 2) + 1))
