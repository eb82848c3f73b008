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
    valid: (n, m) whether a response has each of the m numbers that are shown while a wave is open.

    The new answers of a group join when nothing of the group was shown before, or when there are at least k of them
    and each number that was already shown gains none or at least k.
    """
    rows = released.copy()
    waiting = []
    for group in range(groups):
        members = group_index == group
        old, new = members & released, members & ~released
        gain, before = valid[new].sum(axis=0), valid[old].sum(axis=0)
        readable = (before >= k) & (gain > 0) & (gain < k)
        joins = not old.sum() >= k or (new.sum() >= k and not readable.any())
        if joins:
            rows |= new
        waiting.append(0 if joins else int(new.sum()))
    return Release(rows=rows, waiting=tuple(waiting))
