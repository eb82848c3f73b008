import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from assessments.scoring.blueprint import Blueprint, DimensionSpec, FacetSpec, ItemSpec
from assessments.scoring.scales import OffScale, canonical_order, facet_scores, item_scores, keyed, weighted_mean
from tests.assessments.scoring.conftest import PublishedCases

NAN = np.nan


def blueprint(*items: tuple[float, float, bool], needs: float = 0.5) -> Blueprint:
    specs = tuple(ItemSpec(f"I{place}", "F", low, high, reverse) for place, (low, high, reverse) in enumerate(items))
    return Blueprint(
        specs, (FacetSpec("F", "D", tuple(one.code for one in specs), needs=needs),), (DimensionSpec("D"),)
    )


MIXED = blueprint((1, 5, False), (1, 5, True), (0, 4, False), (1, 10, True))


def answers(rows: int = 6) -> st.SearchStrategy[NDArray[np.float64]]:
    columns = [
        arrays(np.float64, (rows, 1), elements=st.one_of(st.just(NAN), st.integers(low, high).map(float)))
        for low, high in ((1, 5), (1, 5), (0, 4), (1, 10))
    ]
    return st.tuples(*columns).map(np.hstack)


def test_items_to_a_hundred() -> None:
    raw = np.array([[1, 1, 0, 1], [5, 5, 4, 10], [2, 2, 1, 4], [NAN, NAN, NAN, NAN]], dtype=np.float64)
    assert item_scores(raw, MIXED)[:3].tolist() == [[0, 100, 0, 100], [100, 0, 100, 0], [25, 75, 25, 600 / 9]]
    assert np.isnan(item_scores(raw, MIXED)[3]).all()
    assert keyed(raw, MIXED)[2].tolist() == [2, 4, 1, 7]


@given(answers())
def test_scores_stay_between_0_and_100(raw: NDArray[np.float64]) -> None:
    scores = item_scores(raw, MIXED)
    assert np.array_equal(np.isnan(scores), np.isnan(raw))
    given_ones = scores[~np.isnan(scores)]
    assert ((given_ones >= 0) & (given_ones <= 100)).all()


@given(answers())
def test_reverse_keying_is_symmetric(raw: NDArray[np.float64]) -> None:
    """Turning both the answers and the keying of an item round changes nothing (rule S1)."""
    turned = Blueprint(
        tuple(ItemSpec(one.code, "F", one.lo, one.hi, not one.reverse) for one in MIXED.items),
        MIXED.facets,
        MIXED.dimensions,
    )
    ends = np.array([one.lo + one.hi for one in MIXED.items])
    np.testing.assert_allclose(item_scores(ends - raw, turned), item_scores(raw, MIXED), atol=1e-12)


@given(answers(), st.integers(0, 5), st.integers(0, 3))
def test_a_higher_answer_never_lowers_a_forward_facet(raw: NDArray[np.float64], row: int, column: int) -> None:
    item = MIXED.items[column]
    if np.isnan(raw[row, column]) or raw[row, column] == item.hi:
        return
    higher = raw.copy()
    higher[row, column] += 1
    before = facet_scores(item_scores(raw, MIXED), MIXED)[row, 0]
    after = facet_scores(item_scores(higher, MIXED), MIXED)[row, 0]
    if not np.isnan(before):
        assert (after < before) if item.reverse else (after > before)


@pytest.mark.parametrize("wrong", [0.0, 6.0, -32768.0])
def test_answers_off_the_scale_are_named(wrong: float) -> None:
    raw = np.array([[3, 3, 3, 3], [3, wrong, 3, 3]], dtype=np.float64)
    with pytest.raises(OffScale) as problem:
        item_scores(raw, MIXED)
    assert str(problem.value) == f"Item I1: the answer {wrong:g} is outside its scale 1 to 5."


def test_wrong_number_of_columns() -> None:
    with pytest.raises(ValueError, match=r"one column an item \(4\), got the shape \(2, 3\)"):
        item_scores(np.ones((2, 3)), MIXED)


@pytest.mark.parametrize(
    ("needs", "answered", "scored"),
    [(0.5, 0, False), (0.5, 1, False), (0.5, 2, True), (0.5, 3, True), (1.0, 2, False), (1.0, 3, True), (0.1, 1, True)],
)
def test_facet_needs_its_share_of_the_items(needs: float, answered: int, scored: bool) -> None:
    facet = blueprint((1, 5, False), (1, 5, False), (1, 5, False), needs=needs)
    raw = np.array([[4.0] * answered + [NAN] * (3 - answered)])
    result = facet_scores(item_scores(raw, facet), facet)[0, 0]
    assert result == 75 if scored else np.isnan(result)


def test_facet_needs_its_share_of_what_the_form_asks() -> None:
    """A form with two of three items needs one answer; a form with all three needs two."""
    facet = blueprint((1, 5, False), (1, 5, False), (1, 5, False))
    raw = np.array([[5, NAN, NAN], [5, NAN, NAN]], dtype=np.float64)
    asked = np.array([[True, True, False], [True, True, True]])
    result = facet_scores(item_scores(raw, facet), facet, asked, np.array([0, 1]))[:, 0]
    assert result[0] == 100
    assert np.isnan(result[1])


def test_weighted_mean_of_what_is_there() -> None:
    scores = np.array([[10, 40, NAN], [NAN, 40, 70], [NAN, NAN, NAN]], dtype=np.float64)
    result = weighted_mean(scores, [2, 1, 1])
    assert result[:2].tolist() == [20, 55]
    assert np.isnan(result[2])


@given(answers(), st.permutations(range(6)))
def test_canonical_order_forgets_the_order_of_arrival(raw: NDArray[np.float64], order: list[int]) -> None:
    said = np.isnan(raw)
    group = np.array([0, 0, 0, 1, 1, 1])
    first = raw[canonical_order(raw, said, group)]
    shuffled = canonical_order(raw[order], said[order], group[order])
    np.testing.assert_array_equal(raw[order][shuffled], first)
    assert group[order][shuffled].tolist() == [0, 0, 0, 1, 1, 1]


def test_published_technology_achievement_index(published: PublishedCases) -> None:
    """Fixed goalposts and linear aggregation: OECD/JRC Handbook (2008); Saisana, Saltelli & Tarantola (2005)."""
    case = published.expected("CI04_tai")
    goalposts = case["goalposts"]
    rows = published.rows("tai23.csv")
    columns, items = [], []
    for name, (low, high, *log) in goalposts.items():
        values = np.array([float(row[f"{name}_LOG10" if log else name]) for row in rows])
        low, high = (np.log10(low), np.log10(high)) if log else (low, high)
        columns.append(np.clip(values, low, high))
        items.append(ItemSpec(name, "TAI", float(low), float(high)))
    tai = Blueprint(tuple(items), (FacetSpec("TAI", "TAI", tuple(goalposts)),), (DimensionSpec("TAI"),))
    scores = item_scores(np.column_stack(columns), tai)
    found = dict(zip((row["country"] for row in rows), facet_scores(scores, tai)[:, 0] / 100, strict=True))
    for country, value in case["TAI"].items():
        assert abs(found[country] - value) <= 0.0015
