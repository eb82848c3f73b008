"""What the facilitator's screen shows, read in a fixed number of queries; before a reveal nothing but counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from assessments.enums import WRITTEN, ActivityKind, CommitmentState, RoundState
from assessments.models import (
    Activity,
    Breakout,
    Commitment,
    Idea,
    Reason,
    Round,
    Seat,
    Vote,
    Workshop,
    WorkshopNote,
)
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.pulses import HERE_SECONDS, Pulse, pulses
from ecosystems.models import Organization, User

HERE: Final = timedelta(seconds=HERE_SECONDS)
MOST_NAMES: Final = 30
"""People still thinking who are named before "and 12 more"."""
MOST_TEXTS: Final = 60
"""Reasons or ideas listed on the console itself; the rest stands on the board and in the minutes."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Seats that are asked, by stakeholder group and by breakout group (key, count)."""

    seats: int
    removed: int
    uncounted: int
    groups: tuple[tuple[str, int], ...]
    breakouts: tuple[tuple[Breakout, int], ...]
    without_breakout: int


@dataclass(frozen=True, slots=True)
class Thinking:
    """Who has not answered the open round yet; only in named workshops, only among those who are here."""

    names: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What the room has said and may see: texts of revealed rounds only. `more` texts are not listed."""

    reasons: tuple[Reason, ...] = ()
    ideas: tuple[Idea, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    votes: tuple[Vote, ...] = ()
    """In named workshops: the vote of each seat on each item that counts, with its seat."""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the console is made of. `rounds` are those of the current step, in order."""

    workshop: Workshop
    now: datetime
    pulse: Pulse
    activities: tuple[Activity, ...]
    rounds: tuple[Round, ...]
    crowd: Crowd
    thinking: Thinking
    said: Said
    notes: tuple[WorkshopNote, ...]
    helpers: tuple[User, ...]

    @property
    def step(self) -> Activity | None:
        return next((one for one in self.activities if one.pk == self.workshop.step_id), None)

    @property
    def round(self) -> Round | None:
        """The latest round of the current step."""
        return self.rounds[-1] if self.rounds else None


def workshops_of(organization: Organization) -> "QuerySet[Workshop]":
    """The organization's workshops, with what a page about one needs beside it."""
    related = ("organization", "ecosystem", "wave__version", "acted_by", "created_by")
    heavy = ("wave__version__definition", "wave__version__item_codes")
    return Workshop.objects.filter(organization=organization).select_related(*related).defer(*heavy)


def material_of(workshop: Workshop) -> Material:
    """What is known about a running workshop now; ten queries, whatever its size."""
    pulse = pulses([workshop.pk])[workshop.pk]
    activities = tuple(workshop.activities.order_by("position", "pk"))
    step = next((one for one in activities if one.pk == workshop.step_id), None)
    rounds = tuple(Round.objects.filter(activity=workshop.step_id).order_by("number"))
    for one in rounds:
        if step is not None:
            one.activity = step
    return Material(
        workshop=workshop,
        now=pulse.now,
        pulse=pulse,
        activities=activities,
        rounds=rounds,
        crowd=_crowd(workshop),
        thinking=_thinking(workshop, step, rounds[-1] if rounds else None, pulse),
        said=_said(workshop, step, rounds),
        notes=tuple(workshop.notes.all()),
        helpers=tuple(workshop.co_facilitators.order_by("name", "pk")),
    )


def dimension_name(workshop: Workshop, code: str) -> str:
    """What the instrument of the workshop's wave calls a dimension; '' where it has none of this code."""
    if not code or workshop.wave is None:
        return ""
    found = instrument_text(workshop.wave.version).dimensions
    return next((one.name for one in found if one.code == code), "")


def seats_of(workshop: Workshop, *, removed: bool = False) -> "QuerySet[Seat]":
    """The seats in an order that does not tell who came first: by name where there is one, else by the random key."""
    return (
        workshop.seats.filter(is_removed=removed)
        .select_related("breakout")
        .annotate(is_here=Q(seen_at__gt=Now() - HERE) | Q(is_simulated=True))
        .order_by("name", "id")
    )


def _crowd(workshop: Workshop) -> Crowd:
    asked = Q(is_removed=False, is_counted=True)
    rows = workshop.seats.values("group", "breakout").annotate(
        asked=Count("pk", filter=asked),
        removed=Count("pk", filter=Q(is_removed=True)),
        uncounted=Count("pk", filter=Q(is_removed=False, is_counted=False)),
    )
    groups: dict[str, int] = {}
    breakouts: dict[int | None, int] = {}
    removed = uncounted = 0
    for row in rows:
        groups[row["group"]] = groups.get(row["group"], 0) + row["asked"]
        breakouts[row["breakout"]] = breakouts.get(row["breakout"], 0) + row["asked"]
        removed += row["removed"]
        uncounted += row["uncounted"]
    return Crowd(
        seats=sum(groups.values()),
        removed=removed,
        uncounted=uncounted,
        groups=tuple(sorted((key, count) for key, count in groups.items() if key and count)),
        breakouts=tuple((one, breakouts.get(one.pk, 0)) for one in workshop.breakouts.all()),
        without_breakout=breakouts.get(None, 0),
    )


def _thinking(workshop: Workshop, step: Activity | None, round: Round | None, pulse: Pulse) -> Thinking:
    if workshop.is_anonymous or step is None or round is None or pulse.state != RoundState.OPEN:
        return Thinking()
    if step.kind == ActivityKind.COMMIT:
        done = Q(commitments__activity=step)
    elif step.kind in WRITTEN:
        done = Q(ideas__round=round)
    else:
        done = Q(votes__round=round)
    answered = Seat.objects.filter(done, workshop=workshop).values("pk")
    waiting = workshop.seats.filter(is_removed=False, is_counted=True).exclude(pk__in=answered)
    here = waiting.filter(Q(seen_at__gt=Now() - HERE) | Q(is_simulated=True))
    names = list(here.order_by("name", "id").values_list("name", flat=True)[: MOST_NAMES + 1])
    shown = names[:MOST_NAMES]
    more = max(0, pulse.asked - pulse.answered - len(shown)) if len(names) > MOST_NAMES else 0
    return Thinking(tuple(shown), more)


def _said(workshop: Workshop, step: Activity | None, rounds: Sequence[Round]) -> Said:
    """Reasons, ideas and commitments of the current step, as far as they have been revealed."""
    if step is None:
        return Said()
    if step.kind == ActivityKind.COMMIT:
        seen = [key for one in rounds if one.is_revealed for key in (one.results or {}).get("keys", ())]
        shown = Commitment.objects.filter(~Q(state=CommitmentState.PROPOSED) | Q(pk__in=seen), activity=step)
        return Said(commitments=tuple(shown.order_by("due_on", "key")))
    if step.kind in WRITTEN:
        ideas = list(
            Idea.objects.filter(activity=step, is_shown=True, merged_into=None)
            .select_related("cluster", "seat", "breakout")
            .order_by("is_parked", "order", "key")
        )
        return Said(ideas=tuple(ideas[:MOST_TEXTS]), more=max(0, len(ideas) - MOST_TEXTS))
    revealed = [one for one in rounds if one.is_revealed]
    if not revealed:
        return Said()
    texts = list(
        Reason.objects.filter(round=revealed[-1], is_shown=True).select_related("seat").order_by("item", "key")
    )
    votes = () if workshop.is_anonymous else _votes(step, rounds)
    return Said(reasons=tuple(texts[:MOST_TEXTS]), votes=votes, more=max(0, len(texts) - MOST_TEXTS))


def _votes(step: Activity, rounds: Sequence[Round]) -> tuple[Vote, ...]:
    """The latest of each seat on each item that went into a result."""
    revealed = [one.pk for one in rounds if one.is_revealed]
    given = Vote.objects.filter(round__in=revealed, counted=True).select_related("seat")
    latest = {(one.seat_id, one.item): one for one in given.order_by("round__number", "seat__name", "key")}
    return tuple(latest.values())
