"""Forms of a wave's set-up."""

from datetime import date
from typing import Any

from django import forms
from django.template.defaultfilters import date as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.enums import Anonymity, WaveState
from assessments.models import InstrumentVersion, Wave
from assessments.selectors.plans import GroupOffer, offers_of
from assessments.services.waves import today
from ecosystems.forms.fields import hint_options, row_field
from ecosystems.models import Organization

DATE_FORMATS = ["%Y-%m-%d", "%d %m %Y", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y"]
NOT_ASKED = ""
MOST_YEARS = 10


class DayField(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        messages = {"invalid": gettext_lazy("Write the day like this: 14 11 2026")}
        super().__init__(input_formats=DATE_FORMATS, widget=widget, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and abs(day.year - today().year) > MOST_YEARS:
            raise forms.ValidationError(_("Check the year: %(year)s") % {"year": day.year})
        return day


class WaveQuestionsForm(forms.Form):
    """Title, version, and which group gets which form; `forms_by_group` holds the choice."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    version = forms.ModelChoiceField(
        label=gettext_lazy("Version of the questions"), queryset=InstrumentVersion.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wave = wave
        row_field(self, "version").queryset = InstrumentVersion.objects.filter(
            instrument=wave.assessment.instrument, published_at__isnull=False
        ).select_related("instrument")
        self.initial = {"title": wave.title, "version": wave.version_id, **self.initial}
        self.offers = offers_of(assessment=wave.assessment, version=self._version())
        asked = {group.key: group.form for group in wave.groups.all()}
        for offer in self.offers:
            self.fields[f"group_{offer.key}"] = _form_field(offer)
            self.initial.setdefault(f"group_{offer.key}", asked.get(offer.key, NOT_ASKED))
        if wave.state != WaveState.DRAFT:
            for name in self.fields:
                if name != "title":
                    self.fields[name].disabled = True

    def _version(self) -> InstrumentVersion:
        """The version that the posted form is about, so that its groups are those that were chosen from."""
        if self.is_bound:
            try:
                chosen: InstrumentVersion = self.fields["version"].clean(self.data.get(self.add_prefix("version")))
                return chosen
            except forms.ValidationError:
                pass
        return self.wave.version

    def group_fields(self) -> list[forms.BoundField]:
        return [self[f"group_{offer.key}"] for offer in self.offers]

    @property
    def forms_by_group(self) -> dict[str, str]:
        chosen = {offer.key: self.cleaned_data[f"group_{offer.key}"] for offer in self.offers}
        return {key: form for key, form in chosen.items() if form != NOT_ASKED}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.forms_by_group:
            raise forms.ValidationError(_("Choose at least one group to ask"))
        return cleaned


def _form_field(offer: GroupOffer) -> forms.ChoiceField:
    choices = [(NOT_ASKED, _("Not asked"))]
    for form in offer.forms:
        questions = ngettext("%(n)d question", "%(n)d questions", form.questions) % {"n": form.questions}
        minutes = ngettext("%(n)d minute", "%(n)d minutes", form.minutes) % {"n": form.minutes}
        choices.append((form.form, f"{form.title} ({questions}, {minutes})"))
    return forms.ChoiceField(label=offer.label, choices=choices, required=False)


class WavePrivacyForm(forms.Form):
    """What people are promised before they answer."""

    anonymity = forms.ChoiceField(
        label=gettext_lazy("Who said what"), choices=Anonymity.choices, widget=forms.RadioSelect
    )
    min_group_size = forms.IntegerField(
        label=gettext_lazy("Smallest group shown"),
        min_value=Organization.SMALLEST_GROUP,
        max_value=1000,
        help_text=gettext_lazy("Scores of groups with fewer answers are withheld. Never below 3."),
    )
    comment_min_group_size = forms.IntegerField(
        label=gettext_lazy("Smallest group whose comments are shown"),
        min_value=Organization.SMALLEST_GROUP,
        max_value=1000,
        help_text=gettext_lazy("At least as many as for scores: words give people away sooner than numbers."),
    )
    live_results = forms.BooleanField(
        label=gettext_lazy("Show results while the wave is open"),
        required=False,
        help_text=gettext_lazy(
            "The index and the five dimensions then move in steps of at least the smallest group’s size, and the last "
            "answers of a group that do not fill a step stay out of the numbers for good. Otherwise everything is "
            "shown at once after closing, and every answer counts."
        ),
    )

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**{name: getattr(wave, name) for name in self.fields}, **self.initial}
        self.organization = wave.assessment.organization
        hint_options(
            self,
            "anonymity",
            {
                Anonymity.ANONYMOUS: _("Nobody, not even an administrator, can see who gave which answer."),
                Anonymity.NAMED: _("Answers are kept with the name. People are told so before they begin."),
            },
        )
        if wave.privacy_frozen or wave.state == WaveState.CLOSED:
            for field in self.fields.values():
                field.disabled = True

    def clean_min_group_size(self) -> int:
        size = self.cleaned_data["min_group_size"]
        least = self.organization.min_group_size
        if size < least:
            raise forms.ValidationError(_("Your organization’s rule is at least %(least)d") % {"least": least})
        return int(size)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        scores, comments = cleaned.get("min_group_size"), cleaned.get("comment_min_group_size")
        if scores and comments and comments < max(scores, self.organization.comment_min_group_size):
            least = max(scores, self.organization.comment_min_group_size)
            self.add_error("comment_min_group_size", _("Comments need at least %(least)d") % {"least": least})
        return cleaned


class WaveInvitationForm(forms.Form):
    """Message and days of a wave."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=160)
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("{link} becomes each person’s own link."),
    )
    opens_on = DayField(
        label=gettext_lazy("Planned to open on"),
        required=False,
        help_text=gettext_lazy("For your calendar: nothing opens before you open it."),
    )
    closes_on = DayField(
        label=gettext_lazy("Closes on"), help_text=gettext_lazy("The last day on which people can answer.")
    )

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wave = wave
        if wave.state != WaveState.DRAFT:
            del self.fields["opens_on"]
        self.initial = {**{name: getattr(wave, name) for name in self.fields}, **self.initial}

    def clean_message(self) -> str:
        message = str(self.cleaned_data["message"])
        if "{link}" not in message:
            raise forms.ValidationError(_("Write {link} where each person’s own link should stand"))
        return message

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if day < today():
            now = formatted(today(), "j F")
            raise forms.ValidationError(_("The closing day must be today, %(today)s, or later") % {"today": now})
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The closing day must not be before the opening day"))
        return cleaned


class ReopenForm(forms.Form):
    """Until when a reopened wave takes answers."""

    closes_on = DayField(label=gettext_lazy("Closes on"))

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if day < today():
            raise forms.ValidationError(_("The closing day must be today or later"))
        return day


class DeleteWaveForm(forms.Form):
    """The title, typed, where a wave may hold answers."""

    typed = forms.CharField(label=gettext_lazy("Title of the wave"), max_length=120, required=False)
