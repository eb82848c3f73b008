from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from assessments.scoring.absent import Reason
from assessments.scoring.index import geometric_mean
from assessments.scoring.results import Band, Robustness
from assessments.scoring.robustness import SPREAD, Structure, Voice, robustness

NAN = np.nan


def structure(*facets: int) -> Structure:
    """Facets numbered by their dimension."""
    codes = tuple("ABCDE"[: max(facets) + 1])
    return Structure(codes, np.ones(len(codes)), np.array(facets), np.ones(len(facets)))


def still(*means: float, n: int = 6) -> NDArray[np.float64]:
    """Answers that all say the same, so that only the choices move."""
    return np.tile(np.array(means, dtype=np.float64), (n, 1))


def test_nothing_to_vary_gives_a_point() -> None:
    found = robustness([Voice("a", 1, still(40, 40))], structure(0, 1))
    assert found.index == Band(40, 40, 40)
    assert [one.scores for one in found.dimensions] == [Band(40, 40, 40)] * 2
    assert [one.rank for one in found.dimensions] == [1, 1]
    assert [(pair.by_choice, pair.share) for pair in found.pairs] == [(False, 0.0)]


def test_index_band_covers_both_rules() -> None:
    """With one facet a dimension, only weights and the index's rule are left to vary."""
    found = robustness([Voice("a", 1, still(10, 90))], structure(0, 1), draws=4000)
    assert found.index is not None
    assert found.index.low < geometric_mean([10, 90]) < 50 < found.index.high
    assert [one.scores for one in found.dimensions] == [Band(10, 10, 10), Band(90, 90, 90)]
    assert [one.ranks for one in found.dimensions] == [Band(2, 2, 2), Band(1, 1, 1)]


def test_leaving_a_facet_out_moves_its_dimension() -> None:
    """Two facets at 0 and 100: left out in a third of the draws each, else about 50."""
    found = robustness([Voice("a", 1, still(0, 100, 50))], structure(0, 0, 1), draws=4000)
    assert found.dimensions[0].scores.low == 0
    assert found.dimensions[0].scores.high == 100
    assert found.dimensions[1].scores == Band(50, 50, 50)


def test_resampling_alone_gives_the_interval_of_the_mean() -> None:
    """One facet, one group: the band is that of the bootstrapped mean, 1.645 standard errors wide each way."""
    rng = np.random.default_rng(4)
    scores = rng.normal(50, 10, size=(400, 1))
    found = robustness([Voice("a", 1, scores)], structure(0), draws=4000)
    error = scores.std(ddof=1) / 20
    band = found.dimensions[0].scores
    assert band.median == pytest.approx(scores.mean(), abs=0.1)
    assert (band.high - band.low) / 2 == pytest.approx(1.645 * error, rel=0.06)


def test_group_weights_move_the_mean_of_groups() -> None:
    voices = [Voice("a", 1, still(20)), Voice("b", 1, still(80))]
    band = robustness(voices, structure(0), draws=4000).dimensions[0].scores
    lowest = (20 * (1 + SPREAD) + 80 * (1 - SPREAD)) / 2
    assert lowest <= band.low < 50 < band.high <= 100 - lowest


def test_same_seed_same_numbers_whatever_the_order_of_groups() -> None:
    rng = np.random.default_rng(4)
    voices = [Voice(key, 1, rng.integers(0, 5, size=(20, 3)) * 25.0) for key in "abc"]
    first = robustness(voices, structure(0, 0, 1), seed=7)
    assert robustness(voices, structure(0, 0, 1), seed=7) == first
    assert robustness(voices, structure(0, 0, 1), seed=8) != first


def test_missing_dimension_has_no_index_band() -> None:
    found = robustness([Voice("a", 1, np.array([[50, NAN], [60, NAN]]))], structure(0, 1))
    assert found.index is None
    assert found.reason is Reason.MISSING_DIMENSION
    assert [one.code for one in found.dimensions] == ["A"]
    assert found.pairs == ()


def test_nobody_to_resample() -> None:
    assert robustness([], structure(0)) == Robustness(draws=1000, reason=Reason.NO_GROUP_SHOWN)


def test_groups_asked_different_facets() -> None:
    """Each group's dimension is made of what it was asked; a facet that is alone in a group can still be left out."""
    voices = [Voice("a", 1, np.array([[30, NAN]] * 5)), Voice("b", 1, np.array([[NAN, 70]] * 5))]
    found = robustness(voices, structure(0, 0), draws=4000)
    assert found.dimensions[0].scores == replace(found.dimensions[0].scores, low=30, high=70)


def brute_force(means: NDArray[np.float64], facets: NDArray[np.int64], higher: int, lower: int) -> bool:
    """Reversal searched for at random, with no idea of corners."""
    rng = np.random.default_rng(0)
    for left_out in range(-1, len(facets)):
        kept = np.arange(len(facets)) != left_out
        if not all((kept & (facets == one)).any() for one in (higher, lower)):
            continue
        weights = rng.uniform(0.75, 1.25, size=(400, len(facets))) * kept
        groups = rng.uniform(0.75, 1.25, size=(400, len(means)))
        scores = []
        for one in (higher, lower):
            part = weights * (facets == one)
            by_group = part @ means.T / part.sum(axis=1, keepdims=True)
            scores.append((by_group * groups).sum(axis=1) / groups.sum(axis=1))
        if (scores[0] < scores[1] - 1e-9).any():
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, (2, 4), elements=st.integers(0, 20).map(lambda step: step * 5.0)))
def test_no_search_finds_a_reversal_that_the_corners_miss(means: NDArray[np.float64]) -> None:
    facets = np.array([0, 0, 1, 1])
    voices = [Voice(key, 1, np.tile(row, (3, 1))) for key, row in zip("ab", means, strict=True)]
    (pair,) = robustness(voices, structure(0, 0, 1, 1), draws=50).pairs
    places = {"A": 0, "B": 1}
    if brute_force(means, facets, places[pair.higher], places[pair.lower]):
        assert pair.by_choice
    if pair.share > 0:
        assert pair.by_choice  # answers do not vary here, so whatever a draw reverses a choice reverses


def test_a_reversal_needs_a_choice_that_can_make_it() -> None:
    """60 and 50 made of 55+65 and 45+55: without 65 and with all of B, 55 stays above 50; never reversed."""
    (never,) = robustness([Voice("a", 1, still(55, 65, 45, 54))], structure(0, 0, 1, 1)).pairs
    assert (never.higher, never.lower, never.by_choice, never.reversible) == ("A", "B", False, False)
    (can,) = robustness([Voice("a", 1, still(40, 80, 50, 60))], structure(0, 0, 1, 1)).pairs
    assert (can.higher, can.by_choice, can.reversible) == ("A", True, True)


def test_many_facets_and_groups_stay_cheap() -> None:
    """Corners are not enumerated where there are too many of them."""
    rng = np.random.default_rng(2)
    voices = [Voice(f"g{place}", 1, rng.integers(0, 5, size=(5, 40)) * 25.0) for place in range(30)]
    found = robustness(voices, structure(*([0] * 20 + [1] * 20)), draws=100)
    assert len(found.pairs) == 1
