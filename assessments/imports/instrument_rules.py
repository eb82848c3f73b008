"""What a well-shaped instrument document must also obey: codes, scales, wordings and what belongs together."""

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.imports.instrument_problems import Path, Problem
from assessments.imports.instrument_schema import place_of
from assessments.selectors.definitions import (
    EVERYONE,
    GROUPS_OF_BLOCKS,
    MARKS,
    WORKSHOP_FORM,
    scale_of,
    wording,
)

MOST_ITEMS = 500
MOST_LEVELS = 101
COMFORTABLE_LEVELS = 11
ROOM = "room"

Entry = Mapping[str, Any]


def text_problems(document: Entry) -> Iterator[Problem]:
    """Characters that no person typed and no database keeps: NUL, other control characters, half characters."""
    for path, text in _texts(document, ()):
        bad = [one for one in text if one not in "\n\t" and unicodedata.category(one) in ("Cc", "Cs")]
        if bad:
            message = _("There is an invisible control character (%(code)s) in the text. Delete it.") % {
                "code": f"U+{ord(bad[0]):04X}"
            }
            yield Problem(message, path, place_of(document, path))


def size_problems(document: Entry) -> Iterator[Problem]:
    """More items than anybody answers; told before anything else is looked at, whatever the shape of the document."""
    count = 0
    for key, children in GROUPS_OF_BLOCKS:
        for b, block in enumerate(_list(document.get(key))):
            for f, facet in enumerate(_list(block.get(children))):
                count += len(_list(facet.get("items")))
                if count > MOST_ITEMS:
                    message = _("There are more than %(max)s items, which is more than anybody answers.")
                    yield Problem(message % {"max": MOST_ITEMS}, (key, b, children, f))
                    return


def _list(entries: Any) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def rule_problems(document: Entry) -> Iterator[Problem]:
    """Errors and warnings of a document that fits the schema."""
    items = list(items_with_paths(document))
    yield from _few_items(items)
    yield from _repeated_codes(document, items)
    for code, scale in document["scales"].items():
        yield from _scale(code, scale)
    yield from _forms(document, items)
    for path, item in items:
        yield from _item(document, path, item)
    for key, children in GROUPS_OF_BLOCKS:
        for at, block in enumerate(document.get(key, ())):
            yield from _block(document, (key, at), block, children)


def items_with_paths(document: Entry) -> Iterator[tuple[Path, Entry]]:
    for key, children in GROUPS_OF_BLOCKS:
        for b, block in enumerate(document.get(key, ())):
            for f, facet in enumerate(block.get(children, ())):
                for i, item in enumerate(facet.get("items", ())):
                    yield (key, b, children, f, "items", i), item


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield path, str(key)
            yield from _texts(child, (*path, key))
    elif isinstance(value, list):
        for at, child in enumerate(value):
            yield from _texts(child, (*path, at))


def _few_items(items: list[tuple[Path, Entry]]) -> Iterator[Problem]:
    if not items:
        yield Problem(_("The instrument has no items. Add at least one item to a facet."), ("dimensions",))
    elif len(items) == 1:
        message = _("There is only one item. A score of one item cannot say how reliable it is.")
        yield Problem(message, items[0][0], items[0][1]["code"], is_warning=True)


def _repeated_codes(document: Entry, items: list[tuple[Path, Entry]]) -> Iterator[Problem]:
    blocks: list[tuple[Path, Entry]] = []
    facets: list[tuple[Path, Entry]] = []
    for key, children in GROUPS_OF_BLOCKS:
        for b, block in enumerate(document.get(key, ())):
            blocks.append(((key, b), block))
            facets += [((key, b, children, f), facet) for f, facet in enumerate(block.get(children, ()))]
    for noun, entries in ((_("item"), items), (_("facet"), facets), (_("dimension"), blocks)):
        seen: set[str] = set()
        for path, entry in entries:
            if entry["code"].upper() in seen:
                message = _("The code %(code)s is used by more than one %(noun)s. Give each its own code.")
                yield Problem(message % {"code": entry["code"], "noun": noun}, (*path, "code"), entry["code"])
            seen.add(entry["code"].upper())


def _scale(code: str, entry: Entry) -> Iterator[Problem]:
    path: Path = ("scales", code)
    labels = sorted(int(level) for level in entry.get("levels", {}))
    scale = scale_of(code, entry)
    if scale.lo >= scale.hi:
        message = _("The scale runs from %(lo)s to %(hi)s. The lowest answer must be below the highest.")
        yield Problem(message % {"lo": scale.lo, "hi": scale.hi}, path, code)
        return
    missing = sorted(set(scale.levels) - set(labels))
    beyond = sorted(set(labels) - set(scale.levels))
    if labels and (missing or beyond):
        values = {"lo": scale.lo, "hi": scale.hi, "levels": ", ".join(str(level) for level in (missing or beyond)[:5])}
        if missing:
            message = _("The scale runs from %(lo)s to %(hi)s, but has no label for %(levels)s.")
        else:
            message = _("The scale runs from %(lo)s to %(hi)s, but has a label for %(levels)s.")
        yield Problem(message % values, (*path, "levels"), code)
    if len(scale.levels) > MOST_LEVELS:
        values = {"n": len(scale.levels), "max": MOST_LEVELS}
        yield Problem(_("The scale has %(n)s answers; at most %(max)s are allowed.") % values, path, code)
    elif len(scale.levels) > COMFORTABLE_LEVELS:
        message = _("The scale has %(n)s answers. More than %(max)s are hard to choose from on a phone.")
        values = {"n": len(scale.levels), "max": COMFORTABLE_LEVELS}
        yield Problem(message % values, path, code, is_warning=True)


def _forms(document: Entry, items: list[tuple[Path, Entry]]) -> Iterator[Problem]:
    for code, form in document["forms"].items():
        path: Path = ("forms", code)
        if not any(item.get("forms", {}).get(code) for _path, item in items):
            yield Problem(_("No item belongs to the form “%(form)s”.") % {"form": code}, path, code, is_warning=True)
        for audience, parts in form.get("parts", {}).items():
            for name in (audience, *parts):
                yield from _unknown_audience(document, name, (*path, "parts", audience), code)


def _unknown_audience(document: Entry, name: str, path: Path, place: str) -> Iterator[Problem]:
    if name not in document["audiences"]:
        yield Problem(_no_such(_("audience"), name, list(document["audiences"])), path, place)


def _no_such(noun: str, name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    values = {"noun": noun, "name": name, "close": close[0] if close else "", "known": ", ".join(known[:20])}
    if close:
        return _("There is no %(noun)s “%(name)s”. Did you mean “%(close)s”?") % values
    return _("There is no %(noun)s “%(name)s”. There are: %(known)s.") % values


def _item(document: Entry, path: Path, item: Entry) -> Iterator[Problem]:
    code = item["code"]
    audiences = item.get("audiences", ())
    if not audiences:
        yield Problem(_("The item has no audience. Name at least one."), (*path, "audiences"), code)
    for audience in audiences:
        yield from _unknown_audience(document, audience, (*path, "audiences"), code)
    yield from _wording(document, path, item, audiences)
    yield from _belonging(document, path, item, audiences)
    if item["scale"] not in document["scales"]:
        message = _no_such(_("scale"), item["scale"], list(document["scales"]))
        yield Problem(message, (*path, "scale"), code)
    else:
        yield from _anchors(document, path, item)


def _wording(document: Entry, path: Path, item: Entry, audiences: list[str]) -> Iterator[Problem]:
    code, text = item["code"], item["text"]
    for audience in audiences:
        if not wording(text, audience).strip():
            message = _("The item has no text for “%(audience)s”.") % {"audience": audience}
            yield Problem(message, (*path, "text"), code)
    if isinstance(text, Mapping):
        for audience in (key for key in text if key != EVERYONE):
            yield from _unknown_audience(document, audience, (*path, "text", audience), code)


def _belonging(document: Entry, path: Path, item: Entry, audiences: list[str]) -> Iterator[Problem]:
    code = item["code"]
    for form, asked in item.get("forms", {}).items():
        at = (*path, "forms", form)
        if form not in document["forms"]:
            yield Problem(_no_such(_("form"), form, list(document["forms"])), at, code)
        elif form == WORKSHOP_FORM:
            if ROOM in asked and "room" not in item:
                message = _("The item is in the workshop form but has no room question.")
                yield Problem(message, at, code)
        else:
            for audience in (one for one in asked if one not in audiences):
                message = _("The form “%(form)s” asks “%(audience)s”, which is not among the item’s audiences.")
                yield Problem(message % {"form": form, "audience": audience}, at, code)


def _anchors(document: Entry, path: Path, item: Entry) -> Iterator[Problem]:
    scale = scale_of(item["scale"], document["scales"][item["scale"]])
    given = {int(level) for level in item.get("anchors", {})}
    if scale.lo >= scale.hi:
        return  # said once, at the scale
    missing = [str(level) for level in scale.levels if level not in given] if given else []
    beyond = [str(level) for level in sorted(given) if level not in scale.levels]
    at = (*path, "anchors")
    if missing:
        message = _("The item has anchors, but none for %(levels)s. Give one for each answer, or none at all.")
        yield Problem(message % {"levels": ", ".join(missing[:5])}, at, item["code"])
    if beyond:
        values = {"levels": ", ".join(beyond[:5]), "lo": scale.lo, "hi": scale.hi}
        message = _("There is an anchor for %(levels)s, but the scale runs from %(lo)s to %(hi)s.")
        yield Problem(message % values, at, item["code"])


def _block(document: Entry, path: Path, block: Entry, children: str) -> Iterator[Problem]:
    code = block["code"]
    items = [item for facet in block[children] for item in facet["items"]]
    if not block[children]:
        yield Problem(_("“%(code)s” has no facets. Add one, or delete it.") % {"code": code}, path, code)
    if len(items) > 1 and all(item.get("keying", "forward") == "forward" for item in items):
        message = _("No item of “%(code)s” is reverse-keyed, so people who agree with everything score high.")
        yield Problem(message % {"code": code}, path, code, is_warning=True)
    if path[0] == "dimensions" and code not in MARKS:
        message = _(
            "“%(code)s” is not one of the five dimensions (%(known)s). It is scored, without a colour and sign."
        )
        yield Problem(message % {"code": code, "known": "INN, ECO, ADA, SAT, SUS"}, path, code, is_warning=True)
    for at, facet in enumerate(block[children]):
        yield from _facet((*path, children, at), facet)
    for at, indicator in enumerate(block.get("evidence", ())):
        yield from _indicator((*path, "evidence", at), indicator)
    if isinstance(block.get("title"), Mapping):
        for audience in (key for key in block["title"] if key != EVERYONE):
            yield from _unknown_audience(document, audience, (*path, "title", audience), code)


def _facet(path: Path, facet: Entry) -> Iterator[Problem]:
    count = len(facet["items"])
    if not count:
        message = _("The facet “%(code)s” has no items. Add one, or delete the facet.")
        yield Problem(message % {"code": facet["code"]}, path, facet["code"])
    elif count < 2:
        message = ngettext(
            "The facet “%(code)s” has only %(n)s item. Two or more say more than one.",
            "The facet “%(code)s” has only %(n)s items. Two or more say more than one.",
            count,
        )
        yield Problem(message % {"code": facet["code"], "n": count}, path, facet["code"], is_warning=True)


def _indicator(path: Path, indicator: Entry) -> Iterator[Problem]:
    goalposts = indicator.get("goalposts")
    if indicator["direction"] != "shown_only" and not goalposts:
        yield Problem(_("A scored indicator needs goalposts."), path, indicator["code"])
    elif goalposts and goalposts["low"] >= goalposts["high"]:
        yield Problem(_("The low goalpost must be below the high one."), (*path, "goalposts"), indicator["code"])
