"""What tests of pages share."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from assessments.models import Draft, Wave, Workshop
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_open_wave
from tests.factories.fill_in import make_draft
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


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    """Open for a long time."""
    return make_open_wave(ecosystem, closes_on=date(2099, 11, 14))


@pytest.fixture
def draft(wave: Wave) -> Draft:
    """Begun by somebody whom the wave invited."""
    return make_draft(wave)
