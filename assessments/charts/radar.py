"""The profile: one spoke a dimension, interval = thick bar along it. Never the only view, because areas mislead."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from assessments.charts.cells import described, interval_cell, sentence, shown, value_cell
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, Score, Value, both
from assessments.charts.svg import Anchor, Point, Svg, key_item
from assessments.charts.text import fit, text_width, wrap
from ecosystems.glyphs import dimension_class
from ecosystems.numerals import number

SMALL = 400  # px: under this the names stand below the drawing


@dataclass(frozen=True, slots=True)
class RadarRow:
    code: str
    name: str
    score: Value
    leaders: Value | None = None
    previous: Value | None = None


def radar(
    rows: Sequence[RadarRow],
    *,
    title: str,
    leaders_label: str = "",
    previous_label: str = "",
    wide: float = 570,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Scores on 0–100 around a centre. `leaders_label` and `previous_label` name those outlines in the legend.

    Fewer than three rows make no shape: the drawing then says so and the table holds the numbers.
    """
    words = look.words
    leaders_label, previous_label = leaders_label or words.leaders, previous_label or words.previous
    spec = ChartSpec(
        title=title,
        description=described(
            [
                ", ".join(
                    part
                    for part in (
                        sentence(row.name, row.score, look),
                        sentence(leaders_label, row.leaders, look),
                        sentence(previous_label, row.previous, look),
                    )
                    if part
                )
                for row in rows
            ],
            look,
        ),
        columns=(words.dimension, words.all_groups, words.interval, leaders_label, previous_label),
        rows=tuple(
            (
                Cell(row.name),
                value_cell(row.score, look),
                interval_cell(row.score, look),
                value_cell(row.leaders, look),
                value_cell(row.previous, look),
            )
            for row in rows
        ),
    )
    key = [key_item("line", words.all_groups, look)] if len(rows) > 2 else []
    if key and any(shown(row.leaders) for row in rows):
        key.append(key_item("own-line", leaders_label, look))
    if key and any(shown(row.previous) for row in rows):
        key.append(key_item("prev-line", previous_label, look))
    return both(lambda width: _draw(rows, spec, width, look), spec, wide, narrow, key)


def _draw(rows: Sequence[RadarRow], spec: ChartSpec, width: float, look: Look) -> str:
    count = len(rows)
    if count < 3:
        svg = Svg(width, 60, spec, look, "radar")
        svg.lines(0, 26, wrap(look.words.needs_three if rows else look.words.no_data, width), "t-2")
        return svg.done()
    small = width < SMALL
    names, below = _names(rows, width, look) if small else ([], 0.0)
    height, radius = (width * 0.83, width * 0.3) if small else (width * 0.74, width * 0.27)
    svg = Svg(width, height + below, spec, look, "radar")
    centre = (width / 2, height * (0.53 if small else 0.54))
    angles = [-pi / 2 + 2 * pi * i / count for i in range(count)]

    def point(i: int, value: float) -> Point:
        reach = radius * min(max(value, 0), 100) / 100
        return centre[0] + reach * cos(angles[i % count]), centre[1] + reach * sin(angles[i % count])

    for ring in (25, 50, 75, 100):
        svg.path([point(i, ring) for i in range(count)], "grid" if ring < 100 else "grid strong", closed=True)
    for i in range(count):
        svg.line(*centre, *point(i, 100))
    for values, closed, opened in (
        ([row.previous for row in rows], "area-line s-prev", "area-line s-prev"),
        ([row.score for row in rows], "area s-now", "area open s-now"),
        ([row.leaders for row in rows], "area-line s-own", "area-line s-own"),
    ):
        known = [shown(value) for value in values]
        _outline(svg, [point(i, v.value) if v else None for i, v in enumerate(known)], closed, opened)
    bottom = count // 2
    for ring in (25, 50, 75, 100):  # between two spokes, clear of the marks
        (x1, y1), (x2, y2) = point(bottom, ring), point(bottom + 1, ring)
        svg.text((x1 + x2) / 2, (y1 + y2) / 2 + 4, ring, "t-s t-2", "middle", halo=True)
    for i, row in enumerate(rows):
        if score := shown(row.score):
            with svg.group(f"d-{dimension_class(row.code)}"):
                if score.interval:
                    svg.path([point(i, score.interval[0]), point(i, score.interval[1])], "whisker wide")
                svg.dot(*point(i, score.value), 4, "dot", sentence(row.name, score, look))
        if own := shown(row.leaders):
            svg.dot(*point(i, own.value), 4.2, "ring s-own", sentence(f"{row.name}, {look.words.leaders}", own, look))
        _label(svg, row, angles[i], centre, radius, look)
    for x, y, code, name in names:
        svg.glyph(code, x, height + y - 12, 14)
        svg.text(x + 20, height + y, name)
    return svg.done()


def _outline(svg: Svg, points: Sequence[Point | None], closed: str, opened: str) -> None:
    """A closed shape, or only the sides whose two ends are known: a missing number is a gap, never a dent to zero."""
    if all(point is not None for point in points):
        svg.path([point for point in points if point is not None], closed, closed=True)
        return
    for i, start in enumerate(points):
        end = points[(i + 1) % len(points)]
        if start is not None and end is not None:
            svg.path([start, end], opened)


def _label(svg: Svg, row: RadarRow, angle: float, centre: Point, radius: float, look: Look) -> None:
    """Glyph, name and number outside the spoke's end; in a small drawing the names stand under it instead."""
    side = 0 if abs(cos(angle)) < 0.1 else 1 if cos(angle) > 0 else -1
    x, y = centre[0] + (radius + 14) * cos(angle), centre[1] + (radius + 14) * sin(angle)
    room = svg.width - 44 if side == 0 else (svg.width - x if side > 0 else x) - 24
    small = svg.width < SMALL
    names = [] if small else wrap(row.name, min(room, 124), bold=True, lines=3 if side else 1)
    rise = len(names) * 16
    top = y - rise / 2 + 4 if side else y + 12 if sin(angle) > 0 else y - rise - 2
    top = min(max(top, 14), svg.height - rise - 8)  # long names never leave the drawing
    anchor: Anchor = "middle" if side == 0 else "start" if side > 0 else "end"
    text_x = x + 22 * side if side else x + 10
    half = text_width(names[0], 13, bold=True) / 2 if names else 12
    svg.glyph(row.code, x if side > 0 else x - 15 if side < 0 else text_x - half - 22, top - 12, 15)
    for k, line in enumerate(names):
        svg.text(text_x, top + k * 16, line, "t-b", anchor)
    if isinstance(row.score, Score):
        svg.text(text_x, top + rise + 1, number(row.score.value), "t-num", anchor)
    elif row.score.withheld:
        width = 32.0 if small else 60.0
        left = text_x - (width / 2 if side == 0 else 0 if side > 0 else width)
        svg.missing(left, top + rise - 12, width, 16, row.score, name=row.name)
    elif not small:
        svg.text(text_x, top + rise, fit(row.score.reason, room, 11.5), "t-s t-2", anchor)


def _names(rows: Sequence[RadarRow], width: float, look: Look) -> tuple[list[tuple[float, float, str, str]], float]:
    """Under a small drawing: where each name stands (x, baseline, code, text), and the height of all."""
    places: list[tuple[float, float, str, str]] = []
    x, y = 0.0, 14.0
    for row in rows:
        name = row.name
        if isinstance(row.score, Missing):
            name += f": {look.words.withheld if row.score.withheld else row.score.reason}"
        name = fit(name, width - 22)
        needed = 20 + text_width(name)
        if x and x + needed > width:
            x, y = 0.0, y + 22
        places.append((x, y, row.code, name))
        x += needed + 16
    return places, y + 8
