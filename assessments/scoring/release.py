"""Which responses count in what is shown next (rule D2): released populations differ by nothing or by at least k.

Whoever keeps two states of a live page could otherwise subtract one from the other and read a late answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Release:
    """`rows`: responses that count now; `waiting`: per group, answers that stay out until enough others join them."""

    rows: NDArray[np.bool_]
    waiting: tuple[int, ...]


def release(
    group_index: NDArray[np.intp],
    released: NDArray[np.bool_],
    valid: NDArray[np.bool_],
    *,
    groups: int,
    k: int,
) -> Release:
    """Add to what has been shown whatever can be added safely, group by group (rule D2).

    group_index: (n,) place of each response's group, 0…groups−1. released: (n,) counted in what was shown before.
    valid: (n, m) whether a response counts in each of m numbers: the facets (`facet_validity`), since what is shown
    while a wave is open is made of them.

    The new answers of a group join when nothing of the group was shown before, or when there are at least k of them
    and each number that was already shown gains none or at least k. Responses that stand in the way of the others,
    because they are among the few with a number, wait alone.
    """
    rows = released.copy()
    waiting = []
    for group in range(groups):
        members = group_index == group
        old, new = members & released, members & ~released
        joining = new if old.sum() < k else _joining(valid, new, valid[old].sum(axis=0) >= k, k)
        rows |= joining
        waiting.append(int(new.sum() - joining.sum()))
    return Release(rows=rows, waiting=tuple(waiting))


def _joining(valid: NDArray[np.bool_], new: NDArray[np.bool_], shown: NDArray[np.bool_], k: int) -> NDArray[np.bool_]:
    joining = new.copy()
    while joining.any():
        gain = valid[joining].sum(axis=0)
        readable = shown & (gain > 0) & (gain < k)
        if not readable.any():
            break
        joining &= ~valid[:, readable].any(axis=1)
    return joining if joining.sum() >= k else np.zeros_like(new)
