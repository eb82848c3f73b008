"""What a scenario keeps: what it was run on, what came of the run, and what came after it. Plain and typed, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.scoring.codec import decode, encode


@dataclass(frozen=True, slots=True)
class Lever:
    """A factor by its key, and the score 0–100 at which it is held; `now` is where it stood, None without a score."""

    factor: str
    name: str
    target: float
    now: float | None = None

    @property
    def points(self) -> float | None:
        return None if self.now is None else self.target - self.now


@dataclass(frozen=True, slots=True)
class BasisFactor:
    key: str
    name: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class BasisLink:
    """Places of two factors, and how many hold −3 … +3: opinions that may be shown, nothing else."""

    source: int
    target: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BasisDimension:
    """`factors` are the places of those tied to it; `score` is its released score, None where there is none."""

    code: str
    name: str
    factors: tuple[int, ...] = ()
    score: float | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """Map and scores as they were, so that a run can be repeated to the same numbers."""

    revision: int = 0
    factors: tuple[BasisFactor, ...] = ()
    links: tuple[BasisLink, ...] = ()
    dimensions: tuple[BasisDimension, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 5–95 % of the draws, in points."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Way:
    """Names of the factors passed from a lever to a dimension; `strength` is the product of the mean weights."""

    factors: tuple[str, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class LinkMatter:
    """`without`: points that the outcome's change loses or gains without the link; `doubt`: rank correlation."""

    source: str
    target: str
    without: float | None = None
    doubt: float | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one dimension moves, in points, and the share of the draws that agree on the direction."""

    code: str
    change: Spread
    agree: float
    steps: tuple[Spread, ...] = ()
    ways: tuple[Way, ...] = ()
    ways_complete: bool = True
    matters: LinkMatter | None = None
    doubted: LinkMatter | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What may be shown of a run. `cycles`: draws by the period they repeat. `assumed`: factors begun in the middle."""

    draws: int
    rested: int
    unsettled: int
    assured: bool
    steps: int
    cycles: Mapping[str, int] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    too_large_for_links: bool = False

    def of(self, code: str) -> Moved | None:
        return next((one for one in self.moved if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Came:
    """The released scores of the dimensions at the next wave, and the codes of those withheld there."""

    wave: str
    scores: Mapping[str, float] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()


def stored(record: Basis | Ran | Came | tuple[Lever, ...]) -> Any:
    return encode(record)


def levers_of(data: Any) -> tuple[Lever, ...]:
    return tuple(decode(Lever, one) for one in data)


def basis_of(data: Any) -> Basis:
    return decode(Basis, data)


def ran_of(data: Any) -> Ran | None:
    return None if data is None else decode(Ran, data)


def came_of(data: Any) -> Came | None:
    return None if data is None else decode(Came, data)
