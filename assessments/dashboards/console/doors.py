"""How people get in: the code that is said aloud, the link, and its QR code."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.join_links import join_url, own_phone_url
from assessments.models import Workshop
from assessments.projector_links import projector_path
from assessments.qr_codes import qr_svg


@dataclass(frozen=True, slots=True)
class Doors:
    """`place` is said aloud with the code: `metasystem.example/j`. By `own_phone` a facilitator joins, not counted.

    `projector` is the path of the screen in the room.
    """

    place: str
    code: str
    link: str
    qr: SafeString
    own_phone: str
    projector: str


def doors_of(workshop: Workshop) -> Doors:
    link = join_url(workshop)
    place = f"{settings.PUBLIC_URL}{reverse('assessments:join')}".partition("://")[2].rstrip("/")
    title = _("QR code to join %(title)s") % {"title": workshop.title}
    return Doors(
        place, workshop.code, link, qr_svg(link, title=title), own_phone_url(workshop), projector_path(workshop)
    )
