"""Organizations: a new one, and what its admins set."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystems.models import Organization


class NewOrganizationForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the organization"),
        help_text=_("As its people call it. You can change it later."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class OrganizationForm(forms.ModelForm[Organization]):
    class Meta:
        model = Organization
        fields = ("name", "min_group_size", "comment_min_group_size")
        labels: ClassVar = {
            "min_group_size": _("Smallest group whose numbers are shown"),
            "comment_min_group_size": _("Smallest group whose comments are shown"),
        }
        help_texts: ClassVar = {
            "min_group_size": _("3 or more. Groups with fewer answers are withheld everywhere, also from you."),
            "comment_min_group_size": _(
                "At least as many as for numbers: words give people away sooner than numbers do."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("min_group_size", "comment_min_group_size"):
            self.fields[name].widget.attrs.update({"min": 3, "max": 1000, "inputmode": "numeric"})

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        numbers, comments = self.cleaned_data.get("min_group_size"), self.cleaned_data.get("comment_min_group_size")
        for name, number in (("min_group_size", numbers), ("comment_min_group_size", comments)):
            if number is not None and number > 1000:
                self.add_error(name, _("At most 1,000: with more, nothing would ever be shown."))
        if numbers is not None and comments is not None and comments < numbers:
            self.add_error(
                "comment_min_group_size", _("This must be at least the smallest group whose numbers are shown.")
            )
        return values
