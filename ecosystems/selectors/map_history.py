"""What a person could undo, or do again, on a causal map: their own edits, the last one first."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from ecosystems.enums import MapEditKind
from ecosystems.models import CausalMap, MapEdit, User

TURNING: Final = (MapEditKind.UNDO, MapEditKind.REDO)


def next_to_undo(drawn: CausalMap, by: User, *, past: UUID | None = None) -> MapEdit | None:
    """Their latest edit that is not undone, or the latest before `past`; one that changed nothing is passed over."""
    found = _own(drawn, by).filter(undone=False)
    if past is not None:
        found = found.filter(revision__lt=MapEdit.objects.filter(map=drawn, pk=past).values("revision"))
    return found.order_by("revision").last()


def next_to_redo(drawn: CausalMap, by: User, *, beyond: UUID | None = None) -> MapEdit | None:
    """What they undid last, or the next after `beyond`; none as soon as they have made another edit, even undone."""
    newest = _own(drawn, by).order_by("revision").values_list("revision", flat=True).last()
    undos = MapEdit.objects.filter(map=drawn, by=by, kind=MapEditKind.UNDO, revision__gt=newest or 0)
    found = _own(drawn, by).filter(undone=True, pk__in=undos.values("about"))
    if beyond is not None:
        found = found.filter(revision__gt=MapEdit.objects.filter(map=drawn, pk=beyond).values("revision"))
    return found.order_by("revision").first()


def _own(drawn: CausalMap, by: User) -> QuerySet[MapEdit]:
    return MapEdit.objects.filter(map=drawn, by=by).exclude(kind__in=TURNING).exclude(changes=[])
