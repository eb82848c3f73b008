"""The room's guesses before a scenario was run: which steps of workshops they can come from, and what was revealed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from assessments.enums import REVEALED, ActivityKind, WorkshopState
from assessments.models import Activity, Round, Scenario, Workshop
from assessments.models.activity_plans import BadPlan, BetPlan
from assessments.permissions import workshops_run_by
from assessments.scoring.room.results import Bet, BetResults, decode
from ecosystems.models import Ecosystem
from ecosystems.permissions import Viewer

WHOLE = (0, 100)
"""A room that guesses on this guesses where a score will stand; one that can guess below 0, by how much it changes."""


@dataclass(frozen=True)
class RoomGuesses:
    """What a room guessed of whole dimensions, by code, as the last revealed round has it; withheld ones say so.

    `are_changes`: points of change, else scores. `others` are guesses about anything else.
    """

    step: Activity
    are_changes: bool
    by_dimension: Mapping[str, Bet]
    others: int
    minimum: int


def room_steps(ecosystem: Ecosystem) -> "QuerySet[Activity]":
    """Steps in which a room of the ecosystem guesses, the newest workshop first."""
    found = Activity.objects.filter(
        kind=ActivityKind.BET, workshop__ecosystem=ecosystem, workshop__rehearsal_of__isnull=True
    )
    return found.select_related("workshop").order_by("-workshop__created_at", "-workshop", "position", "pk")


def offered_steps(viewer: Viewer, ecosystem: Ecosystem, kept: Scenario | None = None) -> "QuerySet[Activity]":
    """Those that the viewer may know of: where the minutes are everybody's, and in workshops that they run.

    The one that stands with `kept` is among them.
    """
    known = Q(workshop__state=WorkshopState.ENDED) | Q(workshop__in=Workshop.objects.filter(workshops_run_by(viewer)))
    if kept is not None and kept.room_step_id is not None:
        known |= Q(pk=kept.room_step_id)
    return room_steps(ecosystem).filter(known)


def room_guesses(scenario: Scenario) -> RoomGuesses | None:
    """None where no room is named, nothing was revealed, or it was asked on a scale that is none of scores."""
    step = scenario.room_step
    if step is None:
        return None
    revealed = Round.objects.filter(activity=step, state__in=REVEALED, results__isnull=False)
    last = revealed.order_by("-number").only("results").first()
    try:
        plan = step.plan
    except BadPlan:
        return None
    if last is None or not isinstance(plan, BetPlan):
        return None
    results = decode(step.kind, last.results or {})
    if not isinstance(results, BetResults) or not (plan.lowest < 0 or (plan.lowest, plan.highest) == WHOLE):
        return None
    asked = {item.key: item for item in plan.items}
    found: dict[str, Bet] = {}
    for one in results.items:
        item = asked.get(one.item)
        if item is not None and item.dimension and not item.facet:
            found.setdefault(item.dimension, one.together)
    return RoomGuesses(step, plan.lowest < 0, found, len(results.items) - len(found), results.minimum)


def scenarios_by_step(steps: Iterable[Activity]) -> Mapping[int, tuple[Scenario, ...]]:
    """By step in which a room guessed: the scenarios that ran it. No query where no step is of that kind."""
    guessed = [step.pk for step in steps if step.kind == ActivityKind.BET]
    found: dict[int, list[Scenario]] = {}
    rows = Scenario.objects.filter(room_step__in=guessed).only("name", "room_step_id") if guessed else ()
    for scenario in rows:
        found.setdefault(scenario.room_step_id or 0, []).append(scenario)
    return {step: tuple(scenarios) for step, scenarios in found.items()}
