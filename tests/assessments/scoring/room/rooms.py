"""Votes of rooms: written down briefly, or drawn."""

from collections.abc import Mapping, Sequence

import numpy as np

from assessments.scoring.room.populations import CANT_SAY, RoomVotes, VoteRow
from assessments.scoring.room.results import VoteKind

SCALES = {
    VoteKind.RATE: (1, 7),
    VoteKind.DOTS: (0, 5),
    VoteKind.RANKING: (1, 4),
    VoteKind.LINKS: (-3, 3),
    VoteKind.BET: (0, 100),
}
Given = Mapping[str, int | None] | Sequence[int | None]


def votes_of(
    *rounds: Given, item: str = "a", groups: Mapping[str, str] | None = None, counted: Mapping[int, Sequence[str]] = {}
) -> RoomVotes:
    """Votes on one item in rounds 1, 2, …, by person or of persons "0", "1", …; None = can't say."""
    groups = groups or {}
    rows = [
        VoteRow(
            seat=person,
            round=number,
            item=item,
            value=CANT_SAY if value is None else value,
            counted=person in counted.get(number, ()),
            group=groups.get(person),
        )
        for number, given in enumerate(rounds, 1)
        for person, value in by_person(given).items()
    ]
    return RoomVotes.of(rows, items=[item], groups=sorted(set(groups.values())))


def by_person(given: Given) -> dict[str, int | None]:
    return dict(given) if isinstance(given, Mapping) else {str(place): value for place, value in enumerate(given)}


def sheets_of(*rounds: Mapping[str, Mapping[str, int]], items: str, groups: Mapping[str, str] = {}) -> RoomVotes:
    """Dots or orders of options named by one letter each, by round and person."""
    rows = [
        VoteRow(seat=person, round=number, item=item, value=value, group=groups.get(person))
        for number, sheets in enumerate(rounds, 1)
        for person, sheet in sheets.items()
        for item, value in sheet.items()
    ]
    return RoomVotes.of(rows, items=list(items), groups=sorted(set(groups.values())))


def room(
    kind: VoteKind,
    *,
    seats: int,
    items: int,
    rounds: int,
    groups: int = 0,
    often: float = 0.8,
    seed: int = 0,
    cant_say: float = 0.05,
) -> RoomVotes:
    """Votes drawn at random; `often` is the share of seats that take part in a round, then on all items."""
    rng = np.random.default_rng(seed)
    grid = np.meshgrid(np.arange(seats), np.arange(1, rounds + 1), np.arange(items), indexing="ij")
    there = np.repeat(rng.random(seats * rounds) < often, items)
    seat, number, item = (axis.ravel()[there] for axis in grid)
    lowest, highest = SCALES[kind]
    value = rng.integers(lowest, highest + 1, len(seat))
    value[rng.random(len(seat)) < cant_say] = CANT_SAY
    return RoomVotes(
        items=tuple("abcdefghij"[:items]),
        groups=tuple("pqrstuvw"[:groups]),
        seat=seat,
        round=number,
        item=item,
        value=value,
        confidence=rng.integers(-1, 6, len(seat)),
        delay=rng.integers(-1, 3, len(seat)),
        counted=np.zeros(len(seat), dtype=np.bool_),
        group=seat % groups if groups else np.full(len(seat), -1),
    )
