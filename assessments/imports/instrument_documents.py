"""From a file or a text to an instrument definition that is safe to keep, with everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assessments.imports.instrument_problems import Path, Problem, errors, located
from assessments.imports.instrument_rules import rule_problems, size_problems, text_problems
from assessments.imports.instrument_schema import shape_problems
from assessments.imports.instrument_yaml import LARGEST_FILE, read_yaml
from assessments.selectors.definitions import GROUPS_OF_BLOCKS, WORKSHOP_FORM

MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `definition` is None when it has errors; warnings alone do not keep it from being used."""

    definition: dict[str, Any] | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return errors(self.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_warning)


def read_instrument(data: bytes | str) -> Reading:
    """Read and check a YAML document; problems carry the line. Never raises for what the file holds."""
    if len(data) > LARGEST_FILE:
        message = _("The file has more than %(n)s characters. An instrument is far smaller; is this the right file?")
        return Reading(None, (Problem(message % {"n": f"{LARGEST_FILE:,}"}),))
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as problem:
        message = _("The file is not UTF-8 text. Save it as UTF-8 and try again.")
        return Reading(None, (Problem(message, row=problem.object.count(b"\n", 0, problem.start) + 1),))
    read = read_yaml(text.removeprefix("\ufeff"))
    if read.document is None:
        return Reading(None, tuple(read.problems))
    return check_document(read.document, read.lines)


def check_document(document: dict[str, Any], rows: Mapping[Path, int] | None = None) -> Reading:
    """Fill in what may be left out and check it all; `rows` says where each path stands in the file."""
    definition = complete(document)
    problems = list(text_problems(definition)) or list(size_problems(definition))
    problems = problems or shape_problems(definition, most=MOST_PROBLEMS + 1) or list(rule_problems(definition))
    found = located(problems, rows or {})
    shown = found[:MOST_PROBLEMS]
    if len(found) > MOST_PROBLEMS:
        shown += (Problem(_("and %(n)s more.") % {"n": len(found) - MOST_PROBLEMS}, is_warning=not errors(found)),)
    return Reading(None if errors(found) else definition, shown)


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what may be left out: one audience, one form, forward keying, every audience of an item.

    Wrong shapes are left for the schema to name. Where a file gives `order` no names, the order of its keys is kept.
    """
    definition = dict(document)
    definition.setdefault("audiences", {"everyone": _("Everyone who is asked")})
    definition.setdefault("forms", {"full": {"title": str(definition.get("name") or _("All questions"))[:300]}})
    definition.setdefault("dimensions", [])
    for key, children in GROUPS_OF_BLOCKS:
        if key in definition:
            definition[key] = _each(definition[key], partial(_block, children=children, within=definition))
    definition.setdefault("language", "en")
    order = definition.get("order")
    if order is None or isinstance(order, Mapping):
        definition["order"] = {
            key: _order(definition[key], (order or {}).get(key))
            for key in ("audiences", "forms", "scales")
            if isinstance(definition.get(key), Mapping)
        }
    return definition


def _order(entries: Mapping[str, Any], named: Any) -> list[str]:
    known = [code for code in named if code in entries] if isinstance(named, list) else []
    return known + [code for code in entries if code not in known]


def _each(entries: Any, change: Any) -> Any:
    if not isinstance(entries, list):
        return entries
    return [change(entry) if isinstance(entry, Mapping) else entry for entry in entries]


def _block(block: Mapping[str, Any], *, children: str, within: Mapping[str, Any]) -> dict[str, Any]:
    if children not in block:
        return dict(block)
    return {**block, children: _each(block[children], partial(_facet, within=within))}


def _facet(facet: Mapping[str, Any], *, within: Mapping[str, Any]) -> dict[str, Any]:
    if "items" not in facet:
        return dict(facet)
    return {**facet, "items": _each(facet["items"], partial(_item, within=within))}


def _item(item: Mapping[str, Any], *, within: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(item)
    found.setdefault("keying", "forward")
    if "audiences" not in found and isinstance(within["audiences"], Mapping):
        found["audiences"] = list(within["audiences"])
    if "forms" not in found and isinstance(within["forms"], Mapping) and isinstance(found.get("audiences"), list):
        found["forms"] = {form: list(found["audiences"]) for form in within["forms"] if form != WORKSHOP_FORM}
    return found
