"""The seats of a room as a list: by name where everybody speaks by name, else by a mark that the phone shows too."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Seat
from assessments.selectors.rooms import seat_mark

MARK = 4
"""Of the eight characters of a seat's mark: enough to tell phones in one room apart, short enough to be read out."""


@dataclass(frozen=True, slots=True)
class Person:
    seat: Seat
    name: str
    is_here: bool


def people(seats: Iterable[Seat]) -> tuple[Person, ...]:
    """`seats` as `selectors.consoles.seats_of` gives them."""
    return tuple(
        Person(
            seat, seat.name or _("Phone %(mark)s") % {"mark": phone_mark(seat)}, bool(getattr(seat, "is_here", False))
        )
        for seat in seats
    )


def phone_mark(seat: Seat) -> str:
    return seat_mark(seat.pk)[:MARK].upper()
