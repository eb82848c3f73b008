"""The one builder of SVG: every text and attribute escaped, coordinates short, colours by class or literal."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import Literal

from assessments.charts.spec import PAGE, ChartSpec, KeyItem, Look, Missing, chart_id
from assessments.charts.text import clean, text_width, wrap
from assessments.charts.theme import FONT, attributes, colour_of
from ecosystems.glyphs import DIMENSION_GLYPHS, dimension_class

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]
NUMBER_SIZE = {"t-xl": 34.0, "t-l": 26.0, "t-num": 16.0, "t-s": 11.5, "t-m": 12.0}


def coordinate(value: float) -> str:
    """One decimal, no trailing zero, no negative zero."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def size_of(classes: str) -> float:
    """The font size in px that text of these classes is drawn at."""
    return next((size for name, size in NUMBER_SIZE.items() if name in classes.split()), 13.0)


class Svg:
    """A drawing of `width` × `height` px. Used once, by one call of one chart function."""

    def __init__(
        self, width: float, height: float, spec: ChartSpec | None, look: Look = PAGE, classes: str = ""
    ) -> None:
        """`spec` gives title and description; None makes a decorative drawing (a legend mark)."""
        self.width, self.height, self.look = width, height, look
        self._literal = look.theme == "literal"
        self._colours = [colour_of(classes.split(), "ink")]
        self._out: list[str] = []
        self.id = ""
        box = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {escape(classes)}" '
            f'viewBox="0 0 {coordinate(width)} {coordinate(height)}" '
            f'width="{coordinate(width)}" height="{coordinate(height)}"'
        )
        if self._literal:
            box += f' font-family="{escape(FONT)}"'
        if spec is None:
            self._out.append(f'{box} aria-hidden="true" focusable="false">')
            return
        self.id = chart_id(spec, width, look)
        self._out.append(
            f'{box} role="img" aria-labelledby="{self.id}t {self.id}d">'
            f'<title id="{self.id}t">{_text(spec.title)}</title><desc id="{self.id}d">{_text(spec.description)}</desc>'
        )

    # -- elements

    def text(
        self, x: float, y: float, text: object, classes: str = "", anchor: Anchor = "start", halo: bool = False
    ) -> None:
        """Text with its baseline at y. `halo` draws it twice, first as an outline in the colour of the paper."""
        content = _text(text)
        if not content:
            return
        place = f'x="{coordinate(x)}" y="{coordinate(y)}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        if halo:
            self._out.append(f'<text {place}{self._look(f"t {classes} halo")} aria-hidden="true">{content}</text>')
        self._out.append(f"<text {place}{self._look(f't {classes}')}>{content}</text>")

    def lines(
        self,
        x: float,
        middle: float,
        lines: Sequence[str],
        classes: str = "",
        anchor: Anchor = "start",
        leading: float = 16,
    ) -> None:
        """Lines of text centred on `middle`."""
        for i, line in enumerate(lines):
            self.text(x, middle + 4 + (i - (len(lines) - 1) / 2) * leading, line, classes, anchor)

    def line(self, x1: float, y1: float, x2: float, y2: float, classes: str = "grid") -> None:
        self.path([(x1, y1), (x2, y2)], classes)

    def path(self, points: Sequence[Point], classes: str, closed: bool = False) -> None:
        if points:
            shape = "M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points) + ("Z" if closed else "")
            self._out.append(f'<path{self._look(classes)} d="{shape}"/>')

    def shape(self, path: str, classes: str, tip: str = "", at: str = "") -> None:
        """A path written by a chart out of numbers, moved and turned by the transform `at`."""
        moved = f' transform="{at}"' if at else ""
        self._out.append(f'<path{self._look(_mark(classes, tip))} d="{path}"{moved}>{_tip(tip)}</path>')

    def diamond(self, x: float, y: float, radius: float, classes: str = "dot", tip: str = "") -> None:
        reach = 1.25 * radius
        points = ((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y))
        self.shape("M" + "L".join(f"{coordinate(a)} {coordinate(b)}" for a, b in points) + "Z", classes, tip)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        classes: str,
        radius: float = 0,
        tip: str = "",
        start: Mapping[str, float] | None = None,
    ) -> None:
        """`start`: attributes as they were one round before, where the motion of static/js/room-motion.js begins."""
        corner = f' rx="{coordinate(radius)}"' if radius else ""
        self._out.append(
            f'<rect x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(max(width, 0))}" '
            f'height="{coordinate(max(height, 0))}"{corner}{_begin(start)}'
            f"{self._look(_mark(classes, tip))}>{_tip(tip)}</rect>"
        )

    def dot(
        self,
        x: float,
        y: float,
        radius: float = 5,
        classes: str = "dot",
        tip: str = "",
        start: Mapping[str, float] | None = None,
    ) -> None:
        self._out.append(
            f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(radius)}"'
            f"{_begin(start)}{self._look(_mark(classes, tip))}>{_tip(tip)}</circle>"
        )

    def glyph(self, code: str, x: float, y: float, size: float = 16) -> None:
        """The dimension's glyph with its top left corner at x, y."""
        short = dimension_class(code)
        drawing = DIMENSION_GLYPHS[short]
        with self.group(f"glyph d-{short}", f"translate({coordinate(x)} {coordinate(y)}) scale({size / 16:.2f})"):
            if self._literal:
                drawing = drawing.replace('class="f"', f'fill="{attributes("fill", self._colours[-1])["fill"]}"')
            self._out.append(drawing)

    @contextmanager
    def group(self, classes: str, transform: str = "") -> Iterator[None]:
        """Elements drawn inside share the group's colour."""
        moved = f' transform="{transform}"' if transform else ""
        self._colours.append(colour_of(classes.split(), self._colours[-1]))
        self._out.append(f"<g{self._look(classes)}{moved}>")
        try:
            yield
        finally:
            self._out.append("</g>")
            self._colours.pop()

    def missing(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        value: Missing,
        *,
        name: str = "",
        radius: float = 4,
        classes: str = "t-s",
    ) -> None:
        """The one rendering of a number that is not shown: hatch and word when withheld, else the reason in words."""
        words, size = self.look.words, size_of(classes)
        if value.withheld:
            tip = f"{name}: {words.withheld_long}" if name else words.withheld_long
            self._hatch()
            self._out.append(
                f'<rect x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(max(width, 0))}" '
                f'height="{coordinate(max(height, 0))}" rx="{coordinate(radius)}" fill="url(#{self.id}h)"'
                f"{self._look('mark')}>{_tip(tip)}</rect>"
            )
            if height >= size + 0.5 and text_width(words.withheld, size) <= width - 4:
                self.text(x + width / 2, y + height / 2 + size * 0.35, words.withheld, f"{classes} t-2", "middle", True)
            return
        leading = size * 1.13
        lines = wrap(value.reason, width - 4, size, lines=max(1, int(height // leading)))
        for k, line in enumerate(lines):
            middle = y + height / 2 + size * 0.35 + (k - (len(lines) - 1) / 2) * leading
            self.text(x + width / 2, middle, line, f"{classes} t-2", "middle", halo=True)

    def _hatch(self) -> None:
        """Quiet diagonal lines, defined once a drawing."""
        pattern = (
            f'<defs><pattern id="{self.id}h" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="6" height="6"{self._look("hatch-bg")}/>'
            f'<path d="M0 0V6"{self._look("hatch-line")}/></pattern></defs>'
        )
        if pattern not in self._out:
            self._out.append(pattern)

    def done(self) -> str:
        return "".join(self._out) + "</svg>"

    def _look(self, classes: str) -> str:
        if not self._literal:
            return f' class="{escape(classes.strip())}"' if classes.strip() else ""
        return "".join(f' {k}="{escape(v)}"' for k, v in attributes(classes, self._colours[-1]).items())


def _text(text: object) -> str:
    return escape(clean(text))


def _tip(tip: str) -> str:
    return f"<title>{_text(tip)}</title>" if tip else ""


def _begin(start: Mapping[str, float] | None) -> str:
    return "".join(f' data-from-{name}="{coordinate(value)}"' for name, value in (start or {}).items())


def _mark(classes: str, tip: str) -> str:
    """Marks that say something are what the pointer and the arrow keys can reach (static/js/charts.js)."""
    return f"{classes} mark" if tip else classes


def key_item(mark: str, label: str, look: Look = PAGE, tone: str = "") -> KeyItem:
    """A legend entry. Marks: dot, hollow, own, was, band, box, column, outline, prev, line, own-line, prev-line,
    diamond, outcome, up, down, delay, and the letters R and B.

    `tone` is the class that gives a column the colour of its chart; without one it is drawn in ink.
    """
    svg = Svg(22, 14, None, look, tone)
    if mark == "dot":
        svg.dot(11, 7, 5, "dot s-now")
    elif mark == "hollow":
        svg.dot(11, 7, 4.6, "ring s-now")
    elif mark == "own":
        svg.dot(11, 7, 4.6, "ring s-own")
    elif mark == "was":
        svg.dot(11, 7, 4.6, "ring s-prev")
    elif mark == "column":
        svg.rect(5, 1, 12, 12, "fill deep" if tone else "fill deep s-now", 2)
    elif mark == "outline":
        svg.rect(5, 1, 12, 12, "outline", 2)
    elif mark == "box":
        svg.rect(1, 2, 20, 10, "box", 3)
    elif mark == "band":
        svg.rect(1, 2, 20, 10, "band s-now", 5)
    elif mark == "prev":
        svg.line(11, 0, 11, 14, "prev")
    elif mark == "line":
        svg.line(0, 7, 22, 7, "area s-now")
    elif mark == "own-line":
        svg.line(0, 7, 22, 7, "area-line s-own")
    elif mark == "prev-line":
        svg.line(0, 7, 22, 7, "area-line s-prev")
    elif mark == "diamond":
        svg.diamond(11, 7, 5, "dot s-now")
    elif mark == "outcome":
        svg.line(11, 0, 11, 14, "outcome")
    elif mark in ("up", "down"):
        lowers = " down" if mark == "down" else ""
        svg.line(0, 7, 14, 7, f"edge{lowers}")
        svg.shape("M22 7 13 11.2 13 2.8Z", f"head{lowers}")
    elif mark == "delay":
        svg.line(0, 7, 22, 7, "edge")
        svg.shape("M8 1V13M14 1V13", "delay")
    elif mark in ("R", "B"):
        svg.text(11, 12, mark, "t-b", "middle")
    else:
        raise ValueError(f"there is no legend mark “{mark}”")
    return KeyItem(clean(label), svg.done())
