"""Dots on options and orders of options; what one person gives at a time, all dots or a whole order, is one vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.scoring.absent import Absent
from assessments.scoring.concordance import kendall_w
from assessments.scoring.covariance import Floats
from assessments.scoring.room.populations import (
    CANT_SAY,
    NOBODY,
    Ballots,
    Places,
    Publication,
    Publications,
    RoomVotes,
    publications,
)
from assessments.scoring.room.results import (
    DotsResults,
    Option,
    Order,
    RankedItem,
    RankingResults,
    Tally,
)
from assessments.scoring.room.scale_votes import EVERYBODY, turnout_of


@dataclass(frozen=True)
class Sheets:
    """
    All dots or orders given, one row for each person and round; `table`, shape (sheets, options), NaN = left empty.

    `sheet` (votes,) is the row each vote of the room is in.
    """

    history: Publications
    round: NDArray[np.int64]
    table: Floats
    sheet: Places

    @classmethod
    def of(cls, votes: RoomVotes, *, rounds: tuple[int, ...], k: int) -> Sheets:
        """A sheet on which nothing is chosen counts as "can't say"."""
        pair = np.stack([votes.seat, votes.round], axis=1)
        pairs, first, sheet = np.unique(pair, axis=0, return_index=True, return_inverse=True)
        sheet = sheet.reshape(-1)
        table = np.full((len(pairs), len(votes.items)), np.nan)
        chosen = (votes.value != CANT_SAY) & (votes.value > 0)
        table[sheet[chosen], votes.item[chosen]] = votes.value[chosen]
        counted = np.bincount(sheet[votes.counted], minlength=len(pairs)) > 0
        ballots = Ballots(
            seat=pairs[:, 0],
            round=pairs[:, 1],
            group=votes.group[first],
            given=~np.isnan(table).all(axis=1, keepdims=True),
            counted=counted,
        )
        return cls(publications(ballots, rounds=rounds, groups=len(votes.groups), k=k), pairs[:, 1], table, sheet)

    def shows(self, group: int, publication: Publication, k: int) -> bool:
        if k == 1:
            return True
        return bool(publication.numbers[0] if group == EVERYBODY else publication.group_numbers[0, group])

    def given(self, group: int, publication: Publication) -> Floats:
        """Sheets that count, without the empty ones, shape (people, options)."""
        members = (publication.row != NOBODY) & ((group == EVERYBODY) | (self.history.group == group))
        table = self.table[publication.row[members]]
        return np.asarray(table[~np.isnan(table).all(axis=1)])

    def before(self, group: int, k: int) -> tuple[int, Floats] | None:
        """Round and sheets of the result before, where there were any and the group was shown."""
        before = self.history.before
        if before is None or not self.shows(group, before, k):
            return None
        table = self.given(group, before)
        return (before.round, table) if len(table) else None

    def counted(self) -> Places:
        """Places of the votes in this result among all votes of the room; none where it is withheld."""
        now = self.history.now
        rows = now.row[now.row != NOBODY] if now.shown else now.row[:0]
        return np.flatnonzero(np.isin(self.sheet, rows))

    def blanks(self) -> Floats:
        """NaN for an empty sheet, shape (sheets,)."""
        return np.where(np.isnan(self.table).all(axis=1), np.nan, 1.0)


def dots_results(votes: RoomVotes, *, rounds: tuple[int, ...], k: int) -> tuple[DotsResults, Places]:
    """Dots on each option, and the places of the votes in them."""
    sheets = Sheets.of(votes, rounds=rounds, k=k)
    found = [
        _tally(sheets, votes.items, group, name, k)
        if sheets.shows(group, sheets.history.now, k)
        else Tally(group=name, withheld=True)
        for group, name in enumerate(("", *votes.groups), EVERYBODY)
    ]
    return DotsResults(rounds[-1], k, found[0], tuple(found[1:])), sheets.counted()


def ranking_results(votes: RoomVotes, *, rounds: tuple[int, ...], k: int) -> tuple[RankingResults, Places]:
    """The common order, and the places of the votes in it."""
    sheets = Sheets.of(votes, rounds=rounds, k=k)
    found = [
        _order(sheets, votes.items, group, name, k)
        if sheets.shows(group, sheets.history.now, k)
        else Order(group=name, withheld=True)
        for group, name in enumerate(("", *votes.groups), EVERYBODY)
    ]
    return RankingResults(rounds[-1], k, found[0], tuple(found[1:])), sheets.counted()


def places(points: ArrayLike) -> tuple[int, ...]:
    """1 for the most points; equal points share a place and the next places are left out (1, 2, 2, 4)."""
    values = np.asarray(points, dtype=np.float64)
    return tuple(int(place) for place in 1 + (values[None, :] > values[:, None]).sum(axis=1))


def mid_ranks(values: ArrayLike) -> Floats:
    """
    Ranks within each row, shape (people, items), 1 = smallest; equal values share the mean of their ranks.

    NaN is largest: what somebody left out of an order is tied at its end.
    """
    table = np.asarray(values, dtype=np.float64)
    table = np.where(np.isnan(table), np.inf, table)
    below = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    equal = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    return np.asarray(below + (equal + 1) / 2, dtype=np.float64)


def spearman_rho(one: ArrayLike, other: ArrayLike) -> float | None:
    """Spearman's ρ with mid-ranks (1904); None where either has fewer than two different values."""
    if np.size(one) < 2:
        return None
    first, second = mid_ranks(np.atleast_2d(one))[0], mid_ranks(np.atleast_2d(other))[0]
    first, second = first - first.mean(), second - second.mean()
    scale = float(first @ first) * float(second @ second)
    return _within_one(float(first @ second) / scale**0.5) if scale > 0 else None


def kendall_tau(one: ArrayLike, other: ArrayLike) -> float | None:
    """Kendall's τ-b, corrected for ties (Kendall 1945); None where either has fewer than two different values."""
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    rows, columns = np.triu_indices(len(first), 1)
    signs = np.sign(first[rows] - first[columns]), np.sign(second[rows] - second[columns])
    scale = float(np.abs(signs[0]).sum()) * float(np.abs(signs[1]).sum())
    return _within_one(float(signs[0] @ signs[1]) / scale**0.5) if scale > 0 else None


def _tally(sheets: Sheets, items: tuple[str, ...], group: int, name: str, k: int) -> Tally:
    turnout = turnout_of(sheets.history, sheets.round, sheets.blanks(), group)
    table = sheets.given(group, sheets.history.now)
    if len(table) == 0:
        return Tally(group=name, turnout=turnout, dots=0)
    before = sheets.before(group, k)
    dots, shares = _dots(table)
    changes = None if before is None else shares - _dots(before[1])[1]
    voters = (~np.isnan(table)).sum(axis=0)
    order = places(dots)
    return Tally(
        group=name,
        turnout=turnout,
        dots=int(dots.sum()),
        options=tuple(
            Option(
                item=item,
                dots=int(dots[place]),
                share=float(shares[place]),
                voters=int(voters[place]),
                place=order[place],
                share_change=None if changes is None else float(changes[place]),
            )
            for place, item in enumerate(items)
        ),
        since=None if before is None else before[0],
    )


def _dots(table: Floats) -> tuple[Floats, Floats]:
    dots = np.nansum(table, axis=0)
    return dots, np.asarray(dots / dots.sum())


def _order(sheets: Sheets, items: tuple[str, ...], group: int, name: str, k: int) -> Order:
    turnout = turnout_of(sheets.history, sheets.round, sheets.blanks(), group)
    table = sheets.given(group, sheets.history.now)
    if len(table) == 0:
        return Order(group=name, turnout=turnout)
    before = None if turnout.held else sheets.before(group, k)
    ranks, earlier = mid_ranks(table), None if before is None else mid_ranks(before[1])
    lower, median, upper = np.quantile(ranks, [0.25, 0.5, 0.75], axis=0)
    borda = (len(items) - ranks).sum(axis=0)
    order, order_before = places(borda), None if earlier is None else places((len(items) - earlier).sum(axis=0))
    w = kendall_w(ranks)
    return Order(
        group=name,
        turnout=turnout,
        items=tuple(
            RankedItem(
                item=item,
                mean_rank=float(ranks[:, place].mean()),
                lower_quartile=float(lower[place]),
                median=float(median[place]),
                upper_quartile=float(upper[place]),
                borda=float(borda[place]),
                place=order[place],
                place_before=None if order_before is None else order_before[place],
            )
            for place, item in enumerate(items)
        ),
        w=None if isinstance(w, Absent) else w.w,
        p=None if isinstance(w, Absent) else w.p,
        since=None if before is None else before[0],
        tau=None if earlier is None else kendall_tau(earlier.mean(axis=0), ranks.mean(axis=0)),
        rho=None if earlier is None else spearman_rho(earlier.mean(axis=0), ranks.mean(axis=0)),
    )


def _within_one(value: float) -> float:
    return min(max(value, -1.0), 1.0)
