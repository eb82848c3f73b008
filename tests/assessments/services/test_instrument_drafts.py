"""Editing a draft, with nobody overwriting anybody."""

from typing import Any

import pytest

from assessments.models import InstrumentVersion
from assessments.services.instrument_drafts import (
    CannotEdit,
    ChangedMeanwhile,
    delete,
    delete_scale,
    move,
    save_dimension,
    save_facet,
    save_general,
    save_item,
    save_scale,
)
from assessments.services.instruments import NotADraft, publish_instrument
from ecosystems.models import Organization
from tests.factories.instruments import make_instrument_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(organization: Organization) -> InstrumentVersion:
    return make_instrument_draft(organization)


def item(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": code.lower(), "scale": "five", "keying": "forward", **more}


def codes(version: InstrumentVersion) -> list[str]:
    version.refresh_from_db()
    return version.item_codes


def test_an_item_is_replaced_in_its_place(draft: InstrumentVersion) -> None:
    saved = save_item(draft=draft, revision=0, facet="FA", entry=item("A9", text="new words"), code="A1")

    assert (saved.revision, codes(draft)) == (1, ["A9", "A2", "B1", "C1", "D1"])
    assert draft.definition["dimensions"][0]["facets"][0]["items"][0]["text"] == "new words"


def test_an_item_is_added_at_the_end_of_its_facet(draft: InstrumentVersion) -> None:
    save_item(draft=draft, revision=0, facet="FA", entry=item("A3"))

    assert codes(draft) == ["A1", "A2", "A3", "B1", "C1", "D1"]


def test_an_item_goes_to_another_facet(draft: InstrumentVersion) -> None:
    save_item(draft=draft, revision=0, facet="FD", entry=item("A1"), code="A1")

    assert codes(draft) == ["A2", "B1", "C1", "D1", "A1"]


def test_two_editors_cannot_overwrite_each_other_unseen(draft: InstrumentVersion) -> None:
    save_item(draft=draft, revision=0, facet="FA", entry=item("A1", text="first"), code="A1")

    with pytest.raises(ChangedMeanwhile):
        save_item(draft=draft, revision=0, facet="FA", entry=item("A1", text="second"), code="A1")

    draft.refresh_from_db()
    assert draft.definition["dimensions"][0]["facets"][0]["items"][0]["text"] == "first"
    assert draft.revision == 1


def test_a_code_belongs_to_one_item(draft: InstrumentVersion) -> None:
    with pytest.raises(CannotEdit, match="The code c1 belongs to another item already"):
        save_item(draft=draft, revision=0, facet="FA", entry=item("c1"), code="A1")


def test_an_item_that_somebody_deleted(draft: InstrumentVersion) -> None:
    with pytest.raises(CannotEdit, match="“X1” is no longer in the draft"):
        save_item(draft=draft, revision=0, facet="FA", entry=item("X1"), code="X1")


@pytest.mark.parametrize(
    ("code", "step", "order"),
    [
        ("A1", 1, ["A2", "A1", "B1", "C1", "D1"]),
        ("A2", -1, ["A2", "A1", "B1", "C1", "D1"]),
        ("A1", -1, ["A1", "A2", "B1", "C1", "D1"]),
        ("A2", 1, ["A1", "A2", "B1", "C1", "D1"]),
        ("D1", 1, ["A1", "A2", "B1", "C1", "D1"]),
    ],
)
def test_an_item_moves_among_its_neighbours(draft: InstrumentVersion, code: str, step: Any, order: list[str]) -> None:
    move(draft=draft, revision=0, noun="item", code=code, step=step)

    assert codes(draft) == order


def test_at_the_end_of_a_facet_an_item_goes_on_to_the_next(draft: InstrumentVersion) -> None:
    move(draft=draft, revision=0, noun="item", code="A2", step=1)
    draft.refresh_from_db()

    facets = draft.definition["dimensions"][0]["facets"]
    assert [[one["code"] for one in facet["items"]] for facet in facets] == [["A1"], ["A2", "B1"]]


def test_facets_and_dimensions_move_too(draft: InstrumentVersion) -> None:
    move(draft=draft, revision=0, noun="facet", code="FB", step=-1)
    move(draft=draft, revision=1, noun="dimension", code="ECO", step=-1)

    assert codes(draft) == ["C1", "B1", "A1", "A2", "D1"]


def test_deleting(draft: InstrumentVersion) -> None:
    delete(draft=draft, revision=0, noun="item", code="A1")
    delete(draft=draft, revision=1, noun="facet", code="FB")
    delete(draft=draft, revision=2, noun="dimension", code="MND")

    assert codes(draft) == ["A2", "C1"]
    with pytest.raises(CannotEdit):
        delete(draft=draft, revision=3, noun="item", code="A1")


def test_a_facet_keeps_its_items(draft: InstrumentVersion) -> None:
    save_facet(draft=draft, revision=0, block="INN", entry={"code": "FX", "name": "X"}, code="FA")
    save_facet(draft=draft, revision=1, block="MND", entry={"code": "FE", "name": "E"})
    save_facet(draft=draft, revision=2, block="ECO", entry={"code": "FB", "name": "B"}, code="FB")
    draft.refresh_from_db()

    found = {
        block["code"]: [facet["code"] for facet in block.get("facets", block.get("constructs"))]
        for block in (*draft.definition["dimensions"], *draft.definition["leadership"])
    }
    assert found == {"INN": ["FX"], "ECO": ["FC", "FB"], "MND": ["FD", "FE"]}
    assert draft.item_codes == ["A1", "A2", "C1", "B1", "D1"]


def test_a_dimension_keeps_its_facets(draft: InstrumentVersion) -> None:
    save_dimension(draft=draft, revision=0, entry={"code": "ADA", "name": "Adaptability"}, code="INN")
    save_dimension(draft=draft, revision=1, entry={"code": "RES", "name": "Resources"}, group="leadership")
    draft.refresh_from_db()

    assert [block["code"] for block in draft.definition["dimensions"]] == ["ADA", "ECO"]
    assert draft.definition["leadership"][1] == {"code": "RES", "name": "Resources", "constructs": []}
    assert draft.item_codes == ["A1", "A2", "B1", "C1", "D1"]


def test_a_renamed_scale_keeps_its_items_and_its_place(draft: InstrumentVersion) -> None:
    save_scale(draft=draft, revision=0, key="often", entry={"lo": 1, "hi": 7}, old_key="five")
    save_scale(draft=draft, revision=1, key="third", entry={"lo": 1, "hi": 3})
    draft.refresh_from_db()

    assert draft.definition["order"]["scales"] == ["often", "spare", "third"]
    assert draft.definition["dimensions"][0]["facets"][0]["items"][0]["scale"] == "often"
    with pytest.raises(CannotEdit, match="There is already a scale “spare”"):
        save_scale(draft=draft, revision=2, key="spare", entry={"lo": 1, "hi": 3}, old_key="often")


def test_a_scale_in_use_is_not_deleted(draft: InstrumentVersion) -> None:
    with pytest.raises(CannotEdit, match="The scale is used by A1, A2, B1, C1, D1"):
        delete_scale(draft=draft, revision=0, key="five")

    delete_scale(draft=draft, revision=0, key="spare")
    draft.refresh_from_db()
    assert list(draft.definition["scales"]) == ["five"]


def test_general_texts(draft: InstrumentVersion) -> None:
    save_general(
        draft=draft,
        revision=0,
        entry={"name": "Renamed", "version": "", "audiences": {"others": "Others", "leaders": "Leaders"}},
    )
    draft.refresh_from_db()

    assert (draft.definition["name"], draft.label, "version" in draft.definition) == ("Renamed", "", False)
    assert draft.definition["order"]["audiences"] == ["others", "leaders"]


def test_a_published_version_cannot_be_edited(draft: InstrumentVersion) -> None:
    published = publish_instrument(draft=draft, by=None)

    with pytest.raises(NotADraft):
        save_item(draft=published, revision=published.revision, facet="FA", entry=item("A1"), code="A1")
    assert codes(published) == ["A1", "A2", "B1", "C1", "D1"]
