"""Which link matters most for an outcome, and by which ways a lever reaches it (rule L4)."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ecosystems.causal.fuzzy_map import UNSETTLED, Floats, Model, run
from ecosystems.causal.link_draws import VotedLinks
from ecosystems.causal.scenario import SMALLEST_CHANGE, Outcome, differences, readout_of, rows_of

MOST_STEPS = 20_000
"""Partial ways looked at before the search for paths gives up and says so."""


@dataclass(frozen=True, slots=True)
class LinkWeight:
    """
    What one link means to an outcome; `link` is its place.

    `without` is the outcome's change in points if the link were not there, on the map of the mean votes, minus its
    change with it; absent where either did not settle. `doubt` is Spearman's (1904) rank correlation of the link's
    drawn weight with the outcome over the draws; absent where every vote on it, or every outcome, is the same.
    """

    link: int
    without: float | None
    doubt: float | None


@dataclass(frozen=True, slots=True)
class Path:
    """
    One way of influence, as the factors passed.

    `strength` is the product of the weights along it, with its sign (Wright 1921).
    """

    factors: tuple[int, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class Paths:
    """The strongest ways, strongest first; `complete` is False where the search was cut short."""

    paths: tuple[Path, ...]
    complete: bool


def link_weights(
    links: VotedLinks,
    scores: ArrayLike,
    levers: Mapping[int, float],
    outcome: Outcome,
    *,
    drawn: Floats,
    changes: Floats,
    model: Model | None = None,
    held_in_baseline: bool = True,
) -> tuple[LinkWeight, ...]:
    """
    What every link means to one outcome of a scenario, the one that is missed most first.

    Taking links out one at a time says which carries the result, even where all votes agree; rank correlation over the
    draws (Helton & Davis 2003) says where the doubt about the result comes from. `drawn` (draws, links) and `changes`
    (draws,) are those of the scenario.
    """
    model = model or Model()
    current = np.asarray(scores, dtype=np.float64)
    states, held = rows_of(current, levers, model, held_in_baseline)
    mean = links.mean()
    without = np.vstack([mean, np.where(np.eye(len(links), dtype=np.bool_), 0.0, mean)])
    done = run(links.matrices(without), states, model=model, held=held)
    moved = differences(done.final, readout_of([outcome], links.factors).T * model.points())[:, 0]
    usable = done.periods != UNSETTLED
    doubt = rank_correlations(drawn, np.round(changes / SMALLEST_CHANGE))
    found = [
        LinkWeight(
            link,
            float(moved[link + 1] - moved[0]) if usable[0] and usable[link + 1] else None,
            None if np.isnan(doubt[link]) else float(doubt[link]),
        )
        for link in range(len(links))
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.without or 0.0), -abs(one.doubt or 0.0), one.link)))


def rank_correlations(columns: Floats, outcome: Floats) -> Floats:
    """Spearman's ρ of each column, (rows, columns), with an outcome, (rows,); NaN where either is constant."""
    if len(outcome) == 0:
        return np.full(columns.shape[1], np.nan)
    ranks = np.column_stack([_ranks(column) for column in columns.T]) if columns.shape[1] else columns
    other = _ranks(outcome)
    ranks, other = ranks - ranks.mean(axis=0), other - other.mean()
    together = other @ ranks
    size = np.sqrt((ranks**2).sum(axis=0) * (other**2).sum())
    found: Floats = np.divide(together, size, out=np.full(len(size), np.nan), where=size > 0)
    return found


def paths_of_influence(
    weights: ArrayLike, lever: int, targets: Sequence[int], *, most: int = 3, longest: int = 8
) -> Paths:
    """
    The strongest simple paths from a lever to any of `targets`, on weights (factors, factors), row works on column.

    No weight goes beyond 1, so a way only gets weaker: search in order of the best that can still come of it (A*,
    Hart, Nilsson & Raphael 1968) meets the paths strongest first. Of equals the shorter comes first. `longest` counts
    links.
    """
    matrix = np.asarray(weights, dtype=np.float64)
    strength = np.abs(matrix)
    if strength.size and strength.max() > 1:
        raise ValueError("a weight must lie between −1 and 1")
    best = _best_onward(strength, targets)
    ends = set(targets)
    heap: list[tuple[float, int, tuple[int, ...], float]] = [(-best[lever], 0, (lever,), 1.0)]
    found: list[Path] = []
    looked = 0
    while heap and len(found) < most:
        looked += 1
        if looked > MOST_STEPS:
            return Paths(tuple(found), complete=False)
        _, length, way, product = heapq.heappop(heap)
        here = way[-1]
        if here in ends and length:
            found.append(Path(way, product))
            continue
        if length == longest:
            continue
        for step in np.flatnonzero(strength[here] * best):
            onward = int(step)
            if onward not in way:
                further = product * float(matrix[here, onward])
                hope = round(abs(further) * best[onward], 12)  # equal products may differ in their last bit
                heapq.heappush(heap, (-hope, length + 1, (*way, onward), further))
    return Paths(tuple(found), complete=True)


def _best_onward(strength: Floats, targets: Sequence[int]) -> list[float]:
    """The largest product of weights from each factor to a target: 1 at a target, 0 where none is reached."""
    best = np.zeros(len(strength))
    best[list(targets)] = 1.0
    for _ in range(len(strength)):
        further = np.maximum(best, (strength * best).max(axis=1))
        if np.array_equal(further, best):
            break
        best = further
    return [float(value) for value in best]


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, equals sharing the mean of theirs."""
    _, place, number = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(number)
    middle: Floats = last - (number - 1) / 2
    return middle[place]
