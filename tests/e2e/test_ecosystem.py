"""An ecosystem in a real browser: from its name to an imported list, also without JavaScript and on a phone."""

import pytest

from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem
from tests.e2e.test_accounts import log_in
from tests.factories.ecosystems import make_stakeholder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_name_to_a_list(live_server, browser, facilitator, javascript, tmp_path):
    context = browser.new_context(java_script_enabled=javascript)
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in(page, live_server, facilitator.email)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ecosystem").first.click()
    page.get_by_role("link", name="Start the first one").click()
    page.get_by_label("Name").fill("Food Network")
    page.get_by_role("button", name="Start the ecosystem").click()
    page.get_by_role("heading", name="Who belongs to it?").wait_for()

    page.get_by_role("link", name="Add the first one").click()
    page.get_by_label("Name").fill("Fenn Grocers")
    page.get_by_role("radio", name="Customers").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Fenn Grocers is saved.").wait_for()

    page.get_by_role("link", name="Import stakeholders").click()
    table = tmp_path / "parties.csv"
    table.write_text("Group;Name;E-mail\nkings;Pickers’ Council;\nstaff;Team;team@x.example\n", encoding="utf-16")
    page.get_by_label("A CSV file").set_input_files(table)
    page.get_by_role("button", name="Check the rows").click()
    problem = page.get_by_role("link", name="Row 2: there is no group “kings”")
    problem.click()
    page.wait_for_url("**#r2")
    text = page.get_by_label("Or paste the rows")
    assert text.input_value() == "Group;Name;E-mail\nkings;Pickers’ Council;\nstaff;Team;team@x.example\n"
    text.fill(text.input_value().replace("kings", "communities"))
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("button", name="Add the 2 stakeholders").click()
    page.get_by_text("2 stakeholders are added.").wait_for()
    found = Ecosystem.objects.get().stakeholders.order_by("name").values_list("name", "group")
    assert list(found) == [("Fenn Grocers", "customers"), ("Pickers’ Council", "communities"), ("Team", "employees")]

    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    assert download.value.suggested_filename == "food-network-stakeholders.csv"
    page.get_by_role("link", name="Team").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("Team is no longer part of the ecosystem.").wait_for()
    context.close()


def test_fits_a_phone(live_server, browser, facilitator, ecosystem):
    for number in range(60):
        make_stakeholder(
            ecosystem,
            list(StakeholderGroup)[number % 4],
            name=f"Averylongnamewithoutanyblankinitwhichwouldpushthepage {number}",
            email=f"a.very.long.address.of.number.{number}@averylongdomainnamewithoutblanks.example",
        )
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    log_in(page, live_server, facilitator.email)
    base = f"{live_server.url}/o/{ecosystem.organization.slug}"
    for path in (
        "/ecosystems/",
        "/ecosystems/new/",
        f"/ecosystems/{ecosystem.slug}/",
        f"/ecosystems/{ecosystem.slug}/stakeholders/add/",
        f"/ecosystems/{ecosystem.slug}/stakeholders/import/",
        "/people/",
    ):
        page.goto(base + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, wide) == (path, 0)
    context.close()
