"""The finding of the loops page: the clearest thing that happened to a loop, never less than there was."""

from typing import Any

import pytest

from assessments.dashboards.loops.page import finding_of, told_loops
from assessments.dashboards.loops.rows import LoopRow
from assessments.dashboards.loops.words import found_words
from assessments.scoring.loop_health import Trend
from ecosystems.models import Ecosystem
from ecosystems.selectors.causal_maps import EcosystemMap, MapFactor

UP, DOWN, STILL = Trend.STRENGTHENING, Trend.WEAKENING, Trend.HOLDING


def row(name: str, trend: Trend | None, *, balancing: bool = False, is_named: bool = True) -> LoopRow:
    words: dict[str, Any] = dict.fromkeys(
        ("key", "tag", "note", "path", "trend_words", "change", "drag", "absent", "url"), ""
    )
    return LoopRow(
        **words,
        name=name,
        is_named=is_named,
        members=(),
        balancing=balancing,
        delayed=False,
        trend=trend,
        waves=(),
    )


def said(*rows: LoopRow, measured: int = 2) -> str:
    one = MapFactor("1", "Trust", "", "", None, None)
    return finding_of(rows, EcosystemMap(Ecosystem(), 1, (one,), ()), measured=measured, counted=found_words(len(rows)))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("Growth", UP), row("Decay", DOWN)], "“Growth” is strengthening, but “Decay” is weakening"),
        ([row("Growth", UP), row("Brake", UP, balancing=True)], "“Growth” is strengthening, but “Brake” pulls back"),
        ([row("Growth", UP), row("Brake", DOWN, balancing=True)], "“Growth” is strengthening"),
        ([row("Decay", DOWN), row("Brake", UP, balancing=True)], "“Decay” is weakening"),
        ([row("Brake", UP, balancing=True), row("Rest", STILL)], "“Brake” pulls back more than before"),
        ([row("Brake", DOWN, balancing=True), row("Rest", STILL)], "“Brake” pulls back less than before"),
        ([row("Brake", DOWN, balancing=True), row("Rest", None)], "“Brake” pulls back less than before"),
        ([row("Rest", STILL), row("Unknown", None)], "No loop has clearly changed since the wave before"),
        ([row("Unknown", None)], "The trend of no loop is known"),
    ],
)
def test_the_finding_tells_what_changed(rows: list[LoopRow], expected: str) -> None:
    assert said(*rows).startswith(expected)


def test_a_loop_that_somebody_named_is_told_first() -> None:
    assert said(row("a · b", DOWN, is_named=False), row("Decay", DOWN)) == "“Decay” is weakening"


def test_before_the_second_wave_there_is_no_trend() -> None:
    assert said(row("Unknown", None), measured=1) == "1 loop; trends come with the second wave"


def test_the_map_shows_the_loops_that_the_finding_is_about() -> None:
    rest, brake = row("Rest", STILL), row("Brake", UP, balancing=True)
    growth, decay, unnamed = row("Growth", UP), row("Decay", DOWN), row("a · b", UP, is_named=False)
    assert told_loops([rest, decay, brake, unnamed, growth]) == [growth, decay]
    assert told_loops([unnamed, rest, brake]) == [brake]
    eased = row("Eased", DOWN, balancing=True)
    assert told_loops([rest, eased]) == [eased]
    assert told_loops([growth, eased]) == [growth]
    assert told_loops([unnamed, rest, row("Other", STILL), row("Third", STILL)]) == [rest, row("Other", STILL)]
