"""What the field and error-summary templates need to know about a Django form field (used by ui.py)."""

from __future__ import annotations  # BaseFormSet is generic for type checkers only

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Option:
    """One radio button or checkbox of a list."""

    tag: SafeString
    id: str
    label: str
    hint: str
    hint_id: str


@dataclass(frozen=True)
class FieldView:
    kind: str  # "input", "choices" (a fieldset of options), "tick" (one checkbox)
    id: str
    label: str
    hint: str
    hint_id: str
    errors: tuple[str, ...]
    error_id: str
    described_by: str
    optional: bool
    control: SafeString | None
    options: tuple[Option, ...]
    css_class: str


@dataclass(frozen=True)
class FormError:
    text: str
    href: str  # "" for an error of the whole form


def field_view(bound: BoundField, **given: Any) -> FieldView:
    """Label, hint, errors and the rendered control of one field.

    `given`: label, hint, optional (show the word "optional" where an answer is not required), `class`, and any further
    HTML attribute for the control with underscores for dashes (`autocomplete="email"`, `data_count="true"`).
    """
    hint = str(given.pop("hint", bound.help_text) or "")
    label = str(given.pop("label", bound.label))
    show_optional = bool(given.pop("optional", True))
    css_class = str(given.pop("class", ""))
    widget = bound.field.widget
    id_ = bound.id_for_label or bound.auto_id
    hint_id, error_id = f"{bound.auto_id}_helptext", f"{bound.auto_id}_error"
    described_by = " ".join([hint_id] * bool(hint) + [error_id] * bool(bound.errors))
    is_list = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    is_tick = isinstance(widget, forms.CheckboxInput)
    attrs = {name.replace("_", "-"): value for name, value in given.items()}
    if described_by and not is_list:
        attrs["aria-describedby"] = described_by
    return FieldView(
        kind="choices" if is_list else "tick" if is_tick else "input",
        id=id_,
        label=label,
        hint=hint,
        hint_id=hint_id,
        errors=tuple(str(error) for error in bound.errors),
        error_id=error_id,
        described_by=described_by,
        optional=show_optional and not bound.field.required and not is_tick,
        control=None if is_list else _control(bound, attrs, plain=is_tick),
        options=tuple(_options(bound)) if is_list else (),
        css_class=css_class,
    )


def _control(bound: BoundField, attrs: dict[str, Any], plain: bool) -> SafeString:
    widget = bound.field.widget
    if not plain:
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":  # Django's default, half a phone high
        attrs.setdefault("rows", 4)
    if isinstance(widget, forms.DateInput) and widget.input_type == "text":
        widget = _native(widget, "date", "%Y-%m-%d")
    elif isinstance(widget, forms.DateTimeInput) and widget.input_type == "text":
        widget = _native(widget, "datetime-local", "%Y-%m-%dT%H:%M")
    return bound.as_widget(widget=widget, attrs=attrs)


def _native(widget: forms.DateInput | forms.DateTimeInput, kind: str, shape: str) -> Any:
    """The browser's own picker: it wants and sends ISO, whatever the language of the page."""
    native = copy(widget)
    native.input_type, native.format = kind, shape
    return native


def _options(bound: BoundField) -> Iterator[Option]:
    hints = getattr(bound.field, "option_hints", {})
    for option in bound.subwidgets:
        hint = str(hints.get(option.data["value"], hints.get(str(option.data["value"]), "")))
        id_ = str(option.data["attrs"].get("id", ""))
        hint_id = f"{id_}_hint"
        if hint:
            option.data["attrs"]["aria-describedby"] = hint_id
        yield Option(tag=option.tag(), id=id_, label=str(option.choice_label), hint=hint, hint_id=hint_id)


def summary(forms_: Iterable[BaseForm | BaseFormSet[Any]]) -> list[FormError]:
    """Every error of the forms in reading order, each with the address of the first control of its field."""
    found: list[FormError] = []
    for form in forms_:
        if isinstance(form, BaseFormSet):
            found += [FormError(str(error), "") for error in form.non_form_errors()] if form.is_bound else []
            for number, row in enumerate(form.forms, 1):
                found += [FormError(f"{_('Row %d') % number}: {e.text}", e.href) for e in _form_errors(row)]
        elif form is not None:
            found += _form_errors(form)
    return found


def _form_errors(form: BaseForm) -> list[FormError]:
    found = [FormError(str(error), "") for error in form.non_field_errors()]
    for bound in form:
        if bound.name not in form.errors:
            continue
        widget = bound.field.widget
        first = f"{bound.auto_id}_0" if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else ""
        href = "" if bound.is_hidden else f"#{first or bound.id_for_label or bound.auto_id}"
        found += [FormError(f"{bound.label}: {error}", href) for error in bound.errors]
    return found
