"""What a round asks: for votes remembered by each process, and checked by the statement that saves; for texts held."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models.activity_plans import Plan, read_plan
from assessments.services.room_problems import (
    Ended,
    NotCounted,
    NotThisRoom,
    RoomProblem,
    RoundNotOpen,
    SeatGone,
    SeatRemoved,
)

MOST_REMEMBERED: Final = 2_000


class RowVersion(NamedTuple):
    """Which version of a row was read: any later change of the row gives another one."""

    xmin: str
    ctid: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A round's question. `version`: that of the activity's row, from whose settings `plan` was read."""

    workshop: int
    version: RowVersion
    plan: Plan
    has_preview: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seat writes texts: keys of the workshop, the activity and the breakout group it sits in."""

    workshop: int
    activity: int
    plan: Plan
    breakout: int | None


class _Rounds:
    def __init__(self, most: int) -> None:
        self.most, self.known = most, OrderedDict[int, Asked]()
        self.lock = Lock()

    def get(self, round_id: int) -> Asked | None:
        with self.lock:
            return self.known.get(round_id)

    def learn(self, round_id: int, asked: Asked) -> None:
        with self.lock:
            self.known[round_id] = asked
            if len(self.known) > self.most:
                self.known.popitem(last=False)


_rounds: Final = _Rounds(MOST_REMEMBERED)
_ASK: Final = """
SELECT activity.workshop_id, activity.kind, activity.xmin::text, activity.ctid::text,
  activity.settings::text, workshop.preview
FROM assessments_round round
JOIN assessments_activity activity ON activity.id = round.activity_id
JOIN assessments_workshop workshop ON workshop.id = activity.workshop_id
WHERE round.id = %s
"""
_HOLD: Final = """
SELECT workshop.id, activity.id, activity.kind, activity.settings::text, seat.breakout_id
FROM assessments_round round
JOIN assessments_activity activity ON activity.id = round.activity_id
JOIN assessments_workshop workshop ON workshop.id = activity.workshop_id
JOIN assessments_seat seat ON seat.workshop_id = workshop.id
WHERE round.id = %s AND seat.id = %s
  AND round.state = 'open' AND (round.closes_at IS NULL OR round.closes_at > clock_timestamp())
  AND workshop.state = 'live' AND seat.is_counted AND NOT seat.is_removed
FOR SHARE OF round FOR NO KEY UPDATE OF seat
"""
_LOOK: Final = """
SELECT seat.workshop_id, seat.is_removed, seat.is_counted, workshop.state,
  round.state, round.closes_at <= clock_timestamp(), activity.workshop_id
FROM assessments_seat seat
JOIN assessments_workshop workshop ON workshop.id = seat.workshop_id
LEFT JOIN assessments_round round ON round.id = %s
LEFT JOIN assessments_activity activity ON activity.id = round.activity_id
WHERE seat.id = %s
"""


def asked_in(round_id: int, *, anew: bool = False) -> Asked | None:
    """What the round asks; as remembered unless `anew`. None: there is no such round."""
    known = None if anew else _rounds.get(round_id)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [round_id])
        row = cursor.fetchone()
    if row is None:
        return None
    workshop, kind, xmin, ctid, settings, preview = row
    plan = read_plan(ActivityKind(kind), json.loads(settings))
    asked = Asked(workshop, RowVersion(xmin, ctid), plan, preview)
    _rounds.learn(round_id, asked)
    return asked


def hold_place(*, seat: UUID, round_id: int) -> Place:
    """Where the seat writes; until the transaction ends the round stays open, and the seat writes nowhere else.

    Raises SeatGone, SeatRemoved, Ended, NotThisRoom, NotCounted, RoundNotOpen.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [round_id, str(seat)])
        row = cursor.fetchone()
    if row is None:
        raise why_not(seat=seat, round_id=round_id) or RoundNotOpen(RoundState.CLOSED)
    workshop, activity, kind, settings, breakout = row
    return Place(workshop, activity, read_plan(ActivityKind(kind), json.loads(settings)), breakout)


def why_not(*, seat: UUID, round_id: int) -> RoomProblem | None:
    """Why this seat cannot say anything in this round now; None where it can."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [round_id, str(seat)])
        row = cursor.fetchone()
    if row is None:
        return SeatGone()
    room, is_removed, is_counted, room_state, state, is_over, room_of_round = row
    if is_removed:
        return SeatRemoved()
    if room_state == WorkshopState.ENDED:
        return Ended()
    if room_of_round != room:
        return NotThisRoom()
    if not is_counted:
        return NotCounted()
    if state != RoundState.OPEN:
        return RoundNotOpen(RoundState(state))
    if is_over:
        return RoundNotOpen(RoundState.CLOSED)
    if room_state != WorkshopState.LIVE:
        return RoundNotOpen(RoundState.PENDING)
    return None
