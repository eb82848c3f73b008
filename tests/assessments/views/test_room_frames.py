"""What streams send of rooms."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.enums import RoundState
from assessments.models import Breakout, Seat, Workshop
from assessments.selectors.rooms import seat_mark
from assessments.views.room_frames import Frames
from ecosystems.models import Ecosystem
from tests.factories.room_results import reveal_votes
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


def topic(workshop: Workshop) -> str:
    return f"room:{workshop.pk}"


def grow(workshop: Workshop) -> None:
    workshop.version += 1
    workshop.save()


def test_view_and_pulse_of_each_room(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 4)[:3], [4, 5, 6])
    told = Frames().frames([topic(workshop), "room:0"])
    assert set(told) == {topic(workshop)}
    view, pulse = told[topic(workshop)]["view"], told[topic(workshop)]["pulse"]
    html = view.pop("html")  # type: ignore[attr-defined]
    assert view == {
        "version": workshop.version,
        "room": "live",
        "step": round.activity_id,
        "round": round.pk,
        "state": "open",
        "removed": [],
        "groups": {},
    }
    assert 'data-form="votes"' in html
    assert abs(pulse.pop("now") / 1000 - timezone.now().timestamp()) < 5  # type: ignore[attr-defined, operator]
    assert pulse == {
        "version": workshop.version,
        "step": round.activity_id,
        "round": round.pk,
        "state": "open",
        "answered": 3,
        "asked": 4,
        "here": 4,
        "away": 0,
        "closes_at": None,
    }


def test_votes_before_the_reveal_change_nothing_but_counts(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    seats = make_seats(workshop, 6)
    silent = Frames().frames([topic(workshop)])[topic(workshop)]["view"]
    vote(round, seats, [10] * 6)
    assert Frames().frames([topic(workshop)])[topic(workshop)]["view"] == silent


def test_nothing_is_rendered_again_before_the_room_changed(
    ecosystem: Ecosystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    workshops = [make_workshop(ecosystem) for _ in range(3)]
    rounds = [make_round(make_activity(workshop)) for workshop in workshops]
    topics = [topic(workshop) for workshop in workshops]
    frames = Frames()
    frames.frames(topics)
    with django_assert_num_queries(1):
        first = frames.frames(topics)
    vote(rounds[0], make_seats(workshops[0], 6), [5] * 6)
    reveal_votes(rounds[0])
    grow(workshops[0])
    second = frames.frames(topics)
    assert "median 5" in str(second[topics[0]]["view"]["html"])
    assert second[topics[1]]["view"] is first[topics[1]]["view"]


def test_a_round_that_runs_out_is_a_new_view_without_anybody_acting(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop), closes_at=timezone.now() + timedelta(hours=1))
    frames = Frames()
    assert frames.frames([topic(workshop)])[topic(workshop)]["view"]["state"] == RoundState.OPEN
    round.closes_at = timezone.now()
    round.save()
    assert frames.frames([topic(workshop)])[topic(workshop)]["view"]["state"] == RoundState.CLOSED


def test_phones_find_themselves_by_their_marks(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    harbour = Breakout.objects.create(workshop=workshop, label="Harbour")
    [seated], [removed] = make_seats(workshop, 1, breakout=harbour), make_seats(workshop, 1, is_removed=True)
    view = Frames().frames([topic(workshop)])[topic(workshop)]["view"]
    assert view["groups"] == {"Harbour": [seat_mark(seated.pk)]}
    assert view["removed"] == [seat_mark(removed.pk)]


def test_presence_is_noted_for_all_at_once(
    ecosystem: Ecosystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 5, seen_at=None)
    with django_assert_num_queries(1):
        Frames().present([seat.pk for seat in seats[:4]])
    assert Seat.objects.filter(seen_at__isnull=True).get() == seats[4]


def test_a_stream_process_renders_rooms_without_pages_or_numbers(ecosystem: Ecosystem) -> None:
    program = (
        "import sys, django; django.setup(set_prefix=False)\n"
        "from assessments.views.room_frames import Frames\n"
        "from django.template.loader import get_template; get_template('assessments/phone/_room.html')\n"
        "unwanted = {'numpy', 'scipy', 'metasystem.urls', 'assessments.urls', 'ecosystems.urls'}\n"
        "print(sorted(unwanted & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
