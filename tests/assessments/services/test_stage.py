"""Doors, start, steps and the end of a workshop, as facilitators command them."""

import pytest
from django.db import transaction

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.live import bus
from assessments.models import Activity, Workshop
from assessments.services.acts import NotLive, SomebodyElseDid, StageProblem
from assessments.services.stage import (
    end_workshop,
    go_to,
    open_doors,
    set_locked,
    skip_activity,
    start,
    take_up_again,
)
from ecosystems.models import AuditEvent, Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db


def agenda(workshop: Workshop, *titles: str, kind: str = ActivityKind.RATE) -> list[Activity]:
    return [make_activity(workshop, title=title, kind=kind, current=False) for title in titles]


def acts(workshop: Workshop) -> list[str]:
    return list(AuditEvent.objects.filter(subject=workshop.title).order_by("pk").values_list("action", flat=True))


def rounds_of(activity: Activity) -> list[tuple[int, str]]:
    return list(activity.rounds.order_by("number").values_list("number", "state"))


def test_from_preparation_to_the_end(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    first, second = agenda(workshop, "Welcome", "Rate")
    opened = open_doors(workshop=workshop, by=facilitator)
    assert (opened.state, opened.version, opened.step) == (WorkshopState.LOBBY, 2, None)
    begun = start(workshop=workshop, by=facilitator)
    assert (begun.state, begun.version, begun.step) == (WorkshopState.LIVE, 3, first)
    moved = go_to(workshop=workshop, activity=second, seen_step=first.pk, by=facilitator)
    assert (moved.version, moved.step) == (4, second)
    ended = end_workshop(workshop=workshop, by=facilitator)
    assert (ended.state, ended.version) == (WorkshopState.ENDED, 5)
    workshop.refresh_from_db()
    assert workshop.opened_at < workshop.started_at < workshop.ended_at <= workshop.active_at  # type: ignore[operator]
    assert workshop.acted_by == facilitator
    assert acts(workshop) == ["workshop.doors-opened", "workshop.started", "workshop.ended"]


def test_every_command_given_twice_does_its_work_once(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    first, second, third = agenda(workshop, "Welcome", "Rate", "Commit")
    versions = []
    for _ in range(2):
        versions.append(open_doors(workshop=workshop, by=facilitator).version)
    for _ in range(2):
        versions.append(start(workshop=workshop, by=facilitator).version)
    for _ in range(2):
        versions.append(go_to(workshop=workshop, activity=second, seen_step=first.pk, by=facilitator).version)
    for _ in range(2):
        versions.append(skip_activity(activity=third, by=facilitator).version)
    for _ in range(2):
        versions.append(take_up_again(activity=third, by=facilitator).version)
    for _ in range(2):
        versions.append(set_locked(workshop=workshop, locked=True, by=facilitator).version)
    for _ in range(2):
        versions.append(end_workshop(workshop=workshop, by=facilitator).version)
    assert versions == [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8]
    assert acts(workshop) == ["workshop.doors-opened", "workshop.started", "workshop.ended"]


@pytest.mark.django_db(transaction=True)
def test_screens_are_woken_when_the_act_is_in_the_database(
    ecosystem: Ecosystem, facilitator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    woken: list[tuple[str, int]] = []

    def wake(topic: str) -> None:
        woken.append((topic, Workshop.objects.get(pk=workshop.pk).version))

    monkeypatch.setattr(bus, "wake", wake)
    open_doors(workshop=workshop, by=facilitator)
    open_doors(workshop=workshop, by=facilitator)
    transaction.set_autocommit(False)
    set_locked(workshop=workshop, locked=True, by=facilitator)
    transaction.rollback()
    transaction.set_autocommit(True)
    assert woken == [(f"room:{workshop.pk}", 2)]


def test_a_workshop_without_steps_does_not_start(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    with pytest.raises(StageProblem, match=r"^The agenda has no steps\. Add at least one, then start\.$"):
        start(workshop=workshop, by=facilitator)
    (only,) = agenda(workshop, "Welcome")
    skip_activity(activity=only, by=facilitator)
    with pytest.raises(StageProblem, match="no steps"):
        start(workshop=workshop, by=facilitator)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.step) == (WorkshopState.LOBBY, None)


def test_nobody_needs_to_be_there_to_start_and_skipped_steps_are_passed(
    ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    first, second = agenda(workshop, "Welcome", "Rate")
    skip_activity(activity=first, by=facilitator)
    assert start(workshop=workshop, by=facilitator).step == second


def test_a_workshop_starts_only_when_its_doors_are_open(ecosystem: Ecosystem, facilitator: User) -> None:
    draft, ended = (make_workshop(ecosystem, state=state) for state in (WorkshopState.DRAFT, WorkshopState.ENDED))
    with pytest.raises(NotLive, match="Open them first"):
        start(workshop=draft, by=facilitator)
    with pytest.raises(NotLive, match=r"^This workshop has ended\.$"):
        start(workshop=ended, by=facilitator)
    with pytest.raises(NotLive, match="Open them first"):
        end_workshop(workshop=draft, by=facilitator)


def test_nothing_happens_after_the_end(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    (step,) = agenda(workshop, "Welcome")
    for command in (
        lambda: open_doors(workshop=workshop, by=facilitator),
        lambda: go_to(workshop=workshop, activity=step, seen_step=None, by=facilitator),
        lambda: skip_activity(activity=step, by=facilitator),
        lambda: take_up_again(activity=step, by=facilitator),
        lambda: set_locked(workshop=workshop, locked=True, by=facilitator),
    ):
        with pytest.raises(NotLive, match=r"^This workshop has ended\.$"):
            command()
    workshop.refresh_from_db()
    assert workshop.version == 1


def test_steps_wait_until_the_workshop_is_live(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    (step,) = agenda(workshop, "Welcome")
    with pytest.raises(NotLive, match="Start it first"):
        go_to(workshop=workshop, activity=step, seen_step=None, by=facilitator)


def test_a_step_has_a_round_from_the_moment_the_room_is_there(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    talk = make_activity(workshop, kind=ActivityKind.TALK, current=False)
    rate = make_activity(workshop, current=False)
    start(workshop=workshop, by=facilitator)
    go_to(workshop=workshop, activity=rate, seen_step=talk.pk, by=facilitator)
    go_to(workshop=workshop, activity=talk, seen_step=rate.pk, by=facilitator)
    go_to(workshop=workshop, activity=rate, seen_step=talk.pk, by=facilitator)
    assert (rounds_of(talk), rounds_of(rate)) == ([], [(1, RoundState.PENDING)])


def test_going_on_closes_what_is_open_and_keeps_it_hidden(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    rate = make_activity(workshop)
    other = make_activity(workshop, current=False)
    make_round(rate)
    go_to(workshop=workshop, activity=other, seen_step=rate.pk, by=facilitator)
    assert rounds_of(rate) == [(1, RoundState.CLOSED)]
    rate.refresh_from_db()
    assert rate.ended_at is not None


def test_ending_closes_what_is_open_and_keeps_it_hidden(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    end_workshop(workshop=workshop, by=facilitator)
    round.refresh_from_db()
    assert (round.is_revealed, round.results) == (False, None)
    assert round.state != RoundState.OPEN


def test_who_saw_another_step_is_told_who_was_faster(ecosystem: Ecosystem, facilitator: User, admin: User) -> None:
    workshop = make_workshop(ecosystem)
    first, second, third = agenda(workshop, "Welcome", "Rate", "Commit")
    Workshop.objects.filter(pk=workshop.pk).update(step=first)
    go_to(workshop=workshop, activity=second, seen_step=first.pk, by=facilitator)
    with pytest.raises(SomebodyElseDid, match=r"^Jonas Adeyemi has already taken the room to “Rate”\.$"):
        go_to(workshop=workshop, activity=third, seen_step=first.pk, by=admin)
    with pytest.raises(SomebodyElseDid, match=r"^The room is already at “Rate”\.$"):
        go_to(workshop=workshop, activity=third, seen_step=first.pk, by=facilitator)
    assert go_to(workshop=workshop, activity=second, seen_step=first.pk, by=admin).version == 2


def test_a_step_of_another_workshop_is_not_gone_to(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop, other = make_workshop(ecosystem), make_workshop(ecosystem)
    (foreign,) = agenda(other, "Theirs")
    with pytest.raises(Activity.DoesNotExist):
        go_to(workshop=workshop, activity=foreign, seen_step=None, by=facilitator)


def test_skipping_the_step_at_hand_goes_to_the_next_that_is_not_skipped(
    ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    first, second, third = agenda(workshop, "Welcome", "Rate", "Commit")
    Workshop.objects.filter(pk=workshop.pk).update(step=first)
    skip_activity(activity=second, by=facilitator)
    assert skip_activity(activity=first, by=facilitator).step == third
    with pytest.raises(StageProblem, match="No step comes after this one"):
        skip_activity(activity=third, by=facilitator)
    assert list(workshop.activities.values_list("is_skipped", flat=True)) == [True, True, False]


def test_going_to_a_skipped_step_takes_it_up_again(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    first, second = agenda(workshop, "Welcome", "Rate")
    Workshop.objects.filter(pk=workshop.pk).update(step=first)
    skip_activity(activity=second, by=facilitator)
    go_to(workshop=workshop, activity=second, seen_step=first.pk, by=facilitator)
    second.refresh_from_db()
    assert second.is_skipped is False


def test_a_step_whose_results_were_seen_is_not_skipped(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop)
    make_round(step, state=RoundState.REVEALED)
    with pytest.raises(StageProblem, match="cannot be skipped"):
        skip_activity(activity=step, by=facilitator)


def test_locking_keeps_seats(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    make_seats(workshop, 2)
    assert set_locked(workshop=workshop, locked=True, by=facilitator).is_locked is True
    assert workshop.seats.filter(is_removed=False).count() == 2
    assert set_locked(workshop=workshop, locked=False, by=facilitator).is_locked is False
