"""Dots per option: bars from the most to the fewest, equal numbers share a place."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described, missing_cell, missing_words
from assessments.charts.sizes import WALL_WIDTH, Sizes, block, empty, row_height, sizes
from assessments.charts.spec import ALL, PAGE, Cell, Chart, ChartSpec, Look, Missing, both, single
from assessments.charts.svg import Svg, key_item
from ecosystems.numerals import number


@dataclass(frozen=True, slots=True)
class OptionRow:
    """`dots` and `before` (the round before) are whole numbers."""

    label: str
    dots: int | Missing
    before: int | Missing | None = None

    def __post_init__(self) -> None:
        if any(isinstance(value, int) and value < 0 for value in (self.dots, self.before)):
            raise ValueError(f"{self} has a negative number of dots")


@dataclass(frozen=True, slots=True)
class _Placed:
    row: OptionRow
    place: int
    tied: bool


def tallies(
    rows: Sequence[OptionRow],
    *,
    title: str,
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    part: slice = ALL,
    look: Look = PAGE,
) -> Chart:
    """Sorted here; options of equal dots keep the order given. Outline = the round before. Withheld ones come last.

    `part` draws some of the sorted options, placed and scaled among all of them.
    """
    room = look.words.room
    placed = _placed(rows)[part]
    total = sum(row.dots for row in rows if isinstance(row.dots, int))
    compared = any(row.before is not None for row in rows)

    def cells(one: _Placed) -> tuple[Cell, ...]:
        row = one.row
        if isinstance(row.dots, Missing):
            found = [missing_cell(row.dots, look)] * 3
        else:
            share = f"{number(100 * row.dots / total)} %" if total else ""
            found = [Cell(_place(one, look)), Cell(str(row.dots)), Cell(share)]
        before = [Cell("") if row.before is None else _count(row.before, look)] if compared else []
        return (Cell(row.label), *found, *before)

    spec = ChartSpec(
        title=title,
        description=described([_sentence(one, look) for one in placed], look),
        columns=(room.option, room.place, room.dots, "%", *((f"{room.dots}, {room.before}",) if compared else ())),
        rows=tuple(cells(one) for one in placed),
    )
    key = [key_item("outline", room.before, look)] if compared else []
    size = sizes(big)
    most = max((v for row in rows for v in (row.dots, row.before) if isinstance(v, int)), default=0) or 1

    def draw(width: float) -> str:
        return _draw(placed, most, spec, width, size, look)

    return single(draw(WALL_WIDTH), spec, WALL_WIDTH, key) if big else both(draw, spec, wide, narrow, key)


def _placed(rows: Sequence[OptionRow]) -> list[_Placed]:
    counts = [row.dots for row in rows if isinstance(row.dots, int)]
    shown = sorted(
        (
            _Placed(row, 1 + sum(other > row.dots for other in counts), counts.count(row.dots) > 1)
            for row in rows
            if isinstance(row.dots, int)
        ),
        key=lambda one: one.place,
    )
    return shown + [_Placed(row, 0, tied=False) for row in rows if isinstance(row.dots, Missing)]


def _place(one: _Placed, look: Look) -> str:
    return look.words.room.tied.format(place=one.place) if one.tied else str(one.place)


def _count(value: int | Missing, look: Look) -> Cell:
    return missing_cell(value, look) if isinstance(value, Missing) else Cell(str(value))


def _sentence(one: _Placed, look: Look) -> str:
    row, room = one.row, look.words.room
    if isinstance(row.dots, Missing):
        return f"{row.label}: {missing_words(row.dots, look.words)}"
    said = f"{_place(one, look)}: {row.label}, {room.dots} {row.dots}"
    return f"{said}, {room.before} {row.before}" if isinstance(row.before, int) else said


def _draw(placed: Sequence[_Placed], most: int, spec: ChartSpec, width: float, size: Sizes, look: Look) -> str:
    k = size.k
    if not placed:
        return empty(Svg(width, 60 * k, spec, look, "tallies d-all"), size)
    small = width < 480
    leading = size.label_px * 1.25
    number_room = 46 * k
    indent = 26 * k
    left = 0.0 if small else width * 0.45
    labels = [size.wrapped(one.row.label, (width if small else left - 16 * k) - indent, 3, bold=True) for one in placed]
    usual = row_height(size, len(placed), 44, 28)
    heights = [len(lines) * leading + 40 if small else max(usual, len(lines) * leading + 6 * k) for lines in labels]
    svg = Svg(width, sum(heights), spec, look, "tallies d-all")
    room = width - left - number_room
    y = 0.0
    for one, lines, height in zip(placed, labels, heights, strict=True):
        row = one.row
        text = y + len(lines) * leading / 2 + 2 if small else y + height / 2
        bar = y + len(lines) * leading + 8 if small else y + height / 2 - 10 * k
        if one.place:
            block(svg, 0, text - (len(lines) - 1) * leading / 2, [str(one.place)], f"{size.label} t-2".strip())
        block(svg, indent, text, lines, f"{size.label} {'t-b' if one.place == 1 else ''}".strip())
        if isinstance(row.dots, Missing):
            svg.missing(left, bar, width - left, 20 * k, row.dots, name=row.label, classes=size.small)
        else:
            _bar(svg, one, row.dots, left, bar, room / most, size, look)
        y += height
    return svg.done()


def _bar(svg: Svg, one: _Placed, dots: int, left: float, y: float, scale: float, size: Sizes, look: Look) -> None:
    k, before = size.k, one.row.before if isinstance(one.row.before, int) else None
    start = {"width": before * scale} if before is not None else None
    if dots or before:
        svg.rect(left, y, dots * scale, 20 * k, "fill s-own", 3, _sentence(one, look) if dots else "", start)
    if before:
        svg.rect(left, y - 2 * k, before * scale, 24 * k, f"outline {size.line}".strip(), 3)
    end = left + max(dots, before or 0) * scale + 8 * k
    with svg.group("later" if before is not None else ""):
        svg.text(end, y + 10 * k + size.number_px * 0.35, dots, size.number)
