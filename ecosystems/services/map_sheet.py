"""A causal map while one edit is made: what is there, what changes, and what that means for the rest of it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from ecosystems.causal.layout import Point, beside, box_for
from ecosystems.models import DrawnLink, Ecosystem, Factor, LinkVote
from ecosystems.names import name_key, visible
from ecosystems.services.map_problems import (
    FactorGone,
    LinkGone,
    LinkThere,
    NameTaken,
    OutOfRange,
    SelfLink,
    TooLarge,
)
from ecosystems.services.map_states import Change, FactorState, LinkState, factor_changes, link_changes

LONGEST_NAME: Final = 80
LONGEST_CODE: Final = 60
MOST_FACTORS: Final = 200
MOST_LINKS: Final = 1_000
FARTHEST: Final = 20_000.0
"""Places lie within this, in units of the drawing."""
SIGNS: Final = (-1, 1)
STRENGTHS: Final = (1, 2, 3)
DELAYS: Final = (0, 1, 2)


class MapSheet:
    """
    Every factor of an ecosystem, on the map or off it, and every drawn link, by primary key.

    Acts change the sheet only; `map_writing.write_edit` saves what has become different, and makes it under the map's
    lock.
    """

    def __init__(self, ecosystem: Ecosystem) -> None:
        self.ecosystem = ecosystem
        factors = Factor.objects.filter(ecosystem=ecosystem).order_by("pk")
        links = DrawnLink.objects.filter(ecosystem=ecosystem).order_by("pk")
        self.factors: dict[int, FactorState] = {
            pk: FactorState(name, facet, indicator, x, y, on_map)
            for pk, name, facet, indicator, x, y, on_map in factors.values_list(
                "pk", "name", "facet", "indicator", "x", "y", "on_map"
            )
        }
        self.links: dict[int, LinkState] = {
            pk: LinkState(*row) for pk, *row in links.values_list("pk", "source", "target", "sign", "strength", "delay")
        }
        self.factors_before, self.links_before = dict(self.factors), dict(self.links)
        self.voted: set[tuple[int, int]] = set()
        """Links that are about to be voted on: what is linked stands together, whoever said so."""
        self._keys = {model: _keys_of(model) for model in (Factor, DrawnLink)}

    @property
    def on_map(self) -> dict[int, FactorState]:
        return {pk: one for pk, one in self.factors.items() if one.on_map}

    def factor(self, pk: int) -> FactorState:
        """A factor on the map. Raises FactorGone."""
        one = self.factors.get(pk)
        if one is None or not one.on_map:
            raise FactorGone(pk, one.name if one else "")
        return one

    def link(self, pk: int) -> LinkState:
        """Raises LinkGone."""
        if pk not in self.links:
            raise LinkGone(pk)
        return self.links[pk]

    def named(self, name: str) -> int | None:
        """The factor of this name in any case, on the map or off it."""
        wanted = name_key(clean_name(name))
        return next((pk for pk, one in self.factors.items() if name_key(one.name) == wanted), None)

    def links_of(self, factor: int) -> list[int]:
        return [pk for pk, one in self.links.items() if factor in (one.source, one.target)]

    def opinion(self, source: int, target: int, sign: int) -> int | None:
        """The link that says so, where there is one."""
        wanted = source, target, sign
        return next((pk for pk, one in self.links.items() if one.opinion == wanted), None)

    def add(self, name: str, facet: str = "", indicator: str = "", at: Point | None = None) -> int:
        """A new factor, or the one of that name that was off the map. Raises NameTaken, OutOfRange."""
        name = _name(name)
        known = self.named(name)
        if known is not None and self.factors[known].on_map:
            raise NameTaken(self.factors[known].name, known, on_map=True)
        facet, indicator, (x, y) = _code(facet), _code(indicator), _place(at) if at else (None, None)
        if known is None:
            known = next(self._keys[Factor])
            self.factors[known] = FactorState(name, facet, indicator, x, y)
        else:
            old = self.factors[known]
            self.factors[known] = FactorState(name, facet or old.facet, indicator or old.indicator, x, y)
        return known

    def change(self, factor: int, *, name: str, facet: str, indicator: str) -> None:
        """Raises FactorGone, NameTaken, OutOfRange."""
        one, name = self.factor(factor), _name(name)
        other = self.named(name)
        if other is not None and other != factor:
            raise NameTaken(self.factors[other].name, other, on_map=self.factors[other].on_map)
        self.factors[factor] = replace(one, name=name, facet=_code(facet), indicator=_code(indicator))

    def take_off(self, factor: int) -> None:
        """Off the map, with its drawn links; votes on it are kept. Raises FactorGone."""
        one = self.factor(factor)
        for link in self.links_of(factor):
            del self.links[link]
        self.factors[factor] = replace(one, on_map=False)

    def move(self, factor: int, to: Point) -> None:
        """Raises FactorGone, OutOfRange."""
        x, y = _place(to)
        self.factors[factor] = replace(self.factor(factor), x=x, y=y)

    def draw(self, source: int, target: int, sign: int, strength: int = 2, delay: int = 0) -> int:
        """A link; drawn once more it takes the new strength and delay. An opposite one stands beside it.

        Raises SelfLink, FactorGone, OutOfRange.
        """
        if source == target:
            raise SelfLink
        self.factor(source), self.factor(target)
        return self.put(LinkState(source, target, *_weights(sign, strength, delay)))

    def put(self, link: LinkState) -> int:
        """Let there be this link, in the row of the one that says the same where there is one."""
        known = self.opinion(*link.opinion)
        if known is None:
            known = next(self._keys[DrawnLink])
        self.links[known] = link
        return known

    def change_link(self, link: int, *, sign: int, strength: int, delay: int) -> None:
        """Raises LinkGone, LinkThere, OutOfRange."""
        one = self.link(link)
        sign, strength, delay = _weights(sign, strength, delay)
        if self.opinion(one.source, one.target, sign) not in (None, link):
            raise LinkThere(sign)
        self.links[link] = replace(one, sign=sign, strength=strength, delay=delay)

    def remove_link(self, link: int) -> None:
        """Raises LinkGone."""
        self.link(link)
        del self.links[link]

    def rename_off_map(self, factor: int) -> None:
        """Give a factor that is off the map another name, so that its own is free."""
        one, number = self.factors[factor], 2
        while self.named(name := f"{one.name[: LONGEST_NAME - 6]} ({number})") is not None:
            number += 1
        self.factors[factor] = replace(one, name=name)

    def place_the_rest(self) -> None:
        """Find places for factors that have none, beside the others, which stay where they are."""
        on_map = self.on_map
        free = [pk for pk, one in on_map.items() if not one.is_placed]
        if not free:
            return
        found = beside(
            [str(pk) for pk in sorted(free, key=lambda pk: (on_map[pk].name.casefold(), pk))],
            {str(pk): (one.x, one.y) for pk, one in on_map.items() if one.x is not None and one.y is not None},
            [(str(source), str(target)) for source, target in self.linked() if {source, target} <= on_map.keys()],
            {str(pk): box_for(one.name) for pk, one in on_map.items()},
        )
        for pk in free:
            self.factors[pk] = replace(on_map[pk], x=found[str(pk)][0], y=found[str(pk)][1])

    def linked(self) -> list[tuple[int, int]]:
        """Source and target of every link, drawn or voted, also of factors that are off the map."""
        votes = LinkVote.objects.filter(ecosystem=self.ecosystem).values_list("source_id", "target_id").distinct()
        return sorted({*votes, *self.voted, *((one.source, one.target) for one in self.links.values())})

    def check(self) -> None:
        """Whether a map can be so, whatever was done. Raises FactorGone, NameTaken, LinkThere, TooLarge."""
        names: dict[str, int] = {}
        for pk, one in sorted(self.factors.items(), key=lambda item: item[1] != self.factors_before.get(item[0])):
            other = names.setdefault(name_key(one.name), pk)
            if other != pk and one != self.factors_before.get(pk):
                raise NameTaken(self.factors[other].name, other, on_map=self.factors[other].on_map)
        opinions: dict[tuple[int, int, int], int] = {}
        for pk, link in self.links.items():
            for end in (link.source, link.target):
                self.factor(end)
            if opinions.setdefault(link.opinion, pk) != pk:
                raise LinkThere(link.sign)
        if len(self.on_map) > max(MOST_FACTORS, sum(one.on_map for one in self.factors_before.values())):
            raise TooLarge(_("A map holds up to %(most)s factors. Take some off first.") % {"most": MOST_FACTORS})
        if len(self.links) > max(MOST_LINKS, len(self.links_before)):
            raise TooLarge(_("A map holds up to %(most)s links. Remove some first.") % {"most": MOST_LINKS})

    def changes(self) -> list[Change]:
        """What has become different since the sheet was made."""
        return [
            *factor_changes(self.factors_before, self.factors),
            *link_changes(self.links_before, self.links, self.factors),
        ]


def clean_name(name: str) -> str:
    """One line without control characters and marks that nobody sees."""
    plain = "".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in name)
    return " ".join(visible(plain).split())


def _name(name: str) -> str:
    name = clean_name(name)
    if not name:
        raise OutOfRange(_("Give the factor a name."))
    if len(name) > LONGEST_NAME:
        raise OutOfRange(_("Shorten the name to %(most)s characters or fewer.") % {"most": LONGEST_NAME})
    return name


def _code(code: str) -> str:
    code = clean_name(code)
    if len(code) > LONGEST_CODE:
        raise OutOfRange(_("Choose one of the scores offered."))
    return code


def _place(at: Point) -> Point:
    if not all(isfinite(one) and abs(one) <= FARTHEST for one in at):
        raise OutOfRange(_("This place is too far out. Put the factor nearer to the others."))
    return round(float(at[0]), 1), round(float(at[1]), 1)


def _weights(sign: int, strength: int, delay: int) -> tuple[int, int, int]:
    if sign not in SIGNS:
        raise OutOfRange(_("Say whether the link raises or lowers."))
    if strength not in STRENGTHS:
        raise OutOfRange(_("Choose a strength from 1 to 3."))
    if delay not in DELAYS:
        raise OutOfRange(_("Choose a delay: at once, within months, or after a year or more."))
    return int(sign), int(strength), int(delay)


def _keys_of(model: type[Factor] | type[DrawnLink]) -> Iterator[int]:
    """Primary keys for new rows, before they are saved: ever larger handfuls, so that a large import asks rarely."""
    table, some = model._meta.db_table, 1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, some]
            )
            yield from [int(row[0]) for row in cursor.fetchall()]
        some = min(some * 10, 1000)
