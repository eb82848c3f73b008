import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Reason
from assessments.scoring.blueprint import Blueprint, DimensionSpec, FacetSpec, ItemSpec
from assessments.scoring.dimensions import breadth, dimension_scores, pooled_mean, stakeholder_mean, weakest
from assessments.scoring.results import WITHHELD, Breadth, Cell, Weakest

means = st.floats(0, 100, allow_subnormal=False)


def cell(value: float, n: int = 10, se: float = 2.0, df: float = 9.0) -> Cell:
    return Cell(value=value, n=n, se=se, df=df)


def test_each_group_is_one_voice() -> None:
    """900 customers do not drown 12 communities (rule S4); the pooled mean stands beside it."""
    groups = {"customers": cell(80, n=900), "communities": cell(40, n=12)}
    assert stakeholder_mean(groups).value == 60
    assert stakeholder_mean(groups).n == 912
    assert pooled_mean(groups).value == pytest.approx((80 * 900 + 40 * 12) / 912, abs=1e-9)


def test_weights_are_adjustable() -> None:
    assert stakeholder_mean({"a": cell(80), "b": cell(40)}, {"a": 3, "b": 1}).value == 70


def test_interval_propagates_the_groups_errors() -> None:
    """Two groups of ten with se 2 and 4: se √(1² + 2²), df by Satterthwaite (1 + 4)² / (1/9 + 16/9)."""
    found = stakeholder_mean({"a": cell(50, se=2), "b": cell(60, se=4)})
    assert found.se == pytest.approx(math.sqrt(5), abs=1e-9)
    assert found.df == pytest.approx(25 / (17 / 9), abs=1e-9)


def test_a_single_group_keeps_its_own_cell() -> None:
    only = cell(50)
    assert stakeholder_mean({"a": only, "b": WITHHELD, "c": Cell(reason=Reason.NOT_ASKED)}) == only


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({}, Cell(reason=Reason.NOT_ASKED)),
        ({"a": Cell(reason=Reason.NOT_ASKED)}, Cell(reason=Reason.NOT_ASKED)),
        ({"a": Cell(reason=Reason.NOT_ASKED), "b": Cell(reason=Reason.NO_ANSWERS)}, Cell(reason=Reason.NO_ANSWERS)),
        ({"a": WITHHELD, "b": Cell(reason=Reason.NO_ANSWERS)}, WITHHELD),
    ],
)
def test_no_disclosed_group_says_why(groups: dict[str, Cell], expected: Cell) -> None:
    assert stakeholder_mean(groups) == expected


def test_all_equal_groups_have_no_interval() -> None:
    still = Cell(value=50, n=5, sd=0.0, se=0.0, df=4.0, reason=Reason.ALL_EQUAL)
    assert stakeholder_mean({"a": still, "b": still}) == Cell(value=50, n=10, reason=Reason.ALL_EQUAL)


@given(st.dictionaries(st.sampled_from("abcdef"), means, min_size=1), st.sampled_from("abcdef"), means)
def test_a_higher_group_never_lowers_the_mean(groups: dict[str, float], key: str, raised: float) -> None:
    before = {name: cell(value) for name, value in groups.items()}
    after = before | {key: cell(max(raised, groups.get(key, 0)))} if key in groups else before
    one, two = stakeholder_mean(before).value, stakeholder_mean(after).value
    assert one is not None
    assert two is not None
    assert min(groups.values()) - 1e-6 <= one <= two + 1e-6


@given(st.dictionaries(st.sampled_from("abcdef"), means, min_size=2))
def test_order_of_groups_is_nothing(groups: dict[str, float]) -> None:
    cells = {key: cell(value) for key, value in groups.items()}
    turned = dict(reversed(cells.items()))
    assert stakeholder_mean(cells) == stakeholder_mean(turned)
    assert breadth(cells) == breadth(turned)


def test_breadth_of_unequal_groups() -> None:
    found = breadth({"a": cell(80), "b": cell(20), "c": WITHHELD})
    assert found == Breadth(geometric=40, arithmetic=50, loss=0.2, groups=2)


def test_breadth_needs_two_groups() -> None:
    assert breadth({"a": cell(80), "b": WITHHELD}) is None


@given(st.dictionaries(st.sampled_from("abcdef"), means, min_size=2))
def test_loss_is_a_share(groups: dict[str, float]) -> None:
    found = breadth({key: cell(value) for key, value in groups.items()})
    assert found is not None
    assert 0 <= found.loss <= 1
    assert found.geometric <= found.arithmetic + 1e-6


def test_weakest_compares_on_common_facets_first() -> None:
    groups = {"a": cell(50), "b": cell(60)}
    assert weakest(groups, {}) == Weakest("a", groups["a"], "all")
    assert weakest(groups, {"a": cell(70), "b": cell(55)}) == Weakest("b", groups["b"], "common")
    assert weakest(groups, {"a": cell(70)}) == Weakest("a", groups["a"], "all")


def test_weakest_of_a_barrier_is_the_highest() -> None:
    groups = {"a": cell(50), "b": cell(60), "c": WITHHELD}
    assert weakest(groups, {}, barrier=True) == Weakest("b", groups["b"], "all")
    assert weakest({"a": cell(1), "c": WITHHELD}, {}) is None


def test_dimensions_of_one_response() -> None:
    blueprint = Blueprint(
        tuple(ItemSpec(code, facet, 1, 5) for code, facet in (("A1", "A"), ("B1", "B"), ("C1", "C"))),
        (FacetSpec("A", "D", ("A1",), weight=3), FacetSpec("B", "D", ("B1",)), FacetSpec("C", "M", ("C1",))),
        (DimensionSpec("D"), DimensionSpec("M", block=True)),
    )
    raw = np.array([[5, 1, 3], [np.nan, 3, 3], [np.nan, np.nan, 3]])
    found = dimension_scores(blueprint, raw)
    assert found[:2, 0].tolist() == [75, 50]
    assert np.isnan(found[2, 0])
    assert found.shape == (3, 1)
