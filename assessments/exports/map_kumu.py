"""A causal map as JSON in the shape that Kumu imports: elements and connections."""

import json

from assessments.exports.map_csv import KUMU_TYPE
from assessments.exports.map_rows import link_rows
from ecosystems.selectors.causal_maps import EcosystemMap


def kumu_json(drawn: EcosystemMap) -> bytes:
    """Ids are made for the file; connections name them, so that names may hold anything."""
    ids = {factor.key: f"f{number}" for number, factor in enumerate(drawn.factors, 1)}
    elements = [
        {"id": ids[factor.key], "label": factor.name, "type": KUMU_TYPE}
        | ({"facet": factor.facet} if factor.facet else {})
        | ({"indicator": factor.indicator} if factor.indicator else {})
        | ({"x": factor.x, "y": factor.y} if factor.x is not None else {})
        for factor in drawn.factors
    ]
    connections = [
        {
            "id": f"l{number}",
            "from": ids[row.source],
            "to": ids[row.target],
            "direction": "directed",
            "type": row.direction,
            "label": "+" if row.sign > 0 else "−",
            **row.told,
        }
        for number, row in enumerate(link_rows(drawn), 1)
    ]
    document = {"elements": elements, "connections": connections}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
