"""What is withheld leaves no trace: results do not change with it, and nothing shown is about fewer than k."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessments.scoring.population import facet_validity
from assessments.scoring.results import WITHHELD, Cell, WaveResults
from assessments.scoring.scales import facet_scores, item_scores
from tests.assessments.scoring.wave_answers import INSTRUMENT, Answered, answered, as_text, spec, varied, waves

K = 5


def below_minimum(wave: Answered) -> NDArray[np.bool_]:
    """Answers (responses × items) to facets that fewer than K of the group count in: counted here, not there."""
    asked = np.array([[item.code in (one.items or ()) for item in INSTRUMENT.items] for one in wave.groups])
    valid = ~np.isnan(facet_scores(item_scores(wave.matrix, INSTRUMENT), INSTRUMENT, asked, wave.group))
    hidden = np.zeros(wave.matrix.shape, dtype=np.bool_)
    for place in range(len(wave.groups)):
        rows = wave.group == place
        for facet, few in enumerate(valid[rows].sum(axis=0) < K):
            if few or rows.sum() < K:
                columns = [INSTRUMENT.column[code] for code in INSTRUMENT.facets[facet].items]
                hidden[np.ix_(rows, columns)] = True
    return hidden & ~np.isnan(wave.matrix)


@settings(max_examples=60, deadline=None)
@given(waves, st.integers(0, 1000), st.booleans())
def test_results_do_not_change_with_what_is_withheld(wave: Answered, seed: int, live: bool) -> None:
    """Stronger than any attack on the numbers: whatever the withheld answers were, the results would be the same."""
    hidden = below_minimum(wave)
    other = wave.matrix.copy()
    other[hidden] = np.random.default_rng(seed).integers(1, 6, size=int(hidden.sum()))
    turned = Answered(wave.groups, other, wave.cant_say, wave.group)
    assert as_text(turned.score(k=K, draws=30, live=live)) == as_text(wave.score(k=K, draws=30, live=live))


def counts(stored: Any) -> Iterator[int]:
    if isinstance(stored, dict):
        if "n" in stored and "subject" not in stored:
            yield stored["n"] or 0
        for value in stored.values():
            yield from counts(value)
    elif isinstance(stored, list):
        for value in stored:
            yield from counts(value)


@settings(max_examples=40, deadline=None)
@given(waves)
def test_no_number_is_about_fewer_than_the_minimum(wave: Answered) -> None:
    stored = json.loads(as_text(wave.score(k=K, draws=20)))
    assert [n for n in counts(stored) if 0 < n < K] == []


@settings(max_examples=40, deadline=None)
@given(waves)
def test_withheld_cells_all_look_the_same(wave: Answered) -> None:
    results = wave.score(k=K, draws=20)
    rows = (*results.dimensions, *results.facets, *results.blocks, *results.constructs)
    cells = [cell for row in rows for cell in (row.overall, row.pooled, row.own, *row.groups.values())]
    assert {cell for cell in cells if cell.withheld} <= {WITHHELD}
    assert all(item.n is None and item.mean is None for item in results.items if item.withheld)


def test_a_small_facet_is_missing_from_its_dimension() -> None:
    """Four of six answered A2: the dimension is made of A1 alone, so that nothing of A2 can be found from it."""
    responses = [{"A1": 50.0, "A2": 100.0}] * 4 + [{"A1": 50.0}] * 2
    results = answered((spec("customers"), responses)).score(k=K)
    assert results.score("A2").groups["customers"] == WITHHELD
    assert results.score("A").groups["customers"].value == 50
    assert results.facet_coverage["A2"].withheld


def one_item_too_few() -> Answered:
    wave = answered((spec("customers"), varied(9, "A1", "A2")))
    wave.matrix[4:, INSTRUMENT.column["A1-2"]] = np.nan
    return wave


def test_an_item_too_few_answered_takes_another_with_it() -> None:
    """Four answered A1-2; A1 itself is shown, so A1-1 would give it away."""
    results = one_item_too_few().score(k=K)
    shown = {item.code: item.withheld for item in results.items}
    assert results.score("A1").groups["customers"].shown
    assert (shown["A1-1"], shown["A1-2"], shown["A2-1"]) == (True, True, False)


def test_two_states_of_a_live_wave_do_not_give_one_answer_away() -> None:
    """Six were shown; three more come before closing. They stay out, and the results say how many wait."""
    early, late = varied(6, "A1", "A2", "B1", "B2", seed=1), varied(3, "A1", "A2", "B1", "B2", seed=2)
    before = answered((spec("customers"), early))
    after = answered((spec("customers"), early + late))
    closed = after.score(k=K, shown_before=np.arange(9) < 6)
    assert closed.dimensions == before.score(k=K).dimensions
    assert closed.items == before.score(k=K).items
    assert (closed.groups[0].n, closed.groups[0].waiting) == (6, 3)
    assert [(note.subject, note.n, note.need) for note in closed.notes if note.subject.startswith("waiting")] == [
        ("waiting:customers", 3, 5)
    ]


def test_enough_late_answers_join() -> None:
    wave = answered((spec("customers"), varied(11, "A1", "A2", "B1", "B2")))
    assert wave.score(k=K, shown_before=np.arange(11) < 6) == wave.score(k=K)


def test_late_answers_join_facet_by_facet() -> None:
    """Five late responses, all with A1, two with A2: A1 grows by five, A2 not by two."""
    early = varied(6, "A1", "A2", seed=1)
    late = [*varied(2, "A1", "A2", seed=2), *varied(3, "A1", seed=3)]
    results = answered((spec("customers"), early + late)).score(k=K, shown_before=np.arange(11) < 6)
    alone = answered((spec("customers"), early)).score(k=K)
    assert results.score("A1").groups["customers"].n == 11
    assert results.score("A2") == alone.score("A2")
    assert [item for item in results.items if item.facet == "A2"] == [i for i in alone.items if i.facet == "A2"]
    assert results.groups[0].waiting == 0


def test_a_facet_never_shown_may_take_everyone() -> None:
    """Three of six had answered A2, so it was withheld; with two more it is shown, and no difference says anything."""
    early = [*varied(3, "A1", "A2", seed=1), *varied(3, "A1", seed=2)]
    results = answered((spec("customers"), [*early, *varied(2, "A1", "A2", seed=3)])).score(
        k=K, shown_before=np.arange(8) < 6
    )
    assert results.score("A1").groups["customers"].n == 6
    assert results.score("A2").groups["customers"].n == 5


def test_marks_must_fit() -> None:
    wave = answered((spec("customers"), varied(6, "A1")))
    with pytest.raises(ValueError, match="6 responses, but 2 marks"):
        wave.score(shown_before=np.ones(2, dtype=np.bool_))


@settings(max_examples=40, deadline=None)
@given(waves, st.floats(0, 1))
def test_released_populations_differ_by_nothing_or_enough(wave: Answered, share: float) -> None:
    """Facet by facet and group by group: what was shown while open against what is shown after closing (rule D2)."""
    shown_before = np.random.default_rng(1).random(len(wave.group)) < share
    closed = wave.score(k=K, draws=20, shown_before=shown_before)
    valid = facet_validity(INSTRUMENT, wave.matrix, wave.cant_say, wave.group, wave.groups)
    for place, one in enumerate(wave.groups):
        if one.kind != "stakeholder":
            continue
        before = valid[(wave.group == place) & shown_before].sum(axis=0)
        for facet, row in enumerate(closed.facets):
            after = row.groups[one.key].n or 0
            if before[facet] >= K:
                assert after == before[facet] or after - before[facet] >= K


def test_group_without_cells_is_not_named_by_its_size() -> None:
    (group,) = answered((spec("customers"), varied(4, "A1"))).score(k=K).groups
    assert group == replace(group, n=None, withheld=True)
    assert WaveResults.from_json(answered((spec("customers"), varied(4, "A1"))).score(k=K).to_json()).groups == (group,)
    assert Cell().shown is False
