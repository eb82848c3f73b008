"""The causal map by forms alone: tables, forms that keep what was typed, undo, versions."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from assessments.services.maps.edits import change_factor, move, remove_factor
from assessments.services.maps.versions import keep_version
from ecosystems.models import DrawnLink, Ecosystem, Factor, MapVersion, User
from tests.factories.maps import MapMaker
from tests.factories.maps import map_url as url

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def rows(answer: HttpResponse, heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = answer.content.decode().split(f'id="{heading}"')[1].split("</table>")[0]
    return [
        [
            unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split()))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", section, re.S)[1:]
    ]


def messages(answer: HttpResponse) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_the_list_tells_everything_in_words(page: Client, ecosystem: Ecosystem, maker: MapMaker) -> None:
    trust, waste = maker.factor("Trust", "ECO-TRUST"), maker.factor("Waste")
    maker.link(trust, waste, -1, 3, 1)
    maker.link(trust, waste, 1)
    answer = page.get(url("map-list", ecosystem))
    assert rows(answer, "factors") == [["Trust", "ECO-TRUST", "", "1", "0"], ["Waste", "free", "", "0", "1"]]
    drawn = "raises: medium, at once lowers: strong, within months"
    assert rows(answer, "links") == [["Trust", "raises or lowers: people disagree", "Waste", drawn, ""]]
    assert [row[0] for row in rows(answer, "edits")] == [
        "Jonas Adeyemi drew a link from “Trust” to “Waste”.",
        "Jonas Adeyemi drew a link from “Trust” to “Waste”.",
        "Jonas Adeyemi added “Waste”.",
        "Jonas Adeyemi added “Trust”.",
    ]


def test_a_map_is_made_by_forms(page: Client, ecosystem: Ecosystem) -> None:
    assert "No map yet" in page.get(url("map-list", ecosystem)).content.decode()
    for name in ("Trust", "Waste"):
        said = page.post(url("map-factor-new", ecosystem), {"name": name}, follow=True)
        assert messages(said) == [f"“{name}” is on the map."]
    trust, waste = Factor.objects.order_by("name")
    weights = {"source": trust.pk, "target": waste.pk, "sign": -1, "strength": 2, "delay": 0}
    said = page.post(url("map-link-new", ecosystem), weights, follow=True)
    assert messages(said) == ["The link from “Trust” to “Waste” is drawn."]
    link = DrawnLink.objects.get()
    said = page.post(url("map-link-new", ecosystem), {**weights, "sign": 1}, follow=True)
    assert messages(said) == ["“Trust” now both raises and lowers “Waste”: both opinions are kept."]
    page.post(url("map-edits", ecosystem), {"kind": "undo"})
    page.post(url("map-link", ecosystem, link.pk), {"sign": -1, "strength": 3, "delay": 2}, follow=True)
    link.refresh_from_db()
    assert (link.strength, link.delay) == (3, 2)
    said = page.post(url("map-link", ecosystem, link.pk), {"act": "remove"}, follow=True)
    assert (messages(said), DrawnLink.objects.count()) == (["The link is removed. Undo brings it back."], 0)
    said = page.post(url("map-edits", ecosystem), {"kind": "undo"}, follow=True)
    assert (messages(said), DrawnLink.objects.count()) == (["Your last edit is undone."], 1)
    said = page.post(url("map-edits", ecosystem), {"kind": "redo"}, follow=True)
    assert (messages(said), DrawnLink.objects.count()) == (["Your edit is done again."], 0)
    said = page.post(url("map-factor", ecosystem, trust.pk), {"act": "remove"}, follow=True)
    assert messages(said) == ["“Trust” is off the map, with its links. Undo brings all of it back."]


def test_an_undo_that_is_refused_offers_the_edit_before(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, admin: User
) -> None:
    trust = maker.factor("Trust", x=1, y=1)
    maker.do(move, places={trust: (300, 200)})
    MapMaker(ecosystem, admin).do(move, places={trust: (5, 6)})
    maker.do(change_factor, factor=trust, name="Confidence")
    MapMaker(ecosystem, admin).do(change_factor, factor=trust, name="Belief")
    maker.factor("Waste")
    said = page.post(url("map-edits", ecosystem), {"kind": "undo"}, follow=True)
    assert (messages(said), said.context["past"]) == (["Your last edit is undone."], "")
    moved = "Priya Nair has changed “{}” since. Change it by hand instead."
    older = " Undo again to take back your edit before that one."
    for name in ("Confidence", "Trust"):
        past = said.context["past"]
        said = page.post(url("map-edits", ecosystem), {"kind": "undo", "past": past}, follow=True)
        assert messages(said) == [moved.format(name) + older]
        assert "Undo the edit before that one" in said.content.decode()
    said = page.post(url("map-edits", ecosystem), {"kind": "undo", "past": "none"}, follow=True)
    assert (messages(said), said.context["past"]) == ([], "")


def test_a_redo_that_is_refused_offers_the_edit_after(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, admin: User
) -> None:
    trust, waste = maker.factor("Trust", x=1, y=1), maker.factor("Waste", x=1, y=300)
    maker.do(change_factor, factor=trust, name="Confidence")
    maker.do(move, places={waste: (300, 200)})
    for _ in range(2):
        page.post(url("map-edits", ecosystem), {"kind": "undo"}, follow=True)
    MapMaker(ecosystem, admin).do(change_factor, factor=trust, name="Belief")
    said = page.post(url("map-edits", ecosystem), {"kind": "redo"}, follow=True)
    changed = "Priya Nair has changed “Confidence” since. Change it by hand instead."
    assert messages(said) == [f"{changed} Redo again to do your edit after that one."]
    assert "Redo the edit after that one" in said.content.decode()
    again = {"kind": "redo", "beyond": said.context["beyond"]}
    for words in ("Your edit is done again.", "There is no newer edit of yours to do again."):
        said = page.post(url("map-edits", ecosystem), again, follow=True)
        assert messages(said) == [words]
    said = page.post(url("map-edits", ecosystem), {"kind": "redo", "beyond": "none"}, follow=True)
    assert (messages(said), said.context["beyond"]) == ([], "")


def test_a_refused_form_says_why_and_keeps_what_was_typed(page: Client, ecosystem: Ecosystem, maker: MapMaker) -> None:
    trust = maker.factor("Trust")
    maker.factor("Waste")
    answer = page.post(url("map-factor-new", ecosystem), {"name": "trust"})
    assert answer.context["form"].non_field_errors() == ["There is a factor “Trust” already. Choose another name."]
    assert 'value="trust"' in answer.content.decode()
    weights = {"source": trust, "target": trust, "sign": 1, "strength": 2, "delay": 0}
    answer = page.post(url("map-link-new", ecosystem), weights)
    assert answer.context["form"].errors == {
        "target": ["Choose two different factors: nothing influences itself directly."]
    }
    answer = page.post(url("map-link-new", ecosystem), {**weights, "target": 10**20, "sign": 7})
    assert sorted(answer.context["form"].errors) == ["sign", "target"]


def test_a_factor_taken_off_meanwhile_can_be_brought_back_with_what_was_typed(
    page: Client, ecosystem: Ecosystem, maker: MapMaker, admin: User
) -> None:
    factor = maker.factor("Waste")
    address = url("map-factor", ecosystem, factor)
    MapMaker(ecosystem, admin).do(remove_factor, factor=factor)
    typed = {"name": "Waste on farms", "seen_name": "Waste", "seen_facet": "", "seen_indicator": ""}
    answer = page.post(address, typed)
    assert answer.context["form"].non_field_errors() == [
        "Priya Nair has taken “Waste” off the map. Bring it back, or leave it."
    ]
    html = answer.content.decode()
    assert 'value="Waste on farms"' in html
    assert 'value="bring-back"' in html
    said = page.post(address, {**typed, "act": "bring-back"}, follow=True)
    assert messages(said) == ["“Waste on farms” is back on the map."]
    row = Factor.objects.get(pk=factor)
    assert (row.name, row.on_map) == ("Waste on farms", True)


def test_what_somebody_else_renamed_meanwhile_is_not_overwritten(
    page: Client, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    factor = maker.factor("Waste")
    typed = {"name": "Waste on farms", "seen_name": "Rubbish", "seen_facet": "", "seen_indicator": ""}
    answer = page.post(url("map-factor", ecosystem, factor), typed)
    assert answer.context["form"].non_field_errors() == [
        "Somebody else changed this factor, now called “Waste”. Look at it, then save."
    ]


def test_versions_are_kept_told_apart_and_gone_back_to(page: Client, ecosystem: Ecosystem, maker: MapMaker) -> None:
    trust, waste = maker.factor("Trust"), maker.factor("Waste")
    maker.link(trust, waste, -1)
    said = page.post(url("map-versions", ecosystem), {"name": "Spring", "note": ""}, follow=True)
    assert messages(said) == ["“Spring” is kept as version 1."]
    assert page.post(url("map-versions", ecosystem), {"name": " "}).context["form"].errors == {
        "name": ["This field is required."]
    }
    maker.do(remove_factor, factor=trust)
    maker.factor("Yield")
    keep_version(ecosystem=ecosystem, by=None, name="Autumn")
    changes = ("“Yield” was added.", "“Trust” was taken off the map.", "“Trust” no longer lowers “Waste”.")
    for address, with_ in ((1, "now"), (1, "2"), (2, "1")):
        answer = page.get(url("map-version", ecosystem, address), {"with": with_})
        assert answer.context["sentences"] == changes
    assert page.get(url("map-version", ecosystem, 2)).context["sentences"] == ()
    assert page.get(url("map-version", ecosystem, 9)).status_code == 404
    said = page.post(url("map-version", ecosystem, 1), follow=True)
    assert messages(said) == ["The map is what “Spring” held. Undo takes that back."]
    assert sorted(Factor.objects.filter(on_map=True).values_list("name", flat=True)) == ["Trust", "Waste"]


def test_only_who_may_edit_keeps_and_restores_versions(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    maker.factor("Trust")
    keep_version(ecosystem=ecosystem, by=None, name="Spring")
    reader = client_of(viewer)
    assert reader.post(url("map-versions", ecosystem), {"name": "Mine"}).status_code == 403
    assert reader.post(url("map-version", ecosystem, 1)).status_code == 403
    assert MapVersion.objects.count() == 1
    assert "Go back to this version" not in reader.get(url("map-version", ecosystem, 1)).content.decode()
