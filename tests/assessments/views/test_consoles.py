"""The facilitator's screen: what it shows in each state, to whom, and what its forms do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import RoundState
from assessments.models import Workshop
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def url(workshop: Workshop, act: str = "") -> str:
    args = [workshop.organization.slug, workshop.pk]
    return reverse("assessments:console-act", args=[*args, act]) if act else reverse("assessments:console", args=args)


def html(client: Client, workshop: Workshop, query: str = "") -> str:
    return client.get(url(workshop) + query).content.decode()


def press(client: Client, workshop: Workshop, act: str, **fields: Any) -> str:
    """Send a form and give the message that the next page shows."""
    answer = client.post(url(workshop, act), fields, follow=True)
    assert answer.status_code == 200, answer.content
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.fixture
def page(client_of: LogIn, facilitator: User) -> Client:
    return client_of(facilitator)


def test_a_round_is_revealed_from_the_page(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 8), [5, 5, 6, 6, 7, 8, 3, 4])
    assert "Reveal round 1" in html(page, workshop)
    assert press(page, workshop, "reveal", round=round.pk) == "Round 1 is revealed."
    round.refresh_from_db()
    assert round.state == RoundState.REVEALED
    assert "The median is 5.5; the middle half spans 4.8 to 6.3." in html(page, workshop)
