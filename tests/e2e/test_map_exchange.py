"""A map begun from the template, taken out as a file and brought back, on a phone and without a script."""

import pytest
from playwright.sync_api import expect

from ecosystems.models import DrawnLink, Factor
from tests.e2e.test_accounts import log_in
from tests.factories.link_votes import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_map_begins_goes_out_and_comes_back(live_server, browser, facilitator, ecosystem, tmp_path):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in(page, live_server, facilitator.email)
    page.goto(f"{live_server.url}/o/{ecosystem.organization.slug}/ecosystems/{ecosystem.slug}/map/")
    page.get_by_role("link", name="Start from the template").first.click()
    page.get_by_role("button", name="Start with this map").click()
    page.get_by_text("The template is on the map.").wait_for()
    assert (Factor.objects.count(), DrawnLink.objects.count()) == (20, 37)

    trust, ties = (Factor.objects.get(facet=code).pk for code in ("ECO-TRUST", "ECO-TIES"))
    cast(ecosystem, trust, ties, [3, 3, 2, 2, 1], group="customers")
    cast(ecosystem, trust, ties, [-3, -3, -2, -2, -1], group="employees")
    page.get_by_role("link", name="Links and votes").first.click()
    page.get_by_role("heading", name="What influences what").wait_for()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Trust → Strength of relationships")
    expect(row).to_contain_text("opinions split")
    row.get_by_role("link", name="10 votes on Trust → Strength of relationships").click()
    page.get_by_role("heading", name="Does “Trust” raise or lower “Strength of relationships”?").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="GraphML").click()
    file = tmp_path / "map.graphml"
    download.value.save_as(file)

    page.get_by_role("link", name="Compare groups").first.click()
    page.get_by_text("On 1 link some say it raises and others say it lowers").wait_for()
    page.get_by_role("link", name="Import and export").first.click()
    broken = tmp_path / "broken.csv"
    broken.write_text("source;target;sign\nTrust;Trust;+\n", encoding="utf-8")
    page.get_by_label("A file").set_input_files(broken)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Row 2: “Trust” is linked to itself. Take the link out of the file.").wait_for()
    page.get_by_label("A file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("All of this is on the map already: there is nothing to import.").wait_for()

    broken.write_text("source;target;sign\nTrust;Food wasted;-\nFood wasted;Trust;-\n", encoding="utf-16")
    page.get_by_label("A file").set_input_files(broken)
    page.get_by_label("Replace it").check()
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("1 factor would be added, 2 links would be drawn.").wait_for()
    page.get_by_text("19 factors leave the map").wait_for()
    page.get_by_role("button", name="Replace the map").click()
    page.get_by_text("The map is imported. You can undo it as one step.").wait_for()
    on_map = Factor.objects.filter(on_map=True).order_by("name").values_list("name", flat=True)
    assert list(on_map) == ["Food wasted", "Trust"]
    context.close()
