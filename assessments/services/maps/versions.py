"""Keeping a causal map as it is, and going back to what was kept."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.services.maps.recording import record
from ecosystems.enums import MapEditKind
from ecosystems.models import CausalMap, Ecosystem, MapEdit, MapVersion, User
from ecosystems.names import name_key
from ecosystems.selectors.map_versions import content_of
from ecosystems.services.map_problems import OutOfRange
from ecosystems.services.map_sheet import MapSheet, clean_name
from ecosystems.services.map_states import FactorState, LinkState
from ecosystems.services.map_writing import known_edit, locked_map

LONGEST_NAME = 80
LONGEST_NOTE = 300


@transaction.atomic
def keep_version(*, ecosystem: Ecosystem, by: User | None, name: str, note: str = "") -> MapVersion:
    """Keep the map as it is now. Raises OutOfRange."""
    name, note = clean_name(name), clean_name(note)
    if not name:
        raise OutOfRange(_("Give the version a name."))
    if len(name) > LONGEST_NAME:
        raise OutOfRange(_("Shorten the name to %(most)s characters or fewer.") % {"most": LONGEST_NAME})
    if len(note) > LONGEST_NOTE:
        raise OutOfRange(_("Shorten the note to %(most)s characters or fewer.") % {"most": LONGEST_NOTE})
    return _keep(locked_map(ecosystem=ecosystem), by, name, note)


@transaction.atomic
def keep_if_changed(*, ecosystem: Ecosystem, by: User | None, name: str = "", note: str = "") -> MapVersion | None:
    """Keep the map unless nobody has begun it, or the last version holds it as it is; longer words are cut."""
    if not CausalMap.objects.filter(ecosystem=ecosystem, revision__gt=0).exists():
        return None
    drawn = locked_map(ecosystem=ecosystem)
    last = drawn.versions.order_by("number").last()
    if last is not None and last.revision == drawn.revision:
        return None
    return _keep(drawn, by, name, note)


@transaction.atomic
def keep_content(
    *, drawn: CausalMap, by: User | None, name: str, note: str, revision: int, content: dict[str, Any]
) -> MapVersion:
    """Keep the map as it was at a revision. Call it with the map locked; longer words are cut."""
    last = drawn.versions.order_by("number").values_list("number", flat=True).last()
    return MapVersion.objects.create(
        map=drawn,
        number=(last or 0) + 1,
        name=clean_name(name)[:LONGEST_NAME],
        note=clean_name(note)[:LONGEST_NOTE],
        revision=revision,
        content=content,
        by=by,
    )


@transaction.atomic
def restore_version(*, version: MapVersion, by: User | None, key: UUID) -> MapEdit:
    """Make the map what this version holds, as one edit that can be undone; the map as it was is kept before.

    Votes are not part of it: they stay as they are. Raises MapProblem.
    """
    ecosystem = version.map.ecosystem
    drawn = locked_map(ecosystem=ecosystem)
    if known := known_edit(drawn=drawn, key=key):
        return known
    note = _("Kept before going back to version %(number)s.") % {"number": version.number}
    keep_if_changed(ecosystem=ecosystem, by=by, note=note)
    return record(ecosystem=ecosystem, key=key, by=by, kind=MapEditKind.RESTORE, act=_Restore(version.content))


def _keep(drawn: CausalMap, by: User | None, name: str, note: str) -> MapVersion:
    content = content_of(drawn.ecosystem)
    return keep_content(drawn=drawn, by=by, name=name, note=note, revision=drawn.revision, content=content)


class _Restore:
    """The act that makes a map what a version holds. Factors and links that are still there keep their rows."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def __call__(self, sheet: MapSheet) -> None:
        wanted = {one["id"]: one for one in self.content["factors"] if one["id"] in sheet.factors}
        self._links(sheet, set(wanted))
        for factor in sheet.on_map.keys() - wanted.keys():
            sheet.take_off(factor)
        taken = {name_key(one["name"]) for one in wanted.values()}
        for factor, state in list(sheet.factors.items()):
            if factor not in wanted and name_key(state.name) in taken:
                sheet.rename_off_map(factor)
        for factor, one in wanted.items():
            sheet.factors[factor] = FactorState(one["name"], one["facet"], one["indicator"], one["x"], one["y"])

    def _links(self, sheet: MapSheet, factors: set[int]) -> None:
        wanted = [LinkState(**one) for one in self.content["links"] if {one["source"], one["target"]} <= factors]
        opinions = {link.opinion for link in wanted}
        for pk in [pk for pk, link in sheet.links.items() if link.opinion not in opinions]:
            del sheet.links[pk]
        for link in wanted:
            sheet.put(link)
