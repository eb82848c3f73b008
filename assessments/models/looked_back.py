"""What a room looked back at: the open commitments as they were then, and what had become of them at its end.

Plain data in `Activity.looked_back`: minutes say later what the room saw, whatever has happened since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.enums import CommitmentState
from assessments.scoring.codec import decode


@dataclass(frozen=True, slots=True)
class Became:
    """How a commitment stood when the workshop ended; `state` is '' where it was deleted meanwhile."""

    state: str = CommitmentState.OPEN.value
    text: str = ""
    owner: str = ""
    due: str = ""
    progress: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An open commitment as the room saw it. `owner` is '' where the room may not read it; days are ISO days or ''."""

    key: str
    text: str
    owner: str = ""
    due: str = ""
    progress: str = ""
    became: Became | None = None

    @property
    def due_on(self) -> date | None:
        return date.fromisoformat(self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class LookedBack:
    """`day`: when the room came to it; `count` and `late` are of all that were open, also of those not listed."""

    day: str
    count: int
    late: int = 0
    seen: tuple[Seen, ...] = ()

    @property
    def on(self) -> date:
        return date.fromisoformat(self.day)

    @property
    def more(self) -> int:
        return self.count - len(self.seen)


def read_looked_back(stored: Any) -> LookedBack | None:
    return None if stored is None else decode(LookedBack, stored)
