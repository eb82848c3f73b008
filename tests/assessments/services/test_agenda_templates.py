"""Agendas to start from: each one that comes with the product can be run as it is."""

from typing import Any

import pytest

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import AgendaTemplate, Workshop
from assessments.models.activity_plans import DotsPlan, LinksPlan, Option, Pair, problems
from assessments.services.agenda_templates import (
    apply_agenda,
    apply_built_in,
    apply_template,
    built_in,
    delete_template,
    rename_template,
    save_as_template,
    start_workshop,
)
from assessments.services.workshops import WorkshopProblem
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import default_definition
from tests.factories.ecosystems import make_ecosystem
from tests.factories.people import make_organization
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db
LENGTHS = {
    "wave-debrief": 60,
    "health-check": 45,
    "map-the-loops": 90,
    "commitments-retrospective": 30,
    "scenario-lab": 60,
}


def test_the_agendas_have_their_lengths() -> None:
    assert {agenda.key: agenda.minutes for agenda in built_in()} == LENGTHS


@pytest.mark.parametrize("key", LENGTHS)
def test_every_step_can_be_run_as_it_is(ecosystem: Ecosystem, facilitator: User, key: str) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    apply_built_in(workshop=workshop, key=key, by=facilitator)
    dimensions = {dimension["code"] for dimension in default_definition()["dimensions"]}
    for step in workshop.activities.all():
        step.full_clean()
        plan = step.plan
        assert problems(plan) == ()
        assert {item.dimension for item in getattr(plan, "items", ())} <= dimensions | {""}
        if step.kind in (ActivityKind.DOTS, ActivityKind.RANKING):
            assert step.source is not None or getattr(plan, "options", ())
        if step.source is not None:
            assert (step.source.kind, step.source.position < step.position) == (ActivityKind.IDEAS, True)


def test_an_unknown_agenda_is_said(ecosystem: Ecosystem) -> None:
    with pytest.raises(WorkshopProblem, match="Choose another one"):
        apply_built_in(workshop=make_workshop(ecosystem), key="nothing", by=None)


def test_an_agenda_is_kept_and_used_again(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    ideas = make_activity(workshop, kind=ActivityKind.IDEAS, title="Ideas", minutes=7, notes="Quietly")
    make_activity(workshop, kind=ActivityKind.DOTS, plan=DotsPlan(options=(Option("a", "Said"),)), source=ideas)
    template = save_as_template(workshop=workshop, title="Ours", description="", by=facilitator)
    target = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    apply_template(workshop=target, template=template, by=facilitator)
    first, second = target.activities.all()
    assert (first.title, first.minutes, first.notes) == ("Ideas", 7, "Quietly")
    assert (second.source, second.plan) == (first, DotsPlan())
    with pytest.raises(WorkshopProblem, match="already"):
        save_as_template(workshop=workshop, title="Ours", description="", by=facilitator)


def test_a_kept_agenda_is_renamed_and_forgotten(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    for title in ("Ours", "Theirs"):
        save_as_template(workshop=workshop, title=title, description="", by=None)
    theirs = AgendaTemplate.objects.get(title="Theirs")
    with pytest.raises(WorkshopProblem, match="already"):
        rename_template(template=theirs, title="Ours", description="", by=None)
    rename_template(template=AgendaTemplate.objects.get(title="Theirs"), title="Others", description="New", by=None)
    delete_template(template=AgendaTemplate.objects.get(title="Ours"), by=None)
    assert list(AgendaTemplate.objects.values_list("title", "description")) == [("Others", "New")]


def test_another_organizations_agenda_is_not_there(ecosystem: Ecosystem) -> None:
    other = make_workshop(make_ecosystem(make_organization(slug="elsewhere")))
    foreign = save_as_template(workshop=other, title="Theirs", description="", by=None)
    with pytest.raises(WorkshopProblem, match="Choose another one"):
        apply_template(workshop=make_workshop(ecosystem), template=foreign, by=None)


def test_a_workshop_starts_from_an_agenda_or_from_none(ecosystem: Ecosystem, facilitator: User) -> None:
    kept = AgendaTemplate.objects.create(
        organization=ecosystem.organization, title="Ours", agenda=[{"kind": "talk", "title": "Talk", "minutes": 5}]
    )
    counts = {
        agenda: start_workshop(agenda=agenda, ecosystem=ecosystem, title=agenda, by=facilitator).activities.count()
        for agenda in ("empty", "built-in:scenario-lab", f"kept:{kept.pk}")
    }
    assert list(counts.values()) == [0, 7, 1]
    with pytest.raises(WorkshopProblem, match="Choose another one"):
        start_workshop(agenda="built-in:nothing", ecosystem=ecosystem, title="None", by=facilitator)
    assert Workshop.objects.filter(title="None").count() == 0


def test_no_agenda_is_added_to_a_workshop_that_is_over_or_full(ecosystem: Ecosystem) -> None:
    over = make_workshop(ecosystem, state=WorkshopState.ENDED)
    with pytest.raises(WorkshopProblem, match="has ended"):
        apply_agenda(workshop=over, agenda="built-in:health-check", by=None)
    full = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    for _time in range(8):
        apply_agenda(workshop=full, agenda="built-in:health-check", by=None)
    with pytest.raises(WorkshopProblem, match="at most 40 steps"):
        apply_agenda(workshop=full, agenda="built-in:health-check", by=None)
    assert full.activities.count() == 40


def test_texts_of_the_product_are_those_of_the_readers_language(ecosystem: Ecosystem, monkeypatch: Any) -> None:
    monkeypatch.setattr("assessments.services.agenda_templates._", str.upper)
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    apply_built_in(workshop=workshop, key="map-the-loops", by=None)
    step = workshop.activities.get(kind=ActivityKind.LINKS)
    plan = step.plan
    assert isinstance(plan, LinksPlan)
    assert (step.title, plan.pairs[0]) == ("DOES IT RAISE OR LOWER?", Pair("p1", "TRUST", "OPEN EXCHANGE OF PROBLEMS"))
    assert workshop.activities.get(kind=ActivityKind.DOTS).source == workshop.activities.get(kind=ActivityKind.IDEAS)
