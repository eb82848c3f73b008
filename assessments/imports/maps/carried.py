"""A reading as a text that a form carries from looking to importing: small, and read again like any file."""

import json

from assessments.imports.maps.document import VOTED, Reading


def carried(reading: Reading) -> str:
    """What `read_map` reads as the same factors and links."""
    ids = {factor.key: f"f{number}" for number, factor in enumerate(reading.factors)}
    elements = [
        {"id": ids[factor.key], "label": factor.name}
        | ({"facet": factor.facet} if factor.facet else {})
        | ({"indicator": factor.indicator} if factor.indicator else {})
        | ({"x": factor.x, "y": factor.y} if factor.x is not None else {})
        for factor in reading.factors
    ]
    connections = [
        {"from": ids[link.pair[0]], "to": ids[link.pair[1]], "sign": f"{link.sign:+d}"}
        | {"strength": link.strength, "delay": link.delay}
        | ({"basis": VOTED} if link.voted else {})
        for link in reading.links
    ]
    return json.dumps({"elements": elements, "connections": connections}, ensure_ascii=False, separators=(",", ":"))
