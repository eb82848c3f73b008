import pytest

from ecosystems.numerals import interval, number, rounded, signed


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (2.675, 2, "2.68"),
        (-0.5, 0, "−1"),
        (-0.4, 0, "0"),
        (1e-9, 1, "0.0"),
    ],
)
def test_numbers_round_half_away_from_zero(value, digits, text):
    assert number(value, digits) == text


@pytest.mark.parametrize(("value", "text"), [(3.2, "+3"), (-3.2, "−3"), (0.49, "0"), (-0.49, "0")])
def test_signed_numbers_have_a_true_minus_and_zero_none(value, text):
    assert signed(value) == text


def test_intervals_are_ranges_in_words():
    assert interval(10.4, 25.5) == "10 to 26"
    assert interval(-2, 14, 1, sign=True) == "−2.0 to +14.0"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_cannot_be_computed_is_never_written(value):
    with pytest.raises(ValueError, match="pass None and say why"):
        rounded(value)
