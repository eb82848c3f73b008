"""Which workshops somebody may know of, and what a workshop can take from its instrument."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Wave, Workshop
from assessments.selectors.asked_items import chapters_for, named_in
from assessments.selectors.workshops import at_home, coming, in_preparation_for, past, rows_of, waves_to_talk_about
from ecosystems.enums import Role
from ecosystems.models import Ecosystem, User
from ecosystems.permissions import Viewer
from tests.factories.assessments import make_assessment, make_version, make_wave
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db


def viewer_of(user: User, ecosystem: Ecosystem) -> Viewer:
    role = user.memberships.get(organization=ecosystem.organization).role
    return Viewer(user=user, organization=ecosystem.organization, role=Role(role))


def titles(workshops: object) -> list[str]:
    return [one.title for one in workshops]  # type: ignore[attr-defined]


@pytest.fixture
def workshops(ecosystem: Ecosystem, leader: User) -> list[Workshop]:
    later = timezone.now() + timedelta(days=9)
    made = [
        make_workshop(ecosystem, title="draft", state="draft"),
        make_workshop(ecosystem, title="later", state="draft", starts_at=later),
        make_workshop(ecosystem, title="soon", state="draft", starts_at=later - timedelta(days=3)),
        make_workshop(ecosystem, title="live"),
        make_workshop(ecosystem, title="over", state="ended"),
        make_workshop(ecosystem, title="helped", state="draft"),
    ]
    make_workshop(ecosystem, title="rehearsal", rehearsal_of=made[0])
    made[-1].co_facilitators.add(leader)
    return made


def test_those_who_run_workshops_see_all_and_no_rehearsals(
    workshops: list[Workshop], ecosystem: Ecosystem, facilitator: User
) -> None:
    viewer = viewer_of(facilitator, ecosystem)
    assert titles(coming(viewer)) == ["live", "soon", "later", "helped", "draft"]
    assert titles(past(viewer)) == ["over"]


def test_others_see_what_has_a_date_is_on_or_is_over(
    workshops: list[Workshop], ecosystem: Ecosystem, leader: User, viewer: User
) -> None:
    assert titles(coming(viewer_of(viewer, ecosystem))) == ["live", "soon", "later"]
    helping = viewer_of(leader, ecosystem)
    rows = rows_of(coming(helping), helping)
    assert [(row.title, row.helped) for row in rows] == [  # type: ignore[attr-defined]
        ("live", False),
        ("soon", False),
        ("later", False),
        ("helped", True),
    ]


def test_rows_count_steps_and_minutes_that_are_not_skipped(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, minutes=5)
    make_activity(workshop, minutes=7)
    make_activity(workshop, minutes=90, is_skipped=True)
    make_workshop(ecosystem, title="empty", state="draft")
    viewer = viewer_of(facilitator, ecosystem)
    found = [(row.steps, row.minutes) for row in rows_of(coming(viewer), viewer)]  # type: ignore[attr-defined]
    assert found == [(2, 12), (0, 0)]


def test_waves_about_a_leader_are_not_for_a_room(ecosystem: Ecosystem, leader: User) -> None:
    system = make_wave(ecosystem)
    make_wave(make_assessment(ecosystem, leader=leader))
    assert list(waves_to_talk_about(ecosystem.organization)) == [system]
    assert Wave.objects.count() == 2


def test_a_step_about_a_wave_fits_workshops_of_that_wave_or_of_none(
    ecosystem: Ecosystem, facilitator: User, leader: User
) -> None:
    wave, other = make_wave(ecosystem), make_wave(ecosystem)
    fits = [make_workshop(ecosystem, state="draft"), make_workshop(ecosystem, wave=wave)]
    make_workshop(ecosystem, wave=other)
    make_workshop(ecosystem, state="ended")
    make_workshop(ecosystem, rehearsal_of=fits[0])
    assert list(in_preparation_for(wave, viewer_of(facilitator, ecosystem))) == fits[::-1]
    fits[1].co_facilitators.add(leader)
    assert list(in_preparation_for(wave, viewer_of(leader, ecosystem))) == [fits[1]]


def test_room_questions_come_first_and_leadership_only_with_a_wave(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft")
    assert chapters_for(workshop) == ()
    make_version()
    shared = chapters_for(workshop)
    assert [chapter.code for chapter in shared] == ["INN", "ECO", "ADA", "SAT", "SUS"]
    for chapter in shared:
        rooms = [question.is_room for question in chapter.questions]
        assert rooms == sorted(rooms, reverse=True)
        assert any(rooms)
    workshop.wave = make_wave(ecosystem)
    assert [chapter.code for chapter in chapters_for(workshop)][5:] == ["MND", "PRI", "PRA", "CON", "RES"]
    assert list(named_in(shared))[:2] == ["INN", "INN-FLOW"]


def test_home_tells_of_what_is_on_soon_and_just_over(
    workshops: list[Workshop], ecosystem: Ecosystem, leader: User
) -> None:
    make_workshop(ecosystem, title="long over", state="ended", ended_at=timezone.now() - timedelta(days=15))
    make_workshop(ecosystem, title="far", state="draft", starts_at=timezone.now() + timedelta(days=15))
    assert titles(at_home(viewer_of(leader, ecosystem))) == ["live", "soon", "later", "over"]
