"""What a room guessed before a scenario was run, beside what the maps imply and what came."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Activity, Scenario
from assessments.scoring.room.results import Bet
from assessments.selectors.scenario_records import BasisDimension, Came, Ran, basis_of, came_of, ran_of
from assessments.selectors.scenario_rooms import RoomGuesses
from ecosystems.numerals import interval, number, signed


@dataclass(frozen=True)
class RoomRow:
    """One dimension; '' where something is not known. `n`, `median` and `half` are '' too where they are withheld."""

    code: str
    name: str
    withheld: bool
    n: str
    median: str
    half: str
    implied: str
    came: str


@dataclass(frozen=True)
class Room:
    """`rows` is empty where the room was not asked about whole dimensions."""

    step: Activity
    asked: str
    rows: tuple[RoomRow, ...]
    minimum: int
    has_come: bool


def room_of(scenario: Scenario, guesses: RoomGuesses) -> Room:
    basis, ran, came = basis_of(scenario.basis), ran_of(scenario.result), came_of(scenario.told_outcome)
    return Room(
        step=guesses.step,
        asked=_("Change by the next wave, in points") if guesses.are_changes else _("Where each score would stand"),
        rows=tuple(
            _row(dimension, guesses.by_dimension[dimension.code], guesses.are_changes, ran, came)
            for dimension in basis.dimensions
            if dimension.code in guesses.by_dimension
        ),
        minimum=guesses.minimum,
        has_come=came is not None,
    )


def _row(dimension: BasisDimension, bet: Bet, are_changes: bool, ran: Ran | None, came: Came | None) -> RoomRow:
    spread = None if bet.withheld else bet.spread
    return RoomRow(
        code=dimension.code,
        name=dimension.name,
        withheld=bet.withheld,
        n=f"{spread.n:,}" if spread else "",
        median=_told(spread.median, are_changes) if spread else "",
        half=interval(spread.lower_quartile, spread.upper_quartile, sign=are_changes) if spread else "",
        implied=_implied(dimension, are_changes, ran),
        came=_came(dimension, are_changes, came),
    )


def _implied(dimension: BasisDimension, are_changes: bool, ran: Ran | None) -> str:
    moved = ran.of(dimension.code) if ran else None
    if moved is None:
        return ""
    if are_changes:
        return signed(moved.change.median)
    if dimension.score is None:
        return ""
    return number(min(max(dimension.score + moved.change.median, 0.0), 100.0))


def _came(dimension: BasisDimension, are_changes: bool, came: Came | None) -> str:
    score = came.scores.get(dimension.code) if came else None
    if score is None or (are_changes and dimension.score is None):
        return ""
    return signed(score - (dimension.score or 0.0)) if are_changes else number(score)


def _told(value: float, are_changes: bool) -> str:
    return signed(value) if are_changes else number(value)
