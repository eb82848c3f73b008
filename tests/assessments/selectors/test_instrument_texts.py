"""What the default instrument says beside its questions."""

import pytest

from assessments.selectors.instrument_texts import InstrumentText, instrument_text
from assessments.services.instruments import load_default_instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def text() -> InstrumentText:
    version, _new = load_default_instrument()
    return instrument_text(version)


def test_dimensions_and_blocks(text: InstrumentText) -> None:
    assert [(block.code, block.mark, len(block.facets)) for block in text.dimensions] == [
        ("INN", "inn", 3),
        ("ECO", "eco", 3),
        ("ADA", "ada", 3),
        ("SAT", "sta", 4),
        ("SUS", "sus", 3),
    ]
    assert [(block.code, block.mark, block.lower_is_better, block.about) for block in text.leadership] == [
        ("MND", "", False, "leader"),
        ("PRI", "", False, "leader"),
        ("PRA", "", False, "leader"),
        ("CON", "", True, "network"),
        ("RES", "", False, "leader"),
    ]
    assert text.blocks["SAT"].title == "What it brings people"


def test_every_facet_says_how_to_read_it_and_what_to_talk_about(text: InstrumentText) -> None:
    assert len(text.facets) == 36
    assert all(facet.high and facet.low and len(facet.starters) >= 2 for facet in text.facets.values())
    flow = text.facets["INN-FLOW"]
    assert flow.high == "Ideas come often and from many sides, and people hear what became of them."
    assert flow.low == "Few ideas are voiced, or they are forgotten before anyone answers."
    assert [facet.code for facet in text.facets_of("RES")] == ["RES-RESI", "RES-EMOT"]


def test_evidence_and_room_questions(text: InstrumentText) -> None:
    indicators = [one for found in text.evidence.values() for one in found]

    assert list(text.evidence) == ["INN", "ECO", "ADA", "SAT", "SUS"]
    assert len(indicators) == 24
    assert (indicators[0].low, indicators[0].high, indicators[0].independent_of_ratings) == (0, 2, True)
    assert len(text.room_questions) == 12
    assert {(one.lo, one.hi, one.cant_say) for one in text.room_questions} == {(1, 10, "I can’t say")}


def test_items_are_worded_for_the_readers_of_results(text: InstrumentText) -> None:
    assert text.item_texts["INN-FLOW-2"] == "How often were people outside the leading group asked for their ideas?"
    assert text.item_texts["RES-EMOT-3"] == "How often did you say something in anger?"
    assert all(text.item_texts.values())
