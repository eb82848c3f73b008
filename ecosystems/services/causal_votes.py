"""Votes on what influences what, taken into an ecosystem's causal map from wherever they were given."""

import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, LinkVote, MapEdit
from ecosystems.services.map_sheet import LONGEST_CODE, LONGEST_NAME, MOST_FACTORS, MapSheet, clean_name
from ecosystems.services.map_writing import write_edit

NULL: Final = r"\N"
_shuffled: Final = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class FactorName:
    """A factor as it was called; `facet` ties it to the instrument, or ''. One name, in any case, is one factor."""

    name: str
    facet: str = field(default="", compare=False)

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


class VoteOnFactors(NamedTuple):
    """One voice on one link of which the factors are known, by their primary keys."""

    source: int
    target: int
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

    Factors that the map does not know are added, and those that were off it come back, as one step of its history. Of
    several votes of a voice on one link the last one stands; a link from a factor to itself is passed over.
    """
    links = list(links)
    gone, _rows = LinkVote.objects.filter(ecosystem=ecosystem, origin=origin).delete()
    if not links and not gone:
        return Taken(0, None)
    voted = _VotedFactors(links)
    edit, _is_new = write_edit(ecosystem=ecosystem, key=uuid4(), by=None, kind=MapEditKind.VOTES, act=voted)
    votes: dict[tuple[UUID, int, int], VoteOnFactors] = {}
    for link in links:
        source, target = voted.keys.get(link.source), voted.keys.get(link.target)
        if source is not None and target is not None and source != target:
            one = VoteOnFactors(source, target, link.effect, link.delay, link.group, link.voice)
            votes[(link.voice, source, target)] = one
    _write(ecosystem, origin, shown_from, [*votes.values()])
    return Taken(len(votes), edit.revision)


@transaction.atomic
def add_votes(
    *, ecosystem: Ecosystem, origin: str, shown_from: int, handfuls: Iterable[Sequence[VoteOnFactors]]
) -> int:
    """Write votes on known factors, a handful at a time, and give back how many there were.

    However many there are, nobody else waits: nothing of the map is locked, and nobody sees them before the caller's
    transaction ends, in which `note_votes` says so. Handfuls keep the order in which they come: let that be one which
    tells nothing. A factor that is off the map stays there; its votes count when it comes back.
    """
    number = 0
    for votes in handfuls:
        _write(ecosystem, origin, shown_from, votes)
        number += len(votes)
    connection.check_constraints()  # what rows refer to is looked up now, not at the end, when something is locked
    return number


def note_votes(*, ecosystem: Ecosystem) -> MapEdit:
    """Say that votes were added, as one step of the map's history; the map is locked from here on."""
    return write_edit(ecosystem=ecosystem, key=uuid4(), by=None, kind=MapEditKind.VOTES, act=lambda _sheet: None).edit


def _write(ecosystem: Ecosystem, origin: str, shown_from: int, votes: Sequence[VoteOnFactors]) -> None:
    """In one go, and in no order."""
    rows = [
        f"{uuid4()}\t{ecosystem.pk}\t{one.source}\t{one.target}\t{one.effect}\t"
        f"{NULL if one.delay is None else one.delay}\t{one.group}\t{one.voice}\t{origin}\t{shown_from}\n"
        for one in votes
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
