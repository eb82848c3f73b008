"""The pages of importing answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.forms import imports as forms
from assessments.models import Wave, WaveUpload
from assessments.services.wave_uploads import advance_upload
from tests.factories.ecosystems import make_ecosystem
from tests.factories.instruments import make_instrument
from tests.factories.people import make_organization

pytestmark = pytest.mark.django_db
GOOD = b"team,A1,A2,note\n" + b"Sales,1,2,x\n" * 6 + b"<b>Stores</b>,5,4,y\n" * 3


@pytest.fixture
def browser_of(client_of, facilitator):
    return client_of(facilitator)


def send(browser, ecosystem, content=GOOD, **fields):
    version = make_instrument(ecosystem.organization)
    data = {
        "ecosystem": ecosystem.pk,
        "version": version.pk,
        "file": SimpleUploadedFile("answers.csv", content),
        "group_column": "team",
        **fields,
    }
    return browser.post(f"/o/{ecosystem.organization.slug}/ecosystems/{ecosystem.slug}/import/", data)


def test_from_the_file_to_the_wave(browser_of, ecosystem):
    answer = send(browser_of, ecosystem, title="Spring")
    upload = WaveUpload.objects.get()
    assert answer.headers["Location"] == f"/o/rivermark/imports/{upload.pk}/"
    page = browser_of.get(answer.headers["Location"]).content.decode()
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "The file is being checked" in page
    advance_upload(upload_id=upload.pk)
    page = browser_of.get(answer.headers["Location"]).content.decode()
    assert "http-equiv" not in page
    assert "9 respondents would be imported" in page
    assert "&lt;b&gt;Stores&lt;/b&gt;" in page
    assert "<b>Stores" not in page
    assert "1 group has fewer than 5 answers" in page
    assert "B1, C1, D1" in page
    assert browser_of.post(answer.headers["Location"], {"action": "import"}).status_code == 302
    assert "The answers are being imported" in browser_of.get(answer.headers["Location"]).content.decode()
    advance_upload(upload_id=upload.pk)
    wave = Wave.objects.get()
    assert browser_of.get(answer.headers["Location"]).headers["Location"] == wave.get_absolute_url()


def test_problems_stand_with_their_rows_and_nothing_can_be_imported(browser_of, ecosystem):
    answer = send(browser_of, ecosystem, b"team,A1\nSales,9\n")
    advance_upload(upload_id=WaveUpload.objects.get().pk)
    page = browser_of.get(answer.headers["Location"]).content.decode()
    assert "row 2, column A1: 9 is off the scale, which runs from 1 to 5." in page
    assert "Import the answers" not in page
    browser_of.post(answer.headers["Location"], {"action": "import"})
    assert not Wave.objects.exists()


def test_cancelling_forgets_the_file(browser_of, ecosystem):
    answer = send(browser_of, ecosystem)
    assert (
        browser_of.post(answer.headers["Location"], {"action": "cancel"}).headers["Location"].endswith("/assessments/")
    )
    assert "The import was cancelled" in browser_of.get(answer.headers["Location"]).content.decode()


def test_without_a_file_what_was_typed_is_kept(browser_of, ecosystem):
    answer = send(browser_of, ecosystem, file="", title="Typed title")
    assert answer.status_code == 200
    assert 'value="Typed title"' in answer.content.decode()
    assert "error-summary" in answer.content.decode()


def test_a_file_that_is_too_large_is_refused(browser_of, ecosystem, monkeypatch):
    monkeypatch.setattr(forms, "MOST_MEGABYTES", 0)
    assert "The file is larger than 0 MB" in send(browser_of, ecosystem).content.decode()
    assert not WaveUpload.objects.exists()


def test_questions_of_others_and_drafts_are_not_offered(browser_of, ecosystem):
    foreign = make_instrument(make_organization())
    assert send(browser_of, ecosystem, version=foreign.pk).status_code == 200
    assert not WaveUpload.objects.exists()


@pytest.mark.parametrize("groups", [1, 50])
def test_the_page_asks_the_same_few_questions(browser_of, ecosystem, groups, django_assert_num_queries):
    content = b"team,A1\n" + b"".join(b"t%d,3\n" % number for number in range(groups))
    answer = send(browser_of, ecosystem, content)
    advance_upload(upload_id=WaveUpload.objects.get().pk)
    browser_of.get(answer.headers["Location"])
    with django_assert_num_queries(5):
        browser_of.get(answer.headers["Location"])


def test_an_ecosystem_of_others_is_not_there(browser_of, ecosystem):
    other = make_ecosystem(make_organization())
    assert browser_of.get(f"/o/rivermark/ecosystems/{other.slug}/import/").status_code == 404
