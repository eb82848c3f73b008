"""Figures that the demo's registers hold: most of innovation and adaptability, a few of the others, none at first."""

from collections.abc import Mapping, Sequence
from typing import Final

from assessments.models import Wave
from assessments.services.evidence import keep_values
from ecosystems.models import User

REGISTER, LOG, NETWORK, RESOURCES = "Innovation register", "Disruption log", "Relationship network", "Resource register"
FIGURES: Final[Mapping[str, tuple[str, float, float]]] = {
    "INN-EV-IDEAS": (REGISTER, 0.9, 1.3),
    "INN-EV-TRIED": (REGISTER, 22, 30),
    "INN-EV-SCALED": (REGISTER, 20, 33),
    "INN-EV-TIME": (REGISTER, 410, 320),
    "ECO-EV-DENSITY": (NETWORK, 0.11, 0.14),
    "ECO-EV-RECIPROCITY": (NETWORK, 0.52, 0.61),
    "ADA-EV-SENSED": (LOG, 6, 8),
    "ADA-EV-RESPONDED": (LOG, 12, 17),
    "ADA-EV-RECOVERED": (LOG, 60, 74),
    "SUS-EV-FLOOR": (RESOURCES, 75, 80),
    "SUS-EV-DAYS": ("Concerns desk", 71, 62),
    "SUS-EV-RAISED": ("Concerns desk", 3.1, 4.2),
}
"""Where from, in the last wave but one, in the newest."""


def write_down(*, waves: Sequence[Wave], by: User) -> None:
    """`waves`: the last but one and the newest."""
    for place, wave in enumerate(waves):
        values = {code: (float(kept[place]), source) for code, (source, *kept) in FIGURES.items()}
        keep_values(wave=wave, values=values, by=by)
