"""What workshops about a wave asked of what the wave measures: revealed and not withheld, never part of its scores."""

from dataclasses import dataclass

from assessments.enums import REVEALED, ActivityKind, WorkshopState
from assessments.models import Round, Wave, Workshop
from assessments.models.activity_plans import BadPlan, RatePlan
from assessments.scoring.room.results import RatedItem, RatingResults, VoteKind, decode


@dataclass(frozen=True, slots=True)
class AskedInRoom:
    """The last revealed result of one question of an ended workshop."""

    workshop: Workshop
    rated: RatedItem
    results: RatingResults


def asked_in_rooms(wave: Wave, code: str) -> tuple[AskedInRoom, ...]:
    """Questions about the facet with this code, or about a dimension as a whole; the latest workshop first."""
    rounds = Round.objects.filter(
        activity__kind=ActivityKind.RATE,
        activity__workshop__wave=wave,
        activity__workshop__state=WorkshopState.ENDED,
        activity__workshop__rehearsal_of=None,
        state__in=REVEALED,
        results__isnull=False,
    )
    latest = {round.activity_id: round for round in rounds.select_related("activity__workshop").order_by("number")}
    found = [one for round in latest.values() for one in _about(round, code)]
    return tuple(sorted(found, key=lambda one: (one.workshop.ended_at, one.workshop.pk), reverse=True))


def _about(round: Round, code: str) -> list[AskedInRoom]:
    try:
        plan = round.activity.plan
    except BadPlan:
        return []
    results = decode(VoteKind.RATE, round.results or {})
    if not isinstance(plan, RatePlan) or not isinstance(results, RatingResults):
        return []
    asked = {item.key for item in plan.items if (item.facet or item.dimension) == code}
    shown = (one for one in results.items if one.item in asked)
    return [
        AskedInRoom(round.activity.workshop, one, results)
        for one in shown
        if not one.together.withheld and one.together.spread is not None
    ]
