"""Who wants the minutes of a workshop: addresses only, which lead to no seat."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import MinutesRequest, Seat, Workshop

SPARE: Final = 20
"""Addresses beyond one a seat: people mistype theirs, or add a colleague's."""


class MinutesProblem(Exception):
    """Why an address was not taken, in words for the person."""


class WorkshopGone(MinutesProblem):
    def __init__(self) -> None:
        super().__init__(_("This workshop has been deleted, with everything that was said in it."))


class TooManyAddresses(MinutesProblem):
    """One phone must not have the minutes sent to the whole world."""

    def __init__(self) -> None:
        super().__init__(
            _("More addresses than people were given here. Ask a facilitator to send you the minutes by link.")
        )


@transaction.atomic
def ask_for_minutes(*, workshop: Workshop, email: str) -> MinutesRequest:
    """Keep an address for the minutes; once, however often it is given. Raises WorkshopGone, TooManyAddresses."""
    if not Workshop.objects.select_for_update(no_key=True).filter(pk=workshop.pk).exists():
        raise WorkshopGone
    address = email.strip().lower()
    known = MinutesRequest.objects.filter(workshop=workshop, email=address).first()
    if known is not None:
        return known
    seats = Seat.objects.filter(workshop=workshop).count()
    if MinutesRequest.objects.filter(workshop=workshop).count() >= seats + SPARE:
        raise TooManyAddresses
    return MinutesRequest.objects.create(workshop=workshop, email=address)
