"""
Where the factors of a causal map stand so that it can be read: linked ones near each other, no box over another.

Stress majorization on shortest paths (Gansner, Koren & North 2005) from a start that depends on the links only, so
that the same map gets the same picture whatever its factors are called. networkx has this as `kamada_kawai_layout`,
which takes four times as long on 60 factors.
"""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, shortest_path
from scipy.spatial.distance import cdist

from ecosystems.causal.boxes import apart, is_free, spots_around
from ecosystems.causal.canonical import canonical_order
from ecosystems.causal.graph import Floats, Pair

Point = tuple[float, float]
"""The middle of a factor's box, in units of the drawing: right and down."""

WIDTH: Final = 1000.0
HEIGHT: Final = 620.0
MARGIN: Final = 24.0
GAP: Final = 36.0
"""Room between two boxes, for a link and its sign."""
ACROSS: Final = 235.0
DOWN: Final = 165.0
"""How far apart two linked factors stand beside and below each other: boxes are wider than high."""
LETTERS: Final = 16
"""In a line of a factor's name."""
ROUNDS: Final = 150
SETTLED: Final = 1e-3


class Box(NamedTuple):
    """How much room a factor takes, in units of the drawing."""

    width: float
    height: float


def box_for(name: str) -> Box:
    """About what a factor of this name takes in its drawings: short lines, a glyph before them and a score after."""
    lines = wrap(name, LETTERS) or [""]
    return Box(max(map(len, lines)) * 7.6 + 76.0, max(40.0, 17.0 * len(lines) + 17.0))


def laid_out(factors: Sequence[str], pairs: Iterable[Pair], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Places for all factors, from the upper left on; parts of a map that nothing links stand beside each other."""
    if not factors:
        return {}
    known = set(factors)
    pairs = [pair for pair in pairs if known.issuperset(pair)]
    parts = [_part(keys, pairs, boxes) for keys in _connected(factors, pairs)]
    return _in_frame(_beside_each_other(parts, boxes), boxes)


def beside(
    free: Sequence[str], placed: Mapping[str, Point], pairs: Iterable[Pair], boxes: Mapping[str, Box]
) -> dict[str, Point]:
    """
    Places for `free` factors among those that stand already, which stay where they are.

    One that is linked to some of them comes as near to these as there is room; others stand below.
    """
    pairs = list(pairs)
    if not placed:
        return laid_out(free, pairs, boxes)
    standing, found = dict(placed), dict[str, Point]()
    below: list[str] = []
    for keys in _connected(free, pairs):
        near = [
            placed[one] for pair in pairs for one, other in (pair, pair[::-1]) if other == keys[0] and one in placed
        ]
        if len(keys) > 1 or not near:
            below += keys
            continue
        spot = _spot(near, boxes[keys[0]], standing, boxes)
        if spot is None:
            below += keys
        else:
            standing[keys[0]] = found[keys[0]] = spot
    return found | _below(below, standing, pairs, boxes)


def _connected(factors: Sequence[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """Parts that links hold together, the largest first, then by their first factor."""
    place = {key: at for at, key in enumerate(factors)}
    links = [(place[one], place[other]) for one, other in pairs if one in place and other in place]
    if not factors:
        return []
    rows, columns = ([link[end] for link in links] for end in (0, 1))
    size = len(factors)
    _count, labels = connected_components(csr_array((np.ones(len(links)), (rows, columns)), shape=(size, size)), False)
    parts: dict[int, list[str]] = {}
    for key, label in zip(factors, labels, strict=True):
        parts.setdefault(int(label), []).append(key)
    return sorted(parts.values(), key=lambda keys: (-len(keys), place[keys[0]]))


def _part(keys: Sequence[str], pairs: Sequence[Pair], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """A part by itself, around 0."""
    if len(keys) == 1:
        return {keys[0]: (0.0, 0.0)}
    known = set(keys)
    inside = [pair for pair in pairs if known.issuperset(pair)]
    order = canonical_order(keys, inside, boxes)
    place = {key: at for at, key in enumerate(order)}
    links = np.zeros((len(order), len(order)))
    for source, target in inside:
        links[place[source], place[target]] = links[place[target], place[source]] = 1.0
    hops = shortest_path(csr_array(links), directed=False, unweighted=True)
    points = _lying(_majorized(_scaled(hops), hops)) * (ACROSS, DOWN)
    points = apart(points, np.array([boxes[key] for key in order]), GAP)
    return {key: (float(x), float(y)) for key, (x, y) in zip(order, points, strict=True)}


def _scaled(hops: Floats) -> Floats:
    """A start: classical scaling of the distances (Torgerson 1952)."""
    size = len(hops)
    centring = np.eye(size) - 1 / size
    values, vectors = eigh(-0.5 * centring @ hops**2 @ centring, subset_by_index=(size - 2, size - 1))
    start: Floats = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
    # factors with the same links to the same others would never part
    turn = np.arange(size) * 2.399963
    return start + 0.01 * np.column_stack([np.cos(turn), np.sin(turn)])


def _majorized(points: Floats, hops: Floats) -> Floats:
    """Move all factors until their distances are as near to the hops between them as they get."""
    size = len(points)
    weights = np.zeros_like(hops)
    np.divide(1.0, hops**2, out=weights, where=hops > 0)
    moving = np.linalg.inv(np.diag(weights.sum(axis=1)) - weights + 1 / size) - 1 / size  # its pseudoinverse
    wanted = weights * hops
    for _round in range(ROUNDS):
        lengths = cdist(points, points)
        np.fill_diagonal(lengths, 1.0)
        pull = np.divide(wanted, np.maximum(lengths, 1e-9, out=lengths), out=lengths)
        found = moving @ (pull.sum(axis=1)[:, None] * points - pull @ points)
        step = np.abs(found - points).max(initial=0.0)
        points = found
        if step < SETTLED:
            break
    return np.asarray(points - points.sum(axis=0) / size, dtype=np.float64)


def _lying(points: Floats) -> Floats:
    """Turned so that it is wider than high, its first factor in the upper left half."""
    _values, axes = np.linalg.eigh(points.T @ points)
    turned: Floats = points @ axes[:, ::-1]
    for axis in (0, 1):
        first = next((one for one in turned[:, axis] if abs(one) > 1e-6), 0.0)
        if first > 0:
            turned[:, axis] *= -1
    return turned


def _beside_each_other(parts: Sequence[Mapping[str, Point]], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """In rows, the largest part first, about as wide as it or as the frame."""
    found: dict[str, Point] = {}
    row_left = row_top = row_height = 0.0
    widest = max(WIDTH - 2 * MARGIN, *(_extent(part, boxes)[2] - _extent(part, boxes)[0] for part in parts[:1]))
    for part in parts:
        left, top, right, bottom = _extent(part, boxes)
        if row_left > 0 and row_left + right - left > widest:
            row_left, row_top, row_height = 0.0, row_top + row_height + GAP, 0.0
        found |= {key: (x - left + row_left, y - top + row_top) for key, (x, y) in part.items()}
        row_left += right - left + GAP
        row_height = max(row_height, bottom - top)
    return found


def _in_frame(points: Mapping[str, Point], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """In the middle of the frame, or from its upper left corner on where it is larger."""
    left, top, right, bottom = _extent(points, boxes)
    across = max(MARGIN, (WIDTH - right + left) / 2) - left
    down = max(MARGIN, (HEIGHT - bottom + top) / 2) - top
    return {key: (round(x + across, 1), round(y + down, 1)) for key, (x, y) in points.items()}


def _spot(near: Sequence[Point], box: Box, standing: Mapping[str, Point], boxes: Mapping[str, Box]) -> Point | None:
    middle = np.array(near).mean(axis=0)
    spots = spots_around(middle)
    inside = np.logical_and.reduce(spots >= np.array(box) / 2 + MARGIN / 2, axis=1)
    taken, sizes = np.array(list(standing.values())), np.array([boxes[key] for key in standing])
    free = is_free(spots, np.array(box), taken, sizes, GAP) & inside
    if not free.any():
        return None
    x, y = spots[int(np.argmax(free))]
    return round(float(x), 1), round(float(y), 1)


def _below(
    keys: Sequence[str], standing: Mapping[str, Point], pairs: Sequence[Pair], boxes: Mapping[str, Box]
) -> dict[str, Point]:
    """Laid out by themselves, under everything that stands."""
    if not keys:
        return {}
    block = laid_out(keys, pairs, boxes)
    top = _extent(block, boxes)[1]
    bottom = _extent(standing, boxes)[3]
    return {key: (x, round(y - top + bottom + GAP, 1)) for key, (x, y) in block.items()}


def _extent(points: Mapping[str, Point], boxes: Mapping[str, Box]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the boxes."""
    return (
        min(x - boxes[key].width / 2 for key, (x, _y) in points.items()),
        min(y - boxes[key].height / 2 for key, (_x, y) in points.items()),
        max(x + boxes[key].width / 2 for key, (x, _y) in points.items()),
        max(y + boxes[key].height / 2 for key, (_x, y) in points.items()),
    )
