"""What might happen if: levers moved on the map, and how far the outcomes follow (rule L4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecosystems.causal.fuzzy_map import TURNED_POINTS, UNSETTLED, Counts, Flags, Floats, Model, run
from ecosystems.causal.link_draws import VotedLinks, Votes, weights_of

LOW, HIGH = 0.05, 0.95
Shorts = NDArray[np.float32]
PORTION = 1 << 18
"""Weights run at a time: what stays near the processor is several times as fast."""
SMALLEST_CHANGE = 1e-3
"""Points on 0–100 below which nothing moved: well above what the last step leaves open."""


class NotRun(StrEnum):
    """Why a scenario says nothing. The value is a stable code; pages turn it into a sentence."""

    EMPTY_MAP = "empty_map"
    NO_LINKS = "no_links"
    NO_MEASURED_FACTORS = "no_measured_factors"
    NO_LEVERS = "no_levers"
    NOTHING_SETTLED = "nothing_settled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is watched: a factor, or a dimension as the weighted mean of its factors (place → weight above 0)."""

    key: str
    factors: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Band:
    """Median and 5–95 % band over the draws."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Move:
    """
    How far one outcome moves, in points on 0–100: scenario minus baseline.

    `agree` is the share of draws with the sign of the median (0: that do not move it). `now` is absent where a factor
    of the outcome is not measured; `then` is `now` plus the band, kept within 0–100. `steps` is the way there.
    """

    key: str
    change: Band
    agree: float
    steps: tuple[Band, ...]
    now: float | None = None
    then: Band | None = None


@dataclass(frozen=True, slots=True)
class Settling:
    """
    What became of the draws, and whether rest was certain beforehand (`assured`) or only seen.

    `cycles` counts draws by the period they repeat, of which the mean is taken. `unsettled` draws neither rested nor
    repeated themselves: no number rests on them.
    """

    draws: int
    rested: int
    cycles: Mapping[int, int]
    unsettled: int
    assured: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    A scenario on all draws. `assumed` are the factors without a score, begun in the middle.

    `votes` (draws, links) and `changes` (draws, outcomes) are the draws that count, for the sensitivity.
    """

    moves: tuple[Move, ...]
    settling: Settling
    assumed: tuple[int, ...]
    seed: int
    votes: Votes = field(repr=False, compare=False)
    changes: Floats = field(repr=False, compare=False)

    @property
    def weights(self) -> Floats:
        return weights_of(self.votes)


def scenario(
    links: VotedLinks,
    scores: ArrayLike,
    levers: Mapping[int, float],
    outcomes: Sequence[Outcome],
    *,
    seed: int,
    draws: int = 1000,
    shown_steps: int = 12,
    model: Model | None = None,
    held_in_baseline: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> Scenario | NotRun:
    """
    Clamp `levers` (place → score 0–100) on every drawn map and compare with the baseline (Özesmi & Özesmi 2004).

    Both start at the current `scores`, (factors,), NaN = not measured. The baseline holds the levers where they are
    now, so that a lever moved by nothing moves nothing; with `held_in_baseline` False it runs free, as in the source.
    The seed and the order of the links settle the draws: scenarios to be compared share both. `on_progress` hears how
    many draws are done, and of how many; what it raises ends the run.
    """
    model = model or Model()
    current = np.asarray(scores, dtype=np.float64)
    refusal = _refusal(links, current, levers)
    if refusal is not None:
        return refusal
    readout = readout_of(outcomes, links.factors)
    votes = links.votes_drawn(draws, seed)
    states, held = rows_of(current, levers, model, held_in_baseline)
    weighed = readout.T * model.points()
    moved = partial(differences, weighed=readout.T * TURNED_POINTS)
    periods, steps = np.empty(draws, dtype=np.int64), 0
    changes = np.empty((draws, len(outcomes)))
    ways = np.empty((shown_steps + 1, len(outcomes), draws), dtype=np.float32)  # to be drawn; sorts twice as fast
    portion = min(draws, max(1, PORTION // links.factors**2))
    maps, places = np.zeros((portion, links.factors, links.factors)), np.arange(links.factors)
    maps[:, places, places] = model.own()
    for start in range(0, draws, portion):
        these = slice(start, min(start + portion, draws))
        pull = model.pull_of(links.matrices(model.slope() * weights_of(votes[these]), out=maps))
        done = run(pull, states, model=model, held=held, keep=shown_steps, read=moved)
        changes[these] = differences(done.final, weighed)
        for way, seen in zip(ways, done.path, strict=True):
            way[:, these] = seen.T
        periods[these], steps = done.periods, max(steps, done.steps)
        if on_progress is not None:
            on_progress(these.stop, draws)
    counts = periods != UNSETTLED
    if not counts.any():
        return NotRun.NOTHING_SETTLED
    if not counts.all():
        votes, changes, ways = votes[counts], changes[counts], ways[..., counts]
    assured = model.certain_to_settle(links.matrices(links.strongest()[None])[0])
    return Scenario(
        moves=_moves(outcomes, readout, current, changes, ways),
        settling=_settling(periods, assured, steps),
        assumed=tuple(int(place) for place in np.flatnonzero(np.isnan(current))),
        seed=seed,
        votes=votes,
        changes=changes,
    )


def _refusal(links: VotedLinks, current: Floats, levers: Mapping[int, float]) -> NotRun | None:
    if current.shape != (links.factors,):
        raise ValueError(f"{current.size} scores for {links.factors} factors")
    known = current[~np.isnan(current)]
    if len(known) and not (known.min() >= 0 and known.max() <= 100):
        raise ValueError("a score must lie between 0 and 100")
    for place, target in levers.items():
        if not 0 <= place < links.factors or not 0 <= target <= 100:
            raise ValueError(f"no lever {place} at {target}: a factor of the map, set between 0 and 100")
    if links.factors == 0:
        return NotRun.EMPTY_MAP
    if len(links) == 0:
        return NotRun.NO_LINKS
    if len(known) == 0:
        return NotRun.NO_MEASURED_FACTORS
    return None if levers else NotRun.NO_LEVERS


def readout_of(outcomes: Sequence[Outcome], factors: int) -> Floats:
    """The outcomes as a matrix (outcomes, factors) whose rows add up to 1."""
    found = np.zeros((len(outcomes), factors))
    for row, outcome in zip(found, outcomes, strict=True):
        places = list(outcome.factors)
        if not places or min(places) < 0 or max(places) >= factors or min(outcome.factors.values()) <= 0:
            raise ValueError(f"outcome {outcome.key} needs factors of the map, with weights above 0")
        row[places] = list(outcome.factors.values())
    found /= found.sum(axis=1, keepdims=True)
    return found


def rows_of(current: Floats, levers: Mapping[int, float], model: Model, held_in_baseline: bool) -> tuple[Floats, Flags]:
    """States and what is held, both (2, factors): first the baseline, then the scenario."""
    start = np.where(np.isnan(current), 50.0, current)
    states, places = np.stack([start, start]), list(levers)
    states[1, places] = list(levers.values())
    held = np.zeros(states.shape, dtype=np.bool_)
    held[1, places] = True
    held[0, places] = held_in_baseline
    return model.from_scores(states), held


def differences(states: Floats, weighed: Floats) -> Floats:
    """Scenario minus baseline, (draws, 2, factors), as points of each outcome, `weighed` (factors, outcomes)."""
    found: Floats = (states[:, 1] - states[:, 0]) @ weighed
    return found


def _moves(
    outcomes: Sequence[Outcome], readout: Floats, current: Floats, changes: Floats, steps: Shorts
) -> tuple[Move, ...]:
    (ends,), ways = _bands(changes.T[None].copy()), _bands(steps)
    found = []
    for place, outcome in enumerate(outcomes):
        change = ends[place]
        sign = _sign(np.array(change.median))
        members = readout[place] > 0
        level = float(readout[place, members] @ current[members])
        known = not np.isnan(level)
        found.append(
            Move(
                key=outcome.key,
                change=change,
                agree=float((_sign(changes[:, place]) == sign).mean()),
                steps=tuple(way[place] for way in ways),
                now=level if known else None,
                then=_shifted(change, level) if known else None,
            )
        )
    return tuple(found)


def _sign(change: Floats) -> Floats:
    found: Floats = np.where(np.abs(change) < SMALLEST_CHANGE, 0.0, np.sign(change))
    return found


def _bands(changes: Floats | Shorts) -> list[list[Band]]:
    """Bands over the draws, (steps, outcomes, draws), by step and outcome; leaves `changes` in order."""
    changes.sort(axis=-1)  # sorting whole rows is faster than np.quantile
    place = np.array([LOW, 0.5, HIGH]) * (changes.shape[-1] - 1)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, changes.shape[-1] - 1)
    quantiles = (changes[..., below] + (place - below) * (changes[..., above] - changes[..., below])).tolist()
    return [[Band(low, median, high) for low, median, high in step] for step in quantiles]


def _shifted(change: Band, level: float) -> Band:
    low, median, high = (min(max(level + by, 0.0), 100.0) for by in (change.low, change.median, change.high))
    return Band(low, median, high)


def _settling(periods: Counts, assured: bool, steps: int) -> Settling:
    values, numbers = np.unique(periods[periods > 1], return_counts=True)
    return Settling(
        draws=len(periods),
        rested=int((periods == 1).sum()),
        cycles={int(period): int(number) for period, number in zip(values, numbers, strict=True)},
        unsettled=int((periods == UNSETTLED).sum()),
        assured=assured,
        steps=steps,
    )
