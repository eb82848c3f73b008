"""What the room is at: the screens of phones and of the wall follow it."""

from enum import StrEnum

from assessments.enums import ActivityKind, RoundState
from assessments.selectors.shown_rooms import Room, Step


class Phase(StrEnum):
    """What a screen of the room is for at the moment."""

    LOBBY = "lobby"
    SOON = "soon"
    TALK = "talk"
    PENDING = "pending"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"
    ENDED = "ended"


_PHASES = {
    RoundState.PENDING: Phase.PENDING,
    RoundState.OPEN: Phase.OPEN,
    RoundState.CLOSED: Phase.CLOSED,
    RoundState.REVEALED: Phase.REVEALED,
    RoundState.DISCUSSED: Phase.REVEALED,
}


def phase_of(room: Room, step: Step) -> Phase:
    """What everybody in the room is for at this step."""
    if step.kind == ActivityKind.TALK:
        return Phase.TALK
    return _PHASES[room.round.state] if room.round else Phase.PENDING
