"""Ending an anonymous workshop: nothing stored tells any more which phone said what, or when (rules D1, D3)."""

from typing import Final

from django.db import connection
from django.db.models import Q

from assessments.enums import CommitmentState
from assessments.models import Commitment, Idea, Reason, Round, Vote, Workshop
from assessments.services.seal import rewrite

SAID: Final = {"seat_id": "NULL", "revision": "0"}
"""`revision` is the phone's clock."""
VOTED: Final = {**SAID, "breakout_id": "NULL", "preview_step": "0"}

_IDEAS: Final = """
WITH gone AS (DELETE FROM assessments_idea WHERE activity_id = ANY(%s) RETURNING *),
anew AS MATERIALIZED (SELECT gone.*, gen_random_uuid() AS fresh FROM gone)
INSERT INTO assessments_idea (key, activity_id, round_id, seat_id, breakout_id, text, cluster_id, merged_into_id,
                              is_parked, is_shown, "order", revision)
SELECT one.fresh, one.activity_id, one.round_id, NULL, NULL, one.text, one.cluster_id, other.fresh,
       one.is_parked, one.is_shown, one."order", 0
FROM anew AS one LEFT JOIN anew AS other ON other.key = one.merged_into_id
ORDER BY gen_random_uuid()
"""


def seal(workshop: Workshop) -> None:
    """Forget what was never revealed, and cut the rest from its seats: new random keys, rows in a random order.

    Votes and texts lose their breakout group too: a group that was withheld is not to be read off the rows later. Call
    it in the transaction that ends the workshop.
    """
    rounds = list(Round.objects.filter(activity__workshop=workshop).values_list("pk", flat=True))
    activities = list(workshop.activities.values_list("pk", flat=True))
    _forget_hidden(workshop, rounds, activities)
    rewrite(Vote, "round_id", rounds, new_keys=True, cleared=VOTED)
    rewrite(Reason, "round_id", rounds, new_keys=True, cleared=SAID)
    with connection.cursor() as cursor:
        cursor.execute(_IDEAS, [activities])
    Commitment.objects.filter(workshop=workshop, seat__isnull=False).update(seat=None, revision=0)


def _forget_hidden(workshop: Workshop, rounds: list[int], activities: list[int]) -> None:
    Vote.objects.filter(round__in=rounds, counted=False).delete()
    Reason.objects.filter(round__in=rounds, is_shown=False).delete()
    Idea.objects.filter(activity__in=activities, is_shown=False).delete()
    proposed = Q(workshop=workshop, state=CommitmentState.PROPOSED)
    Commitment.objects.filter(proposed).exclude(pk__in=proposals_seen(workshop)).delete()


def proposals_seen(workshop: Workshop) -> set[str]:
    """Keys of the proposals that the room has seen."""
    found = Round.objects.filter(activity__workshop=workshop, results__keys__isnull=False).values_list(
        "results", flat=True
    )
    return {key for results in found if results for key in results["keys"]}
