"""Whatever people answered: what must hold of the scores of any wave."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessments.scoring.results import WaveResults
from tests.assessments.scoring.wave_answers import Answered, as_text, random_wave, waves


@settings(max_examples=25, deadline=None)
@given(waves, st.randoms(use_true_random=False))
def test_same_answers_same_numbers_in_any_order(wave: Answered, random: Any) -> None:
    order = list(range(len(wave.group)))
    random.shuffle(order)
    turned = Answered(wave.groups, wave.matrix[order], wave.cant_say[order], wave.group[order])
    assert as_text(turned.score(draws=50)) == as_text(wave.score(draws=50))


def test_large_groups_in_any_order() -> None:
    """The bootstrap of large groups, too, forgets who came first."""
    wave = random_wave(1, [900, 700, 5, 40], 0.1)
    order = np.random.default_rng(0).permutation(len(wave.group))
    turned = Answered(wave.groups, wave.matrix[order], wave.cant_say[order], wave.group[order])
    assert as_text(turned.score()) == as_text(wave.score())


def mirrored(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return 6 - matrix


@settings(max_examples=15, deadline=None)
@given(waves)
def test_turned_answers_turn_the_scores(wave: Answered) -> None:
    turned = Answered(wave.groups, mirrored(wave.matrix), wave.cant_say, wave.group).score(draws=20)
    for before, after in zip(wave.score(draws=20).facets, turned.facets, strict=True):
        assert before.overall.n == after.overall.n
        if before.overall.value is not None:
            assert after.overall.value == pytest.approx(100 - before.overall.value, abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(waves)
def test_results_survive_storage(wave: Answered) -> None:
    results = wave.score(draws=20)
    assert WaveResults.from_json(json.loads(as_text(results))) == results
