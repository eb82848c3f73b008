"""Noting what a room looks back at: the open commitments when it comes to them, and what became of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from assessments.enums import CommitmentState
from assessments.models import Activity, Commitment, Workshop
from assessments.models.activity_plans import BadPlan, TalkPlan
from assessments.models.looked_back import Became, LookedBack, Seen, read_looked_back
from assessments.scoring.codec import encode
from assessments.selectors.commitments import told_of
from assessments.selectors.open_commitments import MOST_ON_THE_WALL, still_open


def look_back(*, activity: Activity, workshop: Workshop) -> None:
    """Note on a step about promises what is open, once; the caller saves `looked_back`.

    Names are noted only where the room speaks by name, and members' alone.
    """
    if activity.looked_back is not None or not _asks_for_it(activity):
        return
    found = still_open(workshop.ecosystem, most=MOST_ON_THE_WALL)
    seen = tuple(
        Seen(
            key=str(one.key),
            text=one.text,
            owner=_owner(one, workshop),
            due=_day(one),
            progress=one.progress or "",
        )
        for one in found.commitments
    )
    activity.looked_back = encode(LookedBack(timezone.localdate().isoformat(), found.count, found.late, seen))


def look_back_anew(*, workshop: Workshop) -> None:
    """Note it again, by the privacy rules of now: they may change until somebody has joined."""
    for activity in workshop.activities.filter(looked_back__isnull=False):
        activity.looked_back = None
        look_back(activity=activity, workshop=workshop)
        activity.save(update_fields=["looked_back"])


def note_what_became(*, workshop: Workshop) -> None:
    """Note beside what the room looked back at how it stands now, at the end of the workshop."""
    steps = {one: back for one in workshop.activities.exclude(looked_back=None) if (back := _back(one)) is not None}
    if not steps:
        return
    keys = {UUID(seen.key) for back in steps.values() for seen in back.seen}
    now = {str(one.key): one for one in told_of(Commitment.objects.filter(key__in=keys), workshop.ecosystem)}
    for step, back in steps.items():
        seen = tuple(replace(one, became=_became(one, now, workshop)) for one in back.seen)
        step.looked_back = encode(replace(back, seen=seen))
        step.save(update_fields=["looked_back"])


def _asks_for_it(activity: Activity) -> bool:
    try:
        plan = activity.plan
    except BadPlan:
        return False
    return isinstance(plan, TalkPlan) and plan.promises


def _back(activity: Activity) -> LookedBack | None:
    return read_looked_back(activity.looked_back)


def _became(seen: Seen, now: Mapping[str, Any], workshop: Workshop) -> Became:
    one = now.get(seen.key)
    if one is None:
        return Became(state="")
    is_dropped = one.state == CommitmentState.DROPPED
    return Became(
        state=one.state,
        text=one.text,
        owner=_owner(one, workshop),
        due=_day(one),
        progress=one.progress or "",
        why=one.closing_note if is_dropped else "",
    )


def _owner(commitment: Any, workshop: Workshop) -> str:
    """`commitment` as in `told_of`."""
    is_member = commitment.owner_id is not None and not commitment.has_left
    return commitment.owner_name if is_member and not workshop.is_anonymous else ""


def _day(commitment: Commitment) -> str:
    return commitment.due_on.isoformat() if commitment.due_on else ""
