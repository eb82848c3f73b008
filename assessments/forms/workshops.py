"""Forms of workshops: what they are about, when, by which rules, with whom."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.enums import Anonymity
from assessments.models import AgendaTemplate, Wave, Workshop
from assessments.selectors.workshops import people_who_may_help, waves_to_talk_about
from assessments.services.agenda_templates import built_in
from ecosystems.forms.fields import hint_options, row_field
from ecosystems.models import Ecosystem, Organization, User

MOST_YEARS: Final = 10
EMPTY: Final = "empty"
SHOWN: Final = "%Y-%m-%dT%H:%M"


class WhenForm(forms.Form):
    """A moment as the person's clock says it; `zone` is that clock's, put in by the page's script."""

    starts_at = forms.DateTimeField(
        label=gettext_lazy("Starts"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "data-clock-input": ""}, format=SHOWN),
        input_formats=[SHOWN, "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d %m %Y %H:%M", "%d/%m/%Y %H:%M"],
        error_messages={"invalid": gettext_lazy("Write day and time like this: 14.11.2026 09:30")},
        help_text=gettext_lazy("In UTC."),
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_at: datetime | None = cleaned.get("starts_at")
        if starts_at is None:
            return cleaned
        if abs(starts_at.year - timezone.now().year) > MOST_YEARS:
            self.add_error("starts_at", _("Check the year: %(year)s") % {"year": starts_at.year})
            return cleaned
        name = cleaned.get("zone", "")
        zone = ZoneInfo(name) if name in available_timezones() else UTC
        cleaned["starts_at"] = starts_at.replace(tzinfo=zone).astimezone(UTC)
        return cleaned


class WaveField(forms.ModelChoiceField[Wave]):
    """A wave among those of several assessments."""

    def label_from_instance(self, obj: Wave) -> str:
        return f"{obj.assessment.name}: {obj.title}"


class WorkshopForm(WhenForm):
    """What a workshop is about and when it is."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody reads it before they join."),
    )
    wave = WaveField(
        label=gettext_lazy("Wave whose results are talked about"),
        queryset=Wave.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("You can then take questions from its instrument."),
    )
    field_order = ["title", "purpose", "starts_at", "zone", "wave"]

    def __init__(
        self, *args: Any, organization: Organization, ecosystem: Ecosystem | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        waves = waves_to_talk_about(organization)
        if ecosystem is not None:
            waves = waves.filter(assessment__ecosystem=ecosystem)
        row_field(self, "wave").queryset = waves


class NewWorkshopForm(WorkshopForm):
    """The same with an agenda to start from. `chosen_agenda` tells which kind of agenda it is, and its key."""

    ecosystem = forms.ModelChoiceField(
        label=gettext_lazy("Ecosystem"), queryset=Ecosystem.objects.none(), empty_label=None
    )
    agenda = forms.ChoiceField(label=gettext_lazy("Agenda to start from"), widget=forms.RadioSelect)
    field_order = ["title", "ecosystem", "agenda", "starts_at", "zone", "wave", "purpose"]

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, organization=organization, **kwargs)
        ecosystems = organization.ecosystems.all()
        row_field(self, "ecosystem").queryset = ecosystems
        agenda: Any = self.fields["agenda"]
        agenda.choices, agenda.option_hints = agendas_of(organization)
        agenda.choices = [*agenda.choices, (EMPTY, _("An empty agenda"))]
        if len(ecosystems) == 1:
            self.fields["ecosystem"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wave, ecosystem = cleaned.get("wave"), cleaned.get("ecosystem")
        if wave and ecosystem and wave.assessment.ecosystem_id != ecosystem.pk:
            self.add_error("wave", _("This wave is about another ecosystem. Choose one of the same, or none."))
        return cleaned


class AgendaChoiceForm(forms.Form):
    """An agenda whose steps are added."""

    agenda = forms.ChoiceField(label=gettext_lazy("Agenda"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agenda: Any = self.fields["agenda"]
        agenda.choices, agenda.option_hints = agendas_of(organization)


class PrivacyForm(forms.Form):
    """What everybody is told before they join; fixed once somebody has."""

    anonymity = forms.ChoiceField(
        label=gettext_lazy("Who said what"), choices=Anonymity.choices, widget=forms.RadioSelect
    )
    min_group_size = forms.IntegerField(
        label=gettext_lazy("Smallest group shown"), min_value=Organization.SMALLEST_GROUP, max_value=1000
    )
    comment_min_group_size = forms.IntegerField(
        label=gettext_lazy("Smallest group whose reasons are shown"),
        min_value=Organization.SMALLEST_GROUP,
        max_value=1000,
        help_text=gettext_lazy("At least as many as for results: words give people away sooner than numbers."),
    )
    asks_group = forms.BooleanField(label=gettext_lazy("Ask each person for their stakeholder group"), required=False)
    preview = forms.BooleanField(
        label=gettext_lazy("Facilitators see results while they come"),
        required=False,
        help_text=gettext_lazy(
            "Everybody is told so before they join. In an anonymous workshop what you see lags behind, so that "
            "nobody’s vote can be read off."
        ),
    )

    def __init__(self, *args: Any, workshop: Workshop, fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = workshop.organization
        self.initial = {**{name: getattr(workshop, name) for name in self.fields}, **self.initial}
        self.fields["min_group_size"].help_text = _(
            "Results with fewer people behind them are withheld. Your organization’s least is %(least)s."
        ) % {"least": self.organization.min_group_size}
        hint_options(
            self,
            "anonymity",
            {
                Anonymity.ANONYMOUS: _(
                    "Nobody sees who said what, you neither. When it ends, the link is cut for good."
                ),
                Anonymity.NAMED: _("After a reveal, names stand beside votes and texts."),
            },
        )
        if fixed:
            for field in self.fields.values():
                field.disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        least, texts = cleaned.get("min_group_size"), cleaned.get("comment_min_group_size")
        if least is not None and least < self.organization.min_group_size:
            self.add_error(
                "min_group_size",
                _("Your organization shows no group smaller than %(least)s.")
                % {"least": self.organization.min_group_size},
            )
        needed = max(least or 0, self.organization.comment_min_group_size)
        if texts is not None and texts < needed:
            self.add_error("comment_min_group_size", _("Reasons need at least %(least)s people.") % {"least": needed})
        return cleaned


class HelpersForm(forms.Form):
    """Who runs the workshop beside facilitators and admins."""

    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("People"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "people").queryset = people_who_may_help(workshop.organization)
        self.initial.setdefault("people", workshop.co_facilitators.all())


class DuplicateForm(WhenForm):
    """The copy's title and start."""

    title = forms.CharField(label=gettext_lazy("Title of the copy"), max_length=120)
    field_order = ["title", "starts_at", "zone"]


class KeptAgendaForm(forms.Form):
    """Title and description of an agenda that the organization keeps."""

    title = forms.CharField(label=gettext_lazy("Title of the agenda"), max_length=120)
    description = forms.CharField(
        label=gettext_lazy("When to use it"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeleteWorkshopForm(forms.Form):
    """The title, typed, where a workshop has been held."""

    typed = forms.CharField(label=gettext_lazy("Title of the workshop"), max_length=120, required=False)


class TalkingPointForm(forms.Form):
    """Into which workshop something from the results goes, and as what."""

    NEW: Final = "new"
    TALK: Final = "talk"
    RATE: Final = "rate"
    as_kind = forms.ChoiceField(label=gettext_lazy("What the room does"), widget=forms.RadioSelect, initial=TALK)
    workshop = forms.ChoiceField(label=gettext_lazy("Workshop"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Title of the new workshop"),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, workshops: list[Workshop], may_create: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["as_kind"]
        kind.choices = [(self.TALK, _("Talk about it")), (self.RATE, _("Rate it first, then talk"))]
        kind.option_hints = {
            self.TALK: _("With questions to begin with. No score goes along."),
            self.RATE: _("Everybody votes before anybody speaks, on the questions of the instrument made for a room."),
        }
        place: Any = self.fields["workshop"]
        place.choices = [(str(one.pk), one.title) for one in workshops] + [(self.NEW, _("A new workshop"))] * may_create
        if place.choices:
            self.initial.setdefault("workshop", place.choices[0][0])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("workshop") == self.NEW and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Give the new workshop a title."))
        return cleaned


def agendas_of(organization: Organization) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Agendas to choose from, the product's first, with what each is for."""
    choices, hints = [], {}
    for one in built_in():
        key = f"built-in:{one.key}"
        choices.append((key, _titled(_(one.title), one.minutes)))
        hints[key] = _(one.description)
    for kept in AgendaTemplate.objects.filter(organization=organization):
        key = f"kept:{kept.pk}"
        choices.append((key, _titled(kept.title, sum(step.get("minutes", 0) for step in kept.agenda))))
        hints[key] = kept.description
    return choices, hints


def _titled(title: str, minutes: int) -> str:
    return ngettext("%(title)s, %(n)s minute", "%(title)s, %(n)s minutes", minutes) % {"title": title, "n": minutes}
