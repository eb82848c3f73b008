"""The address of a workshop's projector: read-only, without logging in, and good until a day after the end."""

from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.urls import reverse

from assessments.models import Workshop

SALT: Final = "assessments.projector"
AFTERWARDS: Final = timedelta(days=1)


class NoProjector(Exception):
    """The token of a projector's address is forged or mistyped."""


def projector_path(workshop: Workshop) -> str:
    """The same for as long as the workshop exists, so that it survives reloads and may be noted down."""
    return reverse("assessments:projector", args=[signing.Signer(salt=SALT).sign(str(workshop.pk))])


def read_projector_token(token: str) -> int:
    """The workshop's key; raises NoProjector."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError) as problem:
        raise NoProjector from problem


def is_over(ended_at: datetime | None, now: datetime) -> bool:
    """Whether the screen of a workshop that ended then shows nothing any more."""
    return ended_at is not None and ended_at + AFTERWARDS < now
