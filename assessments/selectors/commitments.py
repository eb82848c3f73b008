"""Commitments of an ecosystem as its members may know of them: who, until when, how far, and what they moved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from assessments.enums import CommitmentSource, CommitmentState, Progress, WaveState
from assessments.models import CheckIn, Commitment, FeedbackSummary, Round, Wave
from assessments.scoring.codec import decode
from assessments.scoring.commitment_effect import Effect, Reading
from ecosystems.models import Ecosystem, Membership, Organization
from ecosystems.permissions import Viewer

MOST_AT_HOME = 6
MOST_NAMED = 500


class Column(StrEnum):
    """Where a commitment stands on the board; the first that fits."""

    PROPOSED = "proposed"
    ON_TRACK = "on-track"
    PRESSING = "pressing"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Owners:
    """Who can be named, by label: members, then stakeholders. Labels tell two of one name apart."""

    members: Mapping[str, int]
    stakeholders: Mapping[str, int]

    def label(self, commitment: Commitment) -> str:
        """How its owner is named; a free name as it is."""
        for labels, key in ((self.members, commitment.owner_id), (self.stakeholders, commitment.stakeholder_id)):
            for name, pk in labels.items():
                if pk == key:
                    return name
        return commitment.owner_name

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.members, *self.stakeholders)))[:MOST_NAMED]


@dataclass(frozen=True)
class Standing:
    """How many commitments are open, how many of these are late, and how many are done."""

    open: int
    late: int
    done: int


@dataclass(frozen=True)
class ToldEffects:
    """Effects by the key of their commitment; `waves` are those whose numbers stand in them."""

    by_commitment: Mapping[str, Effect] = field(default_factory=dict)
    waves: tuple[Wave, ...] = ()


def known_proposals(commitments: QuerySet[Commitment], ecosystem: int) -> QuerySet[Commitment]:
    """Without the proposals that their room has not seen yet, and without those of rehearsals."""
    shown = Round.objects.filter(activity__workshop__ecosystem=ecosystem, results__keys__isnull=False)
    waiting = shown.filter(activity__commitments__state=CommitmentState.PROPOSED).distinct()
    seen = {key for keys in waiting.values_list("results__keys", flat=True) for key in keys or ()}
    known = ~Q(state=CommitmentState.PROPOSED) | Q(workshop=None) | Q(pk__in=seen)
    return commitments.filter(known).exclude(workshop__rehearsal_of__isnull=False)


def commitments_of(ecosystem: Ecosystem) -> QuerySet[Any]:
    """
    With `progress` (what the latest check-in said) and `has_left` (see `left`).

    Those whose day comes first stand first; without a day, last.
    """
    known = known_proposals(Commitment.objects.filter(ecosystem=ecosystem), ecosystem.pk)
    found = told_of(known.select_related("owner", "stakeholder", "wave", "workshop"), ecosystem)
    return found.order_by(F("due_on").asc(nulls_last=True), "key")


def foremost(ecosystem: Ecosystem, most: int) -> tuple[list[Any], bool]:
    """Up to `most` of `commitments_of`, and whether there are more.

    First those done, the latest before, up to half of them or as many as there is room for; then the others as their
    days come; dropped ones last.
    """
    found = commitments_of(ecosystem)
    is_done = Q(state=CommitmentState.DONE)
    is_dropped = Case(When(state=CommitmentState.DROPPED, then=Value(1)), default=Value(0))
    done = list(found.filter(is_done).order_by("-closed_on", "key")[: most + 1])
    others = list(found.exclude(is_done).order_by(is_dropped, F("due_on").asc(nulls_last=True), "key")[: most + 1])
    shown = [*done[: max(most // 2, most - len(others))], *others][:most]
    return shown, len(done) + len(others) > most


def on_loop(ecosystem: Ecosystem, key: str, facets: Collection[str]) -> QuerySet[Any]:
    """Of `commitments_of`: those made from the loop of this key, or aimed at the score of one of its members."""
    made_from_it = Q(source=CommitmentSource.LOOP, source_code=key)
    return commitments_of(ecosystem).filter(made_from_it | Q(facet__in=facets))


def told_of(commitments: QuerySet[Commitment], ecosystem: Ecosystem) -> QuerySet[Any]:
    """With `progress` and `has_left`, as in `commitments_of`."""
    latest = CheckIn.objects.filter(commitment=OuterRef("pk")).order_by("-made_at", "-pk").values("progress")[:1]
    return commitments.annotate(progress=Subquery(latest), has_left=left(ecosystem.organization_id))


def left(organization: int) -> Q:
    """Of commitments: their owner is a member no longer, or their account or entry as a stakeholder is gone."""
    members = Membership.objects.filter(organization=organization, user__is_active=True).values("user")
    gone = Q(owner_chosen=True, owner__isnull=True, stakeholder__isnull=True)
    return gone | (Q(owner__isnull=False) & ~Q(owner__in=members))


def in_column(column: Column, *, today: date | None = None) -> Q:
    """Those of `commitments_of` that stand there."""
    today = today or timezone.localdate()
    pressing = Q(due_on__lt=today) | Q(progress__in=(Progress.AT_RISK, Progress.STUCK))
    is_open = Q(state=CommitmentState.OPEN)
    if column is Column.PRESSING:
        return is_open & pressing
    if column is Column.ON_TRACK:
        return is_open & (Q(due_on=None) | Q(due_on__gte=today)) & (Q(progress=None) | Q(progress=Progress.ON_TRACK))
    return Q(state=column.value)


def owners_of(ecosystem: Ecosystem, *, nameless: bool = True) -> Owners:
    """Members of the organization and stakeholders of the ecosystem, in two queries.

    Those who are `nameless` are called by their address: not for where a room reads it.
    """
    members = Membership.objects.filter(organization=ecosystem.organization_id).order_by("user__name", "user__email")
    members = members if nameless else members.exclude(user__name="")
    people = members.values_list("user", "user__name", "user__email")
    parties = [(one.pk, one.name, one.get_group_display()) for one in ecosystem.stakeholders.order_by("name", "pk")]
    return Owners(_told_apart((pk, name or email, email) for pk, name, email in people), _told_apart(parties))


def _told_apart(some: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Label → key of (key, name, more about it); the n-th of those that nothing tells apart has its number."""
    by_name = defaultdict[str, list[tuple[int, str]]](list)
    for pk, name, more in some:
        by_name[name].append((pk, more))
    labels: dict[str, int] = {}
    for name, same in by_name.items():
        for pk, more in same:
            label = name if len(same) == 1 else f"{name} ({more})"
            number = sum(other == label or other.startswith(f"{label} · ") for other in labels) + 1
            labels[label if number == 1 else f"{label} · {number}"] = pk
    return labels


def owner_named(ecosystem: Ecosystem, name: str) -> tuple[int | None, int | None]:
    """The member, else the stakeholder, whom this name means in any case of letters; neither where it means several."""
    is_named = Q(user__name__iexact=name) | Q(user__email__iexact=name)
    members = Membership.objects.filter(is_named, organization=ecosystem.organization_id, user__is_active=True)
    found = list(members.values_list("user", flat=True)[:2])
    if found:
        return (found[0], None) if len(found) == 1 else (None, None)
    parties = list(ecosystem.stakeholders.filter(name__iexact=name).values_list("pk", flat=True)[:2])
    return (None, parties[0]) if len(parties) == 1 else (None, None)


def own_commitments(viewer: Viewer) -> Sequence[Commitment]:
    """The viewer's open ones in the organization, the most urgent first, for the home page."""
    found = Commitment.objects.filter(
        organization=viewer.organization, owner=viewer.user, state=CommitmentState.OPEN
    ).exclude(workshop__rehearsal_of__isnull=False)
    return list(found.select_related("ecosystem").order_by(F("due_on").asc(nulls_last=True), "key")[:MOST_AT_HOME])


def standing_of(ecosystem: Ecosystem) -> Standing:
    """In one query."""
    taken_up = Commitment.objects.filter(ecosystem=ecosystem, workshop__rehearsal_of=None)
    is_open = Q(state=CommitmentState.OPEN)
    late = is_open & Q(due_on__lt=timezone.localdate())
    done = Q(state=CommitmentState.DONE)
    count = {"open": is_open, "late": late, "done": done}
    return Standing(**taken_up.aggregate(**{name: Count("pk", filter=which) for name, which in count.items()}))


def left_behind(organization: Organization) -> Sequence[tuple[Ecosystem, int]]:
    """Ecosystems with open commitments whose owner has left, and how many they are."""
    theirs = Commitment.objects.filter(
        left(organization.pk), organization=organization, state=CommitmentState.OPEN, workshop__rehearsal_of=None
    )
    found = dict(theirs.order_by().values_list("ecosystem").annotate(Count("pk")))
    return [(one, found[one.pk]) for one in organization.ecosystems.filter(pk__in=found)] if found else []


def effects_of(ecosystem: Ecosystem) -> ToldEffects:
    """By commitment: what the first closed wave that could tell said of it, else what the newest said."""
    summaries = FeedbackSummary.objects.filter(
        wave__assessment__ecosystem=ecosystem, wave__state=WaveState.CLOSED
    ).order_by("wave__closed_at", "pk")
    found: dict[str, Effect] = {}
    compared: dict[str, Sequence[int]] = {}
    for waves, rows in summaries.values_list("results__waves", "results__effects"):
        for effect in (decode(Effect, row) for row in rows or ()):
            before = found.get(effect.commitment)
            if before is None or before.reading in (None, Reading.TOO_EARLY):
                found[effect.commitment], compared[effect.commitment] = effect, waves[-2:]
    keys = {pk for key, effect in found.items() if effect.is_told for pk in compared[key]}
    return ToldEffects(found, tuple(Wave.objects.filter(pk__in=keys).order_by("pk")))
