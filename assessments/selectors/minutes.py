"""What the minutes of a workshop are made of, read in a fixed number of queries: revealed things only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from assessments.enums import REVEALED, About, CommitmentState, RoundState, WaveState, WorkshopState
from assessments.models import (
    Activity,
    Commitment,
    Idea,
    IdeaCluster,
    Reason,
    Round,
    Scenario,
    Vote,
    Workshop,
    WorkshopNote,
)
from assessments.selectors.results import Scored, scored_of
from assessments.selectors.scenario_rooms import scenarios_by_step
from ecosystems.models import Ecosystem, Organization, User


@dataclass(frozen=True)
class Step:
    """A step of the agenda. `rounds` are the revealed ones, in order; `hidden` were asked and never revealed."""

    activity: Activity
    rounds: tuple[Round, ...]
    hidden: int
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    """By item."""
    ideas: tuple[Idea, ...] = ()
    votes: tuple[Vote, ...] = ()
    """In named workshops: the latest vote of each seat on each item that went into a result, with its seat."""
    notes: tuple[WorkshopNote, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    """Those that ran what the room guessed here."""

    @property
    def happened(self) -> bool:
        return bool(self.activity.started_at or self.rounds or self.notes)


@dataclass(frozen=True)
class MinutesMaterial:
    """`wave`: the workshop's wave where it is about the whole system, closed and scored."""

    workshop: Workshop
    steps: tuple[Step, ...]
    notes: tuple[WorkshopNote, ...]
    commitments: tuple[Commitment, ...]
    runners: tuple[User, ...]
    seats: int
    wave: Scored | None


def minutes_workshops(organization: Organization | None = None) -> "QuerySet[Workshop]":
    """Workshops with what their minutes need beside them."""
    related = ("organization", "ecosystem", "created_by", "acted_by", "wave__version__instrument", "wave__assessment")
    found = Workshop.objects.select_related(*related).defer("wave__version__definition", "wave__version__item_codes")
    return found if organization is None else found.filter(organization=organization)


def minutes_material(workshop: Workshop) -> MinutesMaterial:
    """What the room has seen of a workshop so far; the same number of queries whatever its size."""
    activities = list(workshop.activities.order_by("position", "pk"))
    revealed, hidden = _rounds(workshop, activities)
    notes = tuple(workshop.notes.all())
    return MinutesMaterial(
        workshop=workshop,
        steps=_steps(workshop, activities, revealed, hidden, notes),
        notes=notes,
        commitments=_commitments(workshop, revealed),
        runners=_runners(workshop),
        seats=workshop.seats.filter(is_counted=True).count() if workshop.took_part is None else workshop.took_part,
        wave=_wave(workshop),
    )


def _rounds(workshop: Workshop, activities: Sequence[Activity]) -> tuple[dict[int, list[Round]], dict[int, int]]:
    by_pk = {activity.pk: activity for activity in activities}
    revealed, hidden = defaultdict[int, list[Round]](list), defaultdict[int, int](int)
    found = Round.objects.filter(activity__workshop=workshop).defer("preview_pending", "preview_shown")
    for round in found.order_by("number"):
        round.activity = by_pk[round.activity_id]
        if round.state in REVEALED and round.results is not None:
            revealed[round.activity_id].append(round)
        elif round.state != RoundState.PENDING:
            hidden[round.activity_id] += 1
    return revealed, hidden


def _steps(
    workshop: Workshop,
    activities: Sequence[Activity],
    revealed: Mapping[int, list[Round]],
    hidden: Mapping[int, int],
    notes: Sequence[WorkshopNote],
) -> tuple[Step, ...]:
    reasons = defaultdict[int, dict[str, list[Reason]]](lambda: defaultdict(list))
    shown = Reason.objects.filter(round__activity__workshop=workshop, is_shown=True).exclude(text="")
    for reason in shown.select_related("round", "seat").defer("round__results").order_by("item", "key"):
        reasons[reason.round.activity_id][reason.item].append(reason)
    ideas = defaultdict[int, list[Idea]](list)
    texts = Idea.objects.filter(activity__workshop=workshop, is_shown=True).select_related("cluster", "seat")
    for idea in texts.order_by("cluster__position", "cluster_id", "order", "key"):
        ideas[idea.activity_id].append(idea)
    votes = {} if workshop.is_anonymous else _votes(revealed)
    tried = scenarios_by_step(activities)
    return tuple(
        Step(
            activity=activity,
            rounds=tuple(revealed.get(activity.pk, ())),
            hidden=hidden.get(activity.pk, 0),
            reasons={item: tuple(said) for item, said in reasons[activity.pk].items()},
            ideas=tuple(ideas[activity.pk]),
            votes=votes.get(activity.pk, ()),
            notes=tuple(note for note in notes if note.activity_id == activity.pk),
            scenarios=tried.get(activity.pk, ()),
        )
        for activity in activities
    )


def _votes(revealed: Mapping[int, list[Round]]) -> dict[int, tuple[Vote, ...]]:
    steps = {round.pk: activity for activity, rounds in revealed.items() for round in rounds}
    given = Vote.objects.filter(round__in=steps, counted=True, seat__isnull=False).select_related("seat")
    latest = {
        (steps[one.round_id], one.seat_id, one.item): one
        for one in given.order_by("round__number", "seat__name", "key")
    }
    found = defaultdict[int, list[Vote]](list)
    for (activity, _seat, _item), vote in latest.items():
        found[activity].append(vote)
    return {activity: tuple(votes) for activity, votes in found.items()}


def _commitments(workshop: Workshop, revealed: Mapping[int, list[Round]]) -> tuple[Commitment, ...]:
    """Those that were taken up, and the proposals that the room has seen."""
    seen = {key for rounds in revealed.values() for round in rounds for key in (round.results or {}).get("keys", ())}
    found = workshop.commitments.order_by("due_on", "key")
    return tuple(one for one in found if one.state != CommitmentState.PROPOSED or str(one.pk) in seen)


def _runners(workshop: Workshop) -> tuple[User, ...]:
    helpers = list(workshop.co_facilitators.order_by("name", "pk"))
    first = (workshop.created_by, workshop.acted_by)
    return tuple(dict.fromkeys(person for person in (*first, *helpers) if person is not None))


def _wave(workshop: Workshop) -> Scored | None:
    wave = workshop.wave
    if wave is None or wave.state != WaveState.CLOSED or wave.assessment.about != About.SYSTEM:
        return None
    found = scored_of([wave]).get(wave.pk)
    return None if found is None or found.results.live else found


def has_minutes(workshop: Workshop) -> bool:
    """They are for everybody who may read them; before, they are a draft for those who run the workshop."""
    return workshop.state == WorkshopState.ENDED and not workshop.is_rehearsal


def clusters_told(ecosystem: Ecosystem) -> "QuerySet[IdeaCluster]":
    """Clusters of ideas that stand in minutes for everybody, by the names that the room gave them."""
    ended = {"activity__workshop__state": WorkshopState.ENDED, "activity__workshop__rehearsal_of": None}
    shown = Idea.objects.filter(cluster=OuterRef("pk"), is_shown=True, is_parked=False)
    found = IdeaCluster.objects.filter(Exists(shown), activity__workshop__ecosystem=ecosystem, **ended)
    return found.exclude(title="")
