"""Fuzzy cognitive maps: factors that work on each other step by step (Kosko 1986; rule L4)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]

UNSETTLED = 0
"""Stands for the period of a map that neither came to rest nor repeated itself."""

LOOK, ROUND = 3, 15
"""Steps after which it is asked whether all draws rest, and which of them do."""


class Rule(StrEnum):
    """What a factor takes from one step to the next."""

    KOSKO = "kosko"
    """The sum of what works on it (Kosko 1986)."""
    MODIFIED_KOSKO = "modified kosko"
    """That and its own last value (Stylios & Groumpos 2004)."""
    RESCALED = "rescaled"
    """The same, each value counted from the middle, so that an unknown 0.5 pushes nowhere (Papageorgiou 2011)."""


class Squash(StrEnum):
    """What keeps a factor within bounds: sigmoid 0…1, or tanh −1…1."""

    SIGMOID = "sigmoid"
    TANH = "tanh"


@dataclass(frozen=True, slots=True)
class Model:
    """
    How a map is run. `steepness` is λ; at most `steps` steps, then `longest_period` bounds the cycles looked for.

    Rescaled goes with sigmoid only: it *is* modified Kosko with tanh of half the steepness, on −1…1.
    """

    rule: Rule = Rule.KOSKO
    squash: Squash = Squash.SIGMOID
    steepness: float = 1.0
    steps: int = 200
    tolerance: float = 1e-6
    longest_period: int = 24

    def __post_init__(self) -> None:
        if not 0 < self.steepness < float("inf"):
            raise ValueError(f"the steepness must be above 0, not {self.steepness}")
        if self.steps < 1 or self.longest_period < 1 or self.tolerance <= 0:
            raise ValueError("steps, longest period and tolerance must be above 0")
        if self.rule is Rule.RESCALED and self.squash is Squash.TANH:
            raise ValueError("rescaled goes with sigmoid: with tanh, modified Kosko is the same thing")

    def from_scores(self, scores: Floats) -> Floats:
        """Scores 0–100 as states of a factor."""
        return scores / 100 if self.squash is Squash.SIGMOID else scores / 50 - 1

    def points(self) -> float:
        """Points on 0–100 that one unit of a state stands for."""
        return 100.0 if self.squash is Squash.SIGMOID else 50.0

    def next(self, states: Floats, weights: Floats) -> Floats:
        """One step of states (…, rows, factors) on weights (…, factors, factors), row works on column."""
        before = 2 * states - 1 if self.rule is Rule.RESCALED else states
        after = before @ weights
        if self.rule is not Rule.KOSKO:
            after += before
        if self.squash is Squash.TANH:
            after *= self.steepness
            return np.tanh(after, out=after)
        after *= self.steepness / 2
        np.tanh(after, out=after)  # 1/(1+exp(−λx)) = (1+tanh(λx/2))/2, which cannot overflow
        after += 1
        after *= 0.5
        return after

    def certain_to_settle(self, strongest: Floats) -> bool:
        """
        Whether every map with weights no stronger than these, shape (factors, factors), comes to rest, at one place.

        Sufficient, not necessary: a step is then a contraction, λ‖W‖₂/4 < 1 for sigmoid on Kosko's rule (Boutalis,
        Kottas & Christodoulou 2009; Knight, Lloyd & Penn 2014). A factor's own last value adds 1 to the diagonal, the
        rescaled rule doubles the slope, and tanh is four times as steep. Signs only lower the norm, clamping too.
        """
        if len(strongest) == 0:
            return True
        slope = self.steepness * (1.0 if self.squash is Squash.TANH else 0.25)
        bound = np.abs(strongest)
        if self.rule is not Rule.KOSKO:
            bound = bound + np.eye(len(bound))
        if self.rule is Rule.RESCALED:
            slope *= 2
        return bool(slope * np.linalg.norm(bound, 2) < 1)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """
    Where each draw ended: `final` (draws, rows, factors), over a cycle its mean.

    `periods` (draws,): 1 came to rest, p > 1 repeats itself every p steps, `UNSETTLED` neither. `path` holds the start
    and the first steps, each (draws, rows, factors); `steps` is how many were taken.
    """

    final: Floats
    periods: Counts
    path: tuple[Floats, ...]
    steps: int


def run(
    weights: Floats,
    states: Floats,
    *,
    model: Model,
    held: Flags | None = None,
    keep: int = 0,
) -> Run:
    """
    Let maps, (draws, factors, factors), run from `states`, (rows, factors), until they rest or `model.steps` are over.

    `held`, (rows, factors), keeps its values: a clamped lever. `keep` asks for the first steps.
    """
    draws = len(weights)
    now = np.broadcast_to(states, (draws, *states.shape)).copy()
    final, periods = now.copy(), np.full(draws, UNSETTLED, dtype=np.int64)
    path, active, maps, step = [now], np.arange(draws), weights, 0
    while step < model.steps and len(active):
        step += 1
        then = _clamped(model.next(now, maps), states, held)
        before, now = now, then
        if step <= keep:
            path.append(now if len(active) == draws else _replaced(path[-1], active, now))
        if step % LOOK and step < model.steps:
            continue
        moved = now - before
        np.abs(moved, out=moved)
        if step % ROUND == 0 or moved.max(initial=0.0) < model.tolerance:
            rests = moved.max(axis=(1, 2), initial=0.0) < model.tolerance
            final[active[rests]], periods[active[rests]] = now[rests], 1
            active, now, maps = active[~rests], now[~rests], maps[~rests]
    path += path[-1:] * (keep + 1 - len(path))
    if len(active):
        final[active], periods[active] = _cycles(maps, now, states, model, held)
    return Run(final, periods, tuple(path), step)


def _clamped(after: Floats, states: Floats, held: Flags | None) -> Floats:
    if held is not None:
        after[:, held] = states[held]
    return after


def _replaced(whole: Floats, places: Counts, part: Floats) -> Floats:
    found = whole.copy()
    found[places] = part
    return found


def _cycles(maps: Floats, now: Floats, states: Floats, model: Model, held: Flags | None) -> tuple[Floats, Counts]:
    """
    Mean over its cycle and its period, of each map that did not come to rest.

    A period is the least number of steps after which each of as many states comes again, within ten tolerances.
    """
    longest = model.longest_period
    later = np.empty((2 * longest, *now.shape))
    for step in range(2 * longest):
        now = later[step] = _clamped(model.next(now, maps), states, held)
    final, periods = later.mean(axis=0), np.full(len(now), UNSETTLED, dtype=np.int64)
    for period in range(1, longest + 1):
        apart = np.abs(later[-period:] - later[-2 * period : -period]).max(axis=(0, 2, 3))
        found = (periods == UNSETTLED) & (apart < 10 * model.tolerance)
        periods[found] = period
        final[found] = later[-period:, found].mean(axis=0)
    return final, periods
