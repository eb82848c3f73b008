"""The text of what people upload: UTF-8, UTF-16 or Windows-1252/Latin-1, with or without BOM."""

from django.utils.translation import gettext as _

NOT_TEXT = {b"PK\x03\x04": "XLSX", b"\xd0\xcf\x11\xe0": "XLS", b"%PDF": "PDF"}


class NotText(Exception):
    """The upload cannot be read as text; the message says what to do."""


def decode(data: bytes | str) -> str:
    """The text of an upload. Raises NotText for spreadsheets, PDF and other binary files."""
    if isinstance(data, str):
        text = data
    else:
        for start, name in NOT_TEXT.items():
            if data.startswith(start):
                raise NotText(
                    _("This file is %(kind)s, not text. Save the table as CSV and try again.") % {"kind": name}
                )
        text = _decode_bytes(data)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise NotText(_("This is not a text file. Save the table as CSV and try again."))
    return text


def _decode_bytes(data: bytes) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        half = data[:200]
        if len(half) > 3 and not len(data) % 2:  # UTF-16 without a mark: every other byte of a Latin header is zero
            if half[1::2].count(0) > len(half) // 3 and 0 not in half[::2]:
                return data.decode("utf-16-le")
            if half[::2].count(0) > len(half) // 3 and 0 not in half[1::2]:
                return data.decode("utf-16-be")
    except UnicodeDecodeError as broken:
        raise NotText(_("This file says it is UTF-16 but is not. Save it as CSV UTF-8 and try again.")) from broken
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
