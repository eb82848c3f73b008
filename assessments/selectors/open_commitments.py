"""Commitments that come back by themselves: at the next workshop, and at the next wave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, Window
from django.utils import timezone

from assessments.enums import CommitmentState
from assessments.models import Commitment, Wave
from assessments.selectors.commitments import told_of
from ecosystems.models import Ecosystem

MOST_LISTED: Final = 6
MOST_ON_THE_WALL: Final = 36


@dataclass(frozen=True, slots=True)
class Returning:
    """Those whose day comes first, with `progress` and `has_left`; how many there are in all, and how many are late."""

    commitments: Sequence[Any] = ()
    count: int = 0
    late: int = 0


def still_open(ecosystem: Ecosystem, *, most: int = MOST_LISTED) -> Returning:
    """What was promised in the ecosystem and is not done yet, in one query."""
    return _listed(ecosystem, Q(state=CommitmentState.OPEN), most)


def due_by(wave: Wave, *, before: Wave | None) -> Returning:
    """
    What was promised for the time between the closing of the wave `before` and of this one, in one query.

    What was promised for earlier, or for no day, and is still open comes back too; what was done in between is told
    beside it.
    """
    end = timezone.localdate(wave.closed_at) if wave.closed_at else wave.closes_on or timezone.localdate()
    start = timezone.localdate(before.closed_at) if before and before.closed_at else date.min
    is_open, done = Q(state=CommitmentState.OPEN), Q(state=CommitmentState.DONE)
    between = Q(due_on__gt=start, due_on__lte=end) | Q(closed_on__gt=start, closed_on__lte=end)
    awaited = Q(due_on__lte=end) | Q(due_on=None, created_at__date__lte=end)
    return _listed(wave.assessment.ecosystem, Q(is_open & awaited) | Q(done, between))


def wave_before(wave: Wave) -> Wave | None:
    """The wave of the same assessment that closed last before this one."""
    closed = Wave.objects.filter(assessment=wave.assessment_id, number__lt=wave.number, closed_at__isnull=False)
    return closed.only("pk", "closed_at").order_by("-number").first()


def _listed(ecosystem: Ecosystem, which: Q, most: int = MOST_LISTED) -> Returning:
    late = Q(state=CommitmentState.OPEN, due_on__lt=timezone.localdate())
    found = Commitment.objects.filter(which, ecosystem=ecosystem).exclude(workshop__rehearsal_of__isnull=False)
    rows = told_of(found, ecosystem).annotate(of_all=Window(Count("pk")), of_late=Window(Count("pk", filter=late)))
    listed = list(rows.order_by(F("due_on").asc(nulls_last=True), "key")[:most])
    return Returning(listed, listed[0].of_all, listed[0].of_late) if listed else Returning()
