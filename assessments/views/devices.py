"""What a phone remembers of workshops, in one signed cookie that is sent to the join pages only.

It holds a random name of the device, since when it has it, and the latest seats, so that the same phone comes back to
the same seat and wrong codes are counted by device. The server stores none of it.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac

COOKIE: Final = "metasystem_device"
SALT: Final = "assessments.device"
DAYS: Final = 180
MOST_SEATS: Final = 20
STANDING_SECONDS: Final = 3
"""How long before a page is sent back by hand, and a program that fetches it for each guess has to wait."""


@dataclass(frozen=True)
class Device:
    """`seats`: ids by workshop, the latest last. `name` '' for a phone that has just come, or keeps no cookies."""

    name: str = ""
    since: int = 0
    seats: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_standing(self) -> bool:
        """It has held a seat, or had the page for as long as typing takes."""
        return bool(self.name) and (bool(self.seats) or time.time() - self.since >= STANDING_SECONDS)

    def seat_in(self, workshop_id: int) -> str | None:
        return self.seats.get(str(workshop_id))

    def with_seat(self, workshop_id: int, seat: UUID) -> "Device":
        kept = {workshop: one for workshop, one in self.seats.items() if workshop != str(workshop_id)}
        kept[str(workshop_id)] = seat.hex
        return replace(self, seats=dict(list(kept.items())[-MOST_SEATS:]))

    def join_key(self, workshop_key: str) -> UUID:
        """One for each workshop, so that a button pressed twice gives one seat, and seats do not tell of each other."""
        digest = salted_hmac(SALT, f"{self.name}:{workshop_key}", algorithm="sha256").digest()
        return UUID(bytes=digest[:16], version=4)


def device_of(request: HttpRequest) -> Device:
    """What the request's cookie says; an empty Device where there is none that we made."""
    try:
        told: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 24 * 3600)
        return Device(str(told["n"]), int(told["t"]), {str(key): UUID(seat).hex for key, seat in told["s"].items()})
    except (signing.BadSignature, KeyError, TypeError, ValueError, AttributeError):
        return Device()


def remember(request: HttpRequest, response: HttpResponseBase, device: Device) -> None:
    """Give the device its cookie, under a new name where it has none."""
    if not device.name:
        device = replace(device, name=secrets.token_urlsafe(12), since=int(time.time()))
    response.set_cookie(
        COOKIE,
        signing.dumps({"n": device.name, "t": device.since, "s": dict(device.seats)}, salt=SALT, compress=True),
        max_age=DAYS * 24 * 3600,
        path=reverse("assessments:join"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
