"""Forms of commitments: what, who, until when, which score; checking in, closing, steps."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import Progress
from assessments.forms.maps import tie_choices
from assessments.selectors.commitments import Owners
from assessments.selectors.map_facets import MapFacets
from assessments.services.commitment_changes import Told
from ecosystems.forms.fields import WholeText, choice_field
from ecosystems.models import Ecosystem, User

RISES, FALLS = "1", "-1"
OWNERS_LIST: Final = "owners"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CommitmentForm(forms.Form):
    """`edition` is the one that the writer saw."""

    text = WholeText(
        label=gettext_lazy("What will be done"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Say what will be done.")},
    )
    owner_name = WholeText(
        label=gettext_lazy("Who"),
        max_length=120,
        widget=forms.TextInput({"list": OWNERS_LIST, "autocomplete": "off"}),
        help_text=gettext_lazy("A person of the organization or a stakeholder from the list, or any other name."),
        error_messages={"required": gettext_lazy("Say who will do it.")},
    )
    due_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DayInput())
    facet = forms.ChoiceField(label=gettext_lazy("Score it should move"), required=False)
    expected = forms.ChoiceField(
        label=gettext_lazy("Which way"),
        choices=[(RISES, gettext_lazy("It should rise")), (FALLS, gettext_lazy("It should fall"))],
        initial=RISES,
    )
    expected_points = forms.IntegerField(
        label=gettext_lazy("By how many points"),
        required=False,
        min_value=1,
        max_value=100,
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), gettext_lazy("Write a whole number from 1 to 100, or nothing.")
        ),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Show it to everybody who was asked"),
        required=False,
        help_text=gettext_lazy("It stands on the page “You said, we did”, without the name of its owner."),
    )
    heard = WholeText(
        label=gettext_lazy("What people said"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    came_of_it = WholeText(
        label=gettext_lazy("What came of it"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=0)

    def __init__(
        self, *args: Any, ecosystem: Ecosystem, facets: MapFacets, owners: Owners, kept_facet: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ecosystem, self.owners = ecosystem, owners
        choice_field(self, "facet").choices = tie_choices(
            _("None"), [(group.name, group.facets) for group in facets.groups], facets.facets, kept_facet
        )

    def told(self) -> Told:
        """What was typed; a name from the list stands for its person or stakeholder."""
        data = self.cleaned_data
        name = " ".join(data["owner_name"].split())
        member, key = self.owners.members.get(name), self.owners.stakeholders.get(name)
        owner = User.objects.get(pk=member) if member is not None else None
        party = self.ecosystem.stakeholders.get(pk=key) if owner is None and key is not None else None
        return Told(
            text=data["text"],
            owner_name=(owner.name or name) if owner else party.name if party else name,
            owner=owner,
            stakeholder=party,
            due_on=data["due_on"],
            facet=data["facet"],
            expected=1 if data["expected"] == RISES else -1,
            expected_points=data["expected_points"],
            is_public=data["is_public"],
            heard=data["heard"],
            came_of_it=data["came_of_it"],
        )


class CheckInForm(forms.Form):
    progress = forms.ChoiceField(
        label=gettext_lazy("How does it go?"),
        choices=Progress,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how it goes: on track, at risk or stuck.")},
    )
    """Nothing is chosen before: a stray press would tell everybody that all goes well."""

    note = WholeText(label=gettext_lazy("Note"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))


class DoneForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Done on"), widget=DayInput())


class DropForm(forms.Form):
    why = WholeText(
        label=gettext_lazy("Why it is dropped"),
        max_length=300,
        help_text=gettext_lazy("Everybody who counted on it will read it."),
        error_messages={"required": gettext_lazy("Say why it is dropped. Everybody who counted on it will read it.")},
    )


class StepForm(forms.Form):
    step = WholeText(
        label=gettext_lazy("Next step"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what the next step is.")},
    )
