"""Loops on Home: the one that moved most, and the one that moved the other way."""

from types import SimpleNamespace
from typing import cast

import pytest

from assessments.dashboards.loops.brief import loops_words
from assessments.scoring.feedback import LoopState
from assessments.scoring.loop_health import LoopHealth, Trend, WaveHealth
from assessments.scoring.results import Difference
from assessments.selectors.summaries import SummedUp

UP, DOWN = Trend.STRENGTHENING, Trend.WEAKENING


def loop(name: str, moved: float) -> LoopState:
    trend = UP if moved > 0 else DOWN
    change = Difference(value=moved, low=moved - 1, high=moved + 1, clear=True)
    wave = WaveHealth(level=60.0, absent=(), change=change, compared=(name,), trend=trend)
    return LoopState((name,), False, 0, 0, 1.0, LoopHealth((wave, wave), trend, 1, None, None), name)


@pytest.mark.parametrize(
    ("loops", "more"),
    [
        ([loop("Growth", 9.0)], ""),
        ([loop("Growth", 9.0), loop("Trust", 5.0)], ""),
        ([loop("Growth", 9.0), loop("Answers", -3.0), loop("Decay", -6.0)], " “Decay” is weakening."),
    ],
)
def test_what_went_the_other_way_is_told_too(loops: list[LoopState], more: str) -> None:
    summed = cast(SummedUp, SimpleNamespace(feedback=SimpleNamespace(loops=loops), waves=()))
    change = "Level 60 of 100. +9.0 since the wave before (+8.0 to +10.0), clear change."
    assert loops_words(summed) == f"“Growth” is strengthening. {change}{more}"
