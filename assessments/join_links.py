"""Addresses that lead into a workshop: to its doors, to a facilitator's own seat, and to a seat on another phone."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.models import Workshop
from assessments.qr_codes import qr_svg

OWN_PHONE_SALT: Final = "assessments.own-phone"
OWN_PHONE_SECONDS: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Moving:
    """The link of a seat, with which another phone goes on in it."""

    link: str
    qr: SafeString


def join_url(workshop: Workshop) -> str:
    """The absolute address behind the QR code: a 96-bit key, good until the workshop ends."""
    return f"{settings.PUBLIC_URL}{reverse('assessments:join-link', args=[workshop.key])}"


def own_phone_url(workshop: Workshop) -> str:
    """The same for a facilitator's own phone: it shows what the room sees and is never counted. Good for a day."""
    mark = signing.dumps(workshop.pk, salt=OWN_PHONE_SALT)
    return f"{join_url(workshop)}?own={mark}"


def is_own_phone(workshop: Workshop, mark: str) -> bool:
    """Whether the mark in the address is one that we gave out for this workshop."""
    try:
        return bool(signing.loads(mark, salt=OWN_PHONE_SALT, max_age=OWN_PHONE_SECONDS) == workshop.pk)
    except signing.BadSignature:
        return False


def moving(token: str) -> Moving:
    """The seat's own link, to be opened on another phone."""
    link = f"{settings.PUBLIC_URL}{reverse('assessments:phone', args=[token])}"
    return Moving(link, qr_svg(link, title=_("QR code that moves this seat to another phone")))
