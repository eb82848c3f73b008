"""Bootstrap of facet means: what they might have been had other people of the same kind answered (rule S7)."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]

EXACT_UP_TO = 500  # responses of a group up to which counts are exactly multinomial
_CELLS = 1 << 20  # weights held at once: memory stays bounded however many answered

# A Poisson(1) count from one random byte: 256 entries with mean 1 and variance 1 exactly, third moment 4.98 of 5.
# Independent Poisson weights are the bootstrap for data too many to draw with replacement: Hanley & MacGibbon 2006,
# Creating non-parametric bootstrap samples using Poisson frequencies.
_POISSON = np.repeat(np.arange(6, dtype=np.float32), (94, 95, 46, 16, 4, 1))
# Two counts from two bytes in one look-up, carried as the eight bytes of a double.
_POISSON_PAIRS = np.stack(
    [_POISSON[np.arange(1 << 16) & 255], _POISSON[np.arange(1 << 16) >> 8]], axis=1
).copy().view(np.float64).ravel()  # fmt: skip


def generator(seed: int, name: str) -> np.random.Generator:
    """A stream of its own for each named part, so that adding a group leaves the draws of the others alone."""
    return np.random.Generator(np.random.SFC64([seed & 0xFFFFFFFFFFFFFFFF, zlib.crc32(name.encode())]))


def resampled_means(scores: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Means (draws × columns) of resampled rows of `scores` (responses × columns, NaN = missing).

    NaN where a draw holds no answer of a column. Exact multinomial counts for small groups, Poisson for large ones.
    """
    valid = ~np.isnan(scores)
    counts = valid.sum(axis=0)
    means = np.divide(np.where(valid, scores, 0.0).sum(axis=0), counts, out=np.zeros(len(counts)), where=counts > 0)
    # Columns with the same blanks share one count; most columns of a form do.
    patterns, which = _patterns(valid)
    # Deviations from the mean: single precision then costs nothing that could be seen.
    deviations = np.where(valid, scores - means, 0.0)
    table = np.ascontiguousarray(np.hstack([deviations, patterns]), dtype=np.float32)
    sums = _multinomial(table, draws, rng) if len(table) <= EXACT_UP_TO else _poisson(table, draws, rng)
    weight = sums[:, len(counts) :][:, which]
    drawn = np.full((draws, len(counts)), np.nan)
    np.divide(sums[:, : len(counts)], weight, out=drawn, where=weight > 0)
    result: Floats = drawn + means
    return result


def _patterns(valid: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], list[int]]:
    """The distinct columns, and which of them each column is."""
    places: dict[bytes, int] = {}
    which = [places.setdefault(column.tobytes(), len(places)) for column in np.packbits(valid, axis=0).T]
    first = [which.index(place) for place in range(len(places))]
    return valid[:, first], which


def _multinomial(table: Floats32, draws: int, rng: np.random.Generator) -> Floats:
    n = len(table)
    if n == 0:
        return np.zeros((draws, table.shape[1]))
    sums = np.empty((draws, table.shape[1]))
    step = max(1, _CELLS // n)
    for start in range(0, draws, step):
        rows = min(step, draws - start)
        picked = rng.integers(0, n, size=(rows, n), dtype=np.int32) + (np.arange(rows, dtype=np.int32) * n)[:, None]
        counts = np.bincount(picked.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float32)
        sums[start : start + rows] = counts @ table
    return sums


def _poisson(table: Floats32, draws: int, rng: np.random.Generator) -> Floats:
    sums = np.zeros((draws, table.shape[1]))
    step = max(2, _CELLS // max(draws, 1) // 2 * 2)
    for start in range(0, len(table), step):
        part = table[start : start + step]
        if len(part) % 2:
            part = np.vstack([part, np.zeros((1, part.shape[1]), dtype=np.float32)])
        pairs = np.frombuffer(rng.bytes(draws * len(part)), dtype=np.uint16)
        weights = np.take(_POISSON_PAIRS, pairs).view(np.float32).reshape(draws, len(part))
        sums += weights @ part
    return sums
