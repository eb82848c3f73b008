"""The statement that saves votes: it checks everything that can change at any moment, by the database's clock.

The round is locked against a change of its state, so that a reveal waits for votes on their way and counts them, and
votes that come later find it closed.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from assessments.services.asked_rounds import RowVersion
from assessments.services.ballots import GivenReason, GivenVote
from assessments.services.planned_statement import PlannedStatement

_SAVE: Final = PlannedStatement(
    "save_votes",
    """
WITH place AS MATERIALIZED (
  SELECT round.id AS round_id, seat.id AS seat_id, seat.breakout_id
  FROM assessments_round round
  JOIN assessments_activity activity ON activity.id = round.activity_id
  JOIN assessments_workshop workshop ON workshop.id = activity.workshop_id
  JOIN assessments_seat seat ON seat.workshop_id = workshop.id
  WHERE round.id = %s AND seat.id = %s AND activity.xmin = %s AND activity.ctid = %s
    AND round.state = 'open' AND (round.closes_at IS NULL OR round.closes_at > clock_timestamp())
    AND workshop.state = 'live' AND seat.is_counted AND NOT seat.is_removed
  FOR SHARE OF round
), voted AS (
  INSERT INTO assessments_vote AS old
    (key, round_id, seat_id, breakout_id, item, value, confidence, delay, revision, counted, preview_step)
  SELECT gen_random_uuid(), place.round_id, place.seat_id, place.breakout_id, given.*, false, 0
  FROM place, unnest(%s::text[], %s::smallint[], %s::smallint[], %s::smallint[], %s::bigint[])
    AS given(item, value, confidence, delay, revision)
  ON CONFLICT (round_id, seat_id, item) DO UPDATE SET
    value = excluded.value, confidence = excluded.confidence, delay = excluded.delay,
    breakout_id = excluded.breakout_id, revision = excluded.revision
  WHERE excluded.revision > old.revision
  RETURNING 1
), said AS (
  INSERT INTO assessments_reason AS old (key, round_id, seat_id, item, text, revision, is_shown)
  SELECT gen_random_uuid(), place.round_id, place.seat_id, given.*, false
  FROM place, unnest(%s::text[], %s::text[], %s::bigint[]) AS given(item, text, revision)
  ON CONFLICT (round_id, seat_id, item) DO UPDATE SET text = excluded.text, revision = excluded.revision
  WHERE excluded.revision > old.revision AND NOT old.is_shown
  RETURNING 1
)
SELECT (SELECT count(*) FROM place), (SELECT count(*) FROM voted), (SELECT count(*) FROM said)
""",
    (
        "bigint",
        "uuid",
        "xid",
        "tid",
        "text[]",
        "smallint[]",
        "smallint[]",
        "smallint[]",
        "bigint[]",
        "text[]",
        "text[]",
        "bigint[]",
    ),
)


def save_votes(
    *, seat: UUID, round_id: int, plan: RowVersion, votes: Sequence[GivenVote], reasons: Sequence[GivenReason]
) -> int | None:
    """How many votes and reasons changed; None where the seat may not vote in this round now.

    `plan` is the version of the activity's row by which they were checked: None, too, if it has changed.
    """
    places, voted, said = _SAVE.run(
        [
            round_id,
            str(seat),
            *plan,
            [vote.item for vote in votes],
            [vote.value for vote in votes],
            [vote.confidence for vote in votes],
            [vote.delay for vote in votes],
            [vote.revision for vote in votes],
            [reason.item for reason in reasons],
            [reason.text for reason in reasons],
            [reason.revision for reason in reasons],
        ]
    )
    return int(voted) + int(said) if places else None
