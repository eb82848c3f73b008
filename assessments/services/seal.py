"""Closing a wave for good: nothing in how rows are stored tells who said what, or in which order (rule D3)."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection
from django.db.models import Model, Q

from assessments.enums import WaveState
from assessments.models import Comment, Draft, Invitation, Response, Wave


def shuffle(wave: Wave) -> None:
    """Write the wave's responses and comments anew under new random keys, its drafts and invitations under their own.

    Each table in an order of its own and all in one transaction, so that neither the place of a row nor its version
    ties a response to a comment, a person or a time. Call it with the wave locked.
    """
    groups = list(wave.groups.values_list("pk", flat=True))
    rewrite(Response, "wave_id", [wave.pk], new_keys=True)
    rewrite(Comment, "wave_id", [wave.pk], new_keys=True)
    rewrite(Draft, "group_id", groups)
    rewrite(Invitation, "group_id", groups)


def forget_unsubmitted() -> int:
    """Delete what people began and did not submit in waves that cannot be reopened any more. Returns how many."""
    over = Q(group__wave__state=WaveState.CLOSED) & Q(group__wave__results_shown=True)
    _deleted, by_model = Draft.objects.filter(over, is_submitted=False).delete()
    return by_model.get("assessments.Draft", 0)


def rewrite(
    model: type[Model],
    owner: str,
    pks: list[int],
    *,
    new_keys: bool = False,
    cleared: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Delete and insert the rows whose column `owner` is in `pks`, in random order, with `cleared` columns put so.

    `cleared`: column → SQL constant of ours. References by other tables are checked at commit.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = [str(field.column) for field in model._meta.concrete_fields]
    columns = ", ".join(map(quote, names))
    values = ", ".join(_value(name, new_keys, cleared) for name in names)
    with connection.cursor() as cursor:
        # the names are those of our own models
        cursor.execute(
            f"WITH gone AS (DELETE FROM {table} WHERE {quote(owner)} = ANY(%s) RETURNING *)"  # noqa: S608
            f" INSERT INTO {table} ({columns}) SELECT {values} FROM gone ORDER BY gen_random_uuid()",
            [pks],
        )


def _value(name: str, new_keys: bool, cleared: Mapping[str, str]) -> str:
    if new_keys and name == "key":
        return "gen_random_uuid()"
    return cleared.get(name, connection.ops.quote_name(name))
