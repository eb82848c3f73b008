"""A statement that is run for every answer; outside a transaction each connection plans it once.

Only for statements that can be run twice without harm: running one is also how a connection is checked, and one that
PostgreSQL has ended is replaced and the statement run again. Behind a pooler that hands connections round, nothing is
planned ahead.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from psycopg2.errors import InvalidSqlStatementName


class _Plans(threading.local):
    """The connection of this thread that knows the plan."""

    holder: object = None
    of_use = True


class PlannedStatement:
    """`statement` gives one row; its parameters are `%s`, of the PostgreSQL `types`."""

    def __init__(self, name: str, statement: str, types: Sequence[str]) -> None:
        numbered = statement % tuple(f"${number}" for number in range(1, len(types) + 1))
        self.statement: Final = statement
        self.plan: Final = f"PREPARE {name} ({', '.join(types)}) AS {numbered}"
        self.planned: Final = f"EXECUTE {name} ({', '.join(f'%s::{kind}' for kind in types)})"
        self.plans = _Plans()

    def run(self, parameters: Sequence[Any]) -> tuple[Any, ...]:
        """The row that the statement gives."""
        if connection.in_atomic_block:  # where an error would cost more than the statement
            return _row(self.statement, parameters)
        connection.health_check_done = True  # type: ignore[attr-defined]  # the statement is the check
        try:
            return _row(self.planned if self._is_planned() else self.statement, parameters)
        except (OperationalError, InterfaceError) as problem:
            if isinstance(problem.__cause__, InvalidSqlStatementName):
                self.plans.of_use = False
            connection.close_if_unusable_or_obsolete()
        return _row(self.statement, parameters)

    def _is_planned(self) -> bool:
        if not self.plans.of_use:
            return False
        connection.ensure_connection()
        if self.plans.holder is not connection.connection:
            with suppress(ProgrammingError), connection.cursor() as cursor:  # planned already, by way of another thread
                cursor.execute(self.plan)
            self.plans.holder = connection.connection
        return True


def _row(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
