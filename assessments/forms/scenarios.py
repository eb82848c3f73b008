"""A new scenario: up to six levers, and the person's own guess before it is run."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import ScenarioRule
from assessments.models import Activity
from assessments.selectors.scenario_records import BasisDimension
from assessments.selectors.scenarios import Ground
from assessments.services.scenarios import (
    DRAWS,
    FARTHEST,
    FEWEST_DRAWS,
    LONGEST_NAME,
    MOST_DRAWS,
    MOST_LEVERS,
    draws_words,
)
from ecosystems.forms.fields import row_field
from ecosystems.numerals import number

LEVER: Final = "lever_%d"
TARGET: Final = "target_%d"
BET: Final = "bet_"


class RoomField(forms.ModelChoiceField[Activity]):
    """A step in which a room guessed, by its title and its workshop."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Activity.objects.none(),
            required=False,
            label=gettext_lazy("Guessed in a workshop"),
            empty_label=gettext_lazy("in none"),
            help_text=gettext_lazy("What was revealed there stands beside the run."),
            error_messages={"invalid_choice": gettext_lazy("This step is no longer there. Choose another, or none.")},
        )

    def label_from_instance(self, obj: Activity) -> str:
        return f"{obj.title} · {obj.workshop.title}"


class RoomForm(forms.Form):
    """In which step of a workshop a room guessed what a scenario runs."""

    room_step = RoomField()

    def __init__(self, *args: Any, steps: QuerySet[Activity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_rooms = steps.exists()
        row_field(self, "room_step").queryset = steps


class BetsForm(forms.Form):
    """How far each dimension moves by the next wave, in points; every guess may be left out."""

    def __init__(self, *args: Any, dimensions: Sequence[BasisDimension], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [dimension.code for dimension in dimensions]
        for dimension in dimensions:
            self.fields[BET + dimension.code] = forms.IntegerField(
                label=dimension.name,
                required=False,
                min_value=-FARTHEST,
                max_value=FARTHEST,
                error_messages={
                    "invalid": _("Write a whole number of points, such as 5 or −5."),
                    "min_value": _("A guess lies between −100 and +100 points."),
                    "max_value": _("A guess lies between −100 and +100 points."),
                },
                widget=forms.NumberInput(attrs={"class": "short", "step": 1}),
            )

    def bet_fields(self) -> list[forms.BoundField]:
        return [self[BET + code] for code in self.codes]

    def bets(self) -> dict[str, int]:
        made = {code: self.cleaned_data.get(BET + code) for code in self.codes}
        return {code: points for code, points in made.items() if points is not None}


class ScenarioForm(RoomForm, BetsForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Best as a question: What if we eased the coordinators’ load?"),
        error_messages={"required": gettext_lazy("Give the scenario a name, such as a question: What if we …?")},
    )

    rule = forms.ChoiceField(
        label=gettext_lazy("Rule of the run"),
        choices=ScenarioRule.choices,
        required=False,
        initial=ScenarioRule.RESCALED,
        help_text=gettext_lazy(
            "What a factor takes from one step to the next. Unless you know better, keep the first."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the rules offered.")},
    )
    draws = forms.IntegerField(
        label=gettext_lazy("Draws"),
        min_value=FEWEST_DRAWS,
        max_value=MOST_DRAWS,
        required=False,
        initial=DRAWS,
        help_text=gettext_lazy(
            "How often the weights of the links are drawn from what people said of them; 1,000 if left empty."
        ),
        widget=forms.NumberInput(attrs={"class": "short", "step": 1}),
    )

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, dimensions=ground.basis.dimensions, **kwargs)
        self.fields["draws"].error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), draws_words())
        choices = [("", _("no lever"))]
        choices += [
            (
                factor.key,
                _("%(name)s (now %(score)s)") % {"name": factor.name, "score": number(factor.score)}
                if factor.score is not None
                else _("%(name)s (no score)") % {"name": factor.name},
            )
            for factor in ground.basis.factors
        ]
        for row in range(1, MOST_LEVERS + 1):
            self.fields[LEVER % row] = forms.ChoiceField(
                label=_("Factor %(row)s") % {"row": row},
                required=False,
                choices=choices,
                error_messages={
                    "invalid_choice": _("This factor is no longer on the map. Choose another in its place.")
                },
            )
            self.fields[TARGET % row] = forms.FloatField(
                label=_("Moved to, 0 to 100"),
                required=False,
                min_value=0,
                max_value=100,
                error_messages={
                    "invalid": _("Write a number between 0 and 100."),
                    "min_value": _("Write a number between 0 and 100."),
                    "max_value": _("Write a number between 0 and 100."),
                },
                widget=forms.NumberInput(attrs={"class": "short", "step": "any", "data-range": ""}),
            )

    def clean_rule(self) -> str:
        return self.cleaned_data["rule"] or ScenarioRule.RESCALED

    def clean_draws(self) -> int:
        draws: int | None = self.cleaned_data["draws"]
        return DRAWS if draws is None else draws

    def lever_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[LEVER % row], self[TARGET % row]) for row in range(1, MOST_LEVERS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in range(1, MOST_LEVERS + 1):
            lever, target = cleaned.get(LEVER % row), cleaned.get(TARGET % row)
            if lever and target is None and TARGET % row not in self.errors:
                self.add_error(TARGET % row, _("Say how far to move it: a number between 0 and 100."))
            if target is not None and not lever and LEVER % row not in self.errors:
                self.add_error(LEVER % row, _("Choose the factor to move, or clear the number."))
        return cleaned

    def levers(self) -> list[tuple[str, float]]:
        rows = [
            (self.cleaned_data.get(LEVER % row), self.cleaned_data.get(TARGET % row))
            for row in range(1, MOST_LEVERS + 1)
        ]
        return [(lever, target) for lever, target in rows if lever and target is not None]


class RenameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
