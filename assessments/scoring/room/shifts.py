"""How the votes on one scale moved from one revealed result to the next, and whether they have settled (rule R5)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assessments.scoring.absent import Absent
from assessments.scoring.concordance import weighted_kappa
from assessments.scoring.covariance import Floats
from assessments.scoring.room.results import Shift

SUBSTANTIAL_KAPPA = 0.61
"""κ from here on is substantial (Landis & Koch 1977)."""
KEPT = 0.85
"""Fewer than 15 % changing is a settled vote (Scheibe, Skutsch & Schofer 1975)."""


def shift_of(before: Floats, after: Floats, *, since: int, lowest: int, highest: int, k: int) -> Shift | None:
    """
    From the votes before to those after, shape (people,), the same people in both, NaN = no vote.

    What compares each person with themselves is left out where fewer than k voted both times, or where a few, more
    than nobody but fewer than k, have a vote in only one of the two. None where nobody voted in one of them.
    """
    voted_before, voted_after = ~np.isnan(before), ~np.isnan(after)
    both = voted_before & voted_after
    if not voted_before.any() or not voted_after.any():
        return None
    earlier, later = (np.quantile(votes[~np.isnan(votes)], [0.25, 0.5, 0.75]) for votes in (before, after))
    shift = Shift(
        since=since,
        median_change=float(later[1] - earlier[1]),
        iqr_change=float((later[2] - later[0]) - (earlier[2] - earlier[0])),
    )
    paired = int(both.sum())
    alone = (int((voted_before & ~both).sum()), int((voted_after & ~both).sum()))
    if paired < k or any(0 < count < k for count in alone):
        return shift
    kappa = weighted_kappa(before, after, levels=highest - lowest + 1, lowest=lowest)
    kept = float((before[both] == after[both]).mean())
    return replace(shift, paired=paired, kept_share=kept, kappa=present(kappa))


def is_stable(shift: Shift, *, lowest: int, highest: int) -> bool:
    """
    Whether another vote is likely to say the same: median and IQR stayed, and people kept to what they had said.

    Stayed: moved by no more than half a level, or a twentieth of the range where that is more. Kept to it: κ of 0.61
    (Landis & Koch 1977) or 85 % the same vote (Scheibe, Skutsch & Schofer 1975: a change below 15 % is none), for κ
    is near 0 where nearly everyone votes alike. Where the paired votes are not shown, median and IQR decide alone.
    """
    tolerance = max(0.5, (highest - lowest) / 20)
    if abs(shift.median_change) > tolerance or abs(shift.iqr_change) > tolerance:
        return False
    if shift.kept_share is None:
        return True
    return shift.kept_share >= KEPT or (shift.kappa is not None and shift.kappa >= SUBSTANTIAL_KAPPA)


def present(value: float | Absent) -> float | None:
    return None if isinstance(value, Absent) else value
