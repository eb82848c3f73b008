"""From the results of a wave into a workshop."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Workshop
from ecosystems.models import Ecosystem, User
from tests.assessments.views.workshop_pages import LogIn, text, url
from tests.factories.assessments import make_assessment, make_wave
from tests.factories.instruments import make_default_instrument
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db


def test_a_talking_point_goes_from_the_results_into_a_workshop(
    page: Client, client_of: LogIn, leader: User, ecosystem: Ecosystem
) -> None:
    make_default_instrument()
    assessment = make_assessment(ecosystem)
    make_scored_wave(assessment, title="Spring 2026", seed=1)
    wave = make_scored_wave(assessment, title="Autumn 2026", seed=2, shift={"ADA": -14.0}, spread=5.0)
    results = reverse("assessments:results", args=["rivermark", wave.pk])
    address = url("talking-point", wave.pk, "ADA")
    assert address in text(page, results)
    assert address not in text(client_of(leader), results)
    assert client_of(leader).get(address).status_code == 403
    assert page.get(url("talking-point", wave.pk, "NO-SUCH")).status_code == 404
    form = page.post(address, {"as_kind": "rate", "workshop": "new"}).context["form"]
    assert form.errors == {"title": ["Give the new workshop a title."]}
    page.post(address, {"as_kind": "rate", "workshop": "new", "title": "Debrief"})
    workshop = Workshop.objects.get()
    assert list(workshop.activities.values_list("kind", flat=True)) == ["rate", "talk"]
    page.post(url("talking-point", wave.pk, "INN"), {"as_kind": "talk", "workshop": str(workshop.pk)})
    assert workshop.activities.count() == 3


def test_what_is_said_about_a_leader_is_not_for_a_room(page: Client, ecosystem: Ecosystem, leader: User) -> None:
    wave = make_wave(make_assessment(ecosystem, leader=leader))
    assert page.get(url("talking-point", wave.pk, "INN")).status_code == 404
