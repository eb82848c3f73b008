"""Requests that no browser makes of itself: whatever stands in them, every page answers, and none with an error."""

import re

import pytest
from django.db import transaction
from django.test import Client

from ecosystems.models import User
from tests.architecture.routes import ROUTES
from tests.architecture.scene import Scene
from tests.architecture.test_routes import OURS, address

pytestmark = pytest.mark.django_db
HUGE = "9" * 400
STRANGE = (
    "\0",
    "-1",
    HUGE,
    "٣",
    "²",
    "1e400",
    "NaN",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "<script>alert(1)</script>\"'",
    "a\r\nBcc: everybody@elsewhere.example",
    "../" * 20,
    "{link}{0.__class__}%(x)s%s",
    "x" * 20_000,
)
ASKED = (  # noqa: SIM905 - a sentence is easier to read
    "page q find role waiting with group items sort part units groups comments format table next version from to form "
    "audience section state subject message text"
).split()


@pytest.fixture
def scene(organization, ecosystem, admin) -> Scene:
    scene = Scene(organization.slug)
    scene.organization, scene.ecosystem = organization, ecosystem
    return scene


def browser_of(user: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.parametrize("name", [name for name in OURS if name in ROUTES])
def test_strange_values_in_an_address_or_a_form_are_answered(name, scene, admin):
    browser, url = browser_of(admin), address(name, scene, scene.organization.slug)
    shown = browser.get(url)
    fields = set(re.findall(r'name="([^"]+)"', shown.content.decode() if not shown.streaming else ""))
    found = {}
    for value in STRANGE:
        with transaction.atomic():
            found["get", value[:20]] = browser.get(url, dict.fromkeys(ASKED, value)).status_code
            transaction.set_rollback(True)
        for chosen in [fields | {"act", "person", "confirm", "save", "theme", "next"}]:
            with transaction.atomic():
                answer = browser.post(url, dict.fromkeys(chosen - {"csrfmiddlewaretoken"}, value))
                found["post", value[:20], *sorted(chosen)] = answer.status_code
                transaction.set_rollback(True)
    assert {case: status for case, status in found.items() if status >= 500} == {}
