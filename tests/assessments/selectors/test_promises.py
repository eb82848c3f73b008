"""What people are told before they answer, and what the counts page says, is no more than what is kept."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.links import invitation_token
from assessments.services.invitations import Person, add_people
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import invite, make_open_wave

pytestmark = pytest.mark.django_db
HANDED_OVER = "Whoever handed you this link could open it, too"
DENIED = "nobody can see who has answered"


def test_a_link_on_paper_says_who_else_could_open_it(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    group = wave.groups.get(key="customers")
    add_people(group=group, people=[Person(name="On paper")], by=None)
    told = {}
    for person in group.invitations.all():
        page = Client().get(reverse("assessments:fill-in", args=[invitation_token(person)])).content.decode()
        told[bool(person.email)] = HANDED_OVER in page
    assert told == {True: False, False: True}


def test_counts_of_a_small_group_are_not_said_to_tell_nothing(
    ecosystem: Ecosystem, facilitator: User, client_of: Callable[[User], Client]
) -> None:
    wave = make_open_wave(ecosystem, people=5)
    url = reverse("assessments:wave", args=[ecosystem.organization.slug, wave.pk])
    browser = client_of(facilitator)
    assert DENIED in browser.get(url).content.decode()
    invite(wave, 1, group="employees")
    assert DENIED not in browser.get(url).content.decode()
