"""The votes of an activity as the pure core wants them."""

from dataclasses import dataclass

from django.db.models import F, TextField, Window
from django.db.models.functions import Cast, DenseRank

from assessments.models import Activity, Vote
from assessments.models.activity_plans import BetPlan, DotsPlan, LinksPlan, RankingPlan, RatePlan
from assessments.scoring.room.populations import RoomVotes, VoteRow


@dataclass(frozen=True)
class ActivityVotes:
    """`keys` are those of the rows of `votes`, in their order, as text."""

    keys: tuple[str, ...]
    votes: RoomVotes


def asked_items(activity: Activity) -> tuple[str, ...]:
    """Keys of what is voted on, in the order asked; () where nothing is."""
    plan = activity.plan
    if isinstance(plan, RatePlan | BetPlan):
        return tuple(item.key for item in plan.items)
    if isinstance(plan, DotsPlan | RankingPlan):
        return tuple(option.key for option in plan.options)
    if isinstance(plan, LinksPlan):
        return tuple(pair.key for pair in plan.pairs)
    return ()


def activity_votes(activity: Activity) -> ActivityVotes:
    """All votes of all its rounds; breakout groups by label where the activity is by breakout.

    Seats come as places and keys as text: making thousands of UUIDs takes longer than scoring them.
    """
    items = asked_items(activity)
    labels = dict(activity.workshop.breakouts.values_list("pk", "label")) if activity.by_breakout else {}
    votes = Vote.objects.filter(round__activity=activity, item__in=items, seat__isnull=False)
    found = votes.annotate(
        place=Window(DenseRank(), order_by=F("seat_id").asc()), name=Cast("key", TextField())
    ).values_list("name", "place", "round__number", "item", "value", "confidence", "delay", "counted", "breakout_id")
    keys, rows = [], []
    for key, seat, number, item, value, confidence, delay, counted, breakout in found:
        keys.append(key)
        rows.append(VoteRow(seat, number, item, value, confidence, delay, counted, labels.get(breakout)))
    return ActivityVotes(tuple(keys), RoomVotes.of(rows, items=items, groups=tuple(labels.values())))
