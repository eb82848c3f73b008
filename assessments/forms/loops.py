"""What people call a loop."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.services.maps.loop_names import LONGEST_NAME, LONGEST_NOTE
from ecosystems.forms.fields import WholeText


class LoopNameForm(forms.Form):
    name = WholeText(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Left empty, the loop is called by its strongest members."),
    )
    note = WholeText(
        label=_("What it does"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
