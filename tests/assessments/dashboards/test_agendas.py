"""The agenda as its facilitators prepare it."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments.dashboards.agendas import agenda_of
from assessments.enums import ActivityKind
from assessments.models import Activity
from assessments.models.activity_plans import BetPlan, DotsPlan, IdeasPlan, Item, LinksPlan, Option, Pair, RankingPlan
from assessments.selectors.workshops import agenda_steps, opened_steps
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_workshop

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_times_add_up_and_skipped_steps_take_none(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", starts_at=NINE)
    for minutes, skipped in ((10, False), (30, True), (5, False)):
        make_activity(workshop, kind="talk", minutes=minutes, is_skipped=skipped, current=False)
    agenda = agenda_of(workshop, agenda_steps(workshop), frozenset())
    assert [row.minute for row in agenda.rows] == [0, 10, 10]
    assert [row.starts_at for row in agenda.rows] == [NINE, NINE + timedelta(minutes=10), NINE + timedelta(minutes=10)]
    assert (agenda.minutes, agenda.ends_at) == (15, NINE + timedelta(minutes=15))
    workshop.starts_at = None
    agenda = agenda_of(workshop, agenda_steps(workshop), frozenset())
    assert ({row.starts_at for row in agenda.rows}, agenda.ends_at) == ({None}, None)


def test_an_empty_agenda(ecosystem: Ecosystem) -> None:
    agenda = agenda_of(make_workshop(ecosystem, state="draft"), [], frozenset())
    assert (agenda.rows, agenda.minutes, agenda.gaps) == ((), 0, 0)


def test_each_step_says_what_it_asks(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft")
    ideas = make_activity(workshop, kind="ideas", title="Causes", plan=IdeasPlan(3), current=False)
    make_activity(workshop, current=False, by_breakout=True)
    make_activity(workshop, kind="dots", plan=DotsPlan(dots=1, most=1), source=ideas, current=False)
    make_activity(workshop, kind="ranking", plan=RankingPlan((Option("a", "A"), Option("b", "B"))), current=False)
    make_activity(workshop, kind="links", plan=LinksPlan((Pair("p", "A", "B"),)), current=False)
    make_activity(workshop, kind="bet", plan=BetPlan((Item("b", "B"),), -10, 10), current=False)
    make_activity(workshop, kind="check", plan=IdeasPlan(1), current=False)
    make_activity(workshop, kind="talk", current=False)
    agenda = agenda_of(workshop, agenda_steps(workshop), frozenset())
    assert [row.asks for row in agenda.rows] == [
        "up to 3 texts a person",
        "1 question, 1 to 10, with reasons, by breakout group",
        "1 dot a person, on the ideas of “Causes”",
        "2 options",
        "1 link, with delays",
        "1 guess, −10 to 10",
        "one sentence a person",
        "",
    ]
    assert agenda.gaps == 0


def test_what_is_missing_is_said_where_it_is_missing(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft")
    make_activity(workshop, kind="dots", current=False)
    vote = make_activity(workshop, kind="ranking", current=False)
    Activity.objects.filter(pk=vote.pk).update(source=make_activity(workshop, kind=ActivityKind.IDEAS, current=False))
    make_activity(workshop, settings={"items": [3]}, current=False)
    make_activity(workshop, settings={"items": []}, current=False)
    agenda = agenda_of(workshop, agenda_steps(workshop), frozenset())
    assert [row.gaps for row in agenda.rows] == [
        ("There is nothing to choose from. Write options, or take them from a step with ideas.",),
        ("The ideas that are voted on here come in a later step. Put this step after it.",),
        (),
        ("This step does not fit its kind. Open it, check everything and save.",),
        ("Ask between 1 and 20 questions in one step.",),
    ]


def test_what_the_room_has_seen_stays(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    seen = make_activity(workshop, settings={"items": []})
    make_round(seen, state="revealed")
    make_round(make_activity(workshop, current=False), state="pending")
    make_activity(workshop, kind="talk")
    agenda = agenda_of(workshop, agenda_steps(workshop), opened_steps(workshop))
    assert [(row.may_remove, row.is_current, row.gaps) for row in agenda.rows] == [
        (False, False, ()),
        (True, False, ()),
        (False, True, ()),
    ]
    workshop.state = "ended"
    assert not agenda_of(workshop, agenda_steps(workshop), frozenset()).may_change
