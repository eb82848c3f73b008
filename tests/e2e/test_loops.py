"""The feedback-loops page in a real browser: by keyboard, a loop highlighted and named, a signal declined."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Signal
from assessments.services.summaries import summarise
from ecosystems.models import Ecosystem, LoopName, User
from tests.factories.maps import MapMaker
from tests.factories.scenarios import make_measured_map, next_wave

pytestmark = pytest.mark.django_db(transaction=True)


def press(page: Page, link: Any) -> None:
    """As with the keyboard alone."""
    link.focus()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")


def test_a_facilitator_highlights_and_names_a_loop_and_declines_a_signal(
    page: Page, live_server: Any, facilitator: User, ecosystem: Ecosystem
) -> None:
    keys, wave = make_measured_map(ecosystem)
    MapMaker(ecosystem).link(int(keys["Products"]), int(keys["Learning"]), 1, 2)
    next_wave(wave, ADA=-18.0)
    summarise(ecosystem_id=ecosystem.pk)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    client = Client()
    client.force_login(facilitator, backend="django.contrib.auth.backends.ModelBackend")
    cookies: Any = [{"name": key, "value": one.value, "url": live_server.url} for key, one in client.cookies.items()]
    page.context.add_cookies(cookies)
    page.set_viewport_size({"width": 1440, "height": 1000})
    address = live_server.url + reverse("assessments:loops", args=[ecosystem.organization.slug, ecosystem.slug])

    # the loop is chosen on the list, and stands out on the map
    page.goto(address)
    loops = page.get_by_role("listitem").filter(has=page.get_by_label("B1, balancing"))
    expect(page.get_by_text("Highlighted on the map.")).to_have_count(0)
    press(page, loops.get_by_role("link", name="Show on the map"))
    expect(loops.get_by_text("Highlighted on the map.")).to_be_visible()
    page.wait_for_url("**#map")
    expect(page.locator("[aria-current=true]").filter(has=page.get_by_label("B1, balancing"))).to_have_count(1)

    # it gets a name, which its page and the list say
    press(page, loops.get_by_role("heading").get_by_role("link"))
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    page.get_by_label("Name").fill("Stretched <b>coordinators</b>")
    page.get_by_label("What it does").fill("New products eat the time to learn.")
    press(page, page.get_by_role("button", name="Save the name"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Stretched <b>coordinators</b>")
    assert LoopName.objects.get().note == "New products eat the time to learn."
    page.goto(address)
    expect(loops.get_by_role("heading")).to_have_text("Stretched <b>coordinators</b>")
    expect(loops.get_by_text("New products eat the time to learn.")).to_be_visible()

    # a signal is declined with a reason
    signal = Signal.objects.order_by("raised_on", "pk")[0]
    press(page, page.locator("#signals > summary"))
    row = page.get_by_role("row").filter(has=page.locator(f"#why-{signal.pk}"))
    press(page, row.get_by_text("Nothing will be done"))
    row.get_by_label("Why, for everybody to read").fill("No money this year")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing will be done: No money this year")).to_be_visible()
    signal.refresh_from_db()
    assert signal.declined_why == "No money this year"

    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert problems == []
