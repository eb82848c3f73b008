"""Bodies that are too long, too deep or not what they say: refused in words, and soon."""

import json
import time
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import DraftAnswer, Instrument
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_open_wave, make_wave
from tests.factories.fill_in import codes_of, make_draft, token_of

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
SOON = 10
"""Seconds; the work that a file may cause is bounded, and the machine that tests may be busy."""


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"9" * 60_000,
        b'[{"item": "x", "revision": ' + b"9" * 5_000 + b"}]",
        b'{"answers": [{"item": 1, "value": {}, "revision": NaN}]}',
        b"\xff\xfe\x00",
        b"null",
        b"x" * 10_000_000,
    ],
    ids=["deep list", "deep object", "long number", "long revision", "odd types", "not UTF-8", "null", "10 MB"],
)
def test_answers_that_are_none(ecosystem: Ecosystem, body: bytes) -> None:
    draft = make_draft(make_open_wave(ecosystem))
    url = reverse("assessments:fill-in-answers", args=[token_of(draft)])
    answer = Client(raise_request_exception=False).post(url, body, content_type="application/json")
    assert answer.status_code in (400, 413, 422), answer.content[:200]
    assert json.loads(answer.content)["reason"] in ("unreadable", "too-large")
    assert not DraftAnswer.objects.exists()


@pytest.mark.parametrize("value", [2**15, -(2**15) - 1, 2**63, -(2**200), 1e308, True, "1\0", [], {"a": 1}])
def test_values_and_revisions_that_fit_no_column(ecosystem: Ecosystem, value: object) -> None:
    draft = make_draft(make_open_wave(ecosystem))
    item = codes_of(draft)[0]
    url = reverse("assessments:fill-in-answers", args=[token_of(draft)])
    browser = Client(raise_request_exception=False)
    for given in ({"item": item, "value": value, "revision": 1}, {"item": item, "value": "3", "revision": value}):
        answer = browser.post(url, json.dumps({"answers": [given]}), content_type="application/json")
        assert answer.status_code < 500, (given, answer.content[:200])
    long_name = {"item": "x" * 500 + "\0", "value": "3", "revision": 1}
    answer = browser.post(url, json.dumps({"answers": [long_name]}), content_type="application/json")
    assert answer.status_code < 500


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS.encode(),
        b"[" * 50_000,
        b"a: " * 50_000,
        b"!!python/object/apply:os.system ['true']",
        b"\0" * 10_000,
        b"code;text\n" + b"=cmd();\0\n" * 100_000,
        b'"' + b"x" * 1_500_000,
        b"code: " + b"9" * 50_000 + b"\nname: 2001-99-99",
        b"? {a: 1}\n: 2\n",
    ],
    ids=["laughs", "deep", "keys", "object", "NUL", "formulas", "open quote", "long number", "mapping as key"],
)
def test_instruments_that_are_none(ecosystem: Ecosystem, admin: User, client_of: LogIn, content: bytes) -> None:
    browser = client_of(admin)
    browser.raise_request_exception = False
    url = reverse("assessments:instrument-import", args=[ecosystem.organization.slug])
    for kind, name in (("yaml", "x.yaml"), ("csv", "x.csv")):
        began = time.monotonic()
        answer = browser.post(
            url, {"kind": kind, "name": "X", "action": "publish", "file": SimpleUploadedFile(name, content)}
        )
        assert answer.status_code < 500
        assert time.monotonic() - began < SOON
    assert not Instrument.objects.filter(organization=ecosystem.organization).exists()


@pytest.mark.parametrize(
    "text",
    ["name,email\n" + "x,x@x.example\n" * 150_000, '"' * 100_001, ";" * 500_000, "a\0b,c@d.example", "\ud7ff" * 9_000],
    ids=["rows", "quotes", "columns", "NUL", "one name"],
)
def test_lists_of_people_that_are_none(ecosystem: Ecosystem, admin: User, client_of: LogIn, text: str) -> None:
    browser = client_of(admin)
    browser.raise_request_exception = False
    wave = make_wave(ecosystem)
    group = wave.groups.get(key="customers")
    url = reverse("assessments:wave-people-add", args=[ecosystem.organization.slug, wave.pk, group.pk])
    for data in ({"text": text}, {"file": SimpleUploadedFile("people.csv", text.encode())}):
        began = time.monotonic()
        assert browser.post(url, {**data, "confirm": "yes"}).status_code < 500
        assert time.monotonic() - began < SOON
    assert not group.invitations.exists()
