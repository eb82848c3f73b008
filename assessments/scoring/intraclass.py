"""How much of the answers lies between groups, and how alike raters rate: intraclass correlations (rule R3)."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import answer_column, answer_matrix
from assessments.scoring.interval import Interval


@dataclass(frozen=True, slots=True)
class GroupIcc:
    """
    ICC(1), the share of variance between groups, and ICC(2), the reliability of a group's mean.

    Both take N/k as group size (Bliese 2000); the `_k0` forms take the size corrected for unequal groups. Negative
    values are kept. ICC(2) is absent when the group means do not differ at all; `f` when nobody differs inside.
    """

    icc1: float
    icc2: float | Absent
    icc1_k0: float
    mean_square_between: float
    mean_square_within: float
    f: float | Absent
    p: float
    group_size: float
    group_size_k0: float
    groups: int
    n: int


@dataclass(frozen=True, slots=True)
class RaterIcc:
    """One Shrout–Fleiss form with its interval; p tests the value against 0."""

    value: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class RaterIccs:
    """
    The six forms of Shrout & Fleiss (1979) for `targets` all rated by the same number of `raters`.

    `one_way`: other raters for each target; `random`: raters are a sample, level differences count (agreement);
    `fixed`: these raters only, level differences do not count (consistency). `_mean`: for the mean of the raters. The
    random forms are absent where raters contradict each other so much that their interval has no meaning: without
    degrees of freedom, and for the mean from −1/(raters−1) down.
    """

    one_way: RaterIcc
    random: RaterIcc | Absent
    fixed: RaterIcc
    one_way_mean: RaterIcc
    random_mean: RaterIcc | Absent
    fixed_mean: RaterIcc
    targets: int
    raters: int


def group_icc(scores: ArrayLike, group: ArrayLike) -> GroupIcc | Absent:
    """
    ICC(1) and ICC(2) from a one-way ANOVA of scores, shape (responses,), NaN = blank (rule R3).

    `group` holds an integer for each response; a negative one leaves the response out. Absent with fewer than two
    groups, with nobody sharing a group, or without any variance.
    """
    values = answer_column(scores)
    index = np.asarray(group)
    if index.shape != values.shape:
        raise ValueError(f"{index.shape[0]} group indices for {values.shape[0]} scores")
    used = ~np.isnan(values) & (index >= 0)
    values, index = values[used], index[used].astype(np.int64)
    sizes = np.bincount(index).astype(np.float64) if index.size else np.zeros(0)
    index, sizes = (np.cumsum(sizes > 0) - 1)[index], sizes[sizes > 0]  # groups without answers are none
    groups, n = len(sizes), len(values)
    if groups < 2:
        return Absent(Reason.TOO_FEW_GROUPS, needs=2, have=groups)
    if n == groups:
        return Absent(Reason.ONLY_GROUPS_OF_ONE, needs=groups + 1, have=n)
    if values.min() == values.max():
        return Absent(Reason.NO_VARIANCE)
    values = values - values.mean()
    means = np.bincount(index, values) / sizes
    total = float(values @ values)
    within = _rounded_away(float(((values - means[index]) ** 2).sum()), total) / (n - groups)
    between = _rounded_away(float(sizes @ means**2), total) / (groups - 1)
    size, size_k0 = n / groups, (n - float(sizes @ sizes) / n) / (groups - 1)
    return GroupIcc(
        icc1=(between - within) / (between + (size - 1) * within),
        icc2=(between - within) / between if between > 0 else Absent(Reason.NO_VARIANCE),
        icc1_k0=(between - within) / (between + (size_k0 - 1) * within),
        mean_square_between=between,
        mean_square_within=within,
        f=between / within if within > 0 else Absent(Reason.NO_VARIANCE),
        p=_p(between, within, groups - 1, n - groups),
        group_size=size,
        group_size_k0=size_k0,
        groups=groups,
        n=n,
    )


def rater_iccs(ratings: ArrayLike, *, confidence: float = 0.95) -> RaterIccs | Absent:
    """
    Six intraclass correlations of ratings, shape (targets, raters) (rule R3).

    Targets with a blank (NaN) are left out. Formulas and intervals: Shrout & Fleiss (1979); ICC(2)'s interval with
    Satterthwaite degrees of freedom. Absent with fewer than two targets or raters, or when targets or residuals do
    not vary, for the intervals rest on both.
    """
    matrix = answer_matrix(ratings)
    if matrix.shape[1] < 2:
        return Absent(Reason.TOO_FEW_RATERS, needs=2, have=matrix.shape[1])
    matrix = matrix[~np.isnan(matrix).any(axis=1)]
    n, k = len(matrix), int(matrix.shape[1])
    if n < 2:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=n)
    matrix = matrix - matrix.mean()
    total = float((matrix**2).sum())
    rows, columns = matrix.mean(axis=1), matrix.mean(axis=0)
    residuals = matrix - rows[:, None] - columns
    between = _rounded_away(k * float(rows @ rows), total) / (n - 1)
    raters = _rounded_away(n * float(columns @ columns), total) / (k - 1)
    error = _rounded_away(float((residuals**2).sum()), total) / ((n - 1) * (k - 1))
    if between <= 0 or error <= 0:
        return Absent(Reason.NO_VARIANCE)
    within = (raters + (n - 1) * error) / n
    p_within = _p(between, within, n - 1, n * (k - 1))
    p_error = _p(between, error, n - 1, (n - 1) * (k - 1))
    level = 1 - (1 - confidence) / 2
    one_way = _f_bounds(between / within, n - 1, n * (k - 1), level)
    fixed = _f_bounds(between / error, n - 1, (n - 1) * (k - 1), level)
    random_icc = (between - error) / (between + (k - 1) * error + k * (raters - error) / n)
    bounds = _random_bounds(random_icc, between, raters, error, n, k, level)

    def of_one(ratio: float) -> float:
        return (ratio - 1) / (ratio + k - 1)

    def of_mean(ratio: float) -> float:
        return 1 - 1 / ratio

    def of_ratio(step: Callable[[float], float], noise: float, ratios: tuple[float, float], p: float) -> RaterIcc:
        return RaterIcc(step(between / noise), Interval(step(ratios[0]), step(ratios[1]), confidence), p)

    def mean_of_random(single: float) -> float:
        return k * single / (1 + (k - 1) * single)

    random: RaterIcc | Absent = Absent(Reason.BEYOND_CHANCE_LIMIT)
    random_mean: RaterIcc | Absent = Absent(Reason.BEYOND_CHANCE_LIMIT)
    if bounds is not None:
        random = RaterIcc(random_icc, Interval(*bounds, confidence), p_error)
        if bounds[0] > -1 / (k - 1):
            interval = Interval(mean_of_random(bounds[0]), mean_of_random(bounds[1]), confidence)
            random_mean = RaterIcc(mean_of_random(random_icc), interval, p_error)
    return RaterIccs(
        one_way=of_ratio(of_one, within, one_way, p_within),
        random=random,
        fixed=of_ratio(of_one, error, fixed, p_error),
        one_way_mean=of_ratio(of_mean, within, one_way, p_within),
        random_mean=random_mean,
        fixed_mean=of_ratio(of_mean, error, fixed, p_error),
        targets=n,
        raters=k,
    )


def _f_bounds(f: float, df1: float, df2: float, level: float) -> tuple[float, float]:
    return f / _f_quantile(df1, df2, level), f * _f_quantile(df2, df1, level)


def _f_quantile(df1: float, df2: float, level: float) -> float:
    return float(special.fdtri(df1, df2, level))


def _random_bounds(
    icc: float, between: float, raters: float, error: float, n: int, k: int, level: float
) -> tuple[float, float] | None:
    """Bounds of ICC(2) with Satterthwaite's df; None where so little is left of the df that F has no quantile."""
    ratio = raters / error
    spread = n * (1 + (k - 1) * icc) - k * icc
    df = (k - 1) * (n - 1) * (k * icc * ratio + spread) ** 2 / ((n - 1) * (k * icc * ratio) ** 2 + spread**2)
    upper, lower = _f_quantile(n - 1, df, level), _f_quantile(df, n - 1, level)
    pooled = k * raters + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * pooled + n * between)
    high = n * (lower * between - error) / (pooled + n * lower * between)
    if not (isfinite(low) and isfinite(high)):
        return None
    return min(low, icc), max(high, icc)  # with two or three targets the approximation can miss the value itself


def _rounded_away(part: float, total: float) -> float:
    """A sum of squares that is nothing but rounding is zero."""
    return part if part > 1e-13 * total else 0.0


def _p(between: float, within: float, df1: int, df2: int) -> float:
    return float(special.fdtrc(df1, df2, between / within)) if within > 0 else 0.0
