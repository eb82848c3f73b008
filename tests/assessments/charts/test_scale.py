import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.charts.scale import Linear, even_span, nice_ends, ticks
from assessments.charts.spec import WITHHELD, Score


def test_linear_maps_ends_to_pixels_and_stops_there():
    x = Linear((40, 80), 10, 210)
    assert [x(v) for v in (40, 60, 80, 20, 100)] == [10, 110, 210, 10, 210]
    assert Linear((5, 5), 0, 10)(5) == 5


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([], (0, 100)),
        ([WITHHELD, None], (0, 100)),
        ([Score(58, 44, 71), 66, WITHHELD], (40, 80)),
        ([50.0], (40, 70)),
        ([0.0], (0, 30)),
        ([100.0], (70, 100)),
        ([0.0, 100.0], (0, 100)),
    ],
)
def test_nice_ends_hold_every_value_on_whole_steps(values, ends):
    assert nice_ends(values) == ends


@given(st.lists(st.floats(0, 100), min_size=1), st.sampled_from([5, 10, 20]), st.integers(10, 100))
def test_nice_ends_for_any_values(values, step, span):
    low, high = nice_ends(values, step=step, span=span)
    assert 0 <= low <= min(values)
    assert max(values) <= high <= 100
    assert high - low >= span


def test_even_span_is_a_whole_number_of_steps_around_zero():
    assert even_span([]) == 10
    assert even_span([Score(-6.1, -11, -1.2), Score(7.4, 2.5, 12.3)]) == 15


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((30, 80), [30, 40, 50, 60, 70, 80]),
        ((0, 100), [0, 20, 40, 60, 80, 100]),
        ((45, 65), [45, 50, 55, 60, 65]),
        ((5, 5), [5]),
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_ticks_are_round_numbers(ends, expected):
    assert ticks(ends) == expected


@given(st.floats(0, 99), st.floats(0.5, 100))
def test_ticks_are_few_and_inside(low, length):
    found = ticks((low, low + length))
    assert len(found) <= 7
    assert all(low - 1e-6 <= tick <= low + length + 1e-6 for tick in found)
