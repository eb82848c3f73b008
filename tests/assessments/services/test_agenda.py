"""The steps of an agenda; what the room has answered stays as it was asked."""

from typing import Any

import pytest

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Workshop
from assessments.models.activity_plans import DotsPlan, IdeasPlan, Item, LinksPlan, Pair, RatePlan, TalkPlan
from assessments.services.agenda import (
    MOST_STEPS,
    AlreadyOpened,
    NotFitting,
    add_activity,
    change_activity,
    move_activity,
    remove_activity,
)
from assessments.services.workshops import WorkshopProblem
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, state=WorkshopState.DRAFT)


def titles(workshop: Workshop) -> list[str]:
    return list(workshop.activities.order_by("position").values_list("title", flat=True))


def talk(workshop: Workshop, title: str, **more: Any) -> None:
    add_activity(workshop=workshop, kind=ActivityKind.TALK, title=title, plan=TalkPlan(), by=None, **more)


def test_steps_are_added_after_others_and_moved(workshop: Workshop) -> None:
    talk(workshop, "one")
    talk(workshop, "two")
    talk(workshop, "between", after=workshop.activities.get(title="one"))
    assert titles(workshop) == ["one", "between", "two"]
    move_activity(activity=workshop.activities.get(title="two"), to=0, by=None)
    assert titles(workshop) == ["two", "one", "between"]
    move_activity(activity=workshop.activities.get(title="two"), to=99, by=None)
    assert titles(workshop) == ["one", "between", "two"]
    remove_activity(activity=workshop.activities.get(title="between"), by=None)
    assert titles(workshop) == ["one", "two"]
    assert list(workshop.activities.values_list("position", flat=True)) == [0, 1]


@pytest.mark.parametrize(
    ("kind", "plan", "said"),
    [
        (ActivityKind.RATE, RatePlan(), "between 1 and 20 questions"),
        (ActivityKind.RATE, RatePlan(items=(Item("a", "A"),), highest=9), "one of the scales"),
        (ActivityKind.LINKS, LinksPlan(pairs=(Pair("a", "Trust", " trust "),)), "two different factors"),
        (ActivityKind.DOTS, DotsPlan(dots=3, most=4), "1 to 20 dots"),
        (ActivityKind.IDEAS, IdeasPlan(per_person=0), "1 to 20 texts"),
    ],
)
def test_a_step_must_fit_its_kind(workshop: Workshop, kind: ActivityKind, plan: RatePlan, said: str) -> None:
    with pytest.raises(NotFitting, match=said):
        add_activity(workshop=workshop, kind=kind, title="Step", plan=plan, by=None)
    assert titles(workshop) == []


def test_options_come_from_ideas_of_the_same_workshop(workshop: Workshop, ecosystem: Ecosystem) -> None:
    other = make_workshop(ecosystem)
    foreign, own = make_activity(other, kind=ActivityKind.IDEAS), make_activity(workshop, kind=ActivityKind.IDEAS)
    with pytest.raises(NotFitting, match="this workshop"):
        add_activity(workshop=workshop, kind=ActivityKind.DOTS, title="D", plan=DotsPlan(), source=foreign, by=None)
    step = add_activity(workshop=workshop, kind=ActivityKind.DOTS, title="D", plan=DotsPlan(), source=own, by=None)
    assert step.source == own


def test_what_the_room_has_answered_stays_as_it_was_asked(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop)
    make_round(step, state=RoundState.PENDING)
    change_activity(activity=step, plan=RatePlan(items=(Item("ready", "Ready?"),)), by=None)
    step.rounds.update(state=RoundState.OPEN)
    with pytest.raises(AlreadyOpened):
        change_activity(activity=step, plan=RatePlan(items=(Item("ready", "Otherwise?"),)), by=None)
    with pytest.raises(AlreadyOpened):
        remove_activity(activity=step, by=None)
    change_activity(activity=step, title="How ready?", notes="Wait for both ends", by=None)
    step.refresh_from_db()
    assert (step.title, step.plan) == ("How ready?", RatePlan(items=(Item("ready", "Ready?"),)))


def test_the_step_at_which_the_room_is_cannot_be_removed(ecosystem: Ecosystem) -> None:
    step = make_activity(make_workshop(ecosystem), kind=ActivityKind.TALK)
    with pytest.raises(AlreadyOpened):
        remove_activity(activity=step, by=None)


def test_an_agenda_is_bounded(workshop: Workshop) -> None:
    for number in range(MOST_STEPS):
        make_activity(workshop, kind=ActivityKind.TALK, title=str(number), current=False)
    with pytest.raises(WorkshopProblem, match="at most 40 steps"):
        talk(workshop, "one more")


def test_an_ended_workshop_keeps_its_agenda(ecosystem: Ecosystem) -> None:
    with pytest.raises(WorkshopProblem, match="has ended"):
        talk(make_workshop(ecosystem, state=WorkshopState.ENDED), "late")


def test_a_step_is_added_or_put_at_its_place(workshop: Workshop) -> None:
    talk(workshop, "one")
    talk(workshop, "first", to=0)
    talk(workshop, "last", to=99)
    assert titles(workshop) == ["first", "one", "last"]
    step = change_activity(activity=workshop.activities.get(title="last"), to=1, title="second", by=None)
    assert (titles(workshop), step.position) == (["first", "second", "one"], 1)


def test_a_change_that_is_none_wakes_nobody(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = workshop.activities.get(pk=make_activity(workshop).pk)
    make_round(step)
    change_activity(activity=step, plan=step.plan, to=0, title=step.title, by=None)
    move_activity(activity=step, to=0, by=None)
    assert Workshop.objects.get().version == workshop.version


def test_a_step_whose_settings_fit_no_kind_can_be_mended(workshop: Workshop) -> None:
    step = make_activity(workshop, settings={"items": [3]}, current=False)
    plan = RatePlan(items=(Item("q1", "How?"),))
    assert change_activity(activity=step, plan=plan, by=None).plan == plan
