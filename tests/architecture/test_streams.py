"""Whoever listens is counted: every page that is streamed to says whose it is."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import assessments.views
from assessments.live.events import PAGES_OF_A_LINK, PAGES_OF_A_READER, read_ticket
from ecosystems.models import Organization, User
from tests.architecture.routes import ROUTES
from tests.architecture.scene import Scene

PAGES = {
    "consoles": ("assessments:console", PAGES_OF_A_READER),
    "idea_boards": ("assessments:ideas-board", PAGES_OF_A_READER),
    "maps": ("assessments:map", PAGES_OF_A_READER),
    "projectors": ("assessments:projector", PAGES_OF_A_LINK),
    "results": ("assessments:results", PAGES_OF_A_READER),
}
SEATS = "phones"
TOKEN = re.compile(r"/stream/([\w:.-]+)")


def test_every_view_that_gives_out_streams_is_known_here() -> None:
    views = Path(assessments.views.__path__[0]).rglob("*.py")
    assert {one.stem for one in views if "stream_token(" in one.read_text()} == {*PAGES, SEATS}


@pytest.mark.django_db
@pytest.mark.parametrize("view", sorted(PAGES))
def test_a_page_says_whose_it_is(view: str, organization: Organization, admin: User) -> None:
    name, most = PAGES[view]
    scene = Scene(organization.slug)
    scene.organization = organization
    kwargs = dict(ROUTES[name].kwargs(scene))
    if name != "assessments:projector":
        kwargs["organization"] = organization.slug
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    found = TOKEN.search(client.get(reverse(name, kwargs=kwargs)).content.decode())
    assert found
    ticket = read_ticket(found[1])
    assert (ticket.seat, len(ticket.reader), ticket.most) == (None, 16, most)
