"""Votes of small rooms, written down briefly."""

from collections.abc import Mapping, Sequence

from assessments.scoring.room.populations import CANT_SAY, RoomVotes, VoteRow

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
