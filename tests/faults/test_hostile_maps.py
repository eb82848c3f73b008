"""Edits and files of a causal map that are none, and names that nobody can see or that turn text around."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ecosystems.models import Ecosystem, Factor, MapEdit, User
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
ODD = [
    None,
    True,
    10**400,
    -(10**400),
    2**63,
    1e308,
    float("nan"),
    "1e309",
    "\ud800",
    "a\0b",
    [],
    [1],
    {"a": 1},
    "[" * 9_000,
]


@pytest.fixture
def page(client_of: LogIn, facilitator: User) -> Client:
    browser = client_of(facilitator)
    browser.raise_request_exception = False
    return browser


def url(name: str, ecosystem: Ecosystem) -> str:
    return reverse(f"assessments:{name}", args=[ecosystem.organization.slug, ecosystem.slug])


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"kind": "undo", "key": ' + b"9" * 5_000 + b"}",
        b'{"kind": "undo", "key": NaN}',
        b'{"kind": ["undo"]}',
        b"\xff\xfe\x00",
        b"null",
        b" " * 70_000,
    ],
    ids=["deep list", "deep object", "long number", "not a number", "odd kind", "not UTF-8", "null", "too long"],
)
def test_edits_that_are_none(page: Client, ecosystem: Ecosystem, body: bytes) -> None:
    answer = page.post(url("map-edits", ecosystem), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"] == "The server could not read this edit. Reload the page."


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        *(("add-factor", field) for field in ("key", "name", "facet", "x")),
        *(("change-factor", field) for field in ("factor", "name", "seen")),
        *(("draw-link", field) for field in ("source", "sign", "delay")),
        *(("move", field) for field in ("places", "place", "axis")),
        ("remove-link", "link"),
    ],
)
def test_values_that_no_map_can_hold(
    page: Client, ecosystem: Ecosystem, facilitator: User, kind: str, field: str
) -> None:
    maker = MapMaker(ecosystem, facilitator)
    one, other = maker.factor("Trust"), maker.factor("Waste")
    usual = {
        "add-factor": {"name": "Yield", "facet": "", "indicator": "", "x": 1, "y": 2},
        "change-factor": {"factor": one, "name": "Yield", "facet": "", "indicator": ""},
        "draw-link": {"source": one, "target": other, "sign": 1, "strength": 2, "delay": 0},
    }.get(kind, {})
    for odd in ODD:
        value = {"place": {"places": {str(one): odd}}, "axis": {"places": {str(one): [1, odd]}}}.get(
            field, {field: odd}
        )
        sent = {"key": str(uuid4()), "kind": kind, **usual, **value}
        answer = page.post(url("map-edits", ecosystem), json.dumps(sent), content_type="application/json")
        assert answer.status_code < 500, odd
    assert page.get(url("map", ecosystem), {"part": "json"}).status_code == 200
    assert page.get(url("map-list", ecosystem)).status_code == 200


@pytest.mark.parametrize("name", ["\u200b", " \u2066 ", "\u3164", "\x07"])
def test_a_factor_that_nobody_can_see_is_none(page: Client, ecosystem: Ecosystem, name: str) -> None:
    sent = {"key": str(uuid4()), "kind": "add-factor", "name": name}
    answer = page.post(url("map-edits", ecosystem), json.dumps(sent), content_type="application/json")
    assert (answer.status_code, Factor.objects.exists()) == (422, False)


def test_names_that_are_one_for_the_database_are_refused_in_words(page: Client, ecosystem: Ecosystem) -> None:
    for name in ("insan", "\u202einsan", "İnsan", "INSAN"):
        sent = {"key": str(uuid4()), "kind": "add-factor", "name": name}
        answer = page.post(url("map-edits", ecosystem), json.dumps(sent), content_type="application/json")
        assert answer.status_code == (200 if name == "insan" else 422), name
    assert answer.json()["message"] == "There is a factor “insan” already. Choose another name."
    assert list(Factor.objects.values_list("name", flat=True)) == ["insan"]


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><graphml><graph><node id="&x;"/></graph></graphml>',
        b'<graphml><data key="q"><default>x</default></data><graph><edge source="a" target="b"/></graph></graphml>',
        b'<?xml version="1.0" encoding="gb2312"?><graphml/>',
        b"<graphml>" + b"<node>" * 50_000,
        b'{"elements": [{"label": "a"}], "connections": [{"from": "\\ud800", "to": "a", "type": "\\udfff"}]}',
        b'{"elements": ' * 30_000,
        b'{"elements": [{"label": "a", "x": 1e999, "y": NaN}], "connections": [{"from": "a", "to": "b"}]}',
        b'source,target,sign\n=cmd(),"\xe2\x80\xae",+\n',
        b"source,target,sign\n" + b"a,b\0,+\n" * 1_000,
    ],
    ids=["entity", "stray default", "encoding", "deep XML", "surrogates", "deep JSON", "numbers", "turned", "NUL"],
)
def test_files_that_are_no_map(page: Client, ecosystem: Ecosystem, content: bytes) -> None:
    answer = page.post(
        url("map-import", ecosystem), {"how": "merge", "save": "yes", "file": SimpleUploadedFile("map", content)}
    )
    assert answer.status_code == 200
    assert not MapEdit.objects.exists()
