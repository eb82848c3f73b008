"""One Delphi round in figures, and what moved between two rounds (rule R5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.concordance import weighted_kappa
from assessments.scoring.consensus import polarization, tastle_wierman_consensus, van_der_eijk_agreement
from assessments.scoring.covariance import Floats, answer_column


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """
    The votes of one round on a scale lowest…highest.

    `counts` per level, lowest first; quartiles interpolate between votes (type 7); `agree_share` of the votes lie
    at `agree_from` or above. `consensus` 0–1 (Tastle–Wierman), `agreement` −1–1 (van der Eijk), `polarization` 0–1.
    """

    n: int
    counts: tuple[int, ...]
    median: float
    lower_quartile: float
    upper_quartile: float
    iqr: float
    agree_share: float
    consensus: float | Absent
    agreement: float | Absent
    polarization: float | Absent


@dataclass(frozen=True, slots=True)
class RoundShift:
    """
    From one round to the next: changes of median and IQR in levels (negative IQR change: closer together).

    Over the `paired` seats that voted both times: `kept_share` kept their vote, `kappa` is the squared-weighted κ of
    the two votes. Rounds are stable when median and IQR stay and κ is high; what counts as high is the caller's.
    """

    median_change: float
    iqr_change: float
    n_before: int
    n_after: int
    paired: int
    kept_share: float | Absent
    kappa: float | Absent


def round_summary(votes: ArrayLike, *, lowest: int, highest: int, agree_from: int) -> RoundSummary | Absent:
    """Figures of one round from votes, shape (seats,), whole numbers lowest…highest, NaN = no vote."""
    if not lowest < highest:
        raise ValueError(f"a scale from {lowest} to {highest} has no levels to choose from")
    given = _votes(votes, lowest, highest)
    given = given[~np.isnan(given)]
    if len(given) == 0:
        return Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)
    counts = np.bincount((given - lowest).astype(np.int64), minlength=highest - lowest + 1)
    lower, median, upper = (float(q) for q in np.quantile(given, [0.25, 0.5, 0.75]))
    return RoundSummary(
        n=len(given),
        counts=tuple(int(count) for count in counts),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        iqr=upper - lower,
        agree_share=float((given >= agree_from).mean()),
        consensus=tastle_wierman_consensus(counts),
        agreement=van_der_eijk_agreement(counts),
        polarization=polarization(counts),
    )


def round_shift(before: ArrayLike, after: ArrayLike, *, lowest: int, highest: int) -> RoundShift | Absent:
    """Movement between two rounds of votes, each of shape (seats,) in the same order of seats, NaN = no vote."""
    first, second = _votes(before, lowest, highest), _votes(after, lowest, highest)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} seats before but {len(second)} after: give both rounds for all seats")
    earlier = round_summary(first, lowest=lowest, highest=highest, agree_from=highest)
    later = round_summary(second, lowest=lowest, highest=highest, agree_from=highest)
    if isinstance(earlier, Absent) or isinstance(later, Absent):
        return Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)
    both = ~(np.isnan(first) | np.isnan(second))
    paired = int(both.sum())
    kept = float((first[both] == second[both]).mean()) if paired else Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)
    return RoundShift(
        median_change=later.median - earlier.median,
        iqr_change=later.iqr - earlier.iqr,
        n_before=earlier.n,
        n_after=later.n,
        paired=paired,
        kept_share=kept,
        kappa=weighted_kappa(first, second, levels=highest - lowest + 1, lowest=lowest),
    )


def _votes(votes: ArrayLike, lowest: int, highest: int) -> Floats:
    given = answer_column(votes)
    cast = given[~np.isnan(given)]
    if ((cast < lowest) | (cast > highest) | (cast != np.round(cast))).any():
        raise ValueError(f"a vote must be a whole number from {lowest} to {highest}")
    return given
