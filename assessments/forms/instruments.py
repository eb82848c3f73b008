"""Bringing an instrument in, and copying one."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from assessments.imports.instrument_csv import read_items_table
from assessments.imports.instrument_documents import Reading, read_instrument
from assessments.imports.instrument_yaml import LARGEST_FILE
from ecosystems.forms.fields import hint_options
from ecosystems.text_files import NotText, decode

YAML, TABLE = "yaml", "csv"
CODE = forms.RegexField(
    r"^[a-z0-9]+(-[a-z0-9]+)*$",
    max_length=60,
    label=_("Code"),
    help_text=_("Small letters, digits and hyphens: it names the instrument in files."),
    error_messages={"invalid": _("Use small letters, digits and single hyphens.")},
)


class InstrumentImportForm(forms.Form):
    """A file or pasted text. What was uploaded comes back in the text area, so that nothing is lost."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (YAML, _("An instrument file (YAML)")),
            (TABLE, _("A table of items (CSV)")),
        ],
        widget=forms.RadioSelect,
        initial=YAML,
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Up to 1 MB."),
        widget=forms.FileInput(attrs={"class": "input", "accept": ".yaml,.yml,.csv,.tsv,.txt"}),
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "input code", "rows": 12, "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name of the instrument"),
        max_length=160,
        required=False,
        help_text=_("For a table of items; an instrument file brings its own."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint_options(
            self,
            "kind",
            {
                YAML: _("The whole questionnaire, as “Download” writes it."),
                TABLE: _(
                    "One row an item. "
                    "Columns: code, text, dimension, facet, scale or lo and hi, keying, audience, form."
                ),
            },
        )
        self.reading: Reading | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if upload is not None:
            if upload.size > LARGEST_FILE:
                self.add_error("file", _("The file is larger than 1 MB. An instrument is far smaller."))
                return data
            try:
                self.give_back(decode(upload.read()))
            except NotText as problem:
                self.add_error("file", str(problem))
                return data
            data["text"] = self.data["text"]
        if not data.get("text", "").strip():
            if "text" not in self.errors:
                self.add_error("file", _("Choose a file, or paste its text below."))
            return data
        if data.get("kind") == TABLE and not data.get("name"):
            self.add_error("name", _("Give the instrument a name."))
            return data
        self.reading = self._read(data)
        return data

    def give_back(self, text: str) -> None:
        """Show this text in the text area from now on."""
        data = cast(QueryDict, self.data).copy()
        data["text"] = text
        self.data = data

    def _read(self, data: dict[str, Any]) -> Reading:
        if data.get("kind") == TABLE:
            code = slugify(data["name"])[:60].strip("-_").replace("_", "-") or "instrument"
            return read_items_table(data["text"], code=code, name=data["name"])
        return read_instrument(data["text"])


class DuplicateForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"class": "input"}))
    code = CODE
