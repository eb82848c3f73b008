"""Workshops with activities, rounds, seats and votes, put straight into the database."""

import itertools
import uuid
from typing import Any

from django.utils import timezone

from assessments.enums import ActivityKind, Anonymity, RoundState, WorkshopState
from assessments.models import Activity, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import Item, Plan, RatePlan, stored
from ecosystems.models import Ecosystem

_numbers = itertools.count(22)
READY = RatePlan(
    items=(Item(key="ready", text="If a main supplier failed tomorrow, how ready would we be?", dimension="ADA"),),
    low_label="not at all",
    high_label="fully ready",
)


def make_workshop(
    ecosystem: Ecosystem, *, state: str = WorkshopState.LIVE, named: bool = False, **changes: Any
) -> Workshop:
    """A workshop in this state; live unless said otherwise, anonymous, with no activities."""
    times: dict[str, Any] = {}
    if state != WorkshopState.DRAFT:
        times |= {"opened_at": timezone.now(), "active_at": timezone.now()}
    if state in (WorkshopState.LIVE, WorkshopState.ENDED):
        times["started_at"] = timezone.now()
    if state == WorkshopState.ENDED:
        times["ended_at"] = timezone.now()
    return Workshop.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        **{
            "title": "Autumn workshop",
            "state": state,
            "anonymity": Anonymity.NAMED if named else Anonymity.ANONYMOUS,
            "code": f"KELP-OTTER-{next(_numbers)}",
            **times,
            **changes,
        },
    )


def make_activity(
    workshop: Workshop, *, kind: str = ActivityKind.RATE, plan: Plan | None = None, current: bool = True, **changes: Any
) -> Activity:
    """The next activity of the agenda; by default a rating of one item on 1 to 10, at which the room is."""
    plan = plan or (READY if kind == ActivityKind.RATE else None)
    activity = Activity.objects.create(
        workshop=workshop,
        kind=kind,
        **{
            "position": workshop.activities.count(),
            "title": "How ready are we?",
            "settings": stored(plan) if plan else {},
            **changes,
        },
    )
    if current:
        workshop.step = activity
        workshop.save(update_fields=["step"])
    return activity


def make_round(activity: Activity, *, state: str = RoundState.OPEN, **changes: Any) -> Round:
    """The next round of an activity."""
    return Round.objects.create(activity=activity, number=activity.rounds.count() + 1, state=state, **changes)


def make_seats(workshop: Workshop, count: int = 1, **changes: Any) -> list[Seat]:
    """Seats that are here now."""
    return Seat.objects.bulk_create(
        Seat(workshop=workshop, **{"seen_at": timezone.now(), **changes}) for _ in range(count)
    )


def vote(round: Round, seats: list[Seat], values: list[int], *, item: str = "ready", **changes: Any) -> list[Vote]:
    """One vote of each seat."""
    return Vote.objects.bulk_create(
        Vote(key=uuid.uuid4(), round=round, seat=seat, item=item, value=value, **changes)
        for seat, value in zip(seats, values, strict=True)
    )
