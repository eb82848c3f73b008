"""What an instrument says as a whole: its name, notes to respondents, audiences and forms."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.forms.instrument_parts import Entry, PartForm, lines_of, text_area, text_input
from assessments.selectors.definitions import audiences_of, ordered

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
TIME_FRAME = ("instruction", "too_new")


def prose(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, required=False, help_text=help_text, widget=text_area(rows))


class GeneralForm(PartForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160, widget=text_input())
    version = forms.CharField(
        label=gettext_lazy("Version"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Such as 2.0. Empty, or used before: it is called by its number."),
        widget=text_input(),
    )
    purpose = prose(gettext_lazy("Purpose"))
    use_for = prose(gettext_lazy("Use it for"))
    avoid_for = prose(gettext_lazy("Do not use it for"))
    instruction = prose(gettext_lazy("Instruction to respondents"))
    too_new = prose(gettext_lazy("Note for newcomers"))
    network_note = prose(
        gettext_lazy("What “this network” means"), gettext_lazy("{ecosystem} becomes the name of the ecosystem.")
    )
    leader_note = prose(gettext_lazy("Who “this leader” is"))
    named_leader_note = prose(
        gettext_lazy("Who “this leader” is, by name"), gettext_lazy("{leader} becomes the name of the leader.")
    )
    privacy_note = prose(gettext_lazy("Note beside comments"))
    audiences = forms.CharField(
        label=gettext_lazy("Audiences"),
        help_text=gettext_lazy("One a line, as code: words. For example, customers: People who buy what we offer."),
        widget=text_area(8),
    )
    forms = forms.CharField(
        label=gettext_lazy("Forms"),
        help_text=gettext_lazy("One a line, as code: title. For example, pulse: One-minute pulse."),
        widget=text_area(4),
    )

    def initial_from(self, old: Entry) -> dict[str, Any]:
        time_frame = old.get("time_frame", {})
        titles = {key: old["forms"][key].get("title", key) for key in ordered(old, "forms")}
        return {
            **{key: old.get(key, "") for key in self.base_fields},
            **{key: time_frame.get(key, "") for key in TIME_FRAME},
            "audiences": _as_lines(audiences_of(old)),
            "forms": _as_lines(titles),
        }

    def clean_audiences(self) -> dict[str, str]:
        return _as_mapping(self.cleaned_data["audiences"])

    def clean_forms(self) -> dict[str, str]:
        return _as_mapping(self.cleaned_data["forms"])

    def entry(self) -> Entry:
        """Top-level keys with their new values; '' takes a text out."""
        data = dict(self.cleaned_data)
        time_frame = {**self.old.get("time_frame", {}), **{key: data.pop(key) for key in TIME_FRAME}}
        titles = data.pop("forms")
        return {
            **data,
            "time_frame": {key: value for key, value in time_frame.items() if value},
            "forms": {key: {**self.old["forms"].get(key, {}), "title": title} for key, title in titles.items()},
        }


def _as_lines(entries: Mapping[str, str]) -> str:
    return "\n".join(f"{key}: {words}" for key, words in entries.items())


def _as_mapping(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines_of(text):
        key, colon, words = (part.strip() for part in line.partition(":"))
        if not colon or not words or not KEY.fullmatch(key):
            message = _("“%(line)s” is not understood. Write a code, a colon and words: “customers: People who buy”.")
            raise forms.ValidationError(message % {"line": line[:60]})
        if len(words) > 300:
            raise forms.ValidationError(_("“%(key)s” has more than 300 characters.") % {"key": key})
        if key in found:
            raise forms.ValidationError(_("“%(key)s” stands there twice.") % {"key": key})
        found[key] = words
    return found
