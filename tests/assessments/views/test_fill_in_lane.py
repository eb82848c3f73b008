"""The short way of an answer leaves out nothing that protects."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.models import Draft, DraftAnswer
from assessments.selectors.fill_in import answers_of
from assessments.views import fill_in_lane
from ecosystems.models import Ecosystem
from metasystem.headers import ABILITIES, POLICY
from tests.factories.assessments import make_open_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of

pytestmark = pytest.mark.django_db
COOKIE = "c" * 32


@pytest.fixture
def draft(ecosystem: Ecosystem) -> Draft:
    draft = make_draft(make_open_wave(ecosystem))
    give(draft, {codes_of(draft)[0]: 3})
    return draft


def url_of(draft: Draft) -> str:
    return reverse("assessments:fill-in-answers", args=[token_of(draft)])


@pytest.fixture
def browser() -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[settings.CSRF_COOKIE_NAME] = COOKIE
    return browser


def send(browser: Client, draft: Draft, **extra):
    body = json.dumps({"answers": [{"item": codes_of(draft)[0], "value": 5, "revision": 9}]})
    headers = {"X-CSRFToken": COOKIE} | extra.pop("headers", {})
    return browser.post(url_of(draft), body, content_type="application/json", headers=headers, **extra)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that came the short way."""
    came: list[str] = []
    save = fill_in_lane.save_batch

    def note(token: str, body: bytes):
        came.append(token)
        return save(token, body)

    monkeypatch.setattr(fill_in_lane, "save_batch", note)
    return came


def test_an_answer_comes_the_short_way_with_the_headers_of_every_page(browser, draft, taken):
    answer = send(browser, draft)
    assert (answer.status_code, answer.json()["changed"], taken) == (200, 1, [token_of(draft)])
    assert dict(answer.headers) == {
        "Content-Type": "application/json",
        "Content-Length": str(len(answer.content)),
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": ABILITIES,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
    assert not answer.cookies
    assert answers_of(draft)[codes_of(draft)[0]].value == 5


@pytest.mark.parametrize(
    "headers", [{"X-CSRFToken": "d" * 32}, {"X-CSRFToken": ""}, {"Origin": "https://elsewhere.example"}]
)
def test_what_may_come_from_elsewhere_is_refused(browser, draft, taken, headers):
    answer = send(browser, draft, headers=headers)
    assert (answer.status_code, answer.json()["reason"], taken) == (403, "csrf", [])
    assert answer.cookies[settings.CSRF_COOKIE_NAME].value
    assert list(DraftAnswer.objects.values_list("value", flat=True)) == [3]


def test_a_host_that_is_not_ours_is_refused(browser, draft):
    assert send(browser, draft, headers={"Host": "elsewhere.example"}).status_code == 400
    assert list(DraftAnswer.objects.values_list("value", flat=True)) == [3]


def test_without_https_an_answer_is_not_taken_where_pages_are_not(browser, draft, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert send(Client(), draft).status_code == 301
    assert list(DraftAnswer.objects.values_list("value", flat=True)) == [3]


def test_what_is_not_plain_goes_the_ordinary_way(browser, draft, taken):
    url = url_of(draft)
    assert browser.get(url).status_code == 200
    assert browser.put(url, headers={"X-CSRFToken": COOKIE}).status_code == 405
    assert browser.post(f"{url}more/", headers={"X-CSRFToken": COOKIE}).status_code == 404
    assert taken == []
