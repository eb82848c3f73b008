"""What differs beyond chance: change between waves and the gap between self and others (rules S9, S10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import answer_column
from assessments.scoring.estimate import Estimate, satterthwaite
from assessments.scoring.interval import Interval

NORMAL_95 = 1.96


class Verdict(StrEnum):
    """The words for a difference: its interval leaves zero out, or it does not."""

    CLEAR_CHANGE = "clear change"
    CLEAR_GAP = "clear gap"
    COULD_BE_CHANCE = "could be chance"


@dataclass(frozen=True, slots=True)
class Welch:
    """How sure a difference is: interval, Welch's t and df, two-sided p, and the words for it."""

    interval: Interval
    verdict: Verdict
    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class Difference:
    """
    `difference` = second − first, in the unit of the scores.

    `welch` is absent when a side rests on one answer, or nobody differs on either side. `left_out` names the groups
    that only one wave has.
    """

    first: float
    second: float
    difference: float
    welch: Welch | Absent
    n_first: int
    n_second: int
    left_out: tuple[str, ...] = ()


class Category(StrEnum):
    """What became of one person, judged against what measuring alone would bring about."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """
    Reliable change of linked people, in their order; people with a blank are left out of everything.

    `points_needed` is the smallest change beyond measurement error, in the unit of the scores. `cutoff_a` lies two
    sd beyond the first wave's mean in the direction of improvement; `recovered` improved and crossed it.
    """

    index: tuple[float, ...]
    categories: tuple[Category, ...]
    improved: int
    unchanged: int
    deteriorated: int
    recovered: int
    n: int
    points_needed: float
    cutoff_a: float
    mean_before: float
    sd_before: float
    reliability: float


def change(before: Estimate, after: Estimate, *, confidence: float = 0.95) -> Difference:
    """
    Change of a mean between two waves with Welch's (1947) interval (rule S10).

    The waves are taken as separate samples, since anonymous answers cannot be linked; where the same people answered
    twice the interval is too wide rather than too narrow.
    """
    return _difference(before, after, confidence, Verdict.CLEAR_CHANGE)


def change_of_group_means(
    before: Mapping[str, Estimate],
    after: Mapping[str, Estimate],
    *,
    weights: Mapping[str, float] | None = None,
    confidence: float = 0.95,
) -> Difference | Absent:
    """
    Change of the mean of group means over the groups of both waves (rules S4, S10); absent without a common group.

    A group of one wave only would shift the mean by who was asked; it is left out and named. `weights` must hold
    every common group.
    """
    common = [key for key in after if key in before]
    first = Estimate.of_group_means({key: before[key] for key in common}, weights)
    second = Estimate.of_group_means({key: after[key] for key in common}, weights)
    if isinstance(first, Absent) or isinstance(second, Absent):
        return Absent(Reason.NO_COMMON_GROUPS)
    left_out = tuple(sorted(before.keys() ^ after.keys()))
    return _difference(first, second, confidence, Verdict.CLEAR_CHANGE, left_out)


def self_other_gap(self_view: Estimate, others: Estimate, *, confidence: float = 0.95) -> Difference:
    """
    Self minus others with the interval of the difference (rule S9): `first` is the others' mean, `second` the self's.

    A single self-rating is no sample: it is what that leader says, so only the others' spread counts. With several
    leaders both sides are samples (Welch). For the stakeholder view pass `Estimate.of_group_means`.
    """
    own = Estimate(self_view.mean, 0.0, 0, self_view.n) if self_view.n == 1 else self_view
    return _difference(others, own, confidence, Verdict.CLEAR_GAP)


def reliable_change(
    before: ArrayLike, after: ArrayLike, *, reliability: float | Absent, higher_is_better: bool = True
) -> ReliableChange | Absent:
    """
    Reliable change index of linked scores, shapes (people,), NaN = missing (rule S10).

    (x₂−x₁)/(sd₁·√2·√(1−r)), reliable beyond ±1.96, Jacobson & Truax (1991); r is the scale's own reliability. Absent
    with fewer than two linked people, equal first scores, or a reliability that is absent or not inside 0…1.
    """
    first, second = answer_column(before), answer_column(after)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} scores before but {len(second)} after: link them by person")
    linked = ~(np.isnan(first) | np.isnan(second))
    first, second = first[linked], second[linked]
    n = len(first)
    if n < 2:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=n)
    if isinstance(reliability, Absent) or not 0 < reliability < 1:
        return Absent(Reason.UNUSABLE_RELIABILITY)
    if first.min() == first.max():
        return Absent(Reason.NO_VARIANCE)
    mean, sd = float(first.mean()), float(first.std(ddof=1))
    error = sd * sqrt(2) * sqrt(1 - reliability)
    sign = 1.0 if higher_is_better else -1.0
    index = (second - first) / error
    better = sign * index
    cutoff = mean + sign * 2 * sd
    improved, worse = better > NORMAL_95, better < -NORMAL_95
    crossed = (sign * (second - cutoff) > 0) & (sign * (first - cutoff) <= 0)
    categories = tuple(
        Category.IMPROVED if up else Category.DETERIORATED if down else Category.UNCHANGED
        for up, down in zip(improved, worse, strict=True)
    )
    return ReliableChange(
        index=tuple(float(value) for value in index),
        categories=categories,
        improved=int(improved.sum()),
        unchanged=n - int(improved.sum()) - int(worse.sum()),
        deteriorated=int(worse.sum()),
        recovered=int((improved & crossed).sum()),
        n=n,
        points_needed=NORMAL_95 * error,
        cutoff_a=cutoff,
        mean_before=mean,
        sd_before=sd,
        reliability=reliability,
    )


def _difference(
    first: Estimate, second: Estimate, confidence: float, clear: Verdict, left_out: tuple[str, ...] = ()
) -> Difference:
    welch = _welch(first, second, confidence, clear)
    return Difference(first.mean, second.mean, second.mean - first.mean, welch, first.n, second.n, left_out)


def _welch(first: Estimate, second: Estimate, confidence: float, clear: Verdict) -> Welch | Absent:
    if first.error_variance is None or second.error_variance is None:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=1)
    variance = first.error_variance + second.error_variance
    if variance == 0:
        return Absent(Reason.NO_VARIANCE)
    df = satterthwaite([(first.error_variance, first.df), (second.error_variance, second.df)])
    difference, error = second.mean - first.mean, sqrt(variance)
    reach = float(special.stdtrit(df, 1 - (1 - confidence) / 2)) * error
    interval = Interval(difference - reach, difference + reach, confidence)
    t = difference / error
    verdict = clear if interval.excludes(0.0) else Verdict.COULD_BE_CHANCE
    return Welch(interval, verdict, t, df, 2 * float(special.stdtr(df, -abs(t))))
