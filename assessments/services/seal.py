"""Closing a wave for good: nothing in how rows are stored tells who said what, or in which order (rule D3)."""

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
    _rewrite(Response, "wave_id", [wave.pk], new_keys=True)
    _rewrite(Comment, "wave_id", [wave.pk], new_keys=True)
    _rewrite(Draft, "group_id", groups)
    _rewrite(Invitation, "group_id", groups)


def forget_unsubmitted() -> int:
    """Delete what people began and did not submit in waves that cannot be reopened any more. Returns how many."""
    over = Q(group__wave__state=WaveState.CLOSED) & Q(group__wave__results_shown=True)
    _deleted, by_model = Draft.objects.filter(over, is_submitted=False).delete()
    return by_model.get("assessments.Draft", 0)


def _rewrite(model: type[Model], owner: str, pks: list[int], *, new_keys: bool = False) -> None:
    """Delete and insert a wave's rows in random order. References by other tables are checked at commit."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = [str(field.column) for field in model._meta.concrete_fields]
    columns = ", ".join(map(quote, names))
    values = ", ".join("gen_random_uuid()" if new_keys and name == "key" else quote(name) for name in names)
    with connection.cursor() as cursor:
        # the names are those of our own models
        cursor.execute(
            f"WITH gone AS (DELETE FROM {table} WHERE {quote(owner)} = ANY(%s) RETURNING *)"  # noqa: S608
            f" INSERT INTO {table} ({columns}) SELECT {values} FROM gone ORDER BY gen_random_uuid()",
            [pks],
        )
