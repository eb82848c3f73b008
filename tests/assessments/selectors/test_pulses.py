"""The counts that open screens follow."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Commitment, Idea, Workshop
from assessments.selectors.pulses import effective_state, pulses
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


def test_counts_whoever_voted_in_the_latest_round_once(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    seats = make_seats(workshop, 4)
    first = make_round(activity, state=RoundState.DISCUSSED, results={})
    vote(first, seats, [1, 2, 3, 4])
    second = make_round(activity)
    vote(second, seats[:2], [5, 6])
    vote(second, seats[:2], [5, 6], item="other")

    pulse = pulses([workshop.pk])[workshop.pk]
    assert (pulse.step, pulse.round, pulse.state) == (activity.pk, second.pk, "open")
    assert (pulse.answered, pulse.here, pulse.away, pulse.asked) == (2, 4, 0, 4)


def test_tells_who_is_here_from_who_was_a_moment_ago(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    now = timezone.now()
    make_seats(workshop, 3)
    make_seats(workshop, 2, seen_at=now - timedelta(seconds=60))
    make_seats(workshop, 1, seen_at=now - timedelta(seconds=180))
    make_seats(workshop, 1, seen_at=None)
    make_seats(workshop, 1, seen_at=None, is_simulated=True)
    make_seats(workshop, 1, is_counted=False)
    make_seats(workshop, 1, is_removed=True)

    pulse = pulses([workshop.pk])[workshop.pk]
    assert (pulse.here, pulse.away) == (4, 2)
    assert (pulse.step, pulse.round, pulse.state, pulse.answered) == (0, 0, "", 0)


@pytest.mark.parametrize("kind", [ActivityKind.IDEAS, ActivityKind.CHECK])
def test_counts_who_wrote_not_what(ecosystem: Ecosystem, kind: ActivityKind) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=kind)
    round = make_round(activity)
    seats = make_seats(workshop, 3)
    for seat in (seats[0], seats[0], seats[1]):
        Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, seat=seat, text="Share a cold store")

    assert pulses([workshop.pk])[workshop.pk].answered == 2


def test_counts_who_proposed_a_commitment(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.COMMIT)
    make_round(activity)
    for seat in (*make_seats(workshop, 2), None):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            workshop=workshop,
            activity=activity,
            seat=seat,
            text="Call the second supplier",
            owner_name="Mira",
        )

    assert pulses([workshop.pk])[workshop.pk].answered == 2


def test_who_answered_and_left_is_still_part_of_the_whole(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    gone = make_seats(workshop, 3, seen_at=timezone.now() - timedelta(hours=1))
    vote(round, gone, [1, 2, 3])

    pulse = pulses([workshop.pk])[workshop.pk]
    assert (pulse.answered, pulse.here, pulse.asked) == (3, 0, 3)


def test_a_round_whose_time_is_over_counts_as_closed(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    over = timezone.now() - timedelta(seconds=1)
    make_round(make_activity(workshop), closes_at=over)

    pulse = pulses([workshop.pk])[workshop.pk]
    assert (pulse.state, pulse.closes_at) == ("closed", over)


def test_only_open_rounds_run_out() -> None:
    now = timezone.now()
    assert effective_state("open", None, now) is RoundState.OPEN
    assert effective_state("open", now + timedelta(seconds=1), now) is RoundState.OPEN
    assert effective_state("open", now, now) is RoundState.CLOSED
    assert effective_state("revealed", now, now) is RoundState.REVEALED
    assert effective_state("pending", now, now) is RoundState.PENDING


def test_one_query_for_any_number_of_rooms(
    ecosystem: Ecosystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rooms: list[Workshop] = []
    for _ in range(5):
        workshop = make_workshop(ecosystem)
        vote(make_round(make_activity(workshop)), make_seats(workshop, 2), [1, 2])
        rooms.append(workshop)
    with django_assert_num_queries(1):
        found = pulses([*(room.pk for room in rooms), 0])
    assert {key: pulse.answered for key, pulse in found.items()} == {room.pk: 2 for room in rooms}
    with django_assert_num_queries(1):
        assert pulses([]) == {}
