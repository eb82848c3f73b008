import pytest

from assessments.scoring.room.results import (
    RatedItem,
    Rating,
    RatingResults,
    Turnout,
    decode,
    encode,
)

RESULTS = RatingResults(
    round=2,
    minimum=5,
    lowest=1,
    highest=7,
    agree_from=6,
    items=(RatedItem("a", Rating(turnout=Turnout(fresh=9, standing=1)), (Rating(group="red", withheld=True),)),),
)


def test_everybody_counted():
    assert Turnout(fresh=9, standing=2, cant_say=1, waiting=3, held=4).counted == 11


def test_withheld_says_nothing_else():
    assert encode(RESULTS) == {
        "round": 2,
        "minimum": 5,
        "lowest": 1,
        "highest": 7,
        "agree_from": 6,
        "items": [
            {
                "item": "a",
                "together": {"turnout": {"fresh": 9, "standing": 1}},
                "groups": [{"group": "red", "withheld": True}],
            }
        ],
    }


def test_comes_back():
    assert decode("rate", encode(RESULTS)) == RESULTS


def test_results_of_another_kind_are_an_error():
    with pytest.raises(TypeError, match="has no field"):
        decode("dots", encode(RESULTS))
