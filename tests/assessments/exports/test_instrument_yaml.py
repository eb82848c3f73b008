"""Export and import again give the same instrument."""

from pathlib import Path

import pytest

from assessments.exports.instrument_yaml import instrument_yaml
from assessments.imports.instrument_documents import read_instrument
from assessments.services.instruments import DEFAULT_INSTRUMENT, load_default_instrument

LQ2002 = Path(__file__).parents[2] / "data" / "lq2002_instrument.yaml"


@pytest.mark.parametrize("file", [DEFAULT_INSTRUMENT, LQ2002])
def test_there_and_back(file: Path) -> None:
    definition = read_instrument(file.read_bytes()).definition
    assert definition is not None

    again = read_instrument(instrument_yaml(definition))

    assert again.definition == definition


@pytest.mark.django_db
def test_the_database_loses_no_order_that_a_reader_sees() -> None:
    version, _new = load_default_instrument()
    version.refresh_from_db()

    lines = instrument_yaml(version.definition).splitlines()

    assert lines[:3] == ["code: msla", "name: Meta-System Leadership Assessment", "version: 1.0.0"]
    start = lines.index("audiences:") + 1
    assert [line.split(":")[0].strip() for line in lines[start : start + 7]] == [
        *("leaders", "self", "others"),
        *("customers", "employees", "partners", "communities"),
    ]
    item = lines.index("          - code: INN-FLOW-1")
    assert lines[item : item + 15] == [
        "          - code: INN-FLOW-1",
        "            text: How often did someone suggest a new way of doing things?",
        "            scale: frequency",
        "            keying: forward",
        "            audiences:",
        "              - leaders",
        "              - employees",
        "              - partners",
        "            anchors:",
        "              1: nobody did",
        "              2: one time",
        "              3: in some months",
        "              4: in most months",
        "              5: week after week",
        "            forms:",
    ]
