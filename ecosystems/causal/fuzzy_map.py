"""Fuzzy cognitive maps: factors that work on each other step by step (Kosko 1986; rule L4)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Clamps = tuple[NDArray[np.intp], ...]
"""Rows and factors of the states that are held."""

UNSETTLED = 0
"""Stands for the period of a map that neither came to rest nor repeated itself."""

TURNED_POINTS = 50.0
"""Points on 0–100 that one unit on −1…1 stands for."""
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
        return 100.0 if self.squash is Squash.SIGMOID else TURNED_POINTS

    def turned(self, states: Floats) -> Floats:
        """States on −1…1, on which every rule with either squash is the hyperbolic tangent of one product."""
        return states * 2 - 1 if self.squash is Squash.SIGMOID else states

    def turned_back(self, turned: Floats) -> Floats:
        return (turned + 1) / 2 if self.squash is Squash.SIGMOID else turned

    def slope(self) -> float:
        """What a weight counts on −1…1: 1/(1+exp(−λx)) is (1+tanh(λx/2))/2, and a state half of what is turned."""
        if self.squash is Squash.TANH:
            return self.steepness
        return self.steepness / (2 if self.rule is Rule.RESCALED else 4)

    def own(self) -> float:
        """What a factor's own last value counts."""
        return 0.0 if self.rule is Rule.KOSKO else self.slope()

    def pull(self, weights: Floats) -> "Pull":
        """Weights (draws, factors, factors), row works on column, as they work on −1…1."""
        places = np.arange(weights.shape[-1])
        maps = weights * self.slope()
        maps[:, places, places] += self.own()
        return self.pull_of(maps)

    def pull_of(self, maps: Floats) -> "Pull":
        """The same of weights that hold slope and own value already."""
        if self.squash is Squash.TANH or self.rule is Rule.RESCALED:
            return Pull(maps)
        return Pull(maps, np.matmul(np.ones((1, maps.shape[-1])), maps))

    def next(self, states: Floats, weights: Floats) -> Floats:
        """One step of states (rows, factors) on weights (factors, factors), row works on column."""
        (after,) = self.turned_back(self.pull(weights[None]).next(self.turned(states)[None]))
        found: Floats = after
        return found

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
class Pull:
    """
    What moves states on −1…1: `maps` (draws, factors, factors), row works on column.

    `push` (draws, 1, factors) is what the middle of 0…1 adds, where a rule does not count from it.
    """

    maps: Floats
    push: Floats | None = None

    def __len__(self) -> int:
        return len(self.maps)

    def __getitem__(self, draws: Flags) -> "Pull":
        return Pull(self.maps[draws], None if self.push is None else self.push[draws])

    def wide(self, rows: int) -> "Pull":
        """With a push for each row: to add arrays of one shape takes a quarter of the time."""
        return self if self.push is None else Pull(self.maps, np.repeat(self.push, rows, axis=1))

    def next(self, turned: Floats, out: Floats | None = None) -> Floats:
        """One step of states (draws, rows, factors); tanh cannot overflow, as the exponential would."""
        after: Floats = np.matmul(turned, self.maps, out=out)
        if self.push is not None:
            after += self.push
        return np.tanh(after, out=after)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """
    Where each draw ended: `final` (draws, rows, factors), over a cycle its mean.

    `periods` (draws,): 1 came to rest, p > 1 repeats itself every p steps, `UNSETTLED` neither. `path` holds what was
    read of the start and the first steps, each (draws, …); `steps` is how many were taken.
    """

    final: Floats
    periods: Counts
    path: tuple[Floats, ...]
    steps: int


def run(
    weights: Floats | Pull,
    states: Floats,
    *,
    model: Model,
    held: Flags | None = None,
    keep: int = 0,
    read: Callable[[Floats], Floats] | None = None,
) -> Run:
    """
    Let maps, (draws, factors, factors), run from `states`, (rows, factors), until they rest or `model.steps` are over.

    `held`, (rows, factors), keeps its values: a clamped lever. `keep` asks for the first steps: the states, or what
    `read` makes of them, (draws, rows, factors) on −1…1.
    """
    pull = (weights if isinstance(weights, Pull) else model.pull(weights)).wide(len(states))
    draws, start, clamps = len(pull), model.turned(states), None if held is None else np.nonzero(held)
    read = read or (lambda seen: model.turned_back(seen).copy())
    now, free = np.broadcast_to(start, (draws, *start.shape)).copy(), np.empty((draws, *start.shape))
    final, periods = np.empty(now.shape), np.full(draws, UNSETTLED, dtype=np.int64)
    path, active, step = [read(now)], np.arange(draws), 0
    while step < model.steps and len(active):
        step += 1
        before, now = now, _clamped(pull.next(now, out=free[: len(active)]), start, clamps)
        free = before
        if step <= keep:
            path.append(read(now) if len(active) == draws else _replaced(path[-1], active, read(now)))
        if step % LOOK and step < model.steps:
            continue
        if step % ROUND and not _rest(now[:1], before[:1], model).all():  # one that moves is enough to go on
            continue
        rests = _rest(now, before, model)
        if rests.all() and len(active) == draws:
            return Run(model.turned_back(now), np.ones(draws, dtype=np.int64), _full(path, keep), step)
        if step % ROUND == 0 or rests.all():
            final[active[rests]], periods[active[rests]] = now[rests], 1
            active, now, pull = active[~rests], now[~rests], pull[~rests]
    if len(active):
        final[active], periods[active] = _cycles(pull, now, start, model, clamps)
    return Run(model.turned_back(final), periods, _full(path, keep), step)


def _full(path: list[Floats], keep: int) -> tuple[Floats, ...]:
    """The way there, its last place as often as it rests."""
    return (*path, *path[-1:] * (keep + 1 - len(path)))


def _rest(now: Floats, before: Floats, model: Model) -> Flags:
    """Which draws a step has left where they were."""
    moved = (now - before).reshape(len(now), -1)
    np.abs(moved, out=moved)
    rests: Flags = moved.max(axis=1, initial=0.0) < _tolerance(model)
    return rests


def _tolerance(model: Model) -> float:
    """On −1…1, where a state of 0…1 is twice as far from the next."""
    return model.tolerance * (2 if model.squash is Squash.SIGMOID else 1)


def _clamped(after: Floats, states: Floats, clamps: Clamps | None) -> Floats:
    if clamps is not None:
        rows, factors = clamps
        after[:, rows, factors] = states[rows, factors]
    return after


def _replaced(whole: Floats, places: Counts, part: Floats) -> Floats:
    found = whole.copy()
    found[places] = part
    return found


def _cycles(pull: Pull, now: Floats, states: Floats, model: Model, clamps: Clamps | None) -> tuple[Floats, Counts]:
    """
    Mean over its cycle and its period, of each map that did not come to rest.

    A period is the least number of steps after which each of as many states comes again, within ten tolerances.
    """
    longest = model.longest_period
    later = np.empty((2 * longest, *now.shape))
    for step in range(2 * longest):
        now = later[step] = _clamped(pull.next(now), states, clamps)
    final, periods = later.mean(axis=0), np.full(len(now), UNSETTLED, dtype=np.int64)
    for period in range(1, longest + 1):
        apart = np.abs(later[-period:] - later[-2 * period : -period]).max(axis=(0, 2, 3))
        found = (periods == UNSETTLED) & (apart < 10 * _tolerance(model))
        periods[found] = period
        final[found] = later[-period:, found].mean(axis=0)
    return final, periods
