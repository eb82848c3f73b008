"""An item of a draft as a form, with its words for each audience."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.forms.instrument_parts import (
    Entry,
    PartForm,
    code_field,
    lines_of,
    text_area,
    text_input,
    without_blanks,
)
from assessments.selectors.definitions import (
    EVERYONE,
    WORKSHOP_FORM,
    audiences_of,
    blocks_of,
    ordered,
    scale_of,
)
from ecosystems.forms.fields import choice_field, hint_options

OWN_WORDS = "text__"
ASKED = "form__"
ROOM = "room"


@dataclass(frozen=True)
class Tick:
    """One box of the table that says who is asked in which form."""

    name: str
    value: str
    label: str
    is_checked: bool


class ItemForm(PartForm):
    code = code_field()
    facet = forms.ChoiceField(label=gettext_lazy("Facet"), widget=forms.Select(attrs={"class": "input"}))
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For every audience that has no words of its own below."),
        widget=text_area(2),
    )
    scale = forms.ChoiceField(label=gettext_lazy("Scale"), widget=forms.Select(attrs={"class": "input"}))
    anchors = forms.CharField(
        label=gettext_lazy("Anchors"),
        required=False,
        help_text=gettext_lazy(
            "What each answer looks like: one line an answer, the lowest first. All of them, or none."
        ),
        widget=text_area(5),
    )
    keying = forms.ChoiceField(
        label=gettext_lazy("Keying"), choices=[("forward", ""), ("reverse", "")], widget=forms.RadioSelect
    )
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Audiences"),
        help_text=gettext_lazy("Who could be asked this. Which form asks whom is chosen below."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one audience.")},
    )
    room_question = forms.CharField(
        label=gettext_lazy("Room question"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Asked in a workshop on a scale of its own. Leave it empty for none."),
        widget=text_input(),
    )
    room_low = forms.CharField(
        label=gettext_lazy("Words for the lowest answer"), max_length=300, required=False, widget=text_input()
    )
    room_high = forms.CharField(
        label=gettext_lazy("Words for the highest answer"), max_length=300, required=False, widget=text_input()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audiences = list(audiences_of(self.definition).items())
        self.asked_forms = [form for form in ordered(self.definition, "forms") if form != WORKSHOP_FORM]
        self._choices("facet", self._facets())
        self._choices("scale", [(key, self._scale_name(key)) for key in ordered(self.definition, "scales")])
        self._choices("keying", [("forward", _("Forward")), ("reverse", _("Reverse"))])
        hint_options(
            self,
            "keying",
            {
                "forward": _("A higher answer is more of what the facet is named after."),
                "reverse": _("A higher answer is less of it; answers are turned round before scoring."),
            },
        )
        self._choices("audiences", audiences)
        for key, label in audiences:
            self.fields[OWN_WORDS + key] = forms.CharField(
                label=label, max_length=300, required=False, widget=text_area(1)
            )
        for form in self.asked_forms:
            self.fields[ASKED + form] = forms.MultipleChoiceField(
                label=self.definition["forms"][form].get("title", form),
                required=False,
                choices=audiences,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def own_words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(OWN_WORDS)]

    @property
    def has_own_words(self) -> bool:
        return any(bound.value() for bound in self.own_words)

    @property
    def asked_errors(self) -> list[str]:
        return [str(error) for name in self._asked_names for error in self[name].errors]

    @property
    def asked_headings(self) -> list[str]:
        return [_("Can be asked"), *(str(self.fields[name].label) for name in self._asked_names)]

    @property
    def asked_rows(self) -> list[tuple[str, list[Tick]]]:
        """For each audience a box for "can be asked" and one for each form."""
        columns = list(zip(("audiences", *self._asked_names), self.asked_headings, strict=True))
        chosen = {name: set(map(str, self[name].value() or ())) for name, _heading in columns}
        return [
            (label, [Tick(name, key, f"{label}: {heading}", key in chosen[name]) for name, heading in columns])
            for key, label in audiences_of(self.definition).items()
        ]

    @property
    def _asked_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith(ASKED)]

    def initial_from(self, old: Entry) -> dict[str, Any]:
        text = old.get("text", "")
        texts = text if isinstance(text, Mapping) else {EVERYONE: text}
        anchors = old.get("anchors", {})
        room = old.get("room") or {}
        return {
            "code": old.get("code", ""),
            "text": texts.get(EVERYONE, ""),
            "scale": old.get("scale"),
            "keying": old.get("keying", "forward"),
            "audiences": old.get("audiences", []),
            "anchors": "\n".join(anchors[level] for level in sorted(anchors, key=int)),
            "room_question": room.get("question", ""),
            "room_low": room.get("low", ""),
            "room_high": room.get("high", ""),
            **{OWN_WORDS + key: words for key, words in texts.items() if key != EVERYONE},
            **{ASKED + form: asked for form, asked in old.get("forms", {}).items()},
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        audiences = data.get("audiences", [])
        missing = [key for key in audiences if not data.get("text") and not data.get(OWN_WORDS + key)]
        if missing and "text" not in self.errors:
            labels = ", ".join(self.definition["audiences"][key] for key in missing)
            self.add_error("text", _("There are no words yet for: %(audiences)s.") % {"audiences": labels})
        for form in self.asked_forms:
            if set(data.get(ASKED + form, [])) - set(audiences):
                self.add_error(ASKED + form, _("Choose these among the item’s audiences too."))
        self._check_anchors(data)
        if data.get("room_question") and not (data.get("room_low") and data.get("room_high")):
            self.add_error("room_low", _("A room question needs words for its lowest and its highest answer."))
        return data

    def entry(self) -> Entry:
        data = self.cleaned_data
        own = {key: data[OWN_WORDS + key] for key in self.definition["audiences"] if data.get(OWN_WORDS + key)}
        text: Any = data["text"]
        if own:
            text = {EVERYONE: text, **own} if text else own
        scale = scale_of(data["scale"], self.definition["scales"][data["scale"]])
        anchors = zip(scale.levels, lines_of(data["anchors"]), strict=False)
        forms_asking = {form: data[ASKED + form] for form in self.asked_forms if data[ASKED + form]}
        room: Entry = {}
        if data["room_question"]:
            keying = (self.old.get("room") or {}).get("keying", "forward")
            room = {"question": data["room_question"], "low": data["room_low"], "high": data["room_high"]}
            room["keying"] = keying
            if WORKSHOP_FORM in self.definition["forms"]:
                forms_asking[WORKSHOP_FORM] = [ROOM]
        entry = {
            "code": data["code"],
            "text": text,
            "scale": data["scale"],
            "keying": data["keying"],
            "audiences": data["audiences"],
            "anchors": {str(level): anchor for level, anchor in anchors},
            "room": room,
        }
        return {**without_blanks(entry), "forms": forms_asking}

    def _check_anchors(self, data: dict[str, Any]) -> None:
        given = lines_of(data.get("anchors", ""))
        if not given or "scale" not in data:
            return
        wanted = len(scale_of(data["scale"], self.definition["scales"][data["scale"]]).levels)
        if len(given) != wanted:
            message = ngettext(
                "There is %(given)s line for %(wanted)s answers. Write one line for each, or none at all.",
                "There are %(given)s lines for %(wanted)s answers. Write one line for each, or none at all.",
                len(given),
            )
            self.add_error("anchors", message % {"given": len(given), "wanted": wanted})
        elif any(len(line) > 300 for line in given):
            self.add_error("anchors", _("An anchor can have 300 characters."))

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        choice_field(self, name).choices = choices

    def _facets(self) -> list[tuple[str, Any]]:
        return [
            (block.name, [(facet.code, f"{facet.name} ({facet.code})") for facet in block.facets])
            for block in blocks_of(self.definition)
        ]

    def _scale_name(self, key: str) -> str:
        scale = scale_of(key, self.definition["scales"][key])
        words = " · ".join(scale.labels.values()) or _("%(lo)s to %(hi)s") % {"lo": scale.lo, "hi": scale.hi}
        return f"{key}: {words}"
