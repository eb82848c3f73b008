"""The page "You said, we did" in a real browser: switched on, read without an account, on a small screen too."""

import os
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from assessments.enums import CommitmentState
from assessments.models import Commitment
from ecosystems.models import Ecosystem, User

pytestmark = pytest.mark.django_db(transaction=True)


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK_AT"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_facilitator_switches_it_on_and_everybody_reads_it(
    page: Page, live_server: Any, facilitator: User, ecosystem: Ecosystem
) -> None:
    for text, changes in (
        (
            "Publish a shared demand forecast every Monday",
            {"state": CommitmentState.DONE, "closed_on": date(2026, 6, 12)},
        ),
        ("Two community seats on the steering group", {"due_on": date(2031, 1, 15)}),
    ):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=text,
            owner_name="Marta Lindqvist",
            heard="Nobody tells us what is needed next week.",
            **changes,  # type: ignore[arg-type]
        )
    client = Client()
    client.force_login(facilitator, backend="django.contrib.auth.backends.ModelBackend")
    cookies: Any = [{"name": key, "value": one.value, "url": live_server.url} for key, one in client.cookies.items()]
    page.context.add_cookies(cookies)
    page.goto(f"{live_server.url}/o/rivermark/ecosystems/food-network/reply/")
    for text in ("Publish a shared demand forecast every Monday", "Two community seats on the steering group"):
        page.get_by_label(text).check()
    page.get_by_label("can be read by everybody").check()
    page.get_by_role("button", name="Save").click()
    address = page.get_by_label("Whoever has this link can read the page").input_value()
    look(page, "reply-settings")
    page.context.clear_cookies()
    for width, scheme in ((1440, "light"), (390, "dark"), (320, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{live_server.url}/{address.split('/', 3)[3]}")
        expect(page.get_by_role("heading", name="What we have done")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        look(page, f"reply-{width}-{scheme}")
    expect(page.get_by_text("Marta Lindqvist")).to_have_count(0)
