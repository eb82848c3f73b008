"""Where somebody in a workshop asks for its minutes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MinutesRequestForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("Used once, to send you the minutes. It is kept apart from everything you say here."),
        error_messages={
            "required": _("Type the address to which the minutes should go."),
            "invalid": _("This is not an e-mail address. It looks like name@example.org."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "class": "input"}
