"""What changed between two waves: interval around zero; filled = clear, hollow = could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described, interval_cell, sentence, value_cell
from assessments.charts.scale import Linear, even_span
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, Value, both
from assessments.charts.svg import Svg, key_item
from assessments.charts.text import fit, wrap
from ecosystems.glyphs import dimension_class
from ecosystems.numerals import signed


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """`change` is this wave minus the earlier one, with the interval of that difference (rule S10)."""

    code: str
    label: str
    change: Value


def change(
    rows: Sequence[ChangeRow],
    *,
    title: str,
    span: float | None = None,
    wide: float = 540,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Differences on one axis around zero; `span` is half its width (from the data when not given)."""
    words = look.words
    spec = ChartSpec(
        title=title,
        description=described([_sentence(row, look) for row in rows], look),
        columns=(words.what, words.change, words.interval, ""),
        rows=tuple(
            (
                Cell(row.label),
                value_cell(row.change, look, 1, sign=True),
                interval_cell(row.change, look, 1, sign=True),
                Cell(_verdict(row.change, look)),
            )
            for row in rows
        ),
    )
    half = span or even_span(row.change for row in rows)
    key = [key_item("dot", words.clear, look), key_item("hollow", words.chance, look)]
    key.append(key_item("band", words.interval, look))
    return both(lambda width: _draw(rows, half, spec, width, look), spec, wide, narrow, key if rows else ())


def _verdict(value: Value, look: Look) -> str:
    if isinstance(value, Missing):
        return ""
    return look.words.no_interval if not value.interval else look.words.clear if value.clear else look.words.chance


def _sentence(row: ChangeRow, look: Look) -> str:
    said = sentence(row.label, row.change, look, 1, sign=True)
    verdict = _verdict(row.change, look)
    return f"{said}, {verdict}" if verdict else said


def _draw(rows: Sequence[ChangeRow], half: float, spec: ChartSpec, width: float, look: Look) -> str:
    if not rows:
        svg = Svg(width, 60, spec, look, "change")
        svg.lines(0, 26, wrap(look.words.no_data, width), "t-2")
        return svg.done()
    small = width < 420
    left, right, height = (0.0, 48.0, 54.0) if small else (226.0, 56.0, 40.0)
    bottom = 24 + height * len(rows)
    svg = Svg(width, bottom + 6, spec, look, "change")
    x = Linear((-half, half), left + 16, width - right - 12)
    outer = half if half <= 10 else half - 5 if half % 10 == 5 and half > 15 else half
    for value in (-outer, 0.0, outer):
        svg.line(x(value), 20, x(value), bottom, "grid" if value else "zero")
        svg.text(x(value), 12, signed(value) if value else look.words.no_change, "t-s t-2", "middle")
    for i, row in enumerate(rows):
        y = 24 + height * i + (36 if small else 20)
        clear = not isinstance(row.change, Missing) and row.change.clear
        svg.glyph(row.code, 0, y - (31 if small else 8), 15)
        if small:
            name = fit(row.label, width - 24, bold=clear)
            svg.text(21, y - 19, name, "t-b" if clear else "", halo=True)
        else:
            svg.lines(22, y, wrap(row.label, left - 34, bold=clear, lines=2), "t-b" if clear else "")
        if isinstance(row.change, Missing):
            svg.missing(x.start, y - 9, x.stop - x.start, 18, row.change, name=row.label)
            continue
        with svg.group(f"d-{dimension_class(row.code)}"):
            if ends := row.change.interval:
                svg.line(x(ends[0]), y, x(ends[1]), y, "whisker" if clear else "whisker faint")
            svg.dot(x(row.change.value), y, 5.5, "dot" if clear else "ring", _sentence(row, look))
        svg.text(width, y + 5, signed(row.change.value), "t-num" if clear else "t-num t-2", "end")
    return svg.done()
