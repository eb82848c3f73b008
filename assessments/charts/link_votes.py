"""Does A lower or raise B? A bar around zero a link: left of it those who say lowers, right of it raises."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described, missing_cell, missing_words
from assessments.charts.sizes import WALL_WIDTH, Sizes, block, empty, sizes
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, Look, Missing, both, single
from assessments.charts.svg import Svg
from assessments.charts.text import fit, text_width
from ecosystems.numerals import number, signed

STRENGTHS = tuple(range(-3, 4))
COLOURS = (0, 1, 1, 2, 3, 3, 4)


@dataclass(frozen=True, slots=True)
class LinkVotes:
    """`counts` from −3 (lowers strongly) over 0 (no effect) to +3; `delay` in words; `split`: both signs are held."""

    counts: tuple[int, int, int, int, int, int, int]
    delay: str = ""
    split: bool = False
    cant_say: int = 0

    def __post_init__(self) -> None:
        if min((*self.counts, self.cant_say)) < 0 or len(self.counts) != len(STRENGTHS):
            raise ValueError(f"{self} needs seven counts, none negative")

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def shares(self) -> tuple[float, float, float]:
        """Per cent who say lowers, no effect, raises."""
        part = 100 / (self.n or 1)
        return part * sum(self.counts[:3]), part * self.counts[3], part * sum(self.counts[4:])


@dataclass(frozen=True, slots=True)
class LinkRow:
    source: str
    target: str
    votes: LinkVotes | Missing

    @property
    def label(self) -> str:
        return f"{self.source} → {self.target}"


def link_votes(
    rows: Sequence[LinkRow],
    *,
    title: str,
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Links in the order given, on one scale: the width of a part is the share of those who voted on the link."""
    words, room = look.words, look.words.room

    def cells(row: LinkRow) -> tuple[Cell, ...]:
        if isinstance(row.votes, Missing):
            return (Cell(row.label), *[missing_cell(row.votes, look)] * 13)
        return (
            Cell(row.label),
            *(Cell(f"{number(share)} %") for share in row.votes.shares),
            *(Cell(str(count)) for count in (*row.votes.counts, row.votes.cant_say)),
            Cell(row.votes.delay),
            Cell(room.split if row.votes.split else ""),
        )

    spec = ChartSpec(
        title=title,
        description=described([_sentence(row, look) for row in rows], look),
        columns=(
            room.link,
            room.lowers,
            room.no_effect,
            room.raises,
            *map(signed, STRENGTHS),
            words.cant_say,
            room.delay,
            "",
        ),
        rows=tuple(cells(row) for row in rows),
    )
    size = sizes(big)

    def draw(width: float) -> str:
        return _draw(rows, spec, width, size, look)

    return single(draw(WALL_WIDTH), spec, WALL_WIDTH) if big else both(draw, spec, wide, narrow)


def _sentence(row: LinkRow, look: Look) -> str:
    words, room, votes = look.words, look.words.room, row.votes
    if isinstance(votes, Missing):
        return f"{row.label}: {missing_words(votes, words)}"
    names = (room.lowers, room.no_effect, room.raises)
    parts = [f"{name} {number(share)} %" for name, share in zip(names, votes.shares, strict=True)]
    parts += [f"{signed(value)}: {count}" for value, count in zip(STRENGTHS, votes.counts, strict=True)]
    parts += [f"{words.cant_say} {votes.cant_say}"] if votes.cant_say else []
    parts += [part for part in (votes.delay, room.split if votes.split else "") if part]
    return f"{row.label}: {', '.join(parts)}, {words.n.format(n=votes.n)}"


def _draw(rows: Sequence[LinkRow], spec: ChartSpec, width: float, size: Sizes, look: Look) -> str:
    k, room = size.k, look.words.room
    if not rows:
        return empty(Svg(width, 60 * k, spec, look, "links"), size)
    small = width < 480
    leading, under = size.label_px * 1.25, size.small_px * 1.3
    left = 0.0 if small else width * (0.28 if size.k > 1 else 0.4)
    labels = [
        [
            *size.wrapped(row.source, width if small else left - 16 * k, 2),
            *size.wrapped(f"→ {row.target}", width if small else left - 16 * k, 2),
        ]
        for row in rows
    ]
    notes = [_notes(row, width - left, size, look) for row in rows]
    heights = [
        (len(lines) * leading + 8 + 28 + len(note) * under + 18)
        if small
        else max(len(lines) * leading, 26 * k + len(note) * under) + 20 * k
        for lines, note in zip(labels, notes, strict=True)
    ]
    head = 20 * k
    svg = Svg(width, head + sum(heights), spec, look, "links")
    known = [row.votes for row in rows if isinstance(row.votes, LinkVotes) and row.votes.n]
    below = max((_below(votes) for votes in known), default=0.5)
    above = max((1 - _below(votes) for votes in known), default=0.5)
    scale = (width - left) / ((below + above) or 1)
    zero = left + below * scale
    half = (width - left) / 2 - 8
    svg.text(left, size.small_px, fit(f"← {room.lowers}", half, size.small_px), f"{size.small} t-2")
    svg.text(width, size.small_px, fit(f"{room.raises} →", half, size.small_px), f"{size.small} t-2", "end")
    y = head
    for row, lines, note, height in zip(rows, labels, notes, heights, strict=True):
        bar = y + len(lines) * leading + 8 if small else y + (height - 26 * k - len(note) * under) / 2
        block(svg, 0, y + len(lines) * leading / 2 + 2 if small else y + height / 2, lines, size.label)
        if isinstance(row.votes, Missing):
            svg.missing(left, bar, width - left, 26 * k, row.votes, name=row.label, classes=size.small)
        else:
            if known:
                svg.line(zero, bar - 4 * k, zero, bar + 29 * k, f"zero {size.line}".strip())
            _bar(svg, row.label, row.votes, zero - _below(row.votes) * scale, bar, scale, size)
        for i, line in enumerate(note):
            svg.text(left, bar + 26 * k + under * (i + 1), line, f"{size.small} t-2")
        y += height
    return svg.done()


def _below(votes: LinkVotes) -> float:
    """The share left of zero: half of those who see no effect stand on either side."""
    return (sum(votes.counts[:3]) + votes.counts[3] / 2) / votes.n if votes.n else 0.5


def _notes(row: LinkRow, width: float, size: Sizes, look: Look) -> list[str]:
    """Under the bar: the shares, then delay and disagreement in words."""
    words, room, votes = look.words, look.words.room, row.votes
    if isinstance(votes, Missing):
        return []
    if not votes.n:
        return [fit(words.no_data, width, size.small_px)]
    names = (room.lowers, room.no_effect, room.raises)
    shares = " · ".join(f"{name} {number(share)} %" for name, share in zip(names, votes.shares, strict=True))
    more = " · ".join(part for part in (votes.delay, room.split if votes.split else "") if part)
    return [fit(text, width, size.small_px) for text in (shares, more) if text]


def _bar(svg: Svg, label: str, votes: LinkVotes, x: float, y: float, scale: float, size: Sizes) -> None:
    k = size.k
    for value, count, colour in zip(STRENGTHS, votes.counts, COLOURS, strict=True):
        if not count:
            continue
        width = scale * count / votes.n
        svg.rect(x, y, max(width - 1.5, 0.5), 26 * k, f"l l{colour}", 2, f"{label}: {signed(value)}, {count}")
        if width > text_width(signed(value), size.small_px) + 8:
            middle = y + 13 * k + size.small_px * 0.35
            svg.text(x + width / 2 - 0.7, middle, signed(value), f"{size.small} lt{colour}", "middle")
        x += width
