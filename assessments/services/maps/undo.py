"""Taking back one's own last edit of a causal map, and doing it again."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from assessments.services.maps.recording import record
from ecosystems.enums import MapEditKind
from ecosystems.models import CausalMap, Ecosystem, MapEdit, User
from ecosystems.selectors.map_history import next_to_redo, next_to_undo
from ecosystems.services.map_problems import ChangedMeanwhile, MapProblem, NothingToUndo, NotRedone, NotUndone
from ecosystems.services.map_sheet import MapSheet
from ecosystems.services.map_states import FACTOR, Change, LinkState
from ecosystems.services.map_writing import known_edit, last_to_touch, locked_map

ARROW: Final = " → "


@transaction.atomic
def undo_last(*, ecosystem: Ecosystem, by: User, key: UUID, past: UUID | None = None) -> MapEdit:
    """Take back this person's latest edit that is not undone; what others did stays.

    `past` is an edit of theirs that could not be undone: then it is the latest one before it. Raises NothingToUndo, and
    NotUndone where somebody has changed the same things since.
    """
    drawn = locked_map(ecosystem=ecosystem)
    if known := known_edit(drawn=drawn, key=key):
        return known
    edit = next_to_undo(drawn, by, past=past)
    if edit is None and past is not None:
        raise NothingToUndo(_("There is no older edit of yours to undo."))
    if edit is None:
        raise NothingToUndo(_("There is no edit of yours to undo."))
    try:
        return _turn(drawn, edit, by, key, back=True)
    except MapProblem as problem:
        raise NotUndone(problem, edit.pk, older=next_to_undo(drawn, by, past=edit.pk) is not None) from problem


@transaction.atomic
def redo_last(*, ecosystem: Ecosystem, by: User, key: UUID, beyond: UUID | None = None) -> MapEdit:
    """Do again what this person undid last, unless they made another edit.

    `beyond` is an edit of theirs that could not be done again: then it is the next one after it. Raises NothingToUndo,
    and NotRedone where somebody has changed the same things since.
    """
    drawn = locked_map(ecosystem=ecosystem)
    if known := known_edit(drawn=drawn, key=key):
        return known
    edit = next_to_redo(drawn, by, beyond=beyond)
    if edit is None and beyond is not None:
        raise NothingToUndo(_("There is no newer edit of yours to do again."))
    if edit is None:
        raise NothingToUndo(_("There is no edit of yours to do again."))
    try:
        return _turn(drawn, edit, by, key, back=False)
    except MapProblem as problem:
        raise NotRedone(problem, edit.pk, newer=next_to_redo(drawn, by, beyond=edit.pk) is not None) from problem


def _turn(drawn: CausalMap, edit: MapEdit, by: User, key: UUID, *, back: bool) -> MapEdit:
    turned = record(
        ecosystem=drawn.ecosystem,
        key=key,
        by=by,
        kind=MapEditKind.UNDO if back else MapEditKind.REDO,
        act=_Turn(drawn, edit, back=back),
        about=edit,
    )
    edit.undone = back
    edit.save(update_fields=["undone"])
    return turned


class _Turn:
    """The act that puts every row of an edit to what it was before it, or after it where it is done again."""

    def __init__(self, drawn: CausalMap, edit: MapEdit, *, back: bool) -> None:
        self.drawn, self.edit = drawn, edit
        self.back = back

    def __call__(self, sheet: MapSheet) -> None:
        changes: list[Change] = self.edit.changes
        for change in changes:
            if change["of"] == FACTOR:
                self._factor(sheet, change)
        for change in changes:
            if change["of"] != FACTOR:
                self._link(sheet, change)
        self._check(sheet)

    def _factor(self, sheet: MapSheet, change: Change) -> None:
        now = sheet.factors.get(change["id"])
        expected, wanted = self._sides(change)
        if now is None or expected is None or wanted is None:
            raise self._changed(change)
        state = {field: getattr(now, field) for field in expected}
        if state != expected:
            raise self._changed(change)
        sheet.factors[change["id"]] = replace(now, **wanted)

    def _link(self, sheet: MapSheet, change: Change) -> None:
        expected, wanted = self._sides(change)
        if sheet.links.get(change["id"]) != (LinkState(**expected) if expected else None):
            raise self._changed(change)
        if wanted is None:
            del sheet.links[change["id"]]
        else:
            sheet.links[change["id"]] = LinkState(**wanted)

    def _sides(self, change: Change) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """What the row should be now, and what it is to become."""
        return (change["after"], change["before"]) if self.back else (change["before"], change["after"])

    def _check(self, sheet: MapSheet) -> None:
        """Say what stands in the way, where the turned edit does not fit what others did meanwhile."""
        opinions: dict[tuple[int, int, int], int] = {}
        for pk, link in sheet.links.items():
            names = [sheet.factors[end].name for end in (link.source, link.target)]
            if opinions.setdefault(link.opinion, pk) != pk:
                raise ChangedMeanwhile(
                    _("Somebody has drawn the link from “%(source)s” to “%(target)s” since. Change that one instead.")
                    % {"source": names[0], "target": names[1]}
                )
            for end in (link.source, link.target):
                if sheet.factors[end].on_map:
                    continue
                told = {"name": sheet.factors[end].name}
                if pk in sheet.links_before:
                    raise ChangedMeanwhile(
                        _("Somebody has linked “%(name)s” since. Remove these links first, or leave it.") % told
                    )
                raise ChangedMeanwhile(_("“%(name)s” is no longer on the map. Bring it back first.") % told)

    def _changed(self, change: Change) -> ChangedMeanwhile:
        turned = Q(pk=self.edit.pk) | Q(about=self.edit)
        own = MapEdit.objects.filter(turned, map=self.drawn).aggregate(last=Max("revision"))["last"]
        other = last_to_touch(drawn=self.drawn, of=change["of"], pk=change["id"], since=own)
        who = other.by if other and other.by_id != self.edit.by_id else None
        told = {"what": _named(change["names"]), "who": str(who) if who else ""}
        if told["who"]:
            return ChangedMeanwhile(_("%(who)s has changed %(what)s since. Change it by hand instead.") % told)
        return ChangedMeanwhile(_("%(what)s has changed since. Change it by hand instead.") % told)


def _named(names: Iterable[str]) -> str:
    return ARROW.join(f"“{name}”" for name in names)
