"""Emptying the test database after a test that committed: Django's flush, without the work that changes nothing.

Django empties every table, which makes all their files anew, and then writes content types and permissions again.
Here those two stay, and few rows are deleted rather than files made.
"""

from django.db import OperationalError, connections, transaction
from django.test import TransactionTestCase

STAY = ("django_content_type", "auth_permission")
LARGE = 1_000_000
"""Bytes of a table from which on making its files anew is cheaper than deleting rows and reading past them later."""
DEADLOCK = "40P01"
CHANCES = 5
_flush = TransactionTestCase._fixture_teardown
_stayed: dict[str, list[object]] = {}


def remember_what_stays() -> None:
    """What every later test finds as it is now."""
    for alias in connections:
        _stayed[alias] = _staying(alias)


def empty(case: TransactionTestCase) -> None:
    """Leave every table as in a new test database; in place of `TransactionTestCase._fixture_teardown`."""
    if not all(_emptied_at_last(alias) for alias in case._databases_names(include_mirrors=False)):
        _flush(case)
        remember_what_stays()  # under new numbers


def end_other_sessions() -> None:
    """Before the database is dropped: a process that was killed may not have let go of it yet."""
    for alias in connections:
        connections[alias].close()  # a test may have had ours ended
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _staying(alias: str) -> list[object]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT id, app_label, model FROM django_content_type ORDER BY id")
        rows = cursor.fetchall()
        cursor.execute("SELECT id, content_type_id, codename, name FROM auth_permission ORDER BY id")
        return [*rows, *cursor.fetchall()]


def _emptied_at_last(alias: str) -> bool:
    """A process that still answers a page may hold one table and wait for another: PostgreSQL then ends one of us."""
    for _chance in range(CHANCES - 1):
        try:
            return _emptied(alias)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != DEADLOCK:
                raise
    return _emptied(alias)


def _emptied(alias: str) -> bool:
    """False, with nothing done, where only a real flush will do."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [table for table in found if table not in STAY]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        # waits, as TRUNCATE does, for whoever is still writing
        cursor.execute(f"LOCK TABLE {', '.join(map(quote, found))} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(
            "SELECT max(pg_relation_size(name::regclass)) FROM unnest(%s) AS name", [list(map(quote, tables))]
        )
        if cursor.fetchone()[0] > LARGE or _staying(alias) != _stayed[alias]:
            return False
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {quote(table)} LIMIT 1)" for table in tables))
        full = [name for (name,) in cursor.fetchall()]
        if full:
            cursor.execute(";".join(f"DELETE FROM {quote(name)}" for name in full))
    return True
