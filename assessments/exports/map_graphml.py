"""A causal map as GraphML (graphml.graphdrawing.org), with typed keys; several opinions on a link are several edges."""

import re
from xml.etree import ElementTree

from assessments.exports.map_rows import link_rows
from ecosystems.selectors.causal_maps import EcosystemMap

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NODE_KEYS = {"name": "string", "facet": "string", "indicator": "string", "x": "double", "y": "double"}
EDGE_KEYS = {
    "sign": "string",
    "strength": "int",
    "delay": "int",
    "basis": "string",
    "held": "string",
    "net_effect": "double",
    "votes": "string",
    "raises": "double",
    "lowers": "double",
    "none": "double",
    "agreement": "double",
    "conflict": "string",
}


def graphml(drawn: EcosystemMap) -> bytes:
    root = ElementTree.Element("graphml", xmlns=NAMESPACE)
    for kind, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name, of in keys.items():
            ElementTree.SubElement(
                root, "key", {"id": f"{kind}-{name}", "for": kind, "attr.name": name, "attr.type": of}
            )
    graph = ElementTree.SubElement(root, "graph", id="map", edgedefault="directed")
    ids = {factor.key: f"f{number}" for number, factor in enumerate(drawn.factors, 1)}
    for factor in drawn.factors:
        node = ElementTree.SubElement(graph, "node", id=ids[factor.key])
        _data(node, "node", {name: getattr(factor, name) for name in NODE_KEYS})
    for number, row in enumerate(link_rows(drawn), 1):
        ends = {"source": ids[row.source], "target": ids[row.target]}
        edge = ElementTree.SubElement(graph, "edge", {"id": f"l{number}", **ends})
        _data(edge, "edge", row.told)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _data(element: ElementTree.Element, kind: str, cells: dict[str, str | int | float]) -> None:
    for name, value in cells.items():
        if value not in (None, ""):
            ElementTree.SubElement(element, "data", key=f"{kind}-{name}").text = NOT_IN_XML.sub("\ufffd", str(value))
