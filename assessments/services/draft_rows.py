"""The statement that saves answers in a draft."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from assessments.selectors.fill_in import Answered
from assessments.services.planned_statement import PlannedStatement

_SAVE: Final = PlannedStatement(
    "save_answers",
    """
WITH place AS MATERIALIZED (
  SELECT draft.key FROM assessments_draft draft
  WHERE draft.key = %s AND NOT draft.is_submitted
    AND (SELECT state FROM assessments_wave WHERE id = %s) = 'open'
  FOR KEY SHARE
), saved AS (
  INSERT INTO assessments_draftanswer AS old (draft_id, item, value, comment, revision, comment_revision)
  SELECT place.key, given.* FROM place, unnest(%s::text[], %s::smallint[], %s::text[], %s::bigint[], %s::bigint[])
    AS given(item, value, comment, revision, comment_revision)
  ON CONFLICT (draft_id, item) DO UPDATE SET
    value = CASE WHEN excluded.revision > old.revision THEN excluded.value ELSE old.value END,
    revision = greatest(excluded.revision, old.revision),
    comment = CASE WHEN excluded.comment_revision > old.comment_revision THEN excluded.comment ELSE old.comment END,
    comment_revision = greatest(excluded.comment_revision, old.comment_revision)
  WHERE excluded.revision > old.revision OR excluded.comment_revision > old.comment_revision
  RETURNING 1
)
SELECT (SELECT count(*) FROM place), (SELECT count(*) FROM saved)
""",
    ("uuid", "bigint", "text[]", "smallint[]", "text[]", "bigint[]", "bigint[]"),
)


def save_rows(*, draft: UUID, wave: int, rows: Mapping[str, Answered]) -> int | None:
    """How many items changed, by item code; None where the draft is gone or submitted or the wave is not open."""
    told = rows.values()
    places, changed = _SAVE.run(
        [
            str(draft),
            wave,
            list(rows),
            [row.value for row in told],
            [row.comment for row in told],
            [row.revision for row in told],
            [row.comment_revision for row in told],
        ]
    )
    return int(changed) if places else None
