"""Names that people type: what of them can be seen, and which of them are one."""

import unicodedata
from typing import Final

JOINERS: Final = "\u200c\u200d"
"""Between letters of some scripts, and between the parts of an emoji."""
BLANKS: Final = f"{JOINERS}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
"""No spaces by their class, and yet nothing to see where they stand alone."""


def visible(text: str) -> str:
    """
    Without marks that nobody sees: they turn around, or imitate, the names beside it. Joiners of letters stay.

    '' where nothing is left that can be seen.
    """
    shown = "".join(one for one in text if one in JOINERS or unicodedata.category(one) != "Cf")
    return shown if any(not one.isspace() and one not in BLANKS for one in shown) else ""


def name_key(name: str) -> str:
    """
    Names with the same key are one, in any case.

    At least as coarse as the database's `lower`, which takes the dotted capital I for a plain i.
    """
    return name.replace("İ", "i").casefold()
