"""Edits of a causal map, each one step of its history. All of them raise MapProblem with what to do about it."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.services.maps.recording import record
from ecosystems.causal.layout import Point
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, MapEdit, User
from ecosystems.services.map_layout import layout_of
from ecosystems.services.map_problems import ChangedMeanwhile, OutOfRange
from ecosystems.services.map_sheet import MapSheet, clean_name

TIED: Final = ("name", "facet", "indicator")


def add_factor(
    *,
    ecosystem: Ecosystem,
    key: UUID,
    by: User | None,
    name: str,
    facet: str = "",
    indicator: str = "",
    x: float | None = None,
    y: float | None = None,
) -> MapEdit:
    """Add a factor; one of that name that was off the map comes back. Without a place it gets one beside the others."""
    if (x is None) != (y is None):
        raise OutOfRange(_("A place has two numbers: from the left, and from the top."))
    at = None if x is None or y is None else (x, y)
    return record(
        ecosystem=ecosystem,
        key=key,
        by=by,
        kind=MapEditKind.ADD_FACTOR,
        act=lambda sheet: sheet.add(name, facet, indicator, at),
    )


def change_factor(
    *,
    ecosystem: Ecosystem,
    key: UUID,
    by: User | None,
    factor: int,
    name: str,
    facet: str = "",
    indicator: str = "",
    seen: Mapping[str, str] | None = None,
) -> MapEdit:
    """Rename a factor or tie it to something else.

    `seen` holds name, facet and indicator as they were when the person began: what they did not touch stays as others
    made it meanwhile, and what both changed raises ChangedMeanwhile.
    """
    wanted = {"name": clean_name(name), "facet": facet, "indicator": indicator}

    def act(sheet: MapSheet) -> None:
        one = sheet.factor(factor)
        now = {field: str(getattr(one, field)) for field in TIED}
        for field, before in (seen or {}).items():
            if field not in wanted or now[field] == before or now[field] == wanted[field]:
                continue
            if wanted[field] != before:
                raise ChangedMeanwhile(
                    _("Somebody else changed this factor, now called “%(name)s”. Look at it, then save.")
                    % {"name": one.name}
                )
            wanted[field] = now[field]
        sheet.change(factor, **wanted)

    return record(ecosystem=ecosystem, key=key, by=by, kind=MapEditKind.CHANGE_FACTOR, act=act)


def remove_factor(*, ecosystem: Ecosystem, key: UUID, by: User | None, factor: int) -> MapEdit:
    """Take a factor off the map with its drawn links. Votes are kept, and so is its row."""
    return record(
        ecosystem=ecosystem,
        key=key,
        by=by,
        kind=MapEditKind.REMOVE_FACTOR,
        act=lambda sheet: sheet.take_off(factor),
    )


def move(*, ecosystem: Ecosystem, key: UUID, by: User | None, places: Mapping[int, Point]) -> MapEdit:
    """Put factors elsewhere: factor → the middle of its box."""

    def act(sheet: MapSheet) -> None:
        for factor, to in places.items():
            sheet.move(factor, to)

    return record(ecosystem=ecosystem, key=key, by=by, kind=MapEditKind.MOVE, act=act)


def draw_link(
    *,
    ecosystem: Ecosystem,
    key: UUID,
    by: User | None,
    source: int,
    target: int,
    sign: int,
    strength: int = 2,
    delay: int = 0,
) -> MapEdit:
    """Draw a link; one of the opposite sign may stand beside it. Drawn once more it changes strength and delay."""
    return record(
        ecosystem=ecosystem,
        key=key,
        by=by,
        kind=MapEditKind.DRAW_LINK,
        act=lambda sheet: sheet.draw(source, target, sign, strength, delay),
    )


def change_link(
    *, ecosystem: Ecosystem, key: UUID, by: User | None, link: int, sign: int, strength: int, delay: int
) -> MapEdit:
    return record(
        ecosystem=ecosystem,
        key=key,
        by=by,
        kind=MapEditKind.CHANGE_LINK,
        act=lambda sheet: sheet.change_link(link, sign=sign, strength=strength, delay=delay),
    )


def remove_link(*, ecosystem: Ecosystem, key: UUID, by: User | None, link: int) -> MapEdit:
    return record(
        ecosystem=ecosystem,
        key=key,
        by=by,
        kind=MapEditKind.REMOVE_LINK,
        act=lambda sheet: sheet.remove_link(link),
    )


def lay_out(*, ecosystem: Ecosystem, key: UUID, by: User | None) -> MapEdit:
    """Find places for all factors anew: before the map is locked, so that others can go on drawing meanwhile."""
    found = layout_of(MapSheet(ecosystem))
    return record(ecosystem=ecosystem, key=key, by=by, kind=MapEditKind.LAY_OUT, act=found.put_into)
