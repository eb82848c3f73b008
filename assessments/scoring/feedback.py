"""What is kept of an ecosystem's feedback at a wave: loops, learning cycle, effects, levers (rules L1–L3, L5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.scoring.codec import decode, encode
from assessments.scoring.commitment_effect import Effect
from assessments.scoring.learning_cycle import LearningCycle
from assessments.scoring.loop_health import LoopHealth

METHOD = "1"


@dataclass(frozen=True, slots=True)
class LoopState:
    """
    A loop of the map: `members` are keys of factors in the order of influence; `lowering` counts its minus links.

    `name`: what it was called then.
    """

    members: tuple[str, ...]
    balancing: bool
    lowering: int
    delay: int
    gain: float
    health: LoopHealth
    name: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """How the loops were looked for: of those with up to `whole_to` members none is missing, of `bound` none longer."""

    found: int
    complete: bool
    bound: int
    whole_to: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """What pressing a factor does to a dimension: shares of stable draws, and the median change for a press of 1."""

    factor: str
    outcome: str
    raises: float
    lowers: float
    unmoved: float
    change: float


@dataclass(frozen=True, slots=True)
class Levers:
    """
    The surest levers of each dimension; `enough` is false where too few draws come to rest to tell anything.

    `basis` is a mark of everything they were drawn from: the same again, the same levers.
    """

    draws: int = 0
    stable: int = 0
    seed: int = 0
    enough: bool = False
    levers: tuple[Pressed, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """
    As it stood with one wave. `waves`: primary keys of those in the loops' health, oldest first.

    `oldest_title`, `oldest_on`: the unanswered signal raised first and its day (ISO), '' where all got an answer.
    `heard`: primary keys of the waves whose signals are counted in `cycle`.
    `map_version`: the number of the map's version on which the loops were found, 0 for the map as it was at computing.
    """

    waves: tuple[int, ...]
    loops: tuple[LoopState, ...]
    search: Search
    cycle: LearningCycle
    by_dimension: Mapping[str, LearningCycle] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    levers: Levers = Levers()
    oldest_title: str = ""
    oldest_on: str = ""
    map_version: int = 0
    heard: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        encoded: dict[str, Any] = encode(self)
        return encoded

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Feedback:
        """The exact inverse of `to_json`."""
        return decode(cls, data)
