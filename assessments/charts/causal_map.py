"""A causal map: boxes for factors, curves for links with + and −, badges in the middle of loops."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, sin, sqrt
from typing import Final

from assessments.charts.cells import described, sentence
from assessments.charts.map_geometry import Curve, Pair, Point, Sheet, Size, on_sheet
from assessments.charts.spec import PAGE, Cell, Chart, ChartSpec, KeyItem, Look, Missing, Score, Value
from assessments.charts.svg import Svg, coordinate, key_item
from assessments.charts.text import clean, text_width, wrap
from ecosystems.numerals import number

WIDE: Final = 800.0
SHAPE: Final = 0.7
ROOMY: Final = 16
"""Factors that have room on a drawing 800 px wide; more of them widen it."""
LEADING: Final = 17
NAME_WIDTH: Final = 118
BADGES: Final = 12
DELAY_BARS: Final = "M-3-7V7M3-7V7"
HEAD: Final = "M0 0-9 4.2-9-4.2Z"


@dataclass(frozen=True, slots=True)
class FactorBox:
    """`place`: the middle of its box in the map's own units, None where nobody has placed it; `code`: its dimension."""

    key: str
    name: str
    code: str = ""
    score: Value | None = None
    place: Point | None = None


@dataclass(frozen=True, slots=True)
class LinkCurve:
    """`sign` +1 or −1; `held` says by whom ("12 of 15 votes", "drawn"); `split`: opinions on the sign differ."""

    source: str
    target: str
    sign: int
    delay: int = 0
    held: str = ""
    split: bool = False

    @property
    def pair(self) -> Pair:
        return self.source, self.target


@dataclass(frozen=True, slots=True)
class LoopBadge:
    """A loop to mark: `tag` as on its badge ("R1"), `members` in the order of influence. `key` is what `lit` names."""

    key: str
    tag: str
    members: tuple[str, ...]
    balancing: bool = False
    name: str = ""

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(zip(self.members, self.members[1:] + self.members[:1], strict=True))


def causal_map(
    factors: Sequence[FactorBox],
    links: Sequence[LinkCurve],
    loops: Sequence[LoopBadge] = (),
    *,
    title: str,
    lit: Collection[str] = (),
    width: float = 0,
    look: Look = PAGE,
) -> Chart:
    """The map at one size, that scrolls on small screens; its table is the list of links.

    Links and loops whose factors are not given are left out. `lit` holds the keys of loops to highlight. `width` 0:
    800 px, and more for more than 16 factors.
    """
    by_key = {factor.key: factor for factor in factors}
    links = [link for link in links if link.source in by_key and link.target in by_key and link.source != link.target]
    drawn = {link.pair: link for link in links}
    loops = [loop for loop in loops if loop.members and all(pair in drawn for pair in loop.pairs)]
    width = width or round(WIDE * max(1.0, sqrt(len(factors) / ROOMY)))
    height = max(round(width * SHAPE), 120)
    told = [_link_words(link, by_key, look) for link in links]
    scores = [sentence(factor.name, factor.score, look) for factor in factors if factor.score is not None]
    spec = ChartSpec(
        title=title,
        description=described([*scores, *told], look),
        columns=_columns(look),
        rows=tuple(_row(link, by_key, look) for link in links),
    )
    svg = Svg(width, height, spec, look, "causal")
    labels = {factor.key: wrap(factor.name, NAME_WIDTH, 13, bold=True) for factor in factors}
    sizes = {factor.key: _size(factor, labels[factor.key], look) for factor in factors}
    places = on_sheet(_placed(factors), sizes, width, height)
    sheet = Sheet(places, sizes, width, height)
    curves = sheet.curves(list(drawn), _middles(loops, places))
    for loop in loops:
        if loop.key in lit:
            for pair in loop.pairs:
                svg.shape(_path(*curves[pair].part(0, 1)), "lit lit-B" if loop.balancing else "lit")
    for link, words in zip(links, told, strict=True):
        if drawn[link.pair] is link:
            _draw_link(svg, link, curves[link.pair], words)
    for factor in factors:
        _draw_factor(svg, factor, places[factor.key], sizes[factor.key], labels[factor.key])
    for loop in loops[:BADGES]:
        _draw_badge(svg, loop, sheet.free_spot(_middle(loop, places)))
    drawing = svg.done()
    return Chart(spec, drawing, drawing, width, width, _key(links, loops, look), scrolls=True)


def _placed(factors: Sequence[FactorBox]) -> dict[str, Point]:
    """Factors without a place stand in rows under the others."""
    placed = {factor.key: factor.place for factor in factors if factor.place is not None}
    below = max((place[1] for place in placed.values()), default=0.0)
    for at, factor in enumerate(factor for factor in factors if factor.place is None):
        placed[factor.key] = (80.0 + 210 * (at % 5), below + 100 * (1 + at // 5))
    return {factor.key: placed[factor.key] for factor in factors}


def _size(factor: FactorBox, lines: Sequence[str], look: Look) -> Size:
    width = max(text_width(line, 13, bold=True) for line in lines) + (40 if factor.code else 24)
    if isinstance(factor.score, Score):
        width += 10 + text_width(number(factor.score.value), 13)
    elif isinstance(factor.score, Missing) and factor.score.withheld:
        width += 18 + text_width(look.words.withheld, 11.5)
    return width, LEADING * len(lines) + 17


def _middle(loop: LoopBadge, places: Mapping[str, Point]) -> Point:
    count = len(loop.members)
    return sum(places[key][0] for key in loop.members) / count, sum(places[key][1] for key in loop.members) / count


def _middles(loops: Sequence[LoopBadge], places: Mapping[str, Point]) -> dict[Pair, Point]:
    found: dict[Pair, Point] = {}
    for loop in loops:
        for pair in loop.pairs:
            found.setdefault(pair, _middle(loop, places))
    return found


def _path(start: Point, control: Point, end: Point) -> str:
    (a, b), (c, d), (e, f) = start, control, end
    return f"M{coordinate(a)} {coordinate(b)}Q{coordinate(c)} {coordinate(d)} {coordinate(e)} {coordinate(f)}"


def _turned(x: float, y: float, dx: float, dy: float) -> str:
    return f"translate({coordinate(x)} {coordinate(y)}) rotate({coordinate(degrees(atan2(dy, dx)))})"


def _draw_link(svg: Svg, link: LinkCurve, curve: Curve, words: str) -> None:
    kind = "" if link.sign > 0 else " down"
    svg.shape(_path(*curve.part(curve.leave, curve.arrive)), f"edge{kind}", words)
    (x, y), before = curve.at(curve.arrive), curve.at(curve.arrive - 0.04)
    svg.shape(HEAD, f"head{kind}", at=_turned(x, y, x - before[0], y - before[1]))
    if link.delay:
        middle = curve.leave + 0.4 * (curve.arrive - curve.leave)
        (x, y), after = curve.at(middle), curve.at(middle + 0.02)
        svg.shape(DELAY_BARS, "delay", at=_turned(x, y, after[0] - x, after[1] - y))
    length = hypot(curve.end[0] - curve.start[0], curve.end[1] - curve.start[1])
    x, y = curve.at(max(0.55, curve.arrive - 24 / max(length, 60)))
    svg.dot(x, y, 7.5, f"sign{kind}")
    left = coordinate(x - 3.4)
    if link.split:
        plus = f"M{left} {coordinate(y - 1.2)}h6.8M{coordinate(x)} {coordinate(y - 4.6)}v6.8"
        mark = f"{plus}M{left} {coordinate(y + 4.4)}h6.8"
    else:
        mark = f"M{left} {coordinate(y)}h6.8" + (f"M{coordinate(x)} {coordinate(y - 3.4)}v6.8" if link.sign > 0 else "")
    svg.shape(mark, f"sign-mark{kind}")


def _draw_factor(svg: Svg, factor: FactorBox, place: Point, size: Size, lines: Sequence[str]) -> None:
    (x, y), (width, height) = place, size
    svg.rect(x - width / 2, y - height / 2, width, height, "factor", 8)
    if factor.code:
        svg.glyph(factor.code, x - width / 2 + 9, y - 7, 14)
    start = x - width / 2 + (29 if factor.code else 12)
    for at, line in enumerate(lines):
        svg.text(start, y + 5 + LEADING * (at - (len(lines) - 1) / 2), line, "t-b" if factor.code else "")
    if isinstance(factor.score, Score):
        svg.text(x + width / 2 - 9, y + 5, number(factor.score.value), "t-2", "end")
    elif isinstance(factor.score, Missing) and factor.score.withheld:
        wide = 8 + text_width(svg.look.words.withheld, 11.5)
        svg.missing(x + width / 2 - wide - 7, y - 8, wide, 16, factor.score, name=factor.name)


def _draw_badge(svg: Svg, loop: LoopBadge, place: Point) -> None:
    """Round the badge goes an arrow: clockwise for a reinforcing loop, mirrored for a balancing one."""
    x, y = place
    mirror = -1 if loop.balancing else 1
    first, last = [(mirror * 20 * cos(turn), 20 * sin(turn)) for turn in (-pi * 0.3, pi * 1.36)]
    tip = degrees(pi * 1.36 + pi / 2) + 8
    with svg.group(f"loop-{'B' if loop.balancing else 'R'}", f"translate({coordinate(x)} {coordinate(y)})"):
        svg.dot(0, 0, 16, "loop-face", f"{loop.tag}: {loop.name}" if loop.name else loop.tag)
        ends = [f"{coordinate(px)} {coordinate(py)}" for px, py in (first, last)]
        svg.shape(f"M{ends[0]}A20 20 0 1 {0 if loop.balancing else 1} {ends[1]}", "loop-arc")
        svg.shape(
            "M6 0-5 4.5-5-4.5Z",
            "loop-tip",
            at=f"translate({ends[1]}) rotate({coordinate(180 - tip if loop.balancing else tip)})",
        )
    svg.text(x, y + 5, loop.tag, "t-b", "middle")


def _link_words(link: LinkCurve, factors: Mapping[str, FactorBox], look: Look) -> str:
    words = look.words.loops
    pattern = words.contested if link.split else words.raises if link.sign > 0 else words.lowers
    said = pattern.format(source=clean(factors[link.source].name), target=clean(factors[link.target].name))
    return words.with_delay.format(link=said) if link.delay else said


def _columns(look: Look) -> tuple[str, ...]:
    words = look.words.loops
    return words.source, words.target, words.direction, words.delay, words.held


def _row(link: LinkCurve, factors: Mapping[str, FactorBox], look: Look) -> tuple[Cell, ...]:
    words = look.words.loops
    direction = words.split if link.split else words.same if link.sign > 0 else words.opposite
    delay = words.delayed if link.delay else words.at_once
    texts = (clean(factors[link.source].name), clean(factors[link.target].name), direction, delay, clean(link.held))
    return tuple(Cell(text) for text in texts)


def _key(links: Sequence[LinkCurve], loops: Sequence[LoopBadge], look: Look) -> tuple[KeyItem, ...]:
    words = look.words.loops
    items = [key_item("up", words.same_key, look)] if any(link.sign > 0 for link in links) else []
    items += [key_item("down", words.opposite_key, look)] if any(link.sign < 0 for link in links) else []
    items += [key_item("delay", words.delayed, look)] if any(link.delay for link in links) else []
    items += [key_item("R", words.reinforcing, look)] if any(not loop.balancing for loop in loops) else []
    return (*items, *([key_item("B", words.balancing, look)] if any(loop.balancing for loop in loops) else []))
