"""Breakout groups: the room is dealt into them at random; who comes later joins the smallest (`seats.join`)."""

import random
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import RoundState, WorkshopState
from assessments.models import Breakout, Round, Seat, Workshop
from assessments.selectors.pulses import effective_state
from assessments.services.acts import NotLive, StageProblem, acted, database_now, locked_workshop
from ecosystems.models import User

FEWEST_GROUPS: Final = 2
MOST_GROUPS: Final = 20
_shuffled: Final = random.SystemRandom()


class AnswersComingIn(StageProblem):
    def __init__(self) -> None:
        super().__init__(_("Answers are coming in. Close the round, then change the groups."))


@transaction.atomic
def deal(*, workshop: Workshop, groups: int, by: User | None) -> list[Breakout]:
    """Put everybody who is asked into so many groups, at random and as evenly as can be; earlier groups are gone.

    Raises NotLive after the end, AnswersComingIn while a round is open, StageProblem for a number that does not do.
    """
    if not FEWEST_GROUPS <= groups <= MOST_GROUPS:
        raise StageProblem(
            _("Deal the room into %(fewest)s to %(most)s groups.") % {"fewest": FEWEST_GROUPS, "most": MOST_GROUPS}
        )
    workshop = _between_rounds(workshop)
    workshop.breakouts.all().delete()
    dealt = Breakout.objects.bulk_create(
        Breakout(workshop=workshop, position=place, label=_("Group %(number)s") % {"number": place + 1})
        for place in range(groups)
    )
    seats = list(workshop.seats.filter(is_removed=False, is_counted=True).values_list("pk", flat=True))
    _shuffled.shuffle(seats)
    for place, breakout in enumerate(dealt):
        Seat.objects.filter(pk__in=seats[place::groups]).update(breakout=breakout)
    acted(workshop, by)
    return dealt


@transaction.atomic
def clear(*, workshop: Workshop, by: User | None) -> None:
    """Bring everybody together again. Nothing happens where there are no groups. Raises NotLive, AnswersComingIn."""
    workshop = _between_rounds(workshop)
    if workshop.breakouts.exists():
        workshop.breakouts.all().delete()
        acted(workshop, by)


@transaction.atomic
def move(*, seat: Seat, breakout: Breakout | None, by: User | None) -> Seat:
    """Put one seat into a group of its workshop, or into none. Where their earlier votes count stays as it was."""
    workshop = locked_workshop(seat.workshop_id)
    if workshop.state == WorkshopState.ENDED:
        raise NotLive(workshop)
    target = None if breakout is None else Breakout.objects.filter(pk=breakout.pk, workshop=workshop).first()
    if breakout is not None and target is None:
        raise StageProblem(_("This group is not there any more. Choose one of those shown now."))
    seat = Seat.objects.get(pk=seat.pk, workshop=workshop)
    if seat.breakout != target:
        seat.breakout = target
        seat.save(update_fields=["breakout"])
        acted(workshop, by)
    return seat


def _between_rounds(workshop: Workshop) -> Workshop:
    """The workshop, locked; a vote on its way in could name a group that is about to go."""
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.ENDED:
        raise NotLive(workshop)
    rounds = Round.objects.select_for_update(of=("self",)).filter(activity__workshop=workshop, state=RoundState.OPEN)
    now = database_now()
    if any(effective_state(one.state, one.closes_at, now) == RoundState.OPEN for one in list(rounds)):
        raise AnswersComingIn
    return workshop
