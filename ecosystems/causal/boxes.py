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
    points = points.copy()
    room = (sizes[:, None] + sizes[None]) / 2 + gap
    np.einsum("iik->ik", room)[:] = 0.0
    while True:
        for _push in range(PUSHES):
            between = points[:, None] - points[None]
            lacking = room - np.abs(between)
            over = (lacking > 1e-6).all(axis=2)
            if not over.any():
                return points
            across = over & (lacking[..., 0] <= lacking[..., 1])
            push = np.stack([np.where(across, lacking[..., 0], 0.0), np.where(over & ~across, lacking[..., 1], 0.0)], 2)
            towards = np.sign(between)
            order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None])
            towards = np.where(towards == 0, order[..., None], towards)
            points += (push * towards).sum(axis=1) * 0.52
        points *= GROWTH


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
