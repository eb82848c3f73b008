"""A map to begin with: what the leadership principles of the default instrument may bring about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import yaml
from django.utils.translation import gettext as _

from assessments.imports.maps.document import ReadFactor, ReadLink
from assessments.services.maps.bulk import record_large
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, MapEdit, User
from ecosystems.services.map_sheet import MapSheet

FILE: Final = Path(__file__).resolve().parents[2] / "data" / "template_map.yaml"


@dataclass(frozen=True, slots=True)
class TemplateLink:
    """Facet codes of both ends; `reason` says why one might think so."""

    source: str
    target: str
    sign: int
    strength: int
    delay: int
    reason: str


@dataclass(frozen=True, slots=True)
class TemplateMap:
    """`names` by facet code, in the order of the file."""

    title: str
    names: Mapping[str, str]
    links: tuple[TemplateLink, ...]


@dataclass(frozen=True, slots=True)
class ExplainedLink:
    """A link of the template with its reason, in the language of whoever asks."""

    link: ReadLink
    reason: str


@cache
def template_map() -> TemplateMap:
    """As the file has it, in its own language."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return TemplateMap(
        title=told["title"],
        names={one["facet"]: one["name"] for one in told["factors"]},
        links=tuple(
            TemplateLink(
                source=one["from"],
                target=one["to"],
                sign=1 if one["sign"] == "+" else -1,
                strength=one["strength"],
                delay=one["delay"],
                reason=one["reason"],
            )
            for one in told["links"]
        ),
    )


def template_factors() -> tuple[ReadFactor, ...]:
    return tuple(ReadFactor(_(name), facet) for facet, name in template_map().names.items())


def template_links() -> tuple[ExplainedLink, ...]:
    names = {facet: _(name) for facet, name in template_map().names.items()}
    return tuple(
        ExplainedLink(ReadLink(names[one.source], names[one.target], one.sign, one.strength, one.delay), _(one.reason))
        for one in template_map().links
    )


@dataclass(frozen=True, slots=True)
class TemplatePreview:
    """What the template would add to a map; `there` counts the factors that are on it already."""

    there: int
    factors: tuple[str, ...]
    links: int


def preview_template(*, ecosystem: Ecosystem) -> TemplatePreview:
    """What `start_from_template` would do. Nothing is saved."""
    sheet = MapSheet(ecosystem)
    before, links = set(sheet.on_map), len(sheet.links)
    _add(sheet)
    added = tuple(one.name for pk, one in sheet.on_map.items() if pk not in before)
    return TemplatePreview(there=len(before), factors=added, links=len(sheet.links) - links)


def start_from_template(*, ecosystem: Ecosystem, by: User | None, key: UUID) -> MapEdit:
    """Add the template's factors and links, as one edit. Raises NothingNew where all of it is there.

    It only adds: a factor tied to the same facet, or of the same name, is taken as it is, and so is what is drawn
    between two factors.
    """
    return record_large(ecosystem=ecosystem, key=key, by=by, kind=MapEditKind.TEMPLATE, act=_add)


def _add(sheet: MapSheet) -> None:
    by_facet = {one.facet: pk for pk, one in sheet.on_map.items() if one.facet}
    keys = {factor.facet: by_facet.get(factor.facet) or _factor(sheet, factor) for factor in template_factors()}
    there = {(one.source, one.target) for one in sheet.links.values()}
    for link in template_map().links:
        pair = keys[link.source], keys[link.target]
        if pair not in there and pair[0] != pair[1]:
            sheet.draw(*pair, link.sign, link.strength, link.delay)


def _factor(sheet: MapSheet, factor: ReadFactor) -> int:
    known = sheet.named(factor.name)
    if known is not None and sheet.factors[known].on_map:
        return known
    return sheet.add(factor.name, factor.facet)
