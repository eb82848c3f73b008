"""Pages of instruments: reading, importing, copying, comparing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Instrument, InstrumentVersion, Wave
from assessments.selectors.instruments import usable_versions
from assessments.services.instruments import import_instrument, load_default_instrument, start_draft
from ecosystems.models import Ecosystem, Organization, User
from tests.factories.ecosystems import make_ecosystem
from tests.factories.people import make_organization

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LQ2002 = Path(__file__).parents[2] / "data" / "lq2002_instrument.yaml"


@pytest.fixture
def default() -> InstrumentVersion:
    return load_default_instrument()[0]


@pytest.fixture
def own(organization: Organization) -> InstrumentVersion:
    return import_instrument(organization=organization, text=LQ2002.read_bytes(), by=None)


def url(name: str, organization: Organization, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[organization.slug, *args])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_holds_own_and_shared_instruments_but_nobody_elses(
    client_of: Browser,
    facilitator: User,
    organization: Organization,
    default: InstrumentVersion,
    own: InstrumentVersion,
) -> None:
    import_instrument(
        organization=make_organization(), text=LQ2002.read_text().replace("Leadership,", "Foreign,"), by=None
    )

    page = client_of(facilitator).get(url("instruments", organization))

    assert [row.instrument for row in page.context["rows"]] == [own.instrument, default.instrument]
    assert [row.items for row in page.context["rows"]] == [19, 97]


def test_an_empty_list_says_what_to_do(client_of: Browser, facilitator: User, organization: Organization) -> None:
    page = client_of(facilitator).get(url("instruments", organization))

    assert "No instruments yet" in text_of(page)


@pytest.mark.parametrize("copies", [0, 4])
def test_queries_of_the_list(
    client_of: Browser,
    facilitator: User,
    organization: Organization,
    default: InstrumentVersion,
    copies: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(copies):
        text = LQ2002.read_text().replace("code: lq2002", f"code: lq-{number}")
        start_draft(version=import_instrument(organization=organization, text=text, by=None))
    browser = client_of(facilitator)

    with django_assert_num_queries(6):
        browser.get(url("instruments", organization))


def test_a_version_is_read_by_form_and_audience(
    client_of: Browser, facilitator: User, organization: Organization, default: InstrumentVersion
) -> None:
    address = url("instrument", organization, default.instrument_id)
    first = client_of(facilitator).get(address)
    other = client_of(facilitator).get(address, {"form": "stakeholder", "audience": "partners"})
    unknown = client_of(facilitator).get(address, {"form": "no", "audience": "one"})

    assert (first.context["shown"].form, len(first.context["shown"].questions)) == ("full", 93)
    assert (other.context["shown"].audience, len(other.context["shown"].questions)) == ("partners", 15)
    assert unknown.context["shown"] == first.context["shown"]
    assert "How often did a trial that worked become part of normal work?" in text_of(other)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_one_instrument_wherever_it_is_used(
    client_of: Browser,
    facilitator: User,
    ecosystem: Ecosystem,
    default: InstrumentVersion,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(count):
        assessment = Assessment.objects.create(
            ecosystem=ecosystem, name=f"Assessment {number}", instrument=default.instrument
        )
        for wave in range(1, count + 1):
            Wave.objects.create(assessment=assessment, number=wave, title=f"Wave {wave}", version=default)
    browser = client_of(facilitator)

    with django_assert_num_queries(9):
        page = browser.get(url("instrument", ecosystem.organization, default.instrument_id))

    assert [len(use.waves) for use in page.context["uses"]] == [count] * count
    assert page.context["uses"][0].waves[0] == ("Wave 1", "1.0.0")


def test_who_else_uses_a_shared_instrument_is_not_told(
    client_of: Browser, facilitator: User, organization: Organization, default: InstrumentVersion
) -> None:
    elsewhere = make_ecosystem(make_organization())
    Assessment.objects.create(ecosystem=elsewhere, name="Theirs", instrument=default.instrument)

    page = client_of(facilitator).get(url("instrument", organization, default.instrument_id))
    rows = client_of(facilitator).get(url("instruments", organization)).context["rows"]

    assert (page.context["uses"], [row.assessments for row in rows]) == ([], [0])


def test_versions_that_are_not_there(
    client_of: Browser, facilitator: User, organization: Organization, default: InstrumentVersion
) -> None:
    browser = client_of(facilitator)
    foreign = import_instrument(organization=make_organization(), text=LQ2002.read_bytes(), by=None)

    assert browser.get(url("instrument", organization, foreign.instrument_id)).status_code == 404
    assert browser.get(url("instrument", organization, default.instrument_id), {"version": "7"}).status_code == 404
    assert browser.get(url("instrument", organization, default.instrument_id), {"version": "draft"}).status_code == 404
    assert browser.get(url("instrument-download", organization, foreign.instrument_id)).status_code == 404


def test_the_download_can_be_imported_again(
    client_of: Browser, facilitator: User, organization: Organization, own: InstrumentVersion
) -> None:
    response = client_of(facilitator).get(url("instrument-download", organization, own.instrument_id))

    assert response.headers["Content-Disposition"] == 'attachment; filename="lq2002-1.yaml"'
    assert import_instrument(organization=organization, text=response.content, by=None) == own


def test_an_import_is_looked_at_before_it_is_saved(client_of: Browser, admin: User, organization: Organization) -> None:
    browser, address = client_of(admin), url("instrument-import", organization)
    upload = SimpleUploadedFile("lq.yaml", LQ2002.read_bytes())

    looked = browser.post(address, {"kind": "yaml", "file": upload, "action": "check"})
    assert looked.context["found"]["code"] == "lq2002"
    assert Instrument.objects.count() == 0
    text = looked.context["form"]["text"].value()
    assert text == LQ2002.read_text()

    done = browser.post(address, {"kind": "yaml", "text": text, "action": "publish"})
    instrument = Instrument.objects.get()
    assert (instrument.organization, done.status_code) == (organization, 302)
    assert done.url == url("instrument", organization, instrument.pk)
    assert [version.label for version in usable_versions(organization)] == ["1"]


def test_what_is_wrong_is_said_with_its_line_and_the_text_stays(
    client_of: Browser, admin: User, organization: Organization
) -> None:
    text = LQ2002.read_text().replace("code: LEAD02", "code: LEAD01").replace("Hostility item 5", "")

    page = client_of(admin).post(
        url("instrument-import", organization), {"kind": "yaml", "text": text, "action": "publish"}
    )

    assert [(problem.row, problem.place) for problem in page.context["reading"].errors] == [
        (len(text.splitlines()), "HOSTIL05")
    ]
    assert page.context["form"]["text"].value() == text
    assert Instrument.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"kind": "yaml"}, "file", "Choose a file, or paste its text below."),
        ({"kind": "yaml", "text": "  \n"}, "file", "Choose a file, or paste its text below."),
        ({"kind": "csv", "text": "code,text\n"}, "name", "Give the instrument a name."),
        ({"kind": "yaml", "text": "a\0b"}, "text", "Null characters are not allowed."),
    ],
)
def test_an_incomplete_import(
    client_of: Browser, admin: User, organization: Organization, data: dict[str, str], field: str, message: str
) -> None:
    page = client_of(admin).post(url("instrument-import", organization), {**data, "action": "check"})

    assert page.status_code == 200
    assert page.context["form"].errors[field][0] == message


@pytest.mark.parametrize("content", [b"x" * 1_100_000, b"PK\x03\x04abc", b"\x00\x01", b"\xff\xfe"])
def test_a_file_that_is_no_instrument(
    client_of: Browser, admin: User, organization: Organization, content: bytes
) -> None:
    upload = SimpleUploadedFile("x.yaml", content)

    page = client_of(admin).post(url("instrument-import", organization), {"kind": "yaml", "file": upload})

    assert page.status_code == 200
    assert page.context["form"].errors or page.context["reading"].errors


def test_a_table_of_items_is_imported_as_a_draft(client_of: Browser, admin: User, organization: Organization) -> None:
    table = "code;text;scale\nA1;How often, <b>really</b>?;1-5\nA2;And 🙂?;0-4\n"
    browser, address = client_of(admin), url("instrument-import", organization)
    data = {"kind": "csv", "text": table, "name": "Our own_questions"}

    assert "How often, &lt;b&gt;really&lt;/b&gt;?" in text_of(browser.post(address, {**data, "action": "check"}))
    done = browser.post(address, {**data, "action": "draft"})

    instrument = Instrument.objects.get()
    assert (instrument.code, instrument.name) == ("our-own-questions", "Our own_questions")
    assert done.url == url("instrument-draft", organization, instrument.pk)
    again = browser.post(address, {**data, "text": table + "A3;Third;1-5\n", "action": "draft"})
    assert "already has a draft" in text_of(again)


def test_a_copy(client_of: Browser, admin: User, organization: Organization, default: InstrumentVersion) -> None:
    browser, address = client_of(admin), url("instrument-duplicate", organization, default.instrument_id)

    done = browser.post(address, {"name": "Ours", "code": "ours"})
    copy = Instrument.objects.get(code="ours")
    again = browser.post(address, {"name": "Ours", "code": "ours"})
    bad = browser.post(address, {"name": "Ours", "code": "Our Code"})

    assert done.url == url("instrument-draft", organization, copy.pk)
    assert again.context["form"].errors["code"] == [
        "There is already an instrument with the code “ours”. Choose another."
    ]
    assert bad.context["form"].errors["code"] == ["Use small letters, digits and single hyphens."]


def test_changes_are_compared_with_the_version_before(
    client_of: Browser, facilitator: User, organization: Organization, own: InstrumentVersion
) -> None:
    text = LQ2002.read_text().replace("Hostility item 5", "Hostility item five")
    import_instrument(organization=organization, text=text, by=None)
    browser, address = client_of(facilitator), url("instrument-changes", organization, own.instrument_id)

    page = browser.get(address)
    backwards = browser.get(address, {"from": "2", "version": "1"})
    first = browser.get(address, {"version": "1"})

    assert [(change.place, change.before, change.after) for change in page.context["changes"]] == [
        ("HOSTIL05", "Hostility item 5", "Hostility item five")
    ]
    assert backwards.context["changes"][0].before == "Hostility item five"
    assert "There is no earlier version to compare with." in text_of(first)
