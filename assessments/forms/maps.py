"""Forms of a causal map: a factor, a link, a version."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.dashboards.maps.words import DELAYS, SIGNS, STRENGTHS
from assessments.selectors.map_facets import MapFacets, Tie
from ecosystems.forms.fields import choice_field

LONGEST_NAME = 80
LONGEST_NOTE = 300


class FactorForm(forms.Form):
    """A factor's name and what it is tied to; at most one of facet and indicator."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("Something that can rise or fall, in a few words.")
    )
    facet = forms.ChoiceField(label=_("Measured by the facet"), required=False)
    indicator = forms.ChoiceField(label=_("Or shown by the indicator"), required=False)

    def __init__(self, *args: Any, facets: MapFacets, kept: tuple[str, str] = ("", ""), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped = [(group.name, group.facets, group.indicators) for group in (*facets.groups, *facets.leadership)]
        choice_field(self, "facet").choices = tie_choices(
            _("No facet"), [(name, ties) for name, ties, _indicators in grouped], facets.measured, kept[0]
        )
        choice_field(self, "indicator").choices = tie_choices(
            _("No indicator"), [(name, ties) for name, _facets, ties in grouped], facets.indicators, kept[1]
        )

    def clean(self) -> None:
        if self.cleaned_data.get("facet") and self.cleaned_data.get("indicator"):
            self.add_error("indicator", _("Choose a facet or an indicator, not both."))


def tie_choices(none: Any, groups: list[tuple[str, tuple[Tie, ...]]], known: Mapping[str, Tie], kept: str) -> list[Any]:
    """A code that the newest instrument no longer has can stay, and is called by its code."""
    gone = [(kept, _("%(code)s (no longer asked)") % {"code": kept})] if kept and kept not in known else []
    return [
        ("", none),
        *gone,
        *((name, [(tie.code, tie.name) for tie in ties]) for name, ties in groups if ties),
    ]


class WeightForm(forms.Form):
    """Which way a link works, how strongly, how late."""

    sign = forms.TypedChoiceField(label=_("More of the first"), choices=SIGNS, coerce=int, widget=forms.RadioSelect)
    strength = forms.TypedChoiceField(
        label=_("How strongly"), choices=STRENGTHS, coerce=int, initial=2, widget=forms.RadioSelect
    )
    delay = forms.TypedChoiceField(label=_("How soon"), choices=DELAYS, coerce=int, initial=0, widget=forms.RadioSelect)


class LinkForm(WeightForm):
    """A new link between two factors of the map."""

    source = forms.TypedChoiceField(label=_("From"), coerce=int)
    target = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, factors: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["source", "sign", "target", "strength", "delay"])
        for name in ("source", "target"):
            choice_field(self, name).choices = [("", _("Choose a factor")), *factors.items()]

    def clean(self) -> None:
        source, target = self.cleaned_data.get("source"), self.cleaned_data.get("target")
        if source is not None and source == target:
            self.add_error("target", _("Choose two different factors: nothing influences itself directly."))


class VersionForm(forms.Form):
    """A name for the map as it is now."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("For example “After the spring workshop”.")
    )
    note = forms.CharField(
        label=_("What changed"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
