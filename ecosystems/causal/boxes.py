"""Boxes that must not lie over each other: moved apart, and the free spots between them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecosystems.causal.graph import Floats

Booleans = NDArray[np.bool_]

PUSHES: Final = 30
GROWTH: Final = 1.1
STEP: Final = 30.0
REACH: Final = 18
"""Steps in each direction."""


def apart(points: Floats, sizes: Floats, gap: float) -> Floats:
    """
    Push boxes that overlap apart, each pair along the shorter way, until `gap` is between all of them.

    Where there is no room to give way the whole picture grows a little, which always ends it. `points` (n, 2): middles,
    no two the same; `sizes` (n, 2): widths and heights.
    """
    (x, y), (wide, high) = points.T.copy(), sizes.T / 2
    one, other = np.triu_indices(len(points), 1)
    room_x, room_y = wide[one] + wide[other] + gap, high[one] + high[other] + gap
    while True:
        for _push in range(PUSHES):
            right, down = x[one] - x[other], y[one] - y[other]
            lack_x, lack_y = room_x - np.abs(right), room_y - np.abs(down)
            over = np.flatnonzero((lack_x > 1e-6) & (lack_y > 1e-6))
            if not len(over):
                return np.column_stack([x, y])
            across = lack_x[over] <= lack_y[over]
            for axis, lacking, between, pairs in ((x, lack_x, right, over[across]), (y, lack_y, down, over[~across])):
                push = np.where(between[pairs] > 0, 0.52, -0.52) * lacking[pairs]
                axis += np.bincount(one[pairs], push, len(axis)) - np.bincount(other[pairs], push, len(axis))
        x, y = x * GROWTH, y * GROWTH


def spots_around(middle: Floats) -> Floats:
    """Spots (n, 2) on a grid around a point, the nearest first."""
    steps = np.arange(-REACH, REACH + 1) * STEP
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    nearest = np.lexsort((grid[:, 0], grid[:, 1], np.round(np.hypot(grid[:, 0], grid[:, 1]), 6)))
    found: Floats = grid[nearest] + middle
    return found


def is_free(spots: Floats, size: Floats, taken: Floats, sizes: Floats, gap: float) -> Booleans:
    """Whether a box of `size` with its middle on each spot keeps `gap` from every box there is."""
    lacking = (size + sizes[None]) / 2 + gap - np.abs(spots[:, None] - taken[None])
    over: Booleans = np.logical_and.reduce(lacking > 0, axis=2)
    found: Booleans = ~np.logical_or.reduce(over, axis=1)
    return found
