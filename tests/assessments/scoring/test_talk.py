"""What to talk about next: only what is clear of chance, strongest first."""

from collections.abc import Sequence
from typing import Any

import pytest

from assessments.scoring.absent import Reason
from assessments.scoring.results import (
    WITHHELD,
    AgreementResult,
    Cell,
    Difference,
    Gap,
    Group,
    GroupAgreement,
    Index,
    Score,
    WaveResults,
    Weakest,
)
from assessments.scoring.talk import Answered, Candidate, Topic, nearest, talk_about


def cell(value: float, se: float = 1.0, n: int = 30) -> Cell:
    return Cell(value=value, n=n, se=se, df=n - 1.0, sd=se, low=value - 2 * se, high=value + 2 * se)


def difference(value: float, reach: float) -> Difference:
    low, high = value - reach, value + reach
    return Difference(value=value, low=low, high=high, clear=low > 0 or high < 0)


def gap(value: float, reach: float) -> Gap:
    return Gap(own=cell(60 + value, n=9), others=cell(60), difference=difference(value, reach))


def score(code: str, *, parent: str | None = None, level: Any = "dimension", **fields: Any) -> Score:
    return Score(code, level, parent, fields.pop("barrier", False), overall=cell(60), pooled=cell(60), **fields)


def results(agreement: Sequence[AgreementResult] = ()) -> WaveResults:
    groups = tuple(Group(key, key.title(), "stakeholder", key, 30) for key in ("customers", "partners", "communities"))
    return WaveResults("1", 5, 1, False, "group means", 90, groups, Index(), (), agreement=tuple(agreement))


def found(*rows: Score, parts: Sequence[Score] = (), changes: Any = None, **more: Any) -> list[Candidate]:
    wave = more.pop("wave", results())
    return list(talk_about(wave, rows=rows, parts=parts, changes=changes or {}, **more))


def test_a_gap_counts_by_what_is_left_when_the_doubt_is_taken_off() -> None:
    wide, sure = score("ADA", gap=gap(18, 16)), score("INN", gap=gap(11, 2))
    assert [(one.code, one.strength) for one in found(wide, sure)] == [("INN", 9.0), ("ADA", 2.0)]


def test_what_could_be_chance_is_no_topic() -> None:
    assert found(score("ADA", gap=gap(8, 9)), changes={"ADA": difference(-4, 5)}) == []


def test_the_best_of_each_topic_comes_before_the_second_of_any() -> None:
    rows = [score("ADA", gap=gap(18, 2)), score("INN", gap=gap(14, 2))]
    part = score("ADA-SPE", parent="ADA", level="facet")
    topics = found(*rows, parts=[part], changes={"ADA-SPE": difference(-6, 3)})
    assert [(one.topic, one.code) for one in topics] == [
        (Topic.GAP, "ADA"),
        (Topic.DROP, "ADA-SPE"),
        (Topic.GAP, "INN"),
    ]


def test_a_fallen_facet_speaks_for_its_dimension_and_a_dimension_for_itself() -> None:
    part = score("ADA-SPE", parent="ADA", level="facet")
    changes = {"ADA": difference(-5, 2), "ADA-SPE": difference(-9, 4), "INN": difference(-3, 1)}
    assert [one.code for one in found(score("ADA"), score("INN"), parts=[part], changes=changes)] == ["ADA-SPE", "INN"]


def test_a_barrier_that_grew_is_worse_and_one_that_fell_is_not() -> None:
    rows = [score("CON", barrier=True), score("POW", barrier=True)]
    changes = {"CON": difference(5, 2), "POW": difference(-5, 2)}
    assert [(one.code, one.value) for one in found(*rows, changes=changes)] == [("CON", 5.0)]


def groups(**values: float) -> dict[str, Cell]:
    return {key: cell(value) for key, value in values.items()}


def test_the_group_that_is_weakest_everywhere_is_said_once_by_its_clearest_row() -> None:
    rows = []
    for code, low in (("INN", 52.0), ("ADA", 40.0)):
        cells = groups(customers=60.0, partners=58.0, communities=low)
        rows.append(score(code, groups=cells, weakest=Weakest("communities", cells["communities"], "all")))
    (one,) = found(*rows)
    assert (one.topic, one.code, one.group, one.score, one.everywhere) == ("weakest", "ADA", "communities", 40.0, True)
    assert one.value == pytest.approx(-19.0)


def test_groups_are_compared_on_what_all_were_asked() -> None:
    cells = groups(customers=60.0, communities=30.0)
    on_common = groups(customers=60.0, communities=59.5)
    row = score("SAT", groups=cells, common=on_common, weakest=Weakest("communities", cells["communities"], "common"))
    assert found(row) == []


def test_a_withheld_group_is_never_named() -> None:
    cells = {**groups(customers=60.0, partners=40.0), "communities": WITHHELD}
    row = score("INN", groups=cells, weakest=Weakest("partners", cells["partners"], "all"))
    assert {one.group for one in found(row)} == {"partners"}


def test_weak_agreement_and_thin_coverage_are_small_topics() -> None:
    agreement = AgreementResult(
        "ADA",
        groups=(
            GroupAgreement("customers", 30, rwg=0.2),
            GroupAgreement("partners", 9, rwg=0.8),
            GroupAgreement("communities", 9, reason=Reason.TOO_FEW_LEVELS),
        ),
    )
    answered = [Answered("communities", 17, 40), Answered("customers", 212, 340), Answered("partners", 0, 0)]
    topics = found(score("ADA"), wave=results([agreement]), answered=answered)
    assert [(one.topic, one.group) for one in topics] == [("disagreement", "customers"), ("coverage", "communities")]
    assert [one.strength for one in topics] == pytest.approx([6.0, 1.5])


def test_constructs_speak_where_there_are_some() -> None:
    block = score("MND", level="block", gap=gap(9, 2))
    part = score("MND-SYS", parent="MND", level="construct", gap=gap(12, 3))
    assert [one.code for one in found(block, parts=[part])] == ["MND-SYS"]


def test_the_nearest_end_is_zero_where_nothing_is_sure() -> None:
    assert [nearest(one) for one in (difference(-8, 3), difference(8, 3), difference(2, 3), Difference())] == [
        5,
        5,
        0,
        0,
    ]
