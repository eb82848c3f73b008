"""Many ratings on one scale: a small histogram a row, under it the middle half (box) and the median (dot)."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.charts.cells import described
from assessments.charts.middles import middle_line
from assessments.charts.scale import Linear
from assessments.charts.sizes import WALL_WIDTH, Sizes, block, empty, row_height, sizes
from assessments.charts.spec import PAGE, Chart, ChartSpec, Look, Missing, both, single
from assessments.charts.svg import Svg, key_item
from assessments.charts.text import fit
from assessments.charts.votes import Levels, RoundVotes, Votes, between, cells, columns, fits, plain, said
from ecosystems.glyphs import dimension_class


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One item, or one breakout group. `code` is the dimension ("" for none)."""

    code: str
    label: str
    now: RoundVotes
    before: RoundVotes | None = None


def rating_rows(
    rows: Sequence[RatingRow],
    levels: Levels,
    *,
    title: str,
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """Several items of one activity in the order given; column heights compare between items (the same people)."""
    return _chart(rows, levels, look.words.item, title, big, wide, narrow, look, shares=False)


def breakouts(
    rows: Sequence[RatingRow],
    levels: Levels,
    *,
    title: str,
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    look: Look = PAGE,
) -> Chart:
    """One item by group; column heights are shares of the group, since groups differ in size."""
    return _chart(rows, levels, look.words.group, title, big, wide, narrow, look, shares=True)


def _chart(
    rows: Sequence[RatingRow],
    levels: Levels,
    first: str,
    title: str,
    big: bool,
    wide: float,
    narrow: float,
    look: Look,
    *,
    shares: bool,
) -> Chart:
    for row in rows:
        fits(row.now, levels)
        fits(row.before, levels)
    room = look.words.room
    told = [
        (f"{row.label}, {room.before}" if votes is row.before else row.label, votes)
        for row in rows
        for votes in ((row.now,) if row.before is None else (row.now, row.before))
    ]
    spec = ChartSpec(
        title=title,
        description=described([said(label, votes, levels, look) for label, votes in told], look),
        columns=columns(first, levels, look),
        rows=tuple(cells(label, votes, levels, look) for label, votes in told),
    )
    key = [key_item("dot", room.median, look), key_item("box", room.middle_half, look)] if rows else []
    if any(isinstance(row.before, Votes) for row in rows):
        key += [key_item("outline", room.before, look), key_item("was", f"{room.median}, {room.before}", look)]
    size = sizes(big)

    def draw(width: float) -> str:
        return _draw(rows, levels, spec, width, size, look, shares=shares)

    return single(draw(WALL_WIDTH), spec, WALL_WIDTH, key) if big else both(draw, spec, wide, narrow, key)


def _draw(
    rows: Sequence[RatingRow],
    levels: Levels,
    spec: ChartSpec,
    width: float,
    size: Sizes,
    look: Look,
    *,
    shares: bool,
) -> str:
    k = size.k
    if not rows:
        return empty(Svg(width, 60 * k, spec, look, "rounds"), size)
    small = width < 480
    leading = size.label_px * 1.25
    left = 0.0 if small else width * 0.4
    right = width - (0 if small else 84 * k)
    labels = [size.wrapped(row.label, (width - 110 if small else left - 16 * k), 3) for row in rows]
    beside = [2 if isinstance(row.now, Votes) else 1 for row in rows]  # lines that the figures beside a label need
    head = [max(len(t), b) * leading + 6 if small else 0.0 for t, b in zip(labels, beside, strict=True)]
    foot = 20 * k + (size.small_px * 1.4 if any(levels.ends) else 0)
    usual = row_height(size, len(rows), 60, 42, foot)
    heights = [
        h + 66 * k if small else max(usual, len(t) * leading + 10 * k) for h, t in zip(head, labels, strict=True)
    ]
    svg = Svg(width, sum(heights) + foot, spec, look, "rounds")
    slot = (right - left) / len(levels)
    x = Linear((levels.lowest, levels.highest), left + slot / 2, right - slot / 2)
    most = _most(rows, shares=shares)
    y = 0.0
    for row, lines, above, height in zip(rows, labels, head, heights, strict=True):
        middle = y + (len(lines) * leading / 2 + 2 if small else height / 2)
        block(svg, 0, middle, lines, size.label)
        base = y + above + (height - above) / 2 + 3 if small else y + height / 2 + min(8 * k, height / 2 - 19 * k)
        band = Linear((0, most), base, y + above + 4 * k)
        with svg.group(f"d-{dimension_class(row.code)}"):
            _row(svg, row, levels, x, band, size, look, slot, shares=shares)
        if isinstance(row.now, Votes):
            _figures(svg, row.now, width, y + leading if small else y + height / 2, size, look)
        y += height
    _axis(svg, levels, x, y, left, right, size)
    return svg.done()


def _most(rows: Sequence[RatingRow], *, shares: bool) -> float:
    """The tallest column of all rows and rounds, in people or as a share of a row."""
    votes = [v for row in rows for v in (row.now, row.before) if isinstance(v, Votes)]
    return max((max(v.counts) / (max(v.n, 1) if shares else 1) for v in votes), default=1) or 1


def _row(
    svg: Svg,
    row: RatingRow,
    levels: Levels,
    x: Linear,
    band: Linear,
    size: Sizes,
    look: Look,
    slot: float,
    *,
    shares: bool,
) -> None:
    k, now, base = size.k, row.now, band(0)
    if isinstance(now, Missing):
        left, right = x.start - slot / 2, x.stop + slot / 2
        svg.missing(left, base - 21 * k, right - left, 34 * k, now, name=row.label, classes=size.label or "t-m")
        return
    before = row.before if isinstance(row.before, Votes) else None
    gap, room = slot * 0.1, look.words.room

    def top(votes: Votes, i: int) -> float:
        return band(votes.counts[i] / (max(votes.n, 1) if shares else 1))

    for i, level in enumerate(levels):
        count, was = now.counts[i], before.counts[i] if before else 0
        if not count and not was:
            continue
        place, tip = x(level) - slot / 2 + gap, f"{row.label}: {level}, {room.now} {count}"
        start = {"y": top(before, i), "height": base - top(before, i)} if before else None
        if before:
            tip += f", {room.before} {was}"
        svg.rect(place, top(now, i), slot - 2 * gap, base - top(now, i), "fill deep", 2, tip if count else "", start)
        if before and was:
            ends, peak = (place - k, place + slot - 2 * gap + k), top(before, i)
            sides = [(ends[0], base), (ends[0], peak), (ends[1], peak), (ends[1], base)]
            svg.path(sides, f"outline {size.line}".strip())
    median = "" if now.median is None else f"{row.label}: {room.median} {plain(now.median)}"
    half = "" if now.middle is None else f"{row.label}: {room.middle_half} {between(now.middle, look)}"
    middle_line(
        svg,
        x,
        base + 9 * k,
        size,
        centre=now.median,
        half=now.middle,
        before=before.median if before else None,
        tip=median,
        half_tip=half,
    )


def _figures(svg: Svg, votes: Votes, right: float, y: float, size: Sizes, look: Look) -> None:
    """The median, and under it how many voted."""
    if votes.median is not None:
        svg.text(right, y, plain(votes.median), size.number, "end")
    svg.text(right, y + size.small_px * 1.3, look.words.n.format(n=votes.n), f"{size.small} t-2", "end")


def _axis(svg: Svg, levels: Levels, x: Linear, y: float, left: float, right: float, size: Sizes) -> None:
    place = y + size.small_px * 1.15
    for level in levels:
        svg.text(x(level), place, level, f"{size.small} t-2", "middle")
    half = (right - left) / 2 - 6
    place += size.small_px * 1.4
    svg.text(left, place, fit(levels.ends[0], half, size.small_px), f"{size.small} t-2")
    svg.text(right, place, fit(levels.ends[1], half, size.small_px), f"{size.small} t-2", "end")
