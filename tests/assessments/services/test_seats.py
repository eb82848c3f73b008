"""Seats: one for each press of Join, in rooms whose doors are open."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.enums import WorkshopState
from assessments.models import Breakout, Seat, Workshop
from assessments.services import join_pace, seats
from assessments.services.pace import Pace
from assessments.services.room_problems import GroupNeeded, Locked, ManyAtOnce, NameNeeded, NameTooLong, RoomFull
from assessments.services.seats import join, readmit_seat, remove_seat
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_seats, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


def test_one_key_is_one_seat_that_stays_as_it_was(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, named=True, asks_group=True)
    key = uuid4()
    first = join(workshop=workshop, join_key=key, name=" Ana  Kovač ", group="partners")
    assert (first.name, first.group, first.is_counted, first.is_simulated) == ("Ana Kovač", "partners", True, False)
    Workshop.objects.update(is_locked=True)
    again = join(workshop=workshop, join_key=key, name="", group="", counted=False)
    assert (again, again.name, again.is_counted) == (first, "Ana Kovač", True)
    other = make_workshop(ecosystem)
    assert join(workshop=other, join_key=key) != first
    with pytest.raises(Locked):
        join(workshop=workshop, join_key=uuid4(), name="Ben", group="partners")


def test_joining_changes_a_count_and_no_screen(workshop: Workshop) -> None:
    join(workshop=workshop, join_key=uuid4())
    before = workshop.version
    workshop.refresh_from_db()
    assert workshop.version == before


def test_what_is_asked_is_needed_and_what_is_not_is_not_kept(ecosystem: Ecosystem) -> None:
    asking = make_workshop(ecosystem, named=True, asks_group=True)
    for data, problem in (
        ({"name": "", "group": "partners"}, NameNeeded),
        ({"name": " \0\n", "group": "partners"}, NameNeeded),
        ({"name": "\u202e\u200b\u200d\u2066", "group": "partners"}, NameNeeded),
        ({"name": "x" * 61, "group": "partners"}, NameTooLong),
        ({"name": "Ana", "group": ""}, GroupNeeded),
        ({"name": "Ana", "group": "everybody"}, GroupNeeded),
    ):
        with pytest.raises(problem):
            join(workshop=asking, join_key=uuid4(), **data)
    own = join(workshop=asking, join_key=uuid4(), counted=False)
    assert (own.name, own.group, own.is_counted) == ("", "", False)
    quiet = join(workshop=make_workshop(ecosystem), join_key=uuid4(), name="x" * 500, group="partners")
    assert (quiet.name, quiet.group) == ("", "")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("A\u202ena\u2066 Kovač\u200b", "Ana Kovač"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("=Ana <b>", "=Ana <b>"),
    ],
)
def test_a_name_turns_no_other_around(ecosystem: Ecosystem, given: str, kept: str) -> None:
    assert join(workshop=make_workshop(ecosystem, named=True), join_key=uuid4(), name=given).name == kept


def test_who_comes_late_sits_in_the_smallest_group(workshop: Workshop) -> None:
    first, second, third = (
        Breakout.objects.create(workshop=workshop, label=label, position=place) for place, label in enumerate("ABC")
    )
    make_seats(workshop, 2, breakout=first)
    make_seats(workshop, 1, breakout=second)
    make_seats(workshop, 1, breakout=third)
    make_seats(workshop, 3, breakout=second, is_removed=True)
    placed = [join(workshop=workshop, join_key=uuid4()).breakout for _ in range(4)]
    assert placed == [second, third, first, second]
    assert join(workshop=workshop, join_key=uuid4(), counted=False).breakout is None


def test_a_bound_to_how_many_fit(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "MOST_SEATS", 2)
    key = uuid4()
    kept = join(workshop=workshop, join_key=key)
    make_seats(workshop)
    with pytest.raises(RoomFull):
        join(workshop=workshop, join_key=uuid4())
    assert join(workshop=workshop, join_key=key) == kept


def test_seats_that_nobody_holds_leave_their_place(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who makes seats by the thousand keeps nobody out for long."""
    monkeypatch.setattr(seats, "MOST_SEATS", 3)
    make_seats(workshop, 3, is_removed=True)
    make_seats(workshop, 3, seen_at=timezone.now() - timedelta(seconds=121))
    make_seats(workshop, 2)
    join(workshop=workshop, join_key=uuid4())
    with pytest.raises(RoomFull):
        join(workshop=workshop, join_key=uuid4())
    Seat.objects.update(is_removed=True)
    monkeypatch.setattr(seats, "MOST_EVER", 9)
    with pytest.raises(RoomFull):
        join(workshop=workshop, join_key=uuid4())


def test_a_thousand_come_in_at_once_and_a_flood_is_slowed(
    workshop: Workshop, ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join_pace, "_pace", Pace(burst=2, a_second=0.001, most=9))
    key = uuid4()
    for one in (key, uuid4()):
        join(workshop=workshop, join_key=one)
    with pytest.raises(ManyAtOnce):
        join(workshop=workshop, join_key=uuid4())
    assert join(workshop=workshop, join_key=key).join_key == key
    assert join(workshop=make_workshop(ecosystem), join_key=uuid4()).is_counted
    assert Seat.objects.filter(workshop=workshop).count() == 2


def test_removing_and_readmitting_are_told_once(workshop: Workshop, facilitator: User) -> None:
    (seat,) = make_seats(workshop)
    versions = []
    for act in (remove_seat, remove_seat, readmit_seat, readmit_seat):
        act(seat=seat, by=facilitator)
        workshop.refresh_from_db()
        versions.append((workshop.version, Seat.objects.get().is_removed))
    assert versions == [(2, True), (2, True), (3, False), (3, False)]
    assert workshop.acted_by == facilitator


def test_a_live_workshop_takes_late_joiners(workshop: Workshop) -> None:
    assert workshop.state == WorkshopState.LIVE
    assert join(workshop=workshop, join_key=uuid4()).workshop_id == workshop.pk
