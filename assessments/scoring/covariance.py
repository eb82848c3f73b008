"""Covariances of an answer matrix with blanks."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.scoring.absent import Absent, Reason

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Blanks(StrEnum):
    """What happens to a response with a blank: its pairs still count, or the whole response is left out."""

    PAIRWISE = "pairwise"
    LISTWISE = "listwise"


@dataclass(frozen=True, slots=True)
class Covariance:
    """
    Item covariances (n−1) and correlations, shape (items, items).

    `n` responses were used; `smallest_n` is the number of answers behind the thinnest pair. A correlation with a
    constant item is NaN here; callers turn it into an `Absent`.
    """

    covariances: Floats
    correlations: Floats
    n: int
    smallest_n: int
    blanks: Blanks


def answer_matrix(answers: ArrayLike) -> Floats:
    """Answers as floats, shape (responses, items), NaN = blank; ValueError for another shape or an infinite answer."""
    matrix = np.asarray(answers, dtype=np.float64)
    if matrix.size == 0 and matrix.ndim < 2:
        matrix = matrix.reshape(0, 0)
    if matrix.ndim != 2:
        raise ValueError(f"answers must be a table of responses by items, not of {matrix.ndim} dimension(s)")
    if np.isinf(matrix).any():
        raise ValueError("answers must be finite; mark a blank as NaN")
    return matrix


def answer_column(answers: ArrayLike) -> Floats:
    """Like `answer_matrix` for one value a response, shape (responses,)."""
    column = np.asarray(answers, dtype=np.float64)
    if column.ndim != 1:
        raise ValueError(f"expected one value a response, not a table of {column.ndim} dimension(s)")
    if np.isinf(column).any():
        raise ValueError("answers must be finite; mark a blank as NaN")
    return column


def covariance(answers: ArrayLike, *, blanks: Blanks = Blanks.PAIRWISE) -> Covariance | Absent:
    """Covariances of answers, shape (responses, items); absent with fewer than two answers behind any pair."""
    columns = np.ascontiguousarray(answer_matrix(answers).T)  # sums along memory are several times faster
    given = ~np.isnan(columns)
    complete = bool(given.all())
    if not complete and blanks is Blanks.LISTWISE:
        columns = columns[:, given.all(axis=0)]
        complete = True
    n = columns.shape[1] if complete else int(given.any(axis=0).sum())
    if n < 2 or not len(columns):
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=n)
    return _complete(columns, blanks) if complete else _pairwise(columns, given, n)


def _complete(columns: Floats, blanks: Blanks) -> Covariance:
    n = columns.shape[1]
    centred = columns - columns.mean(axis=1, keepdims=True)
    centred[columns.max(axis=1) == columns.min(axis=1)] = 0.0  # a mean may miss its own equal values by a rounding
    covariances = centred @ centred.T / (n - 1)
    variances = np.broadcast_to(np.diag(covariances)[:, None], covariances.shape)
    return Covariance(covariances, _correlations(covariances, variances), n, n, blanks)


def _pairwise(columns: Floats, given: NDArray[np.bool_], n: int) -> Covariance | Absent:
    mask = given.astype(np.float64)
    pairs = mask @ mask.T
    smallest = int(pairs.min())
    if smallest < 2:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=smallest)
    shifted = np.where(given, columns, 0.0)
    shifted -= (shifted.sum(axis=1) / np.diag(pairs))[:, None]  # near the mean, so that squares keep their digits
    shifted *= mask
    shifted[np.fmax.reduce(columns, axis=1) == np.fmin.reduce(columns, axis=1)] = 0.0
    sums = shifted @ mask.T  # of the row's item over the responses that answered the column's item too
    covariances = (shifted @ shifted.T - sums * sums.T / pairs) / (pairs - 1)
    variances = ((shifted * shifted) @ mask.T - sums * sums / pairs) / (pairs - 1)
    return Covariance(covariances, _correlations(covariances, variances), n, smallest, Blanks.PAIRWISE)


def _correlations(covariances: Floats, variances: Floats) -> Floats:
    """`variances[i, j]` is the variance of item i over the responses that also answered item j."""
    spread = np.sqrt(np.clip(variances * variances.T, 0.0, None))
    scale = np.sqrt(np.outer(np.diag(covariances), np.diag(covariances)))
    undefined = spread <= 1e-12 * np.maximum(scale, np.finfo(np.float64).tiny)
    correlations = np.clip(covariances / np.where(undefined, 1.0, spread), -1.0, 1.0)
    correlations[undefined] = np.nan
    np.fill_diagonal(correlations, np.where(np.diag(undefined), np.nan, 1.0))
    return correlations
