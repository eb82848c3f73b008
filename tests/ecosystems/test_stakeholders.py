"""The parties of an ecosystem: one by one, in and out as a table."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecosystems.enums import StakeholderGroup
from ecosystems.models import AuditEvent, Stakeholder
from ecosystems.services.stakeholders import (
    ImportRefused,
    StakeholderRefused,
    check_import,
    delete_stakeholder,
    group_named,
    import_stakeholders,
    save_stakeholder,
)
from tests.factories.ecosystems import make_ecosystem, make_stakeholder

GOOD = "Group;NAME;e-mail;Shoe\nPartners;Fenn Grocers;Hello@Fenn.example;1\ncommunity;Pickers’ Council;;2\n"


def page(ecosystem, *rest):
    return f"/o/{ecosystem.organization.slug}/ecosystems/{ecosystem.slug}/" + "".join(rest)


def rows(ecosystem):
    return list(ecosystem.stakeholders.order_by("name").values_list("name", "group", "email", "note"))


# -- one by one ------------------------------------------------------------------------------------


def test_email_is_used_once_in_an_ecosystem(ecosystem, admin):
    given = {"ecosystem": ecosystem, "group": StakeholderGroup.PARTNERS, "name": "A", "note": "", "by": admin}
    saved = save_stakeholder(email="A@x.example", **given)
    assert saved.email == "a@x.example"
    with pytest.raises(StakeholderRefused):
        save_stakeholder(email="a@X.example", **given)
    save_stakeholder(email="a@x.example", pk=saved.pk, **given | {"name": "B"})
    other = make_ecosystem(ecosystem.organization)
    save_stakeholder(email="a@x.example", **given | {"ecosystem": other})
    assert rows(ecosystem) == [("B", "partners", "a@x.example", "")]
    delete_stakeholder(stakeholder=saved, by=admin)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "stakeholder.added",
        "stakeholder.changed",
        "stakeholder.added",
        "stakeholder.deleted",
    ]


def test_form_in_the_browser(client_of, facilitator, ecosystem):
    client = client_of(facilitator)
    typed = {"name": "Fenn", "group": "customers", "email": "fenn@x.example", "note": "n"}
    answer = client.post(page(ecosystem, "stakeholders/add/"), typed | {"another": "1"})
    assert answer["Location"] == page(ecosystem, "stakeholders/add/?group=customers")
    assert client.get(answer["Location"]).context["form"]["group"].value() == "customers"
    answer = client.post(page(ecosystem, "stakeholders/add/"), typed | {"name": "Other"})
    assert answer.context["form"].errors == {
        "email": ["Another stakeholder of this ecosystem has this e-mail address."]
    }
    assert answer.context["form"]["name"].value() == "Other"
    answer = client.post(page(ecosystem, "stakeholders/add/"), {"name": "N\0", "group": "king", "email": "x"})
    assert sorted(answer.context["form"].errors) == ["email", "group", "name"]
    assert rows(ecosystem) == [("Fenn", "customers", "fenn@x.example", "n")]


def test_list_by_group_and_words(client_of, facilitator, leader, ecosystem):
    make_stakeholder(ecosystem, StakeholderGroup.CUSTOMERS, name="Fenn", email="secret@fenn.example")
    make_stakeholder(ecosystem, StakeholderGroup.PARTNERS, name="Dairy")

    def names(user, **query):
        return [one.name for one in client_of(user).get(page(ecosystem), query).context["page"]]

    assert names(leader) == ["Dairy", "Fenn"]
    assert names(leader, group="customers") == ["Fenn"]
    assert names(leader, group="kings", find="air") == ["Dairy"]
    assert (names(facilitator, find="secret"), names(leader, find="secret")) == (["Fenn"], [])
    assert "secret@fenn.example" not in client_of(leader).get(page(ecosystem)).content.decode()
    assert "secret@fenn.example" in client_of(facilitator).get(page(ecosystem)).content.decode()


@pytest.mark.parametrize("count", [1, 120])
def test_page_asks_the_same_number_of_questions(client_of, leader, ecosystem, count, django_assert_num_queries):
    for number in range(count):
        make_stakeholder(ecosystem, list(StakeholderGroup)[number % 4])
    client = client_of(leader)
    with django_assert_num_queries(8):
        client.get(page(ecosystem))


# -- import ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["customers", "Customer", " CLIENTS ", "buyer"])
def test_words_for_a_group(word):
    assert group_named(word) is StakeholderGroup.CUSTOMERS


def test_unknown_group_is_named():
    with pytest.raises(
        ValueError, match="there is no group “kings”: use customers, employees, partners or communities"
    ):
        group_named("kings")


def test_table_is_checked_then_saved(ecosystem, admin):
    checked = check_import(ecosystem=ecosystem, data=GOOD)
    assert (checked.can_be_saved, len(checked.new), checked.table.ignored) == (True, 2, ("Shoe",))
    assert checked.count_by_group[StakeholderGroup.COMMUNITIES] == 1
    assert rows(ecosystem) == []
    assert import_stakeholders(ecosystem=ecosystem, data=GOOD, by=admin) == 2
    assert rows(ecosystem) == [
        ("Fenn Grocers", "partners", "hello@fenn.example", ""),
        ("Pickers’ Council", "communities", "", ""),
    ]
    again = check_import(ecosystem=ecosystem, data=GOOD)
    assert (again.can_be_saved, len(again.new), len(again.known)) == (False, 0, 2)
    assert import_stakeholders(ecosystem=ecosystem, data=GOOD, by=admin) == 0


def test_one_bad_row_stops_all(ecosystem, admin):
    data = "name,group,email\nA,partners,a@x.example\nB,kings,b\nC,partners,A@x.example\nD,staff,\nd,team,\n,,"
    with pytest.raises(ImportRefused) as refused:
        import_stakeholders(ecosystem=ecosystem, data=data, by=admin)
    assert [str(problem) for problem in refused.value.checked.table.problems] == [
        "Row 3: there is no group “kings”: use customers, employees, partners or communities",
        "Row 3: “b” is not an e-mail address",
        "Row 4: “A@x.example” is also in row 2",
        "Row 6: “d” is also in row 5",
    ]
    assert rows(ecosystem) == []


def test_twelve_thousand_rows(ecosystem, admin, django_assert_max_num_queries):
    data = "name,group,email\n" + "".join(f"P{i},partner,p{i}@x.example\n" for i in range(12_000))
    with django_assert_max_num_queries(14):
        assert import_stakeholders(ecosystem=ecosystem, data=data, by=admin) == 12_000
    assert ecosystem.stakeholders.count() == 12_000


def test_preview_in_the_browser_keeps_the_text(client_of, facilitator, ecosystem):
    client, url = client_of(facilitator), page(ecosystem, "stakeholders/import/")
    bad = "name;group\nFenn;kings\n"
    answer = client.post(url, {"file": SimpleUploadedFile("a.csv", bad.encode("utf-16")), "check": "1"})
    assert [str(p) for p in answer.context["problems"]] == [
        "Row 2: there is no group “kings”: use customers, employees, partners or communities"
    ]
    assert answer.context["form"]["text"].value() == bad
    assert (
        '<tr id="r2" class="error"><td class="muted" data-l="Row">2</td><th scope="row">Fenn<'
        in answer.content.decode()
    )
    assert rows(ecosystem) == []
    good = bad.replace("kings", "staff")
    answer = client.post(url, {"text": good, "check": "1"})
    assert answer.context["checked"].can_be_saved
    assert '<td data-l="Group">Employees</td>' in answer.content.decode()
    assert rows(ecosystem) == []
    answer = client.post(url, {"text": good, "save": "1"})
    assert answer["Location"] == page(ecosystem)
    assert rows(ecosystem) == [("Fenn", "employees", "", "")]


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({}, "file", "Choose a file, or paste the rows below."),
        ({"file": b""}, "file", "The submitted file is empty."),
        ({"file": b"PK\x03\x04"}, "file", "This file is XLSX, not text. Save the table as CSV and try again."),
        ({"text": "name\0"}, "text", "Null characters are not allowed."),
        ({"file": b"x" * 4_000_001}, "file", "This is larger than 2 MB. Split it into parts."),
        ({"file": b"x" * 2_000_001}, "file", "This is larger than 2 MB. Split it into parts."),
        ({"text": "x" * 2_000_001}, "text", "This is larger than 2 MB. Split it into parts."),
    ],
)
def test_what_cannot_be_read_at_all(client_of, facilitator, ecosystem, sent, field, message):
    if "file" in sent:
        sent = {"file": SimpleUploadedFile("a.csv", sent["file"])}
    answer = client_of(facilitator).post(page(ecosystem, "stakeholders/import/"), sent | {"save": "1"})
    assert answer.context["form"].errors == {field: [message]}


# -- export ----------------------------------------------------------------------------------------


def test_export_is_read_again_and_holds_no_formula(client_of, facilitator, ecosystem, admin):
    make_stakeholder(ecosystem, StakeholderGroup.PARTNERS, name="=HYPERLINK(1)", email="f@x.example")
    make_stakeholder(ecosystem, StakeholderGroup.CUSTOMERS, name="Ω, “quoted” ✓")
    answer = client_of(facilitator).get(page(ecosystem, "stakeholders.csv"))
    text = b"".join(answer.streaming_content).decode()
    assert answer["Content-Disposition"] == 'attachment; filename="food-network-stakeholders.csv"'
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["name", "group", "email", "note"],
        ["'=HYPERLINK(1)", "partners", "f@x.example", ""],
        ["Ω, “quoted” ✓", "customers", "", ""],
    ]
    other = make_ecosystem(ecosystem.organization)
    import_stakeholders(ecosystem=other, data=text, by=admin)
    assert rows(other) == rows(ecosystem)


def test_race_for_one_address_is_a_message_not_an_error(ecosystem, admin, monkeypatch):
    """Somebody adds the address between the check and the save."""
    make_stakeholder(ecosystem, email="a@x.example")
    checked = check_import(ecosystem=ecosystem, data="name,group,email\nA,staff,a@x.example")
    assert [row["email"] for row in checked.known] == ["a@x.example"]
    assert Stakeholder.objects.count() == 1


def test_largest_table_still_fits_into_the_form_that_confirms_it(client_of, facilitator, ecosystem):
    lines = ["name,group", *(f"{'x' * 90}{number},staff" for number in range(19_000))]
    text = "\r\n".join(lines)
    assert 1_900_000 < len(text) < 2_000_000
    answer = client_of(facilitator).post(page(ecosystem, "stakeholders/import/"), {"text": text, "save": "1"})
    assert answer["Location"] == page(ecosystem)
    assert ecosystem.stakeholders.count() == 19_000
