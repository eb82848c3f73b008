"""What every edit of a causal map has in common: summaries fall behind, and open editors hear of it."""

from typing import Final
from uuid import UUID

from django.db import transaction

from assessments.live import bus
from assessments.live.events import MapSnapshot
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, MapEdit, User
from ecosystems.services.map_writing import Act, write_edit

ONLY_PLACES: Final = frozenset({MapEditKind.MOVE, MapEditKind.LAY_OUT})


@transaction.atomic
def record(
    *, ecosystem: Ecosystem, key: UUID, by: User | None, kind: MapEditKind, act: Act, about: MapEdit | None = None
) -> MapEdit:
    """Let `act` change the map's sheet, as one edit that can be undone as one. Raises MapProblem.

    The same key twice is once: the first edit is given back, and `act` is not called.
    """
    edit, is_new = write_edit(ecosystem=ecosystem, key=key, by=by, kind=kind, act=act, about=about)
    if is_new:
        map_changed(ecosystem=ecosystem, revision=edit.revision, only_places=kind in ONLY_PLACES)
    return edit


@transaction.atomic
def map_changed(*, ecosystem: Ecosystem, revision: int, only_places: bool = False) -> None:
    """Say that the map, or what was voted on it, is another from now on; no summary knows where its boxes stand."""
    if not only_places:
        mark_summaries_stale(ecosystem_id=ecosystem.pk)
    bus.publish_on_commit(MapSnapshot(ecosystem.pk, revision))
