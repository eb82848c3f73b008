"""Votes on what influences what, taken into an ecosystem's causal map from wherever they were given."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower

from ecosystems.models import Ecosystem, Factor, LinkVote

LONGEST_NAME: Final = 80
_shuffled: Final = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class FactorName:
    """A factor as it was called; `facet` ties it to the instrument, or ''. One name, in any case, is one factor."""

    name: str
    facet: str = field(default="", compare=False)

    @property
    def stored(self) -> str:
        return " ".join(self.name.split())[:LONGEST_NAME].strip()


@dataclass(frozen=True, slots=True)
class GivenLink:
    """One voice on one link: `effect` −3…+3, `delay` 0–2 or None, `group` a stakeholder group or ''."""

    source: FactorName
    target: FactorName
    effect: int
    delay: int | None
    group: str
    voice: UUID


@transaction.atomic
def replace_votes(*, ecosystem: Ecosystem, origin: str, shown_from: int, links: Iterable[GivenLink]) -> int:
    """Let these be the votes from `origin`, in no order that tells anything; twice is the same as once.

    Factors that the map does not know are added. Of several votes of a voice on one link the last one stands; a link
    from a factor to itself is passed over. Returns how many votes there are now.
    """
    LinkVote.objects.filter(ecosystem=ecosystem, origin=origin).delete()
    links = list(links)
    factors = {
        name: _factor(ecosystem, name)
        for name in sorted({end for link in links for end in (link.source, link.target)}, key=lambda one: one.name)
        if name.stored
    }
    votes = {}
    for link in links:
        source, target = factors.get(link.source), factors.get(link.target)
        if source is None or target is None or source == target:
            continue
        votes[(link.voice, source.pk, target.pk)] = LinkVote(
            ecosystem=ecosystem,
            source=source,
            target=target,
            effect=link.effect,
            delay=link.delay,
            group=link.group,
            voice=link.voice,
            origin=origin,
            shown_from=shown_from,
        )
    rows = list(votes.values())
    _shuffled.shuffle(rows)
    LinkVote.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _factor(ecosystem: Ecosystem, given: FactorName) -> Factor:
    known = _known(ecosystem, given)
    if known is None:
        try:
            with transaction.atomic():
                return Factor.objects.create(ecosystem=ecosystem, name=given.stored, facet=given.facet[:60])
        except IntegrityError:  # somebody else added it this moment
            known = _known(ecosystem, given)
            if known is None:
                raise
    if given.facet and not known.facet:
        known.facet = given.facet[:60]
        known.save(update_fields=["facet"])
    return known


def _known(ecosystem: Ecosystem, given: FactorName) -> Factor | None:
    named = Factor.objects.annotate(lowered=Lower("name"))
    return named.filter(ecosystem=ecosystem, lowered=Lower(Value(given.stored))).first()
