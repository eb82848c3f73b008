"""Whether a feedback loop is strengthening, by the scores of its members (rule L3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import Literal

from assessments.scoring.absent import Reason
from assessments.scoring.groups import rounded
from assessments.scoring.results import Cell, Difference


class Trend(StrEnum):
    """Which way a loop went, where the interval leaves zero out; else it is holding."""

    STRENGTHENING = "strengthening"
    HOLDING = "holding"
    WEAKENING = "weakening"


@dataclass(frozen=True, slots=True)
class Member:
    """
    A factor of the loop: its score at each wave, oldest first, and its change between each two (rule S10).

    `direction` −1: the more of it, the weaker the loop. A factor without a facet has cells without a value.
    """

    key: str
    scores: tuple[Cell, ...]
    changes: tuple[Difference, ...]
    direction: Literal[-1, 1] = 1

    def __post_init__(self) -> None:
        if len(self.changes) != max(len(self.scores) - 1, 0):
            raise ValueError(f"{self.key}: {len(self.scores)} waves need one change fewer, not {len(self.changes)}")


@dataclass(frozen=True, slots=True)
class WaveHealth:
    """
    A loop at one wave. `level`: mean of its members, 0–100, those that work against it turned round.

    `change` is since the wave before, over the `compared` members alone, so that a member that comes or goes moves
    nothing; its trend is absent where that cannot be told. `absent` members have no score to show.
    """

    level: float | None
    absent: tuple[str, ...]
    change: Difference
    compared: tuple[str, ...]
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class LoopHealth:
    """
    A loop wave by wave, oldest first.

    `trend` is the latest, held for the last `waves` waves. `drag` is the member whose fall since the wave before pulls
    most, absent where none fell; `weakest` the one with the lowest score now.
    """

    waves: tuple[WaveHealth, ...]
    trend: Trend | None
    held: int
    drag: str | None
    weakest: str | None


def loop_health(members: Sequence[Member]) -> LoopHealth:
    """
    Health of a loop from its members' released scores and changes (rules L3, S10).

    The change is the mean of the members' changes, its interval the mean of their ends: the members *are* the loop, no
    sample of it, and the same people rate several, so errors are taken as going together. That is never too narrow,
    whatever they share (the standard error of a mean is at most the mean of the standard errors, by Minkowski).
    """
    if len({member.key for member in members}) < len(members):
        raise ValueError("a loop passes each member once")
    if len({len(member.scores) for member in members}) > 1:
        raise ValueError("every member needs a cell for every wave")
    number = len(members[0].scores) if members else 0
    waves = tuple(_wave(members, wave) for wave in range(number))
    trend = waves[-1].trend if waves else None
    held = 0
    while trend is not None and held < number and waves[-1 - held].trend is trend:
        held += 1
    return LoopHealth(waves, trend, held, _drag(members), _weakest(members))


def _wave(members: Sequence[Member], wave: int) -> WaveHealth:
    levels = [level for member in members if (level := _level(member, wave)) is not None]
    compared = [member for member in members if wave and member.changes[wave - 1].value is not None]
    change = _change(compared, wave - 1) if wave else Difference(reason=Reason.NEEDS_TWO_WAVES)
    return WaveHealth(
        level=rounded(fmean(levels)) if levels else None,
        absent=tuple(member.key for member in members if _level(member, wave) is None),
        change=change,
        compared=tuple(member.key for member in compared),
        trend=_trend(change),
    )


def _level(member: Member, wave: int) -> float | None:
    value = member.scores[wave].value
    if value is None or member.scores[wave].withheld:
        return None
    return value if member.direction > 0 else 100 - value


def _change(compared: Sequence[Member], step: int) -> Difference:
    if not compared:
        return Difference(reason=Reason.NO_COMMON_FACETS)
    found = [(member.direction, member.changes[step]) for member in compared]
    value = fmean(sign * (one.value or 0.0) for sign, one in found)
    ends = [
        (one.low, one.high) if sign > 0 else (-one.high, -one.low)
        for sign, one in found
        if one.low is not None and one.high is not None
    ]
    if len(ends) < len(found):
        reason = next(one.reason for _, one in found if one.low is None or one.high is None)
        return Difference(value=rounded(value), reason=reason)
    low, high = fmean(low for low, _ in ends), fmean(high for _, high in ends)
    return Difference(value=rounded(value), low=rounded(low), high=rounded(high), clear=low > 0 or high < 0)


def _trend(change: Difference) -> Trend | None:
    if change.value is None or change.low is None:
        return None
    if not change.clear:
        return Trend.HOLDING
    return Trend.STRENGTHENING if change.value > 0 else Trend.WEAKENING


def _drag(members: Sequence[Member]) -> str | None:
    falls = [
        (member.direction * value, member.key)
        for member in members
        if member.changes and (value := member.changes[-1].value) is not None and member.direction * value < 0
    ]
    return min(falls)[1] if falls else None


def _weakest(members: Sequence[Member]) -> str | None:
    levels = [(level, member.key) for member in members if member.scores and (level := _level(member, -1)) is not None]
    return min(levels)[1] if levels else None
