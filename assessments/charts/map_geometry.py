"""Where boxes and curves of a causal map lie: boxes pushed apart, curves bent around boxes and one another.

Deterministic; all in px of the drawing. A grid of cells says what stands where, so that the work grows with the links
and not with links times factors.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, pi, sin, sqrt
from typing import Final

Point = tuple[float, float]
Size = tuple[float, float]
Pair = tuple[str, str]
CELL: Final = 8
EDGE: Final = 6
BENDS: Final = (0.16, 0.24, 0.08, 0.34, -0.1, -0.22, 0.46, -0.36)
FEW_LINKS: Final = 60
"""Up to here every bend is tried at many places; a larger map makes do with a few of both."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A link as drawn: the curve through three points, from the edge of one box (`leave`) to that of the other."""

    start: Point
    bend: Point
    end: Point
    leave: float = 0.0
    arrive: float = 1.0

    def at(self, t: float) -> Point:
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        return (
            a * self.start[0] + b * self.bend[0] + c * self.end[0],
            a * self.start[1] + b * self.bend[1] + c * self.end[1],
        )

    def part(self, first: float, last: float) -> tuple[Point, Point, Point]:
        """The same curve between two of its places, as start, control point and end."""
        a, b, middle = self.at(first), self.at(last), self.at((first + last) / 2)
        return a, (2 * middle[0] - (a[0] + b[0]) / 2, 2 * middle[1] - (a[1] + b[1]) / 2), b


def on_sheet(places: Mapping[str, Point], sizes: Mapping[str, Size], width: float, height: float) -> dict[str, Point]:
    """Places on the map in px: what they span fills the sheet; boxes that would overlap are pushed apart."""
    if not places:
        return {}
    low = [min(place[axis] for place in places.values()) for axis in (0, 1)]
    span = [max(place[axis] for place in places.values()) - low[axis] for axis in (0, 1)]
    side = (width, height)
    scaled = {}
    for key, place in places.items():
        pads = [sizes[key][axis] / 2 + EDGE for axis in (0, 1)]
        scaled[key] = [
            pads[axis] + (place[axis] - low[axis]) / span[axis] * (side[axis] - 2 * pads[axis])
            if span[axis] > 0
            else side[axis] / 2
            for axis in (0, 1)
        ]
    _scatter(scaled)
    return _apart(scaled, sizes, side)


def _scatter(places: Mapping[str, list[float]]) -> None:
    """Boxes in one and the same place begin on a spiral around it, so that they can be pushed apart every way."""
    taken: Counter[Point] = Counter()
    for place in places.values():
        spot = (place[0], place[1])
        if number := taken[spot]:
            place[0] += 90 * sqrt(number) * cos(2.4 * number)
            place[1] += 40 * sqrt(number) * sin(2.4 * number)
        taken[spot] += 1


def _apart(places: dict[str, list[float]], sizes: Mapping[str, Size], side: Size, gap: float = 12) -> dict[str, Point]:
    keys = list(places)
    boxes = [(places[key], sizes[key]) for key in keys]
    widest = max(size[0] for _place, size in boxes) + gap
    for _round in range(120 if len(keys) <= 20 else 16):
        moved = False
        boxes.sort(key=lambda box: box[0][0])
        for i, (p, (w, h)) in enumerate(boxes):
            for at in range(i - 1, -1, -1):
                q, (v, u) = boxes[at]
                if p[0] - q[0] > widest:
                    break
                x = (w + v) / 2 + gap - abs(p[0] - q[0])
                if x <= 0:
                    continue
                y = (h + u) / 2 + gap - abs(p[1] - q[1])
                if y <= 0:
                    continue
                axis, step = (0, x / 2) if x < y else (1, y / 2)
                step = step if p[axis] >= q[axis] else -step
                p[axis] += step
                q[axis] -= step
                moved = True
        for p, size in boxes:
            for axis in (0, 1):
                pad = size[axis] / 2 + EDGE
                p[axis] = min(max(p[axis], pad), max(side[axis] - pad, pad))
        if not moved:
            break
    return {key: (places[key][0], places[key][1]) for key in keys}


class Sheet:
    """The boxes on a drawing and the curves drawn so far."""

    def __init__(self, places: Mapping[str, Point], sizes: Mapping[str, Size], width: float, height: float) -> None:
        self.places, self.sizes, self.width, self.height = places, sizes, width, height
        self._boxes: dict[tuple[int, int], str] = {}
        self._curves: Counter[tuple[int, int]] = Counter()
        for key, (x, y) in places.items():
            w, h = sizes[key]
            for column in range(int((x - w / 2 - 8) // CELL), int((x + w / 2 + 8) // CELL) + 1):
                for row in range(int((y - h / 2 - 8) // CELL), int((y + h / 2 + 8) // CELL) + 1):
                    self._boxes[column, row] = key

    def curves(self, links: Sequence[Pair], around: Mapping[Pair, Point]) -> dict[Pair, Curve]:
        """A curve for each link; those of a loop bend away from the middle of it (`around`)."""
        pairs, many = set(links), len(links) > FEW_LINKS
        return {link: self._curve(link, link[::-1] in pairs, around.get(link), many) for link in links}

    def _curve(self, link: Pair, returns: bool, around: Point | None, many: bool) -> Curve:
        p, q = self.places[link[0]], self.places[link[1]]
        length = hypot(q[0] - p[0], q[1] - p[1]) or 1
        nx, ny, mx, my = -(q[1] - p[1]) / length, (q[0] - p[0]) / length, (p[0] + q[0]) / 2, (p[1] + q[1]) / 2
        outwards = returns or around is None or (mx - around[0]) * nx + (my - around[1]) * ny >= 0
        side, parts = (1 if outwards else -1), (10 if many else 24)
        best: tuple[float, Point, list[tuple[int, int]]] | None = None
        for bend in BENDS[:4] if many else BENDS:
            cost = abs(bend - BENDS[0]) * 18 + (0 if bend > 0 else 60 if returns else 9)
            if best and cost >= best[0]:
                continue
            control = (mx + nx * length * bend * side, my + ny * length * bend * side)
            cost, cells = self._cost(link, (p, control, q), parts, cost, best[0] if best else inf)
            if best is None or cost < best[0]:
                best = cost, control, cells
        assert best is not None
        self._curves.update(best[2][3:-3])
        curve = Curve(p, best[1], q)
        return Curve(p, best[1], q, self._edge(curve, link[0], False), self._edge(curve, link[1], True))

    def _cost(
        self, link: Pair, through: tuple[Point, Point, Point], parts: int, cost: float, limit: float
    ) -> tuple[float, list[tuple[int, int]]]:
        """`cost` with what lies in the way; it ends where another way is known to be better (`limit`)."""
        p, c, q = through
        boxes, curves, cells = self._boxes, self._curves, list[tuple[int, int]]()
        right, bottom = self.width - EDGE, self.height - EDGE
        for i in range(1, parts):
            t = i / parts
            a, b, d = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
            x, y = a * p[0] + b * c[0] + d * q[0], a * p[1] + b * c[1] + d * q[1]
            cell = (int(x) // CELL, int(y) // CELL)
            cells.append(cell)
            box = boxes.get(cell)
            if box is not None and box not in link:
                cost += 16
            if not (EDGE < x < right and EDGE < y < bottom):
                cost += 9
            if 3 < i < parts - 3 and cell in curves:
                cost += 2
            if cost >= limit:
                break
        return cost, cells

    def _edge(self, curve: Curve, key: str, arriving: bool) -> float:
        """Where the curve crosses the edge of a box at one of its ends."""
        inside, outside, margin = (1.0, 0.5, 4) if arriving else (0.0, 0.5, 2)
        (cx, cy), (w, h) = self.places[key], self.sizes[key]
        for _halving in range(7):
            middle = (inside + outside) / 2
            x, y = curve.at(middle)
            if abs(x - cx) < w / 2 + margin and abs(y - cy) < h / 2 + margin:
                inside = middle
            else:
                outside = middle
        return outside

    def free_spot(self, wanted: Point, radius: float = 22) -> Point:
        """The place nearest to the wanted one, of some around it, where a badge covers no box and few curves."""
        best: tuple[float, Point] | None = None
        for ring in range(8):
            for turn in range(1 if ring == 0 else 12):
                angle = 2 * pi * turn / 12
                x = min(max(wanted[0] + ring * 18 * cos(angle), radius), self.width - radius)
                y = min(max(wanted[1] + ring * 18 * sin(angle), radius), self.height - radius)
                cost = ring * 3.0 + self._covered(x, y, radius)
                if best is None or cost < best[0]:
                    best = cost, (x, y)
        assert best is not None
        self._cover(*best[1], radius)
        return best[1]

    def _cells(self, x: float, y: float, radius: float) -> list[tuple[int, int]]:
        columns = range(int((x - radius) // CELL), int((x + radius) // CELL) + 1)
        rows = range(int((y - radius) // CELL), int((y + radius) // CELL) + 1)
        return [(column, row) for column in columns for row in rows]

    def _covered(self, x: float, y: float, radius: float) -> float:
        cells = self._cells(x, y, radius)
        return sum(6.0 * (cell in self._boxes) + 4.0 * (cell in self._curves) for cell in cells)

    def _cover(self, x: float, y: float, radius: float) -> None:
        self._boxes.update(dict.fromkeys(self._cells(x, y, radius), ""))
