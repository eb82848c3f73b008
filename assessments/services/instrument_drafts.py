"""Editing an instrument's draft: its items, facets, dimensions, scales and general texts.

Every edit names the revision that its author saw: if somebody saved in between, `ChangedMeanwhile` is raised and
nothing is overwritten. A draft may be unfit while it is worked on; publishing checks it as a whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import InstrumentVersion
from assessments.selectors.definitions import GROUPS_OF_BLOCKS, item_codes_of
from assessments.services.instruments import locked_draft

Noun = Literal["item", "facet", "dimension"]
Group = Literal["dimensions", "leadership"]
Entry = dict[str, Any]


class ChangedMeanwhile(Exception):
    """Somebody else saved the draft after it was opened here."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this draft meanwhile. Your text is still here: save again to put it in.")
        )


class CannotEdit(Exception):
    """An edit that makes no sense; the message says why."""


@contextmanager
def editing(draft: InstrumentVersion, revision: int) -> Iterator[InstrumentVersion]:
    """The locked draft, saved under the next revision afterwards. Raises `NotADraft`, `ChangedMeanwhile`."""
    with transaction.atomic():
        locked = locked_draft(draft)
        if locked.revision != revision:
            raise ChangedMeanwhile
        locked.definition = deepcopy(locked.definition)
        yield locked
        locked.item_codes = item_codes_of(locked.definition)
        locked.label = str(locked.definition.get("version", ""))
        locked.revision += 1
        locked.save()


def save_item(
    *, draft: InstrumentVersion, revision: int, facet: str, entry: Entry, code: str = ""
) -> InstrumentVersion:
    """Replace the item `code`, or move it to the end of another facet; without `code`, add one. Raises `CannotEdit`."""
    with editing(draft, revision) as locked:
        items = _list(locked.definition, "item")
        _ensure_free(items, entry["code"], code, _("item"))
        target = _children(_find(locked.definition, "facet", facet)[1], "item")
        if not code:
            target.append(entry)
        else:
            siblings, old = _find(locked.definition, "item", code)
            _replace(old, entry, siblings=siblings, target=target)
    return locked


def save_facet(
    *, draft: InstrumentVersion, revision: int, block: str, entry: Entry, code: str = ""
) -> InstrumentVersion:
    """Replace what a facet says, keeping its items, or add one to the dimension `block`. Raises `CannotEdit`."""
    with editing(draft, revision) as locked:
        _ensure_free(_list(locked.definition, "facet"), entry["code"], code, _("facet"))
        target = _children(_find(locked.definition, "dimension", block)[1], "facet")
        if not code:
            target.append({**entry, "items": []})
        else:
            siblings, old = _find(locked.definition, "facet", code)
            _replace(old, {**entry, "items": old["items"]}, siblings=siblings, target=target)
    return locked


def save_dimension(
    *, draft: InstrumentVersion, revision: int, entry: Entry, group: Group = "dimensions", code: str = ""
) -> InstrumentVersion:
    """Replace what a dimension or leadership block says, keeping its facets, or add one. Raises `CannotEdit`."""
    with editing(draft, revision) as locked:
        _ensure_free(_list(locked.definition, "dimension"), entry["code"], code, _("dimension"))
        if code:
            siblings, old = _find(locked.definition, "dimension", code)
            kept: Entry = {key: old[key] for key in ("facets", "constructs", "evidence", "weight") if key in old}
            siblings[siblings.index(old)] = {**entry, **kept}
        else:
            children = "facets" if group == "dimensions" else "constructs"
            locked.definition.setdefault(group, []).append({**entry, children: []})
    return locked


def save_scale(
    *, draft: InstrumentVersion, revision: int, key: str, entry: Entry, old_key: str = ""
) -> InstrumentVersion:
    """Add or replace a scale; items follow a scale that is renamed. Raises `CannotEdit`."""
    with editing(draft, revision) as locked:
        scales = locked.definition["scales"]
        if key != old_key and key in scales:
            raise CannotEdit(_("There is already a scale “%(name)s”.") % {"name": key})
        if old_key and old_key not in scales:
            raise CannotEdit(_("The scale “%(name)s” is no longer there.") % {"name": old_key})
        order = _order(locked.definition, "scales")
        if old_key and old_key != key:
            scales[key] = scales.pop(old_key)
            order[order.index(old_key)] = key
            for item in _list(locked.definition, "item"):
                if item["scale"] == old_key:
                    item["scale"] = key
        elif not old_key:
            order.append(key)
        scales[key] = entry
    return locked


def delete_scale(*, draft: InstrumentVersion, revision: int, key: str) -> InstrumentVersion:
    """Raises `CannotEdit` while an item uses it."""
    with editing(draft, revision) as locked:
        users = [item["code"] for item in _list(locked.definition, "item") if item["scale"] == key]
        if users:
            message = _("The scale is used by %(items)s. Give these items another scale first.")
            raise CannotEdit(message % {"items": ", ".join(users[:5]) + ("…" if len(users) > 5 else "")})
        locked.definition["scales"].pop(key, None)
        locked.definition["order"]["scales"] = [one for one in _order(locked.definition, "scales") if one != key]
    return locked


def save_general(*, draft: InstrumentVersion, revision: int, entry: Entry) -> InstrumentVersion:
    """Replace top-level texts; a value of None or '' removes the text."""
    with editing(draft, revision) as locked:
        for key, value in entry.items():
            if value in (None, "", {}):
                locked.definition.pop(key, None)
            else:
                locked.definition[key] = value
        for key in ("audiences", "forms"):
            if key in entry:
                locked.definition.setdefault("order", {})[key] = list(locked.definition.get(key, {}))
    return locked


def move(*, draft: InstrumentVersion, revision: int, noun: Noun, code: str, step: Literal[-1, 1]) -> InstrumentVersion:
    """One place up (-1) or down (1) among its neighbours; at the end of a facet an item goes on to the next one."""
    with editing(draft, revision) as locked:
        siblings, entry = _find(locked.definition, noun, code)
        at = siblings.index(entry)
        if 0 <= at + step < len(siblings):
            siblings[at], siblings[at + step] = siblings[at + step], siblings[at]
        elif noun != "dimension":
            neighbours = _list_of_lists(locked.definition, noun)
            here = next(number for number, one in enumerate(neighbours) if one is siblings)
            if 0 <= here + step < len(neighbours):
                siblings.remove(entry)
                neighbours[here + step].insert(0 if step == 1 else len(neighbours[here + step]), entry)
    return locked


def delete(*, draft: InstrumentVersion, revision: int, noun: Noun, code: str) -> InstrumentVersion:
    """Take an item, a facet with its items, or a dimension with all of it out of the draft. Raises `CannotEdit`."""
    with editing(draft, revision) as locked:
        siblings, entry = _find(locked.definition, noun, code)
        siblings.remove(entry)
    return locked


def _replace(old: Entry, new: Entry, *, siblings: list[Entry], target: list[Entry]) -> None:
    """In its place, or at the end of `target` where it moves to another parent."""
    if siblings is target:
        siblings[siblings.index(old)] = new
    else:
        siblings.remove(old)
        target.append(new)


def _children(entry: Entry, noun: Noun) -> list[Entry]:
    key = "items" if noun == "item" else "constructs" if "constructs" in entry else "facets"
    children: list[Entry] = entry.setdefault(key, [])
    return children


def _list_of_lists(definition: Entry, noun: Noun) -> list[list[Entry]]:
    """The lists in which things of this kind stand, in document order."""
    blocks = [definition[key] for key, _children_key in GROUPS_OF_BLOCKS if key in definition]
    if noun == "dimension":
        return blocks
    facets = [_children(block, "facet") for group in blocks for block in group]
    return facets if noun == "facet" else [_children(facet, "item") for group in facets for facet in group]


def _list(definition: Entry, noun: Noun) -> list[Entry]:
    return [entry for siblings in _list_of_lists(definition, noun) for entry in siblings]


def _find(definition: Entry, noun: Noun, code: str) -> tuple[list[Entry], Entry]:
    for siblings in _list_of_lists(definition, noun):
        for entry in siblings:
            if entry["code"] == code:
                return siblings, entry
    raise CannotEdit(_("“%(code)s” is no longer in the draft.") % {"code": code})


def _ensure_free(entries: list[Entry], code: str, old_code: str, noun: str) -> None:
    taken = {entry["code"].upper() for entry in entries if entry["code"] != old_code}
    if code.upper() in taken:
        message = _("The code %(code)s belongs to another %(noun)s already. Choose another code.")
        raise CannotEdit(message % {"code": code, "noun": noun})


def _order(definition: Entry, key: str) -> list[str]:
    order: list[str] = definition.setdefault("order", {}).setdefault(key, list(definition[key]))
    return order
