"""The shape of an instrument document: `assessments/data/instrument.schema.json`, its findings said in plain words."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from itertools import chain, islice
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator, ValidationError

from assessments.imports.instrument_problems import Path, Problem
from assessments.selectors.definitions import schema

KINDS = {
    "string": gettext_lazy("text"),
    "object": gettext_lazy("names with values"),
    "array": gettext_lazy("a list"),
    "number": gettext_lazy("a number"),
    "integer": gettext_lazy("a whole number"),
    "boolean": gettext_lazy("true or false"),
}
PATTERNS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": gettext_lazy("Use small letters, digits and single hyphens."),
    "^[A-Za-z][A-Za-z0-9_-]*$": gettext_lazy("Start with a letter; then letters, digits, hyphen or underscore."),
    "^[A-Za-z][A-Za-z0-9_.-]*$": gettext_lazy("Start with a letter; then letters, digits, hyphen, underscore or dot."),
    "^-?[0-9]{1,4}$": gettext_lazy("Give the level as a whole number."),
    "^(half|all)": gettext_lazy("Write a share such as 0.5."),
    "^https?://[^\\s]+$": gettext_lazy("Give a web address that starts with https://."),
    "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$": gettext_lazy("Give a language code such as en."),
}


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def shape_problems(document: Mapping[str, Any], *, most: int) -> list[Problem]:
    """The first `most` things that do not fit the schema, each with the code of the nearest item, facet or scale."""
    found: dict[tuple[Path, str], Problem] = {}
    problems = chain.from_iterable(_problems(error, document) for error in _validator().iter_errors(document))
    for problem in islice(problems, most):
        found.setdefault((problem.path, problem.message), problem)
    return list(found.values())


def place_of(document: Any, path: Path) -> str:
    """The code of the innermost thing with one along the path; for scales, forms and audiences their name."""
    place, here = "", document
    for at, step in enumerate(path):
        if at == 1 and path[0] in ("scales", "forms", "audiences"):
            place = str(step)
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(here, Mapping) and isinstance(here.get("code"), str):
            place = here["code"]
    return place


def _problems(error: ValidationError, document: Mapping[str, Any]) -> Iterator[Problem]:
    if error.validator == "anyOf":
        inner = _of_the_meant_branch(error)
        if inner:
            for one in inner:
                yield from _problems(one, document)
            return
    path: Path = tuple(error.absolute_path)
    if "propertyNames" in error.schema_path:
        path = (*path, str(error.instance))
    for message, at in _messages(error, path):
        yield Problem(message, path=at, place=place_of(document, at))


def _of_the_meant_branch(error: ValidationError) -> list[ValidationError]:
    """Of several shapes that are allowed: what is wrong with the one whose kind (text, names, number) was given."""
    branches: dict[Any, list[ValidationError]] = {}
    for one in error.context or ():
        branches.setdefault(one.schema_path[0], []).append(one)
    meant = [
        branch for branch in branches.values() if not any(one.validator == "type" and not one.path for one in branch)
    ]
    return meant[0] if len(meant) == 1 else []


def _messages(error: ValidationError, path: Path) -> Iterator[tuple[str, Path]]:
    name, limit, instance = _name(path), cast(Any, error.validator_value), cast(Any, error.instance)
    values: dict[str, Any]
    match error.validator:
        case "required":
            missing = [key for key in limit if key not in instance]
            yield _("“%(name)s” is missing.") % {"name": missing[0]}, path
        case "additionalProperties" | "unevaluatedProperties":
            known = _known_names(error)
            for key in (key for key in instance if key not in known):
                yield _unknown(str(key), known), (*path, key)
        case "type":
            yield _wrong_type(name, str(limit), instance), path
        case "enum":
            values = {"name": name, "value": _short(instance), "choices": ", ".join(limit)}
            yield _("%(name)s is “%(value)s”. Choose one of: %(choices)s.") % values, path
        case "pattern":
            yield f"{_('“%(value)s” does not fit.') % {'value': _short(instance)}} {PATTERNS[limit]}", path
        case "maxLength":
            values = {"name": name, "n": len(instance), "max": limit}
            yield _("%(name)s has %(n)s characters; at most %(max)s fit.") % values, path
        case "minLength" | "minProperties":
            yield _("%(name)s is empty.") % {"name": name}, path
        case "maxItems" | "maxProperties":
            values = {"name": name, "n": len(instance), "max": limit}
            yield _("%(name)s has %(n)s entries; at most %(max)s are allowed.") % values, path
        case "uniqueItems":
            yield _("%(name)s names something twice.") % {"name": name}, path
        case "minimum" | "exclusiveMinimum" | "maximum":
            yield _("%(name)s is %(value)s, which is out of range.") % {"name": name, "value": instance}, path
        case "anyOf" if len(path) == 2 and path[0] == "scales":
            yield _("The scale has no levels. List them under “levels”, or give “lo” and “hi”."), path
        case "anyOf" if path and path[-1] in ("text", "title"):
            yield _("%(name)s should be text, or a text for each audience.") % {"name": name}, path
        case _:
            values = {"name": name, "value": _short(instance)}
            yield _("%(name)s is “%(value)s”, which is not understood.") % values, path


def _wrong_type(name: str, wanted: str, value: Any) -> str:
    if wanted == "string" and isinstance(value, bool | int | float):
        return _("%(name)s is read as the value %(value)s. Put it in quotes to make it text.") % {
            "name": name,
            "value": str(value).lower(),
        }
    if value is None:
        return _("%(name)s is empty.") % {"name": name}
    return _("%(name)s should be %(kind)s.") % {"name": name, "kind": KINDS.get(wanted, wanted)}


def _unknown(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    if close:
        return _("“%(key)s” is not a known name. Did you mean “%(close)s”?") % {"key": _short(key), "close": close[0]}
    return _("“%(key)s” is not a known name. Known here: %(known)s.") % {"key": _short(key), "known": ", ".join(known)}


def _known_names(error: ValidationError) -> list[str]:
    part = error.schema if isinstance(error.schema, Mapping) else {}
    names = list(part.get("properties", {}))
    reference = part.get("$ref", "")
    if reference:
        names += list(schema()["$defs"][reference.rsplit("/", 1)[1]].get("properties", {}))
    return names


def _name(path: Path) -> str:
    """The last word of the path that a person would recognise, with its position in a list counted from 1."""
    words = [str(step) for step in path if isinstance(step, str)]
    last = path[-1] if path else ""
    if isinstance(last, int):
        return _("Entry %(n)s of “%(list)s”") % {"n": last + 1, "list": words[-1] if words else "?"}
    return f"“{_short(last)}”" if last else _("The document")


def _short(value: Any) -> str:
    text = re.sub(r"[\x00-\x1f\x7f]", "�", str(value))
    return text if len(text) <= 60 else text[:57] + "…"
