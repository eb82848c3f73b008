"""Up to four scenarios side by side, and the list of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from assessments.dashboards.scenarios.page import LeverLine, finding_of, lever_lines
from assessments.enums import ScenarioState
from assessments.models import Scenario
from assessments.selectors.scenario_records import basis_of, levers_of, ran_of
from ecosystems.numerals import interval, number, signed

MOST: Final = 4


@dataclass(frozen=True)
class Card:
    """A scenario in the list; `finding` is '' before it has run."""

    scenario: Scenario
    levers: tuple[LeverLine, ...]
    finding: str
    is_done: bool
    guesses: int


@dataclass(frozen=True)
class Move:
    change: str
    band: str
    agree: str
    """Share of draws that agree on the direction; '' where no draw moves the dimension."""


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    moves: tuple[Move | None, ...]


@dataclass(frozen=True)
class Comparison:
    cards: tuple[Card, ...]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]


def card_of(scenario: Scenario) -> Card:
    ran = ran_of(scenario.result)
    return Card(
        scenario=scenario,
        levers=lever_lines(levers_of(scenario.levers)),
        finding=finding_of(basis_of(scenario.basis), ran) if ran else "",
        is_done=scenario.state == ScenarioState.DONE,
        guesses=len({bet.by_id for bet in scenario.bets.all()}),
    )


def comparison_of(scenarios: Sequence[Scenario]) -> Comparison:
    """The dimensions as rows, in the order of the first scenario that has them."""
    bases, runs = [basis_of(one.basis) for one in scenarios], [ran_of(one.result) for one in scenarios]
    names = {dimension.code: dimension.name for basis in reversed(bases) for dimension in basis.dimensions}
    order = {dimension.code: None for basis in bases for dimension in basis.dimensions}
    rows = []
    for code in order:
        moved = [ran.of(code) if ran else None for ran in runs]
        moves = tuple(
            Move(
                signed(one.change.median, 1),
                interval(one.change.low, one.change.high, 1, sign=True),
                f"{number(100 * one.agree)} %" if one.change.low or one.change.high else "",
            )
            if one
            else None
            for one in moved
        )
        rows.append(Row(code, names[code], moves))
    warnings = []
    if len({one.wave_id for one in scenarios}) > 1:
        warnings.append(_("They start from different waves, so a difference may come from the scores."))
    if len({one.rule for one in scenarios}) > 1:
        warnings.append(_("They were run by different rules, so a difference may come from the rule."))
    if len({basis.links for basis in bases}) > 1 or len({_named(basis.factors) for basis in bases}) > 1:
        warnings.append(_("The map changed between them, so a difference may come from the map."))
    return Comparison(tuple(card_of(one) for one in scenarios), tuple(rows), tuple(warnings))


def _named(factors: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(getattr(factor, "key", "")) for factor in factors)
