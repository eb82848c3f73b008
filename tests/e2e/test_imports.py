"""Importing answers in a real browser, with a real worker: look first, then import, also on a phone."""

import re

import pytest
from playwright.sync_api import expect

from assessments.models import Response, Wave
from tests.e2e.test_accounts import log_in
from tests.factories.instruments import make_instrument

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROWS = "".join(f"{team};{row % 5 + 1};{(row + 1) % 5 + 1}\n" for team in ("Sales", "Stores") for row in range(20))


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_spreadsheet_to_a_wave(
    live_server, browser, facilitator, ecosystem, celery_worker, javascript, tmp_path
):
    make_instrument(ecosystem.organization)
    context = browser.new_context(java_script_enabled=javascript, viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in(page, live_server, facilitator.email)
    page.goto(f"{live_server.url}/o/{ecosystem.organization.slug}/assessments/")
    page.get_by_role("link", name="Or import answers that you have").click()

    table = tmp_path / "answers.csv"
    table.write_text("team;A1;A2\n" + ROWS.replace("Sales;1;2", "Sales;1;7", 1), encoding="utf-16")
    page.get_by_label("File").set_input_files(table)
    page.get_by_label("Column that names the group").fill("team")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("row 2, column A2: 7 is off the scale, which runs from 1 to 5.").wait_for()
    assert not Wave.objects.exists()

    page.get_by_role("link", name="Upload a corrected file").click()
    table.write_text("team;A1;A2\n" + ROWS + "Depot;1;1\n", encoding="utf-16")
    page.get_by_label("File").set_input_files(table)
    page.get_by_label("Column that names the group").fill("team")
    page.get_by_label("Title of the wave").fill("Brought along")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("41 respondents would be imported").wait_for()
    expect(page.locator("tr", has_text="Depot")).to_have_text(
        re.compile(r"^Depot\s+1\s+withheld:"), use_inner_text=True
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if javascript else True
    page.get_by_role("button", name="Import the answers").click()
    page.get_by_role("heading", name="Brought along").wait_for()
    assert Response.objects.count() == 41
    context.close()
