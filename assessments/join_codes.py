"""Join codes: two words and two digits, to be said aloud across a room (KELP-OTTER-42).

The words are our own list of common things: no word begins another, none is one slip of the hand from another and none
sounds like a common one outside the list, so what was heard is what gets typed. Digits run from 2 to 9: 0 and 1 look
like letters. Reading is as lenient as the list allows and never looks at which codes exist.
"""

import secrets
import unicodedata
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

DIGITS: Final = "23456789"
LONGEST_TYPED: Final = 200
_LIST = Path(__file__).resolve().parent / "data" / "code_words.txt"
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WORD_LENGTHS: Final = range(4, 7)


class CodeProblem(StrEnum):
    """Why what was typed cannot be a code; told apart without asking whether any workshop has it."""

    EMPTY = "empty"
    SHAPE = "shape"
    """Not words followed by digits at all."""
    WORDS = "words"
    """The digits are fine, the letters are not two words of the list."""
    DIGITS = "digits"
    """Two words of the list, but not two digits from 2 to 9 after them (often O, l, 0 or 1)."""


@lru_cache(maxsize=1)
def code_words() -> tuple[str, ...]:
    """The list, in capitals and in order."""
    return tuple(_LIST.read_text(encoding="ascii").upper().split())


def code_count() -> int:
    """How many codes there are: two different words in order, then two digits."""
    words = len(code_words())
    return words * (words - 1) * len(DIGITS) ** 2


def new_code() -> str:
    """A code, each of them equally likely. Whether a workshop has it already is the caller's to look up."""
    first, second = secrets.SystemRandom().sample(code_words(), 2)
    return f"{first}-{second}-{secrets.choice(DIGITS)}{secrets.choice(DIGITS)}"


def read_code(typed: str) -> str | None:
    """The code that somebody means, written as we write it; None where `code_problem` says what is wrong.

    Any case, alphabet width and separators, or none; whatever stands around the code is passed over.
    """
    for letters, digits in _candidates(typed):
        words = _two_words(letters)
        if words and len(digits) == 2 and set(digits) <= set(DIGITS):
            return f"{words[0]}-{words[1]}-{digits}"
    return None


def code_problem(typed: str) -> CodeProblem | None:
    """What to say about something that `read_code` cannot read; None for a code."""
    if read_code(typed):
        return None
    parts = _plain(typed)
    if not parts:
        return CodeProblem.EMPTY
    if _words_lead(parts):
        return CodeProblem.DIGITS
    if any(letters and len(digits) == 2 for letters, digits in _candidates(typed)):
        return CodeProblem.WORDS
    return CodeProblem.SHAPE


def _plain(typed: str) -> list[str]:
    """Runs of capitals and digits; accents, width and everything else gone."""
    plain = []
    for character in unicodedata.normalize("NFKD", typed[:LONGEST_TYPED]).upper():
        if character in _LETTERS:
            plain.append(character)
        elif character.isdecimal():
            plain.append(str(unicodedata.decimal(character)))
        elif not unicodedata.combining(character) and unicodedata.category(character) != "Cf":
            plain.append(" ")
    return "".join(plain).split()


def _runs(typed: str) -> list[str]:
    """The runs cut again where letters and digits meet: KELP, OTTER, 42."""
    return ["".join(run) for part in _plain(typed) for _kind, run in groupby(part, key=str.isdigit)]


def _candidates(typed: str) -> list[tuple[list[str], str]]:
    """Every stretch of runs of letters with the digits behind it."""
    found: list[tuple[list[str], str]] = []
    letters: list[str] = []
    for digits, runs in groupby(_runs(typed), key=str.isdigit):
        if digits:
            found.append((letters, "".join(runs)))
        else:
            letters = list(runs)
    return found


def _two_words(letters: list[str]) -> tuple[str, str] | None:
    """The two words that the last runs of letters spell, wherever the spaces stand.

    No word begins another, so there is one way to read them at most.
    """
    joined = ""
    for run in reversed(letters):
        joined = run + joined
        words = _split(joined)
        if words or len(joined) > 2 * _WORD_LENGTHS[-1]:
            return words
    return None


def _split(letters: str) -> tuple[str, str] | None:
    known = _known()
    for length in _WORD_LENGTHS:
        first, second = letters[:length], letters[length:]
        if first in known and second in known and first != second:
            return first, second
    return None


def _words_lead(parts: list[str]) -> bool:
    """Whether two words of the list stand somewhere, ended by the typist or by a digit or its look-alike."""
    for start in range(len(parts)):
        joined = "".join(parts[start:])
        for end in range(2 * _WORD_LENGTHS[0], 2 * _WORD_LENGTHS[-1] + 1):
            if len(joined) >= end and _split(joined[:end]) and len(joined) <= end + 4:
                return True
    return False


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(code_words())
