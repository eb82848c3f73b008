"""Bringing a map in from a file: what would happen, then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.imports.maps.document import FileProblem, ReadFactor, Reading, ReadLink
from assessments.services.maps.bulk import bring_in, replace_or_merge
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, LinkVote, MapEdit, User
from ecosystems.names import name_key
from ecosystems.services.map_problems import MapProblem
from ecosystems.services.map_sheet import MapSheet


@dataclass(frozen=True, slots=True)
class MapPreview:
    """
    What an import would do. With problems it does nothing.

    `known` factors are on the map already; `tied` are those of them that would be tied to a facet or an indicator.
    `changed_links` take another strength or delay; `passed_over` counts links that people have voted on here.
    """

    problems: tuple[FileProblem, ...] = ()
    notes: tuple[FileProblem, ...] = ()
    added: tuple[ReadFactor, ...] = ()
    known: int = 0
    tied: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    new_links: tuple[ReadLink, ...] = ()
    changed_links: tuple[ReadLink, ...] = ()
    removed_links: int = 0
    passed_over: int = 0

    @property
    def can_be_saved(self) -> bool:
        return not self.problems and self.changes_something

    @property
    def changes_something(self) -> bool:
        return bool(self.added or self.tied or self.removed or self.new_links or self.changed_links) or (
            self.removed_links > 0
        )


def preview_import(*, ecosystem: Ecosystem, reading: Reading, replace: bool) -> MapPreview:
    """What `import_map` would do with the map as it is now. Nothing is saved."""
    if reading.problems:
        return MapPreview(problems=reading.problems, notes=reading.notes)
    links = _not_voted_on(ecosystem, reading)
    sheet = MapSheet(ecosystem)
    try:
        bring_in(sheet, reading.factors, links, replace=replace)
        sheet.check()
    except MapProblem as problem:
        return MapPreview(problems=(FileProblem("", str(problem)),), notes=reading.notes)
    return _compared(sheet, reading, links)


def import_map(*, ecosystem: Ecosystem, by: User | None, key: UUID, reading: Reading, replace: bool) -> MapEdit:
    """All of a file as one edit, which can be undone as one. Raises MapProblem and then does nothing."""
    if reading.problems:
        raise MapProblem(_("The file holds mistakes. Look at it again before it is imported."))
    return replace_or_merge(
        ecosystem=ecosystem,
        key=key,
        by=by,
        factors=reading.factors,
        links=_not_voted_on(ecosystem, reading),
        kind=MapEditKind.IMPORT,
        replace=replace,
    )


def _not_voted_on(ecosystem: Ecosystem, reading: Reading) -> Sequence[ReadLink]:
    """Without links that the file has from votes where people here have voted themselves: those votes are the link."""
    if not any(link.voted for link in reading.links):
        return reading.links
    pairs = LinkVote.objects.filter(ecosystem=ecosystem).values_list("source__name", "target__name").distinct()
    voted = {(name_key(source), name_key(target)) for source, target in pairs}
    return [link for link in reading.links if not (link.voted and link.pair in voted)]


def _compared(sheet: MapSheet, reading: Reading, links: Sequence[ReadLink]) -> MapPreview:
    before, after = sheet.factors_before, sheet.factors
    shown = {name_key(one.name): one for one in before.values() if one.on_map}
    tied = tuple(
        one.name
        for pk, one in after.items()
        if pk in before
        and before[pk].on_map
        and one.on_map
        and (one.facet, one.indicator) != (before[pk].facet, before[pk].indicator)
    )
    names = {pk: name_key(one.name) for pk, one in after.items()}
    known = {(names[one.source], names[one.target], one.sign): one for one in sheet.links_before.values()}
    new, changed = [], []
    for link in links:
        there = known.get((*link.pair, link.sign))
        if there is None:
            new.append(link)
        elif (there.strength, there.delay) != (link.strength, link.delay):
            changed.append(link)
    return MapPreview(
        notes=reading.notes,
        added=tuple(factor for factor in reading.factors if factor.key not in shown),
        known=sum(factor.key in shown for factor in reading.factors),
        tied=tied,
        removed=tuple(one.name for pk, one in before.items() if one.on_map and not after[pk].on_map),
        new_links=tuple(new),
        changed_links=tuple(changed),
        removed_links=sum(pk not in sheet.links for pk in sheet.links_before),
        passed_over=len(reading.links) - len(links),
    )
