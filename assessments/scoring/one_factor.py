"""Maximum-likelihood factor analysis with one factor."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Floats

LOWEST_UNIQUENESS = 0.005
MAX_STEPS = 200
GRADIENT_ZERO = 1e-7


@dataclass(frozen=True, slots=True)
class OneFactor:
    """Standardised loadings, shape (items,), summing to at least 0; `boundary` marks a Heywood case."""

    loadings: Floats
    boundary: bool


@dataclass(frozen=True, slots=True)
class _Point:
    value: float
    gradient: Floats
    hessian: Floats
    loadings: Floats


def fit_one_factor(correlations: Floats) -> OneFactor | Absent:
    """
    One-factor ML of a correlation matrix, shape (items, items), at least three items.

    Minimises Jöreskog's (1967) discrepancy over the log uniquenesses by a projected Newton method with exact second
    derivatives; uniquenesses stay at or above 0.005, as in R's factanal. Duplicated items (a singular matrix) end at
    that bound; an indefinite matrix, which only pairwise deletion can produce, is absent.
    """
    if len(correlations) == 3 and (exact := _of_three(correlations)) is not None:
        return exact
    smallest = float(np.linalg.eigvalsh(correlations)[0])
    if smallest < -1e-8:
        return Absent(Reason.INCONSISTENT_COVARIANCES)
    if (
        smallest < 1e-8
    ):  # the likelihood of a singular matrix is unbounded; a ridge far below rounding of answers bounds it
        correlations = (correlations + 1e-6 * np.eye(len(correlations))) / (1 + 1e-6)
    low, high = np.log(LOWEST_UNIQUENESS), 0.0
    inverse_diagonal = np.diag(np.linalg.inv(correlations))
    x = np.clip(np.log((1 - 0.5 / len(correlations)) / inverse_diagonal), low, high)
    point = _evaluate(correlations, x)
    for _ in range(MAX_STEPS):
        held = ((x <= low) & (point.gradient > 0)) | ((x >= high) & (point.gradient < 0))
        free = ~held
        if not free.any() or float(np.abs(point.gradient[free]).max()) < GRADIENT_ZERO:
            return _oriented(point.loadings, boundary=bool((x <= low + 1e-6).any()))
        step = np.zeros_like(x)
        step[free] = -_solve(point, free)
        promised = -float(point.gradient @ step)
        x, point, moved = _search(correlations, x, point, step, low, high)
        if not moved:  # near a singular matrix rounding hides the last bit of descent
            if promised < 1e-7:
                return _oriented(point.loadings, boundary=bool((x <= low + 1e-6).any()))
            break
    return Absent(Reason.NO_CONVERGENCE)


def _of_three(correlations: Floats) -> OneFactor | None:
    """Three items determine their loadings: where all uniquenesses are inside the bounds the discrepancy is 0 there."""
    one, two, three = float(correlations[0, 1]), float(correlations[0, 2]), float(correlations[1, 2])
    if one * two * three <= 0.0:
        return None
    squares = np.array([one * two / three, one * three / two, two * three / one])
    if squares.max() >= 1 - LOWEST_UNIQUENESS:
        return None
    # the first item's sign is free; the others follow from their correlations with it
    loadings: Floats = np.sqrt(squares) * np.array([1.0, np.sign(one), np.sign(two)])
    return _oriented(loadings, boundary=False)


def _evaluate(correlations: Floats, x: Floats) -> _Point:
    """Discrepancy, gradient and Hessian in x = log uniqueness; one factor, the rest are residual directions."""
    scale = np.exp(-x / 2)
    theta, omega = np.linalg.eigh(correlations * np.outer(scale, scale))
    first, rest = theta[-1], np.clip(theta[:-1], 1e-12, None)
    axis, others = omega[:, -1], omega[:, :-1]
    value = float((rest - np.log(rest) - 1).sum())
    gradient = (others**2) @ (1 - rest)
    bend = (rest - 1) * (rest + first) / np.minimum(rest - first, -1e-12)
    hessian = (others @ others.T) * ((others * rest) @ others.T) + np.outer(axis, axis) * ((others * bend) @ others.T)
    loadings = axis * np.sqrt(max(float(first) - 1, 0.0)) / scale
    return _Point(value, gradient, hessian, loadings)


def _solve(point: _Point, free: NDArray[np.bool_]) -> Floats:
    """Newton direction with every curvature taken as positive, so that it points downhill and leaves saddles."""
    curvature, axes = np.linalg.eigh(point.hessian[np.ix_(free, free)])
    return np.asarray(axes @ ((axes.T @ point.gradient[free]) / np.maximum(np.abs(curvature), 1e-9)))


def _search(
    correlations: Floats, x: Floats, point: _Point, step: Floats, low: float, high: float
) -> tuple[Floats, _Point, bool]:
    """Halve the projected step until the discrepancy falls."""
    size = min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-300))
    for _ in range(40):
        trial = np.clip(x + size * step, low, high)
        there = _evaluate(correlations, trial)
        if there.value < point.value + 1e-4 * float(point.gradient @ (trial - x)):
            return trial, there, True
        size /= 2
    return x, point, False


def _oriented(loadings: Floats, *, boundary: bool) -> OneFactor:
    return OneFactor(loadings if loadings.sum() >= 0 else -loadings, boundary)
