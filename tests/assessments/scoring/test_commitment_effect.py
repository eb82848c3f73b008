from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assessments.scoring.absent import Reason
from assessments.scoring.commitment_effect import Commitment, Effect, Reading, commitment_effects
from assessments.scoring.results import Difference

WAVE = date(2026, 9, 1)
DONE = date(2026, 6, 12)


def moved(value: float, reach: float = 0.5) -> Difference:
    return Difference(value=value, low=value - reach, high=value + reach, clear=abs(value) > reach)


def effect(changes: dict[str, Difference], *, done: date | None = DONE, expected: int = 1, **options: int) -> Effect:
    (found,) = commitment_effects([Commitment("forecast", "trust", done, expected)], changes, measured=WAVE, **options)
    return found


STEADY = {"a": moved(1.0), "b": moved(-1.0), "c": moved(0.5), "d": moved(-0.5)}


def test_new_jersey_less_pennsylvania():
    """Card & Krueger (1994), table 3: +0.59 less −2.16 is 2.76 full-time equivalents (2.75 from rounded changes)."""
    found = effect({"trust": moved(0.59), "pennsylvania": moved(-2.16)})
    assert found.difference == Difference(value=2.75, reason=Reason.NO_COMMON_FACETS)
    assert (found.targeted, found.untargeted, found.n_untargeted, found.reading) == (0.59, -2.16, 1, None)


@given(st.lists(st.floats(-20, 20).map(lambda value: round(value, 2)), min_size=2, max_size=9), st.integers(-30, 30))
def test_the_interval_is_that_of_one_against_several(controls: list[float], target: int):
    """Crawford & Howell's test is Student's t for one against m: SciPy's interval is ours."""
    if max(controls) - min(controls) < 0.1:
        return
    changes = {str(place): moved(value) for place, value in enumerate(controls)}
    found = effect({"trust": moved(target, reach=0.0), **changes}).difference
    # SciPy needs two on a side for the interval: t and df give it as well
    test = stats.ttest_ind([float(target)], controls)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.df == test.df == len(controls) - 1
    reach = (found.high - found.low) / 2
    if abs(found.value) > 0.01:
        assert reach == pytest.approx(
            abs(found.value / test.statistic) * stats.t.ppf(0.975, test.df), rel=1e-4, abs=1e-4
        )


def test_consistent_with():
    found = effect({"trust": moved(8), **STEADY})
    assert found.reading is Reading.CONSISTENT == "consistent with"
    assert (found.targeted, found.untargeted, found.difference.value) == (8, 0, 8)
    assert found.difference.clear


def test_no_sign_within_what_others_moved_by_themselves():
    assert effect({"trust": moved(2), **STEADY}).reading is Reading.NO_SIGN


def test_no_sign_where_it_went_the_other_way():
    found = effect({"trust": moved(-8), **STEADY})
    assert found.reading is Reading.NO_SIGN
    assert found.difference.clear
    assert effect({"trust": moved(-8), **STEADY}, expected=-1).reading is Reading.CONSISTENT


def test_never_surer_than_the_targeted_change_itself():
    found = effect({"trust": moved(8, reach=9), **STEADY})
    assert (found.difference.low, found.difference.high) == (-1, 17)
    assert found.reading is Reading.NO_SIGN


@pytest.mark.parametrize(
    ("done", "settle", "early"),
    [(None, 0, True), (WAVE + timedelta(days=1), 0, True), (WAVE, 0, False), (DONE, 81, False), (DONE, 82, True)],
)
def test_too_early(done: date | None, settle: int, early: bool):
    found = effect({"trust": moved(8), **STEADY}, done=done, settle_days=settle)
    assert (found.reading is Reading.TOO_EARLY) is early
    assert found.difference.value == 8


def test_several_on_one_facet_are_inseparable():
    found = commitment_effects(
        [
            Commitment("forecast", "trust", DONE),
            Commitment("hotline", "trust", DONE),
            Commitment("later", "trust"),
            Commitment("seats", "say", DONE),
        ],
        {"trust": moved(8), "say": moved(30), **STEADY},
        measured=WAVE,
        answers={"trust": (31, 28)},
    )
    assert [one.inseparable for one in found] == [("hotline",), ("forecast",), (), ()]
    assert {one.n_untargeted for one in found} == {4}
    assert (found[0].n_before, found[0].n_after, found[3].n_before) == (31, 28, None)
    assert found[2].reading is Reading.TOO_EARLY


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        (STEADY, Difference(reason=Reason.NO_COMMON_FACETS)),
        ({"trust": Difference(withheld=True), **STEADY}, Difference(withheld=True)),
        ({"trust": Difference(reason=Reason.NO_ANSWERS), **STEADY}, Difference(reason=Reason.NO_ANSWERS)),
        ({"trust": moved(8)}, Difference(reason=Reason.NO_COMMON_FACETS)),
        (
            {"trust": Difference(value=8.0), "a": moved(1), "b": moved(1)},
            Difference(value=7.0, reason=Reason.NO_VARIANCE),
        ),
    ],
)
def test_without_a_number_there_is_no_reading(changes: dict[str, Difference], difference: Difference):
    found = effect(changes)
    assert (found.difference, found.reading) == (difference, None)
