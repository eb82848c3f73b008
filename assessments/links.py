"""Links that let somebody in without a password: a key and its signature, readable aloud nowhere, guessable never.

A token is one letter for its kind and 36 URL-safe characters: the row's 128-bit key and 88 bits of its keyed digest.
The database alone therefore gives no working link (rule D3); nor does a link of one kind work as another.
"""

import base64
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from assessments.models import Draft, Invitation, Seat, WaveGroup, Workshop

DIGEST_BYTES = 11
SHAPE = re.compile(r"[a-z][A-Za-z0-9_-]{36}", re.ASCII)


class LinkKind(StrEnum):
    """What a token opens; the letter is the token's first."""

    INVITATION = "p"
    DRAFT = "d"
    NO_MORE_MAIL = "u"
    SEAT = "s"
    MINUTES = "m"


class MistypedLink(Exception):
    """Not a link that was ever given out: cut off, mistyped or made up."""

    def __init__(self) -> None:
        super().__init__(_("This link is not complete. Copy it again from the message it came in."))


@dataclass(frozen=True)
class Link:
    """A genuine token: what it opens and the key of the row (which may be gone by now)."""

    kind: LinkKind
    key: UUID


def invitation_token(invitation: Invitation) -> str:
    """The token of a personal link."""
    return _token(LinkKind.INVITATION, invitation.key)


def draft_token(draft: Draft) -> str:
    """The token with which somebody who came by a public link goes on with their own draft."""
    return _token(LinkKind.DRAFT, draft.key)


def no_more_mail_token(invitation: Invitation) -> str:
    """The token that ends e-mail to an invited person, and opens nothing else."""
    return _token(LinkKind.NO_MORE_MAIL, invitation.key)


def seat_token(seat: Seat) -> str:
    """The token of a seat in a workshop, with which a phone comes back to it."""
    return _token(LinkKind.SEAT, seat.id)


def read_seat_token(token: str) -> UUID:
    """The seat's id in its token; MistypedLink for anything else."""
    return _read(token, LinkKind.SEAT)


def minutes_token(workshop: Workshop) -> str:
    """The token of a workshop's minutes, for those who asked for them."""
    return _token(LinkKind.MINUTES, UUID(int=workshop.pk))


def read_minutes_token(token: str) -> int:
    """The workshop's id in the token of its minutes; MistypedLink for anything else."""
    return _read(token, LinkKind.MINUTES).int


def minutes_url(workshop: Workshop) -> str:
    """The absolute address of a workshop's minutes, for a message."""
    return f"{settings.PUBLIC_URL}{reverse('assessments:minutes-by-link', args=[minutes_token(workshop)])}"


def read_link(token: str) -> Link:
    """Kind and key of a genuine token; MistypedLink for anything else."""
    if not SHAPE.fullmatch(token) or token[0] not in {kind.value for kind in LinkKind}:
        raise MistypedLink
    kind, raw = LinkKind(token[0]), base64.urlsafe_b64decode(token[1:])
    key, digest = raw[:16], raw[16:]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(digest, _digest(kind, key, secret)) for secret in secrets):
        raise MistypedLink
    return Link(kind=kind, key=UUID(bytes=key))


def read_token(token: str) -> UUID:
    """The invitation's key in a personal link's token; MistypedLink for anything else."""
    return _read(token, LinkKind.INVITATION)


def read_draft_token(token: str) -> UUID:
    """The draft's key in a resume link's token; MistypedLink for anything else."""
    return _read(token, LinkKind.DRAFT)


def read_no_more_mail_token(token: str) -> UUID:
    """The invitation's key in a token that ends e-mail; MistypedLink for anything else."""
    return _read(token, LinkKind.NO_MORE_MAIL)


def personal_url(invitation: Invitation) -> str:
    """The absolute address of a personal link, for a message or a file."""
    return f"{settings.PUBLIC_URL}{reverse('assessments:fill-in', args=[invitation_token(invitation)])}"


def public_url(group: WaveGroup) -> str:
    """The absolute address of a group's public link, for a letter or a QR code."""
    return f"{settings.PUBLIC_URL}{reverse('assessments:public-link', args=[group.public_key])}"


def no_more_mail_url(invitation: Invitation) -> str:
    """The absolute address that ends e-mail to an invited person."""
    return f"{settings.PUBLIC_URL}{reverse('assessments:no-more-mail', args=[no_more_mail_token(invitation)])}"


def _read(token: str, kind: LinkKind) -> UUID:
    link = read_link(token)
    if link.kind is not kind:
        raise MistypedLink
    return link.key


def _token(kind: LinkKind, key: UUID) -> str:
    signed = key.bytes + _digest(kind, key.bytes, settings.SECRET_KEY)
    return kind.value + base64.urlsafe_b64encode(signed).decode("ascii")


def _digest(kind: LinkKind, key: bytes, secret: str | bytes) -> bytes:
    mac = salted_hmac(f"assessments.links.{kind.name.lower()}", key, secret=secret, algorithm="sha256")
    return mac.digest()[:DIGEST_BYTES]
