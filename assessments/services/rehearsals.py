"""Rehearsals: a copy of a workshop with invented people in it, who answer whenever a round opens.

Nothing of a rehearsal ever reaches the workshop that is rehearsed; invented people are in rehearsals only.
"""

import math
from random import Random
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import WRITTEN, ActivityKind, RoundState, WorkshopState
from assessments.models import Commitment, Idea, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import BadPlan, CommitPlan, IdeasPlan
from assessments.selectors.pulses import effective_state
from assessments.services.acts import StageProblem, acted, database_now, locked_workshop
from assessments.services.commitments import propose
from assessments.services.drafts import now_in_ms
from assessments.services.ideas import GivenIdea, write_ideas
from assessments.services.room_problems import RoomProblem
from assessments.services.simulated_people import NAMES, SimulatedPerson
from assessments.services.votes import cast_votes
from assessments.services.workshops import duplicate_workshop
from assessments.tasks import rehearsal_key
from ecosystems.enums import StakeholderGroup
from ecosystems.models import User

MOST_PEOPLE: Final = 60
LOOKS: Final = 5
"""In so many looks, a second apart, everybody has answered who is not late."""
SOON, LATE = 1, 5  # seconds
LATE_SHARE, SILENT_SHARE, KEEPING_SHARE, PROMISING_SHARE = 0.17, 0.08, 0.4, 0.35


@transaction.atomic
def rehearse(*, workshop: Workshop, people: int = 12, by: User | None) -> Workshop:
    """A copy of the workshop with its doors open and so many invented people in it.

    An earlier rehearsal of the same workshop by the same person is deleted. Raises StageProblem for a rehearsal of a
    rehearsal, a workshop without steps, and more people than 60.
    """
    workshop = locked_workshop(workshop.pk)
    if workshop.is_rehearsal:
        raise StageProblem(_("This is a rehearsal already."))
    if not 1 <= people <= MOST_PEOPLE:
        raise StageProblem(_("Rehearse with 1 to %(most)s invented people.") % {"most": MOST_PEOPLE})
    if not workshop.activities.filter(is_skipped=False).exists():
        raise StageProblem(_("The agenda has no steps. Add at least one, then rehearse."))
    for earlier in workshop.rehearsals.filter(created_by=by):
        forget(earlier)
    copy = duplicate_workshop(workshop=workshop, title=workshop.title, by=by, rehearsal_of=workshop)
    copy.state, copy.opened_at = WorkshopState.LOBBY, database_now()
    acted(copy, by, "state", "opened_at")
    Seat.objects.bulk_create(_invented(copy, place) for place in range(people))
    return copy


@transaction.atomic
def end_rehearsal(*, workshop: Workshop, by: User | None) -> None:
    """Delete a rehearsal with everything that was said in it; nothing happens where it is gone already.

    Raises StageProblem for anything that is not a rehearsal.
    """
    found = Workshop.objects.select_for_update().filter(pk=workshop.pk).first()
    if found is None:
        return
    if not found.is_rehearsal:
        raise StageProblem(_("This is not a rehearsal, so it is not deleted here. End the workshop instead."))
    forget(found)


def forget(rehearsal: Workshop) -> None:
    """Delete a rehearsal. Commitments outlive a workshop; those of a rehearsal do not."""
    Commitment.objects.filter(workshop=rehearsal).delete()
    rehearsal.delete()


def act(*, round_id: int) -> int | None:
    """Let those answer in an open round of a rehearsal who are quick enough by now.

    Returns in how many seconds to look again; None where everybody has said what they are going to say.
    """
    cache.delete(rehearsal_key(round_id))
    round = _open_round(round_id)
    return None if round is None else _Room(round).look()


def waiting_rounds() -> list[int]:
    """Rounds of rehearsals in which somebody invented may still have to answer."""
    rounds = Round.objects.filter(
        activity__workshop__rehearsal_of__isnull=False,
        activity__workshop__state=WorkshopState.LIVE,
        state=RoundState.OPEN,
    )
    return sorted(rounds.values_list("pk", flat=True))


def _invented(copy: Workshop, place: int) -> Seat:
    turn, number = divmod(place, len(NAMES))
    name = NAMES[number] + (f" {turn + 1}" if turn else "")
    groups = StakeholderGroup.values
    return Seat(
        workshop=copy,
        name="" if copy.is_anonymous else name,
        group=groups[place % len(groups)] if copy.asks_group else "",
        is_simulated=True,
        seen_at=timezone.now(),
    )


def _open_round(round_id: int) -> Round | None:
    """The round, where it is open now and of a rehearsal: nobody invented answers anywhere else."""
    rounds = Round.objects.select_related("activity__workshop")
    found = rounds.filter(pk=round_id, activity__workshop__rehearsal_of__isnull=False).first()
    if found is None or found.activity.workshop.state != WorkshopState.LIVE:
        return None
    is_open = effective_state(found.state, found.closes_at, database_now()) == RoundState.OPEN
    return found if is_open else None


class _Room:
    """The invented people in a round: some are quick, some late, and some never answer, or keep what they said."""

    def __init__(self, round: Round) -> None:
        self.round, self.activity = round, round.activity
        invented = self.activity.workshop.seats.filter(is_simulated=True, is_removed=False)
        self.seats = sorted((seat.pk for seat in invented), key=self._pace)
        self.before = self._results_before()

    def look(self) -> int | None:
        """Let the next ones answer; in how many seconds to look again, None when all have."""
        is_again = self.round.number > 1 and self.activity.kind not in WRITTEN
        speaking = len(self.seats) - _part(len(self.seats), KEEPING_SHARE if is_again else SILENT_SHARE)
        quick_ones = speaking - _part(speaking, LATE_SHARE)
        answered = self._answered()
        quick = [seat for seat in self.seats[:quick_ones] if seat not in answered]
        late = [seat for seat in self.seats[quick_ones:speaking] if seat not in answered]
        now = quick[: math.ceil(len(self.seats) / LOOKS)] or late[:1]
        for seat in now:
            self._answer(seat)
        if len(quick) > len(now):
            return SOON
        return LATE if set(late) - set(now) else None

    def _pace(self, seat: UUID) -> float:
        return Random(f"pace:{seat}:{self.round.pk}").random()  # noqa: S311 - invented people

    def _results_before(self) -> dict[str, Any] | None:
        earlier = self.activity.rounds.filter(number__lt=self.round.number, results__isnull=False)
        return earlier.order_by("-number").values_list("results", flat=True).first()

    def _answered(self) -> set[UUID | None]:
        if self.activity.kind in WRITTEN:
            return set(Idea.objects.filter(round=self.round).values_list("seat_id", flat=True))
        if self.activity.kind == ActivityKind.COMMIT:
            promised = Commitment.objects.filter(activity=self.activity).values_list("seat_id", flat=True)
            return {*promised, *self.seats[math.ceil(len(self.seats) * PROMISING_SHARE) :]}
        return set(Vote.objects.filter(round=self.round).values_list("seat_id", flat=True))

    def _answer(self, seat: UUID) -> None:
        """As a phone would, by the same way in; what the room does not take any more is let go."""
        person = self._person(seat)
        try:
            plan = self.activity.plan
            if isinstance(plan, IdeasPlan):
                write_ideas(seat=seat, round_id=self.round.pk, ideas=self._ideas(person, plan))
            elif isinstance(plan, CommitPlan):
                taken = set(Commitment.objects.filter(activity=self.activity).values_list("text", flat=True))
                promise = person.promise(timezone.localdate(), taken=taken)
                propose(seat=seat, round_id=self.round.pk, proposals=[promise])
            else:
                votes, reasons = person.votes(plan), person.reasons(plan)
                cast_votes(seat=seat, round_id=self.round.pk, votes=votes, reasons=reasons)
        except (RoomProblem, BadPlan):
            return

    def _ideas(self, person: SimulatedPerson, plan: IdeasPlan) -> tuple[GivenIdea, ...]:
        taken = set(Idea.objects.filter(activity=self.activity).values_list("text", flat=True))
        return person.ideas(plan, is_check=self.activity.kind == ActivityKind.CHECK, taken=taken)

    def _person(self, seat: UUID) -> SimulatedPerson:
        return SimulatedPerson(seat, self.round.pk, revision=now_in_ms(), before=self.before)


def _part(count: int, share: float) -> int:
    return int(count * share + 0.5)
