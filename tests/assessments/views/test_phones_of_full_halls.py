"""What a phone shows of a hall's many texts: a part, and where the rest is."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import ActivityKind, RoundState
from assessments.links import seat_token
from assessments.models import Idea, Reason
from ecosystems.models import Ecosystem
from tests.factories.room_results import reveal_votes
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


def test_long_lists_end_with_where_the_rest_is(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 65)
    round = make_round(make_activity(workshop, kind=ActivityKind.IDEAS), state=RoundState.REVEALED, results={})
    Idea.objects.bulk_create(
        Idea(
            key=uuid.uuid4(), activity=round.activity, round=round, seat=seat, text=f"Idea {n}", is_shown=True, order=n
        )
        for n, seat in enumerate(seats)
    )
    page = client.get(reverse("assessments:phone", args=[seat_token(seats[0])])).content.decode()
    assert (page.count(">Idea "), "5 more: they stand in the minutes." in page) == (60 + 1, True)  # and the seat's own


def test_reasons_too(client: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 31)
    round = make_round(make_activity(workshop))
    vote(round, seats, [5] * 31)
    Reason.objects.bulk_create(
        Reason(round=round, seat=seat, item="ready", text=f"Because {n}") for n, seat in enumerate(seats)
    )
    reveal_votes(round)
    page = client.get(reverse("assessments:phone", args=[seat_token(seats[0])])).content.decode()
    assert (page.count(">Because "), "1 more: it stands in the minutes." in page) == (30, True)
