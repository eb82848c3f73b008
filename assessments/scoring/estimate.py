"""A mean with what is needed to compare it: its error variance, degrees of freedom and n."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import answer_column


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    A mean with the variance of that mean (its standard error squared) and its degrees of freedom.

    `n` answers stand behind it. `error_variance` is None when it cannot be estimated (one answer).
    """

    mean: float
    error_variance: float | None
    df: float
    n: int

    @classmethod
    def of(cls, scores: ArrayLike) -> "Estimate | Absent":
        """Mean of scores, shape (responses,), NaN = missing; absent without a score."""
        column = answer_column(scores)
        column = column[~np.isnan(column)]
        if len(column) == 0:
            return Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)
        if column.min() == column.max():
            return cls.from_moments(float(column[0]), 0.0, len(column))
        return cls.from_moments(float(column.mean()), float(column.std(ddof=1)), len(column))

    @classmethod
    def from_moments(cls, mean: float, sd: float, n: int) -> "Estimate":
        """From a stored mean, sd (n−1) and number of answers; the sd of a single answer is ignored."""
        if n < 1 or sd < 0:
            raise ValueError(f"a mean needs at least one answer and an sd of at least 0, not n={n}, sd={sd}")
        return cls(mean, sd**2 / n if n > 1 else None, n - 1, n)

    @classmethod
    def of_group_means(
        cls, groups: "Mapping[str, Estimate]", weights: Mapping[str, float] | None = None
    ) -> "Estimate | Absent":
        """
        Mean of group means, each group one voice unless weighted (rule S4), df by Satterthwaite (1946).

        `weights` must hold every group; a weight of 0 leaves a group out. Absent without a group that counts.
        """
        share = {key: 1.0 if weights is None else weights[key] for key in groups}
        if any(weight < 0 for weight in share.values()):
            raise ValueError("a group's weight cannot be negative")
        total = sum(share.values())
        counted = [(share[key] / total, group) for key, group in groups.items() if share[key] > 0]
        if not counted:
            return Absent(Reason.TOO_FEW_GROUPS, needs=1, have=0)
        mean, n = sum(part * group.mean for part, group in counted), sum(group.n for _, group in counted)
        known = [
            (part**2 * group.error_variance, group.df) for part, group in counted if group.error_variance is not None
        ]
        if len(known) < len(counted):
            return cls(mean, None, 0, n)
        return cls(mean, sum(variance for variance, _ in known), satterthwaite(known), n)


def satterthwaite(parts: Sequence[tuple[float, float]]) -> float:
    """Degrees of freedom of a sum of independent error variances, given as (variance, df); 0 when all are 0."""
    total = sum(variance for variance, _ in parts)
    if total == 0:
        return 0.0
    return 1 / sum((variance / total) ** 2 / df for variance, df in parts if variance > 0)
