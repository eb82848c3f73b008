"""A form's own fields, as what they are: choices that are known only once the form is made."""

from collections.abc import Mapping
from typing import Any

from django import forms


class WholeText(forms.CharField):
    """Too long a text is said to be too long, rather than cut off by the browser as it is pasted."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The field with a fixed list of choices; TypeError for any other."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a field of choices")
    return field


def row_field(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    """The field that chooses among rows of the database; TypeError for any other."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} does not choose among rows")
    return field


def number_field(form: forms.BaseForm, name: str) -> forms.IntegerField:
    """The field for a whole number; TypeError for any other."""
    field = form.fields[name]
    if not isinstance(field, forms.IntegerField):
        raise TypeError(f"{name} is not a field for a number")
    return field


def hint_options(form: forms.BaseForm, name: str, hints: Mapping[Any, Any]) -> None:
    """Say under each choice what it means; the templates of fields show it."""
    setattr(form.fields[name], "option_hints", hints)  # noqa: B010 - ours, which no type of Django's knows
