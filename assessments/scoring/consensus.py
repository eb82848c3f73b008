"""How far the answers on one ordered scale agree: consensus, agreement and polarization (rule R5)."""

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Floats

GAP = (True, False, True)
NEIGHBOURS = {(True, True, False), (False, True, True)}


def tastle_wierman_consensus(counts: ArrayLike) -> float | Absent:
    """
    Consensus of counts per level, lowest level first: 1 = all on one level, 0 = half at either end.

    1 + Σ pᵢ·log₂(1 − |xᵢ − mean|/range), Tastle & Wierman (2007). Counts may be weights or shares.
    """
    shares = _shares(counts, fewest_levels=2)
    if isinstance(shares, Absent):
        return shares
    levels = np.arange(len(shares), dtype=np.float64)
    held = shares > 0
    distance = np.abs(levels - levels @ shares)[held] / (len(shares) - 1)
    return _within(1 + float(shares[held] @ np.log2(1 - distance)), 0.0, 1.0)


def van_der_eijk_agreement(counts: ArrayLike) -> float | Absent:
    """
    Agreement A of counts per level: 1 = all on one level, 0 = spread evenly, −1 = half at either end.

    Van der Eijk (2001): the distribution is peeled into even layers, and each layer's agreement counts by its share.
    Needs at least three levels.
    """
    shares = _shares(counts, fewest_levels=3)
    if isinstance(shares, Absent):
        return shares
    total, peeled = 0.0, 0.0
    for height in np.unique(shares[shares > 0]):
        layer = shares >= height
        total += float(height - peeled) * int(layer.sum()) * _layer_agreement(tuple(layer.tolist()))
        peeled = float(height)
    return _within(total, -1.0, 1.0)


def polarization(counts: ArrayLike) -> float | Absent:
    """(1 − A)/2 of van der Eijk's agreement: 0 = all on one level, 1 = half at either end."""
    agreement = van_der_eijk_agreement(counts)
    return agreement if isinstance(agreement, Absent) else (1 - agreement) / 2


def _shares(counts: ArrayLike, *, fewest_levels: int) -> Floats | Absent:
    weights = np.asarray(counts, dtype=np.float64)
    if weights.ndim != 1 or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("counts must be one number of at least 0 for each level")
    if len(weights) < fewest_levels:
        return Absent(Reason.TOO_FEW_LEVELS, needs=fewest_levels, have=len(weights))
    total = float(weights.sum())
    return weights / total if total > 0 else Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)


@lru_cache(maxsize=4096)  # a room asks for the same few layers again and again
def _layer_agreement(layer: tuple[bool, ...]) -> float:
    """A of a layer that is even on some levels and empty on the others, from its triples of levels."""
    levels, held = len(layer), sum(layer)
    if held == levels:
        return 0.0
    if held == 1:
        return 1.0
    triples = list(combinations(layer, 3))
    gaps, neighbours = triples.count(GAP), sum(triple in NEIGHBOURS for triple in triples)
    unimodality = ((levels - 2) * neighbours - (levels - 1) * gaps) / ((levels - 2) * (neighbours + gaps))
    return unimodality * (1 - (held - 1) / (levels - 1))


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
