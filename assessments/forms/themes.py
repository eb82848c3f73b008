"""The form that gives a theme its name, beside the comments that are ticked."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from assessments.services.themes import LONGEST_NAME
from ecosystems.forms.fields import choice_field

THEMES_LIST = "themes"


class ThemeForm(forms.Form):
    """`offered`: keys of the comments that the page shows."""

    comments = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Tick the comments that say it.")})
    name = forms.CharField(
        label=gettext_lazy("Name of the theme"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give the theme a name.")},
        widget=forms.TextInput({"list": THEMES_LIST, "autocomplete": "off"}),
        help_text=gettext_lazy(
            "A few words that you would say aloud, and nothing that tells who wrote it. A name that stands already "
            "takes these comments too."
        ),
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "comments").choices = [(key, key) for key in offered]

    @property
    def ticked(self) -> list[UUID]:
        return [UUID(key) for key in self.cleaned_data["comments"]]

    @property
    def still_ticked(self) -> list[str]:
        """What was ticked before a mistake was found."""
        return list(self["comments"].value() or ())
