"""Workshops that nobody ended, and what is not kept for long."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import tasks
from assessments.enums import WorkshopState
from assessments.models import Seat, Workshop
from assessments.services.workshop_expiry import (
    IDLE,
    REHEARSALS_KEPT,
    SEATS_KEPT,
    delete_old_rehearsals,
    end_left_open,
    forget_old_seats,
    left_open,
)
from ecosystems.models import AuditEvent, Ecosystem
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def idle(
    ecosystem: Ecosystem, *, state: str = WorkshopState.LIVE, since: timedelta = IDLE + MINUTE, **changes: Any
) -> Workshop:
    return make_workshop(ecosystem, state=state, **{"active_at": timezone.now() - since, **changes})


def test_a_workshop_left_open_ends_by_itself(ecosystem: Ecosystem) -> None:
    workshop = idle(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 6), [3] * 6)
    assert end_left_open(workshop_id=workshop.pk)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.ended_itself, workshop.is_sealed) == (WorkshopState.ENDED, True, True)
    recorded: Any = AuditEvent.objects.values_list("action", "actor")
    assert list(recorded) == [("workshop.ended", None)]
    assert not end_left_open(workshop_id=workshop.pk)


def test_only_what_is_idle_is_left_open(ecosystem: Ecosystem) -> None:
    old = idle(ecosystem)
    idle(ecosystem, since=IDLE - MINUTE)
    idle(ecosystem, starts_at=timezone.now() + timedelta(days=1), state=WorkshopState.LOBBY)
    idle(ecosystem, state=WorkshopState.DRAFT)
    idle(ecosystem, state=WorkshopState.ENDED)
    assert left_open() == [old.pk]


def test_doors_through_which_nobody_came_close_under_another_code(ecosystem: Ecosystem) -> None:
    workshop = idle(ecosystem, state=WorkshopState.LOBBY, is_locked=True)
    code, key = workshop.code, workshop.key
    assert end_left_open(workshop_id=workshop.pk)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.opened_at, workshop.is_locked) == (WorkshopState.DRAFT, None, False)
    assert (workshop.code != code, workshop.key == key) == (True, True)


def test_a_lobby_in_which_somebody_sits_ends(ecosystem: Ecosystem) -> None:
    workshop = idle(ecosystem, state=WorkshopState.LOBBY)
    make_seats(workshop)
    end_left_open(workshop_id=workshop.pk)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.took_part) == (WorkshopState.ENDED, 1)


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, 0),
        ({"named": True}, 2),
        ({"is_sealed": False}, 2),
        ({"ended_at": timezone.now() - SEATS_KEPT + timedelta(hours=1)}, 2),
    ],
)
def test_seats_of_anonymous_workshops_are_not_kept(ecosystem: Ecosystem, changes: dict[str, Any], left: int) -> None:
    long_ago = timezone.now() - SEATS_KEPT - MINUTE
    named = changes.get("named", False)
    rest = {key: value for key, value in changes.items() if key != "named"}
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED, named=named, is_sealed=True)
    Workshop.objects.filter(pk=workshop.pk).update(**{"ended_at": long_ago, **rest})
    make_seats(workshop, 2)
    assert forget_old_seats() == 2 - left
    assert Seat.objects.count() == left


def test_yesterdays_rehearsals_go_and_the_workshop_stays(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    old, new = (make_workshop(ecosystem, rehearsal_of=workshop) for _ in range(2))
    vote(make_round(make_activity(old)), make_seats(old, 2), [1, 2])
    Workshop.objects.update(created_at=timezone.now() - REHEARSALS_KEPT - MINUTE)
    Workshop.objects.filter(pk=new.pk).update(created_at=timezone.now())
    assert delete_old_rehearsals() == 1
    assert set(Workshop.objects.values_list("pk", flat=True)) == {workshop.pk, new.pk}


def test_one_that_fails_stops_no_other(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    broken, fine = idle(ecosystem), idle(ecosystem)

    def wrap_up(*, workshop: Workshop) -> None:
        if workshop.pk == broken.pk:
            raise ZeroDivisionError

    monkeypatch.setattr("assessments.services.stage.wrap_up", wrap_up)
    assert tasks.sweep_workshops() == 1
    states = dict(Workshop.objects.values_list("pk", "state"))
    assert states == {broken.pk: WorkshopState.LIVE, fine.pk: WorkshopState.ENDED}
    assert [record.message for record in caplog.records] == [f"Workshop {broken.pk} could not be ended or sealed"]
