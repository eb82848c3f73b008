from dataclasses import replace

import pytest

from assessments.dashboards.scenarios.page import later_words
from assessments.selectors.scenario_records import Moved, Ran, Spread

REST = Moved("ADA", Spread(8, 10.4, 12), 0.9, (Spread(0, 0, 0), Spread(2, 5, 7), Spread(8, 9.8, 12)))
RAN = Ran(draws=1000, rested=1000, unsettled=0, assured=True, steps=15, moved=(REST,))


def test_two_numbers_for_one_change_are_explained() -> None:
    later = replace(REST, change=Spread(9, 11.2, 13))
    (said,) = later_words(replace(RAN, moved=(REST, later)))
    assert said == ("After the 2 steps drawn here the map still moves. The changes above are those at its end.")


@pytest.mark.parametrize("steps", [REST.steps, ()], ids=["the same number", "no steps kept"])
def test_one_number_needs_no_word(steps: tuple[Spread, ...]) -> None:
    assert later_words(replace(RAN, moved=(replace(REST, steps=steps),))) == ()
