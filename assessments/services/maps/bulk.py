"""Many factors and links at once, as one edit: merged into a map by their names, or in place of what is on it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace as changed
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.imports.maps.document import ReadFactor, ReadLink
from assessments.services.maps.recording import record
from assessments.services.maps.versions import keep_if_changed
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, MapEdit, User
from ecosystems.names import name_key
from ecosystems.services.map_problems import MapProblem
from ecosystems.services.map_sheet import MapSheet
from ecosystems.services.map_writing import Act, known_edit, locked_map


class NothingNew(MapProblem):
    """All of it is on the map already."""

    def __init__(self) -> None:
        super().__init__(_("All of this is on the map already. Nothing has been changed."))


@transaction.atomic
def replace_or_merge(
    *,
    ecosystem: Ecosystem,
    key: UUID,
    by: User | None,
    factors: Sequence[ReadFactor],
    links: Sequence[ReadLink],
    kind: MapEditKind,
    replace: bool,
) -> MapEdit:
    """Bring all of it in as one edit, or nothing; the map as it was is kept as a version before.

    Raises MapProblem, NothingNew where all of it is there.
    """
    return record_large(
        ecosystem=ecosystem,
        key=key,
        by=by,
        kind=kind,
        act=lambda sheet: bring_in(sheet, factors, links, replace=replace),
    )


@transaction.atomic
def record_large(*, ecosystem: Ecosystem, key: UUID, by: User | None, kind: MapEditKind, act: Act) -> MapEdit:
    """An edit of many things: the map is kept as a version before. Raises NothingNew where it would change nothing."""
    drawn = locked_map(ecosystem=ecosystem)
    if known := known_edit(drawn=drawn, key=key):
        return known
    told = {MapEditKind.IMPORT: _("Kept before a map was imported.")}
    keep_if_changed(ecosystem=ecosystem, by=by, note=told.get(kind, _("Kept before the template was added.")))

    def act_on(sheet: MapSheet) -> None:
        act(sheet)
        if not sheet.changes():
            raise NothingNew

    return record(ecosystem=ecosystem, key=key, by=by, kind=kind, act=act_on)


def bring_in(sheet: MapSheet, factors: Iterable[ReadFactor], links: Iterable[ReadLink], *, replace: bool) -> None:
    """
    Factors are known by their names in any case; those off the map come back.

    Merged, a factor on the map keeps its place and what it is tied to, and a link that is drawn already takes the new
    strength and delay. With `replace` what is not among these leaves the map; votes are kept all the same.
    """
    factors, links = list(factors), list(links)
    if replace:
        _clear(sheet, {one.key for one in factors}, links)
    keys = {factor.key: _factor(sheet, factor, replace=replace) for factor in factors}
    for link in links:
        source, target = link.pair
        sheet.draw(keys[source], keys[target], link.sign, link.strength, link.delay)


def _clear(sheet: MapSheet, wanted: Collection[str], links: Iterable[ReadLink]) -> None:
    names = {pk: name_key(one.name) for pk, one in sheet.on_map.items()}
    for pk, name in names.items():
        if name not in wanted:
            sheet.take_off(pk)
    told = {(*link.pair, link.sign) for link in links}
    for pk, one in list(sheet.links.items()):
        if (names.get(one.source), names.get(one.target), one.sign) not in told:
            sheet.remove_link(pk)


def _factor(sheet: MapSheet, factor: ReadFactor, *, replace: bool) -> int:
    at = None if factor.x is None or factor.y is None else (factor.x, factor.y)
    known = sheet.named(factor.name)
    if known is None or not sheet.factors[known].on_map:
        return sheet.add(factor.name, factor.facet, factor.indicator, at)
    one = sheet.factors[known]
    if replace:
        facet, indicator = factor.facet or one.facet, factor.indicator or one.indicator
    else:
        facet, indicator = one.facet or factor.facet, one.indicator or factor.indicator
    if (facet, indicator) != (one.facet, one.indicator):
        sheet.factors[known] = changed(one, facet=facet, indicator=indicator)
    if at is not None and (replace or not one.is_placed):
        sheet.move(known, at)
    return known
