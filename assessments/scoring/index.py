"""Generative Value Index (rule S6): a depleted dimension cannot be bought off with another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assessments.scoring.absent import Reason
from assessments.scoring.groups import rounded
from assessments.scoring.results import Band, Cell, Index

FLOOR = 1.0
OTHER_FLOORS = (0.1, 1.0, 5.0)


def geometric_mean(scores: Sequence[float], weights: Sequence[float] | None = None, floor: float = FLOOR) -> float:
    """exp(Σ w·ln max(score, floor) / Σ w) for scores on 0–100 (rule S6; UNDP's HDI since 2010)."""
    used = _weights(scores, weights)
    if floor <= 0:
        raise ValueError("The floor of a geometric mean is above 0.")
    logs = sum(weight * math.log(max(score, floor)) for score, weight in zip(scores, used, strict=True))
    return math.exp(logs / sum(used))


def arithmetic_mean(scores: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Σ w·score / Σ w."""
    used = _weights(scores, weights)
    return sum(weight * score for score, weight in zip(scores, used, strict=True)) / sum(used)


def _weights(scores: Sequence[float], weights: Sequence[float] | None) -> Sequence[float]:
    used = [1.0] * len(scores) if weights is None else weights
    if not scores or len(used) != len(scores) or min(used) <= 0:
        raise ValueError("A mean needs at least one score and a weight above 0 for each.")
    return used


def generative_value_index(
    dimensions: Mapping[str, Cell], weights: Mapping[str, float], band: Band | None = None
) -> Index:
    """The index of the dimensions' headline scores; absent, with those that are missing, if any is."""
    missing = tuple(code for code, cell in dimensions.items() if cell.value is None)
    if missing or not dimensions:
        return Index(weights=dict(weights), missing=missing, reason=Reason.MISSING_DIMENSION)
    scores = [cell.value or 0.0 for cell in dimensions.values()]
    used = [weights[code] for code in dimensions]
    return Index(
        value=rounded(geometric_mean(scores, used)),
        arithmetic=rounded(arithmetic_mean(scores, used)),
        band=band,
        weights=dict(weights),
        floors={f"{floor:g}": rounded(geometric_mean(scores, used, floor)) for floor in OTHER_FLOORS},
        floored=tuple(code for code, score in zip(dimensions, scores, strict=True) if score < FLOOR),
    )
