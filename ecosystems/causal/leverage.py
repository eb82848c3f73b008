"""Leverage: a factor held higher for good, what does it move in the end? (rule L2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from ecosystems.causal.graph import CausalGraph, Floats, Pair

DRAWS: Final = 1_000
DRAWS_AT_ONCE: Final = 100
ENOUGH_STABLE: Final = 100
"""With fewer stable draws a share is off by more than five points one time in three (a binomial's standard error)."""
HOPELESS: Final = 3
"""Standard errors below the share that is wanted."""
SMALLEST_WEIGHT: Final = 0.01
DIGITS: Final = 9
LARGEST_CONDITION: Final = 1e12

Signs = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Lever:
    """
    What pressing one factor does to one outcome, over the stable draws.

    `raises`, `lowers` and `unmoved` are shares of them and add up to 1; `change` is the median change of the outcome
    for a press of 1.
    """

    pressed: str
    outcome: str
    raises: float
    lowers: float
    unmoved: float
    change: float

    @property
    def sign(self) -> int:
        """What most stable draws say; 0 where two say it equally often."""
        most = max(self.raises, self.lowers, self.unmoved)
        said = [sign for sign, share in ((1, self.raises), (-1, self.lowers), (0, self.unmoved)) if share == most]
        return said[0] if len(said) == 1 else 0

    @property
    def certainty(self) -> float:
        return max(self.raises, self.lowers, self.unmoved)


@dataclass(frozen=True, slots=True)
class Leverage:
    """Levers by pressed factor, then outcome; none where no draw is stable. A singular draw is never a stable one."""

    levers: tuple[Lever, ...]
    draws: int
    stable: int
    singular: int

    @property
    def share_stable(self) -> float:
        return self.stable / self.draws

    @property
    def enough(self) -> bool:
        """Whether so many draws come to rest that shares of them tell anything."""
        return self.stable >= ENOUGH_STABLE

    def strongest(self, outcome: str) -> tuple[Lever, ...]:
        """The levers of one outcome, the surest first, then the one that moves it furthest."""
        moving = (lever for lever in self.levers if lever.outcome == outcome and lever.sign)
        return tuple(sorted(moving, key=lambda one: (-one.certainty, -abs(one.change), one.pressed)))


def community_matrix(weights: ArrayLike, *, damping: float | Sequence[float] = 1.0) -> Floats:
    """
    [i, j] = effect of j on i, as loop analysis writes it, from weights with [source, target], one map or many.

    `damping` ≥ 0 is how strongly each factor pulls itself back: without it nothing comes to rest.
    """
    effects = np.array(weights, dtype=np.float64).swapaxes(-1, -2)
    pull = np.asarray(damping, dtype=np.float64)
    if (pull < 0).any():
        raise ValueError("damping is 0 or more")
    itself = np.arange(effects.shape[-1])
    effects[..., itself, itself] -= pull
    return effects


def is_stable(community: ArrayLike) -> bool:
    """Whether it comes to rest after a push: the real parts of all eigenvalues are below 0 (May 1973)."""
    return bool(_stable(_square(community)[np.newaxis])[0])


def press_response(community: ArrayLike) -> Floats | None:
    """
    [pressed, responding]: what a lasting press of 1 on each factor moves in the end; None where A is singular.

    −A⁻¹ transposed (Levins 1974; Bender, Case & Gilpin 1984; Dambacher, Li & Rossignol 2002). What only rounding
    leaves beside the largest response is 0, so that its sign may be read.
    """
    matrix = _square(community)
    if not matrix.size:
        return matrix
    if _singular(matrix[np.newaxis])[0]:
        return None
    return _responses(matrix[np.newaxis]).reshape(matrix.shape)


def press_signs(community: ArrayLike) -> Signs | None:
    """
    [pressed, responding]: +1, −1 or 0, the table of predictions of loop analysis; None where A is singular.

    The signs of adj(−A) up to those of its determinant. A determinant below 0 is an unstable system (Levins 1974),
    whose predictions say nothing: see `is_stable`.
    """
    found = press_response(community)
    return None if found is None else np.sign(found).astype(np.int8)


def leverage(
    weights: Iterable[Floats],
    factors: Sequence[str],
    *,
    outcomes: Mapping[str, Sequence[str]] | None = None,
    damping: float | Sequence[float] = 1.0,
    fewest: float = 0.0,
) -> Leverage:
    """
    Shares of stable draws with each sign, for every pressed factor and outcome (rule L2).

    `weights` are draws in chunks, each [draw, source, target]. An outcome, such as a dimension, is the mean of its
    factors; without `outcomes` every factor is one. Draws that do not come to rest are counted and left out
    (Raymond, McInnes, Dambacher, Way & Bergstrom 2011; Melbourne-Thomas et al. 2012). No more chunks are drawn once the
    share of stable draws lies three standard errors below `fewest`.
    """
    aims = {key: (key,) for key in factors} if outcomes is None else {key: tuple(of) for key, of in outcomes.items()}
    mixing = _mixing(factors, aims)
    draws = singular = rested = 0
    responses = []
    for chunk in weights:
        communities = community_matrix(chunk, damping=damping)
        stable = _stable(communities)
        draws += len(communities)
        singular += int(_singular(communities[~stable]).sum())
        responses.append(_rounded(_responses(communities[stable]) @ mixing))
        rested += int(stable.sum())
        if rested + HOPELESS * sqrt(draws * fewest * (1 - fewest)) < draws * fewest:
            break
    if not draws:
        raise ValueError("leverage needs draws")
    found = np.concatenate(responses)
    levers = (
        tuple(_lever(pressed, aim, found[:, i, j]) for i, pressed in enumerate(factors) for j, aim in enumerate(aims))
        if len(found)
        else ()
    )
    return Leverage(levers, draws=draws, stable=len(found), singular=singular)


def drawn_weights(
    graph: CausalGraph,
    *,
    seed: int,
    effects: Mapping[Pair, Sequence[float]] | None = None,
    draws: int = DRAWS,
    at_once: int = DRAWS_AT_ONCE,
) -> Iterator[Floats]:
    """
    Weights that the links may have, in chunks of [draw, source, target]; the same seed, the same draws.

    A pair with `effects` (−1…1, one for each voice) takes one voice's at random, each voice as likely, whether or not
    the map draws a link there; without them, several opinions given on a pair are its voices. Any other link keeps its
    sign and takes a weight between 0.01 and 1, all as likely (Melbourne-Thomas et al. 2012: only its sign is known).
    """
    place = graph.places()
    heard: dict[Pair, Sequence[float]] = {**graph.opinions(), **(effects or {})}
    voiced = {pair: np.asarray(of, dtype=np.float64) for pair, of in sorted(heard.items()) if len(of)}
    signs = sorted((link.source, link.target, link.sign) for link in graph.links if link.pair not in voiced)
    chance = np.random.default_rng(seed)
    for start in range(0, draws, at_once):
        found = np.zeros((min(at_once, draws - start), len(place), len(place)))
        for (source, target), voices in voiced.items():
            found[:, place[source], place[target]] = chance.choice(voices, size=len(found))
        for source, target, sign in signs:
            found[:, place[source], place[target]] = sign * chance.uniform(SMALLEST_WEIGHT, 1.0, size=len(found))
        yield found


def _lever(pressed: str, outcome: str, changes: Floats) -> Lever:
    n, raises, lowers = len(changes), int((changes > 0).sum()), int((changes < 0).sum())
    return Lever(
        pressed=pressed,
        outcome=outcome,
        raises=raises / n,
        lowers=lowers / n,
        unmoved=(n - raises - lowers) / n,
        change=float(np.median(changes)),
    )


def _mixing(factors: Sequence[str], outcomes: Mapping[str, Sequence[str]]) -> Floats:
    place = {key: index for index, key in enumerate(factors)}
    found = np.zeros((len(place), len(outcomes)))
    for column, members in enumerate(outcomes.values()):
        if not members or not set(members) <= place.keys():
            raise ValueError("an outcome is made of factors of the map")
        for key in members:
            found[place[key], column] += 1 / len(members)
    return found


def _square(community: ArrayLike) -> Floats:
    matrix = np.asarray(community, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        raise ValueError("a community matrix is square and finite")
    return matrix


def _stable(communities: Floats) -> NDArray[np.bool_]:
    """
    Whether each of them comes to rest.

    The eigenvalues of a matrix are those of its parts that hang together by circles (it is block triangular in their
    order), and most factors of a large map stand in none.
    """
    if not communities.size:
        return np.ones(len(communities), dtype=np.bool_)
    largest = np.abs(communities).max(axis=(1, 2))
    _number, part = connected_components((communities != 0).any(axis=0), directed=True, connection="strong")
    sizes = np.bincount(part)
    alone = np.flatnonzero(sizes[part] == 1)
    worst = communities[:, alone, alone].max(axis=1, initial=-np.inf)
    for circles in np.flatnonzero(sizes > 1):
        among = np.flatnonzero(part == circles)
        worst = np.maximum(worst, np.linalg.eigvals(communities[:, among[:, None], among]).real.max(axis=1))
    return np.asarray(worst < -(10.0**-DIGITS) * largest)


def _singular(communities: Floats) -> NDArray[np.bool_]:
    return np.asarray(~(np.linalg.cond(communities) < LARGEST_CONDITION)) if communities.size else np.zeros(0, np.bool_)


def _responses(communities: Floats) -> Floats:
    if not communities.size:
        return communities
    return _rounded(np.negative(np.linalg.inv(communities).swapaxes(1, 2), dtype=np.float64))


def _rounded(responses: Floats) -> Floats:
    """Zero what is rounding noise beside the largest of each draw; the others keep their digits."""
    largest = np.abs(responses).max(axis=(1, 2), keepdims=True, initial=0.0)
    return np.where(np.abs(responses) <= 10.0**-DIGITS * largest, 0.0, responses) + 0.0
