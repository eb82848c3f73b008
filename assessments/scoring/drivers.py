"""Which leadership facets go with a dimension: relative weights and shares of R² (rule R6). Never a cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Floats, answer_column, answer_matrix
from assessments.scoring.interval import Interval

FEWEST_ANSWERS = 30
MOST_SHAPLEY_PREDICTORS = 15
COLLINEAR = 1e-8
COMPLETE_FIT = 1 - 1e-12


class Weighting(StrEnum):
    """How R² is divided among the predictors."""

    RELATIVE = "relative"
    SHAPLEY = "shapley"


@dataclass(frozen=True, slots=True)
class Driver:
    """
    One predictor's part of R²: `weight` in R², `share` of the whole (0–1, absent when R² is 0).

    `r` is its plain correlation with the outcome, the sign that the weight has not; `r_interval` (Fisher) tells
    whether the sign could be chance.
    """

    name: str
    weight: float
    share: float | Absent
    r: float
    r_interval: Interval | Absent


@dataclass(frozen=True, slots=True)
class Drivers:
    """
    All predictors in the order given; `n` responses had an answer to all of them and to the outcome.

    `conditional` (Shapley only) is each predictor's mean gain in R² in models of 1, 2, … predictors, rows in the
    order of `drivers`.
    """

    drivers: tuple[Driver, ...]
    r2: float
    adjusted_r2: float
    n: int
    weighting: Weighting
    conditional: tuple[tuple[float, ...], ...] | None = None


def drivers(
    predictors: ArrayLike,
    outcome: ArrayLike,
    *,
    names: Sequence[str],
    weighting: Weighting = Weighting.RELATIVE,
    confidence: float = 0.95,
) -> Drivers | Absent:
    """
    Divide the R² of outcome, shape (responses,), among predictors, shape (responses, predictors); NaN = blank.

    Responses with a blank are left out. Relative weights: Johnson (2000). Shapley: the mean gain over all orders
    (Lindeman, Merenda & Gold 1980; general dominance, Azen & Budescu 2003), up to 15 predictors. Absent with fewer
    than 30 responses, too many predictors for them, or a constant outcome or a constant or collinear predictor, named.
    """
    x, y = answer_matrix(predictors), answer_column(outcome)
    if len(x) != len(y) or x.shape[1] != len(names):
        raise ValueError(f"{x.shape} predictors do not fit {len(y)} outcomes and {len(names)} names")
    complete = ~(np.isnan(x).any(axis=1) | np.isnan(y))
    x, y = x[complete], y[complete]
    refusal = _refusal(x, y, names, weighting)
    if refusal is not None:
        return refusal
    n, p = len(x), len(names)
    table: Floats = np.asarray(np.corrcoef(np.column_stack([x, y]), rowvar=False))
    between, with_outcome = table[:-1, :-1], table[:-1, -1]
    collinear = _collinear(between, names)
    if collinear:
        return Absent(Reason.COLLINEAR_PREDICTORS, names=collinear)
    conditional: Floats | None = None
    if weighting is Weighting.SHAPLEY:
        conditional = _conditional_dominance(_all_r2(between, with_outcome), p)
        weights = conditional.mean(axis=1)
    else:
        weights = _relative_weights(between, with_outcome)
    r2 = min(float(weights.sum()), 1.0)
    found = tuple(
        Driver(
            name=name,
            weight=float(weight),
            share=float(weight) / r2 if r2 > 1e-12 else Absent(Reason.NO_VARIANCE),
            r=float(r),
            r_interval=_fisher(float(r), n, confidence),
        )
        for name, weight, r in zip(names, weights, with_outcome, strict=True)
    )
    rows = None if conditional is None else tuple(tuple(float(gain) for gain in row) for row in conditional)
    return Drivers(found, r2, 1 - (1 - r2) * (n - 1) / (n - p - 1), n, weighting, rows)


def _refusal(x: Floats, y: Floats, names: Sequence[str], weighting: Weighting) -> Absent | None:
    n, p = len(x), len(names)
    if p == 0:
        return Absent(Reason.NO_PREDICTORS)
    if n < FEWEST_ANSWERS:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=FEWEST_ANSWERS, have=n)
    if n < p + 2:  # with p = n − 1 any answers fit perfectly
        return Absent(Reason.MORE_PREDICTORS_THAN_ANSWERS, needs=p + 2, have=n)
    if weighting is Weighting.SHAPLEY and p > MOST_SHAPLEY_PREDICTORS:
        return Absent(Reason.TOO_MANY_PREDICTORS, needs=MOST_SHAPLEY_PREDICTORS, have=p)
    if _hardly_varies(y[:, None])[0]:
        return Absent(Reason.CONSTANT_OUTCOME)
    constant = tuple(name for name, still in zip(names, _hardly_varies(x), strict=True) if still)
    return Absent(Reason.CONSTANT_PREDICTOR, names=constant) if constant else None


def _hardly_varies(columns: Floats) -> list[bool]:
    """Constant but for rounding, such as a mean of three equal answers."""
    spread, size = np.ptp(columns, axis=0), np.abs(columns).max(axis=0)
    return [bool(still) for still in spread <= 1e-10 * size]


def _collinear(between: Floats, names: Sequence[str]) -> tuple[str, ...]:
    """Predictors that a linear combination ties together, by the directions in which nothing varies."""
    eigenvalues, directions = np.linalg.eigh(between)
    flat = directions[:, eigenvalues < COLLINEAR]
    return tuple(name for name, part in zip(names, (flat**2).sum(axis=1), strict=True) if part > 1e-6)


def _relative_weights(between: Floats, with_outcome: Floats) -> Floats:
    """Johnson (2000): regress on the closest orthogonal variables, carry the squared weights back."""
    eigenvalues, directions = np.linalg.eigh(between)
    root = (directions * np.sqrt(eigenvalues)) @ directions.T
    weights: Floats = root**2 @ np.linalg.solve(root, with_outcome) ** 2
    return weights


def _all_r2(between: Floats, with_outcome: Floats) -> Floats:
    """R² of every subset of predictors, indexed by bit mask, shape (2**predictors,)."""
    p = len(with_outcome)
    masks = np.arange(2**p)
    member = (masks[:, None] >> np.arange(p)) & 1
    sizes = member.sum(axis=1)
    r2 = np.zeros(2**p)
    for size in range(1, p + 1):
        of_size = masks[sizes == size]
        chosen = np.nonzero(member[of_size])[1].reshape(-1, size)
        right = with_outcome[chosen]
        inside = between[chosen[:, :, None], chosen[:, None, :]]
        r2[of_size] = (right * np.linalg.solve(inside, right[:, :, None])[:, :, 0]).sum(axis=1)
    return r2


def _conditional_dominance(r2: Floats, p: int) -> Floats:
    """Mean gain in R² by adding each predictor to the subsets of 0, 1, … others, shape (predictors, predictors)."""
    masks = np.arange(2**p)
    sizes = ((masks[:, None] >> np.arange(p)) & 1).sum(axis=1)
    gains = np.empty((p, p))
    for predictor in range(p):
        without = masks[(masks >> predictor) & 1 == 0]
        gain = r2[without | (1 << predictor)] - r2[without]
        gains[predictor] = np.bincount(sizes[without], gain, minlength=p) / np.bincount(sizes[without], minlength=p)
    return gains


def _fisher(r: float, n: int, confidence: float) -> Interval | Absent:
    if abs(r) > COMPLETE_FIT:
        return Absent(Reason.NO_VARIANCE)
    reach = float(special.ndtri(1 - (1 - confidence) / 2)) / np.sqrt(n - 3)
    centre = np.arctanh(r)
    return Interval(float(np.tanh(centre - reach)), float(np.tanh(centre + reach)), confidence)
