"""How people answered, item by item: shares from low to high, the middle centred, "can't say" apart from the scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from assessments.charts.cells import described, missing_cell, missing_words
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, both
from assessments.charts.svg import Svg
from assessments.charts.text import fit, text_width, wrap
from ecosystems.numerals import number

COLOURS = 5


@dataclass(frozen=True, slots=True)
class Shares:
    """One item's answers: per cent of those who rated for each level (low to high), per cent of all who could not say,
    and how many rated."""

    levels: tuple[float, ...]
    cant_say: float
    n: int

    def __post_init__(self) -> None:
        if not all(isfinite(share) and share >= 0 for share in (*self.levels, self.cant_say)):
            raise ValueError(f"{self} holds a share that is negative or not a number")


@dataclass(frozen=True, slots=True)
class LikertRow:
    label: str
    answers: Shares | Missing


def likert(
    rows: Sequence[LikertRow],
    categories: Sequence[str],
    *,
    title: str,
    wide: float = 720,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """One bar an item. `categories` names the levels from low to high, any number from two.

    Raises ValueError where a row has another number of levels than there are categories.
    """
    words = look.words
    for row in rows:
        if isinstance(row.answers, Shares) and len(row.answers.levels) != len(categories):
            raise ValueError(f"“{row.label}” has {len(row.answers.levels)} levels for {len(categories)} categories")
    spec = ChartSpec(
        title=title,
        description=described([_sentence(row, categories, look) for row in rows], look),
        columns=(words.item, *categories, words.cant_say, words.answers),
        rows=tuple((Cell(row.label), *_cells(row.answers, len(categories), look)) for row in rows),
    )
    return both(lambda width: _draw(rows, categories, spec, width, look), spec, wide, narrow)


def _sentence(row: LikertRow, categories: Sequence[str], look: Look) -> str:
    words = look.words
    if isinstance(row.answers, Missing):
        return f"{row.label}: {missing_words(row.answers, words)}"
    shares = [f"{name} {number(share)} %" for name, share in zip(categories, row.answers.levels, strict=True)]
    shares.append(f"{words.cant_say} {number(row.answers.cant_say)} %")
    return f"{row.label}: {', '.join(shares)}, {words.n.format(n=row.answers.n)}"


def _cells(answers: Shares | Missing, levels: int, look: Look) -> list[Cell]:
    if isinstance(answers, Missing):
        return [missing_cell(answers, look)] * (levels + 2)
    return [*(Cell(f"{number(share)} %") for share in (*answers.levels, answers.cant_say)), Cell(str(answers.n))]


def _below(levels: Sequence[float]) -> float:
    """The share left of the middle: half of an odd scale's middle level counts to either side."""
    half = len(levels) // 2
    return sum(levels[:half]) + (levels[half] / 2 if len(levels) % 2 else 0)


def _draw(rows: Sequence[LikertRow], categories: Sequence[str], spec: ChartSpec, width: float, look: Look) -> str:
    words = look.words
    if not rows:
        svg = Svg(width, 60, spec, look, "likert")
        svg.lines(0, 26, wrap(words.no_data, width), "t-2")
        return svg.done()
    small = width < 600
    left, right = (0.0, 0.0) if small else (268.0, 76.0)
    legend, head = _legend_places(categories, left, width - right)
    labels = [wrap(row.label, width if small else left - 72, lines=2 if small else 3) for row in rows]
    heights = [18.0 * len(lines) + 64 if small else max(46.0, 16.0 * len(lines) + 12) for lines in labels]
    top = head + 12
    svg = Svg(width, top + sum(heights) + 24, spec, look, "likert")
    for j, (x, y, name) in enumerate(legend):
        svg.rect(x, y, 12, 12, f"l l{_colour(j, len(categories))}", 2)
        svg.text(x + 17, y + 10, name, "t-s t-2")
    if not small:
        svg.text(width, 12, words.cant_say, "t-s t-2", "end")
    known = [row.answers.levels for row in rows if isinstance(row.answers, Shares)]
    below = max((_below(levels) for levels in known), default=50)
    above = max((sum(levels) - _below(levels) for levels in known), default=50)
    scale = (width - left - right) / ((below + above) or 1)
    zero = left + below * scale
    y = top
    for row, lines, height in zip(rows, labels, heights, strict=True):
        bar = y + 18 * len(lines) + 2 if small else y + height / 2 - 15
        if known:
            svg.line(zero, bar - 4, zero, bar + 34, "zero")
        _label(svg, row, lines, y, bar, height, left, look)
        if isinstance(row.answers, Missing):
            svg.missing(left, bar, width - left - right, 30, row.answers, name=row.label)
        else:
            _bar(svg, row.label, row.answers, categories, zero - _below(row.answers.levels) * scale, bar, scale)
        y += height
    note = fit(words.per_cent, width, 11.5)
    room = text_width(note, 11.5) / 2
    svg.text(min(max(zero, room), width - room), y + 14, note, "t-s t-2", "middle")
    return svg.done()


def _legend_places(
    categories: Sequence[str], left: float, right: float
) -> tuple[list[tuple[float, float, str]], float]:
    """Where each level's name stands, flowing over as many lines as needed, and the height of all."""
    places: list[tuple[float, float, str]] = []
    x, y = left, 2.0
    for category in categories:
        name = fit(category, right - left - 20, 11.5)
        needed = 17 + text_width(name, 11.5)
        if x > left and x + needed > right:
            x, y = left, y + 19
        places.append((x, y, name))
        x += needed + 13
    return places, y + 14


def _label(
    svg: Svg, row: LikertRow, lines: Sequence[str], y: float, bar: float, height: float, left: float, look: Look
) -> None:
    words = look.words
    if not left:
        for k, line in enumerate(lines):
            svg.text(0, y + 13 + 18 * k, line)
        if isinstance(row.answers, Shares):
            note = f"{words.n.format(n=row.answers.n)} · {number(row.answers.cant_say)} % {words.cant_say}"
            svg.text(svg.width, bar + 45, fit(note, svg.width, 11.5), "t-s t-2", "end")
        return
    svg.lines(0, y + height / 2, lines)
    if isinstance(row.answers, Shares):
        svg.text(left - 12, y + height / 2 + 4, words.n.format(n=row.answers.n), "t-s t-2", "end")
        svg.text(svg.width, y + height / 2 + 4, f"{number(row.answers.cant_say)} %", "t-s t-2", "end")


def _bar(svg: Svg, label: str, answers: Shares, categories: Sequence[str], x: float, y: float, scale: float) -> None:
    for j, (name, share) in enumerate(zip(categories, answers.levels, strict=True)):
        if share <= 0:
            continue
        colour, width = _colour(j, len(categories)), share * scale
        svg.rect(x, y, max(width - 1.5, 0.5), 30, f"l l{colour}", 2, f"{label}: {name} {number(share)} %")
        if width > text_width(number(share), 11.5) + 8:
            svg.text(x + width / 2 - 0.7, y + 19, number(share), f"t-s lt{colour}", "middle")
        x += width


def _colour(level: int, levels: int) -> int:
    """The level's colour among five, dark at both ends; a scale of other length is spread over them."""
    return 2 if levels < 2 else int(level * (COLOURS - 1) / (levels - 1) + 0.5)
