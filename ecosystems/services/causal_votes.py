"""Votes on what influences what, taken into an ecosystem's causal map from wherever they were given."""

import io
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, LinkVote
from ecosystems.services.map_sheet import LONGEST_CODE, LONGEST_NAME, MOST_FACTORS, MapSheet, clean_name
from ecosystems.services.map_writing import write_edit

NULL: Final = r"\N"
_shuffled: Final = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class FactorName:
    """A factor as it was called; `facet` ties it to the instrument, or ''. One name, in any case, is one factor.

    `key` is its primary key where that is known: then it is this factor, whatever it is called by now.
    """

    name: str
    facet: str = field(default="", compare=False)
    key: int = 0

    @property
    def stored(self) -> str:
        return clean_name(self.name)[:LONGEST_NAME].strip()


@dataclass(frozen=True, slots=True)
class GivenLink:
    """One voice on one link: `effect` −3…+3, `delay` 0–2 or None, `group` a stakeholder group or ''."""

    source: FactorName
    target: FactorName
    effect: int
    delay: int | None
    group: str
    voice: UUID


class Taken(NamedTuple):
    """How many votes of the origin there are now, and the map's revision; None where it stayed as it was."""

    votes: int
    revision: int | None


@transaction.atomic
def replace_votes(*, ecosystem: Ecosystem, origin: str, shown_from: int, links: Iterable[GivenLink]) -> Taken:
    """Let these be the votes from `origin`, in no order that tells anything; twice is the same as once.

    Factors that the map does not know are added, and those that were off it come back, as one step of its history; one
    given by its key stays off the map where it was taken off, and its votes are kept until it comes back. Of several
    votes of a voice on one link the last one stands; a link from a factor to itself is passed over.
    """
    links = list(links)
    gone, _rows = LinkVote.objects.filter(ecosystem=ecosystem, origin=origin).delete()
    if not links and not gone:
        return Taken(0, None)
    voted = _VotedFactors(links)
    edit, _is_new = write_edit(ecosystem=ecosystem, key=uuid4(), by=None, kind=MapEditKind.VOTES, act=voted)
    votes: dict[tuple[UUID, int, int], GivenLink] = {}
    for link in links:
        source, target = voted.keys.get(link.source), voted.keys.get(link.target)
        if source is not None and target is not None and source != target:
            votes[(link.voice, source, target)] = link
    _write(ecosystem, origin, shown_from, votes)
    return Taken(len(votes), edit.revision)


def _write(
    ecosystem: Ecosystem, origin: str, shown_from: int, votes: Mapping[tuple[UUID, int, int], GivenLink]
) -> None:
    """In one go, for a survey of thousands has tens of thousands of votes and whoever closes it waits."""
    rows = [
        f"{uuid4()}\t{ecosystem.pk}\t{source}\t{target}\t{link.effect}\t"
        f"{NULL if link.delay is None else link.delay}\t{link.group}\t{voice}\t{origin}\t{shown_from}\n"
        for (voice, source, target), link in votes.items()
    ]
    _shuffled.shuffle(rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            'COPY ecosystems_linkvote (key, ecosystem_id, source_id, target_id, effect, delay, "group", voice, origin,'
            " shown_from) FROM STDIN",
            io.StringIO("".join(rows)),
        )


class _VotedFactors:
    """The act that finds or makes the factors of some links; afterwards `keys` holds them."""

    def __init__(self, links: Iterable[GivenLink]) -> None:
        self.pairs = {(link.source, link.target) for link in links}
        self.names = sorted({end for pair in self.pairs for end in pair if end.stored}, key=lambda one: one.name)
        self.keys: dict[FactorName, int] = {}

    def __call__(self, sheet: MapSheet) -> None:
        for name in self.names:
            self.keys[name] = _factor(sheet, name)
        sheet.voted = {
            (self.keys[source], self.keys[target])
            for source, target in self.pairs
            if source in self.keys and target in self.keys
        }


def _factor(sheet: MapSheet, given: FactorName) -> int:
    if given.key in sheet.factors:
        return given.key
    known, facet = sheet.named(given.stored), given.facet[:LONGEST_CODE]
    if known is None:
        known = sheet.add(given.stored, facet)
        if len(sheet.on_map) > MOST_FACTORS:  # what was voted is kept, for when there is room
            sheet.take_off(known)
        return known
    one = sheet.factors[known]
    fits = one.on_map or len(sheet.on_map) < MOST_FACTORS
    sheet.factors[known] = replace(one, on_map=fits, facet=one.facet or facet)
    return known
