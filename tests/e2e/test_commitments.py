"""A commitment from a finding to done, in a real browser on a small screen, with the keyboard alone."""

import os
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from assessments.enums import CommitmentState
from assessments.models import CheckIn, Commitment, CommitmentStep
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db(transaction=True)


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK_AT"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def press(place: Locator, key: str = "Enter") -> None:
    place.focus()
    place.press(key)


def write(place: Locator, text: str) -> None:
    place.focus()
    place.page.keyboard.type(text)


def test_from_a_finding_to_done(page: Page, live_server: Any, leader: User, ecosystem: Ecosystem) -> None:
    wave = make_scored_wave(make_assessment(ecosystem, name="Network"))
    client = Client()
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    cookies: Any = [{"name": key, "value": one.value, "url": live_server.url} for key, one in client.cookies.items()]
    page.context.add_cookies(cookies)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/o/rivermark/waves/{wave.pk}/results/")
    press(page.get_by_role("link", name="Make a commitment").first)
    expect(page.get_by_role("heading", name="Make a commitment")).to_be_visible()
    aimed_at = page.get_by_label("Score it should move").input_value()
    assert aimed_at
    write(page.get_by_label("What will be done"), "Agree on one number")
    write(page.get_by_label("Who", exact=True), "Marta Lindqvist")
    look(page, "commitment-new")
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", name="Agree on one number")).to_be_visible()
    made = Commitment.objects.get()
    assert (made.source, made.facet, made.wave, made.owner) == ("score", aimed_at, wave, leader)
    expect(page.get_by_text("measured next wave")).to_be_visible()
    write(page.get_by_label("Note"), "Two of them have not called back")
    write(page.get_by_label("Next step"), "Ask three suppliers " + "x" * 150)
    page.keyboard.press("Enter")
    press(page.get_by_role("button", name=re.compile(r"^Done\W+Ask three suppliers")))
    expect(page.get_by_role("button", name=re.compile(r"^Not done\W+Ask three suppliers"))).to_be_visible()
    assert CommitmentStep.objects.get().done_on == timezone.localdate()
    press(page.get_by_role("radio", name="At risk"), " ")
    expect(page.get_by_label("Note")).to_have_value("Two of them have not called back")
    press(page.get_by_role("button", name="Save the check-in"))
    expect(page.get_by_text("Two of them have not called back")).to_be_visible()
    assert CheckIn.objects.values_list("progress", "by").get() == ("at-risk", leader.pk)
    expect(page.get_by_text("not done yet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    look(page, "commitment")
    press(page.get_by_role("button", name="Mark as done"))
    expect(page.get_by_role("button", name="Take up again")).to_be_visible()
    made.refresh_from_db()
    assert (made.state, made.closed_on) == (CommitmentState.DONE, timezone.localdate())
    page.goto(f"{live_server.url}/o/rivermark/waves/{wave.pk}/results/")
    again = page.get_by_role("region", name="Commitments until this wave")
    expect(again.get_by_role("link", name="Agree on one number")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    look(page, "commitment-at-results")
