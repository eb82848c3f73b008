"""What a file says of one link, in whichever words: its sign, strength and delay."""

from collections.abc import Mapping
from math import isfinite
from typing import Final

from django.utils.translation import gettext as _

from ecosystems.delimited import shorten

RAISING: Final = {"+", "+1", "1", "raises", "raise", "increases", "positive", "pos", "same", "s", "plus", "up"}
LOWERING: Final = {
    *("-", "−", "–", "-1", "−1", "lowers", "lower", "decreases", "negative", "neg", "opposite", "o", "minus", "down")
}
STRENGTHS: Final = {"weak": 1, "weakly": 1, "medium": 2, "moderate": 2, "strong": 3, "strongly": 3}
DELAYS: Final = {
    **dict.fromkeys(("soon", "at once", "none", "no", "false"), 0),
    **dict.fromkeys(("months", "within months", "yes", "true", "delayed"), 1),
    **dict.fromkeys(("year", "years", "a year or more", "after a year or more"), 2),
}
USUAL: Final = 2
"""Strength where a file says nothing of it."""


def read_effect(told: Mapping[str, str]) -> tuple[int, int, int]:
    """
    Sign, strength and delay out of `sign`, `strength`, `delay`, `effect` (−3…+3) and `weight` (−1…1), as texts.

    Raises ValueError with a message for the person where they contradict each other or say too little.
    """
    sign, strength = _sign(told.get("sign", "")), _strength(told.get("strength", ""))
    for name, most in (("effect", 3.0), ("weight", 1.0)):
        text = told.get(name, "").strip()
        if not text:
            continue
        told_sign, told_strength = _signed(text, most)
        if sign is not None and told_sign != sign:
            raise ValueError(_("the sign says one direction, “%(value)s” the other") % {"value": shorten(text)})
        sign, strength = told_sign, strength or told_strength
    if sign is None:
        raise ValueError(_("does not say whether it raises (+) or lowers (−)"))
    return sign, strength or USUAL, _delay(told.get("delay", ""))


def _sign(text: str) -> int | None:
    word = text.strip().casefold()
    if not word:
        return None
    if word in RAISING:
        return 1
    if word in LOWERING:
        return -1
    raise ValueError(_("“%(value)s” is no sign. Write + or −.") % {"value": shorten(text)})


def _strength(text: str) -> int | None:
    word = text.strip().casefold()
    if not word:
        return None
    if word in STRENGTHS:
        return STRENGTHS[word]
    try:
        value = read_number(word)
    except ValueError:
        value = 0.0
    if value not in (1, 2, 3):
        raise ValueError(_("the strength “%(value)s” is not 1, 2 or 3") % {"value": shorten(text)})
    return int(value)


def _signed(text: str, most: float) -> tuple[int, int]:
    try:
        value = read_number(text)
    except ValueError:
        raise ValueError(_("“%(value)s” is not a number") % {"value": shorten(text)}) from None
    if not 0 < abs(value) <= most:
        limits = {"value": shorten(text), "most": f"{most:g}"}
        raise ValueError(_("“%(value)s” lies outside −%(most)s to %(most)s, or is 0: no link") % limits)
    return (1 if value > 0 else -1), min(max(round(abs(value) * 3 / most), 1), 3)


def _delay(text: str) -> int:
    word = text.strip().casefold()
    if not word:
        return 0
    if word in DELAYS:
        return DELAYS[word]
    try:
        value = read_number(word)
    except ValueError:
        value = -1.0
    if value not in (0, 1, 2):
        raise ValueError(_("the delay “%(value)s” is not 0, 1 or 2") % {"value": shorten(text)})
    return int(value)


def read_number(text: str) -> float:
    """Also with a true minus sign or a decimal comma; ValueError for anything else, infinity included."""
    text = text.strip().replace("−", "-")
    value = float(text.replace(",", ".") if "." not in text else text)
    if not isfinite(value) or "_" in text:
        raise ValueError(text)
    return value
