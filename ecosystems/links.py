"""Links that open something by themselves: a key and its signature, so that the table alone gives no working link."""

import base64
import binascii
import hmac
import uuid

from django.utils.crypto import salted_hmac

SIGNATURE_BYTES = 12
SALT = "ecosystems.member-invitation"


class MistypedLink(ValueError):
    """The text after `/join/` was never sent by us, or lost a character on its way."""


def join_token(key: uuid.UUID) -> str:
    """The last part of an invitation's address: 28 bytes in URL-safe base 64."""
    return base64.urlsafe_b64encode(key.bytes + _signature(key.bytes)).rstrip(b"=").decode()


def read_join_token(token: str) -> uuid.UUID:
    """The invitation's key; raises MistypedLink."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as broken:
        raise MistypedLink from broken
    key, signature = data[:16], data[16:]
    if len(data) != 16 + SIGNATURE_BYTES or not hmac.compare_digest(signature, _signature(key)):
        raise MistypedLink
    return uuid.UUID(bytes=key)


def _signature(key: bytes) -> bytes:
    return salted_hmac(SALT, key, algorithm="sha256").digest()[:SIGNATURE_BYTES]
