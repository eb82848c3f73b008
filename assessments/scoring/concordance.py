"""Do raters order and rate the same things alike? Kendall's W, Krippendorff's α, weighted κ (rule R5)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Counts, Floats, answer_column, answer_matrix


class Metric(StrEnum):
    """How far apart two values are: same or not, by rank, or by their difference."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class KendallW:
    """W from 0 (no common order) to 1 (one order), corrected for ties, with its χ² test."""

    w: float
    chi2: float
    df: int
    p: float
    raters: int
    items: int


@dataclass(frozen=True, slots=True)
class KrippendorffAlpha:
    """1 = full agreement, 0 = as by chance, negative = systematic disagreement; over values that share a unit."""

    alpha: float
    units: int
    values: int
    metric: Metric


def kendall_w(ratings: ArrayLike) -> KendallW | Absent:
    """
    Kendall's W of ratings, shape (raters, items); a rater with a blank (NaN) is left out.

    W = 12·S/(m²(n³−n) − m·ΣT) with tie correction, χ² = m(n−1)W on n−1 degrees of freedom, Kendall & Babington Smith
    (1939). Absent with fewer than two raters or items, or when every rater ties every item.
    """
    matrix = answer_matrix(ratings)
    matrix = matrix[~np.isnan(matrix).any(axis=1)]
    m, n = len(matrix), int(matrix.shape[1])
    if n < 2:
        return Absent(Reason.TOO_FEW_ITEMS, needs=2, have=n)
    if m < 2:
        return Absent(Reason.TOO_FEW_RATERS, needs=2, have=m)
    ranks, ties = np.empty_like(matrix), 0
    for rater, row in enumerate(matrix):
        _, place, counts = np.unique(row, return_inverse=True, return_counts=True)
        ranks[rater] = (np.cumsum(counts) - (counts - 1) / 2)[place]
        ties += int((counts**3 - counts).sum())
    spread = m**2 * (n**3 - n) - m * ties
    if spread == 0:
        return Absent(Reason.NO_VARIANCE)
    totals = ranks.sum(axis=0)
    w = min(12 * float(((totals - m * (n + 1) / 2) ** 2).sum()) / spread, 1.0)
    chi2 = m * (n - 1) * w
    return KendallW(w, chi2, n - 1, float(special.chdtrc(n - 1, chi2)), m, n)


def krippendorff_alpha(ratings: ArrayLike, *, metric: Metric = Metric.ORDINAL) -> KrippendorffAlpha | Absent:
    """
    Krippendorff's α of ratings, shape (raters, units), NaN = not rated.

    1 − observed/expected disagreement over all pairs of values within a unit, Krippendorff (2011); a unit with a
    single value does not count. Absent without a pair, or when all values are the same (nothing to agree on).
    """
    matrix = answer_matrix(ratings)
    rated = (~np.isnan(matrix)).sum(axis=0)
    matrix = matrix[:, rated >= 2]
    given = ~np.isnan(matrix)
    units = int(matrix.shape[1])
    if units == 0:
        return Absent(Reason.TOO_FEW_RATERS, needs=2, have=int(rated.max(initial=0)))
    levels, place = np.unique(matrix[given], return_inverse=True)
    if len(levels) == 1:
        return Absent(Reason.NO_VARIANCE)
    unit = np.nonzero(given)[1]
    table = np.bincount(unit * len(levels) + place, minlength=units * len(levels)).reshape(units, len(levels))
    size = table.sum(axis=1)
    shared = table / (size - 1)[:, None]
    coincidences = shared.T @ table - np.diag(shared.sum(axis=0))
    totals = table.sum(axis=0)
    values = int(totals.sum())
    distance = _distances(levels, totals, metric)
    observed = float((coincidences * distance).sum())
    expected = float(totals @ distance @ totals) / (values - 1)
    return KrippendorffAlpha(1 - observed / expected, units, values, metric)


def weighted_kappa(before: ArrayLike, after: ArrayLike, *, levels: int, lowest: int = 1) -> float | Absent:
    """
    Cohen's κ with squared weights for the same people's answers twice, shape (people,), NaN = blank.

    `levels` steps of one from `lowest` on; pairs with a blank are left out. Fleiss & Cohen (1973). Absent without a
    pair, or when both times everyone gave one and the same answer.
    """
    first, second = answer_column(before), answer_column(after)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} answers before but {len(second)} after: pair them by person")
    paired = ~(np.isnan(first) | np.isnan(second))
    first, second = first[paired], second[paired]
    if len(first) == 0:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)
    steps = np.concatenate([first, second]) - lowest
    if steps.min() < 0 or steps.max() > levels - 1:
        raise ValueError(f"answers must lie between {lowest} and {lowest + levels - 1}")
    observed = float(((first - second) ** 2).mean())
    expected = float(first.var() + second.var() + (first.mean() - second.mean()) ** 2)
    return 1 - observed / expected if expected > 1e-12 else Absent(Reason.NO_VARIANCE)


def _distances(levels: Floats, totals: Counts, metric: Metric) -> Floats:
    """Squared distance of every two levels, shape (levels, levels)."""
    if metric is Metric.NOMINAL:
        return 1 - np.eye(len(levels))
    if metric is Metric.INTERVAL:
        return np.asarray((levels[:, None] - levels) ** 2)
    middle = np.cumsum(totals) - totals / 2  # the values between two levels and half of each of them
    return np.asarray((middle[:, None] - middle) ** 2)
