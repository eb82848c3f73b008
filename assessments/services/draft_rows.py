"""The statement that saves answers in a draft; outside a transaction each connection plans it once.

It can be run twice without harm, so running it is also how a connection is checked: one that PostgreSQL has ended is
replaced and the statement run again. Behind a pooler that hands connections round, nothing is planned ahead.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from psycopg2.errors import InvalidSqlStatementName

from assessments.selectors.fill_in import Answered

UPSERT: Final = """
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
"""
_TYPES: Final = ("uuid", "bigint", "text[]", "smallint[]", "text[]", "bigint[]", "bigint[]")
_PLAN: Final = f"PREPARE save_answers ({', '.join(_TYPES)}) AS {UPSERT % tuple(f'${n}' for n in range(1, 8))}"
_PLANNED: Final = f"EXECUTE save_answers ({', '.join(f'%s::{kind}' for kind in _TYPES)})"


class _Plans(threading.local):
    """The connection of this thread that knows the plan."""

    holder: object = None
    of_use = True


_plans: Final = _Plans()


def save_rows(*, draft: UUID, wave: int, rows: Mapping[str, Answered]) -> int | None:
    """How many items changed, by item code; None where the draft is gone or submitted or the wave is not open."""
    told = rows.values()
    parameters = [
        str(draft),
        wave,
        list(rows),
        [row.value for row in told],
        [row.comment for row in told],
        [row.revision for row in told],
        [row.comment_revision for row in told],
    ]
    if connection.in_atomic_block:  # where an error would cost more than the statement
        return _run(UPSERT, parameters)
    connection.health_check_done = True  # type: ignore[attr-defined]  # the statement is the check
    try:
        if _is_planned():
            return _run(_PLANNED, parameters)
        return _run(UPSERT, parameters)
    except (OperationalError, InterfaceError) as problem:
        if isinstance(problem.__cause__, InvalidSqlStatementName):
            _plans.of_use = False
        connection.close_if_unusable_or_obsolete()
    return _run(UPSERT, parameters)


def _is_planned() -> bool:
    if not _plans.of_use:
        return False
    connection.ensure_connection()
    if _plans.holder is not connection.connection:
        with suppress(ProgrammingError), connection.cursor() as cursor:  # planned already, by way of another thread
            cursor.execute(_PLAN)
        _plans.holder = connection.connection
    return True


def _run(statement: str, parameters: list[Any]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        places, changed = cursor.fetchone()
    return int(changed) if places else None
