"""Whose votes count in the result of a round, so that no two revealed results differ by a few people (rule D2).

A vote stands until its owner votes again. What is revealed changes in steps of at least k people: new people join a
result, and new votes replace old ones, only where at least k do so together; the others wait, and their earlier vote
goes on counting. With breakout groups that holds for each group that is shown, and for all that are not shown
together. A group that had to be withheld once stays withheld, since its part of the whole is known from then on.

The whole history is gone through again at every reveal: which groups were shown follows from the votes, and nothing
but the votes has to be kept. A person belongs to the group of their first vote, wherever they move to later.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.scoring.release import release

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
Integers = NDArray[np.int64]

CANT_SAY = -32768
NOT_GIVEN = -1
NOBODY = -1  # no vote of this person counts; also: a person without a group


class VoteRow(NamedTuple):
    """One stored vote. `item` and `group` are the caller's keys; `group` is None outside breakout groups."""

    seat: Hashable
    round: int
    item: str
    value: int
    confidence: int | None = None
    delay: int | None = None
    counted: bool = False
    group: Hashable | None = None


@dataclass(frozen=True)
class RoomVotes:
    """
    All votes of an activity's rounds; every array has shape (votes,), in any order.

    `seat`, `item` and `group` are places (0…); group −1: none. `value` −32768: can't say; `confidence` and `delay`
    −1: not given. `counted`: went into a result that was revealed. One vote for each seat, item and round.
    """

    items: tuple[str, ...]
    groups: tuple[str, ...]
    seat: Integers
    round: Integers
    item: Integers
    value: Integers
    confidence: Integers
    delay: Integers
    counted: Flags
    group: Integers

    @classmethod
    def of(cls, rows: Iterable[VoteRow], *, items: Sequence[str], groups: Sequence[Hashable] = ()) -> RoomVotes:
        """Stored votes in any order. Raises KeyError for a vote on an item that is not among `items`.

        `groups`: the breakouts whose results are shown apart, () where the activity is not by breakout.
        """
        place_of_item = {key: place for place, key in enumerate(items)}
        place_of_group = {key: place for place, key in enumerate(groups)}
        seats: dict[Hashable, int] = {}
        table = [
            (
                seats.setdefault(row.seat, len(seats)),
                row.round,
                place_of_item[row.item],
                row.value,
                NOT_GIVEN if row.confidence is None else row.confidence,
                NOT_GIVEN if row.delay is None else row.delay,
                row.counted,
                NOBODY if row.group is None else place_of_group.get(row.group, NOBODY),
            )
            for row in rows
        ]
        data = np.array(table, dtype=np.int64).reshape(-1, 8)
        seat, number, item, value, confidence, delay, counted, group = data.T
        return cls(
            items=tuple(items),
            groups=tuple(str(key) for key in groups),
            seat=seat,
            round=number,
            item=item,
            value=value,
            confidence=confidence,
            delay=delay,
            counted=counted.astype(np.bool_),
            group=group,
        )


@dataclass(frozen=True)
class Ballots:
    """
    What people gave at a time, one row for each person and round: a vote on an item, or a whole allocation or order.

    `given`, shape (ballots, numbers): whether the ballot has each number that is shown; the first is the vote itself
    (not "can't say"), others are what may be added to it, such as confidence.
    """

    seat: Integers
    round: Integers
    group: Integers
    given: Flags
    counted: Flags


@dataclass(frozen=True)
class Publication:
    """
    What may be shown after one round. Arrays over people are of shape (people,), people in the order of their seats.

    `row`: place of the ballot of each person that counts, −1 where none does. `numbers`: which numbers are shown for
    everybody, `group_numbers` (numbers, groups) for each group. `shown` is false where even the vote itself is
    withheld; then nothing changes, and the next result is compared with the last one that was shown.
    """

    round: int
    shown: bool
    row: Places
    waiting: Flags
    held: Flags
    numbers: Flags
    group_numbers: Flags


@dataclass(frozen=True)
class Publications:
    """The results of all rounds so far, oldest first; `group` (people,) is the group each person belongs to."""

    seats: Integers
    group: Integers
    rounds: tuple[Publication, ...]

    @property
    def now(self) -> Publication:
        return self.rounds[-1]

    @property
    def before(self) -> Publication | None:
        """The last result before this one in which there was anything to see."""
        return next((one for one in reversed(self.rounds[:-1]) if one.shown), None)


def publications(ballots: Ballots, *, rounds: Sequence[int], groups: int, k: int) -> Publications:
    """
    Go through the revealed `rounds`, ascending, the last being the one that is revealed now.

    ValueError for k below 1 or rounds that do not ascend. k = 1 (everybody speaks by name) withholds nothing.
    """
    if k < 1 or not rounds or list(rounds) != sorted(set(rounds)):
        raise ValueError("give a minimum of at least 1 and the revealed rounds in their order")
    order = np.argsort(ballots.round, kind="stable")
    seats, person = np.unique(ballots.seat, return_inverse=True)
    first = np.full(len(seats), len(order))
    np.minimum.at(first, person[order], np.arange(len(order)))
    group = ballots.group[order][first] if len(order) else np.zeros(0, dtype=np.int64)
    group = np.where((group >= 0) & (group < groups), group, NOBODY)
    room = _Room(ballots, order, person, group, groups=groups, k=k)
    return Publications(seats, group, tuple(room.reveal(number, last=number == rounds[-1]) for number in rounds))


class _Room:
    """What has been revealed so far, and which groups were withheld from it."""

    def __init__(self, ballots: Ballots, order: Places, person: Places, group: Integers, *, groups: int, k: int):
        self.ballots, self.order, self.person, self.group, self.k = ballots, order, person, group, k
        self.row = np.full(len(group), NOBODY, dtype=np.intp)
        self.hidden = np.zeros((ballots.given.shape[1], groups), dtype=np.bool_)

    def reveal(self, number: int, *, last: bool) -> Publication:
        in_time = self.ballots.round <= number
        if last:  # whatever the history says, what was revealed once does not leave the result
            revealed = self._latest(in_time & self.ballots.counted)
            self.row = np.where(self.row == NOBODY, revealed, self.row)
        latest = self._latest(in_time)
        row, waiting, held = self._stepped(latest)
        given = self.ballots.given[row] & (row != NOBODY)[:, None]
        numbers = given.sum(axis=0) >= self.k
        shown = bool(numbers[0])
        if shown:
            self.row = row
            visible = self._visible(row != NOBODY, given) & numbers[:, None]
        else:
            numbers, visible = np.zeros_like(numbers), np.zeros_like(self.hidden)
        return Publication(number, shown, row, waiting, held, numbers, visible)

    def _latest(self, which: Flags) -> Places:
        """The latest of the chosen ballots of each person."""
        place = np.full(len(self.group), NOBODY, dtype=np.intp)
        chosen = self.order[which[self.order]]
        rank = np.full(len(self.group), -1, dtype=np.intp)
        np.maximum.at(rank, self.person[chosen], np.arange(len(chosen)))
        has = rank >= 0
        place[has] = chosen[rank[has]]
        return place

    def _stepped(self, latest: Places) -> tuple[Places, Flags, Flags]:
        """Ballots that count now; who waits to be counted at all, and whose new vote waits."""
        released = self.row != NOBODY
        new, again = ~released & (latest != NOBODY), released & (latest != self.row)
        if not released.any():
            return latest, np.zeros_like(new), np.zeros_like(again)
        row = self.row.copy()
        hidden = self.hidden[0]
        apart = np.where((self.group != NOBODY) & ~np.append(hidden, True)[self.group], self.group, len(hidden))
        given = self.ballots.given[np.where(released, self.row, latest)]
        for part in np.unique(apart[new | again]):
            joining = self._joining(released, new & (apart == part), given)
            replaced = again & (apart == part)
            if replaced.sum() >= self.k:
                joining = joining | replaced
            row[joining] = latest[joining]
        return row, new & (row == NOBODY), again & (row == self.row)

    def _joining(self, released: Flags, new: Flags, given: Flags) -> Flags:
        """New people of one part who may be added to what the whole room has been shown."""
        if not new.any():
            return new
        asked = released | new
        step = release(np.zeros(int(asked.sum()), dtype=np.intp), released[asked], given[asked], groups=1, k=self.k)
        joining = np.zeros_like(new)
        joining[asked] = step.rows
        return joining & new

    def _visible(self, counted: Flags, given: Flags) -> Flags:
        """Which numbers of which groups are shown, shape (numbers, groups), remembering what is not."""
        if self.k == 1:
            return np.ones_like(self.hidden)
        people = self._per_group(counted)
        visible = np.zeros_like(self.hidden)
        for number, having in enumerate(given.T):
            sizes = self._per_group(having)
            measures = np.stack([people, sizes] if number == 0 else [sizes])
            allowed = ~self.hidden[number] & (visible[0] if number else True)
            visible[number] = groups_shown(measures, allowed, self.k)
            self.hidden[number] |= ~visible[number] & (measures[0, :-1] > 0)
        return visible

    def _per_group(self, who: Flags) -> Integers:
        """People per group, those without a group last."""
        groups = self.hidden.shape[1]
        return np.bincount(np.where(self.group == NOBODY, groups, self.group)[who], minlength=groups + 1)


def groups_shown(sizes: NDArray[np.integer], allowed: Flags, k: int) -> Flags:
    """
    Groups that may be shown beside the whole, shape (groups,): each has k or more, and those not shown 0 or k together.

    sizes, shape (measures, groups + 1): people of each group by each count that must hold, those without a group last.
    The smallest of the groups that could be shown is withheld as well until what is not shown is enough.
    """
    shown = allowed & (sizes[:, :-1] >= k).all(axis=0)
    while shown.any():
        rest = sizes.sum(axis=1) - sizes[:, :-1][:, shown].sum(axis=1)
        if ((rest == 0) | (rest >= k)).all():
            break
        candidates = np.flatnonzero(shown)
        shown[candidates[np.argmin(sizes[-1, candidates])]] = False
    return shown
