"""The table of what a workshop revealed: every kind of vote, groups, rounds, and what is withheld."""

from collections.abc import Sequence
from typing import Any

import pytest

from assessments.enums import ActivityKind, RoundState
from assessments.exports.workshop_csv import results_csv, rows
from assessments.models import Activity, Breakout, Round, Workshop
from assessments.models.activity_plans import BetPlan, Item, Option, RankingPlan
from assessments.selectors.minutes import minutes_material
from assessments.services.rounds import reveal_round
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
OPTIONS = (Option("a", "Farms"), Option("b", "Mills"))


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


def reveal(step: Activity, **given: Sequence[int]) -> None:
    """A round in which all seats of the workshop vote, in the order of their keys."""
    round = make_round(step)
    seats = list(step.workshop.seats.order_by("pk"))
    for item, values in given.items():
        vote(round, seats, list(values), item=item)
    for seat in seats:
        round.votes.filter(seat=seat).update(breakout=seat.breakout)
    reveal_round(round=round, by=None)
    Round.objects.filter(pk=round.pk).update(state=RoundState.DISCUSSED)


def cells(workshop: Workshop, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row.get(column, "") for column in columns) for row in rows(minutes_material(workshop))]


def test_each_round_with_its_shift(workshop: Workshop) -> None:
    make_seats(workshop, 6)
    step = make_activity(workshop)
    reveal(step, ready=[3, 4, 5, 6, 7, 8])
    reveal(step, ready=[5, 5, 5, 6, 7, 8])
    columns = ("round", "people", "counts", "median", "lower", "upper", "median_change", "kept", "stable")
    assert cells(workshop, *columns) == [
        ("1", "6", "0 0 1 1 1 1 1 1 0 0", "5.5", "4.25", "6.75", "", "", ""),
        ("2", "6", "0 0 0 0 3 1 1 1 0 0", "5.5", "5", "6.75", "0", "0.6667", "no"),
    ]


def test_a_small_group_is_withheld_with_nothing_else_in_its_row(workshop: Workshop) -> None:
    labels = {"North": 6, "South": 6, "West": 3, "East": 3}
    for place, (label, size) in enumerate(labels.items()):
        make_seats(workshop, size, breakout=Breakout.objects.create(workshop=workshop, label=label, position=place))
    reveal(make_activity(workshop, by_breakout=True), ready=[5] * 18)
    assert cells(workshop, "group", "shown", "people", "median", "counts") == [
        ("Everybody", "yes", "18", "5", "0 0 0 0 18 0 0 0 0 0"),
        ("North", "yes", "6", "5", "0 0 0 0 6 0 0 0 0 0"),
        ("South", "yes", "6", "5", "0 0 0 0 6 0 0 0 0 0"),
        ("West", "withheld", "", "", ""),
        ("East", "withheld", "", "", ""),
    ]


def test_an_order_and_a_bet(workshop: Workshop) -> None:
    make_seats(workshop, 5)
    reveal(make_activity(workshop, kind=ActivityKind.RANKING, plan=RankingPlan(options=OPTIONS)), a=[1] * 5, b=[2] * 5)
    plan = BetPlan(items=(Item(key="share", text="Share"),), outcomes={"share": 45})
    reveal(make_activity(workshop, kind=ActivityKind.BET, plan=plan), share=[20, 30, 40, 50, 60])
    columns = ("step", "kind", "question", "place", "mean_rank", "borda", "w", "median", "outcome", "median_error")
    assert cells(workshop, *columns) == [
        ("1", "Rank", "Farms", "1", "1", "5", "1", "1", "", ""),
        ("1", "Rank", "Mills", "2", "2", "0", "1", "2", "", ""),
        ("2", "Bet on a scenario", "Share", "", "", "", "", "40", "45", "-5"),
    ]


def test_nothing_revealed_is_a_header_alone(workshop: Workshop) -> None:
    seats = make_seats(workshop, 9)
    vote(make_round(make_activity(workshop)), seats, [7] * 9)
    text = results_csv(minutes_material(workshop)).decode("utf-8-sig")
    assert text.count("\r\n") == 1
    assert text.startswith("Step,Title,Kind,Round,Question,Group,Shown,People,")


@pytest.mark.parametrize("title", ["=1+1", "@cmd", "\t=1", "－1+1"])
def test_no_cell_is_a_formula(workshop: Workshop, title: str) -> None:
    make_seats(workshop, 5)
    reveal(make_activity(workshop, title=title), ready=[5] * 5)
    text: Any = results_csv(minutes_material(workshop)).decode("utf-8-sig")
    assert f"'{title}" in text
