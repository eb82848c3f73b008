"""Covariances of an answer matrix with blanks."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Moments:
    """
    Sums over the answers to pairs of items, from which covariances of any of the items follow.

    `given`: (items, responses), what was answered. `pairs`: answers to both; `sums[i, j]`, `squares[i, j]`: of item i,
    near its mean, over the responses that also answered j; `products`: of both. All (items, items).
    """

    given: NDArray[np.bool_]
    pairs: Floats
    sums: Floats
    squares: Floats
    products: Floats

    def covariance(self, items: Sequence[int]) -> Covariance | Absent:
        """Of these items, pairwise; absent with fewer than two answers behind any pair."""
        if not len(items):
            return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=0)
        table = np.ix_(items, items)
        pairs, sums = self.pairs[table], self.sums[table]
        n, smallest = int(np.logical_or.reduce(self.given[list(items)]).sum()), int(pairs.min())
        if smallest < 2:
            return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=smallest)
        covariances = (self.products[table] - sums * sums.T / pairs) / (pairs - 1)
        variances = (self.squares[table] - sums * sums / pairs) / (pairs - 1)
        return Covariance(covariances, _correlations(covariances, variances), n, smallest, Blanks.PAIRWISE)


def moments(answers: ArrayLike) -> Moments:
    """Of answers, shape (responses, items), NaN = blank."""
    columns = np.ascontiguousarray(answer_matrix(answers).T)  # sums along memory are several times faster
    given = ~np.isnan(columns)
    mask = given.astype(np.float64)
    pairs: Floats = mask @ mask.T
    shifted = np.where(given, columns, 0.0)
    shifted -= (shifted.sum(axis=1) / np.maximum(np.diag(pairs), 1.0))[:, None]  # so that squares keep their digits
    shifted *= mask
    still = np.fmax.reduce(columns, axis=1, initial=-np.inf) <= np.fmin.reduce(columns, axis=1, initial=np.inf)
    shifted[still] = 0.0  # a mean may miss its own equal values by a rounding
    return Moments(given, pairs, shifted @ mask.T, (shifted * shifted) @ mask.T, shifted @ shifted.T)


def covariance(answers: ArrayLike, *, blanks: Blanks = Blanks.PAIRWISE) -> Covariance | Absent:
    """Covariances of answers, shape (responses, items); absent with fewer than two answers behind any pair."""
    columns = np.ascontiguousarray(answer_matrix(answers).T)
    given = ~np.isnan(columns)
    complete = bool(given.all())
    if not complete and blanks is Blanks.LISTWISE:
        columns = columns[:, given.all(axis=0)]
        complete = True
    n = columns.shape[1] if complete else int(given.any(axis=0).sum())
    if n < 2 or not len(columns):
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=n)
    return _complete(columns, blanks) if complete else moments(columns.T).covariance(range(len(columns)))


def _complete(columns: Floats, blanks: Blanks) -> Covariance:
    n = columns.shape[1]
    centred = columns - columns.mean(axis=1, keepdims=True)
    centred[columns.max(axis=1) == columns.min(axis=1)] = 0.0
    covariances = centred @ centred.T / (n - 1)
    variances = np.broadcast_to(np.diag(covariances)[:, None], covariances.shape)
    return Covariance(covariances, _correlations(covariances, variances), n, n, blanks)


def _correlations(covariances: Floats, variances: Floats) -> Floats:
    """`variances[i, j]` is the variance of item i over the responses that also answered item j."""
    spread = np.sqrt(np.clip(variances * variances.T, 0.0, None))
    scale = np.sqrt(np.outer(np.diag(covariances), np.diag(covariances)))
    undefined = spread <= 1e-12 * np.maximum(scale, np.finfo(np.float64).tiny)
    correlations = np.clip(covariances / np.where(undefined, 1.0, spread), -1.0, 1.0)
    correlations[undefined] = np.nan
    np.fill_diagonal(correlations, np.where(np.diag(undefined), np.nan, 1.0))
    return correlations
