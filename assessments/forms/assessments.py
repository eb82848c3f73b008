"""Forms of assessments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.enums import About, Rhythm
from assessments.models import Assessment, Instrument
from assessments.selectors.assessments import usable_instruments
from ecosystems.forms.fields import hint_options, row_field
from ecosystems.models import Ecosystem, Organization, User


class AssessmentForm(forms.Form):
    """Start an assessment of the organization."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For example, Network assessment"))
    ecosystem = forms.ModelChoiceField(label=_("Ecosystem"), queryset=Ecosystem.objects.none(), empty_label=None)
    instrument = forms.ModelChoiceField(label=_("Questions"), queryset=Instrument.objects.none(), empty_label=None)
    about = forms.ChoiceField(
        label=_("What it is about"), choices=About.choices, initial=About.SYSTEM, widget=forms.RadioSelect
    )
    leader = forms.ModelChoiceField(
        label=_("Leader"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Choose a person"),
        help_text=_("Only for an assessment of one leader. They alone see the results, and whom they share them with."),
    )
    rhythm = forms.ChoiceField(
        label=_("Rhythm"),
        choices=Rhythm.choices,
        initial=Rhythm.HALF_YEARLY,
        help_text=_("Sets the dates of the next wave. You can change them each time."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "ecosystem").queryset = organization.ecosystems.all()
        row_field(self, "instrument").queryset = usable_instruments(organization)
        members = User.objects.filter(memberships__organization=organization, is_active=True)
        row_field(self, "leader").queryset = members.order_by("name", "pk")
        hint_options(
            self,
            "about",
            {
                About.SYSTEM: _("Leaders and stakeholder groups say how the whole network works."),
                About.LEADER: _("One leader rates themselves; people who work with them rate, too."),
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("about") == About.LEADER and not cleaned.get("leader") and "leader" not in self.errors:
            self.add_error("leader", _("Choose the leader whom the assessment is about"))
        if cleaned.get("about") == About.SYSTEM:
            cleaned["leader"] = None
        return cleaned


class AssessmentChangeForm(forms.Form):
    """Rename an assessment, or change its rhythm."""

    name = forms.CharField(label=_("Name"), max_length=120)
    rhythm = forms.ChoiceField(label=_("Rhythm"), choices=Rhythm.choices)


class SharingForm(forms.Form):
    """With whom the leader of a 360° shares the results."""

    people = forms.ModelMultipleChoiceField(
        label=_("Who else may see the results"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(memberships__organization=assessment.organization, is_active=True)
        row_field(self, "people").queryset = members.exclude(own_assessments=assessment).order_by("name", "pk")
        self.initial.setdefault("people", assessment.shared_with.all())
