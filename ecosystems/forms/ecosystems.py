"""Ecosystems and their stakeholders."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, Stakeholder
from ecosystems.services.stakeholders import MOST_BYTES
from ecosystems.text_files import NotText, decode

TOO_LARGE = _("This is larger than %(limit)d MB. Split it into parts.")


class EcosystemForm(forms.ModelForm[Ecosystem]):
    class Meta:
        model = Ecosystem
        fields = ("name", "description")
        help_texts: ClassVar = {
            "name": _("What its members call it, for example “Rivermark Food Network”."),
            "description": _("One or two sentences that everybody in it would sign."),
        }
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}


class StakeholderForm(forms.ModelForm[Stakeholder]):
    class Meta:
        model = Stakeholder
        fields = ("name", "group", "email", "note")
        help_texts: ClassVar = {
            "name": _("A person, a team or an organization."),
            "email": _("Only needed to send a personal link. Facilitators and admins see it."),
            "note": _("Facilitators and admins see it."),
        }
        widgets: ClassVar = {"group": forms.RadioSelect, "email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["group"]).choices = StakeholderGroup.choices

    def clean_email(self) -> str:
        return cast(str, self.cleaned_data["email"]).lower()


class ImportForm(forms.Form):
    """A file or pasted text; `data` in the cleaned data is the text of whichever was given."""

    file = forms.FileField(
        label=_("A CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or paste the rows"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "none", "class": "code"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and (file.size or 0) > 2 * MOST_BYTES:  # UTF-16 may be twice as long as what it holds
            raise forms.ValidationError(TOO_LARGE, params={"limit": MOST_BYTES // 10**6})
        return file

    def clean(self) -> None:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if self.errors:
            return
        if not file and not text.strip():
            self.add_error("file", _("Choose a file, or paste the rows below."))
            return
        source = "file" if file else "text"
        try:
            data = decode(file.read() if file else text)
        except NotText as problem:
            self.add_error(source, str(problem))
            return
        if len(data.encode(errors="replace")) > MOST_BYTES:
            self.add_error(source, forms.ValidationError(TOO_LARGE, params={"limit": MOST_BYTES // 10**6}))
        self.cleaned_data["data"] = data
