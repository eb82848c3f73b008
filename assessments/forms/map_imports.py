"""The form of bringing a causal map in from a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.imports.maps.document import MOST_BYTES, Reading
from assessments.imports.maps.reading import read_map

MERGE, REPLACE = "merge", "replace"


class MapImportForm(forms.Form):
    """A file or pasted text, and what becomes of the map that is there. `reading` is what was found in it."""

    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("GraphML, JSON from Kumu, or CSV. Up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".graphml,.xml,.json,.csv,.tsv,.txt"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste it"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "none", "class": "code"}),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("The map that is there"),
        choices=(
            (MERGE, gettext_lazy("Keep it, and add what is new")),
            (REPLACE, gettext_lazy("Replace it: what the file does not hold leaves the map")),
        ),
        initial=MERGE,
        widget=forms.RadioSelect,
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    reading: Reading | None = None

    @property
    def replaces(self) -> bool:
        return self.cleaned_data.get("how") == REPLACE

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. A map is far smaller."))
        return file

    def clean(self) -> None:
        if self.errors:
            return
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if not file and not text.strip():
            self.add_error("file", _("Choose a file, or paste the map below."))
            return
        self.reading = read_map(file.read() if file else text)
