"""A wave's results as one JSON document: the disclosed numbers as the method made them, with what they are about."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from assessments.models import Wave
from assessments.scoring.results import WaveResults


class FigureEntry(NamedTuple):
    """A figure beside the ratings; `score` is None where it is only shown."""

    name: str
    unit: str
    value: float
    score: float | None
    note: str


def wave_document(
    wave: Wave, results: WaveResults | None, names: Mapping[str, str], figures: Mapping[str, FigureEntry]
) -> dict[str, Any]:
    """`results` is `WaveResults.to_json` (fields at their default are left out), or None before the first scores.

    `figures`: indicator → what was kept with the wave. `names`: code → name, so that it can be read without the
    instrument; a withheld number is `{"withheld": true}`.
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
        "names": dict(names),
        "figures": {code: entry._asdict() for code, entry in figures.items()},
        "results": results.to_json() if results else None,
    }
