"""Agendas to start from: each one that comes with the product can be run as it is."""

import pytest

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import AgendaTemplate
from assessments.models.activity_plans import DotsPlan, Option, problems
from assessments.services.agenda_templates import (
    apply_built_in,
    apply_template,
    built_in,
    delete_template,
    rename_template,
    save_as_template,
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
