"""Facets, dimensions and scales of a draft as forms: each is filled from the definition and gives back an entry."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.selectors.definitions import EVERYONE, Definition, blocks_of, scale_of
from ecosystems.forms.fields import choice_field

Entry = dict[str, Any]


def text_input(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


def text_area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


def code_field() -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_.-]*$",
        max_length=60,
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Names it in files. Scores are compared between waves by this code."),
        widget=text_input(),
        error_messages={
            "invalid": gettext_lazy("Start with a letter; then letters, digits, hyphen, underscore or dot.")
        },
    )


def without_blanks(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if value not in ("", None, [], {})}


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class PartForm(forms.Form):
    """A part of a draft. `old` is the entry it replaces, or None for a new one."""

    def __init__(self, *args: Any, definition: Definition, old: Entry | None = None, **kwargs: Any) -> None:
        self.definition, self.old = definition, old or {}
        kwargs["initial"] = {**self.initial_from(self.old), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def initial_from(self, old: Entry) -> dict[str, Any]:
        return dict(old)

    def entry(self) -> Entry:
        """The entry for the definition; keys that the form does not show stay as they were."""
        return without_blanks({**self.old, **self.cleaned_data})


class TitledForm(PartForm):
    """What facets and dimensions have in common: a title that may differ by audience."""

    code = code_field()
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160, widget=text_input())
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("What respondents see; the name is for results."),
        widget=text_input(),
    )

    def initial_from(self, old: Entry) -> dict[str, Any]:
        title = old.get("title", "")
        return {**old, "title": title.get(EVERYONE, "") if isinstance(title, Mapping) else title}

    def entry(self) -> Entry:
        entry = super().entry()
        before = self.old.get("title")
        if isinstance(before, Mapping):
            entry["title"] = without_blanks({**before, EVERYONE: self.cleaned_data["title"]})
        return without_blanks(entry)


class FacetForm(TitledForm):
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=2000, required=False, widget=text_area(2)
    )
    high = forms.CharField(
        label=gettext_lazy("A high score means"), max_length=2000, required=False, widget=text_area(2)
    )
    low = forms.CharField(label=gettext_lazy("A low score means"), max_length=2000, required=False, widget=text_area(2))
    starters = forms.CharField(
        label=gettext_lazy("Conversation starters"),
        required=False,
        help_text=gettext_lazy("One a line. Results offer them under “what to talk about next”."),
        widget=text_area(3),
    )
    block = forms.ChoiceField(label=gettext_lazy("Dimension"), widget=forms.Select(attrs={"class": "input"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(block.code, f"{block.name} ({block.code})") for block in blocks_of(self.definition)]
        choice_field(self, "block").choices = choices

    def initial_from(self, old: Entry) -> dict[str, Any]:
        return {**super().initial_from(old), "starters": "\n".join(old.get("starters", ()))}

    def clean_starters(self) -> list[str]:
        lines = lines_of(self.cleaned_data["starters"])
        if len(lines) > 20 or any(len(line) > 300 for line in lines):
            raise forms.ValidationError(_("Up to 20 lines of up to 300 characters fit."))
        return lines

    def entry(self) -> Entry:
        return {key: value for key, value in super().entry().items() if key not in ("block", "items")}


class DimensionForm(TitledForm):
    intro = forms.CharField(label=gettext_lazy("Introduction"), max_length=2000, required=False, widget=text_area(2))
    about = forms.ChoiceField(
        label=gettext_lazy("About"),
        choices=[("network", gettext_lazy("The network")), ("leader", gettext_lazy("A leader"))],
        widget=forms.RadioSelect,
        initial="network",
    )
    barrier = forms.BooleanField(
        label=gettext_lazy("It is named after a barrier: a lower score is better"), required=False
    )

    def initial_from(self, old: Entry) -> dict[str, Any]:
        barrier = old.get("barrier", "lower is better" in old.get("higher_means", ""))
        return {"about": "network", **super().initial_from(old), "barrier": barrier}

    def entry(self) -> Entry:
        entry = super().entry()
        barrier = bool(entry.pop("barrier", False))
        if barrier:
            entry |= {"barrier": True}
            entry.setdefault("higher_means", _("more of the barrier; lower is better"))
        elif "lower is better" in entry.get("higher_means", "") or self.old.get("barrier"):
            entry["higher_means"] = _("better")
        return {key: value for key, value in entry.items() if key not in ("facets", "constructs")}


class ScaleForm(PartForm):
    key = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40, label=gettext_lazy("Code"), widget=text_input(), help_text=""
    )
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Such as: How often?"),
        widget=text_input(),
    )
    lo = forms.IntegerField(
        label=gettext_lazy("Lowest answer"),
        min_value=-1000,
        max_value=1000,
        widget=forms.NumberInput({"class": "input short"}),
    )
    hi = forms.IntegerField(
        label=gettext_lazy("Highest answer"),
        min_value=-1000,
        max_value=1000,
        widget=forms.NumberInput({"class": "input short"}),
    )
    labels = forms.CharField(
        label=gettext_lazy("Labels"),
        required=False,
        help_text=gettext_lazy("One line an answer, the lowest first. Without labels people see the numbers."),
        widget=text_area(5),
    )
    cant_say = forms.CharField(
        label=gettext_lazy("Words for “can’t say”"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Empty: it is not offered."),
        widget=text_input(),
    )

    def initial_from(self, old: Entry) -> dict[str, Any]:
        if not old:
            return {"lo": 1, "hi": 5}
        scale = scale_of("", old)
        return {**old, "lo": scale.lo, "hi": scale.hi, "labels": "\n".join(scale.labels.values())}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        count, given = data["hi"] - data["lo"] + 1, lines_of(data["labels"])
        if count < 2:
            self.add_error("hi", _("The highest answer must be above the lowest."))
        elif count > 101:
            self.add_error("hi", _("A scale can have 101 answers at most."))
        elif given and len(given) != count:
            message = ngettext(
                "There is %(given)s label for %(wanted)s answers. Write one for each, or none at all.",
                "There are %(given)s labels for %(wanted)s answers. Write one for each, or none at all.",
                len(given),
            )
            self.add_error("labels", message % {"given": len(given), "wanted": count})
        elif any(len(line) > 300 for line in given):
            self.add_error("labels", _("A label can have 300 characters."))
        return data

    def entry(self) -> Entry:
        data = self.cleaned_data
        labels = {str(data["lo"] + at): label for at, label in enumerate(lines_of(data["labels"]))}
        kept = {key: value for key, value in self.old.items() if key == "note"}
        entry = {"question": data["question"], "levels": labels, "cant_say": data["cant_say"], **kept}
        if labels and "lo" not in self.old:
            return without_blanks(entry)  # the labels say how far it runs
        return {**without_blanks(entry), "lo": data["lo"], "hi": data["hi"]}
