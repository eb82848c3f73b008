"""How far the index and the order of the dimensions depend on choices and on who answered (rule S7).

OECD/JRC, Handbook on Constructing Composite Indicators (2008); Saisana, Saltelli & Tarantola (2005), JRSS A 168.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.absent import Reason
from assessments.scoring.groups import DECIMALS, rounded
from assessments.scoring.index import FLOOR
from assessments.scoring.resampling import generator, resampled_means
from assessments.scoring.results import Band, DimensionRobustness, PairOrder, Robustness

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

SPREAD = 0.25  # weights are taken from −25 % to +25 %
DRAWS = 1000
Extremes = dict[tuple[int, bytes], tuple[Floats, Floats, Floats, Floats]]  # by dimension and corners of the groups

_ALL_CORNERS_UP_TO = 6
_SAME = 1e-9


@dataclass(frozen=True)
class Voice:
    """A group that speaks in the headline: its weight and its scores (responses × facets on 0–100, NaN = missing)."""

    key: str
    weight: float
    scores: Floats


@dataclass(frozen=True)
class Structure:
    """Facets (columns of every `Voice`) in dimensions: `dimension[f]` is the place of facet f's dimension."""

    codes: tuple[str, ...]
    weights: Floats
    dimension: Ints
    facet_weights: Floats


def robustness(voices: Sequence[Voice], structure: Structure, *, draws: int = DRAWS, seed: int = 0) -> Robustness:
    """Monte Carlo over weights ±25 %, the index's rule, leaving out each facet, and resampled responses.

    A draw changes everything at once. Bands are the 5 % and 95 % points. The index band needs every dimension.
    """
    means = np.array([_means(voice.scores) for voice in voices]).reshape(len(voices), len(structure.dimension))
    weights = np.array([voice.weight for voice in voices])
    none_left_out = np.ones(len(structure.dimension), dtype=np.bool_)
    nominal = _dimensions(means[:, None], structure, structure.facet_weights[None], weights[None], none_left_out)[0]
    present = np.flatnonzero(~np.isnan(nominal))
    if not len(present):
        return Robustness(draws=draws, seed=seed, reason=Reason.NO_GROUP_SHOWN)
    drawn = np.stack([resampled_means(voice.scores, draws, generator(seed, voice.key)) for voice in voices])
    rng = generator(seed, "choices")
    removable = _removable(means, structure)
    left_out = np.concatenate([[-1], removable])[rng.integers(0, len(removable) + 1, size=draws)]
    kept = np.arange(len(structure.dimension)) != left_out[:, None]
    facet_weights = structure.facet_weights * _spread(rng, (draws, len(structure.dimension)))
    group_weights = weights * _spread(rng, (draws, len(voices)))
    index_weights = structure.weights * _spread(rng, (draws, len(structure.codes)))
    arithmetic = rng.random(draws) < 0.5
    scores = _dimensions(drawn, structure, facet_weights, group_weights, kept)
    # Equal scores must stay equal: what arithmetic on weights adds is not a reversal.
    scores = np.asarray(np.round(np.where(np.isnan(scores), nominal, scores), DECIMALS), dtype=np.float64)
    index = _index(scores, index_weights, arithmetic) if len(present) == len(structure.codes) else None
    return Robustness(
        draws=draws,
        seed=seed,
        index=None if index is None else _band(index),
        dimensions=_ranks(scores[:, present], nominal[present], [structure.codes[one] for one in present]),
        pairs=_pairs(means, weights, structure, removable, scores, nominal, present),
        reason=None if index is not None else Reason.MISSING_DIMENSION,
    )


def _spread(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return rng.uniform(1 - SPREAD, 1 + SPREAD, size=shape)


def _means(scores: Floats) -> Floats:
    valid = ~np.isnan(scores)
    counts = valid.sum(axis=0)
    sums = np.where(valid, scores, 0.0).sum(axis=0)
    means: Floats = np.full(scores.shape[1], np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def _dimensions(means: Floats, structure: Structure, facet_weights: Floats, groups: Floats, kept: Bools) -> Floats:
    """Dimension scores (draws × dimensions) of facet means (groups × draws or 1 × facets)."""
    member = (structure.dimension[:, None] == np.arange(len(structure.codes))).astype(np.float64)
    usable = ~np.isnan(means) & kept
    weight = np.where(usable, facet_weights, 0.0)
    total = weight @ member
    sums = (np.where(usable, means, 0.0) * weight) @ member
    by_group = np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)
    voice = np.where(total > 0, groups.T[:, :, None], 0.0)
    voices = voice.sum(axis=0)
    result: Floats = np.full(voices.shape, np.nan)
    np.divide((voice * by_group).sum(axis=0), voices, out=result, where=voices > 0)
    return result


def _removable(means: Floats, structure: Structure) -> Ints:
    """Facets whose dimension has another one that somebody answered."""
    there = ~np.isnan(means).all(axis=0)
    others = np.array([np.sum(there & (structure.dimension == place)) for place in structure.dimension])
    removable: Ints = np.flatnonzero(there & (others > 1))
    return removable


def _index(scores: Floats, weights: Floats, arithmetic: Bools) -> Floats:
    total = weights.sum(axis=1)
    plain = (scores * weights).sum(axis=1) / total
    geometric = np.exp((np.log(np.maximum(scores, FLOOR)) * weights).sum(axis=1) / total)
    index: Floats = np.where(arithmetic, plain, geometric)
    return index


def _band(values: Floats, method: Literal["linear", "inverted_cdf"] = "linear") -> Band:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95], method=method)
    return Band(rounded(low), rounded(middle), rounded(high))


def _ranks(scores: Floats, nominal: Floats, codes: Sequence[str]) -> tuple[DimensionRobustness, ...]:
    ranks = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    order = 1 + (nominal[None, :] > nominal[:, None] + _SAME).sum(axis=1)
    return tuple(
        DimensionRobustness(
            code=code,
            rank=int(order[place]),
            scores=_band(scores[:, place]),
            ranks=_band(ranks[:, place], "inverted_cdf"),
        )
        for place, code in enumerate(codes)
    )


def _pairs(
    means: Floats,
    weights: Floats,
    structure: Structure,
    removable: Ints,
    scores: Floats,
    nominal: Floats,
    present: Ints,
) -> tuple[PairOrder, ...]:
    found = []
    extremes: Extremes = {}
    for one, two in combinations(present, 2):
        higher, lower = (one, two) if nominal[one] >= nominal[two] else (two, one)
        found.append(
            PairOrder(
                higher=structure.codes[higher],
                lower=structure.codes[lower],
                by_choice=_reversible(means, weights, structure, removable, int(higher), int(lower), extremes),
                share=rounded(float(np.mean(scores[:, higher] < scores[:, lower]))),
            )
        )
    return tuple(found)


def _reversible(
    means: Floats,
    weights: Floats,
    structure: Structure,
    removable: Ints,
    higher: int,
    lower: int,
    extremes: Extremes,
) -> bool:
    """Whether weights within ±25 % and at most one facet left out can put `lower` above `higher`.

    With the other weights fixed the difference is linear-fractional in the facet weights of a dimension and in the
    group weights, so its minimum lies at a corner of the box; all corners are tried. Where groups were asked different
    facets, or where there are too many corners, a reversal found is certain and one not found is left to the draws.
    """
    apart = _by_group(means, structure, higher) - _by_group(means, structure, lower)
    groups = _corners(weights, np.nan_to_num(apart))
    for place in (higher, lower):
        if (place, groups.tobytes()) not in extremes:
            extremes[place, groups.tobytes()] = _extremes(means, structure, removable, place, groups)
    low, _, low_less, _ = extremes[higher, groups.tobytes()]
    _, high, _, high_less = extremes[lower, groups.tobytes()]
    return bool(np.any(low_less < high - _SAME) or np.any(low < high_less - _SAME))


def _by_group(means: Floats, structure: Structure, place: int) -> Floats:
    """One dimension of each group at the nominal facet weights; NaN where the group has none of its facets."""
    weight = np.where(np.isnan(means), 0.0, structure.facet_weights * (structure.dimension == place))
    total = weight.sum(axis=1)
    sums = (np.nan_to_num(means) * weight).sum(axis=1)
    scores: Floats = np.full(len(means), np.nan)
    np.divide(sums, total, out=scores, where=total > 0)
    return scores


def _extremes(
    means: Floats, structure: Structure, removable: Ints, place: int, groups: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Lowest and highest score of a dimension at each corner of the group weights: all facets, then without one."""
    facets = np.flatnonzero((structure.dimension == place) & ~np.isnan(means).all(axis=0))
    lows, highs = [], []
    for left_out in (-1, *np.intersect1d(facets, removable)):
        kept = facets[facets != left_out]
        known = ~np.isnan(means[:, kept])
        values = np.nan_to_num(means[:, kept])
        corners = _corners(structure.facet_weights[kept], values.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
        total = known @ corners.T
        by_group = np.divide(values @ corners.T, total, out=np.zeros_like(total), where=total > 0)
        heard = groups * known.any(axis=1)
        overall = heard @ by_group / heard.sum(axis=1, keepdims=True)
        lows.append(overall.min(axis=1))
        highs.append(overall.max(axis=1))
    return lows[0], highs[0], np.min(lows, axis=0), np.max(highs, axis=0)


def _corners(weights: Floats, order: Floats) -> Floats:
    """Corners (corners × weights) of the box of weights ±25 %; of many weights, those that `order` makes extreme."""
    if len(weights) <= _ALL_CORNERS_UP_TO:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(weights))))
    else:
        place = np.argsort(np.argsort(order, kind="stable"), kind="stable")
        steps = np.where(place[None, :] < np.arange(len(weights) + 1)[:, None], 1.0, -1.0)
        signs = np.vstack([steps, -steps])
    corners: Floats = weights * (1 + SPREAD * signs)
    return corners
