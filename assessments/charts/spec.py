"""What a chart is made of: values in, words and drawing out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s
from math import isfinite
from typing import Final, Literal

from assessments.charts.words import Words


@dataclass(frozen=True, slots=True)
class Missing:
    """A number that is not shown: withheld to protect a small group, or absent for a reason said in words."""

    reason: str
    withheld: bool = False


WITHHELD: Final = Missing("withheld: protects a small group", withheld=True)


def absent(reason: str) -> Missing:
    """A number that cannot be computed; `reason` is shown as it is ("needs two waves")."""
    return Missing(reason)


@dataclass(frozen=True, slots=True)
class Score:
    """A number with its doubt. `low` and `high` are the ends of its interval, both or neither; `n` its answers."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(v) for v in (self.value, self.low, self.high) if v is not None):
            raise ValueError(f"{self} holds a number that is not finite; pass WITHHELD or absent(reason) instead")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self} has one end of an interval without the other")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self} has an interval whose low end lies above its high end")

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def clear(self) -> bool:
        """For a difference: its interval leaves zero out."""
        ends = self.interval
        return ends is not None and (ends[0] > 0 or ends[1] < 0)


Value = Score | Missing


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a chart's table: what a reader, a CSV file and a screen reader get."""

    text: str
    withheld: bool = False
    absent: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart in words: title, a description that says the numbers, and its table (first column: the row's name)."""

    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"the table of “{self.title}” has a row that is not {len(self.columns)} cells wide")


@dataclass(frozen=True, slots=True)
class KeyItem:
    """A legend entry, drawn with the chart's own mark."""

    label: str
    svg: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: two SVG strings (the same one twice where one size serves) and what they say."""

    spec: ChartSpec
    wide: str
    narrow: str
    wide_width: float
    narrow_width: float
    key: tuple[KeyItem, ...] = ()
    scrolls: bool = False
    """Wider than a phone at its one size: its figure scrolls sideways."""

    @property
    def svg(self) -> str:
        return self.wide


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn: `classes` takes colours from charts.css (pages), `literal` writes them out (PDF, PNG).

    `salt` keeps the ids of two identical charts on one page apart.
    """

    theme: Literal["classes", "literal"] = "classes"
    words: Words = field(default_factory=Words)
    salt: str = ""


PAGE: Final = Look()
PRINT: Final = Look(theme="literal")
ALL: Final = slice(None)
"""The part of a chart's rows that is drawn, unless a screen shows them in turn."""


def chart_id(spec: ChartSpec, width: float, look: Look) -> str:
    """An id that depends on nothing but the arguments: the same on every render and in every process."""
    content = repr((spec, width, look.theme, look.salt)).encode("utf-8", "backslashreplace")
    return "c" + blake2s(content, digest_size=6).hexdigest()


def both(
    draw: Callable[[float], str], spec: ChartSpec, wide: float, narrow: float, key: Sequence[KeyItem] = ()
) -> Chart:
    """The same chart at two widths; the page's CSS shows the one that fits."""
    return Chart(spec, draw(wide), draw(narrow), wide, narrow, tuple(key))


def single(svg: str, spec: ChartSpec, width: float, key: Sequence[KeyItem] = ()) -> Chart:
    """A chart that has one size."""
    return Chart(spec, svg, svg, width, width, tuple(key))
