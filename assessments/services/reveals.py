"""What a reveal computes and shows. Call it with the round locked: every vote accepted before is in it, none after."""

import random
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db import connection

from assessments.enums import WRITTEN, ActivityKind, CommitmentState
from assessments.models import Activity, Commitment, Idea, Reason, Round
from assessments.models.activity_plans import BetPlan, RatePlan
from assessments.scoring.room.populations import RoomVotes
from assessments.scoring.room.results import encode
from assessments.scoring.room.rounds import Reveal, round_results
from assessments.selectors.round_votes import activity_votes
from ecosystems.models import User
from ecosystems.services import audit

_shuffled: Final = random.SystemRandom()
# a full hall writes thousands of texts, and everybody waits for the reveal: one statement for all of them
_REASONS: Final = """
UPDATE assessments_reason AS reason SET is_shown = true, round_id = %s, text = told.text
FROM unnest(%s::uuid[], %s::text[]) AS told(key, text) WHERE reason.key = told.key
"""
_IDEAS: Final = """
UPDATE assessments_idea AS idea SET is_shown = true, round_id = %s, "order" = told.place
FROM unnest(%s::uuid[], %s::integer[]) AS told(key, place) WHERE idea.key = told.key
"""


def reveal(round: Round, *, by: User | None) -> dict[str, Any]:
    """Mark what is shown from now on, and return the round's results for good; no withheld number is among them.

    Texts: `{"authors", "shown", "withheld", "needs"}` and, by breakout, one such dict for each of its "groups".
    Commitments: `{"authors", "shown", "keys"}`. Votes: `scoring.room.results.decode` reads them.
    """
    activity = round.activity
    if activity.kind in WRITTEN:
        results = _show_ideas(round)
    elif activity.kind == ActivityKind.COMMIT:
        results = _show_commitments(activity)
    else:
        results = _show_votes(round)
        _show_reasons(round)
    workshop = activity.workshop
    if workshop.preview and not workshop.is_rehearsal:
        audit.record(
            organization=workshop.organization,
            actor=by,
            action="workshop.revealed-after-preview",
            subject=workshop,
            details={"step": activity.title, "round": round.number},
        )
    return results


def votes_shown(round: Round, votes: RoomVotes, *, revealed: Collection[int]) -> Reveal:
    """What may be shown of a round given these votes of its activity, after the rounds revealed before."""
    activity = round.activity
    plan = activity.plan
    scale: dict[str, Any] = {}
    if isinstance(plan, RatePlan | BetPlan):
        scale = {"lowest": plan.lowest, "highest": plan.highest}
    if isinstance(plan, BetPlan) and plan.outcomes:
        scale["outcomes"] = plan.outcomes
    return round_results(
        activity.kind,
        votes,
        number=round.number,
        k=activity.workshop.shown_from,
        revealed=revealed,
        **scale,
    )


def names_groups(results: Mapping[str, Any] | None) -> bool:
    """Whether results of votes tell of breakout groups, shown or withheld."""
    if results is None:
        return False
    return bool(results.get("groups")) or any(item.get("groups") for item in results.get("items", ()))


def _show_votes(round: Round) -> dict[str, Any]:
    given = activity_votes(round.activity)
    earlier = round.activity.rounds.filter(number__lt=round.number, results__isnull=False)
    shown = votes_shown(round, given.votes, revealed=tuple(earlier.values_list("number", flat=True)))
    counted = [key for key, is_in in zip(given.keys, shown.counted & ~given.votes.counted, strict=True) if is_in]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_vote SET counted = true WHERE key = ANY(%s::uuid[])", [counted])
    return encode(shown.results)


def _show_reasons(round: Round) -> None:
    """Item by item: all that were not shown yet, where they come from enough people.

    Those that waited become reasons of this round: listed under their own they would tell which few came later. What
    one person wrote about an item in several rounds becomes one text.
    """
    hidden: dict[str, list[Reason]] = {}
    waiting = Reason.objects.filter(round__activity=round.activity_id, is_shown=False).exclude(text="")
    for reason in waiting.order_by("-round__number"):
        hidden.setdefault(reason.item, []).append(reason)
    needs = round.activity.workshop.comments_shown_from
    ready = [reasons for reasons in hidden.values() if len(_authors(reasons)) >= needs]
    kept = [reason for reasons in ready for reason in _joined(reasons)]
    told_again = {reason.key for reasons in ready for reason in reasons} - {reason.key for reason in kept}
    if told_again:
        Reason.objects.filter(pk__in=told_again).delete()
    Reason.objects.filter(round=round, text="").delete()  # taken back: the place of one that waited
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [round.pk, [str(reason.key) for reason in kept], [reason.text for reason in kept]])


def _joined(reasons: Iterable[Reason]) -> list[Reason]:
    """Of reasons for one item, latest first, one of each person: the latest, with what they wrote before."""
    kept: dict[object, Reason] = {}
    for reason in reasons:
        latest = kept.setdefault(reason.seat_id or reason.key, reason)
        if reason.text not in latest.text:
            latest.text = f"{reason.text}\n\n{latest.text}"
    return list(kept.values())


def _show_ideas(round: Round) -> dict[str, Any]:
    """All texts that were not shown yet, where they come from enough people; by breakout, group by group.

    Those that waited become texts of this round: listed under their own they would tell which few came later.
    """
    activity = round.activity
    labels = dict(activity.workshop.breakouts.values_list("pk", "label")) if activity.by_breakout else {}
    hidden: dict[str, list[Idea]] = {label: [] for label in labels.values()}
    for idea in Idea.objects.filter(activity=activity, is_shown=False, round__isnull=False):
        label = labels.get(idea.breakout_id or 0, "")
        hidden.setdefault(label, []).append(idea)
    needs = activity.workshop.shown_from
    ready = [idea for ideas in hidden.values() if len(_authors(ideas)) >= needs for idea in ideas]
    _shuffled.shuffle(ready)
    begin = Idea.objects.filter(activity=activity, is_shown=True).count()
    for place, idea in enumerate(ready, begin):
        idea.is_shown, idea.order, idea.round = True, place, round
    with connection.cursor() as cursor:
        keys, places = [str(idea.key) for idea in ready], [idea.order for idea in ready]
        cursor.execute(_IDEAS, [round.pk, keys, places])
    everything = [idea for ideas in hidden.values() for idea in ideas]
    results = _told(everything, needs)
    if labels:
        results["groups"] = [{"group": label, **_told(ideas, needs)} for label, ideas in hidden.items()]
    return results


def _told(ideas: list[Idea], needs: int) -> dict[str, Any]:
    shown = sum(idea.is_shown for idea in ideas)
    return {
        "authors": len(_authors(ideas)),
        "shown": shown,
        "withheld": bool(ideas) and not shown,
        "needs": needs,
    }


def _show_commitments(activity: Activity) -> dict[str, Any]:
    """Proposals carry a name by nature: nothing is withheld."""
    proposed = list(Commitment.objects.filter(activity=activity, state=CommitmentState.PROPOSED))
    _shuffled.shuffle(proposed)
    return {
        "authors": len(_authors(proposed)),
        "shown": len(proposed),
        "keys": [str(commitment.key) for commitment in proposed],
    }


def _authors(said: Iterable[Reason] | Iterable[Idea] | Iterable[Commitment]) -> set[object]:
    return {one.seat_id for one in said if one.seat_id}
