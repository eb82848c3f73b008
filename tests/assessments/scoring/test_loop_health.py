from itertools import pairwise

import pytest

from assessments.scoring.absent import Reason
from assessments.scoring.loop_health import LoopHealth, Member, Trend, loop_health
from assessments.scoring.results import Cell, Difference


def moved(value: float, reach: float = 2.0) -> Difference:
    low, high = value - reach, value + reach
    return Difference(value=value, low=low, high=high, clear=low > 0 or high < 0)


def member(key: str, *scores: float, reach: float = 2.0, direction: int = 1) -> Member:
    changes = tuple(moved(after - before, reach) for before, after in pairwise(scores))
    return Member(key, tuple(Cell(value=score, n=30) for score in scores), changes, direction)


NOT_MEASURED = Cell(reason=Reason.NOT_ASKED)
UNKNOWN = Difference(reason=Reason.NOT_ASKED)


def unmeasured(key: str, waves: int) -> Member:
    return Member(key, (NOT_MEASURED,) * waves, (UNKNOWN,) * (waves - 1))


def trends(found: LoopHealth) -> list[Trend | None]:
    return [wave.trend for wave in found.waves]


def test_weakening_for_two_waves():
    found = loop_health([member("trust", 60, 63, 59, 50), member("margin", 58, 61, 55, 51), unmeasured("waste", 4)])
    assert trends(found) == [None, Trend.STRENGTHENING, Trend.WEAKENING, Trend.WEAKENING]
    assert (found.trend, found.held, found.drag, found.weakest) == (Trend.WEAKENING, 2, "trust", "trust")
    assert [wave.level for wave in found.waves] == [59, 62, 57, 50.5]
    assert found.waves[3].change == Difference(value=-6.5, low=-8.5, high=-4.5, clear=True)
    assert {wave.absent for wave in found.waves} == {("waste",)}
    assert found.waves[3].compared == ("trust", "margin")


def test_a_change_that_could_be_chance_is_holding():
    found = loop_health([member("trust", 60, 61), member("margin", 58, 57)])
    assert (found.trend, found.held, found.drag) == (Trend.HOLDING, 1, "margin")


def test_the_interval_is_the_mean_of_the_members_ends():
    """Never narrower than by errors that go together: √(s₁² + s₂² + 2·s₁s₂)/2 = (s₁ + s₂)/2."""
    found = loop_health([member("a", 50, 60, reach=3), member("b", 50, 52, reach=9)])
    assert found.waves[1].change == Difference(value=6, low=0, high=12, clear=False)


def test_a_member_that_works_against_the_loop_counts_turned_round():
    found = loop_health([member("margin", 50, 56), member("waste", 40, 30, direction=-1)])
    assert found.waves[1].level == 63
    assert found.waves[1].change == Difference(value=8, low=6, high=10, clear=True)
    assert (found.trend, found.drag, found.weakest) == (Trend.STRENGTHENING, None, "margin")
    dragging = loop_health([member("margin", 50, 56), member("waste", 30, 40, direction=-1)])
    assert dragging.drag == "waste"


def test_a_member_that_comes_or_goes_moves_nothing():
    late = Member("new", (NOT_MEASURED, Cell(value=10.0, n=9)), (UNKNOWN,))
    found = loop_health([member("trust", 60, 66), late])
    assert found.waves[0].absent == ("new",)
    assert found.waves[1].absent == ()
    assert found.waves[1].level == 38
    assert (found.waves[1].change.value, found.waves[1].compared, found.trend) == (6, ("trust",), Trend.STRENGTHENING)


def test_withheld_members_are_absent():
    hidden = Member("small", (Cell(withheld=True), Cell(withheld=True)), (Difference(withheld=True),))
    found = loop_health([hidden])
    assert found.waves[1].level is None
    assert found.waves[1].change == Difference(reason=Reason.NO_COMMON_FACETS)
    assert (found.trend, found.held, found.drag, found.weakest) == (None, 0, None, None)


def test_a_change_without_an_interval_has_no_trend():
    single = Member(
        "one",
        (Cell(value=50.0, n=1), Cell(value=70.0, n=1)),
        (Difference(value=20.0, reason=Reason.TOO_FEW_ANSWERS),),
    )
    found = loop_health([member("trust", 60, 66), single])
    assert found.waves[1].change == Difference(value=13, reason=Reason.TOO_FEW_ANSWERS)
    assert found.trend is None


def test_one_wave_and_no_members():
    found = loop_health([member("trust", 60)])
    assert found.waves[0].change.reason is Reason.NEEDS_TWO_WAVES
    assert (found.trend, found.weakest) == (None, "trust")
    assert loop_health([]) == LoopHealth((), None, 0, None, None)


def test_bad_members():
    with pytest.raises(ValueError, match="one change fewer"):
        Member("a", (NOT_MEASURED,) * 2, ())
    with pytest.raises(ValueError, match="each member once"):
        loop_health([member("a", 1), member("a", 1)])
    with pytest.raises(ValueError, match="every wave"):
        loop_health([member("a", 1), member("b", 1, 2)])
