import numpy as np
import pytest

from assessments.scoring.delphi import round_shift
from assessments.scoring.room.results import Shift
from assessments.scoring.room.shifts import is_stable, shift_of

NAN = np.nan


def shift(before, after, k=1):
    return shift_of(np.array(before, float), np.array(after, float), since=1, lowest=1, highest=7, k=k)


class TestShift:
    def test_is_that_of_two_delphi_rounds(self):
        before, after = [2, 4, 6, NAN, 3], [4, 4, 5, 5, NAN]
        found, expected = shift(before, after), round_shift(before, after, lowest=1, highest=7)
        assert found == Shift(
            1, expected.median_change, expected.iqr_change, expected.paired, expected.kept_share, expected.kappa
        )

    @pytest.mark.parametrize(
        ("before", "after", "shown"),
        [
            ([1, 2, 3], [1, 2, 3], True),
            ([1, 2], [1, 2], False),
            ([1, 2, 3, 4], [1, 2, 3, NAN], False),
            ([1, 2, 3, NAN, NAN], [1, 2, 3, 4, 5], False),
            ([1, 2, 3, NAN, NAN, NAN], [1, 2, 3, 4, 5, 6], True),
            ([1, 2, 3, NAN, NAN, NAN, 7], [1, 2, 3, 4, 5, 6, NAN], False),
        ],
    )
    def test_pairs_are_shown_unless_a_few_stand_apart(self, before, after, shown):
        found = shift(before, after, k=3)
        assert (found.paired is not None) == (found.kept_share is not None) == (found.kappa is not None) == shown
        assert found.median_change == np.nanmedian(after) - np.nanmedian(before)

    def test_all_on_one_level_twice_has_no_kappa(self):
        assert shift([4, 4], [4, 4]) == Shift(1, 0.0, 0.0, 2, 1.0, None)

    @pytest.mark.parametrize(("before", "after"), [([], []), ([NAN], [3]), ([3], [NAN])])
    def test_nobody_before_or_after(self, before, after):
        assert shift(before, after) is None


class TestStable:
    @pytest.mark.parametrize(
        ("found", "stable"),
        [
            (Shift(1, 0.0, 0.0), True),
            (Shift(1, -0.5, 0.5), True),
            (Shift(1, 1.0, 0.0), False),
            (Shift(1, 0.0, -1.0), False),
            (Shift(1, 0.0, 0.0, 9, 0.5, 0.61), True),
            (Shift(1, 0.0, 0.0, 9, 0.5, 0.6), False),
            (Shift(1, 0.0, 0.0, 9, 0.85, 0.0), True),
            (Shift(1, 0.0, 0.0, 9, 1.0, None), True),
            (Shift(1, 0.0, 0.0, 9, 0.5, None), False),
            (Shift(1, 1.0, 0.0, 9, 1.0, 1.0), False),
        ],
    )
    def test_on_seven_levels(self, found, stable):
        assert is_stable(found, lowest=1, highest=7) is stable

    def test_guesses_may_move_by_a_twentieth_of_the_range(self):
        assert is_stable(Shift(1, 5.0, -5.0), lowest=0, highest=100)
        assert not is_stable(Shift(1, 5.5, 0.0), lowest=0, highest=100)
