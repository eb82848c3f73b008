"""A wave's results as one JSON document: the disclosed numbers as the method made them, with what they are about."""

from typing import Any

from assessments.dashboards.material import Material
from assessments.models import Wave


def wave_document(wave: Wave, material: Material | None) -> dict[str, Any]:
    """`results` is `WaveResults.to_json` (fields at their default are left out), or None before the first scores.

    Names of groups and codes are there to be read without the instrument; withheld numbers are `{"withheld": true}`.
    """
    version = wave.version
    return {
        "assessment": {"id": wave.assessment_id, "name": wave.assessment.name, "about": wave.assessment.about},
        "wave": {
            "id": wave.pk,
            "number": wave.number,
            "title": wave.title,
            "state": wave.state,
            "opened": wave.opened_at and wave.opened_at.date().isoformat(),
            "closed": wave.closed_at and wave.closed_at.date().isoformat(),
        },
        "instrument": {"code": version.instrument.code, "version": version.label},
        "names": _names(material) if material else {},
        "results": material.results.to_json() if material else None,
    }


def _names(material: Material) -> dict[str, str]:
    """Code → name, for everything that has a score."""
    results = material.results
    rows = (*results.dimensions, *results.facets, *results.blocks, *results.constructs)
    return {row.code: material.name(row.code) for row in rows}
