"""Do the people of one group see it alike? r_WG, r_WG(J), r*_WG(J) and AD_M for every group at once (rule R4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.covariance import Counts, Floats, answer_matrix

SLIGHT_SKEW = {5: 1.34, 6: 1.85, 7: 2.90, 8: 3.47, 9: 5.66, 10: 6.30, 11: 7.31}


class Null(StrEnum):
    """The answers of people who do not look: any level equally often, or slightly skewed to one side."""

    UNIFORM = "uniform"
    SLIGHT_SKEW = "slight_skew"


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """
    Agreement inside one group on the items of one facet.

    r_WG(J) and r*_WG(J) are stored raw: below 0, `worse_than_chance` is set. `ad_m`, the mean distance from the item
    mean, is in levels of the answer scale. `n` people answered at least one of the items.
    """

    n: int
    rwg_j: float | Absent
    rwg_star: float
    ad_m: float
    mean_variance: float
    worse_than_chance: bool


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """
    Agreement of all groups as arrays, groups first; NaN marks an absent figure and never leaves through `group`.

    `n`: (groups,) people with at least one answer; `item_n`, `variances` (n−1), `rwg`, `ad_items`: (groups, items);
    `rwg_j`, `rwg_star`, `ad_m`, `mean_variance`: (groups,). An item answered by fewer than two people of a group
    counts nowhere in that group.
    """

    n: Counts
    item_n: Counts
    variances: Floats
    rwg: Floats
    ad_items: Floats
    rwg_j: Floats
    rwg_star: Floats
    ad_m: Floats
    mean_variance: Floats
    null_variance: float

    def group(self, index: int) -> GroupAgreement | Absent:
        """One group's agreement; absent while no item has two answers."""
        mean_variance = float(self.mean_variance[index])
        if np.isnan(mean_variance):
            return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=int(self.item_n[index].max(initial=0)))
        rwg_j = float(self.rwg_j[index])
        return GroupAgreement(
            n=int(self.n[index]),
            rwg_j=Absent(Reason.BEYOND_CHANCE_LIMIT) if np.isnan(rwg_j) else rwg_j,
            rwg_star=float(self.rwg_star[index]),
            ad_m=float(self.ad_m[index]),
            mean_variance=mean_variance,
            worse_than_chance=mean_variance > self.null_variance,
        )

    def against(self, null_variance: float) -> "AgreementTable":
        """The same answers held against another null, without going through them again."""
        return _table(self.n, self.item_n, self.variances, self.ad_items, null_variance)

    def item(self, index: int, item: int) -> float | Absent:
        """r_WG of one item in one group; below 0 they agree less than chance would."""
        value = float(self.rwg[index, item])
        return Absent(Reason.TOO_FEW_ANSWERS, needs=2, have=int(self.item_n[index, item])) if np.isnan(value) else value


def null_variance(levels: int, null: Null = Null.UNIFORM) -> float | Absent:
    """
    Variance expected by chance on a scale of `levels` steps, in squared levels.

    Uniform: (A²−1)/12, James, Demaree & Wolf (1984). Slight skew: the tabled values of LeBreton & Senter (2008) for
    5 to 11 levels; there is none for other scales.
    """
    if levels < 2:
        return Absent(Reason.TOO_FEW_LEVELS, needs=2, have=levels)
    if null is Null.UNIFORM:
        return (levels**2 - 1) / 12
    return SLIGHT_SKEW.get(levels, Absent(Reason.NO_PUBLISHED_NULL, have=levels))


def agreement(
    answers: ArrayLike, group: ArrayLike, *, groups: int, levels: int, null: Null = Null.UNIFORM
) -> AgreementTable | Absent:
    """
    Within-group agreement of raw answers, shape (responses, items), NaN = blank (rule R4).

    `group` holds 0…groups−1 for each response, or −1 for a response that belongs to none. `levels` is the number of
    steps of the answer scale, whose answers are one apart; items may start at different lowest answers.

    With s̄² the mean item variance, σ² the null's and q = s̄²/σ²: r_WG = 1−s²/σ², r_WG(J) = J(1−q)/(J(1−q)+q) (James,
    Demaree & Wolf 1984), r*_WG(J) = 1−q (Lindell, Brandt & Whitney 1999), AD_M (Burke, Finkelstein & Dusig 1999).
    From q ≥ J/(J−1) on r_WG(J) turns round and would praise quarrels: it is absent there; r*_WG(J) stays.
    """
    expected = null_variance(levels, null)
    if isinstance(expected, Absent):
        return expected
    measured = spread(answers, group, groups=groups)
    return measured.table(range(measured.given.shape[0]), levels=levels, null=null)


@dataclass(frozen=True, slots=True)
class Spread:
    """
    How far apart the answers to each item are inside each group; many scales can be made of the same items.

    `given`: (items, responses), what was answered; `index`: (responses,) their groups; `reach`: (items,) highest minus
    lowest answer. The rest as in `AgreementTable`.
    """

    given: NDArray[np.bool_]
    index: Counts
    reach: Floats
    item_n: Counts
    variances: Floats
    ad_items: Floats

    def table(self, items: Sequence[int], *, levels: int, null: Null = Null.UNIFORM) -> AgreementTable | Absent:
        """Agreement on the scale that these items make; ValueError for answers that do not fit `levels` steps."""
        expected = null_variance(levels, null)
        if isinstance(expected, Absent):
            return expected
        chosen = list(items)
        if (self.reach[chosen] > levels - 1).any():
            raise ValueError(f"answers {self.reach[chosen].max():g} apart do not fit a scale of {levels} levels")
        answered = (
            np.logical_or.reduce([self.given[item] for item in chosen]) if chosen else np.zeros(0, dtype=np.bool_)
        )
        n = (
            np.bincount(self.index[answered], minlength=len(self.item_n))
            if chosen
            else np.zeros_like(self.item_n[:, 0])
        )
        return _table(n, self.item_n[:, chosen], self.variances[:, chosen], self.ad_items[:, chosen], expected)


def spread(answers: ArrayLike, group: ArrayLike, *, groups: int) -> Spread:
    """Raw answers, shape (responses, items), NaN = blank, and their groups as in `agreement`."""
    matrix = answer_matrix(answers)
    index = np.asarray(group, dtype=np.int64)
    if index.shape != (matrix.shape[0],):
        raise ValueError(f"{index.size} group indices for {matrix.shape[0]} responses")
    if index.size and index.max() >= groups:
        raise ValueError(f"group index {index.max()} but only {groups} groups")
    if (index < 0).any():
        matrix, index = matrix[index >= 0], index[index >= 0]
    columns = np.ascontiguousarray(matrix.T)
    reach = np.fmax.reduce(columns, axis=1, initial=-np.inf) - np.fmin.reduce(columns, axis=1, initial=np.inf)
    return Spread(~np.isnan(columns), index, reach, *_moments(columns, index, groups))


def _table(n: Counts, item_n: Counts, variances: Floats, ad_items: Floats, expected: float) -> AgreementTable:
    items = (item_n >= 2).sum(axis=1)
    mean_variance = _row_mean(variances, items)
    q = mean_variance / expected
    below = items - q * (items - 1)  # J(1−q) + q
    step_up = np.where(below > 0, items * (1 - q) / np.where(below > 0, below, 1.0), np.nan)
    return AgreementTable(
        n=n,
        item_n=item_n,
        variances=variances,
        rwg=1 - variances / expected,
        ad_items=ad_items,
        rwg_j=step_up,
        rwg_star=1 - q,
        ad_m=_row_mean(ad_items, items),
        mean_variance=mean_variance,
        null_variance=expected,
    )


def _moments(columns: Floats, index: Counts, groups: int) -> tuple[Counts, Floats, Floats]:
    """Answers, variance and mean absolute distance of each group and item; NaN below two answers."""
    shape = (groups, len(columns))
    item_n, squares, absolute = np.zeros(shape, dtype=np.int64), np.zeros(shape), np.zeros(shape)
    for item, answers in enumerate(columns):  # one item at a time stays in the processor's cache
        given = ~np.isnan(answers)
        column, at = (answers, index) if given.all() else (answers[given], index[given])
        n = np.bincount(at, minlength=groups)
        means = np.bincount(at, column, minlength=groups) / np.maximum(n, 1)
        distance = np.abs(column - means[at])
        item_n[:, item] = n
        absolute[:, item] = np.bincount(at, distance, minlength=groups)
        squares[:, item] = np.bincount(at, distance * distance, minlength=groups)
    counted = item_n >= 2
    variances = np.where(counted, squares / np.maximum(item_n - 1, 1), np.nan)
    return item_n, variances, np.where(counted, absolute / np.maximum(item_n, 1), np.nan)


def _row_mean(table: Floats, items: Counts) -> Floats:
    total = np.nansum(table, axis=1)
    return np.where(items > 0, total / np.maximum(items, 1), np.nan)
