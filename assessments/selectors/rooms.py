"""What the room may see: the same for every phone and the projector, read in a fixed number of queries for any rooms.

Before a reveal nothing of what was said is read here. Afterwards only what the reveal stored, and texts it marked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import DateTimeField, Func

from assessments.enums import WRITTEN, ActivityKind, CommitmentState, RoundState, WorkshopState
from assessments.models import Activity, Breakout, Commitment, Idea, Reason, Round, Seat, Vote, Workshop
from assessments.models.activities import step_numbers
from assessments.models.activity_plans import BadPlan, Plan, TalkPlan
from assessments.models.looked_back import read_looked_back
from assessments.selectors.pulses import effective_state
from assessments.selectors.room_facets import facets_of
from assessments.selectors.shown_rooms import (
    AgendaLine,
    NamedVote,
    Revealed,
    Room,
    RoundNow,
    ShownCluster,
    ShownCommitment,
    ShownIdea,
    ShownReason,
    Step,
)

MARK_LENGTH: Final = 8

T = TypeVar("T")


def seat_mark(seat: UUID) -> str:
    """By which a phone knows itself in what is sent to all; leads back to no seat and no link."""
    return sha256(seat.bytes).hexdigest()[:MARK_LENGTH]


def rooms(workshop_ids: Collection[int]) -> dict[int, Room]:
    """What these workshops' rooms may see, by key; those that are gone are left out."""
    now = Func(function="clock_timestamp", output_field=DateTimeField())
    found = list(
        Workshop.objects.filter(pk__in=workshop_ids)
        .select_related("step", "wave__version")
        .defer("wave__version__definition", "wave__version__item_codes")
        .annotate(now=now)
    )
    material = _Material(found)
    return {workshop.pk: material.room(workshop, workshop.now) for workshop in found}


class _Material:
    """Everything that the rooms are made of, one query a kind."""

    def __init__(self, workshops: Sequence[Workshop]) -> None:
        keys = [workshop.pk for workshop in workshops]
        steps = [workshop.step for workshop in workshops if workshop.step is not None]
        of_kind = defaultdict(list)
        for step in steps:
            of_kind[step.kind].append(step.pk)
        self.agendas = _by(
            Activity.objects.filter(workshop__in=keys, is_skipped=False).only(
                "workshop_id", "title", "kind", "minutes", "position", "is_skipped"
            ),
            "workshop_id",
        )
        self.breakouts = _by(Breakout.objects.filter(workshop__in=keys), "workshop_id")
        self.seated: defaultdict[int, list[UUID]] = defaultdict(list)
        groups = [one.pk for found in self.breakouts.values() for one in found]
        for seat, group in Seat.objects.filter(breakout__in=groups).values_list("pk", "breakout_id"):
            self.seated[group or 0].append(seat)
        self.removed = _by(Seat.objects.filter(workshop__in=keys, is_removed=True).only("workshop_id"), "workshop_id")
        self.rounds = _by(
            Round.objects.filter(activity__in=[step.pk for step in steps])
            .defer("preview_pending", "preview_shown")
            .order_by("number"),
            "activity_id",
        )
        activity_of = {one.pk: one.activity_id for rounds in self.rounds.values() for one in _revealed(rounds)}
        # a reason that waited for others says nothing of when it was written: those of all rounds stand together
        self.reasons: defaultdict[int, list[Reason]] = defaultdict(list)
        for reason in (
            Reason.objects.filter(round__in=activity_of, is_shown=True)
            .exclude(text="")
            .select_related("seat")
            .order_by("item", "key")
        ):
            self.reasons[activity_of[reason.round_id]].append(reason)
        named = [workshop.step_id for workshop in workshops if not workshop.is_anonymous]
        latest: dict[tuple[int, UUID | None, str], Vote] = {}
        for vote in (
            Vote.objects.filter(round__in=activity_of, counted=True, round__activity__in=named)
            .select_related("seat")
            .order_by("round__number")
        ):
            latest[activity_of[vote.round_id], vote.seat_id, vote.item] = vote
        self.votes: defaultdict[int, list[Vote]] = defaultdict(list)
        for (activity, *_), vote in latest.items():
            self.votes[activity].append(vote)
        written = [pk for kind in WRITTEN for pk in of_kind[kind]]
        self.ideas = _by(
            Idea.objects.filter(activity__in=written, is_shown=True)
            .select_related("seat", "cluster")
            .order_by("order", "key"),
            "activity_id",
        )
        self.commitments = _by(
            Commitment.objects.filter(activity__in=of_kind[ActivityKind.COMMIT])
            .exclude(state=CommitmentState.DROPPED)
            .order_by("key"),
            "activity_id",
        )

    def room(self, workshop: Workshop, now: datetime) -> Room:
        agenda = self.agendas[workshop.pk]
        common = Room(
            pk=workshop.pk,
            version=workshop.version,
            state=WorkshopState(workshop.state),
            title=workshop.title,
            purpose=workshop.purpose,
            code=workshop.code,
            is_anonymous=workshop.is_anonymous,
            minimum=workshop.shown_from,
            comment_minimum=workshop.comments_shown_from,
            asks_group=workshop.asks_group,
            preview=workshop.preview,
            is_locked=workshop.is_locked,
            is_rehearsal=workshop.is_rehearsal,
            steps=len(agenda),
            agenda=tuple(AgendaLine(one.title, ActivityKind(one.kind), one.minutes) for one in agenda),
            breakouts=tuple(one.label for one in self.breakouts[workshop.pk]),
            seated={
                one.label: tuple(sorted(seat_mark(seat) for seat in self.seated[one.pk]))
                for one in self.breakouts[workshop.pk]
            },
            removed=tuple(sorted(seat_mark(seat.pk) for seat in self.removed[workshop.pk])),
        )
        if workshop.step is None or workshop.state != WorkshopState.LIVE:
            return common
        return self._at(common, workshop, workshop.step, now)

    def _at(self, room: Room, workshop: Workshop, step: Activity, now: datetime) -> Room:
        rounds = self.rounds[step.pk]
        revealed = _revealed(rounds)
        named = not workshop.is_anonymous
        ideas = self.ideas[step.pk] if revealed else []
        facets = facets_of(workshop) if step.kind == ActivityKind.COMMIT else ()
        scores = {one.code: one.name for one in facets}
        proposals = {key for one in revealed for key in (one.results or {}).get("keys", ())}
        return replace(
            room,
            step=_step(step, self.agendas[workshop.pk]),
            round=_now(rounds[-1], now) if rounds else None,
            revealed=tuple(Revealed(one.pk, one.number, one.results or {}) for one in revealed),
            reasons=tuple(ShownReason(one.item, one.text, _name(one, named)) for one in self.reasons[step.pk]),
            clusters=_clusters(ideas, named),
            parked=sum(one.is_parked for one in ideas),
            commitments=tuple(
                ShownCommitment(
                    one.text,
                    one.owner_name,
                    one.due_on,
                    scores.get(one.facet, ""),
                    one.state == CommitmentState.PROPOSED,
                )
                for one in self.commitments[step.pk]
                if one.state != CommitmentState.PROPOSED or str(one.key) in proposals
            ),
            votes=tuple(sorted(NamedVote(one.item, _name(one, named), one.value) for one in self.votes[step.pk])),
            facets=facets,
        )


def _by(rows: Iterable[T], key: str) -> defaultdict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _revealed(rounds: Sequence[Round]) -> list[Round]:
    return [one for one in rounds if one.is_revealed]


def _now(round: Round, now: datetime) -> RoundNow:
    state = effective_state(round.state, round.closes_at, now)
    return RoundNow(round.pk, round.number, state, round.closes_at if state == RoundState.OPEN else None)


def _step(step: Activity, agenda: Sequence[Activity]) -> Step:
    plan: Plan = TalkPlan()
    with suppress(BadPlan):
        plan = step.plan
    return Step(
        pk=step.pk,
        number=step_numbers(agenda).get(step.pk, 0),
        kind=ActivityKind(step.kind),
        title=step.title,
        prompt=step.prompt,
        plan=plan,
        by_breakout=step.by_breakout,
        looked_back=read_looked_back(step.looked_back) if isinstance(plan, TalkPlan) and plan.promises else None,
    )


def _name(said: Reason | Vote | Idea, named: bool) -> str:
    return said.seat.name if named and said.seat is not None else ""


def _clusters(ideas: Sequence[Idea], named: bool) -> tuple[ShownCluster, ...]:
    """Clusters in the facilitators' order, then what belongs to none; parked ideas are left out."""
    also: defaultdict[UUID, list[str]] = defaultdict(list)
    for idea in ideas:
        if idea.merged_into_id is not None:
            also[idea.merged_into_id].append(idea.text)
    clusters = {idea.cluster_id: idea.cluster for idea in ideas}
    order = sorted(clusters, key=lambda key: (one.position, one.pk) if (one := clusters[key]) else (1 << 31, 0))
    shown = []
    for key in order:
        cluster = clusters[key]
        listed = tuple(
            ShownIdea(str(idea.key), idea.text, key, _name(idea, named), tuple(also[idea.key]))
            for idea in ideas
            if idea.cluster_id == key and idea.merged_into_id is None and not idea.is_parked
        )
        if listed:
            shown.append(ShownCluster(cluster.title if cluster else "", listed))
    return tuple(shown)
