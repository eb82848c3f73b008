import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Absent, Reason
from assessments.scoring.consensus import polarization, tastle_wierman_consensus, van_der_eijk_agreement

counts = st.lists(st.integers(0, 50), min_size=3, max_size=9).filter(any)
MEASURES = (tastle_wierman_consensus, van_der_eijk_agreement, polarization)


class TestPublished:
    def test_seven_levels(self, published):
        case = published.expected("DE01_consensus")
        assert tastle_wierman_consensus(case["V"]) == pytest.approx(case["tastle_wierman"], abs=5e-8)
        assert van_der_eijk_agreement(case["V"]) == pytest.approx(case["vanderEijk_A"], abs=5e-8)
        assert polarization(case["V"]) == pytest.approx(case["polarization"], abs=5e-8)

    def test_voters_of_two_parties(self, published):
        case = published.expected("DE01_consensus")
        pvda, d66 = [2.4, 2.8, 3.2, 6.2, 13.5, 30.4, 41.6], [1.6, 2.6, 8.2, 21, 29.3, 27, 10.3]
        assert van_der_eijk_agreement(pvda) == pytest.approx(case[f"PvdA{pvda}".replace(" ", "")], abs=0.005)
        assert van_der_eijk_agreement(d66) == pytest.approx(case[f"D66{d66}".replace(" ", "")], abs=0.005)


class TestExtremes:
    @pytest.mark.parametrize("level", range(5))
    def test_all_on_one_level(self, level):
        shares = np.eye(5)[level] * 7
        assert [measure(shares) for measure in MEASURES] == [1.0, 1.0, 0.0]

    def test_half_at_either_end(self):
        assert [measure([4, 0, 0, 0, 4]) for measure in MEASURES] == pytest.approx([0.0, -1.0, 1.0])

    def test_evenly_spread(self):
        assert [measure([3, 3, 3, 3, 3]) for measure in MEASURES[1:]] == [0.0, 0.5]

    def test_two_levels_have_consensus_only(self):
        assert tastle_wierman_consensus([1, 1]) == pytest.approx(0.0)
        assert van_der_eijk_agreement([1, 1]) == Absent(Reason.TOO_FEW_LEVELS, needs=3, have=2)

    @pytest.mark.parametrize("measure", MEASURES)
    def test_absent_with_a_reason(self, measure):
        assert measure([0, 0, 0]) == Absent(Reason.TOO_FEW_ANSWERS, needs=1, have=0)
        assert measure([5]) == Absent(Reason.TOO_FEW_LEVELS, needs=2 if measure is MEASURES[0] else 3, have=1)

    @pytest.mark.parametrize("measure", MEASURES)
    @pytest.mark.parametrize("wrong", [[1, -1, 2], [1, np.nan, 2], [[1, 2, 3]]])
    def test_what_is_not_counts_is_an_error(self, measure, wrong):
        with pytest.raises(ValueError, match="one number of at least 0 for each level"):
            measure(wrong)


@given(counts, st.integers(1, 1000))
def test_bounds_direction_and_number_of_people(votes, factor):
    for measure, low in zip(MEASURES, (0, -1, 0), strict=True):
        value = measure(votes)
        assert low <= value <= 1
        assert measure(votes[::-1]) == pytest.approx(value, abs=1e-12)
        assert measure([count * factor for count in votes]) == pytest.approx(value, abs=1e-12)
