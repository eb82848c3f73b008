"""The votes on one item in one round, and how they are said in words and in a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from assessments.charts.cells import missing_cell, missing_words
from assessments.charts.spec import Cell, Look, Missing
from ecosystems.numerals import number


@dataclass(frozen=True, slots=True)
class Levels:
    """A scale of whole numbers; `low` and `high` say what its ends mean, or `names` what every level means."""

    lowest: int
    highest: int
    low: str = ""
    high: str = ""
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.highest <= self.lowest:
            raise ValueError(f"{self} has no two levels")
        if self.names and len(self.names) != len(self):
            raise ValueError(f"{self} names {len(self.names)} of {len(self)} levels")

    def __len__(self) -> int:
        return self.highest - self.lowest + 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.lowest, self.highest + 1))

    @property
    def ends(self) -> tuple[str, str]:
        """What the two ends mean, as it is written under the axis."""
        low, high = (self.names[0], self.names[-1]) if self.names else (self.low, self.high)
        return (f"{self.lowest} {low}" if low else "", f"{self.highest} {high}" if high else "")


@dataclass(frozen=True, slots=True)
class Votes:
    """`counts` by level; the median and the middle half (first and third quartile) are None where nobody rated."""

    counts: tuple[int, ...]
    median: float | None = None
    middle: tuple[float, float] | None = None
    cant_say: int = 0

    def __post_init__(self) -> None:
        if min((*self.counts, self.cant_say)) < 0:
            raise ValueError(f"{self} has a negative count")
        if not all(isfinite(v) for v in (self.median, *(self.middle or ())) if v is not None):
            raise ValueError(f"{self} holds a number that is not finite; pass None instead")

    @property
    def n(self) -> int:
        """How many gave a rating; “can’t say” is not one."""
        return sum(self.counts)


RoundVotes = Votes | Missing


def plain(value: float) -> str:
    """A median or quartile: `5`, `5.5`."""
    return number(value, 0 if value == int(value) else 1)


def said(name: str, votes: RoundVotes | None, levels: Levels, look: Look) -> str:
    """`Round 1: n 34, median 5, middle half 4 to 6, votes from 1 to 10: 0, 2, …`; empty for None."""
    if votes is None:
        return ""
    words, room = look.words, look.words.room
    if isinstance(votes, Missing):
        return f"{name}: {missing_words(votes, words)}"
    parts = [words.n.format(n=votes.n)]
    if votes.median is not None:
        parts.append(f"{room.median} {plain(votes.median)}")
    if votes.middle is not None:
        parts.append(f"{room.middle_half} {between(votes.middle, look)}")
    if votes.cant_say:
        parts.append(f"{words.cant_say} {votes.cant_say}")
    counts = ", ".join(map(str, votes.counts))
    parts.append(room.votes.format(low=levels.lowest, high=levels.highest, counts=counts))
    return f"{name}: {', '.join(parts)}"


def between(ends: tuple[float, float], look: Look) -> str:
    """`4 to 6`, or `5` where both ends are the same."""
    low, high = (plain(end) for end in ends)
    return low if low == high else look.words.range.format(low=low, high=high)


def columns(first: str, levels: Levels, look: Look) -> tuple[str, ...]:
    words, room = look.words, look.words.room
    return (first, *map(str, levels), words.cant_say, room.median, room.middle_half)


def cells(name: str, votes: RoundVotes, levels: Levels, look: Look) -> tuple[Cell, ...]:
    """One row of the table under `columns`."""
    if isinstance(votes, Missing):
        return (Cell(name), *[missing_cell(votes, look)] * (len(levels) + 3))
    return (
        Cell(name),
        *(Cell(str(count)) for count in (*votes.counts, votes.cant_say)),
        Cell("" if votes.median is None else plain(votes.median)),
        Cell("" if votes.middle is None else between(votes.middle, look)),
    )


def fits(votes: RoundVotes | None, levels: Levels) -> None:
    """Raises ValueError where the counts are not one for each level."""
    if isinstance(votes, Votes) and len(votes.counts) != len(levels):
        raise ValueError(f"{votes} does not count the {len(levels)} levels of {levels}")
