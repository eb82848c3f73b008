"""Answers to scores: items (rule S1), facets and dimensions of one response (rules S2, S4). Missing is NaN."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.blueprint import Blueprint

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


_BLOCK = 1024  # rows worked on at once, so that what is made on the way stays in the processor's cache


class OffScale(ValueError):
    """An answer that its item's scale does not have."""


def keyed(raw: Floats, blueprint: Blueprint) -> Floats:
    """Raw answers (responses × items) with reverse items turned round by lo + hi − x, still on their own scales."""
    check_answers(raw, blueprint)
    reverse = np.array([item.reverse for item in blueprint.items])
    turn = np.array([item.lo + item.hi for item in blueprint.items])
    return np.where(reverse, turn - raw, raw)


def item_scores(raw: Floats, blueprint: Blueprint) -> Floats:
    """Raw answers (responses × items) to 0–100 with the keying taken into account, whatever the scale (rule S1)."""
    check_answers(raw, blueprint)
    low = np.array([item.lo for item in blueprint.items])
    high = np.array([item.hi for item in blueprint.items])
    reverse = np.array([item.reverse for item in blueprint.items])
    start_of, factor, reach = np.where(reverse, high, low), np.where(reverse, -100.0, 100.0), high - low
    scores: Floats = np.empty(raw.shape)
    for start in range(0, len(raw), _BLOCK):
        # Multiplied before it is divided, so that both ends are 0 and 100 exactly.
        part = raw[start : start + _BLOCK] - start_of
        part *= factor
        part /= reach
        scores[start : start + _BLOCK] = part
    return scores


def check_answers(raw: Floats, blueprint: Blueprint) -> None:
    """Raises `OffScale` naming the first item with an answer outside its scale, ValueError for another shape."""
    if raw.ndim != 2 or raw.shape[1] != len(blueprint.items):
        raise ValueError(f"Expected one column an item ({len(blueprint.items)}), got the shape {raw.shape}.")
    if not raw.size:
        return
    smallest = np.fmin.reduce(raw, axis=0)
    largest = np.fmax.reduce(raw, axis=0)
    for item, lowest, highest in zip(blueprint.items, smallest, largest, strict=True):
        if lowest < item.lo or highest > item.hi:
            wrong = lowest if lowest < item.lo else highest
            raise OffScale(f"Item {item.code}: the answer {wrong:g} is outside its scale {item.lo:g} to {item.hi:g}.")


def facet_scores(scores: Floats, blueprint: Blueprint, asked: Bools | None = None, group: Ints | None = None) -> Floats:
    """Mean of the answered items (responses × facets); NaN below the facet's share of the asked items (rule S2).

    `asked` (groups × items) says what each group's form asks, `group` (responses) which row of it holds; without
    them every item was asked of everyone.
    """
    members = np.zeros((len(blueprint.items), len(blueprint.facets)))
    for position, facet in enumerate(blueprint.facets):
        members[[blueprint.column[code] for code in facet.items], position] = 1.0
    needs = np.array([facet.needs for facet in blueprint.facets])
    if asked is None or group is None:
        asked, group = np.ones((1, len(blueprint.items)), dtype=np.bool_), np.zeros(len(scores), dtype=np.int64)
    required = needs * (asked.astype(np.float64) @ members) - 1e-9
    result: Floats = np.empty((len(scores), len(blueprint.facets)))
    for start in range(0, len(scores), _BLOCK):
        block = slice(start, start + _BLOCK)
        valid = ~np.isnan(scores[block])
        sums = np.where(valid, scores[block], 0.0) @ members
        answered = valid.astype(np.float64) @ members
        enough = (answered > 0) & (answered >= required[group[block]])
        result[block] = np.where(enough, sums / np.maximum(answered, 1.0), np.nan)
    return result


def weighted_mean(scores: Floats, weights: Sequence[float]) -> Floats:
    """Weighted mean of each row over what is there; NaN where nothing is (a dimension of one response, rule S4)."""
    weight = np.asarray(weights, dtype=np.float64)
    valid = ~np.isnan(scores)
    total = valid @ weight
    sums = np.where(valid, scores, 0.0) @ weight
    result: Floats = np.full(len(scores), np.nan)
    np.divide(sums, total, out=result, where=total > 0)
    return result


def canonical_order(raw: Floats, cant_say: Bools, group: Ints) -> Ints:
    """An order of the responses that depends on what they say alone, group by group.

    Response keys are random, so sums and resampling must not depend on the order of arrival: same data, same numbers.
    """
    columns = np.arange(1, raw.shape[1] + 1, dtype=np.uint64)
    digest = np.empty(len(raw), dtype=np.uint64)
    for start in range(0, len(raw), _BLOCK):
        block = slice(start, start + _BLOCK)
        digest[block] = _digest(raw[block], cant_say[block], columns)
    order: Ints = np.lexsort((digest, group))
    return order


def _digest(raw: Floats, cant_say: Bools, columns: NDArray[np.uint64]) -> NDArray[np.uint64]:
    words = np.ascontiguousarray(np.where(np.isnan(raw), np.nan, raw + 0.0)).view(np.uint64)
    with np.errstate(over="ignore"):
        mixed = words ^ (words >> np.uint64(29))
        mixed = (mixed + cant_say.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        mixed = (mixed + columns * np.uint64(0x94D049BB133111EB)) * (columns * np.uint64(2) + np.uint64(1))
        mixed ^= mixed >> np.uint64(27)
        return np.asarray((mixed * np.uint64(0xD6E8FEB86659FD93)).sum(axis=1, dtype=np.uint64))
