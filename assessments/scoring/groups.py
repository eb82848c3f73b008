"""A group's mean with its interval (rule S3), for a facet or for a weighted set of facets (rule S4)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from assessments.scoring.absent import Reason
from assessments.scoring.interval import Interval
from assessments.scoring.results import Cell, Difference

Floats = NDArray[np.float64]

DECIMALS = 9  # what a sum may lose to the order of its terms is cut off, so that recomputing gives identical numbers
_STILL = 1e-9  # a spread below this is rounding, not disagreement


def rounded(value: float) -> float:
    """Cut to the stored precision; −0 becomes 0."""
    return round(float(value), DECIMALS) + 0.0


def mean_cell(values: Floats) -> Cell:
    """Mean of one score per response on 0–100 with n, sd and 95 % t interval clipped to 0–100 (rule S3)."""
    return combined_cell(values.reshape(-1, 1), (1.0,))


def combined_cell(scores: Floats, weights: Sequence[float]) -> Cell:
    """Weighted mean of facet means (responses × facets, NaN = missing), facets nobody answered left out.

    n counts the responses with at least one of the facets. The standard error is that of the linearised mean:
    response i contributes Σ_f w_f·(x_if − m_f)/n_f, which for complete answers is exactly sd/√n.
    """
    weight = np.asarray(weights, dtype=np.float64)
    valid = ~np.isnan(scores)
    counts = valid.sum(axis=0)
    used = counts > 0
    if not used.any():
        return Cell(reason=Reason.NO_ANSWERS)
    scores, valid, counts = scores[:, used], valid[:, used], counts[used]
    share = weight[used] / weight[used].sum()
    filled = np.where(valid, scores, 0.0)
    means = filled.sum(axis=0) / counts
    influence = np.where(valid, filled - means, 0.0) @ (share / counts)
    n = int(valid.any(axis=1).sum())
    value = float(share @ means)
    if n < 2:
        return Cell(value=rounded(value), n=n, reason=Reason.SINGLE_ANSWER)
    se = math.sqrt(float(influence @ influence) * n / (n - 1))
    if se * math.sqrt(n) < _STILL:
        return Cell(value=rounded(value), n=n, sd=0.0, se=0.0, df=float(n - 1), reason=Reason.ALL_EQUAL)
    return with_interval(value, n=n, se=se, df=n - 1.0, sd=se * math.sqrt(n))


def with_interval(value: float, *, n: int, se: float, df: float, sd: float | None = None) -> Cell:
    """A cell with value ± t·se, clipped to 0–100; no interval where the standard error is 0."""
    if se < _STILL:
        return Cell(value=rounded(value), n=n, sd=sd, se=0.0, df=rounded(df), reason=Reason.ALL_EQUAL)
    half = t_quantile(df) * se
    return Cell(
        value=rounded(value),
        n=n,
        sd=None if sd is None else rounded(sd),
        se=rounded(se),
        df=rounded(df),
        low=rounded(max(0.0, value - half)),
        high=rounded(min(100.0, value + half)),
    )


def t_quantile(df: float, level: float = 0.95) -> float:
    return float(stdtrit(df, 0.5 + level / 2))


def difference(first: Cell, second: Cell) -> Difference:
    """First minus second with Welch's interval (rules S9, S10).

    One person's own score has no spread of its own: it counts as a fixed number, and the interval is the others'.
    """
    if first.withheld or second.withheld:
        return Difference(withheld=True)
    if first.value is None or second.value is None:
        return Difference(reason=first.reason if first.value is None else second.reason)
    value = first.value - second.value
    parts = [(cell.se, cell.df) for cell in (first, second) if cell.se and cell.df]
    se = math.hypot(*(part for part, _ in parts)) if parts else 0.0
    if se < _STILL:
        one_each = first.n == 1 and second.n == 1
        return Difference(value=rounded(value), reason=Reason.SINGLE_ANSWER if one_each else Reason.ALL_EQUAL)
    df = satterthwaite([part for part, _ in parts], [freedom for _, freedom in parts])
    half = t_quantile(df) * se
    low, high = value - half, value + half
    return Difference(
        value=rounded(value),
        low=rounded(low),
        high=rounded(high),
        se=rounded(se),
        df=rounded(df),
        clear=bool(low > 0 or high < 0),
    )


def satterthwaite(errors: Sequence[float], freedoms: Sequence[float]) -> float:
    """Degrees of freedom of a sum of independent means with these standard errors (Satterthwaite 1946, Welch 1947)."""
    squares = np.square(np.asarray(errors, dtype=np.float64))
    # Relative to the largest, so that very small errors do not vanish when squared twice.
    squares = squares / squares.max()
    return float(squares.sum() ** 2 / np.sum(squares**2 / np.asarray(freedoms, dtype=np.float64)))


def wilson(successes: int, n: int, level: float = 0.95) -> Interval | None:
    """Wilson's score interval of a proportion (Wilson 1927), as shares from 0 to 1; None without trials."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a proportion.")
    if n == 0:
        return None
    z = float(ndtri(0.5 + level / 2))
    share = successes / n
    scale = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, middle - half), min(1.0, middle + half), level)
