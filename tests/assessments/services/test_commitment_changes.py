"""Commitments outside workshops: made, changed, checked in on, done, dropped, taken up again, and their steps."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.enums import CommitmentSource, CommitmentState, Progress
from assessments.models import Commitment, SummaryMark
from assessments.selectors.commitments import (
    Column,
    commitments_of,
    in_column,
    left_behind,
    own_commitments,
    owners_of,
)
from assessments.services.commitment_changes import (
    ChangedMeanwhile,
    Origin,
    Told,
    change_commitment,
    check_in,
    drop_commitment,
    finish,
    make_commitment,
    take_up,
)
from assessments.services.commitment_steps import MOST_STEPS, add_step, move_step, remove_step, tick_step
from assessments.services.commitments import CommitmentProblem
from assessments.services.instruments import load_default_instrument
from ecosystems.models import AuditEvent, Ecosystem, Membership, User
from ecosystems.permissions import viewer_for
from tests.factories.ecosystems import make_ecosystem, make_stakeholder
from tests.factories.people import make_organization
from tests.factories.workshops import make_activity, make_round, make_workshop

pytestmark = pytest.mark.django_db
CALL = Told("One number to call", "Marta Lindqvist")


def promised(ecosystem: Ecosystem, by: User, told: Told = CALL) -> Commitment:
    return make_commitment(ecosystem=ecosystem, told=told, by=by)


def test_it_is_made_from_a_score_noted_and_marks_the_summaries(ecosystem: Ecosystem, leader: User) -> None:
    load_default_instrument()
    told = replace(CALL, owner=leader, facet="ADA-SPEED", expected_points=5)
    made = make_commitment(
        ecosystem=ecosystem, told=told, by=leader, origin=Origin(CommitmentSource.SCORE, "ADA-SPEED")
    )
    made.refresh_from_db()
    assert (made.state, made.owner, made.facet, made.expected_points) == ("open", leader, "ADA-SPEED", 5)
    assert (made.source, made.source_code, made.created_by) == ("score", "ADA-SPEED", leader)
    assert list(AuditEvent.objects.values_list("action", "subject")) == [("commitment.made", "One number to call")]
    assert SummaryMark.objects.get(ecosystem=ecosystem).version == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (replace(CALL, text=" "), "Say what will be done."),
        (replace(CALL, owner_name=""), "Say who will do it."),
        (replace(CALL, facet="NO-SUCH"), "Choose one of the scores offered."),
        (
            replace(CALL, due_on=timezone.localdate() - timedelta(days=1)),
            "Choose a day from today on, within ten years.",
        ),
    ],
)
def test_what_cannot_be_a_commitment_is_said(ecosystem: Ecosystem, leader: User, told: Told, said: str) -> None:
    load_default_instrument()
    with pytest.raises(CommitmentProblem) as problem:
        promised(ecosystem, leader, told)
    assert str(problem.value) == said
    assert not Commitment.objects.exists()


def test_what_nobody_sees_is_no_commitment(ecosystem: Ecosystem, leader: User) -> None:
    for told in (replace(CALL, text="\u200b\u2066"), replace(CALL, owner_name=" \u3164 ")):
        with pytest.raises(CommitmentProblem, match=r"^Say "):
            promised(ecosystem, leader, told)
    assert promised(ecosystem, leader, replace(CALL, text="\u202eOne\u200b number")).text == "One number"


def test_owners_come_from_the_organization_and_the_ecosystem(
    ecosystem: Ecosystem, leader: User, outsider: User
) -> None:
    with pytest.raises(CommitmentProblem, match="no longer a member"):
        promised(ecosystem, leader, replace(CALL, owner=outsider))
    elsewhere = make_stakeholder(make_ecosystem(ecosystem.organization))
    with pytest.raises(CommitmentProblem, match="stakeholder of this ecosystem"):
        promised(ecosystem, leader, replace(CALL, stakeholder=elsewhere))


def test_two_people_of_one_name_are_told_apart(ecosystem: Ecosystem, leader: User, viewer: User) -> None:
    User.objects.filter(pk=viewer.pk).update(name=leader.name)
    party = make_stakeholder(ecosystem, name="Food Bank")
    twins = [make_stakeholder(ecosystem, name="Mill", group=group) for group in ("partners", "employees", "partners")]
    owners = owners_of(ecosystem)
    assert owners.members == {
        "Marta Lindqvist (ana@rivermark.example)": viewer.pk,
        "Marta Lindqvist (marta@rivermark.example)": leader.pk,
    }
    assert owners.stakeholders == {
        "Food Bank": party.pk,
        "Mill (Partners)": twins[0].pk,
        "Mill (Employees)": twins[1].pk,
        "Mill (Partners) · 2": twins[2].pk,
    }


def test_of_two_who_change_it_the_second_is_told(ecosystem: Ecosystem, leader: User, admin: User) -> None:
    made = promised(ecosystem, leader)
    change_commitment(commitment=made, told=replace(CALL, text="Two numbers"), seen=0, by=admin)
    with pytest.raises(ChangedMeanwhile) as problem:
        change_commitment(commitment=made, told=replace(CALL, text="No number"), seen=0, by=leader)
    assert problem.value.now.text == "Two numbers"
    change_commitment(commitment=made, told=replace(CALL, text="No number"), seen=1, by=leader)
    made.refresh_from_db()
    assert (made.text, made.edition) == ("No number", 2)


def test_a_day_and_a_score_that_are_over_may_stay(ecosystem: Ecosystem, leader: User) -> None:
    made = promised(ecosystem, leader)
    past = timezone.localdate() - timedelta(days=9)
    Commitment.objects.update(due_on=past, facet="OLD-FACET")
    told = replace(CALL, text="Later", due_on=past, facet="OLD-FACET")
    assert change_commitment(commitment=made, told=told, seen=0, by=leader).text == "Later"


def test_it_is_done_on_a_day_dropped_with_a_reason_and_taken_up_again(ecosystem: Ecosystem, leader: User) -> None:
    made, today = promised(ecosystem, leader), timezone.localdate()
    with pytest.raises(CommitmentProblem, match="today or before"):
        finish(commitment=made, on=today + timedelta(days=1), by=leader)
    assert finish(commitment=made, on=today - timedelta(days=2), by=leader).closed_on == today - timedelta(days=2)
    assert take_up(commitment=made, by=leader).closed_on is None
    with pytest.raises(CommitmentProblem, match="Say why"):
        drop_commitment(commitment=made, why=" ", by=leader)
    dropped = drop_commitment(commitment=made, why="No money", by=leader)
    assert (dropped.state, dropped.closing_note, dropped.closed_on) == ("dropped", "No money", today)
    assert take_up(commitment=made, by=leader).closing_note == ""


def test_of_done_and_dropped_in_the_same_moment_the_first_stands(ecosystem: Ecosystem, leader: User) -> None:
    done, dropped = promised(ecosystem, leader), promised(ecosystem, leader)
    finish(commitment=done, by=leader)
    with pytest.raises(CommitmentProblem, match="has marked this as done"):
        drop_commitment(commitment=done, why="No money", by=leader)
    drop_commitment(commitment=dropped, why="No money", by=leader)
    with pytest.raises(CommitmentProblem, match="has dropped this"):
        finish(commitment=dropped, by=leader)
    states = {one.pk: (one.state, one.closing_note) for one in Commitment.objects.all()}
    assert states == {done.pk: ("done", ""), dropped.pk: ("dropped", "No money")}


def test_only_open_ones_are_checked_in_on(ecosystem: Ecosystem, leader: User) -> None:
    made = promised(ecosystem, leader)
    said = check_in(commitment=made, progress=Progress.STUCK, note="Nobody answers", by=leader)
    assert (said.progress, said.note, said.by) == ("stuck", "Nobody answers", leader)
    finish(commitment=made, by=leader)
    with pytest.raises(CommitmentProblem, match="Only open"):
        check_in(commitment=made, progress=Progress.ON_TRACK, by=leader)


def test_steps_are_ticked_moved_and_removed(ecosystem: Ecosystem, leader: User) -> None:
    made = promised(ecosystem, leader)
    first, second, third = (add_step(commitment=made, text=text) for text in ("Ask", "Agree", "Print"))
    move_step(step=third, by=-1)
    move_step(step=first, by=-1)
    tick_step(step=second, done=True)
    remove_step(step=first)
    today = timezone.localdate()
    assert list(made.steps.values_list("text", "done_on")) == [("Print", None), ("Agree", today)]
    tick_step(step=second, done=False)
    assert not made.steps.exclude(done_on=None).exists()
    with pytest.raises(CommitmentProblem, match="Write the step first"):
        add_step(commitment=made, text=" ")
    for number in range(MOST_STEPS - 2):
        add_step(commitment=made, text=f"Step {number}")
    with pytest.raises(CommitmentProblem, match="30 steps"):
        add_step(commitment=made, text="One more")


def test_each_stands_in_one_column(ecosystem: Ecosystem, leader: User) -> None:
    today = timezone.localdate()
    states: dict[str, dict[str, Any]] = {
        "fine": {"due_on": today},
        "late": {"due_on": today - timedelta(days=1)},
        "stuck": {},
        "proposed": {"state": CommitmentState.PROPOSED},
        "done": {"state": CommitmentState.DONE},
        "dropped": {"state": CommitmentState.DROPPED, "closing_note": "No"},
    }
    for text, changes in states.items():
        Commitment.objects.filter(pk=promised(ecosystem, leader, replace(CALL, text=text)).pk).update(**changes)
    check_in(commitment=Commitment.objects.get(text="stuck"), progress=Progress.STUCK, by=leader)
    found = {
        column.value: set(commitments_of(ecosystem).filter(in_column(column)).values_list("text", flat=True))
        for column in Column
    }
    assert found == {
        "proposed": {"proposed"},
        "on-track": {"fine"},
        "pressing": {"late", "stuck"},
        "done": {"done"},
        "dropped": {"dropped"},
    }


def test_a_proposal_that_its_room_has_not_seen_is_not_there(ecosystem: Ecosystem, leader: User) -> None:
    step = make_activity(make_workshop(ecosystem), kind="commit")
    hidden, seen = (
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            workshop=step.workshop,
            activity=step,
            text=text,
            owner_name="Somebody",
            state=CommitmentState.PROPOSED,
        )
        for text in ("hidden", "seen")
    )
    assert not commitments_of(ecosystem).exists()
    make_round(step, state="revealed", results={"keys": [str(seen.key)]})
    assert list(commitments_of(ecosystem)) == [seen]
    with pytest.raises(Commitment.DoesNotExist):
        take_up(commitment=hidden, by=leader)
    Commitment.objects.update(owner_name=leader.name)
    assert take_up(commitment=seen, by=leader).owner == leader


def test_commitments_of_rehearsals_are_not_there(ecosystem: Ecosystem) -> None:
    rehearsal = make_workshop(ecosystem, rehearsal_of=make_workshop(ecosystem))
    Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, workshop=rehearsal, text="Played", owner_name="A"
    )
    assert not commitments_of(ecosystem).exists()


def test_who_has_left_leaves_it_to_nobody(ecosystem: Ecosystem, leader: User, admin: User) -> None:
    made = promised(ecosystem, admin, replace(CALL, owner=leader))
    assert list(commitments_of(ecosystem).values_list("has_left", flat=True)) == [False]
    viewer = viewer_for(user=leader, slug="rivermark")
    assert viewer
    assert list(own_commitments(viewer)) == [made]
    Membership.objects.filter(user=leader).delete()
    assert list(commitments_of(ecosystem).values_list("owner_name", "has_left")) == [("Marta Lindqvist", True)]


def test_accounts_and_stakeholders_that_are_gone_have_left_and_free_names_have_not(
    ecosystem: Ecosystem, leader: User, admin: User
) -> None:
    dairy = make_stakeholder(ecosystem)
    by_account = promised(ecosystem, admin, replace(CALL, text="By account", owner=leader))
    promised(ecosystem, admin, replace(CALL, text="By name"))
    promised(ecosystem, admin, replace(CALL, text="By party", stakeholder=dairy))

    def gone() -> list[str]:
        return list(commitments_of(ecosystem).filter(has_left=True).order_by("text").values_list("text", flat=True))

    assert (gone(), left_behind(ecosystem.organization)) == ([], [])
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert gone() == ["By account"]
    leader.delete()
    dairy.delete()
    assert gone() == ["By account", "By party"]
    assert left_behind(ecosystem.organization) == [(ecosystem, 2)]
    by_account.refresh_from_db()
    change_commitment(commitment=by_account, told=replace(CALL, text="By account"), seen=by_account.edition, by=admin)
    assert gone() == ["By party"]


def test_who_left_the_organization_but_is_in_another_owns_nothing_here(
    ecosystem: Ecosystem, leader: User, admin: User
) -> None:
    """They may work for another organization of the ecosystem: that is not a membership here."""
    promised(ecosystem, admin, replace(CALL, owner=leader))
    elsewhere = make_organization(slug="elsewhere")
    Membership.objects.filter(user=leader).update(organization=elsewhere)
    assert list(commitments_of(ecosystem).values_list("has_left", flat=True)) == [True]
    assert left_behind(ecosystem.organization) == [(ecosystem, 1)]
    assert left_behind(elsewhere) == []
