"""Votes on links that were given in a wave: on the causal map once it is closed, all at once, never before."""

from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

from django.db import transaction

from assessments.enums import CANT_SAY
from assessments.models import Response, Wave
from assessments.models.asked_links import AskedLink
from assessments.services.maps.recording import map_changed
from ecosystems.enums import StakeholderGroup
from ecosystems.models import LinkVote
from ecosystems.services.causal_votes import FactorName, GivenLink, replace_votes


def origin_of(wave: Wave) -> str:
    """Where votes of this wave say they were given."""
    return f"wave:{wave.pk}"


@transaction.atomic
def feed_votes(*, wave: Wave) -> None:
    """Give what people said of links to the ecosystem's causal map; twice is the same as once.

    Call it with the wave locked and closed: one by one votes could be told from the difference (rule D2). On each link
    they count where at least the wave's smallest group gave one, as any other votes that came together.
    """
    if wave.map_links:
        _replace(wave, list(_given(wave)))


@transaction.atomic
def take_back_votes(*, wave: Wave) -> None:
    """As if nothing had been said of links: before the wave is opened again, or deleted with all that was said."""
    if wave.map_links:
        _replace(wave, [])


def are_shown(wave: Wave) -> bool:
    """Whether the map shows what was said in this wave on at least one link."""
    if not wave.map_links:
        return False
    votes = LinkVote.objects.filter(ecosystem=wave.assessment.ecosystem_id, origin=origin_of(wave))
    on_links = Counter(votes.values_list("source", "target"))
    return any(count >= wave.min_group_size for count in on_links.values())


def _replace(wave: Wave, links: list[GivenLink]) -> None:
    ecosystem = wave.assessment.ecosystem
    taken = replace_votes(ecosystem=ecosystem, origin=origin_of(wave), shown_from=wave.min_group_size, links=links)
    if taken.revision is not None:
        map_changed(ecosystem=ecosystem, revision=taken.revision)


def _given(wave: Wave) -> Iterator[GivenLink]:
    """Every voice under a name of its own, which leads back to no response."""
    ends, groups = [_ends(link) for link in wave.asked_links], frozenset(StakeholderGroup.values)
    answers = Response.objects.filter(wave=wave).exclude(link_values=None).order_by("key")
    for values, group in answers.values_list("link_values", "group__key"):
        voice, known = uuid4(), group if group in groups else ""
        for pair, effect, delay in zip(ends, (values or [])[::2], (values or [])[1::2], strict=False):
            if effect is not None and effect != CANT_SAY:
                yield GivenLink(*pair, effect, delay, known, voice)


def _ends(link: AskedLink) -> tuple[FactorName, FactorName]:
    return FactorName(link.source_name, key=link.source), FactorName(link.target_name, key=link.target)
