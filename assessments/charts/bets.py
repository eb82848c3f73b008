"""Guesses before a run: how many guessed what, where the middle lies, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from assessments.charts.cells import described, missing_cell, missing_words
from assessments.charts.middles import middle_line
from assessments.charts.scale import Ends, Linear, ticks
from assessments.charts.sizes import WALL_WIDTH, Sizes, sizes
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, both, single
from assessments.charts.svg import Svg, size_of
from assessments.charts.text import fit, text_width
from assessments.charts.votes import between, plain
from ecosystems.glyphs import dimension_class


@dataclass(frozen=True, slots=True)
class Guesses:
    """`counts` in bins of equal width over the range asked; median and middle half are None where nobody guessed."""

    counts: tuple[int, ...]
    median: float | None = None
    middle: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not self.counts or min(self.counts) < 0:
            raise ValueError(f"{self} needs counts, none negative")
        if not all(isfinite(v) for v in (self.median, *(self.middle or ())) if v is not None):
            raise ValueError(f"{self} holds a number that is not finite; pass None instead")

    @property
    def n(self) -> int:
        return sum(self.counts)


def bets(
    code: str,
    guesses: Guesses | Missing,
    *,
    title: str,
    ends: Ends = (0, 100),
    outcome: float | None = None,
    unit: str = "",
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    height: float = 0,
    look: Look = PAGE,
) -> Chart:
    """`outcome` is drawn once it is known, as a line through all. `height` 0: 590 px on the projector, else 280."""
    room, words = look.words.room, look.words
    spec = ChartSpec(
        title=title,
        description=described([_sentence(guesses, ends, outcome, unit, look)], look),
        columns=(room.guesses, words.answers),
        rows=_rows(guesses, ends, outcome, unit, look),
    )
    size = sizes(big)

    def draw(width: float) -> str:
        return _draw(code, guesses, ends, outcome, unit, spec, width, height or (590 if big else 280), size, look)

    return single(draw(WALL_WIDTH), spec, WALL_WIDTH) if big else both(draw, spec, wide, narrow)


def _bins(counts: Sequence[int], ends: Ends) -> list[Ends]:
    width = (ends[1] - ends[0]) / len(counts)
    return [(ends[0] + i * width, ends[0] + (i + 1) * width) for i in range(len(counts))]


def _with(value: str, unit: str) -> str:
    return f"{value} {unit}" if unit else value


def _rows(
    guesses: Guesses | Missing, ends: Ends, outcome: float | None, unit: str, look: Look
) -> tuple[tuple[Cell, ...], ...]:
    room = look.words.room
    if isinstance(guesses, Missing):
        rows = [(Cell(room.guesses), missing_cell(guesses, look))]
    else:
        bins = zip(_bins(guesses.counts, ends), guesses.counts, strict=True)
        rows = [(Cell(between(span, look)), Cell(str(count))) for span, count in bins]
        if guesses.median is not None:
            rows.append((Cell(room.median), Cell(_with(plain(guesses.median), unit))))
        if guesses.middle is not None:
            rows.append((Cell(room.middle_half), Cell(_with(between(guesses.middle, look), unit))))
    if outcome is not None:
        rows.append((Cell(room.outcome), Cell(_with(plain(outcome), unit))))
    return tuple(rows)


def _sentence(guesses: Guesses | Missing, ends: Ends, outcome: float | None, unit: str, look: Look) -> str:
    words, room = look.words, look.words.room
    if isinstance(guesses, Missing):
        parts = [f"{room.guesses}: {missing_words(guesses, words)}"]
    else:
        parts = [f"{room.guesses}: {words.n.format(n=guesses.n)}"]
        if guesses.median is not None:
            parts.append(f"{room.median} {_with(plain(guesses.median), unit)}")
        if guesses.middle is not None:
            parts.append(f"{room.middle_half} {_with(between(guesses.middle, look), unit)}")
        bins = zip(_bins(guesses.counts, ends), guesses.counts, strict=True)
        parts += [f"{between(span, look)}: {count}" for span, count in bins if count]
    if outcome is not None:
        parts.append(f"{room.outcome} {_with(plain(outcome), unit)}")
    return ", ".join(parts)


def _draw(
    code: str,
    guesses: Guesses | Missing,
    ends: Ends,
    outcome: float | None,
    unit: str,
    spec: ChartSpec,
    width: float,
    height: float,
    size: Sizes,
    look: Look,
) -> str:
    k, room = size.k, look.words.room
    svg = Svg(width, height, spec, look, f"rounds d-{dimension_class(code)}")
    x = Linear(ends, 12 * k, width - 12 * k)
    axis = height - 26 * k - size.label_px
    line = axis + 12 * k
    top = 2.6 * size.label_px + 10 * k
    _axis(svg, x, height - 4 * k, size)
    most = 1 if isinstance(guesses, Missing) else max((*guesses.counts, 1))
    y = Linear((0, most), axis, top + size.number_px)
    if isinstance(guesses, Missing):
        svg.missing(x.start, top, x.stop - x.start, axis - top, guesses, name=room.guesses, classes=size.label or "t-m")
    else:
        _columns(svg, guesses, x, y, ends, size, look)
        median = "" if guesses.median is None else f"{room.median} {_with(plain(guesses.median), unit)}"
        half = "" if guesses.middle is None else f"{room.middle_half} {_with(between(guesses.middle, look), unit)}"
        middle_line(svg, x, line, size, centre=guesses.median, half=guesses.middle, tip=median, half_tip=half)
        if guesses.median is not None:
            _flag(svg, x(guesses.median), size.label_px, median, f"{size.label} t-b")
            down = _above(guesses, guesses.median, y, ends, size)
            svg.line(x(guesses.median), 1.35 * size.label_px, x(guesses.median), down, f"zero {size.line}".strip())
    if outcome is not None:
        place, classes = x(outcome), f"outcome {size.line}".strip()
        down = axis if isinstance(guesses, Missing) else _above(guesses, outcome, y, ends, size)
        svg.line(place, 2.75 * size.label_px, place, down, classes)
        svg.line(place, axis + 2 * k, place, line + 10 * k, classes)
        text = f"{room.outcome} {_with(plain(outcome), unit)}"
        _flag(svg, place, 2.4 * size.label_px, text, f"{size.label} t-b t-own")
    return svg.done()


def _flag(svg: Svg, x: float, y: float, text: str, classes: str) -> None:
    text = fit(text, svg.width, size_of(classes), True)
    half = text_width(text, size_of(classes), True) / 2
    svg.text(min(max(x, half), svg.width - half), y, text, classes.strip(), "middle", halo=True)


def _above(guesses: Guesses, value: float, y: Linear, ends: Ends, size: Sizes) -> float:
    """Where a line down to `value` stops, so that it crosses no number: above the column that holds it."""
    held = min(max(value, ends[0]), ends[1])
    spans = zip(_bins(guesses.counts, ends), guesses.counts, strict=True)
    near = max(count for span, count in spans if span[0] - 1e-9 <= held <= span[1] + 1e-9)
    if not near:
        return y(0)
    return (
        y(near)
        - (6 if _inside(near, y, size) else 9) * size.k
        - (0 if _inside(near, y, size) else size.number_px * 0.8)
    )


def _inside(count: int, y: Linear, size: Sizes) -> bool:
    """A column that is tall enough holds its number."""
    return y(0) - y(count) > 22 * size.k


def _columns(svg: Svg, guesses: Guesses, x: Linear, y: Linear, ends: Ends, size: Sizes, look: Look) -> None:
    for span, count in zip(_bins(guesses.counts, ends), guesses.counts, strict=True):
        if not count:
            continue
        left, right = x(span[0]) + 1.5 * size.k, x(span[1]) - 1.5 * size.k
        svg.rect(left, y(count), right - left, y(0) - y(count), "fill deep", 3, f"{between(span, look)}: {count}")
        classes = size.number if text_width(str(count), size.number_px, True) < right - left else f"{size.small} t-b"
        if _inside(count, y, size):
            svg.text((left + right) / 2, y(0) - 8 * size.k, count, f"{classes} t-on", "middle")
        else:
            svg.text((left + right) / 2, y(count) - 6 * size.k, count, classes, "middle", halo=True)


def _axis(svg: Svg, x: Linear, y: float, size: Sizes) -> None:
    room = 6 if svg.width < 480 else 11
    for tick in ticks(x.ends, room):
        text = plain(tick)
        half = text_width(text, size.label_px, True) / 2
        svg.text(min(max(x(tick), half), svg.width - half), y, text, f"{size.label} t-b".strip(), "middle")
