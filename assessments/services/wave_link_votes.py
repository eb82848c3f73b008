"""Votes on links that were given in a wave: on the causal map once it is closed, all at once, never before."""

from collections.abc import Iterator
from itertools import islice
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.db.models import Count

from assessments.enums import CANT_SAY, WaveState
from assessments.models import Response, Wave, WaveMap
from assessments.services.maps.recording import map_changed
from ecosystems.enums import StakeholderGroup
from ecosystems.models import Factor, LinkVote
from ecosystems.services.causal_votes import VoteOnFactors, add_votes, replace_votes

HANDFUL: Final = 1000
"""So many answers are read and written together: a wave of any size takes the same memory."""


def origin_of(wave: Wave) -> str:
    """Where votes of this wave say they were given."""
    return f"wave:{wave.pk}"


@transaction.atomic
def give_votes(*, wave: Wave) -> bool:
    """Write what people said of links, for the ecosystem's causal map; whether anybody said something.

    Twice is the same as once. Nobody sees them before the caller's transaction ends: one by one votes could be told
    from the difference (rule D2). On each link they count where at least the wave's smallest group gave one, as any
    other votes that came together.
    """
    if not wave.map_links:
        return False
    ecosystem, origin = wave.assessment.ecosystem, origin_of(wave)
    LinkVote.objects.filter(ecosystem=ecosystem, origin=origin).delete()
    handfuls = _given(wave)
    return add_votes(ecosystem=ecosystem, origin=origin, shown_from=wave.min_group_size, handfuls=handfuls) > 0


@transaction.atomic
def take_back_votes(*, wave: Wave) -> None:
    """As if nothing had been said of links: before the wave is opened again, or deleted with all that was said."""
    if not wave.map_links:
        return
    ecosystem = wave.assessment.ecosystem
    taken = replace_votes(ecosystem=ecosystem, origin=origin_of(wave), shown_from=wave.min_group_size, links=())
    if taken.revision is not None:
        map_changed(ecosystem=ecosystem, revision=taken.revision)


def are_shown(wave: Wave) -> bool:
    """Whether the map shows what was said in this wave on at least one link."""
    if not wave.map_links:
        return False
    votes = LinkVote.objects.filter(ecosystem=wave.assessment.ecosystem_id, origin=origin_of(wave))
    on_links = votes.values("source", "target").order_by().annotate(number=Count("pk"))
    return on_links.filter(number__gte=wave.min_group_size).exists()


def are_waiting(wave: Wave) -> bool:
    """Whether the wave is closed and what was said of links in it is still to be counted."""
    asked = wave.state == WaveState.CLOSED and bool(wave.map_links)
    return asked and WaveMap.objects.filter(wave=wave, drawn__isnull=False).exists()


def _given(wave: Wave) -> Iterator[list[VoteOnFactors]]:
    """Every voice under a name of its own, which leads back to no response, as does the order in which they come."""
    ends, groups = _ends(wave), frozenset(StakeholderGroup.values)
    answers = Response.objects.filter(wave=wave).exclude(link_values=None).order_by("?")
    rows = answers.values_list("link_values", "group__key").iterator(chunk_size=HANDFUL)
    while some := list(islice(rows, HANDFUL)):
        votes = []
        for values, group in some:
            voice, known = uuid4(), group if group in groups else ""
            for pair, effect, delay in zip(ends, (values or [])[::2], (values or [])[1::2], strict=False):
                if pair is not None and effect is not None and effect != CANT_SAY:
                    votes.append(VoteOnFactors(*pair, effect, delay, known, voice))
        yield votes


def _ends(wave: Wave) -> list[tuple[int, int] | None]:
    """Source and target of each link that was asked about, whatever they are called by now."""
    pairs = [(link.source, link.target) for link in wave.asked_links]
    factors = Factor.objects.filter(
        ecosystem=wave.assessment.ecosystem_id, pk__in={end for pair in pairs for end in pair}
    )
    known = set(factors.values_list("pk", flat=True))
    return [pair if known.issuperset(pair) else None for pair in pairs]
