"""The difference between two versions."""

from copy import deepcopy

import pytest

from assessments.imports.instrument_documents import read_instrument
from assessments.selectors.definitions import Definition
from assessments.selectors.instrument_changes import Change, changes_between
from assessments.services.instruments import DEFAULT_INSTRUMENT


@pytest.fixture(scope="module")
def default() -> Definition:
    definition = read_instrument(DEFAULT_INSTRUMENT.read_bytes()).definition
    assert definition is not None
    return definition


def test_nothing_changed(default: Definition) -> None:
    assert changes_between(default, deepcopy(default)) == ()


def test_what_changed_is_said_with_before_and_after(default: Definition) -> None:
    new = deepcopy(dict(default))
    flow = new["dimensions"][0]["facets"][0]
    flow["items"][0] |= {"text": "How often did someone bring an idea?", "keying": "reverse"}
    removed = flow["items"].pop(2)
    new["scales"]["frequency"]["cant_say"] = "Don’t know"
    new["privacy_note"] = "Name nobody."
    new["audiences"]["neighbours"] = "Neighbours"
    flow["items"].append({**removed, "code": "INN-FLOW-9"})

    assert changes_between(default, new) == (
        Change(
            "Item",
            "INN-FLOW-1",
            "text",
            "How often did someone suggest a new way of doing things?",
            "How often did someone bring an idea?",
        ),
        Change("Item", "INN-FLOW-1", "keying", "forward", "reverse"),
        Change(
            "Item",
            "INN-FLOW-9",
            "new",
            "",
            "How often did you share an idea that was then forgotten? / "
            "How often was an idea shared that was then forgotten?",
        ),
        Change(
            "Item",
            "INN-FLOW-3",
            "taken out",
            "How often did you share an idea that was then forgotten? / "
            "How often was an idea shared that was then forgotten?",
            "",
        ),
        Change(
            "Scale",
            "frequency",
            "text",
            "How often? · Never / Seldom / Sometimes / Often / Always · Can’t say",
            "How often? · Never / Seldom / Sometimes / Often / Always · Don’t know",
        ),
        Change("Audience", "neighbours", "new", "", "Neighbours"),
        Change("Text", "privacy note", "text", "Please name no one in your comments.", "Name nobody."),
    )


def test_a_new_order(default: Definition) -> None:
    new = deepcopy(dict(default))
    items = new["dimensions"][0]["facets"][0]["items"]
    items[0], items[1] = items[1], items[0]

    assert changes_between(default, new) == (
        Change("Item", "INN-FLOW-1 … INN-FLOW-2", "order", "as before", "changed"),
    )
