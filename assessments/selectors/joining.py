"""Which workshop a code or a link leads to, and the seat in it that a device remembers."""

import re
from typing import Final

from assessments.models import Seat, Workshop

KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


def by_code(code: str) -> Workshop | None:
    """The workshop whose doors this code opens now; one that is in preparation or over is not told from none."""
    found = Workshop.objects.filter(code=code).first()
    return found if found is not None and found.is_open else None


def by_key(key: str) -> Workshop | None:
    """The workshop of a QR code or link, whatever its state."""
    if not KEY.fullmatch(key):
        return None
    return Workshop.objects.select_related("organization", "ecosystem", "created_by").filter(key=key).first()


def seat_in(workshop: Workshop, seat_id: str) -> Seat | None:
    """The seat that a device remembers, if it is still there."""
    return Seat.objects.filter(workshop=workshop, pk=seat_id).first()
