"""Edits as the editor's script sends them: one form a kind, so that nothing unread reaches a service."""

import json
import math
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.maps import LONGEST_NAME

LARGEST_BODY: Final = 64_000
LARGEST: Final = 2**63 - 1
LONGEST_NUMBER: Final = 100
"""Letters of a whole number: more than any row, weight or place needs."""
LONGEST_CODE: Final = 60


def read_edit(body: bytes) -> dict[str, Any] | None:
    """The fields of an edit; None for what is none: too long, too deep, cut off, or with numbers that fit nowhere."""
    if len(body) > LARGEST_BODY:
        return None
    try:
        found = json.loads(body, parse_int=_whole, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else _refused(digits)


def _refused(number: str) -> Any:
    raise ValueError(number)


class SentEdit(forms.Form):
    """What every edit from the editor's script has: a key that its browser made."""

    key = forms.UUIDField()


class SentUndo(SentEdit):
    past = forms.UUIDField(required=False)
    """An edit that could not be undone: the one before it is meant."""


class SentRedo(SentEdit):
    beyond = forms.UUIDField(required=False)
    """An edit that could not be done again: the one after it is meant."""


class SentFactor(SentEdit):
    name = forms.CharField(max_length=LONGEST_NAME)
    facet = forms.CharField(max_length=LONGEST_CODE, required=False)
    indicator = forms.CharField(max_length=LONGEST_CODE, required=False)


class SentNewFactor(SentFactor):
    x = forms.FloatField(required=False)
    y = forms.FloatField(required=False)


class SentChangedFactor(SentFactor):
    factor = forms.IntegerField(max_value=LARGEST)
    seen = forms.Field(required=False)
    """Name, facet and indicator as they were when the person began."""

    def clean_seen(self) -> dict[str, str] | None:
        match self.cleaned_data["seen"]:
            case None:
                return None
            case {"name": str(name), "facet": str(facet), "indicator": str(indicator)}:
                return {"name": name, "facet": facet, "indicator": indicator}
        raise forms.ValidationError(_("This is not what was there before."))


class SentGoneFactor(SentEdit):
    factor = forms.IntegerField(max_value=LARGEST)


class SentWeight(SentEdit):
    sign = forms.IntegerField(max_value=LARGEST)
    strength = forms.IntegerField(max_value=LARGEST)
    delay = forms.IntegerField(max_value=LARGEST)


class SentNewLink(SentWeight):
    source = forms.IntegerField(max_value=LARGEST)
    target = forms.IntegerField(max_value=LARGEST)


class SentChangedLink(SentWeight):
    link = forms.IntegerField(max_value=LARGEST)


class SentGoneLink(SentEdit):
    link = forms.IntegerField(max_value=LARGEST)


class SentMove(SentEdit):
    """`places`: the key of each factor → [x, y] of its middle."""

    places = forms.Field()

    def clean_places(self) -> dict[int, tuple[float, float]]:
        sent = self.cleaned_data["places"]
        if not isinstance(sent, dict) or not sent:
            raise forms.ValidationError(_("No factor was named."))
        return {_number(key): _place(value) for key, value in sent.items()}


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise forms.ValidationError(_("No factor was named."))
    return int(key)


def _place(value: object) -> tuple[float, float]:
    match value:
        case [int() | float() as x, int() | float() as y] if math.isfinite(x) and math.isfinite(y):
            return float(x), float(y)
    raise forms.ValidationError(_("A place is two numbers."))


def first_problem(form: forms.Form) -> str:
    """What is wrong with an edit, in one sentence."""
    return next(str(problem) for problems in form.errors.values() for problem in problems)
