"""Workshops are made, changed, copied and deleted; the privacy rules hold from the first seat on."""

import pytest

from assessments.enums import ActivityKind, Anonymity, WorkshopState
from assessments.join_codes import read_code
from assessments.models import Commitment, Workshop
from assessments.models.activity_plans import DotsPlan, Option, stored
from assessments.services.workshops import (
    RulesTold,
    WorkshopProblem,
    change_workshop,
    create_workshop,
    delete_workshop,
    duplicate_workshop,
    set_helpers,
)
from ecosystems.models import AuditEvent, Ecosystem, User
from tests.factories.workshops import make_activity, make_seats, make_workshop

pytestmark = pytest.mark.django_db


def test_a_new_workshop_takes_the_rules_of_the_organization(ecosystem: Ecosystem, facilitator: User) -> None:
    ecosystem.organization.min_group_size, ecosystem.organization.comment_min_group_size = 6, 9
    ecosystem.organization.save()
    workshop = create_workshop(ecosystem=ecosystem, title="Autumn", by=facilitator)
    assert (workshop.min_group_size, workshop.comment_min_group_size) == (6, 9)
    assert (workshop.state, workshop.anonymity, workshop.preview) == (WorkshopState.DRAFT, Anonymity.ANONYMOUS, False)
    assert read_code(workshop.code) == workshop.code
    assert AuditEvent.objects.get().action == "workshop.created"


def test_a_code_that_is_taken_is_drawn_again(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["KELP-OTTER-22", "KELP-OTTER-22", "KELP-OTTER-23"])
    monkeypatch.setattr("assessments.services.workshops.new_code", lambda: next(drawn))
    codes = [create_workshop(ecosystem=ecosystem, title="Autumn", by=None).code for _ in range(2)]
    assert codes == ["KELP-OTTER-22", "KELP-OTTER-23"]


def test_the_privacy_rules_are_fixed_once_somebody_sits(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    change_workshop(workshop=workshop, by=facilitator, preview=True)
    make_seats(workshop)
    with pytest.raises(RulesTold):
        change_workshop(workshop=workshop, by=facilitator, preview=False)
    change_workshop(workshop=workshop, by=facilitator, title="Winter workshop", preview=True)
    workshop.refresh_from_db()
    assert (workshop.title, workshop.preview) == ("Winter workshop", True)


def test_no_workshop_shows_smaller_groups_than_its_organization(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    with pytest.raises(WorkshopProblem, match="smaller than 5"):
        change_workshop(workshop=workshop, by=None, min_group_size=4)
    change_workshop(workshop=workshop, by=None, min_group_size=10)
    workshop.refresh_from_db()
    assert (workshop.min_group_size, workshop.comment_min_group_size) == (10, 10)


def test_every_change_is_a_new_version_and_nothing_is_none(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    change_workshop(workshop=workshop, by=None, title="Winter workshop")
    assert Workshop.objects.get().version == workshop.version + 1
    change_workshop(workshop=workshop, by=None, title="Winter workshop")
    assert Workshop.objects.get().version == workshop.version + 1


def test_an_ended_workshop_stays_as_it_was(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    with pytest.raises(WorkshopProblem, match="has ended"):
        change_workshop(workshop=workshop, by=None, title="Other")


def test_only_members_can_help(ecosystem: Ecosystem, leader: User, outsider: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    set_helpers(workshop=workshop, people=[leader, outsider], by=None)
    assert list(workshop.co_facilitators.all()) == [leader]


def test_a_copy_has_the_agenda_and_nothing_that_was_said(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED, anonymity=Anonymity.NAMED)
    ideas = make_activity(workshop, kind=ActivityKind.IDEAS)
    taken = DotsPlan(options=(Option("a", "What one of them wrote"),))
    make_activity(workshop, kind=ActivityKind.DOTS, plan=taken, source=ideas)
    make_seats(workshop, 3)
    copy = duplicate_workshop(workshop=workshop, title="Again", by=facilitator)
    first, second = copy.activities.all()
    assert (second.source, second.settings) == (first, stored(DotsPlan()) | {"options": []})
    assert (copy.state, copy.anonymity, copy.seats.count()) == (WorkshopState.DRAFT, Anonymity.NAMED, 0)
    assert copy.code != workshop.code
    assert copy.key != workshop.key


def test_commitments_outlive_their_workshop(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    Commitment.objects.create(
        organization=workshop.organization, ecosystem=ecosystem, workshop=workshop, text="Call", owner_name="Marta"
    )
    delete_workshop(workshop=workshop, by=None)
    assert Commitment.objects.get().workshop is None


def test_nobody_deletes_a_workshop_with_people_in_it(ecosystem: Ecosystem) -> None:
    with pytest.raises(WorkshopProblem, match="End it first"):
        delete_workshop(workshop=make_workshop(ecosystem), by=None)
