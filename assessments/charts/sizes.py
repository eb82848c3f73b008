"""How large text and marks are: on a page, or on the projector, where the last row has to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assessments.charts.svg import Anchor, Svg, size_of
from assessments.charts.text import text_width, wrap


@dataclass(frozen=True, slots=True)
class Sizes:
    """`k` scales marks; the others are the classes of labels, numbers, small text and lines."""

    k: float
    label: str
    number: str
    small: str
    line: str

    @property
    def label_px(self) -> float:
        return size_of(self.label)

    @property
    def number_px(self) -> float:
        return size_of(self.number)

    @property
    def small_px(self) -> float:
        return size_of(self.small)

    def label_width(self, text: str, *, bold: bool = False) -> float:
        return text_width(text, self.label_px, bold)

    def wrapped(self, text: str, width: float, lines: int = 2, *, bold: bool = False) -> list[str]:
        return wrap(text, width, self.label_px, bold, lines)


ON_PAGE: Final = Sizes(1, "", "t-num", "t-s", "")
ON_WALL: Final = Sizes(2, "t-l", "t-xl", "t-l", "thick")
WALL_WIDTH: Final = 1240.0
WALL_HEIGHT: Final = 640.0


def sizes(big: bool) -> Sizes:
    return ON_WALL if big else ON_PAGE


def row_height(size: Sizes, rows: int, usual: float, least: float, spare: float = 0) -> float:
    """The height of one of `rows` rows, in px at size 1; on the projector they draw together so that all are seen.

    `spare` px of the projector's height are kept free. Rows that would be lower than `least` make a taller drawing.
    """
    if size is ON_PAGE:
        return usual
    return max(least * size.k, min(usual * size.k, (WALL_HEIGHT - spare) / max(rows, 1)))


def block(svg: Svg, x: float, middle: float, lines: Sequence[str], classes: str, anchor: Anchor = "start") -> None:
    """Lines of text of any size, centred on `middle`."""
    size = size_of(classes)
    for i, line in enumerate(lines):
        svg.text(x, middle + size * (0.35 + 1.25 * (i - (len(lines) - 1) / 2)), line, classes, anchor)


def empty(svg: Svg, size: Sizes) -> str:
    """The drawing of a chart that has nothing to show."""
    block(svg, 0, svg.height / 2, size.wrapped(svg.look.words.no_data, svg.width), f"{size.label} t-2")
    return svg.done()
