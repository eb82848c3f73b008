"""What else can be done with a workshop: helpers, copies, rehearsals, deleting, its poster."""

import pytest
from django.test import Client

from assessments.models import Workshop
from ecosystems.models import Ecosystem, User
from tests.assessments.views.workshop_pages import text, titles, url
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db


def test_helpers_are_members(page: Client, workshop: Workshop, leader: User, outsider: User) -> None:
    address = url("workshop-helpers", workshop.pk)
    assert list(page.post(address, {"people": [outsider.pk]}).context["form"].errors) == ["people"]
    page.post(address, {"people": [leader.pk]})
    assert list(workshop.co_facilitators.all()) == [leader]
    page.post(address, {})
    assert workshop.co_facilitators.count() == 0


def test_a_copy_and_a_rehearsal(page: Client, workshop: Workshop) -> None:
    make_activity(workshop, title="One", kind="talk", current=False)
    response = page.post(url("workshop-duplicate", workshop.pk), {"title": "Again", "starts_at": ""})
    copy = Workshop.objects.get(title="Again")
    assert response["Location"] == url("workshop", copy.pk)
    assert titles(copy) == ["One"]
    response = page.post(url("workshop-rehearse", workshop.pk))
    rehearsal = workshop.rehearsals.get()
    assert response["Location"] == url("console", rehearsal.pk)
    assert page.get(url("workshop", rehearsal.pk))["Location"] == url("workshop", workshop.pk)
    assert page.get(url("workshop-privacy", rehearsal.pk)).status_code == 404
    assert rehearsal.get_absolute_url() not in text(page, url("workshops"))


def test_a_rehearsal_of_nothing_says_what_to_do(page: Client, workshop: Workshop) -> None:
    response = page.post(url("workshop-rehearse", workshop.pk), follow=True)
    assert "Add at least one" in response.content.decode()


def test_deleting_says_what_is_lost(page: Client, workshop: Workshop, ecosystem: Ecosystem) -> None:
    assert "Nobody has joined." in text(page, url("workshop-delete", workshop.pk))
    page.post(url("workshop-delete", workshop.pk))
    held = make_workshop(ecosystem, title="Held", state="ended")
    form = page.post(url("workshop-delete", held.pk), {"typed": "held"}).context["form"]
    assert form.non_field_errors() == ["Type the title exactly as it is: Held"]
    assert page.post(url("workshop-delete", held.pk), {"typed": "Held"})["Location"] == url("workshops")
    live = make_workshop(ecosystem, title="Live")
    assert "End it on the console first." in text(page, url("workshop-delete", live.pk))
    page.post(url("workshop-delete", live.pk), {"typed": "Live"})
    assert list(Workshop.objects.all()) == [live]


def test_the_poster_shows_how_to_join_and_the_rules(page: Client, workshop: Workshop) -> None:
    shown = text(page, url("workshop-poster", workshop.pk))
    assert workshop.code in shown
    assert "<svg" in shown
    assert "at least 5 people stand behind it" in shown
