"""What is left of a workshop when it has ended: sealed answers, votes on the causal map, and the minutes."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from assessments import tasks
from assessments.enums import CANT_SAY, REVEALED, ActivityKind, Anonymity, WorkshopState
from assessments.models import Round, Vote, Workshop
from assessments.models.activity_plans import BadPlan, LinksPlan, Pair
from assessments.services.looked_back import note_what_became
from assessments.services.maps.recording import map_changed
from assessments.services.room_seal import seal
from ecosystems.names import name_key
from ecosystems.services.causal_votes import FactorName, GivenLink, replace_votes

SEALED_AT_ONCE: Final = 2_000
"""Votes that are sealed while the presser waits, in about a tenth of a second; more are left to a worker."""


@transaction.atomic
def wrap_up(*, workshop: Workshop) -> None:
    """Do what the end of a workshop asks for, in the transaction that ends it; twice does no more than once.

    What was never revealed is never shown: an anonymous workshop forgets it, a named one keeps it to itself. Its
    minutes go out by themselves as soon as the end is committed. A full hall's votes are sealed a moment later.
    """
    if workshop.took_part is not None:
        return
    workshop.took_part = workshop.seats.filter(is_counted=True).count()
    Round.objects.filter(activity__workshop=workshop).update(preview_pending=None, preview_shown=None)
    workshop.save(update_fields=["took_part"])
    note_what_became(workshop=workshop)
    votes = Vote.objects.filter(round__activity__workshop=workshop)
    if workshop.is_anonymous and votes.count() > SEALED_AT_ONCE:
        transaction.on_commit(lambda: tasks.wake_seal(workshop.pk), robust=True)
    else:
        _finish(workshop)
    if not workshop.is_rehearsal and workshop.minutes_requests.exists():
        transaction.on_commit(lambda: tasks.wake_minutes(workshop.pk), robust=True)


def unsealed() -> list[int]:
    """Anonymous workshops that have ended and still wait to be sealed."""
    over = Workshop.objects.filter(state=WorkshopState.ENDED, took_part__isnull=False, is_sealed=False)
    return sorted(over.filter(anonymity=Anonymity.ANONYMOUS).values_list("pk", flat=True))


@transaction.atomic
def seal_ended(*, workshop_id: int) -> bool:
    """Seal such a workshop; False where it is done already, or deleted."""
    workshop = Workshop.objects.select_for_update(no_key=True).filter(pk=workshop_id).first()
    if workshop is None or workshop.pk not in unsealed():
        return False
    _finish(workshop)
    return True


def _finish(workshop: Workshop) -> None:
    if not workshop.is_rehearsal:
        feed_causal_map(workshop)
    if workshop.is_anonymous:
        seal(workshop)
        workshop.is_sealed = True
        workshop.save(update_fields=["is_sealed"])


def feed_causal_map(workshop: Workshop) -> None:
    """Give the revealed votes on links to the ecosystem's causal map: the latest counted one of each seat.

    Where two questions of the room were about one link, those on the later one alone go there: the minutes show each by
    itself, and both together would tell what the few said who voted on one only (rule D2).

    Voices keep their stakeholder group only where on each link every group among those who voted on it is large enough
    to be shown: one voice has one group, and a link on which a few stood alone would tell what they said. Where the
    room's result was shown by breakout they have none: who sits in one of both would stand out.
    """
    pairs = _pairs(workshop)
    if not pairs:
        return
    standing = _standing(workshop, pairs)
    on_links = Counter((one.link, one.group) for one in standing)
    by_breakout = workshop.activities.filter(kind=ActivityKind.LINKS, by_breakout=True).exists()
    named = not by_breakout and all(count >= workshop.shown_from for count in on_links.values())
    voices = {one.seat: uuid4() for one in standing}
    taken = replace_votes(
        ecosystem=workshop.ecosystem,
        origin=f"workshop:{workshop.pk}",
        shown_from=workshop.shown_from,
        links=[
            GivenLink(
                FactorName(one.pair.source, one.pair.source_facet),
                FactorName(one.pair.target, one.pair.target_facet),
                one.vote.value,
                one.vote.delay,
                one.group if named else "",
                voices[one.seat],
            )
            for one in standing
        ],
    )
    if taken.revision is not None:
        map_changed(ecosystem=workshop.ecosystem, revision=taken.revision)


def _pairs(workshop: Workshop) -> Mapping[tuple[int, str], Pair]:
    """(activity, item) → pair."""
    found: dict[tuple[int, str], Pair] = {}
    for activity in workshop.activities.filter(kind=ActivityKind.LINKS):
        try:
            plan = activity.plan
        except BadPlan:
            continue
        if isinstance(plan, LinksPlan):
            found |= {(activity.pk, pair.key): pair for pair in plan.pairs}
    return found


class _Standing(NamedTuple):
    """A vote that counts on the map, of a seat in a stakeholder group."""

    seat: UUID
    group: str
    pair: Pair
    vote: Vote

    @property
    def link(self) -> tuple[str, str]:
        return _link(self.pair)


def _link(pair: Pair) -> tuple[str, str]:
    """Which link of the map is meant."""
    return name_key(FactorName(pair.source).stored), name_key(FactorName(pair.target).stored)


def _standing(workshop: Workshop, pairs: Mapping[tuple[int, str], Pair]) -> list[_Standing]:
    votes = Vote.objects.filter(
        round__activity__workshop=workshop,
        round__activity__kind=ActivityKind.LINKS,
        round__state__in=REVEALED,
        counted=True,
        seat__isnull=False,
    )
    latest: dict[tuple[tuple[int, str], UUID], _Standing] = {}
    for vote in votes.select_related("round", "seat").order_by("round__activity__position", "round__number", "key"):
        asked = vote.round.activity_id, vote.item
        if asked in pairs and vote.seat is not None:
            latest[(asked, vote.seat.pk)] = _Standing(vote.seat.pk, vote.seat.group, pairs[asked], vote)
    found = {place: one for place, one in latest.items() if one.vote.value != CANT_SAY}
    answered = {asked for asked, _seat in found}
    last = {_link(pair): asked for asked, pair in pairs.items() if asked in answered}  # as the room came to them
    return [one for (asked, _seat), one in found.items() if last[one.link] == asked]
