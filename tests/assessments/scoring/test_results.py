import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Reason
from assessments.scoring.codec import decode, encode
from assessments.scoring.results import (
    WITHHELD,
    Band,
    Cell,
    Coverage,
    Difference,
    Driver,
    DriverSet,
    Gap,
    Group,
    Index,
    ItemResult,
    Note,
    Score,
    WaveResults,
    Weakest,
)


def results() -> WaveResults:
    shown = Cell(value=52.5, n=12, sd=9.5, se=2.75, df=11.0, low=46.0, high=59.0)
    score = Score(
        code="INN",
        level="dimension",
        parent=None,
        barrier=False,
        overall=shown,
        pooled=shown,
        groups={"customers": shown, "communities": WITHHELD},
        own=Cell(value=0.0, n=1, reason=Reason.SINGLE_ANSWER),
        gap=Gap(
            own=shown, others=shown, difference=Difference(value=0.0), groups={"customers": Difference(clear=True)}
        ),
        weakest=Weakest("customers", shown, "common"),
        common={"customers": shown},
        common_facets=("INN-FLOW",),
    )
    return WaveResults(
        method="1.0",
        k=5,
        seed=0,
        live=False,
        headline="group means",
        n=12,
        groups=(
            Group("customers", "Customers", "stakeholder", "customers", 12),
            Group("communities", "Communities", "stakeholder", "communities", None, withheld=True, waiting=2),
        ),
        index=Index(band=Band(1.0, 2.0, 3.0), weights={"INN": 1.0}, missing=("ECO",), reason=Reason.MISSING_DIMENSION),
        dimensions=(score,),
        items=(ItemResult("I", "INN-FLOW", (1, 2), counts=(0, 12), n=12, cant_say=0, groups=("customers",)),),
        drivers=(DriverSet("INN", n=30, r2=0.0, drivers=(Driver("MND", 0.0, None, 0.0),)),),
        facet_coverage={"INN-FLOW": Coverage(24, 0.5, 0.25, 0.25)},
        notes=(Note(Reason.TOO_FEW_ANSWERS, "waiting:communities", n=2, need=5),),
        own_is_private=True,
    )


def test_round_trip_through_text_is_exact() -> None:
    given_results = results()
    text = json.dumps(given_results.to_json(), allow_nan=False)
    again = WaveResults.from_json(json.loads(text))
    assert again == given_results
    assert json.dumps(again.to_json()) == text


def test_a_withheld_cell_holds_nothing_else() -> None:
    assert encode(WITHHELD) == {"withheld": True}


def test_zero_and_absent_stay_apart() -> None:
    stored = results().to_json()["dimensions"][0]
    assert stored["own"] == {"value": 0.0, "n": 1, "reason": "single_answer"}
    assert "value" not in encode(Cell(reason=Reason.NOT_ASKED))


def test_readers_without_the_leaders_leave_get_no_own_view() -> None:
    open_to_all = results().without_own_view()
    assert open_to_all.dimensions[0].own == WITHHELD
    assert open_to_all.dimensions[0].gap is None
    assert replace(open_to_all, dimensions=results().dimensions) == results()


def test_score_by_code() -> None:
    assert results().score("INN").level == "dimension"
    with pytest.raises(KeyError):
        results().score("ECO")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        encode(Cell(value=value))


def test_foreign_types_are_refused() -> None:
    with pytest.raises(TypeError, match="int64 is not a plain type"):
        encode({"n": np.int64(3)})


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ({"value": "high"}, "'high' is not"),
        ({"volume": 1}, "Cell has no field volume"),
        ({"withheld": 1}, "1 is not"),
        ({"reason": "because"}, "'because' is not a valid Reason"),
    ],
)
def test_another_shape_is_refused(stored: dict[str, object], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        decode(Cell, stored)


@given(
    st.builds(
        Cell,
        value=st.none() | st.floats(0, 100),
        n=st.none() | st.integers(0),
        withheld=st.booleans(),
        reason=st.none() | st.sampled_from(Reason),
    )
)
def test_every_cell_survives(cell: Cell) -> None:
    assert decode(Cell, json.loads(json.dumps(encode(cell)))) == cell
