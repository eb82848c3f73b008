from typing import Any

import numpy as np
import pytest

from assessments.scoring.absent import Reason
from assessments.scoring.blueprint import Blueprint, DimensionSpec, FacetSpec, ItemSpec
from assessments.scoring.population import GroupSpec
from assessments.scoring.results import WITHHELD, Cell, Coverage, Robustness, WaveResults
from assessments.scoring.scales import OffScale
from assessments.scoring.wave import score_wave
from tests.assessments.scoring.conftest import PublishedCases
from tests.assessments.scoring.wave_answers import ALL, INSTRUMENT, Answered, answered, as_text, same, spec, varied


def test_from_answers_to_index() -> None:
    """Customers 80/40 on A and 60 on B, employees 20 and 100: A = (60 + 20) / 2, B = (60 + 100) / 2 …"""
    wave = answered(
        (spec("customers"), same(9, A1=75, A2=25, B1=50, B2=50)),
        (spec("employees"), same(5, A1=25, A2=25, B1=100, B2=100)),
    )
    results = wave.score()
    assert results.headline == "group means"
    assert results.n == 14
    assert {key: cell.value for key, cell in results.score("A").groups.items()} == {"customers": 50, "employees": 25}
    assert results.score("A").overall.value == 37.5
    assert results.score("A").pooled.value == pytest.approx((9 * 50 + 5 * 25) / 14)
    assert results.score("B").overall.value == 75
    assert results.score("A1").overall.value == 50
    assert results.score("A1").parent == "A"
    assert results.index.value == pytest.approx((37.5 * 75) ** 0.5, abs=1e-8)
    assert results.index.arithmetic == 56.25
    assert results.index.band is not None
    assert results.index.band == results.robustness.index


def test_group_weights_are_heard() -> None:
    wave = answered((spec("customers", weight=3), same(5, A1=100, A2=100)), (spec("employees"), same(5, A1=0, A2=0)))
    assert wave.score().score("A").overall.value == 75


def test_every_group_and_the_rest_that_is_shown() -> None:
    wave = answered(
        (spec("customers"), varied(20, "A1", "A2", "B1", "B2")),
        (spec("communities"), same(3, A1=0)),
        (spec("none"), []),
    )
    customers, communities, none = wave.score().groups
    assert (customers.n, customers.withheld) == (20, False)
    assert (communities.n, communities.withheld) == (None, True)
    assert (none.n, none.withheld) == (0, False)
    cells = wave.score().score("A").groups
    assert cells["communities"] == WITHHELD
    assert cells["none"] == Cell(reason=Reason.NO_ANSWERS)


def test_weakest_group_on_common_facets() -> None:
    """Customers were not asked A2, where employees are low: on what both were asked, customers are lower."""
    wave = answered(
        (spec("customers", facets=("A1", "B1")), same(5, A1=50, B1=50)),
        (spec("employees"), same(5, A1=75, A2=0, B1=50, B2=50)),
    )
    row = wave.score().score("A")
    assert row.common_facets == ("A1",)
    assert {key: cell.value for key, cell in row.common.items()} == {"customers": 50, "employees": 75}
    assert row.weakest is not None
    assert (row.weakest.group, row.weakest.basis, row.weakest.cell.value) == ("customers", "common", 50)
    assert wave.score().score("A2").groups["customers"] == Cell(reason=Reason.NOT_ASKED)


def test_gap_compares_what_both_were_asked() -> None:
    """Leaders rate A1 80 and A2 20; customers, asked A1 only, rate it 50: the gap is 25, not 0."""
    wave = answered(
        (spec("customers", facets=("A1",)), same(5, A1=50)),
        (spec("leaders", "leaders", ALL), same(5, A1=75, A2=25, B1=50, B2=50, M1=50, M2=25, C1=75)),
    )
    results = wave.score()
    row = results.score("A")
    assert row.own.value == 50
    assert row.overall.value == 50
    assert row.gap is not None
    assert (row.gap.own.value, row.gap.others.value, row.gap.difference.value) == (75, 50, 25)
    assert row.gap.facets == ("A1",)
    assert row.gap.groups["customers"].value == 25
    assert results.score("B").gap is None
    assert results.score("M").own.value == 37.5
    assert results.score("M").overall == Cell(reason=Reason.NOT_ASKED)


def test_gap_of_a_facet_has_welchs_interval() -> None:
    wave = answered(
        (spec("customers"), varied(30, "A1", "A2", "B1", "B2", seed=1)),
        (spec("leaders", "leaders", ALL), varied(12, *ALL, seed=2)),
    )
    gap = wave.score().score("A1").gap
    assert gap is not None
    assert gap.own.se is not None
    assert gap.others.se is not None
    assert gap.difference.se == pytest.approx(np.hypot(gap.own.se, gap.others.se), abs=1e-8)
    assert gap.difference.value == pytest.approx((gap.own.value or 0) - (gap.others.value or 0), abs=1e-8)


def test_leaders_stay_out_of_the_stakeholder_mean_unless_alone() -> None:
    leaders = (spec("leaders", "leaders", ALL), same(5, A1=100, A2=100, B1=100, B2=100))
    both = answered((spec("customers"), same(5, A1=0, A2=0, B1=0, B2=0)), leaders).score()
    assert both.score("A").overall.value == 0
    assert set(both.score("A").groups) == {"customers"}
    alone = answered(leaders).score()
    assert alone.headline == "leaders"
    assert alone.score("A").overall.value == 100
    assert alone.score("A").own == Cell(reason=Reason.NO_OWN_VIEW)
    assert alone.score("A").gap is None


def test_one_leader_and_those_around() -> None:
    """A 360°: the leader's own view is one answer, for that leader alone; the barriers have no self view."""
    wave = answered(
        (spec("self", "self", ("M1", "M2", "C1")), same(1, M1=75, M2=75, C1=25)),
        (spec("others", "others", ("M1", "M2", "C1")), varied(8, "M1", "M2", "C1")),
    )
    results = wave.score()
    assert results.own_is_private
    row = results.score("M")
    assert row.own == Cell(value=75, n=1, reason=Reason.SINGLE_ANSWER)
    assert row.gap is not None
    assert row.gap.difference.se == row.gap.others.se
    assert results.score("C").gap is None
    assert results.score("C1").barrier
    shared = results.without_own_view()
    assert shared.score("M").own == WITHHELD
    assert shared.score("M").gap is None
    assert shared.score("M").overall == row.overall
    assert results.index.reason is Reason.NOT_ASKED


def test_private_view_leaves_no_trace_elsewhere() -> None:
    others = (spec("others", "others", ("M1", "M2", "C1")), varied(8, "M1", "M2", "C1"))
    low, high = (
        answered((spec("self", "self", ("M1", "M2", "C1")), same(1, M1=score, M2=score, C1=score)), others).score()
        for score in (0, 100)
    )
    assert low.without_own_view() == high.without_own_view()
    assert low != high


def test_units_are_pooled() -> None:
    """Never an average of averages over teams (rule S4)."""
    wave = answered(
        (spec("one", "unit"), same(10, A1=100, A2=100, B1=0, B2=0)), (spec("two", "unit"), same(5, A1=25, A2=25))
    )
    results = wave.score()
    assert results.headline == "pooled"
    assert results.score("A").overall.value == 75
    assert results.score("A").overall == results.score("A").pooled
    assert {key: cell.value for key, cell in results.score("A").groups.items()} == {"one": 100, "two": 25}


def test_small_units_count_together_or_not_at_all() -> None:
    large = (spec("one", "unit"), same(10, A1=100, A2=100))
    two_and_three = answered(
        large, (spec("two", "unit"), same(2, A1=0, A2=0)), (spec("six", "unit"), same(3, A1=0, A2=0))
    )
    assert two_and_three.score().score("A").overall.value == pytest.approx(100 * 10 / 15)
    assert two_and_three.score().n == 15
    only_three = answered(large, (spec("six", "unit"), same(3, A1=0, A2=0)))
    assert only_three.score().score("A").overall.value == 100
    assert only_three.score().n == 10


def test_items_as_they_were_answered() -> None:
    wave = answered((spec("customers"), [*same(4, A1=25), *same(3, A1=100)]), (spec("few"), same(2, A1=0)))
    wave.cant_say[0, 2] = True  # A2-1
    first, second, third = wave.score().items[:3]
    assert (first.code, first.levels, first.counts, first.n) == ("A1-1", (1, 2, 3, 4, 5), (0, 4, 0, 0, 3), 7)
    assert (second.code, second.counts, second.mean) == ("A1-2", (3, 0, 0, 4, 0), first.mean)
    assert first.groups == ("customers",)
    assert (third.code, third.withheld, third.counts, third.cant_say) == ("A2-1", True, None, None)


def test_coverage_counts_what_was_asked() -> None:
    wave = answered((spec("customers", facets=("A1", "B1")), [*same(5, A1=25, B1=0), *same(5, A1=100)]))
    wave.cant_say[5:8, INSTRUMENT.column["B1-1"]] = True
    results = wave.score()
    assert results.coverage == Coverage(asked=40, answered=0.75, cant_say=0.07, blank=0.17)
    assert results.facet_coverage["A1"] == Coverage(asked=20, answered=1.0, cant_say=0.0, blank=0.0)
    assert results.facet_coverage["A2"] == Coverage()


def test_drivers_among_leaders() -> None:
    rng = np.random.default_rng(3)
    responses = []
    for _ in range(60):
        first, second = rng.integers(0, 5, size=2) * 25.0
        responses.append({"M1": first, "M2": second, "A1": first, "A2": first, "B1": float(rng.integers(0, 5)) * 25})
    wave = answered((spec("customers"), varied(9, "A1", "B1")), (spec("leaders", "leaders", ALL), responses))
    found = {one.outcome: one for one in wave.score().drivers}
    assert [one.code for one in found["A"].drivers] == ["M1", "M2"]
    assert found["A"].n == 60
    assert found["A"].r2 == pytest.approx(1)
    assert found["A"].drivers[0].r == pytest.approx(1)


def test_drivers_are_refused_below_thirty() -> None:
    wave = answered((spec("leaders", "leaders", ALL), varied(29, "A1", "B1", "M1", "M2")))
    (first, second) = wave.score().drivers
    assert (first.reason, second.reason) == (Reason.TOO_FEW_ANSWERS, Reason.TOO_FEW_ANSWERS)
    notes = {note.subject: note for note in wave.score().notes}
    assert notes["drivers:A"].need == 30


def test_quality_of_real_answers(published: PublishedCases) -> None:
    """2,042 soldiers in 49 companies on scales of 1–5 and 0–4: the figures of R's multilevel package."""
    names = [f"LEAD{place:02}" for place in range(1, 12)]
    hostile = [f"HOSTIL{place:02}" for place in range(1, 6)]
    blueprint = Blueprint(
        (*(ItemSpec(name, "LEAD", 1, 5) for name in names), *(ItemSpec(name, "HOSTIL", 0, 4) for name in hostile)),
        (FacetSpec("LEAD", "LEAD", tuple(names)), FacetSpec("HOSTIL", "HOSTIL", tuple(hostile), barrier=True)),
        (DimensionSpec("LEAD"), DimensionSpec("HOSTIL")),
    )
    matrix = published.matrix("lq2002.csv", names + hostile)
    company = published.column("lq2002.csv", "COMPID").astype(int)
    keys, group = np.unique(company, return_inverse=True)
    groups = [GroupSpec(str(key), f"Company {key}", "unit") for key in keys]

    def scored(k: int) -> WaveResults:
        return score_wave(blueprint, matrix, np.zeros(matrix.shape, dtype=np.bool_), group, groups, k=k)

    results = scored(5)
    reliability = {one.code: one for one in results.reliability}
    agreement = {one.code: one for one in results.agreement}
    assert round(reliability["LEAD"].alpha or 0, 4) == 0.9022
    assert round(agreement["LEAD"].icc1 or 0, 4) == 0.0880
    assert round(agreement["LEAD"].icc2 or 0, 4) == 0.8008
    assert round(agreement["LEAD"].rwg_mean or 0, 4) == 0.8678
    assert results.score("LEAD").overall.value == pytest.approx((matrix[:, :11].mean() - 1) * 25, abs=1e-8)
    sizes = np.bincount(group)
    at_twenty = scored(20)
    assert [one.withheld for one in at_twenty.groups] == [bool(size < 20) for size in sizes]
    assert sum(sizes < 20) == 15
    for one, size in zip(at_twenty.groups, sizes, strict=True):
        assert at_twenty.score("LEAD").groups[one.key].withheld == (size < 20)


@pytest.mark.parametrize("n", [0, 1, 2, 4])
@pytest.mark.parametrize("live", [False, True])
def test_too_few_to_show_anything(n: int, live: bool) -> None:
    results = answered((spec("customers"), varied(n, "A1", "A2", "B1", "B2"))).score(live=live)
    assert as_text(results)
    assert results.n == 0
    assert results.score("A").overall == (WITHHELD if n else Cell(reason=Reason.NO_ANSWERS))
    assert results.index.value is None
    assert results.index.reason is (Reason.MISSING_DIMENSION if n else Reason.NO_ANSWERS)
    assert results.notes[0].subject == "index"


def test_no_group_at_all() -> None:
    results = score_wave(
        INSTRUMENT, np.empty((0, 14)), np.empty((0, 14), dtype=np.bool_), np.empty(0, dtype=int), [], k=5
    )
    assert as_text(results)
    assert results.headline == "none"
    assert results.index.reason is Reason.NOT_ASKED


def test_all_equal() -> None:
    results = answered((spec("customers"), same(9, A1=50, A2=50, B1=50, B2=50))).score()
    assert as_text(results)
    overall = results.score("A").overall
    assert (overall.value, overall.low, overall.reason) == (50, None, Reason.ALL_EQUAL)
    assert results.reliability[0].reason is Reason.NO_VARIANCE
    assert results.index.value == 50


def test_all_missing() -> None:
    wave = answered((spec("customers"), same(9)), (spec("leaders", "leaders", ALL), same(9)))
    wave.cant_say[:, ::2] = True
    results = wave.score()
    assert as_text(results)
    assert results.groups[0].n == 9
    assert results.score("A").overall == WITHHELD
    assert results.score("A").own == WITHHELD
    assert results.index.reason is Reason.MISSING_DIMENSION
    assert results.robustness.reason is Reason.NO_GROUP_SHOWN
    assert results.coverage.answered == 0


def test_live_shows_index_and_dimensions_only() -> None:
    wave = answered(
        (spec("customers"), varied(20, "A1", "A2", "B1", "B2")), (spec("leaders", "leaders", ALL), varied(9, *ALL))
    )
    live, closed = wave.score(live=True), wave.score()
    assert live.index == closed.index
    assert [row.groups for row in live.dimensions] == [row.groups for row in closed.dimensions]
    later = Cell(reason=Reason.AFTER_CLOSING)
    for row in (*live.facets, *live.blocks, *live.constructs):
        assert (row.overall, row.pooled, row.own, row.groups, row.gap) == (later, later, later, {}, None)
    assert all(row.gap is None and not row.common for row in live.dimensions)
    assert (live.items, live.reliability, live.agreement, live.drivers) == ((), (), (), ())
    assert (live.robustness, live.coverage, live.facet_coverage) == (Robustness(), Coverage(), {})


def test_answers_off_the_scale_are_named() -> None:
    wave = answered((spec("customers"), varied(9, "A1")))
    wave.matrix[3, 0] = 6
    with pytest.raises(OffScale, match=r"^Item A1-1: the answer 6 is outside its scale 1 to 5\.$"):
        wave.score()


def wrong_group(wave: Answered) -> dict[str, Any]:
    return {"group_index": wave.group + 1}


def wrong_length(wave: Answered) -> dict[str, Any]:
    return {"group_index": wave.group[1:]}


def same_key(wave: Answered) -> dict[str, Any]:
    return {"groups": (*wave.groups, *wave.groups)}


def no_minimum(wave: Answered) -> dict[str, Any]:
    return {"k": 0}


def no_weight(wave: Answered) -> dict[str, Any]:
    return {"groups": (spec("customers", weight=0),)}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (wrong_group, "a group that is not among the 1 given"),
        (wrong_length, "they differ"),
        (same_key, "Two groups have the same key"),
        (no_minimum, "The minimum group size is 0"),
        (no_weight, "weight of a group is a number above 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(damage: Any, message: str) -> None:
    wave = answered((spec("customers"), varied(9, "A1")))
    given_arrays = {"group_index": wave.group, "groups": wave.groups, "k": 5} | damage(wave)
    with pytest.raises(ValueError, match=message):
        score_wave(INSTRUMENT, wave.matrix, wave.cant_say, **given_arrays)
