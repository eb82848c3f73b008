import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.absent import Reason
from assessments.scoring.index import arithmetic_mean, generative_value_index, geometric_mean
from assessments.scoring.results import WITHHELD, Cell, Index
from tests.assessments.scoring.conftest import PublishedCases

scores = st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=8)


def test_published_human_development_index(published: PublishedCases) -> None:
    """UNDP HDR 2023-24: the geometric mean of three indices, to the third decimal, for every country and year."""
    wrong = []
    for row in published.rows("hdi_hdr2324.csv"):
        health = min((float(row["le"]) - 20) / 65, 1)
        education = (min(float(row["eys"]) / 18, 1) + min(float(row["mys"]) / 15, 1)) / 2
        income = min((np.log(float(row["gnipc"])) - np.log(100)) / (np.log(75000) - np.log(100)), 1)
        index = geometric_mean([100 * health, 100 * education, 100 * income]) / 100
        if round(index, 3) != float(row["hdi"]):
            wrong.append((row["iso3"], row["year"], index, row["hdi"]))
    assert wrong == []


def ranked(values: dict[str, float]) -> dict[str, int]:
    return {country: rank for rank, country in enumerate(sorted(values, key=lambda one: -values[one]), 1)}


def test_published_ranks_by_the_arithmetic_mean(published: PublishedCases) -> None:
    """OECD/JRC Handbook (2008), Table 38, LIN: the mean of indicators between fixed goalposts."""
    case = published.expected("CI04_tai")
    found = {}
    for row in published.rows("tai23.csv"):
        scores = []
        for name, (low, high, *log) in case["goalposts"].items():
            low, high = (np.log10(low), np.log10(high)) if log else (low, high)
            value = float(row[f"{name}_LOG10" if log else name])
            scores.append(float(np.clip(100 * (value - low) / (high - low), 0, 100)))
        found[row["country"]] = arithmetic_mean(scores)
    assert ranked(found) == case["LIN_rank"]


def test_published_ranks_by_the_geometric_mean(published: PublishedCases) -> None:
    """OECD/JRC Handbook (2008), Table 38, GME: of distances to the leader. Korea falls from 5 to 16."""
    rows = published.rows("tai23.csv")
    names = [name for name in rows[0] if name != "country"]
    leader = {name: max(float(row[name]) for row in rows) for name in names}
    found = {
        row["country"]: geometric_mean([100 * float(row[name]) / leader[name] for name in names], floor=1e-6)
        for row in rows
    }
    assert ranked(found) == published.expected("CI04_tai")["GME_rank"]


@given(scores)
def test_geometric_lies_between_the_ends_and_below_the_arithmetic(given_scores: list[float]) -> None:
    raised = [max(score, 1.0) for score in given_scores]
    index = geometric_mean(given_scores)
    assert min(raised) - 1e-9 <= index <= arithmetic_mean(raised) + 1e-9


@given(scores)
def test_order_of_dimensions_is_nothing(given_scores: list[float]) -> None:
    turned = given_scores[::-1]
    assert geometric_mean(turned) == pytest.approx(geometric_mean(given_scores))


@given(scores, st.data())
def test_a_higher_dimension_never_lowers_the_index(given_scores: list[float], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(given_scores) - 1))
    raised = list(given_scores)
    raised[place] = data.draw(st.floats(given_scores[place], 100))
    assert geometric_mean(raised) >= geometric_mean(given_scores) - 1e-9


def test_a_depleted_dimension_cannot_be_bought_off() -> None:
    assert arithmetic_mean([0, 100]) == arithmetic_mean([50, 50])
    assert geometric_mean([0, 100]) == pytest.approx(10)
    assert geometric_mean([50, 50]) == pytest.approx(50)


def test_weights_count() -> None:
    assert geometric_mean([10, 40], [1, 1]) == pytest.approx(20)
    assert geometric_mean([10, 40], [3, 1]) == pytest.approx((10**3 * 40) ** 0.25)


@pytest.mark.parametrize(
    ("given_scores", "weights", "floor"), [([], None, 1), ([1], [1, 2], 1), ([1], [0], 1), ([1], None, 0)]
)
def test_impossible_means_are_refused(given_scores: list[float], weights: list[float] | None, floor: float) -> None:
    with pytest.raises(ValueError, match=r"^(A mean needs|The floor)"):
        geometric_mean(given_scores, weights, floor)


def test_index_shows_its_sensitivity_to_the_floor() -> None:
    index = generative_value_index({"A": Cell(value=0.0, n=9), "B": Cell(value=100.0, n=9)}, {"A": 1.0, "B": 1.0})
    assert index.value == 10
    assert index.arithmetic == 50
    assert index.floors == {"0.1": 3.16227766, "1": 10, "5": 22.360679775}
    assert index.floored == ("A",)


def test_index_without_a_dimension_says_which() -> None:
    weights = {"A": 1.0, "B": 1.0}
    found = generative_value_index({"A": Cell(value=50.0, n=9), "B": WITHHELD}, weights)
    assert found == Index(weights=weights, missing=("B",), reason=Reason.MISSING_DIMENSION)


def test_index_of_nothing() -> None:
    assert generative_value_index({}, {}).reason is Reason.MISSING_DIMENSION
