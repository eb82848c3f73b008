"""How full the room is and how many have answered: the counts that open screens follow, read in one query."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from assessments.enums import RoundState

HERE_SECONDS: Final = 30
AWAY_SECONDS: Final = 120

_COUNTS: Final = """
SELECT workshop.id, workshop.version, workshop.step_id, round.id, round.state, round.closes_at, clock.now,
  CASE
    WHEN round.id IS NULL THEN 0
    WHEN activity.kind = 'commit' THEN (
      SELECT count(DISTINCT seat_id) FROM assessments_commitment WHERE activity_id = activity.id)
    WHEN activity.kind IN ('ideas', 'check') THEN (
      SELECT count(DISTINCT seat_id) FROM assessments_idea WHERE round_id = round.id)
    ELSE (SELECT count(DISTINCT seat_id) FROM assessments_vote WHERE round_id = round.id)
  END,
  seats.here, seats.away
FROM assessments_workshop workshop
CROSS JOIN (SELECT clock_timestamp() AS now) clock
LEFT JOIN assessments_activity activity ON activity.id = workshop.step_id
LEFT JOIN LATERAL (
  SELECT id, state, closes_at FROM assessments_round WHERE activity_id = activity.id ORDER BY number DESC LIMIT 1
) round ON true
CROSS JOIN LATERAL (
  SELECT
    count(*) FILTER (WHERE is_simulated OR seen_at > clock.now - make_interval(secs => %(here)s)) AS here,
    count(*) FILTER (
      WHERE NOT is_simulated AND seen_at <= clock.now - make_interval(secs => %(here)s)
      AND seen_at > clock.now - make_interval(secs => %(away)s)
    ) AS away
  FROM assessments_seat WHERE workshop_id = workshop.id AND is_counted AND NOT is_removed
) seats
WHERE workshop.id = ANY(%(workshops)s)
"""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Counts of one workshop at the moment `now` of the database's clock; nothing of what anybody said.

    `step` and `round` are keys, 0 where there is none; the round is the step's latest. `answered` seats have said
    something in it. `here`: seen within 30 s, `away`: within 2 minutes; only seats that are asked and not removed.
    """

    version: int
    step: int
    round: int
    state: str
    """The round's state as it is now, "" without a round: see `effective_state`."""
    answered: int
    here: int
    away: int
    closes_at: datetime | None
    now: datetime

    @property
    def asked(self) -> int:
        """Of how many `answered` is a part: whoever is here, was a moment ago, or has answered and left."""
        return max(self.answered, self.here + self.away)


def effective_state(state: str, closes_at: datetime | None, now: datetime) -> RoundState:
    """An open round whose time is over takes no more votes, and counts as closed, whatever its row says."""
    known = RoundState(state)
    if known is RoundState.OPEN and closes_at is not None and closes_at <= now:
        return RoundState.CLOSED
    return known


def pulses(workshop_ids: Collection[int]) -> dict[int, Pulse]:
    """The counts of these workshops, by key; those that are gone are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"workshops": list(workshop_ids), "here": HERE_SECONDS, "away": AWAY_SECONDS})
        rows = cursor.fetchall()
    return {
        workshop: Pulse(
            version=version,
            step=step or 0,
            round=round or 0,
            state=effective_state(state, closes_at, now).value if state else "",
            answered=answered,
            here=here,
            away=away,
            closes_at=closes_at,
            now=now,
        )
        for workshop, version, step, round, state, closes_at, now, answered, here, away in rows
    }
