"""Edits of a causal map: what they change, what they refuse, and that the same one twice is once."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import SummaryMark
from assessments.services.maps import edits
from ecosystems.enums import MapEditKind
from ecosystems.models import CausalMap, DrawnLink, Ecosystem, Factor, LinkVote, MapEdit, User
from ecosystems.services.map_problems import (
    ChangedMeanwhile,
    FactorGone,
    LinkGone,
    LinkThere,
    MapProblem,
    NameTaken,
    OutOfRange,
    SelfLink,
    TooLarge,
)
from tests.factories.ecosystems import make_ecosystem
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


def links() -> list[tuple[str, str, int, int, int]]:
    return sorted(DrawnLink.objects.values_list("source__name", "target__name", "sign", "strength", "delay"))


def test_a_factor_is_added_where_it_was_put(maker: MapMaker, facilitator: User) -> None:
    edit = maker.do(edits.add_factor, name="  Trust\tamong  growers ", facet="BEL", x=120.04, y=80)
    factor = Factor.objects.get()
    assert (factor.name, factor.facet, factor.x, factor.y) == ("Trust among growers", "BEL", 120.0, 80.0)
    assert (edit.kind, edit.revision, edit.by) == (MapEditKind.ADD_FACTOR, 1, facilitator)
    assert edit.changes == [
        {
            "of": "factor",
            "id": factor.pk,
            "names": ["Trust among growers"],
            "before": {"name": "Trust among growers", "facet": "BEL", "indicator": "", "on_map": False},
            "after": {"name": "Trust among growers", "facet": "BEL", "indicator": "", "on_map": True},
        }
    ]
    assert SummaryMark.objects.get().version == 1
    assert CausalMap.objects.get().revision == 1


def test_a_factor_without_a_place_gets_one_beside_the_others(maker: MapMaker) -> None:
    maker.factor("Trust", x=500, y=300)
    maker.do(edits.add_factor, name="Speed")
    stands = Factor.objects.get(name="Trust")
    new = Factor.objects.get(name="Speed")
    assert (stands.x, stands.y) == (500, 300)
    assert new.x is not None
    assert new.y is not None
    assert abs(new.x - 500) > 184 or abs(new.y - 300) > 34


def test_the_same_key_twice_is_one_edit(maker: MapMaker, ecosystem: Ecosystem, facilitator: User) -> None:
    key = uuid4()
    first = edits.add_factor(ecosystem=ecosystem, key=key, by=facilitator, name="Trust")
    again = edits.add_factor(ecosystem=ecosystem, key=key, by=facilitator, name="Trust")
    assert again == first
    assert (MapEdit.objects.count(), Factor.objects.count(), SummaryMark.objects.get().version) == (1, 1, 1)


def test_a_key_of_another_ecosystem_gives_nothing_away(maker: MapMaker, outsider: User) -> None:
    theirs = make_ecosystem(outsider.memberships.get().organization, slug="theirs")
    edit = MapMaker(theirs, outsider).do(edits.add_factor, name="Secret")
    with pytest.raises(MapProblem, match="Reload the page"):
        edits.add_factor(ecosystem=maker.ecosystem, key=edit.pk, by=maker.by, name="Trust")


def test_names_are_taken_in_any_case(maker: MapMaker) -> None:
    trust = maker.factor("Trust")
    speed = maker.factor("Speed")
    with pytest.raises(NameTaken) as problem:
        maker.do(edits.add_factor, name="TRUST")
    assert (problem.value.factor, problem.value.on_map) == (trust, True)
    with pytest.raises(NameTaken):
        maker.do(edits.change_factor, factor=speed, name="trust")
    maker.do(edits.change_factor, factor=trust, name="TRUST")
    maker.do(edits.remove_factor, factor=trust)
    with pytest.raises(NameTaken) as problem:
        maker.do(edits.change_factor, factor=speed, name="trust")
    assert problem.value.on_map is False


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " \t "}, "Give the factor a name."),
        ({"name": "x" * 81}, "Shorten the name to 80 characters or fewer."),
        ({"name": "Trust", "facet": "x" * 61}, "Choose one of the scores offered."),
        ({"name": "Trust", "x": 1}, "A place has two numbers: from the left, and from the top."),
        (
            {"name": "Trust", "x": float("nan"), "y": 0},
            "This place is too far out. Put the factor nearer to the others.",
        ),
        ({"name": "Trust", "x": 0, "y": 1e9}, "This place is too far out. Put the factor nearer to the others."),
    ],
)
def test_what_no_map_can_hold_is_refused(maker: MapMaker, given: dict[str, Any], said: str) -> None:
    with pytest.raises(OutOfRange) as problem:
        maker.do(edits.add_factor, **given)
    assert str(problem.value) == said
    assert Factor.objects.count() == 0
    assert not MapEdit.objects.exists()


def test_a_name_with_control_characters_is_one_line(maker: MapMaker) -> None:
    maker.do(edits.add_factor, name="Trust\x00\nand\x1b speed")
    assert Factor.objects.get().name == "Trust and speed"


def test_what_two_people_change_in_one_factor_is_put_together(maker: MapMaker) -> None:
    trust = maker.factor("Trust")
    seen = {"name": "Trust", "facet": "", "indicator": ""}
    maker.do(edits.change_factor, factor=trust, name="Trust", facet="BEL", seen=seen)
    maker.do(edits.change_factor, factor=trust, name="Trust in each other", facet="", seen=seen)
    factor = Factor.objects.get()
    assert (factor.name, factor.facet) == ("Trust in each other", "BEL")
    with pytest.raises(ChangedMeanwhile, match="now called “Trust in each other”"):
        maker.do(edits.change_factor, factor=trust, name="Confidence", seen=seen)


def test_a_factor_taken_off_loses_its_links_and_keeps_its_votes(maker: MapMaker, ecosystem: Ecosystem) -> None:
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    maker.link(trust, speed)
    LinkVote.objects.create(ecosystem=ecosystem, source_id=trust, target_id=speed, effect=2, origin="workshop:1")
    maker.do(edits.remove_factor, factor=trust)
    assert (links(), LinkVote.objects.count()) == ([], 1)
    assert Factor.objects.get(pk=trust).on_map is False
    with pytest.raises(FactorGone) as gone:
        maker.do(edits.draw_link, source=speed, target=trust, sign=1)
    assert (gone.value.name, gone.value.by) == ("Trust", "Jonas Adeyemi")
    assert str(gone.value) == "Jonas Adeyemi has taken “Trust” off the map. Bring it back, or leave it."


def test_a_factor_comes_back_by_its_name(maker: MapMaker) -> None:
    trust = maker.factor("Trust", facet="BEL")
    maker.do(edits.remove_factor, factor=trust)
    maker.do(edits.add_factor, name="trust")
    factor = Factor.objects.get()
    assert (factor.pk, factor.name, factor.facet, factor.on_map) == (trust, "trust", "BEL", True)


def test_where_factors_stand_concerns_no_summary(maker: MapMaker) -> None:
    factor = maker.factor("Trust")
    before = SummaryMark.objects.get().version
    maker.do(edits.move, places={factor: (300.0, 200.0)})
    maker.do(edits.lay_out)
    assert (CausalMap.objects.get().revision, SummaryMark.objects.get().version) == (3, before)
    maker.do(edits.change_factor, factor=factor, name="Mutual trust")
    assert SummaryMark.objects.get().version == before + 1


def test_factors_are_moved_together_or_not_at_all(maker: MapMaker) -> None:
    trust, speed = maker.factor("Trust", x=1, y=1), maker.factor("Speed", x=2, y=2)
    maker.do(edits.move, places={trust: (10, 20), speed: (30, 40)})
    assert sorted(Factor.objects.values_list("x", "y")) == [(10, 20), (30, 40)]
    with pytest.raises(FactorGone, match=r"Reload the page\."):
        maker.do(edits.move, places={trust: (50, 60), 10**12: (1, 1)})
    assert sorted(Factor.objects.values_list("x", "y")) == [(10, 20), (30, 40)]


def test_an_opposite_link_stands_beside_as_a_second_opinion(maker: MapMaker) -> None:
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    maker.link(trust, speed, 1, 2, 1)
    maker.link(trust, speed, -1, 1, 0)
    maker.link(trust, speed, 1, 3, 2)
    assert links() == [("Trust", "Speed", -1, 1, 0), ("Trust", "Speed", 1, 3, 2)]


def test_a_link_is_changed_turned_and_removed(maker: MapMaker) -> None:
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    link = maker.link(trust, speed)
    maker.do(edits.change_link, link=link, sign=-1, strength=3, delay=2)
    assert links() == [("Trust", "Speed", -1, 3, 2)]
    assert DrawnLink.objects.get().pk == link
    other = maker.link(trust, speed, 1)
    with pytest.raises(LinkThere):
        maker.do(edits.change_link, link=link, sign=1, strength=1, delay=0)
    maker.do(edits.remove_link, link=other)
    maker.do(edits.remove_link, link=link)
    assert links() == []
    with pytest.raises(LinkGone) as gone:
        maker.do(edits.remove_link, link=link)
    assert str(gone.value) == (
        "Jonas Adeyemi has removed the link from “Trust” to “Speed”. Draw it again, or leave it."
    )
    with pytest.raises(LinkGone, match="This link is not on the map"):
        maker.do(edits.remove_link, link=10**12)


@pytest.mark.parametrize(
    ("sign", "strength", "delay", "said"),
    [
        (0, 2, 0, "Say whether the link raises or lowers."),
        (1, 0, 0, "Choose a strength from 1 to 3."),
        (1, 4, 0, "Choose a strength from 1 to 3."),
        (1, 2, 3, "Choose a delay: at once, within months, or after a year or more."),
        (1, 2, -1, "Choose a delay: at once, within months, or after a year or more."),
    ],
)
def test_weights_out_of_range_are_refused(maker: MapMaker, sign: int, strength: int, delay: int, said: str) -> None:
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    with pytest.raises(OutOfRange) as problem:
        maker.link(trust, speed, sign, strength, delay)
    assert str(problem.value) == said


def test_a_factor_is_not_linked_to_itself(maker: MapMaker) -> None:
    trust = maker.factor("Trust")
    with pytest.raises(SelfLink, match="Choose two different factors"):
        maker.link(trust, trust)


def test_what_belongs_to_another_ecosystem_is_not_there(maker: MapMaker, outsider: User) -> None:
    theirs = MapMaker(make_ecosystem(outsider.memberships.get().organization, slug="theirs"), outsider)
    secret, other = theirs.factor("Secret"), theirs.factor("Other")
    link = theirs.link(secret, other)
    trust = maker.factor("Trust")
    for act, given in (
        (edits.change_factor, {"factor": secret, "name": "Mine"}),
        (edits.remove_factor, {"factor": secret}),
        (edits.move, {"places": {secret: (1, 1)}}),
        (edits.draw_link, {"source": trust, "target": secret, "sign": 1}),
        (edits.change_link, {"link": link, "sign": 1, "strength": 1, "delay": 0}),
        (edits.remove_link, {"link": link}),
    ):
        with pytest.raises(MapProblem) as problem:
            maker.do(act, **given)
        assert str(problem.value) in (
            "This factor is not on the map. Reload the page.",
            "This link is not on the map. Reload the page.",
        )
    assert sorted(Factor.objects.filter(ecosystem=theirs.ecosystem).values_list("name", flat=True)) == [
        "Other",
        "Secret",
    ]


def test_a_full_map_takes_no_more(maker: MapMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystems.services.map_sheet.MOST_FACTORS", 2)
    monkeypatch.setattr("ecosystems.services.map_sheet.MOST_LINKS", 1)
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    with pytest.raises(TooLarge, match="A map holds up to 2 factors"):
        maker.factor("Waste")
    maker.link(trust, speed)
    with pytest.raises(TooLarge, match="A map holds up to 1 links"):
        maker.link(speed, trust)
    maker.link(trust, speed, strength=3)


@pytest.mark.parametrize("factors", [2, 60])
def test_an_edit_costs_the_same_on_every_map(maker: MapMaker, factors: int) -> None:
    keys = maker.many(factors)
    maker.do(edits.move, places={keys[0]: (1, 2)})
    with CaptureQueriesContext(connection) as asked:
        maker.do(edits.move, places={keys[0]: (10, 20)})
    told = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(told) == 7, told
