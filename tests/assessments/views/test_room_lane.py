"""The short way of a vote leaves out nothing that protects."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.links import seat_token
from assessments.models import Round, Seat, Vote
from assessments.views import room_lane
from ecosystems.models import Ecosystem
from metasystem.headers import ABILITIES, POLICY
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
COOKIE = "c" * 32


@pytest.fixture
def round(ecosystem: Ecosystem) -> Round:
    return make_round(make_activity(make_workshop(ecosystem)))


@pytest.fixture
def seat(round: Round) -> Seat:
    return make_seats(round.activity.workshop)[0]


@pytest.fixture
def browser() -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[settings.CSRF_COOKIE_NAME] = COOKIE
    return browser


def url_of(seat: Seat) -> str:
    return reverse("assessments:room-votes", args=[seat_token(seat)])


def send(browser: Client, round: Round, seat: Seat, **extra):
    body = {"round": round.pk, "votes": [{"item": "ready", "value": 6, "revision": 9}]}
    headers = {"X-CSRFToken": COOKIE} | extra.pop("headers", {})
    return browser.post(url_of(seat), json.dumps(body), content_type="application/json", headers=headers, **extra)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that came the short way."""
    came: list[str] = []
    save: Callable = room_lane.save_json

    def note(kind, token: str, body: bytes):
        came.append(token)
        return save(kind, token, body)

    monkeypatch.setattr(room_lane, "save_json", note)
    return came


def test_a_vote_comes_the_short_way_with_the_headers_of_every_page(browser, round, seat, taken):
    answer = send(browser, round, seat)
    told = answer.json()
    assert told.pop("now") > 0
    assert (answer.status_code, told, taken) == (
        200,
        {"round": round.pk, "saved": 1, "refused": []},
        [seat_token(seat)],
    )
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
    assert Vote.objects.get().value == 6


@pytest.mark.parametrize(
    "headers", [{"X-CSRFToken": "d" * 32}, {"X-CSRFToken": ""}, {"Origin": "https://elsewhere.example"}]
)
def test_what_may_come_from_elsewhere_is_refused(browser, round, seat, taken, headers):
    answer = send(browser, round, seat, headers=headers)
    assert (answer.status_code, answer.json()["reason"], taken) == (403, "csrf", [])
    assert answer.cookies[settings.CSRF_COOKIE_NAME].value
    assert not Vote.objects.exists()


def test_a_host_that_is_not_ours_is_refused(browser, round, seat):
    assert send(browser, round, seat, headers={"Host": "elsewhere.example"}).status_code == 400
    assert not Vote.objects.exists()


def test_without_https_a_vote_is_not_taken_where_pages_are_not(round, seat, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert send(Client(), round, seat).status_code == 301
    assert not Vote.objects.exists()


def test_what_is_not_plain_goes_the_ordinary_way(browser, round, seat, taken):
    url = url_of(seat)
    assert browser.get(url).status_code == 405
    assert browser.put(url, headers={"X-CSRFToken": COOKIE}).status_code == 405
    assert browser.post(f"{url}more/", headers={"X-CSRFToken": COOKIE}).status_code == 404
    form = {"round": round.pk, "value-ready": "6", "csrfmiddlewaretoken": COOKIE}
    assert browser.post(url, form).status_code == 302
    assert taken == []
    assert Vote.objects.get().value == 6
