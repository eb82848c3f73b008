"""The forms of agenda steps, one a kind: what is typed becomes the typed plan of `models/activity_plans.py`."""

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import ActivityKind
from assessments.models import Activity, Workshop
from assessments.models.activity_plans import (
    BadPlan,
    CommitPlan,
    IdeasPlan,
    Plan,
    TalkPlan,
    problems,
    read_plan,
)
from assessments.selectors.asked_items import Chapter, chapters_for, named_in
from ecosystems.forms.fields import choice_field, number_field

WORDS: Final = ("title", "prompt", "minutes", "notes", "place")
"""What can be changed of a step whose round has been open."""


class _KindOfForm(DeclarativeFieldsMetaclass, ABCMeta):
    """Forms of which a part is left to each kind."""


class StepForm(forms.Form, metaclass=_KindOfForm):
    """What every step has. Subclasses add what their kind asks and build `plan` from it."""

    kind: ClassVar[ActivityKind]
    main: ClassVar[str] = ""
    """The field that says what is asked: problems of the plan are said there."""
    groups_apart: ClassVar[bool] = False

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    prompt = forms.CharField(
        label=gettext_lazy("What the room reads"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=480, initial=10)
    notes = forms.CharField(
        label=gettext_lazy("Your private notes"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Only those who run the workshop see them."),
    )
    place = forms.IntegerField(label=gettext_lazy("Place in the agenda"), min_value=1)
    by_breakout = forms.BooleanField(
        label=gettext_lazy("Breakout groups vote by themselves, then together"), required=False
    )

    def __init__(
        self,
        *args: Any,
        workshop: Workshop,
        steps: int,
        activity: Activity | None = None,
        fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.workshop, self.activity, self.fixed = workshop, activity, fixed
        self.plan: Plan | None = None
        self.old = self._old_plan()
        places = steps if activity else steps + 1
        number_field(self, "place").max_value = places
        self.fields["place"].validators.append(forms.IntegerField(max_value=places).validators[0])
        self.fields["place"].help_text = _("1 to %(last)s") % {"last": places} if places > 1 else ""
        if not self.groups_apart:
            del self.fields["by_breakout"]
        self.initial = {"place": places, **self.initial}
        if activity:
            said = {name: getattr(activity, name) for name in self.fields if hasattr(activity, name)}
            self.initial = {**self.initial, **said, "place": activity.position + 1}
        self.prepare()
        self.initial = {**self.initial, **self.stored()}
        if fixed:
            for name in set(self.fields) - set(WORDS):
                self.fields[name].disabled = True

    def _old_plan(self) -> Any:
        try:
            return self.activity.plan if self.activity else read_plan(self.kind, {})
        except BadPlan:
            return read_plan(self.kind, {})

    def prepare(self) -> None:
        """Fill what there is to choose from."""

    def stored(self) -> dict[str, Any]:
        """The old plan as it stands in the fields."""
        return {}

    @abstractmethod
    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        """The plan that was typed. May raise ValidationError."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.fixed or self.errors:
            return cleaned
        try:
            plan = self.build(cleaned)
        except forms.ValidationError as problem:
            self.add_error(self.main or None, problem)
            return cleaned
        for problem_words in problems(plan):
            self.add_error(self.main or None, problem_words)
        if not self.errors:
            self.plan = plan
        return cleaned

    @property
    def words(self) -> dict[str, Any]:
        """The fields of the step that stand beside its plan."""
        names = ["title", "prompt", "minutes", "notes"]
        if not self.fixed:
            names += [name for name in ("by_breakout", "source") if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}

    def asked_fields(self) -> list[forms.BoundField]:
        """The fields of this kind, in order; those that a template draws by itself left out."""
        names = [name for name in self.fields if name not in (*WORDS, "chosen", "by_breakout")]
        return [self[name] for name in (*names, *(["by_breakout"] if "by_breakout" in self.fields else []))]


class ChoosingForm(StepForm):
    """A step for which things can be chosen from the instrument; `chapters` are what there is."""

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("From the instrument"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.chapters = chapters_for(self.workshop)
        choice_field(self, "chosen").choices = [(code, code) for code in self.offered()]

    @abstractmethod
    def offered(self) -> Mapping[str, Any]:
        """What can be chosen, by code."""

    @abstractmethod
    def offers(self, chapter: Chapter) -> list[tuple[str, str, str]]:
        """Code, words and small print of what a chapter offers."""

    @property
    def offer_chapters(self) -> list[dict[str, Any]]:
        ticked = set(self["chosen"].value() or ())
        return [
            {
                "chapter": chapter,
                "offers": [(code, text, hint, code in ticked) for code, text, hint in offers],
                "ticked": sum(code in ticked for code, _text, _hint in offers),
            }
            for chapter in self.chapters
            if (offers := self.offers(chapter))
        ]


class TalkForm(StepForm):
    kind = ActivityKind.TALK
    code = forms.ChoiceField(label=gettext_lazy("What is talked about"), required=False)
    promises = forms.BooleanField(
        label=gettext_lazy("Show open commitments on the screen in the room"),
        required=False,
        help_text=gettext_lazy(
            "What was promised, until when and how it stands. Names of members, only in workshops by name."
        ),
    )

    def prepare(self) -> None:
        choice_field(self, "code").choices = _codes(
            chapters_for(self.workshop), _("Nothing in particular"), self.old.code
        )

    def stored(self) -> dict[str, Any]:
        return {"code": self.old.code, "promises": self.old.promises}

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        return TalkPlan(code=cleaned["code"], promises=cleaned["promises"])


class IdeasForm(StepForm):
    kind = ActivityKind.IDEAS
    main = "per_person"
    per_person = forms.IntegerField(
        label=gettext_lazy("Texts a person can write"), min_value=1, max_value=20, initial=3
    )

    def stored(self) -> dict[str, Any]:
        return {"per_person": self.old.per_person} if self.activity else {}

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        return IdeasPlan(per_person=cleaned["per_person"])


class CheckForm(IdeasForm):
    kind = ActivityKind.CHECK
    per_person = forms.IntegerField(
        label=gettext_lazy("Texts a person can write"), min_value=1, max_value=20, initial=1
    )


class CommitForm(StepForm):
    kind = ActivityKind.COMMIT
    facet = forms.ChoiceField(
        label=gettext_lazy("The score it should move"),
        required=False,
        help_text=gettext_lazy("What commitments of this step aim at unless they say otherwise."),
    )

    def prepare(self) -> None:
        choice_field(self, "facet").choices = _codes(
            chapters_for(self.workshop), _("Each commitment says it"), self.old.facet
        )

    def stored(self) -> dict[str, Any]:
        return {"facet": self.old.facet}

    def build(self, cleaned: Mapping[str, Any]) -> Plan:
        return CommitPlan(facet=cleaned["facet"])


def _codes(chapters: tuple[Chapter, ...], nothing: str, kept: str) -> list[tuple[str, Any]]:
    """Dimensions and facets to choose one from; what was chosen stays, though its instrument may have gone."""
    known = set(named_in(chapters))
    found: list[tuple[str, Any]] = [("", nothing)]
    if kept and kept not in known:
        found.append((kept, kept))
    for chapter in chapters:
        whole = [(chapter.code, _("All of %(name)s") % {"name": chapter.name})] if chapter.is_dimension else []
        found.append((chapter.name, [*whole, *((facet.code, facet.name) for facet in chapter.facets)]))
    return found
