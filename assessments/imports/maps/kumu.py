"""A causal map from JSON as Kumu reads and writes it: `elements` and `connections`, also of a whole project."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from assessments.imports.maps.document import MapReader, Reading, TooMany, refused
from assessments.imports.maps.tables import both_ways, told_in
from ecosystems.text_files import NotText, decode

NAMES = ("label", "name", "title")
IDS = ("id", "_id")


def read_kumu(data: bytes | str) -> Reading:
    """Elements first, so that connections may stand in any order; ends are ids, or labels where there is no such id."""
    try:
        document = json.loads(decode(data))
    except NotText as problem:
        return refused(str(problem))
    except json.JSONDecodeError as problem:
        return refused(
            _("This is not complete JSON. Look at column %(column)d.") % {"column": problem.colno},
            _("Line %(line)d") % {"line": problem.lineno},
        )
    except (RecursionError, ValueError):  # nested too deep, or a number with thousands of digits
        return refused(_("This JSON cannot be read. Export the map again and try once more."))
    if not isinstance(document, dict) or not isinstance(document.get("elements", []), list):
        return refused(_("The JSON holds no list “elements”. Kumu’s own export has one, and one of “connections”."))
    reader = MapReader()
    with suppress(TooMany):
        _read(reader, document)
    return reader.reading()


def _read(reader: MapReader, document: Mapping[str, Any]) -> None:
    places = _positions(document)
    for place, entry in _entries(reader, document, "elements", _("Element %(number)d")):
        cells = {name: _first(entry, (name,)) for name in ("facet", "indicator", "x", "y")}
        id_ = _first(entry, IDS)
        cells["x"], cells["y"] = places.get(id_, (cells["x"], cells["y"]))
        reader.factor(place, {**cells, "name": _first(entry, NAMES)}, id=id_)
    for place, entry in _entries(reader, document, "connections", _("Connection %(number)d")):
        mutual = both_ways(reader, place, _first(entry, ("direction",)))
        if mutual is None:
            continue
        source, target = _first(entry, ("from",)), _first(entry, ("to",))
        told = told_in(_texts(entry))
        reader.link_by_id(place, source, target, told)
        if mutual:
            reader.link_by_id(place, target, source, told)


def _entries(
    reader: MapReader, document: Mapping[str, Any], name: str, place: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each entry of a list with where it stands; what Kumu keeps under `attributes` lies beside the rest."""
    found = document.get(name, [])
    if not isinstance(found, list):
        reader.wrong("", _("“%(name)s” is not a list") % {"name": name})
        return
    for number, entry in enumerate(found, 1):
        where = place % {"number": number}
        if not isinstance(entry, dict):
            reader.wrong(where, _("is not an object with fields"))
            continue
        attributes = entry.get("attributes")
        yield where, {**attributes, **entry} if isinstance(attributes, dict) else entry


def _positions(document: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Where the elements lie on the first map of a project."""
    maps = document.get("maps")
    first = maps[0] if isinstance(maps, list) and maps else None
    elements = first.get("elements") if isinstance(first, dict) else None
    found = {}
    for one in elements if isinstance(elements, list) else []:
        spot = one.get("position") if isinstance(one, dict) else None
        if isinstance(spot, dict):
            found[_text(one.get("element"))] = (_text(spot.get("x")), _text(spot.get("y")))
    return found


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(entry.get(name)))), "")


def _texts(entry: Mapping[str, Any]) -> dict[str, str]:
    texts = {str(name).casefold(): _text(value) for name, value in entry.items()}
    return {**texts, "type": texts.get("type") or texts.get("connection type", ""), "delay": _delay(texts)}


def _delay(texts: Mapping[str, str]) -> str:
    return texts.get("delay") or texts.get("delayed", "")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value) if isinstance(value, str | int | float) else ""
