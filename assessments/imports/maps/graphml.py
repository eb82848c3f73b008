"""A causal map from GraphML, read as it streams: no document type, no entity, nothing fetched."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from django.utils.translation import gettext as _

from assessments.imports.maps.document import (
    MOST_FACTORS,
    MOST_TOLD,
    MapReader,
    Reading,
    TooMany,
    refused,
)
from assessments.imports.maps.tables import UNDIRECTED, both_ways, told_in

DEEPEST: Final = 100
LONGEST_TEXT: Final = 2_000
NAMES: Final = ("name", "label", "title")
NAMESPACE: Final = " "


class Unreadable(Exception):
    """The file is refused; the message says why."""


@dataclass
class _Part:
    """A node or an edge as it is being read."""

    kind: str
    line: int
    attributes: dict[str, str]
    cells: dict[str, str] = field(default_factory=dict)
    label: str = ""
    """What yEd writes on a node."""


def read_graphml(data: bytes | str) -> Reading:
    """Nodes and edges with the lines they stand at. Keys are known by their `attr.name`: name, facet, sign, …"""
    parser = expat.ParserCreate(encoding="utf-8" if isinstance(data, str) else None, namespace_separator=NAMESPACE)
    handler = _Handler(parser)
    try:
        parser.Parse(data.encode("utf-8", "replace") if isinstance(data, str) else data, True)
    except expat.ExpatError as problem:
        return refused(
            _("The XML is broken: %(reason)s.") % {"reason": expat.ErrorString(problem.code)},
            line_place(problem.lineno),
        )
    except (LookupError, ValueError):  # expat knows UTF-8, UTF-16 and what has one byte a letter
        return refused(_("The file names an encoding that is not read here. Save it as UTF-8."))
    except Unreadable as problem:
        return refused(str(problem), line_place(parser.CurrentLineNumber))
    return handler.reading()


def line_place(number: int) -> str:
    return _("Line %(line)d") % {"line": number}


class _Handler:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.depth = 0
        self.names: dict[str, str] = {}
        """Key → what it holds."""
        self.usual: dict[str, str] = {}
        """What it holds → its default."""
        self.undirected = False
        self.parts: list[_Part] = []
        self.open: list[_Part] = []
        self.into: str | None = None
        self.text: list[str] = []
        self.is_graph = False
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters

    def doctype(self, *_declared: object) -> None:
        raise Unreadable(_("It declares a document type, which is not read here. Take the <!DOCTYPE …> part out."))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(NAMESPACE)[2]
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(_("It is nested too deep to be a map."))
        if self.depth == 1 and name != "graphml":
            raise Unreadable(_("This XML is not GraphML: it begins with <%(tag)s>.") % {"tag": name[:40]})
        if name == "key" and "id" in attributes:
            self.names[attributes["id"]] = attributes.get("attr.name", attributes["id"]).strip().casefold()
            self.into, self.text = attributes["id"], []
        elif name == "graph":
            self.is_graph = True
            self.undirected = attributes.get("edgedefault") == UNDIRECTED
        elif name in ("node", "edge"):
            if len(self.parts) > MOST_FACTORS + MOST_TOLD:
                raise Unreadable(_("It holds more than a map takes: 200 factors and 1,000 links."))
            part = _Part(name, self.parser.CurrentLineNumber, attributes)
            self.parts.append(part)
            self.open.append(part)
        elif name == "data":
            self.into, self.text = attributes.get("key", ""), []
        elif name in ("NodeLabel", "default"):
            self.text = []
        elif name == "hyperedge":
            raise Unreadable(_("It holds a link between more than two factors. Split it into links of two."))

    def end(self, tag: str) -> None:
        name = tag.rpartition(NAMESPACE)[2]
        self.depth -= 1
        text = "".join(self.text)[:LONGEST_TEXT].strip()
        if name in ("node", "edge") and self.open:
            self.open.pop()
        elif name == "NodeLabel" and self.open and not self.open[-1].label:
            self.open[-1].label = text
        elif name == "data" and self.into is not None:
            if self.open and text:
                self.open[-1].cells.setdefault(self.names.get(self.into, self.into.casefold()), text)
            self.into = None
        elif name == "default" and self.into in self.names and text:
            self.usual[self.names[self.into]] = text
        if name in ("key", "data"):
            self.into = None

    def characters(self, text: str) -> None:
        self.text.append(text)

    def reading(self) -> Reading:
        if not self.is_graph:
            return refused(_("The GraphML holds no graph."))
        reader = MapReader()
        with suppress(TooMany):
            for part in self.parts:
                if part.kind == "node":
                    self._node(reader, part)
            for part in self.parts:
                if part.kind == "edge":
                    self._edge(reader, part)
        return reader.reading()

    def _node(self, reader: MapReader, part: _Part) -> None:
        id_ = part.attributes.get("id", "")
        name = next((part.cells[key] for key in NAMES if part.cells.get(key)), "") or part.label or id_
        reader.factor(line_place(part.line), {**part.cells, "name": name}, id=id_)

    def _edge(self, reader: MapReader, part: _Part) -> None:
        place = line_place(part.line)
        directed = part.attributes.get("directed", "false" if self.undirected else "true")
        mutual = both_ways(reader, place, UNDIRECTED if directed == "false" else part.cells.get("direction", ""))
        if mutual is None:
            return
        ends = [part.attributes.get(end, "") for end in ("source", "target")]
        told = told_in({**self.usual, **part.cells})
        reader.link_by_id(place, ends[0], ends[1], told)
        if mutual:
            reader.link_by_id(place, ends[1], ends[0], told)
