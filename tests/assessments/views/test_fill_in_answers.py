"""Answers as the script of the pages sends them, a batch at a time."""

import json

import pytest
from django.conf import settings
from django.test import Client

from assessments.links import invitation_token
from assessments.models import DraftAnswer
from assessments.services.responses import submit_draft
from assessments.services.waves import close_wave
from tests.assessments.views.fill_in_pages import address, send
from tests.factories.assessments import invite
from tests.factories.fill_in import codes_of, make_draft, token_of

pytestmark = pytest.mark.django_db


def test_a_batch_is_saved_and_can_be_looked_up_on_another_device(client, draft):
    first, second = codes_of(draft)[:2]
    answer = send(
        client,
        draft,
        {"item": first, "value": 4, "revision": 5},
        {"item": first, "comment": "Words", "revision": 6},
        {"item": second, "value": "x", "revision": 7},
    )
    assert (answer.status_code, answer.json()["changed"], answer.json()["refused"]) == (200, 2, [])
    told = Client().get(address(token_of(draft), "-answers")).json()
    assert told["state"] == "open"
    assert told["answers"] == {
        first: {"value": "4", "comment": "Words", "revision": 5, "comment_revision": 6},
        second: {"value": "x", "comment": "", "revision": 7, "comment_revision": 0},
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"answers": 3}',
        b'[{"item": "a"}]',
        b'[{"item": 3, "value": 1, "revision": 1}]',
        b'[{"item": "a", "value": 1, "revision": 0}]',
        b'[{"item": "a", "value": 1, "revision": true}]',
        b'[{"item": "a", "value": "1", "revision": 1}]',
        b'[{"item": "a", "value": 1.5, "revision": 1}]',
        b'[{"item": "a", "value": NaN, "revision": 1}]',
        b'[{"item": "a", "value": true, "revision": 1}]',
        b'[{"item": "a", "value": -32768, "revision": 1}]',
        b'[{"item": "a", "comment": ["x"], "revision": 1}]',
        b"[" * 20_000,
        json.dumps([{"item": "a", "value": 1, "revision": 1}] * 201).encode(),
    ],
)
def test_what_is_no_batch_is_refused_whole(client, draft, body):
    answer = client.post(address(token_of(draft), "-answers"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["reason"]) == (400, "unreadable")
    assert not DraftAnswer.objects.exists()


def test_a_large_body_is_not_read(client, draft):
    answer = send(client, draft, {"item": "a", "comment": "x" * 70_000, "revision": 1})
    assert (answer.status_code, answer.json()["reason"]) == (413, "too-large")


def test_off_the_scale_is_422_and_names_the_item(client, draft):
    item = codes_of(draft)[0]
    answer = send(client, draft, {"item": item, "value": 17, "revision": 1})
    assert answer.status_code == 422
    assert [(one["item"], one["part"]) for one in answer.json()["refused"]] == [(item, "value")]


def test_closed_submitted_and_not_started_are_told_apart(client, wave):
    draft, late = make_draft(wave), make_draft(wave)
    entry = {"item": codes_of(draft)[0], "value": 3, "revision": 1}
    fresh = invitation_token(invite(wave, 1)[0])
    answer = send(client, fresh, entry)
    assert (answer.status_code, answer.json()["reason"]) == (409, "not-started")
    send(client, draft, entry)
    submit_draft(draft=draft)
    answer = send(client, draft, entry)
    assert (answer.status_code, answer.json()["reason"]) == (409, "submitted")
    close_wave(wave=wave, by=None)
    answer = send(client, late, entry)
    assert (answer.status_code, answer.json()["reason"]) == (409, "closed")


def test_without_the_cookie_a_new_token_comes_with_the_refusal(draft):
    strict = Client(enforce_csrf_checks=True)
    entry = {"item": codes_of(draft)[0], "value": 3, "revision": 1}
    refused = send(strict, draft, entry)
    assert (refused.status_code, refused.json()["reason"]) == (403, "csrf")
    token = refused.json()["csrf"]
    assert send(strict, draft, entry, headers={"X-CSRFToken": token}).status_code == 200
    # a page that is being left sends a form
    beacon = {"batch": json.dumps([entry | {"revision": 2}]), "csrfmiddlewaretoken": token}
    answer = strict.post(
        address(token_of(draft), "-answers"),
        "&".join(f"{k}={__import__('urllib.parse').parse.quote(v)}" for k, v in beacon.items()),
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, answer.json()["changed"]) == (200, 1)


def test_saving_an_answer_touches_no_session(client, draft, django_assert_num_queries):
    item = codes_of(draft)[0]
    send(client, draft, {"item": item, "value": 3, "revision": 1})
    with django_assert_num_queries(2):
        answer = send(client, draft, {"item": item, "value": 4, "revision": 2})
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
