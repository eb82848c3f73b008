"""People who want to know or do more than is theirs: what a page, a number or a second press would give away."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.links import seat_token
from assessments.models import (
    MinutesRequest,
    Workshop,
)
from assessments.services import seat_pace
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_seats, make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def act(workshop: Workshop, name: str) -> str:
    return reverse("assessments:console-act", args=[workshop.organization.slug, workshop.pk, name])


def test_the_group_of_a_phone_is_nobodys_where_all_are_anonymous(
    ecosystem: Ecosystem, facilitator: User, client_of: LogIn
) -> None:
    for named in (True, False):
        workshop = make_workshop(ecosystem, named=named, asks_group=True)
        make_seats(workshop, group="partners", name="Ana" if named else "")
        args = [workshop.organization.slug, workshop.pk]
        page = client_of(facilitator).get(reverse("assessments:console-people", args=args)).content.decode()
        assert ("Partners" in page, '<th scope="col">Group</th>' in page) == (named, named)


def test_one_phone_asks_for_the_minutes_for_a_few(ecosystem: Ecosystem, client: Client) -> None:
    workshop = make_workshop(ecosystem)
    (seat,) = make_seats(workshop)
    where = reverse("assessments:room-minutes", args=[seat_token(seat)])
    answers = [client.post(where, {"email": f"somebody-{number}@example.org"}) for number in range(8)]
    assert [answer.status_code for answer in answers] == [302] * seat_pace.ADDRESSES_AT_ONCE + [429] * 3
    assert "many addresses for one phone" in answers[-1].content.decode()
    assert MinutesRequest.objects.count() == seat_pace.ADDRESSES_AT_ONCE
