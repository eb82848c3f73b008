"""Where the factors of a causal map stand so that it can be read."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Final, NamedTuple

from ecosystems.causal.graph import Pair

Point = tuple[float, float]
"""The middle of a factor's box, in units of the drawing: right and down."""

WIDTH: Final = 1000.0
HEIGHT: Final = 620.0
GAP: Final = 36.0


class Box(NamedTuple):
    """How much room a factor takes, in units of the drawing."""

    width: float
    height: float


def box_for(name: str) -> Box:
    """About what a factor of this name takes: lines of 15 letters, a glyph and a score beside them."""
    return Box(184.0, 17.0 * max(1, ceil(len(name) / 15)) + 17.0)


def beside(
    free: Sequence[str], placed: Mapping[str, Point], pairs: Iterable[Pair], boxes: Mapping[str, Box]
) -> dict[str, Point]:
    """Places for `free` factors among those that stand already, which stay where they are."""
    found: dict[str, Point] = {}
    for number, key in enumerate(free):
        found[key] = (100.0 + 200.0 * (number % 5), 60.0 + 100.0 * (number // 5 + len(placed)))
    return found
