"""Which links of the causal map a wave asks about."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Wave
from assessments.selectors.link_choices import link_choices
from assessments.services.wave_links import MOST_LINKS
from ecosystems.forms.fields import choice_field, hint_options


class WaveLinksForm(forms.Form):
    """`suggested` says of each link why it is worth asking; `others` are the rest of the map's."""

    suggested = forms.MultipleChoiceField(
        label=gettext_lazy("Suggested"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Other links"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = link_choices(wave.assessment.ecosystem)
        self.by_key = {one.key: one for one in choices}
        asked = {f"{link.source}-{link.target}" for link in wave.asked_links}
        gone = _("This link is not on the map any more. Look at the list once more.")
        for name, some in (
            ("suggested", [one for one in choices if one.why]),
            ("others", [one for one in choices if not one.why]),
        ):
            field = choice_field(self, name)
            field.choices = [(one.key, one.name) for one in some]
            field.error_messages["invalid_choice"] = gone
            self.initial.setdefault(name, [one.key for one in some if one.key in asked])
            if not some:
                del self.fields[name]
        if "suggested" in self.fields:
            hint_options(self, "suggested", {one.key: one.why for one in choices})

    @property
    def has_other_chosen(self) -> bool:
        """Whether the long list must be open."""
        return "others" in self.fields and bool(self["others"].value() or self["others"].errors)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        chosen = [key for name in ("suggested", "others") for key in self.cleaned_data.get(name, ())]
        return [(self.by_key[key].source, self.by_key[key].target) for key in chosen]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        count = sum(len(cleaned.get(name, ())) for name in ("suggested", "others"))
        if count > MOST_LINKS:
            over = count - MOST_LINKS
            raise forms.ValidationError(
                ngettext(
                    "You chose %(count)d links. A wave asks about up to %(most)d: take %(over)d away.",
                    "You chose %(count)d links. A wave asks about up to %(most)d: take %(over)d away.",
                    over,
                )
                % {"count": count, "most": MOST_LINKS, "over": over}
            )
        return cleaned
