"""Every place that counts the steps of a workshop counts them alike: one that is skipped has no number."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.dashboards.agendas import agenda_of
from assessments.dashboards.minutes.page import minutes_page
from assessments.dashboards.projector.screen import screen
from assessments.dashboards.rooms.phone import phone
from assessments.enums import ActivityKind
from assessments.exports.workshop_csv import rows
from assessments.models import Workshop
from assessments.models.activity_plans import IdeasPlan
from assessments.selectors.minutes import minutes_material
from assessments.selectors.rooms import rooms
from assessments.selectors.workshops import agenda_steps
from assessments.services import stage
from ecosystems.models import Ecosystem, User
from tests.assessments.views.console_pages import html, press
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
TITLES = ("Arrive", "Collect", "Rate", "Close")


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    """Four steps; the second is skipped, the room has seen what it rated at the third."""
    made = make_workshop(ecosystem)
    arrive, close = ({"kind": ActivityKind.TALK, "title": title, "current": False} for title in ("Arrive", "Close"))
    make_activity(made, **arrive)
    ideas = make_activity(made, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="Collect", current=False)
    rated = make_round(make_activity(made, title="Rate"))
    make_activity(made, **close)
    stage.skip_activity(activity=ideas, by=facilitator)
    vote(rated, make_seats(made, 5), [5, 5, 6, 7, 7])
    stage.reveal_round(round=rated, by=facilitator)
    made.refresh_from_db()
    return made


def test_phones_the_wall_the_console_and_the_minutes_count_alike(
    client_of: Callable[[User], Client], workshop: Workshop, facilitator: User
) -> None:
    room = rooms([workshop.pk])[workshop.pk]
    assert (phone(room).line, screen(room).line) == ("Step 2 of 3 · anonymous", "Step 2 of 3")
    assert ">Step 2 of 3<" in html(client_of(facilitator), workshop)
    material = minutes_material(workshop)
    assert [(one.title, one.number) for one in minutes_page(material).steps] == [("Rate", 2)]
    assert {row["step"] for row in rows(material)} == {"2"}
    prepared = agenda_of(workshop, agenda_steps(workshop), frozenset())
    assert [(row.activity.title, row.number) for row in prepared.rows] == [*zip(TITLES, (1, 0, 2, 3), strict=True)]
    assert prepared.counted == 3


def test_the_contents_of_the_minutes_carry_the_numbers_of_the_room(
    client_of: Callable[[User], Client], workshop: Workshop, facilitator: User
) -> None:
    for step in workshop.activities.exclude(title="Rate"):
        stage.go_to(workshop=workshop, activity=step, seen_step=workshop.step_id, by=facilitator)
        workshop.refresh_from_db()
    stage.skip_activity(activity=workshop.activities.get(title="Arrive"), by=facilitator)
    address = reverse("assessments:minutes", args=[workshop.organization.slug, workshop.pk])
    page = client_of(facilitator).get(address).content.decode()
    listed = [page.partition(f'><a href="#step-{one.pk}"')[0].rpartition("<li ")[2] for one in agenda_steps(workshop)]
    assert listed == ['class="uncounted"', 'value="1"', 'value="2"', 'value="3"']


def test_a_moved_step_says_the_number_that_the_room_will_see(
    client_of: Callable[[User], Client], workshop: Workshop, facilitator: User
) -> None:
    page = client_of(facilitator)
    last, skipped = workshop.activities.get(title="Close"), workshop.activities.get(title="Collect")
    assert press(page, workshop, "move-step", activity=last.pk, to=0) == "“Close” is now step 1."
    said = press(page, workshop, "move-step", activity=skipped.pk, to=3)
    assert said == "“Collect” is moved. It is still skipped."
    assert [one.title for one in agenda_steps(workshop)] == ["Close", "Arrive", "Rate", "Collect"]
    press(page, workshop, "take-up", activity=skipped.pk)
    assert ">Step 3 of 4<" in html(page, workshop)
