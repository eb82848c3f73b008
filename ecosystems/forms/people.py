"""Inviting people and changing their roles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystems.addresses import Address, read_addresses
from ecosystems.enums import Role
from ecosystems.forms.fields import hint_options

ROLE_HINTS = {
    Role.ADMIN: _("Manages people, privacy rules, ecosystems and instruments; may do everything a facilitator may."),
    Role.FACILITATOR: _("Prepares and runs assessments."),
    Role.LEADER: _("Is asked for the leaders’ view and sees the results."),
    Role.VIEWER: _("Sees the results and is not asked."),
}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint_options(self, "role", ROLE_HINTS)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_(
            "One or many: one on a line, or separated by commas. “Ana Kovač <ana@lab.example>” gives the name too."
        ),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocapitalize": "none"}),
    )
    field_order = ("addresses", "role")

    def clean_addresses(self) -> tuple[Address, ...]:
        found = read_addresses(self.cleaned_data["addresses"])
        if found.problems:
            raise forms.ValidationError([_sentence(problem.message) for problem in found.problems[:20]])
        return found.good


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
