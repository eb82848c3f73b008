"""The settings of the page "You said, we did"."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import ReplyPage
from assessments.selectors.replies import offered_commitments
from ecosystems.forms.fields import choice_field, hint_options
from ecosystems.models import Ecosystem

MOST_OFFERED: Final = 100


class ReplyPageForm(forms.ModelForm[ReplyPage]):
    """Words and switch, and which of the latest commitments stand on the page."""

    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Commitments on the page"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What people said and what came of it is written on each commitment. The names of owners are not shown."
        ),
    )

    class Meta:
        model = ReplyPage
        fields = ("title", "intro", "is_on")
        widgets = {"intro": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, ecosystem: Ecosystem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(offered_commitments(ecosystem)[:MOST_OFFERED])
        self.order_fields(["title", "intro", "shown", "is_on"])
        for name in ("title", "intro"):
            del self.fields[name].widget.attrs["maxlength"]  # what is too long is said, not cut off
        self.fields["title"].help_text = _("Without one: You said, we did.")
        self.fields["intro"].help_text = _("For example, thank people for their answers, and say when you ask again.")
        if self.offered:
            choice_field(self, "shown").choices = [(str(one.key), one.text) for one in self.offered]
            unheard = _("Nothing is written yet of what people said.")
            hint_options(self, "shown", {str(one.key): one.heard or unheard for one in self.offered})
            self.initial["shown"] = [str(one.key) for one in self.offered if one.is_public]
        else:
            del self.fields["shown"]
