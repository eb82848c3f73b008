"""How people get in: the code that is said aloud, the link, and its QR code."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.models import Workshop
from assessments.qr_codes import qr_svg


@dataclass(frozen=True, slots=True)
class Doors:
    """`place` is said aloud with the code: `metasystem.example/j`."""

    place: str
    code: str
    link: str
    qr: SafeString


def doors_of(workshop: Workshop) -> Doors:
    link = f"{settings.PUBLIC_URL}/j/k/{workshop.key}/"
    place = f"{settings.PUBLIC_URL.partition('://')[2]}/j"
    return Doors(
        place, workshop.code, link, qr_svg(link, title=_("QR code to join %(title)s") % {"title": workshop.title})
    )
