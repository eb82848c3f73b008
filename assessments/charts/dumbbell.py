"""Leaders and everyone else: ring = leaders, dot with bar = the others and their interval, the gap in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described, interval_cell, sentence, shown, value_cell
from assessments.charts.scale import Ends, Linear, nice_ends, ticks
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, Score, Value, both
from assessments.charts.svg import Svg, key_item
from assessments.charts.text import fit, wrap
from ecosystems.glyphs import dimension_class
from ecosystems.numerals import signed


@dataclass(frozen=True, slots=True)
class DumbbellRow:
    """`gap` is leaders minus others with the interval of that difference (rule S9)."""

    code: str
    name: str
    leaders: Value
    others: Value
    gap: Value


def dumbbell(
    rows: Sequence[DumbbellRow],
    *,
    title: str,
    ends: Ends | None = None,
    leaders_label: str = "",
    others_label: str = "",
    wide: float = 540,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Two numbers a row on one axis of 0–100. Gaps whose interval leaves zero out are bold; others are pale."""
    words = look.words
    leaders_label, others_label = leaders_label or words.leaders, others_label or words.others
    spec = ChartSpec(
        title=title,
        description=described(
            [
                ", ".join(
                    [
                        sentence(f"{row.name}: {leaders_label}", row.leaders, look),
                        sentence(others_label, row.others, look),
                        sentence(words.gap, row.gap, look, sign=True),
                    ]
                )
                for row in rows
            ],
            look,
        ),
        columns=(
            words.dimension,
            leaders_label,
            others_label,
            words.interval,
            words.gap,
            f"{words.gap}, {words.interval}",
        ),
        rows=tuple(
            (
                Cell(row.name),
                value_cell(row.leaders, look),
                value_cell(row.others, look),
                interval_cell(row.others, look),
                value_cell(row.gap, look, sign=True),
                interval_cell(row.gap, look, sign=True),
            )
            for row in rows
        ),
    )
    key = [key_item("own", leaders_label, look), key_item("dot", others_label, look)]
    key.append(key_item("band", words.interval, look))
    axis = ends or nice_ends([v for row in rows for v in (row.leaders, row.others)], span=40)
    return both(lambda width: _draw(rows, axis, spec, width, look), spec, wide, narrow, key if rows else ())


def _draw(rows: Sequence[DumbbellRow], ends: Ends, spec: ChartSpec, width: float, look: Look) -> str:
    words = look.words
    if not rows:
        svg = Svg(width, 60, spec, look, "dumbbell")
        svg.lines(0, 26, wrap(words.no_data, width), "t-2")
        return svg.done()
    small = width < 420
    left, right, height = (8.0, 84.0, 58.0) if small else (198.0, 104.0, 46.0)
    bottom = 26 + height * len(rows)
    svg = Svg(width, bottom + 22, spec, look, "dumbbell")
    x = Linear(ends, left, width - right)
    for tick in ticks(ends):
        svg.line(x(tick), 22, x(tick), bottom - 6)
        svg.text(x(tick), bottom + 10, f"{tick:g}", "t-s t-2", "middle")
    svg.text(width, 12, words.gap if small else fit(f"{words.gap}, {words.interval}", 200, 11.5), "t-s t-2", "end")
    for i, row in enumerate(rows):
        y = 26 + height * i + (38 if small else 20)
        if small:
            svg.glyph(row.code, 0, y - 31, 15)
            svg.text(21, y - 19, fit(row.name, width - right - 24, 13, bold=True), "t-b", halo=True)
        else:
            svg.glyph(row.code, 0, y - 9, 17)
            svg.lines(26, y, wrap(row.name, left - 44, bold=True, lines=3), "t-b", leading=15)
        _pair(svg, row, x, y, look)
        _gap(svg, row.gap, width, right, y, look)
    return svg.done()


def _pair(svg: Svg, row: DumbbellRow, x: Linear, y: float, look: Look) -> None:
    leaders, others = shown(row.leaders), shown(row.others)
    if isinstance(row.others, Missing):
        svg.missing(x.start, y - 9, x.stop - x.start, 18, row.others, name=f"{row.name}, {look.words.others}")
    elif isinstance(row.leaders, Missing) and not row.leaders.withheld:
        svg.text(x.stop, y - 9, fit(row.leaders.reason, x.stop - x.start, 11.5), "t-s t-2", "end", halo=True)
    if leaders and others:
        svg.line(x(others.value), y, x(leaders.value), y, "link")
    if others:
        with svg.group(f"d-{dimension_class(row.code)}"):
            if others.interval:
                low, high = (x(end) for end in others.interval)
                svg.rect(low, y - 5, high - low, 10, "band", 5)
            svg.dot(x(others.value), y, 5.5, "dot", sentence(f"{row.name}, {look.words.others}", others, look))
    if leaders:
        svg.dot(x(leaders.value), y, 5.5, "ring s-own", sentence(f"{row.name}, {look.words.leaders}", leaders, look))
    elif isinstance(row.leaders, Missing) and row.leaders.withheld and others:
        left = x(others.value) > (x.start + x.stop) / 2  # on the side where the others are not
        place = x.start if left else x.stop - 64
        svg.missing(place, y - 9, 64, 18, row.leaders, name=f"{row.name}, {look.words.leaders}")


def _gap(svg: Svg, gap: Value, width: float, right: float, y: float, look: Look) -> None:
    if isinstance(gap, Missing):
        if gap.withheld:
            svg.missing(width - right + 18, y - 9, right - 18, 18, gap)
        else:
            for k, line in enumerate(wrap(gap.reason, right - 14, 11.5, lines=2)):
                svg.text(width, y - 2 + 14 * k, line, "t-s t-2", "end")
        return
    svg.text(width, y - 1, signed(gap.value), "t-num" if gap.clear else "t-num t-2", "end")
    if isinstance(gap, Score) and gap.interval:
        svg.text(width, y + 14, look.words.span(*gap.interval, sign=True), "t-s t-2", "end")
