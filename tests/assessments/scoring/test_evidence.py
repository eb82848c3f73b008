import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.evidence import Blend, EvidenceScore, blend, evidence_score, gap, normalise
from assessments.scoring.index import geometric_mean
from tests.assessments.scoring.conftest import PublishedCases

values = st.floats(-1e6, 1e6, allow_nan=False)


def test_published_human_development_index(published: PublishedCases) -> None:
    """UNDP HDR 2023-24: figures between UNDP's goalposts give each country's index, to the third decimal."""
    wrong = []
    for row in published.rows("hdi_hdr2324.csv"):
        health = normalise(float(row["le"]), low=20, high=85)
        schooling = [normalise(float(row["eys"]), low=0, high=18), normalise(float(row["mys"]), low=0, high=15)]
        income = normalise(float(np.log(float(row["gnipc"]))), low=float(np.log(100)), high=float(np.log(75000)))
        index = geometric_mean([health, evidence_score(schooling).score or 0, income]) / 100
        if round(index, 3) != float(row["hdi"]):
            wrong.append((row["iso3"], row["year"], index, row["hdi"]))
    assert wrong == []


def test_published_ranks_of_technology_achievement(published: PublishedCases) -> None:
    """OECD/JRC Handbook (2008), Table 38, LIN: the plain mean of indicators between fixed goalposts."""
    case = published.expected("CI04_tai")
    found = {}
    for row in published.rows("tai23.csv"):
        scores = []
        for name, (low, high, *log) in case["goalposts"].items():
            ends = [float(np.log10(end)) if log else float(end) for end in (low, high)]
            scores.append(normalise(float(row[f"{name}_LOG10" if log else name]), low=ends[0], high=ends[1]))
        found[row["country"]] = evidence_score(scores).score or 0
    assert {name: rank for rank, name in enumerate(sorted(found, key=lambda one: -found[one]), 1)} == case["LIN_rank"]


@pytest.mark.parametrize(
    ("value", "better", "worse"),
    [(90, 0, 100), (730, 100, 0), (410, 50, 50), (0, 0, 100), (5_000, 100, 0)],
    ids=["low", "high", "middle", "below", "above"],
)
def test_a_figure_lies_between_its_goalposts_and_stops_at_them(value: float, better: float, worse: float) -> None:
    assert normalise(value, low=90, high=730) == better
    assert normalise(value, low=90, high=730, lower_is_better=True) == worse


@given(values, values, st.floats(0.001, 1e6))
def test_what_is_better_never_scores_less(one: float, other: float, width: float) -> None:
    first, second = sorted((one, other))
    assert normalise(first, low=0, high=width) <= normalise(second, low=0, high=width)
    turned = [normalise(value, low=0, high=width, lower_is_better=True) for value in (first, second)]
    assert turned[0] >= turned[1]
    assert all(0 <= score <= 100 for score in turned)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_no_figure_that_is_none(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        normalise(value, low=0, high=1)


def test_goalposts_stand_in_order() -> None:
    with pytest.raises(ValueError, match="below the high one"):
        normalise(1, low=2, high=2)


def test_what_is_not_known_is_counted_and_never_taken_as_nothing() -> None:
    assert evidence_score([40, None, 80]) == EvidenceScore(60, 2, 3)
    assert evidence_score([None, None]) == EvidenceScore(None, 0, 2)
    assert evidence_score([]) == EvidenceScore(None, 0, 0)


@pytest.mark.parametrize(
    ("known", "of", "blended"), [(2, 3, True), (1, 3, False), (3, 5, False), (4, 5, True), (4, 6, True), (5, 5, True)]
)
def test_two_thirds_of_the_indicators_must_be_known(known: int, of: int, blended: bool) -> None:
    together = blend(60, EvidenceScore(40, known, of))
    assert together == (Blend(52, 0.4) if blended else Blend(60, 0.0))


def test_ratings_stand_alone_without_evidence() -> None:
    nothing = evidence_score([None])
    assert blend(60, nothing) == blend(60, evidence_score([])) == Blend(60, 0.0)
    assert gap(nothing, 60) is None
    assert gap(EvidenceScore(40, 1, 5), 60) == -20  # shown however few are known
