"""The votes of a room on one item of a scale: who counts, and the numbers of everybody and of each group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessments.scoring.absent import Absent
from assessments.scoring.covariance import Floats
from assessments.scoring.delphi import round_summary
from assessments.scoring.room.populations import (
    CANT_SAY,
    NOBODY,
    NOT_GIVEN,
    Ballots,
    Flags,
    Places,
    Publication,
    Publications,
    RoomVotes,
    groups_shown,
    publications,
)
from assessments.scoring.room.results import Shift, Spread, Turnout
from assessments.scoring.room.shifts import is_stable, present, shift_of

EVERYBODY = -1  # instead of the place of a group


@dataclass(frozen=True)
class Scale:
    """Whole numbers lowest…highest, and what is said of votes on it: from (people,), NaN = none, to their spread."""

    lowest: int
    highest: int
    spread: Callable[[Floats], Spread | None]


def spread_of(votes: ArrayLike, *, lowest: int, highest: int, agree_from: int | None = None) -> Spread | None:
    """Votes, shape (people,), NaN = can't say; None without a vote, ValueError for a vote off the scale."""
    found = round_summary(
        votes, lowest=lowest, highest=highest, agree_from=highest if agree_from is None else agree_from
    )
    if isinstance(found, Absent):
        return None
    return Spread(
        n=found.n,
        counts=found.counts,
        median=found.median,
        lower_quartile=found.lower_quartile,
        upper_quartile=found.upper_quartile,
        iqr=found.iqr,
        agree_share=None if agree_from is None else found.agree_share,
        consensus=present(found.consensus),
        agreement=present(found.agreement),
        polarization=present(found.polarization),
    )


class ScaleItem:
    """The votes on one item of a scale: who counts after each round, and the numbers of everybody or of a group."""

    def __init__(self, votes: RoomVotes, item: int, *, scale: Scale, rounds: tuple[int, ...], k: int):
        self.which = np.flatnonzero(votes.item == item)
        value = votes.value[self.which]
        self.votes = np.where(value == CANT_SAY, np.nan, value.astype(np.float64))
        self.confidence, self.delay = votes.confidence[self.which], votes.delay[self.which]
        voted = value != CANT_SAY
        given = [voted, voted & (self.confidence != NOT_GIVEN), voted & (self.delay != NOT_GIVEN)]
        ballots = Ballots(
            seat=votes.seat[self.which],
            round=votes.round[self.which],
            group=votes.group[self.which],
            given=np.stack(given, axis=1),
            counted=votes.counted[self.which],
        )
        self.scale, self.k, self.groups = scale, k, votes.groups
        self.history: Publications = publications(ballots, rounds=rounds, groups=len(votes.groups), k=k)
        self.round = ballots.round

    @property
    def now(self) -> Publication:
        return self.history.now

    def counted(self) -> Places:
        """Places, among all votes of the room, of the votes in this result; none where it is withheld."""
        return self.which[self.now.row[self.now.row != NOBODY]] if self.now.shown else self.which[:0]

    def shows(self, group: int, number: int = 0, *, then: Publication | None = None) -> bool:
        at = then or self.now
        if self.k == 1:
            return True
        return bool(at.numbers[number] if group == EVERYBODY else at.group_numbers[number, group])

    def values(self, of: NDArray[np.generic], publication: Publication, group: int) -> NDArray[np.float64]:
        """A column of the ballots that count, shape (people,), NaN where a person's does not or is of another group."""
        members = (publication.row != NOBODY) & ((group == EVERYBODY) | (self.history.group == group))
        return np.where(members, np.append(of.astype(np.float64), np.nan)[publication.row], np.nan)

    def turnout(self, group: int) -> Turnout:
        return turnout_of(self.history, self.round, self.votes, group)

    def spreads(self) -> dict[int, Spread | None]:
        """By group, EVERYBODY first, where it is shown."""
        places = (EVERYBODY, *range(len(self.groups)))
        return {
            group: self.scale.spread(self.values(self.votes, self.now, group)) for group in places if self.shows(group)
        }

    def shifts(self, spreads: dict[int, Spread | None]) -> dict[int, Shift]:
        """From the result before to this one, by group; those of `spreads` that were shown in both.

        None where new votes wait: that nothing moved would say something about the votes that are shown, not the room.
        """
        before = self.history.before
        if before is None:
            return {}
        found: dict[int, Shift] = {}
        for group, later in spreads.items():
            if later is None or not self.shows(group, then=before) or self.turnout(group).held:
                continue
            shift = shift_of(
                self.values(self.votes, before, group),
                self.values(self.votes, self.now, group),
                since=before.round,
                lowest=self.scale.lowest,
                highest=self.scale.highest,
                k=self.k,
            )
            if shift is not None:
                found[group] = shift
        return self._without_rest(found, before)

    def stable(self, shift: Shift | None) -> bool | None:
        return None if shift is None else is_stable(shift, lowest=self.scale.lowest, highest=self.scale.highest)

    def _without_rest(self, found: dict[int, Shift], before: Publication) -> dict[int, Shift]:
        """Pairs are shown for groups only where those of no shown group are nobody or enough (rule D2)."""
        whole = found.get(EVERYBODY)
        if whole is None or self.k == 1:
            return found
        groups = len(self.groups)
        pairs = ~np.isnan(self.values(self.votes, before, EVERYBODY))
        pairs &= ~np.isnan(self.values(self.votes, self.now, EVERYBODY))
        sizes = np.bincount(
            np.where(self.history.group == NOBODY, groups, self.history.group)[pairs], minlength=groups + 1
        )
        allowed: Flags = np.array(
            [group in found and found[group].paired is not None for group in range(groups)], dtype=np.bool_
        )
        shown = groups_shown(sizes.reshape(1, -1), allowed, self.k) & (whole.paired is not None)
        return {
            group: shift
            if group == EVERYBODY or shown[group]
            else replace(shift, paired=None, kept_share=None, kappa=None)
            for group, shift in found.items()
        }


def turnout_of(history: Publications, rounds: NDArray[np.int64], votes: Floats, group: int) -> Turnout:
    """People by where their answer comes from; `rounds` and `votes` (NaN: can't say), shape (ballots,)."""
    now = history.now
    members = np.ones(len(now.row), dtype=np.bool_) if group == EVERYBODY else history.group == group
    row = now.row[members & (now.row != NOBODY)]
    fresh = int((rounds[row] == now.round).sum())
    return Turnout(
        fresh=fresh,
        standing=len(row) - fresh,
        cant_say=int(np.isnan(votes[row]).sum()),
        waiting=int((now.waiting & members).sum()),
        held=int((now.held & members).sum()),
    )
