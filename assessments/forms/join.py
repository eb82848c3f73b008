"""Joining a workshop: its code as somebody types it, then only what the workshop asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.join_codes import LONGEST_TYPED, CodeProblem, code_problem, read_code
from assessments.models import Workshop
from assessments.services.room_problems import GroupNeeded, NameNeeded, NameTooLong, RoomProblem
from assessments.services.seats import LONGEST_NAME
from ecosystems.enums import StakeholderGroup


class CodeForm(forms.Form):
    """`code` reads as we write it, KELP-OTTER-42, however it was typed."""

    code = forms.CharField(
        label=gettext_lazy("Code on the screen"),
        strip=True,
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "input code-input",
                "autocapitalize": "characters",
                "autocomplete": "off",
                "autocorrect": "off",
                "spellcheck": "false",
                "enterkeyhint": "go",
                "maxlength": LONGEST_TYPED,
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Two words and two digits. Capitals, spaces and dashes do not matter.")

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        problem = code_problem(typed)
        if problem is not None:
            raise forms.ValidationError(_words(problem))
        return read_code(typed) or ""


class JoinForm(forms.Form):
    """Name and group, each only where the workshop asks for it."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "enterkeyhint": "go"}),
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Your group"), choices=StakeholderGroup.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, workshop: Workshop, own_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, group = self.fields["name"], self.fields["group"]
        name.help_text = _("As the others know you. It stands beside what you say.")
        name.error_messages |= {"required": str(NameNeeded()), "max_length": str(NameTooLong(LONGEST_NAME))}
        del name.widget.attrs["maxlength"]  # what is too long is said, not cut off
        group.error_messages |= dict.fromkeys(("required", "invalid_choice"), str(GroupNeeded()))
        if workshop.is_anonymous or own_phone:
            del self.fields["name"]
        if not workshop.asks_group or own_phone:
            del self.fields["group"]

    def show(self, problem: RoomProblem) -> None:
        """Put what the service said where it belongs."""
        self.errors.pop(problem.reason, None)
        self.add_error(problem.reason if problem.reason in self.fields else None, str(problem))


def _words(problem: CodeProblem) -> str:
    return {
        CodeProblem.EMPTY: _("Type the code that stands on the screen, like KELP-OTTER-42."),
        CodeProblem.SHAPE: _("A code is two words and two digits, like KELP-OTTER-42. Look at the screen again."),
        CodeProblem.WORDS: _("One of the words is not one of ours. Look at the screen and check the letters."),
        CodeProblem.DIGITS: _("The words are fine. After them come two digits from 2 to 9: never 0, 1, O or l."),
    }[problem]
