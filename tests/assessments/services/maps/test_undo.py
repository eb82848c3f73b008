"""Undo and redo: one's own edits, the last first, and never over what somebody else did since."""

from typing import Any
from uuid import uuid4

import pytest

from assessments.services.maps import edits, undo
from ecosystems.enums import MapEditKind
from ecosystems.models import DrawnLink, Ecosystem, Factor, LinkVote, MapEdit, User
from ecosystems.services.map_problems import NothingToUndo, NotRedone, NotUndone
from tests.factories.ecosystems import make_ecosystem
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
Picture = tuple[list[Any], list[Any]]


@pytest.fixture
def jonas(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


@pytest.fixture
def priya(ecosystem: Ecosystem, admin: User) -> MapMaker:
    return MapMaker(ecosystem, admin)


def picture() -> Picture:
    """What is on the map, with the keys of its rows."""
    factors = Factor.objects.filter(on_map=True).values_list("pk", "name", "facet", "x", "y")
    links = DrawnLink.objects.values_list("pk", "source", "target", "sign", "strength", "delay")
    return sorted(factors), sorted(links)


def test_every_kind_of_edit_is_undone_and_done_again(jonas: MapMaker) -> None:
    trust, speed, waste = (jonas.factor(name) for name in ("Trust", "Speed", "Waste"))
    link = jonas.link(trust, speed, 1, 2, 1)
    jonas.link(speed, trust)
    shown = [picture()]
    for act, given in (
        (edits.add_factor, {"name": "Income", "facet": "VIT", "x": 40, "y": 50}),
        (edits.change_factor, {"factor": waste, "name": "Food wasted", "facet": "CAR"}),
        (edits.move, {"places": {trust: (700, 300), speed: (1, 2)}}),
        (edits.draw_link, {"source": waste, "target": trust, "sign": -1}),
        (edits.draw_link, {"source": trust, "target": speed, "sign": 1, "strength": 3, "delay": 0}),
        (edits.change_link, {"link": link, "sign": -1, "strength": 1, "delay": 2}),
        (edits.remove_link, {"link": link}),
        (edits.remove_factor, {"factor": trust}),
        (edits.lay_out, {}),
    ):
        jonas.do(act, **given)
        shown.append(picture())
    steps = len(shown) - 1
    for _ in range(2):
        for step in reversed(range(steps)):
            edit = jonas.do(undo.undo_last)
            assert (edit.kind, picture()) == (MapEditKind.UNDO, shown[step])
        for step in range(steps):
            edit = jonas.do(undo.redo_last)
            assert (edit.kind, picture()) == (MapEditKind.REDO, shown[step + 1])
    with pytest.raises(NothingToUndo, match="There is no edit of yours to do again"):
        jonas.do(undo.redo_last)


def test_votes_are_there_again_with_their_factor(jonas: MapMaker, ecosystem: Ecosystem) -> None:
    trust, speed = jonas.factor("Trust"), jonas.factor("Speed")
    LinkVote.objects.create(ecosystem=ecosystem, source_id=trust, target_id=speed, effect=2, origin="workshop:1")
    before = picture()
    jonas.do(edits.remove_factor, factor=trust)
    jonas.do(undo.undo_last)
    assert picture() == before
    assert list(LinkVote.objects.values_list("source", flat=True)) == [trust]


def test_only_ones_own_edits_are_undone(jonas: MapMaker, priya: MapMaker) -> None:
    jonas.factor("Trust")
    priya.factor("Speed")
    jonas.do(undo.undo_last)
    assert list(Factor.objects.filter(on_map=True).values_list("name", flat=True)) == ["Speed"]
    with pytest.raises(NothingToUndo, match="There is no edit of yours to undo"):
        jonas.do(undo.undo_last)


def test_nothing_of_another_map_is_undone(jonas: MapMaker, facilitator: User) -> None:
    other = MapMaker(make_ecosystem(jonas.ecosystem.organization, slug="other"), facilitator)
    jonas.factor("Trust")
    with pytest.raises(NothingToUndo):
        other.do(undo.undo_last)


def test_a_new_edit_ends_what_could_be_done_again(jonas: MapMaker) -> None:
    jonas.factor("Trust")
    jonas.factor("Speed")
    jonas.do(undo.undo_last)
    jonas.factor("Waste")
    with pytest.raises(NothingToUndo):
        jonas.do(undo.redo_last)


def test_what_was_undone_before_a_new_edit_stays_undone(jonas: MapMaker) -> None:
    jonas.factor("Trust")
    jonas.do(undo.undo_last)
    jonas.factor("Waste")
    jonas.do(undo.undo_last)
    jonas.do(undo.redo_last)
    assert list(Factor.objects.filter(on_map=True).values_list("name", flat=True)) == ["Waste"]
    with pytest.raises(NothingToUndo):
        jonas.do(undo.redo_last)


def test_the_same_key_undoes_once(jonas: MapMaker, ecosystem: Ecosystem, facilitator: User) -> None:
    jonas.factor("Trust")
    jonas.factor("Speed")
    key = uuid4()
    first = undo.undo_last(ecosystem=ecosystem, by=facilitator, key=key)
    assert undo.undo_last(ecosystem=ecosystem, by=facilitator, key=key) == first
    assert Factor.objects.filter(on_map=True).count() == 1
    assert first.about == MapEdit.objects.get(undone=True)


def test_nobody_is_told_that_they_themselves_changed_it_since(jonas: MapMaker, priya: MapMaker) -> None:
    """Taken off by somebody, brought back and that undone: it is off the map, so its adding cannot be undone."""
    trust = jonas.factor("Trust")
    priya.do(edits.remove_factor, factor=trust)
    jonas.do(edits.add_factor, name="Trust")
    jonas.do(undo.undo_last)
    with pytest.raises(NotUndone, match=r"^“Trust” has changed since"):
        jonas.do(undo.undo_last)


def test_what_somebody_else_changed_since_is_not_undone(jonas: MapMaker, priya: MapMaker) -> None:
    trust = jonas.factor("Trust")
    jonas.do(edits.change_factor, factor=trust, name="Confidence")
    priya.do(edits.change_factor, factor=trust, name="Trust among growers")
    with pytest.raises(NotUndone) as problem:
        jonas.do(undo.undo_last)
    assert str(problem.value) == (
        "Priya Nair has changed “Confidence” since. Change it by hand instead."
        " Undo again to take back your edit before that one."
    )
    assert Factor.objects.get().name == "Trust among growers"
    assert not MapEdit.objects.filter(undone=True).exists()


def test_another_field_that_somebody_changed_stays(jonas: MapMaker, priya: MapMaker) -> None:
    trust = jonas.factor("Trust", x=1, y=1)
    jonas.do(edits.change_factor, factor=trust, name="Confidence")
    priya.do(edits.move, places={trust: (300, 200)})
    priya.do(edits.change_factor, factor=trust, name="Confidence", facet="BEL")
    jonas.do(undo.undo_last)
    factor = Factor.objects.get()
    assert (factor.name, factor.facet, factor.x) == ("Trust", "BEL", 300)


def test_a_link_that_somebody_changed_since_is_named(jonas: MapMaker, priya: MapMaker) -> None:
    trust, speed = priya.factor("Trust"), priya.factor("Speed")
    link = jonas.link(trust, speed)
    priya.do(edits.change_link, link=link, sign=1, strength=3, delay=0)
    with pytest.raises(NotUndone, match="Priya Nair has changed “Trust” → “Speed” since"):
        jonas.do(undo.undo_last)


def test_a_factor_that_somebody_linked_since_stays(jonas: MapMaker, priya: MapMaker) -> None:
    trust, speed = jonas.factor("Trust"), priya.factor("Speed")
    priya.link(speed, trust)
    with pytest.raises(NotUndone, match="Somebody has linked “Trust” since"):
        jonas.do(undo.undo_last)


def test_links_come_back_only_where_both_ends_are(jonas: MapMaker, priya: MapMaker) -> None:
    trust, speed = priya.factor("Trust"), priya.factor("Speed")
    priya.link(trust, speed)
    jonas.do(edits.remove_factor, factor=trust)
    priya.do(edits.remove_factor, factor=speed)
    with pytest.raises(NotUndone, match="“Speed” is no longer on the map"):
        jonas.do(undo.undo_last)
    priya.do(undo.undo_last)
    jonas.do(undo.undo_last)
    assert (Factor.objects.filter(on_map=True).count(), DrawnLink.objects.count()) == (2, 1)


def test_a_link_drawn_anew_since_is_not_doubled(jonas: MapMaker, priya: MapMaker) -> None:
    trust, speed = priya.factor("Trust"), priya.factor("Speed")
    link = priya.link(trust, speed)
    jonas.do(edits.remove_link, link=link)
    priya.link(trust, speed, strength=3)
    with pytest.raises(NotUndone, match="Somebody has drawn the link from “Trust” to “Speed” since"):
        jonas.do(undo.undo_last)
    assert DrawnLink.objects.get().strength == 3


def test_a_name_that_is_taken_since_does_not_come_back(jonas: MapMaker, priya: MapMaker) -> None:
    trust = priya.factor("Trust")
    jonas.do(edits.change_factor, factor=trust, name="Confidence")
    priya.factor("TRUST")
    with pytest.raises(NotUndone, match="There is a factor “TRUST” already"):
        jonas.do(undo.undo_last)


def test_an_edit_that_cannot_be_undone_is_passed_by_when_asked(jonas: MapMaker, priya: MapMaker) -> None:
    speed, trust = jonas.factor("Speed", x=1, y=1), priya.factor("Trust")
    jonas.do(edits.move, places={speed: (300, 200)})
    jonas.do(edits.change_factor, factor=trust, name="Confidence")
    priya.do(edits.change_factor, factor=trust, name="Trust among growers")
    for _ in range(2):
        with pytest.raises(NotUndone) as stuck:
            jonas.do(undo.undo_last)
    jonas.do(undo.undo_last, past=stuck.value.edit)
    assert list(Factor.objects.order_by("pk").values_list("name", "x")) == [
        ("Speed", 1),
        ("Trust among growers", Factor.objects.get(pk=trust).x),
    ]
    jonas.do(undo.redo_last)
    assert Factor.objects.get(pk=speed).x == 300
    for _ in range(2):
        jonas.do(undo.undo_last, past=stuck.value.edit)
    assert list(Factor.objects.filter(on_map=True).values_list("pk", flat=True)) == [trust]
    with pytest.raises(NothingToUndo, match="There is no older edit of yours to undo"):
        jonas.do(undo.undo_last, past=stuck.value.edit)
    with pytest.raises(NotUndone) as last:
        jonas.do(undo.undo_last)
    assert (last.value.older, str(last.value)) == (
        False,
        "Priya Nair has changed “Confidence” since. Change it by hand instead.",
    )


def test_what_is_passed_by_is_an_edit_of_this_map(jonas: MapMaker, facilitator: User) -> None:
    other = MapMaker(make_ecosystem(jonas.ecosystem.organization, slug="other"), facilitator)
    jonas.factor("Trust")
    other.factor("Speed")
    with pytest.raises(NothingToUndo):
        jonas.do(undo.undo_last, past=MapEdit.objects.get(map__ecosystem=other.ecosystem).pk)
    with pytest.raises(NothingToUndo):
        jonas.do(undo.undo_last, past=uuid4())


def test_an_edit_that_cannot_be_done_again_is_passed_by_when_asked(jonas: MapMaker, priya: MapMaker) -> None:
    speed, trust = jonas.factor("Speed", x=1, y=1), priya.factor("Trust")
    jonas.do(edits.change_factor, factor=trust, name="Confidence")
    jonas.do(edits.move, places={speed: (300, 200)})
    jonas.do(edits.change_factor, factor=speed, name="Pace")
    for _ in range(3):
        jonas.do(undo.undo_last)
    priya.do(edits.change_factor, factor=trust, name="Trust among growers")
    for _ in range(2):
        with pytest.raises(NotRedone) as stuck:
            jonas.do(undo.redo_last)
    assert stuck.value.plainly == "Priya Nair has changed “Confidence” since. Change it by hand instead."
    assert str(stuck.value) == f"{stuck.value.plainly} Redo again to do your edit after that one."
    for shown in (("Speed", 300), ("Pace", 300)):
        edit = jonas.do(undo.redo_last, beyond=stuck.value.edit)
        assert (edit.kind, Factor.objects.values_list("name", "x").get(pk=speed)) == (MapEditKind.REDO, shown)
    assert Factor.objects.get(pk=trust).name == "Trust among growers"
    with pytest.raises(NothingToUndo, match="There is no newer edit of yours to do again"):
        jonas.do(undo.redo_last, beyond=stuck.value.edit)
    jonas.do(undo.undo_last)
    assert Factor.objects.get(pk=speed).name == "Speed"
    with pytest.raises(NothingToUndo):
        jonas.do(undo.redo_last, beyond=uuid4())


def test_the_last_that_cannot_be_done_again_offers_none_after_it(jonas: MapMaker, priya: MapMaker) -> None:
    trust = priya.factor("Trust")
    jonas.do(edits.change_factor, factor=trust, name="Confidence")
    jonas.do(undo.undo_last)
    priya.do(edits.change_factor, factor=trust, name="Trust among growers")
    with pytest.raises(NotRedone) as stuck:
        jonas.do(undo.redo_last)
    assert str(stuck.value) == stuck.value.plainly
    assert stuck.value.newer is False
