"""One rating, two rounds: outline = the round before, solid = this round; the median moves from ring to dot."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from assessments.charts.cells import described
from assessments.charts.scale import Linear
from assessments.charts.sizes import WALL_WIDTH, Sizes, sizes
from assessments.charts.spec import PAGE, Chart, ChartSpec, Look, Missing, both, single
from assessments.charts.svg import Anchor, Svg, key_item, size_of
from assessments.charts.text import fit, text_width, wrap
from assessments.charts.votes import Levels, RoundVotes, Votes, cells, columns, fits, plain, said
from ecosystems.glyphs import dimension_class


@dataclass(frozen=True, slots=True)
class _Story:
    """What is drawn at every width."""

    code: str
    levels: Levels
    now: RoundVotes
    before: Votes | None
    now_label: str
    before_label: str
    size: Sizes
    look: Look


@dataclass(frozen=True, slots=True)
class _Label:
    """The words beside a median's mark; `row` 0 is the mark's own line, 1 the line above it, and so on."""

    x: float
    anchor: Anchor
    text: str
    now: bool
    row: int


def rounds(
    code: str,
    levels: Levels,
    now: RoundVotes,
    before: RoundVotes | None = None,
    *,
    title: str,
    now_label: str = "",
    before_label: str = "",
    big: bool = False,
    wide: float = 720,
    narrow: float = 340,
    height: float = 0,
    look: Look = PAGE,
) -> Chart:
    """A column a level. `code` is the item's dimension ("" for none); labels read "round 2", "round 1".

    `big` makes one drawing for the projector, 1240 px wide. `height` 0 means 590 px there, 300 wide and 230 narrow.
    """
    fits(now, levels)
    fits(before, levels)
    now_label, before_label = now_label or look.words.room.now, before_label or look.words.room.before
    told = [(before_label, before), (now_label, now)]
    spec = ChartSpec(
        title=title,
        description=described([said(label, votes, levels, look) for label, votes in told], look),
        columns=columns(look.words.room.vote, levels, look),
        rows=tuple(cells(label, votes, levels, look) for label, votes in told if votes is not None),
    )
    earlier = before if isinstance(before, Votes) else None
    story = _Story(code, levels, now, earlier, now_label, before_label, sizes(big), look)
    solid = key_item("column", now_label, look, f"d-{dimension_class(code)}")
    key = [key_item("outline", before_label, look), solid] if earlier else []
    if big:
        return single(_draw(story, spec, WALL_WIDTH, height or 590), spec, WALL_WIDTH, key)
    return both(
        lambda width: _draw(story, spec, width, height or (300 if width > 480 else 230)), spec, wide, narrow, key
    )


def _draw(story: _Story, spec: ChartSpec, width: float, height: float) -> str:
    size, now = story.size, story.now
    svg = Svg(width, height, spec, story.look, f"rounds d-{dimension_class(story.code)}")
    bottom = _foot(svg, story)
    if isinstance(now, Missing):
        svg.missing(0, 4, width, bottom - 8, now, name=story.now_label, classes=size.label or "t-m")
        return svg.done()
    slot = width / len(story.levels)
    x = Linear((story.levels.lowest, story.levels.highest), slot / 2, width - slot / 2)
    labels = _labels(story, now, x, width)
    line = 12 * size.k + 20 * size.k * max((label.row for label in labels), default=0)
    most = max((*now.counts, *(story.before.counts if story.before else ()), 1))
    y = Linear((0, most), bottom, line + 34 * size.k)
    clear = _columns(svg, story, now, x, y, slot)
    _medians(svg, story, now, x, line, clear)
    for label in labels:
        _write(svg, label, line - 20 * size.k * label.row + size.label_px * 0.35, size, moved=story.before is not None)
    return svg.done()


def _foot(svg: Svg, story: _Story) -> float:
    """The axis with the levels and what its ends mean; the y of the axis."""
    size, levels, k = story.size, story.levels, story.size.k
    slot = svg.width / len(levels)
    names = [wrap(name, slot - 6, size.label_px, True, 2) for name in levels.names]
    if any(" ".join(lines) != " ".join(name.split()) for lines, name in zip(names, levels.names, strict=True)):
        names = []
    marks = names or [[str(level)] for level in levels]
    leading = size.label_px * 1.25
    ends = ("", "") if names else levels.ends
    unsure = _unsure(story)
    under = [bool(any(ends)), bool(unsure)].count(True)
    tall = max(map(len, marks)) * leading
    bottom = svg.height - tall - 9 * k - under * (size.small_px * 1.4) - (6 * k if under else 3 * k)
    svg.line(0, bottom, svg.width, bottom, "grid strong")
    for i, lines in enumerate(marks):
        for j, text in enumerate(lines):
            svg.text(
                slot * (i + 0.5), bottom + 7 * k + leading * (j + 0.8), text, f"{size.label} t-b".strip(), "middle"
            )
    y = bottom + 9 * k + tall + size.small_px * 1.1
    if any(ends):
        half = svg.width / 2 - 8
        svg.text(0, y, fit(ends[0], half, size.small_px), f"{size.small} t-2")
        svg.text(svg.width, y, fit(ends[1], half, size.small_px), f"{size.small} t-2", "end")
        y += size.small_px * 1.4
    svg.text(0, y, fit(unsure, svg.width, size.small_px), f"{size.small} t-2")
    return bottom


def _unsure(story: _Story) -> str:
    """How many could not say, in words: a bar would look like a level of the scale."""
    rounds_ = ((story.before_label, story.before), (story.now_label, story.now))
    counts = [(label, votes.cant_say) for label, votes in rounds_ if isinstance(votes, Votes)]
    if not any(count for _, count in counts):
        return ""
    pattern = story.look.words.room.counted if len(counts) > 1 else "{count}"
    parts = [pattern.format(count=count, round=label) for label, count in counts]
    return f"{story.look.words.cant_say}: {', '.join(parts)}"


def _columns(svg: Svg, story: _Story, now: Votes, x: Linear, y: Linear, slot: float) -> list[float]:
    """The columns with their counts; where each column's ink begins from above."""
    k, gap, bottom = story.size.k, slot * 0.16, y(0)
    before = story.before.counts if story.before else (0,) * len(now.counts)
    clear: list[float] = []
    for level, count, was in zip(story.levels, now.counts, before, strict=True):
        left, tip = x(level) - slot / 2, f"{level}: {story.now_label} {count}"
        start = {"y": y(was), "height": bottom - y(was)} if story.before else None
        if story.before:
            tip += f", {story.before_label} {was}"
        if count or was:
            svg.rect(
                left + gap, y(count), slot - 2 * gap, bottom - y(count), "fill deep", 3, tip if count else "", start
            )
        if was:
            grow = min(3 * k, gap)
            outline = f"outline {story.size.line}".strip()
            svg.rect(
                left + gap - grow,
                y(was),
                slot - 2 * gap + 2 * grow,
                bottom - y(was),
                outline,
                3,
                "" if count else tip,
            )
        clear.append(min(y(count), y(was)))
        if count:
            size = story.size.number
            if text_width(str(count), size_of(size), True) > slot - 2 * gap:
                size = f"{story.size.small if k == 1 else 't-num'} t-b"
            place = y(count) - 7 * k
            narrow = text_width(str(count), size_of(size)) > slot - 2 * gap
            inside = bottom - y(count) > 22 * k and not narrow
            with svg.group("later" if story.before else ""):
                if inside:
                    svg.text(x(level), bottom - 8 * k, count, f"{size} t-on", "middle")
                else:
                    svg.text(x(level), place, count, size, "middle", halo=True)
                    clear[-1] = min(clear[-1], place - size_of(size) * 0.8)
    return clear


def _medians(svg: Svg, story: _Story, now: Votes, x: Linear, line: float, clear: Sequence[float]) -> None:
    """Ring, arrow and dot above the columns, each with a line down to its place on the scale."""
    k, thick = story.size.k, story.size.line
    was = story.before.median if story.before else None

    def foot(value: float) -> float:
        if value % 1 == 0.5:  # between two columns
            return x_axis
        ends = {floor(value), ceil(value)}
        return min(clear[end - story.levels.lowest] for end in ends if story.levels.lowest <= end <= len_end) - 4

    x_axis, len_end = max(clear, default=line), story.levels.highest
    if was is not None:
        svg.line(x(was), line, x(was), foot(was), f"zero {thick}".strip())
    if now.median is None:
        if was is not None:
            svg.dot(x(was), line, 6 * k, f"ring s-prev {thick}".strip())
        return
    with svg.group("later" if was is not None else ""):
        svg.line(x(now.median), line, x(now.median), foot(now.median), f"zero solid {thick}".strip())
    start = None
    if was is not None:
        start = {"cx": x(was)}
        gap = x(now.median) - x(was)
        if abs(gap) > 30 * k:
            way = 1 if gap > 0 else -1
            head = x(now.median) - 9 * k * way
            with svg.group("later"):
                svg.line(x(was) + 8 * k * way, line, head - 7 * k * way, line, f"shift {thick}".strip())
                svg.path(
                    [(head, line), (head - 8 * k * way, line - 4.5 * k), (head - 8 * k * way, line + 4.5 * k)],
                    "arrowhead",
                    closed=True,
                )
        svg.dot(x(was), line, 6 * k, f"ring s-prev {thick}".strip())
    svg.dot(x(now.median), line, 6.5 * k, "dot", start=start)


def _labels(story: _Story, now: Votes, x: Linear, width: float) -> list[_Label]:
    """The medians in words: beside their mark on the outer side, or on a line above where there is no room."""
    room, was = story.look.words.room, story.before.median if story.before else None
    told: list[tuple[float, str, bool, bool]] = []  # x, text, this round, to the right of its mark
    if was is not None and was != now.median:
        text = room.median_of.format(round=story.before_label, value=plain(was))
        told.append((x(was), text, False, now.median is not None and now.median < was))
    if now.median is not None:
        pattern = room.median_same if was == now.median else room.median_of if story.before else "{median} {value}"
        text = pattern.format(round=story.now_label, value=plain(now.median), median=room.median)
        told.append((x(now.median), text, True, was is None or now.median >= was))
    labels: list[_Label] = []
    raised: list[tuple[float, float]] = []  # what the lines above hold, from x to x
    gap = 13 * story.size.k
    for place, text, current, right in told:
        text = fit(text, width, story.size.label_px, current)
        needed = story.size.label_width(text, bold=current)
        if right and place + gap + needed <= width:
            labels.append(_Label(place + gap, "start", text, current, 0))
        elif (not right or len(told) == 1) and place - gap - needed >= 0:
            labels.append(_Label(place - gap, "end", text, current, 0))
        else:
            middle = min(max(place, needed / 2), width - needed / 2)
            left, right_end = middle - needed / 2 - gap, middle + needed / 2 + gap
            row = 2 if any(left < end and start < right_end for start, end in raised) else 1
            raised.append((left, right_end))
            labels.append(_Label(middle, "middle", text, current, row))
    return labels


def _write(svg: Svg, label: _Label, y: float, size: Sizes, *, moved: bool) -> None:
    classes = f"{size.label} {'t-b' if label.now else 't-2'}".strip()
    with svg.group("later" if moved and label.now else ""):
        svg.text(label.x, y, label.text, classes, label.anchor)
