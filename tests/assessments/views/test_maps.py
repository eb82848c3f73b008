"""The causal map's pages: the drawing as JSON, what the editor sends, and the queries of each page."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Wave
from assessments.services.maps import edits
from assessments.services.maps.versions import keep_version
from ecosystems.models import CausalMap, DrawnLink, Ecosystem, Factor, LinkVote, MapEdit, User
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.maps import map_url as url
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def drawing(page: Client, ecosystem: Ecosystem) -> dict[str, Any]:
    return page.get(url("map", ecosystem), {"part": "json"}).json()


def send(page: Client, ecosystem: Ecosystem, kind: str, **fields: object) -> HttpResponse:
    body = {"key": str(uuid4()), "kind": kind, **fields}
    return page.post(url("map-edits", ecosystem), json.dumps(body), content_type="application/json")


def vote(ecosystem: Ecosystem, source: int, target: int, *effects: int) -> None:
    for effect in effects:
        LinkVote.objects.create(
            ecosystem=ecosystem, source_id=source, target_id=target, effect=effect, origin="workshop:1"
        )


def test_an_edit_that_comes_while_the_map_is_read_is_drawn_whole(
    page: Client, ecosystem: Ecosystem, facilitator: User, maker: MapMaker
) -> None:
    maker.factor("Trust")
    came: list[MapEdit] = []

    def between(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not came and "ecosystems_mapedit" in sql:  # the factors are read by now
            came.append(MapEdit())
            came[0] = edits.add_factor(ecosystem=ecosystem, key=uuid4(), by=facilitator, name="Fair wage")
        return execute(sql, *rest)

    with connection.execute_wrapper(between):
        found = drawing(page, ecosystem)
    assert [one["name"] for one in found["factors"]] == ["Fair wage", "Trust"]
    assert found["revision"] == found["edits"][0]["revision"] == came[0].revision
    assert found["edits"][0]["key"] == str(came[0].pk)


def test_the_drawing_says_what_was_drawn_and_what_may_be_told_of_votes(
    page: Client, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    one, two, three = maker.factor("Trust", x=1.0, y=2.0), maker.factor("Waste"), maker.factor("Yield")
    link = maker.link(one, two, -1, 3, 1)
    vote(ecosystem, two, three, 2, 2, 2, -1, 3)
    vote(ecosystem, one, three, 2, 2)
    found = drawing(page, ecosystem)
    assert found["revision"] == CausalMap.objects.get().revision
    assert found["factors"][0] == {
        "key": str(one),
        "name": "Trust",
        "facet": "",
        "indicator": "",
        "tie": "",
        "mark": "",
        "score": None,
        "x": 1.0,
        "y": 2.0,
    }
    drawn, hidden, voted = found["links"]
    assert drawn == {
        "source": str(one),
        "target": str(two),
        "effect": -1.0,
        "sign": -1,
        "delay": 1,
        "drawn": [{"id": link, "sign": -1, "strength": 3, "delay": 1}],
        "voted": None,
        "withheld": False,
        "agreement": None,
        "ambiguous": False,
        "held": True,
    }
    assert (hidden["voted"], hidden["withheld"], hidden["effect"], hidden["agreement"]) == (None, True, 0.0, None)
    assert (voted["voted"], voted["withheld"], voted["effect"], voted["drawn"]) == (5, False, 0.5333, [])
    assert [edit["text"] for edit in found["edits"]] == [
        "Jonas Adeyemi drew a link from “Trust” to “Waste”",
        "Jonas Adeyemi added “Yield”",
        "Jonas Adeyemi added “Waste”",
        "Jonas Adeyemi added “Trust”",
    ]


def test_an_unchanged_drawing_is_not_sent_again(page: Client, ecosystem: Ecosystem, maker: MapMaker) -> None:
    maker.factor("Trust")
    first = page.get(url("map", ecosystem), {"part": "json"})
    assert first["Cache-Control"] == "private, no-cache"
    again = page.get(url("map", ecosystem), {"part": "json"}, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    maker.factor("Waste")
    assert (
        page.get(url("map", ecosystem), {"part": "json"}, headers={"If-None-Match": first["ETag"]}).status_code == 200
    )


def test_scores_stand_beside_measured_factors_and_are_shown_for_good(
    page: Client, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    wave = make_scored_wave(make_assessment(ecosystem))
    maker.factor("Free")
    drawing(page, ecosystem)
    assert not Wave.objects.get(pk=wave.pk).results_shown
    maker.factor("Trust", "ECO-TRUST")
    trust = drawing(page, ecosystem)["factors"][1]
    stored = wave.scores.get(level="facet", code="ECO-TRUST", group_key="")
    assert (trust["score"], trust["mark"], trust["tie"]) == (round(stored.value, 1), "eco", "Trust")
    assert Wave.objects.get(pk=wave.pk).results_shown


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("add-factor", {"name": ""}),
        ("add-factor", {"name": "x" * 81}),
        ("add-factor", {"name": "A\0B"}),
        ("add-factor", {"name": "Far", "x": 1e300, "y": 0}),
        ("add-factor", {"name": "Half", "x": 1}),
        ("change-factor", {"factor": "none", "name": "B"}),
        ("change-factor", {"factor": 1, "name": "B", "seen": [1]}),
        ("move", {"places": {}}),
        ("move", {"places": {"1": [1]}}),
        ("move", {"places": {"x": [1, 2]}}),
        ("move", {"places": {"1": ["a", "b"]}}),
        ("draw-link", {"source": 1, "target": 2, "sign": 0, "strength": 2, "delay": 0}),
        ("draw-link", {"source": 10**30, "target": 2, "sign": 1, "strength": 2, "delay": 0}),
        ("remove-link", {"link": None}),
        ("lay-out", {"key": "mine"}),
        ("undo", {}),
    ],
)
def test_what_cannot_be_is_refused_with_words(
    page: Client, ecosystem: Ecosystem, kind: str, fields: dict[str, object]
) -> None:
    answer = send(page, ecosystem, kind, **fields)
    assert (answer.status_code, list(answer.json())) in [
        (422, ["message"]),
        (409, ["message", "gone", "name", "map"]),
    ]
    assert answer.json()["message"]
    assert not Factor.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"kind": "explode"}', b'{"kind": ["move"]}', b"x" * 70_000])
def test_bodies_that_are_no_edit_are_refused(page: Client, ecosystem: Ecosystem, body: bytes) -> None:
    answer = page.post(url("map-edits", ecosystem), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json() == {"message": "The server could not read this edit. Reload the page."}


def test_the_same_edit_sent_twice_counts_once(page: Client, ecosystem: Ecosystem) -> None:
    key = str(uuid4())
    for _ in range(2):
        answer = send(page, ecosystem, "add-factor", key=key, name="Trust", x=10, y=20)
        assert [factor["name"] for factor in answer.json()["map"]["factors"]] == ["Trust"]
    assert MapEdit.objects.count() == 1


def test_every_kind_of_edit(page: Client, ecosystem: Ecosystem) -> None:
    trust = send(page, ecosystem, "add-factor", name="Trust").json()["map"]["factors"][0]["key"]
    made = send(page, ecosystem, "add-factor", name="Waste", x=5, y=6).json()["map"]["factors"]
    waste = made[1]["key"]
    send(page, ecosystem, "move", places={trust: [1, 2.5]})
    seen = {"name": "Trust", "facet": "", "indicator": ""}
    send(page, ecosystem, "change-factor", factor=trust, name="Trusting", facet="ECO-TRUST", seen=seen)
    weights = {"sign": -1, "strength": 3, "delay": 2}
    drawn = send(page, ecosystem, "draw-link", source=trust, target=waste, **weights).json()["map"]["links"][0]
    link = drawn["drawn"][0]["id"]
    send(page, ecosystem, "change-link", link=link, sign=1, strength=1, delay=0)
    row = DrawnLink.objects.get()
    assert (row.source.name, row.source.x, row.source.facet, row.sign, row.strength) == (
        "Trusting",
        1,
        "ECO-TRUST",
        1,
        1,
    )
    assert send(page, ecosystem, "remove-link", link=link).json()["map"]["links"] == []
    assert send(page, ecosystem, "undo").json()["map"]["links"][0]["sign"] == 1
    assert send(page, ecosystem, "redo").json()["map"]["links"] == []
    assert len(send(page, ecosystem, "remove-factor", factor=waste).json()["map"]["factors"]) == 1
    assert send(page, ecosystem, "lay-out").status_code == 200


def test_an_undo_that_is_refused_names_the_edit_to_pass_by(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, admin: User
) -> None:
    trust, waste = maker.factor("Trust", x=1, y=1), maker.factor("Waste", x=1, y=300)
    maker.do(edits.move, places={trust: (300, 200)})
    MapMaker(ecosystem, admin).do(edits.move, places={trust: (5, 6)})
    answer = send(page, ecosystem, "undo")
    stuck = MapEdit.objects.get(kind="move", by=maker.by)
    assert (answer.status_code, answer.json()["past"]) == (422, str(stuck.pk))
    shown = send(page, ecosystem, "undo", past=answer.json()["past"]).json()["map"]
    assert [one["name"] for one in shown["factors"]] == ["Trust"]
    assert not Factor.objects.get(pk=waste).on_map


def test_a_redo_that_is_refused_names_the_edit_to_pass_by(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, admin: User
) -> None:
    trust, waste = maker.factor("Trust"), maker.factor("Waste", x=1, y=300)
    maker.do(edits.change_factor, factor=trust, name="Confidence")
    maker.do(edits.move, places={waste: (300, 200)})
    for _ in range(2):
        send(page, ecosystem, "undo")
    MapMaker(ecosystem, admin).do(edits.change_factor, factor=trust, name="Belief")
    plain = "Priya Nair has changed “Confidence” since. Change it by hand instead."
    older_script = send(page, ecosystem, "redo")
    assert (older_script.status_code, older_script.json()) == (422, {"message": plain})
    answer = send(page, ecosystem, "redo", beyond=None)
    stuck = MapEdit.objects.get(kind="change-factor", by=maker.by)
    assert (answer.status_code, answer.json()) == (
        422,
        {"message": f"{plain} Redo again to do your edit after that one.", "beyond": str(stuck.pk)},
    )
    assert send(page, ecosystem, "redo", beyond=answer.json()["beyond"]).status_code == 200
    assert Factor.objects.get(pk=waste).x == 300


def test_an_edit_of_a_factor_that_is_gone_says_so_and_shows_the_map(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, admin: User
) -> None:
    factor = maker.factor("Waste")
    MapMaker(ecosystem, admin).do(_remove, factor=factor)
    answer = send(page, ecosystem, "change-factor", factor=factor, name="Waste on farms")
    assert answer.status_code == 409
    assert {name: answer.json()[name] for name in ("message", "gone", "name")} == {
        "message": "Priya Nair has taken “Waste” off the map. Bring it back, or leave it.",
        "gone": True,
        "name": "Waste",
    }
    assert answer.json()["map"]["factors"] == []


def _remove(**given: Any) -> MapEdit:
    from assessments.services.maps.edits import remove_factor

    return remove_factor(**given)


@pytest.mark.parametrize("factors", [2, 40])
def test_queries_stay_the_same(
    page: Client,
    ecosystem: Ecosystem,
    maker: MapMaker,
    factors: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_scored_wave(make_assessment(ecosystem))
    maker.factor("Trust", "ECO-TRUST")
    maker.many(factors)
    keep_version(ecosystem=ecosystem, by=None, name="Spring")
    drawing(page, ecosystem)  # now the wave's numbers have been shown
    with django_assert_num_queries(13):
        page.get(url("map", ecosystem), {"part": "json"})
    with django_assert_num_queries(14):
        page.get(url("map", ecosystem))
    with django_assert_num_queries(16):
        page.get(url("map-list", ecosystem))
    with django_assert_num_queries(7):
        page.get(url("map-versions", ecosystem))
    with django_assert_num_queries(16):
        page.get(url("map-version", ecosystem, 1))


def test_who_may_not_edit_sees_the_map_and_no_way_to_change_it(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    maker.factor("Trust")
    seen = client_of(viewer).get(url("map", ecosystem)).content.decode()
    assert 'data-edits=""' in seen
    assert "Add a factor</button>" not in seen
    assert send(client_of(viewer), ecosystem, "add-factor", name="Mine").status_code == 403


def test_names_are_written_as_text(page: Client, ecosystem: Ecosystem, maker: MapMaker) -> None:
    maker.factor("</script><script>alert(1)</script>")
    for name in ("map", "map-list"):
        assert "<script>alert" not in page.get(url(name, ecosystem)).content.decode()
