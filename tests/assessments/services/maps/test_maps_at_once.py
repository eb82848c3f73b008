"""Several people at one map in the same moment: nothing is lost, doubled or left half done."""

import json
from collections import Counter
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from assessments.live import bus
from assessments.models import SummaryMark
from assessments.services.maps import edits, undo
from assessments.services.maps.versions import keep_version
from ecosystems.models import CausalMap, DrawnLink, Ecosystem, Factor, MapEdit, MapVersion, User
from ecosystems.services import map_layout
from ecosystems.services.causal_votes import FactorName, GivenLink, replace_votes
from ecosystems.services.map_problems import FactorGone, NameTaken, NothingToUndo
from ecosystems.services.map_sheet import MapSheet
from tests.at_once import at_once
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jonas(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


@pytest.fixture
def priya(ecosystem: Ecosystem, admin: User) -> MapMaker:
    return MapMaker(ecosystem, admin)


def kinds(found: list[object]) -> Counter[str]:
    return Counter(type(one).__name__ for one in found)


def test_the_first_edits_of_a_map_come_one_after_the_other(jonas: MapMaker, ecosystem: Ecosystem) -> None:
    found = at_once(*(partial(jonas.do, edits.add_factor, name=f"Factor {number}") for number in range(6)))
    assert kinds(found) == {"MapEdit": 6}
    assert sorted(MapEdit.objects.values_list("revision", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert (Factor.objects.count(), CausalMap.objects.get().revision) == (6, 6)
    assert SummaryMark.objects.get().version == 6
    assert len(set(Factor.objects.values_list("x", "y"))) == 6
    stored = bus.connection().get(f"live:map:{ecosystem.pk}")
    assert json.loads(stored or b"") == {"ecosystem": ecosystem.pk, "version": 6}


def test_an_edit_that_is_sent_twice_at_once_is_one(jonas: MapMaker) -> None:
    key = uuid4()
    send = partial(edits.add_factor, ecosystem=jonas.ecosystem, key=key, by=jonas.by, name="Trust")
    assert {one.pk for one in at_once(*[send] * 4) if isinstance(one, MapEdit)} == {key}
    assert (MapEdit.objects.count(), Factor.objects.count()) == (1, 1)


def test_two_who_choose_one_name_at_once_get_one_factor(jonas: MapMaker, priya: MapMaker) -> None:
    found = at_once(
        partial(jonas.do, edits.add_factor, name="Trust"), partial(priya.do, edits.add_factor, name="TRUST")
    )
    assert kinds(found) == {"MapEdit": 1, NameTaken.__name__: 1}
    assert Factor.objects.count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_factor_removed_while_another_links_it_leaves_no_loose_link(
    jonas: MapMaker, priya: MapMaker, turn: int
) -> None:
    trust, speed = jonas.factor("Trust"), jonas.factor("Speed")
    found = at_once(
        partial(jonas.do, edits.remove_factor, factor=trust),
        partial(priya.do, edits.draw_link, source=speed, target=trust, sign=1),
        partial(priya.do, edits.change_factor, factor=trust, name="Confidence"),
    )
    assert set(kinds(found)) <= {"MapEdit", FactorGone.__name__}
    assert isinstance(found[0], MapEdit)
    for gone in found[1:]:
        if isinstance(gone, FactorGone):
            assert gone.by == "Jonas Adeyemi"
    assert (DrawnLink.objects.count(), Factor.objects.filter(on_map=True).count()) == (0, 1)


def test_undo_pressed_by_a_trembling_thumb_undoes_each_edit_once(jonas: MapMaker) -> None:
    jonas.factor("Trust")
    jonas.factor("Speed")
    found = at_once(*(partial(jonas.do, undo.undo_last) for _ in range(4)))
    assert kinds(found) == {"MapEdit": 2, NothingToUndo.__name__: 2}
    assert Factor.objects.filter(on_map=True).count() == 0


def test_versions_kept_at_once_have_numbers_of_their_own(jonas: MapMaker, priya: MapMaker) -> None:
    jonas.factor("Trust")
    found = at_once(
        *(
            partial(keep_version, ecosystem=jonas.ecosystem, by=jonas.by, name=f"Version {number}")
            for number in range(4)
        ),
        partial(priya.do, edits.add_factor, name="Speed"),
    )
    assert kinds(found) == {"MapVersion": 4, "MapEdit": 1}
    assert sorted(MapVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    for version in MapVersion.objects.all():
        assert len(version.content["factors"]) == version.revision


def test_votes_that_come_while_somebody_draws_are_on_the_same_factors(jonas: MapMaker) -> None:
    def vote(origin: str) -> object:
        links = [GivenLink(FactorName("Trust"), FactorName("Speed"), 2, 1, "", uuid4()) for _ in range(5)]
        return replace_votes(ecosystem=jonas.ecosystem, origin=origin, shown_from=5, links=links)

    found = at_once(
        partial(vote, "workshop:1"),
        partial(vote, "workshop:2"),
        partial(jonas.do, edits.add_factor, name="trust"),
    )
    assert set(kinds(found)) <= {"Taken", "MapEdit", NameTaken.__name__}
    assert kinds(found)["Taken"] == 2
    assert sorted(name.casefold() for name in Factor.objects.values_list("name", flat=True)) == ["speed", "trust"]
    assert Factor.objects.get(name__iexact="trust").votes_out.count() == 10


def test_others_draw_while_places_are_found_and_are_in_the_layout(
    jonas: MapMaker, priya: MapMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust, speed = jonas.factor("Trust", x=5, y=5), jonas.factor("Speed", x=900, y=600)
    jonas.link(trust, speed)
    find = map_layout.laid_out

    def found_while_others_draw(*given: Any) -> Any:
        monkeypatch.setattr(map_layout, "laid_out", find)
        assert kinds(at_once(partial(priya.do, edits.add_factor, name="Waste", x=7, y=7))) == {"MapEdit": 1}
        return find(*given)

    monkeypatch.setattr(map_layout, "laid_out", found_while_others_draw)
    edit = jonas.do(edits.lay_out)
    assert {one["id"] for one in edit.changes} == set(Factor.objects.values_list("pk", flat=True))
    assert {pk: (x, y) for pk, x, y in Factor.objects.values_list("pk", "x", "y")} == (
        map_layout.layout_of(MapSheet(jonas.ecosystem)).places
    )
