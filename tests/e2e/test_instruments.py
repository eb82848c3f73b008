"""Instruments in a browser: with a script that refreshes the preview, without any script, and by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from assessments.models import Instrument, InstrumentVersion
from ecosystems.models import Organization, User
from tests.factories.instruments import make_default_instrument, make_instrument_draft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LQ2002 = Path(__file__).parents[1] / "data" / "lq2002_instrument.yaml"


@pytest.fixture
def log_in(live_server: Any, admin: User) -> dict[str, str]:
    """The session cookie of the admin."""
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.fixture
def admins_page(page: Page, log_in: dict[str, str]) -> Page:
    page.context.add_cookies([log_in])  # type: ignore[list-item]
    return page


@pytest.fixture
def plain_page(browser: Browser, log_in: dict[str, str]) -> Iterator[Page]:
    """The admin's browser with scripts turned off, as wide as a phone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies([log_in])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def test_copy_edit_and_publish(admins_page: Page, live_server: Any, organization: Organization) -> None:
    page = admins_page
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    default = make_default_instrument()

    page.goto(f"{live_server.url}/o/{organization.slug}/instruments/{default.instrument_id}/")
    page.get_by_role("link", name="Duplicate").click()
    page.get_by_label("Name").fill("Our own questions")
    page.get_by_role("button", name="Make the copy").click()
    page.get_by_role("link", name="How often did someone suggest a new way of doing things?").click()

    preview = page.locator("#item-preview")
    expect(preview).to_contain_text("How often did someone suggest a new way of doing things?")
    page.get_by_label("Text", exact=False).first.fill("How often did anyone bring an idea?")
    expect(preview).to_contain_text("How often did anyone bring an idea?")
    page.get_by_label("Anchors").fill("only one")
    expect(preview).to_contain_text("There is 1 line for 5 answers.")
    page.get_by_label("Anchors").fill("")
    page.get_by_label("Reverse").check()
    expect(preview).to_contain_text("How often did anyone bring an idea?")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="How often did anyone bring an idea?")).to_be_visible()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our own questions")

    published = InstrumentVersion.objects.get(instrument__organization=organization)
    item = published.definition["dimensions"][0]["facets"][0]["items"][0]
    assert (item["text"], item["keying"], "anchors" in item) == (
        "How often did anyone bring an idea?",
        "reverse",
        False,
    )
    assert published.number == 1
    assert complaints == []


def test_import_and_edit_without_scripts(plain_page: Page, live_server: Any, organization: Organization) -> None:
    page = plain_page
    page.goto(f"{live_server.url}/o/{organization.slug}/instruments/import/")
    broken = LQ2002.read_text(encoding="utf-8").replace("code: LEAD02", "code: LEAD01")
    page.get_by_label("Or paste it here").fill(broken)
    page.get_by_role("button", name="Look at it").click()

    expect(page.get_by_role("alert")).to_contain_text("1 thing keeps this from being imported")
    expect(page.locator("tr.error")).to_contain_text("The code LEAD01 is used by more than one item.")
    expect(page.get_by_label("Or paste it here")).to_have_value(broken)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.locator("#id_file").set_input_files(LQ2002)
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import as a draft").click()
    page.get_by_role("link", name="Hostility item 5").click()
    page.get_by_label("Text", exact=False).first.fill("How hostile was it?")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#item-preview")).to_contain_text("How hostile was it?")
    assert Instrument.objects.get().versions.get().revision == 0
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="How hostile was it?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_moving_an_item_by_keyboard_alone(admins_page: Page, live_server: Any, organization: Organization) -> None:
    page = admins_page
    draft = make_instrument_draft(organization)
    page.goto(f"{live_server.url}/o/{organization.slug}/instruments/{draft.instrument_id}/draft/")
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move A1 down":
            break
    else:
        pytest.fail("The button is not reached with the Tab key.")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    draft.refresh_from_db()
    assert draft.item_codes == ["A2", "A1", "B1", "C1", "D1"]


def test_two_editors(admins_page: Page, plain_page: Page, live_server: Any, organization: Organization) -> None:
    draft = make_instrument_draft(organization)
    address = f"{live_server.url}/o/{organization.slug}/instruments/{draft.instrument_id}/draft/items/A1/"
    for page, words in ((admins_page, "First editor"), (plain_page, "Second editor")):
        page.goto(address)
        page.get_by_label("Text", exact=False).first.fill(words)

    admins_page.get_by_role("button", name="Save").click()
    expect(admins_page.get_by_role("link", name="First editor")).to_be_visible()
    plain_page.get_by_role("button", name="Save").click()

    expect(plain_page.get_by_role("alert")).to_contain_text("Somebody else changed this draft meanwhile.")
    expect(plain_page.get_by_label("Text", exact=False).first).to_have_value("Second editor")
    plain_page.get_by_role("button", name="Save").click()
    expect(plain_page.get_by_role("link", name="Second editor")).to_be_visible()
