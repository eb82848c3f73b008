"""What a room may see, as a frozen whole: the same for every phone and the wall (made by `rooms.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from assessments.enums import REVEALED, ActivityKind, RoundState, WorkshopState
from assessments.models.activity_plans import Plan
from assessments.models.looked_back import LookedBack
from assessments.selectors.room_facets import Facet


@dataclass(frozen=True, slots=True)
class AgendaLine:
    title: str
    kind: ActivityKind
    minutes: int


@dataclass(frozen=True, slots=True)
class Step:
    """Where everybody is. `number` counts the steps that are not skipped; 0 for a step that was skipped meanwhile."""

    pk: int
    number: int
    kind: ActivityKind
    title: str
    prompt: str
    plan: Plan
    by_breakout: bool
    looked_back: LookedBack | None = None
    """What had been promised and was open when the room came here, at a step about that."""


@dataclass(frozen=True, slots=True)
class RoundNow:
    """The step's latest round; `state` is the effective one."""

    pk: int
    number: int
    state: RoundState
    closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state == RoundState.OPEN

    @property
    def is_revealed(self) -> bool:
        return self.state in REVEALED


@dataclass(frozen=True, slots=True)
class Revealed:
    """A revealed round of the step; `results` as the reveal stored them."""

    pk: int
    number: int
    results: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownReason:
    """Why somebody voted so, in any revealed round; `name` only in named workshops."""

    item: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShownIdea:
    """`also`: what other people wrote that says the same. `name` only in named workshops."""

    key: str
    text: str
    cluster: int | None
    name: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownCluster:
    """`title` is '' for the ideas that belong to none."""

    title: str
    ideas: tuple[ShownIdea, ...]


@dataclass(frozen=True, slots=True)
class ShownCommitment:
    text: str
    owner: str
    due_on: date | None
    score: str
    """The name of the score that it should move; '' for none in particular."""
    is_proposed: bool


@dataclass(frozen=True, slots=True, order=True)
class NamedVote:
    """A vote behind the latest revealed result of a named workshop."""

    item: str
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Room:
    """What everybody in the room may see. `revealed` holds all revealed rounds of the step, the latest last."""

    pk: int
    version: int
    state: WorkshopState
    title: str
    purpose: str
    code: str
    is_anonymous: bool
    minimum: int
    comment_minimum: int
    preview: bool
    asks_group: bool
    is_locked: bool
    steps: int
    agenda: tuple[AgendaLine, ...]
    step: Step | None = None
    round: RoundNow | None = None
    revealed: tuple[Revealed, ...] = ()
    reasons: tuple[ShownReason, ...] = ()
    clusters: tuple[ShownCluster, ...] = ()
    parked: int = 0
    commitments: tuple[ShownCommitment, ...] = ()
    votes: tuple[NamedVote, ...] = ()
    facets: tuple[Facet, ...] = ()
    breakouts: tuple[str, ...] = ()
    """Names of the breakout groups, by which results call them too."""
    seated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Marks of the seats in each breakout group, in no telling order."""
    removed: tuple[str, ...] = ()
    """Marks of the seats that were taken out: see `seat_mark`."""
    is_rehearsal: bool = False
