"""How consistently the items of one facet measure: Cronbach's α and McDonald's ω (rules R1, R2)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Blanks, Covariance, Floats, answer_matrix, covariance
from assessments.scoring.interval import Interval
from assessments.scoring.one_factor import fit_one_factor

RELATIVE_ZERO = 1e-12


@dataclass(frozen=True, slots=True)
class Alpha:
    """
    Cronbach's α of keyed answers.

    `if_deleted` and `item_rest` follow the order of the items. `n` responses were used, `interval_n` of them carry
    the interval (pairwise: those behind the thinnest pair). `keying_error` says that α is negative, which is a
    valid value and nearly always an item keyed the wrong way round.
    """

    alpha: float
    interval: Interval
    standardised: float | Absent
    average_r: float | Absent
    if_deleted: tuple[float | Absent, ...]
    item_rest: tuple[float | Absent, ...]
    n: int
    interval_n: int
    items: int
    blanks: Blanks
    keying_error: bool


@dataclass(frozen=True, slots=True)
class Omega:
    """
    McDonald's ω from a one-factor model, over the observed variance of the total score.

    `loadings` are standardised, in the order of the items. `boundary` says that a unique variance ran into its
    lower bound (a Heywood case): ω is then a rough figure.
    """

    omega: float
    loadings: tuple[float, ...]
    n: int
    items: int
    blanks: Blanks
    boundary: bool


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """α and ω of one facet, from the same covariances."""

    alpha: Alpha | Absent
    omega: Omega | Absent


def scale_reliability(
    answers: ArrayLike, *, blanks: Blanks = Blanks.PAIRWISE, confidence: float = 0.95
) -> ScaleReliability:
    """α and ω of keyed answers, shape (responses, items), NaN = blank (rules R1, R2)."""
    return reliability_of(_item_covariance(answers, blanks), confidence=confidence)


def reliability_of(cov: Covariance | Absent, *, confidence: float = 0.95) -> ScaleReliability:
    """α and ω of the items whose covariances these are (rules R1, R2)."""
    if isinstance(cov, Absent):
        return ScaleReliability(cov, cov)
    return ScaleReliability(_alpha_of(cov, confidence), _omega_of(cov))


def cronbach_alpha(answers: ArrayLike, *, blanks: Blanks = Blanks.PAIRWISE, confidence: float = 0.95) -> Alpha | Absent:
    """
    Cronbach's α of keyed answers, shape (responses, items), NaN = blank (rule R1).

    α = k/(k−1)·(1 − Σσ²ᵢ/σ²_total), Cronbach (1951); interval 1 − (1−α)·F by Feldt (1965). Absent with fewer than two
    items or responses, when the total score does not vary, or when pairwise covariances contradict each other.
    """
    cov = _item_covariance(answers, blanks)
    return cov if isinstance(cov, Absent) else _alpha_of(cov, confidence)


def mcdonald_omega(answers: ArrayLike, *, blanks: Blanks = Blanks.PAIRWISE) -> Omega | Absent:
    """
    McDonald's ω of keyed answers, shape (responses, items), NaN = blank (rule R2).

    One-factor maximum likelihood; ω = (Σ loadings)² / observed variance of the total, McDonald (1999). Absent with
    fewer than three items (one factor is not identified), no more responses than items, a constant item, or pairwise
    covariances that contradict each other or the factor.
    """
    cov = _item_covariance(answers, blanks)
    return cov if isinstance(cov, Absent) else _omega_of(cov)


def _alpha_of(cov: Covariance, confidence: float) -> Alpha | Absent:
    matrix, items = cov.covariances, cov.covariances.shape[0]
    total, trace = float(matrix.sum()), float(np.trace(matrix))
    alpha = _alpha(trace, total, items)
    if isinstance(alpha, Absent):
        return alpha
    average_r = _average_r(cov)
    standardised: float | Absent = average_r
    if not isinstance(average_r, Absent):
        denominator = 1 + (items - 1) * average_r
        standardised = items * average_r / denominator if denominator > RELATIVE_ZERO else Absent(Reason.NO_VARIANCE)
    return Alpha(
        alpha=alpha,
        interval=_feldt(alpha, n=cov.smallest_n, items=items, confidence=confidence),
        standardised=standardised,
        average_r=average_r,
        if_deleted=_if_deleted(matrix),
        item_rest=_item_rest(matrix),
        n=cov.n,
        interval_n=cov.smallest_n,
        items=items,
        blanks=cov.blanks,
        keying_error=alpha < 0,
    )


def _omega_of(cov: Covariance) -> Omega | Absent:
    items = cov.covariances.shape[0]
    if items < 3:
        return Absent(Reason.TOO_FEW_ITEMS, needs=3, have=items)
    if cov.smallest_n <= items:  # fewer answers than dimensions: the likelihood has no maximum
        return Absent(Reason.TOO_FEW_ANSWERS, needs=items + 1, have=cov.smallest_n)
    total = float(cov.covariances.sum())
    if total <= RELATIVE_ZERO * float(np.abs(cov.covariances).sum()):
        return Absent(Reason.NO_VARIANCE)
    constant = _constant_items(cov)
    if constant:
        return Absent(Reason.CONSTANT_ITEM, names=constant)
    if np.isnan(cov.correlations).any():
        return Absent(Reason.INCONSISTENT_COVARIANCES)
    factor = fit_one_factor(cov.correlations)
    if isinstance(factor, Absent):
        return factor
    omega = float(factor.loadings @ np.sqrt(np.diag(cov.covariances))) ** 2 / total
    if omega > 1.01:  # the factor would explain more than there is; less is the play of the lowest uniqueness
        return Absent(Reason.INCONSISTENT_COVARIANCES)
    return Omega(
        omega=min(omega, 1.0),
        loadings=tuple(float(x) for x in factor.loadings),
        n=cov.n,
        items=items,
        blanks=cov.blanks,
        boundary=factor.boundary,
    )


def _constant_items(cov: Covariance) -> tuple[str, ...]:
    """Positions, from 0, of the items that everyone answered alike."""
    return tuple(str(i) for i in np.flatnonzero(np.isnan(np.diag(cov.correlations))))


def _item_covariance(answers: ArrayLike, blanks: Blanks) -> Covariance | Absent:
    matrix = answer_matrix(answers)
    if matrix.shape[1] < 2:
        return Absent(Reason.TOO_FEW_ITEMS, needs=2, have=matrix.shape[1])
    return covariance(matrix, blanks=blanks)


def _alpha(trace: float, total: float, items: int) -> float | Absent:
    if total <= RELATIVE_ZERO * trace:
        return Absent(Reason.NO_VARIANCE)
    alpha = items / (items - 1) * (1 - trace / total)
    if alpha > 1 + 1e-9:  # pairwise covariances can add up to more than any complete data could
        return Absent(Reason.INCONSISTENT_COVARIANCES)
    return min(alpha, 1.0)


def _feldt(alpha: float, *, n: int, items: int, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    df1, df2 = n - 1, (n - 1) * (items - 1)
    low = 1 - (1 - alpha) * float(special.fdtri(df1, df2, 1 - tail))
    high = 1 - (1 - alpha) * float(special.fdtri(df1, df2, tail))
    return Interval(low, high, confidence)


def _average_r(cov: Covariance) -> float | Absent:
    undefined = np.isnan(cov.correlations)
    if undefined.any():  # an item is constant, or is so among those who answered another one too
        blamed = _constant_items(cov) or tuple(str(i) for i in np.flatnonzero(undefined.any(axis=1)))
        return Absent(Reason.CONSTANT_ITEM, names=blamed)
    items = len(cov.correlations)
    return float(cov.correlations.sum() - items) / (items * (items - 1))


def _if_deleted(matrix: Floats) -> tuple[float | Absent, ...]:
    items = len(matrix)
    if items < 3:
        return (Absent(Reason.TOO_FEW_ITEMS, needs=3, have=items),) * items
    variances = np.diag(matrix)
    trace = variances.sum() - variances
    rest = _rest_variance(matrix)
    return tuple(_alpha(float(t), float(v), items - 1) for t, v in zip(trace, rest, strict=True))


def _item_rest(matrix: Floats) -> tuple[float | Absent, ...]:
    variances = np.diag(matrix)
    rest = _rest_variance(matrix)
    shared = matrix.sum(axis=1) - variances
    floor = RELATIVE_ZERO * max(float(variances.sum()), np.finfo(np.float64).tiny)
    triples: list[tuple[float, float, float]] = np.column_stack([shared, variances, rest]).tolist()
    return tuple(
        min(max(s / math.sqrt(v * r), -1.0), 1.0) if v > floor and r > floor else Absent(Reason.NO_VARIANCE)
        for s, v, r in triples
    )


def _rest_variance(matrix: Floats) -> Floats:
    """Variance of the sum of the other items, for each item."""
    rest: Floats = matrix.sum() - 2 * matrix.sum(axis=1) + np.diag(matrix)
    return rest
