"""Text in charts: made harmless, measured, and made to fit. SVG neither wraps nor clips text by itself."""

import re
import unicodedata

# What XML 1.0 forbids, lone surrogates, and the controls that reorder text around them.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\ufeff]")
NARROW = frozenset("ijlI.,:;'|!()[] ft·’‘")
WIDE = frozenset("mwMW@%")
ELLIPSIS = "…"


def clean(text: object) -> str:
    """Text fit for XML on one line: forbidden characters dropped, white space runs as one space."""
    return " ".join(FORBIDDEN.sub("", str(text)).split())


def _advance(character: str) -> float:
    if character in NARROW:
        return 0.31
    if character in WIDE:
        return 0.9
    if character < "\u0250":
        return 0.68 if character.isupper() else 0.57
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(character) in ("W", "F") else 0.68


def text_width(text: str, size: float = 13, bold: bool = False) -> float:
    """A safe estimate in px for a system sans."""
    return sum(map(_advance, text)) * size * (1.06 if bold else 1.0)


def fit(text: object, width: float, size: float = 13, bold: bool = False) -> str:
    """The text, or as much of it as fits into `width` px with an ellipsis; the table holds the whole."""
    whole = clean(text)
    if text_width(whole, size, bold) <= width:
        return whole
    kept, used = [], text_width(ELLIPSIS, size, bold)
    for character in whole:
        used += text_width(character, size, bold)
        if used > width:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS


def wrap(text: object, width: float, size: float = 13, bold: bool = False, lines: int = 3) -> list[str]:
    """The text in at most `lines` lines of `width` px; what does not fit ends in an ellipsis. Never empty."""
    words = clean(text).split(" ")
    done: list[str] = []
    while words and len(done) < lines:
        if len(done) == lines - 1:
            done.append(fit(" ".join(words), width, size, bold))
            break
        line = words.pop(0)
        if text_width(line, size, bold) > width:
            done.append(fit(line, width, size, bold))
            continue
        while words and text_width(f"{line} {words[0]}", size, bold) <= width:
            line += f" {words.pop(0)}"
        done.append(line)
    return done or [""]
