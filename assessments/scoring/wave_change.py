"""How a score and the index moved between two waves, from their released numbers alone (rule S10)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.change import Difference as Compared
from assessments.scoring.change import change, change_of_group_means
from assessments.scoring.estimate import Estimate
from assessments.scoring.groups import rounded
from assessments.scoring.results import Cell, Difference, Headline, Index, Score

NORMAL_95 = 1.959964
NORMAL_90 = 1.644854


@dataclass(frozen=True, slots=True)
class Change:
    """Later minus earlier on 0–100. `left_out`: groups that only one of the waves shows, not compared."""

    difference: Difference
    left_out: tuple[str, ...] = ()


def score_change(before: Score, after: Score, *, headline: Headline, weights: Mapping[str, float]) -> Change:
    """Change of a score's headline between two waves, over the groups that both show (rules S4, S10).

    `headline` is that of the later wave; `weights` of its groups. Units and leaders are compared as one sample each.
    """
    first, second = _headline(before), _headline(after)
    if first.withheld or second.withheld:
        return Change(Difference(withheld=True))
    if first.value is None or second.value is None:
        return Change(Difference(reason=second.reason if second.value is None else first.reason))
    if headline != "group means" or not after.groups or second is not after.overall:
        return Change(_welch(change(_estimate(first), _estimate(second))))
    earlier = {key: _estimate(cell) for key, cell in before.groups.items() if cell.shown}
    later = {key: _estimate(cell) for key, cell in after.groups.items() if cell.shown}
    compared = change_of_group_means(earlier, later, weights={key: weights.get(key, 1.0) for key in later})
    if isinstance(compared, Absent):
        return Change(Difference(reason=compared.reason))
    return Change(_welch(compared), compared.left_out)


def own_change(before: Cell, after: Cell) -> Difference:
    """Change of one cell taken by itself: a group's own, or the leaders' own view."""
    if before.withheld or after.withheld:
        return Difference(withheld=True)
    if before.value is None or after.value is None:
        return Difference(reason=after.reason if after.value is None else before.reason)
    return _welch(change(_estimate(before), _estimate(after)))


def index_change(before: Index, after: Index) -> Difference:
    """Change of the index with an approximate 95 % interval from the two waves' Monte Carlo bands (rules S6, S7).

    A band's 5–95 % width stands for 2 × 1.645 standard errors, resampled answers and ways of counting together. The
    ways of counting are the same in both waves and partly cancel, so the interval is too wide rather than too narrow.
    """
    if before.value is None or after.value is None:
        return Difference(reason=after.reason if after.value is None else before.reason)
    value = after.value - before.value
    if before.band is None or after.band is None:
        return Difference(value=rounded(value), reason=Reason.TOO_FEW_ANSWERS)
    error = math.hypot(*((band.high - band.low) / (2 * NORMAL_90) for band in (before.band, after.band)))
    if error == 0:
        return Difference(value=rounded(value), reason=Reason.NO_VARIANCE)
    low, high = value - NORMAL_95 * error, value + NORMAL_95 * error
    return Difference(
        value=rounded(value), low=rounded(low), high=rounded(high), se=rounded(error), clear=low > 0 or high < 0
    )


def _headline(score: Score) -> Cell:
    """What the page shows of a score: over all groups, or the leaders' own view where nobody else was asked."""
    return score.own if score.overall.reason is Reason.NOT_ASKED and score.own.shown else score.overall


def _estimate(cell: Cell) -> Estimate:
    assert cell.value is not None
    known = cell.se is not None and cell.df is not None and (cell.se > 0 or cell.reason is Reason.ALL_EQUAL)
    return Estimate(cell.value, cell.se**2 if known and cell.se is not None else None, cell.df or 0.0, cell.n or 1)


def _welch(compared: Compared) -> Difference:
    if isinstance(compared.welch, Absent):
        reason = compared.welch.reason
        return Difference(value=rounded(compared.difference), reason=reason)
    interval = compared.welch.interval
    return Difference(
        value=rounded(compared.difference),
        low=rounded(interval.low),
        high=rounded(interval.high),
        df=rounded(compared.welch.df),
        clear=interval.excludes(0.0),
    )
