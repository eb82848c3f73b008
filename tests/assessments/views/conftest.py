"""What tests of pages share."""

from collections.abc import Callable

import pytest
from django.test import Client

from assessments.models import Workshop
from ecosystems.models import Ecosystem, User
from tests.factories.maps import MapMaker
from tests.factories.workshops import make_workshop


@pytest.fixture
def page(client_of: Callable[[User], Client], facilitator: User) -> Client:
    """The browser of a facilitator."""
    return client_of(facilitator)


@pytest.fixture
def maker(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    """The facilitator at the map."""
    return MapMaker(ecosystem, facilitator)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    """Being prepared, without a step."""
    return make_workshop(ecosystem, state="draft")
