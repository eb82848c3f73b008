"""What tests of streams share: a room with two seats, and the application that serves them."""

import pytest

from assessments.live.stream import Streams, make_application
from assessments.models import Workshop
from ecosystems.models import Ecosystem
from tests.assessments.live.open_pages import SmallRooms, own_number
from tests.factories.workshops import make_seats, make_workshop


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    made = make_workshop(ecosystem, title="Autumn", pk=own_number())
    make_seats(made, 2, seen_at=None)
    return made


@pytest.fixture
def rooms() -> SmallRooms:
    return SmallRooms()


@pytest.fixture
def streams(rooms: SmallRooms) -> Streams:
    return make_application(rooms)
