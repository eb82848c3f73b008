"""Versions of a map: kept by hand and by themselves, told apart, and gone back to."""

from uuid import uuid4

import pytest

from assessments.services.maps import edits, undo
from assessments.services.maps.versions import keep_if_changed, keep_version, restore_version
from ecosystems.enums import MapEditKind
from ecosystems.models import DrawnLink, Ecosystem, Factor, LinkVote, MapVersion, User
from ecosystems.selectors.map_versions import content_of, difference, versions_of
from ecosystems.services.map_problems import OutOfRange
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


def keep(maker: MapMaker, name: str = "Before the workshop", note: str = "") -> MapVersion:
    return keep_version(ecosystem=maker.ecosystem, by=maker.by, name=name, note=note)


def restore(maker: MapMaker, version: MapVersion) -> None:
    maker.do(lambda *, ecosystem, key, by: restore_version(version=version, by=by, key=key))


def test_a_version_holds_what_is_on_the_map(maker: MapMaker) -> None:
    trust, speed, gone = maker.factor("Trust", "BEL", x=1, y=2), maker.factor("Speed", x=3, y=4), maker.factor("Gone")
    maker.link(trust, speed, -1, 3, 1)
    maker.do(edits.remove_factor, factor=gone)
    version = keep(maker, note="As the board saw it")
    assert (version.number, version.name, version.note, version.revision) == (
        1,
        "Before the workshop",
        "As the board saw it",
        5,
    )
    assert version.content == {
        "format": 1,
        "factors": [
            {"id": trust, "name": "Trust", "facet": "BEL", "indicator": "", "x": 1.0, "y": 2.0},
            {"id": speed, "name": "Speed", "facet": "", "indicator": "", "x": 3.0, "y": 4.0},
        ],
        "links": [{"source": trust, "target": speed, "sign": -1, "strength": 3, "delay": 1}],
        "voted": [],
        "held": [{"source": trust, "target": speed, "sign": -1, "weight": 1.0, "delay": 1}],
    }
    assert keep(maker, "Again").number == 2
    assert [one.number for one in versions_of(maker.ecosystem)] == [2, 1]


def test_an_empty_map_can_be_kept_and_gone_back_to(maker: MapMaker) -> None:
    version = keep(maker)
    maker.factor("Trust")
    restore(maker, version)
    assert content_of(maker.ecosystem)["factors"] == []


@pytest.mark.parametrize(
    ("name", "note", "said"),
    [
        (" ", "", "Give the version a name."),
        ("x" * 81, "", "Shorten the name to 80 characters or fewer."),
        ("Spring", "x" * 301, "Shorten the note to 300 characters or fewer."),
    ],
)
def test_words_that_do_not_fit_are_refused(maker: MapMaker, name: str, note: str, said: str) -> None:
    with pytest.raises(OutOfRange) as problem:
        keep(maker, name, note)
    assert str(problem.value) == said


def test_a_map_is_kept_by_itself_only_when_it_changed(maker: MapMaker, ecosystem: Ecosystem) -> None:
    assert keep_if_changed(ecosystem=ecosystem, by=None) is None
    maker.factor("Trust")
    first = keep_if_changed(ecosystem=ecosystem, by=None, name="x" * 200, note="y" * 400)
    assert first is not None
    assert (len(first.name), len(first.note)) == (80, 300)
    assert keep_if_changed(ecosystem=ecosystem, by=None) is None
    maker.factor("Speed")
    assert keep_if_changed(ecosystem=ecosystem, by=None) is not None


def test_going_back_brings_back_everything_in_the_same_rows(maker: MapMaker, ecosystem: Ecosystem) -> None:
    trust, speed = maker.factor("Trust", "BEL", x=1, y=2), maker.factor("Speed", x=3, y=4)
    link = maker.link(trust, speed, 1, 2, 1)
    maker.link(speed, trust, -1)
    LinkVote.objects.create(ecosystem=ecosystem, source_id=trust, target_id=speed, effect=2, origin="workshop:1")
    version = keep(maker)
    maker.do(edits.change_factor, factor=speed, name="Speed of response", facet="ADA")
    maker.do(edits.remove_factor, factor=trust)
    maker.link(maker.factor("Income"), speed)
    later = content_of(ecosystem)
    restore(maker, version)
    assert content_of(ecosystem) == version.content
    assert LinkVote.objects.count() == 1
    kept = versions_of(ecosystem).get(number=2)
    assert (kept.note, kept.content) == ("Kept before going back to version 1.", later)
    maker.do(undo.undo_last)
    assert content_of(ecosystem) == later
    maker.do(undo.redo_last)
    assert content_of(ecosystem) == version.content
    maker.do(edits.change_link, link=DrawnLink.objects.get(sign=1).pk, sign=1, strength=1, delay=0)
    restore(maker, version)
    assert content_of(ecosystem) == version.content
    assert DrawnLink.objects.filter(pk=link).count() <= 1


def test_names_that_were_passed_on_go_back(maker: MapMaker, ecosystem: Ecosystem) -> None:
    one, other = maker.factor("Trust"), maker.factor("Speed")
    version = keep(maker)
    maker.do(edits.change_factor, factor=one, name="Passing")
    maker.do(edits.change_factor, factor=other, name="Trust")
    maker.do(edits.change_factor, factor=one, name="Speed")
    swapped = content_of(ecosystem)
    restore(maker, version)
    assert content_of(ecosystem) == version.content
    maker.do(undo.undo_last)
    assert content_of(ecosystem) == swapped


def test_a_name_taken_by_a_factor_that_has_to_go_is_free(maker: MapMaker, ecosystem: Ecosystem) -> None:
    trust = maker.factor("Trust")
    version = keep(maker)
    maker.do(edits.change_factor, factor=trust, name="Confidence")
    new = maker.factor("TRUST")
    later = content_of(ecosystem)
    restore(maker, version)
    assert content_of(ecosystem) == version.content
    factor = Factor.objects.get(pk=new)
    assert (factor.name, factor.on_map) == ("TRUST (2)", False)
    maker.do(undo.undo_last)
    assert content_of(ecosystem) == later


def test_the_same_key_goes_back_once(maker: MapMaker) -> None:
    maker.factor("Trust")
    version, key = keep(maker), uuid4()
    maker.factor("Speed")
    first = restore_version(version=version, by=maker.by, key=key)
    assert restore_version(version=version, by=maker.by, key=key) == first
    assert (first.kind, MapVersion.objects.count()) == (MapEditKind.RESTORE, 2)


def test_two_versions_are_told_apart(maker: MapMaker, ecosystem: Ecosystem) -> None:
    trust, speed, waste, land = (
        maker.factor(name, x=place * 200, y=0) for place, name in enumerate(("Trust", "Speed", "Waste", "Land"))
    )
    maker.link(trust, speed, 1, 1, 0)
    maker.link(speed, trust, 1, 3, 2)
    maker.link(speed, waste, -1)
    maker.link(waste, trust, -1)
    maker.link(land, trust, 1)
    before = content_of(ecosystem)
    assert difference(before, before).is_empty
    maker.link(trust, speed, 1, 3, 1)
    maker.link(speed, trust, 1, 1, 0)
    maker.do(edits.change_link, link=DrawnLink.objects.get(source=speed, target=waste).pk, sign=1, strength=2, delay=0)
    maker.do(edits.remove_link, link=DrawnLink.objects.get(source=waste).pk)
    maker.do(edits.remove_factor, factor=land)
    maker.do(edits.change_factor, factor=waste, name="Food wasted", facet="CAR")
    maker.do(edits.move, places={trust: (5, 5)})
    maker.link(trust, maker.factor("Income"), 1)
    found = difference(before, content_of(ecosystem))
    assert (found.factors_added, found.factors_removed) == (("Income",), ("Land",))
    assert found.factors_renamed == (("Waste", "Food wasted"),)
    assert found.factors_retied == (("Food wasted", "", "CAR", "", ""),)
    assert found.factors_moved == 1
    assert found.links_added == ((("Trust", "Income"), 1),)
    assert found.links_removed == ((("Food wasted", "Trust"), -1),)
    assert found.gone_with_factors == ((("Land", "Trust"), 1),)
    assert found.links_reversed == ((("Speed", "Food wasted"), 1),)
    assert found.stronger == ((("Trust", "Speed"), 1, 1, 3),)
    assert found.weaker == ((("Speed", "Trust"), 1, 3, 1),)
    assert found.later == ((("Trust", "Speed"), 1, 0, 1),)
    assert found.sooner == ((("Speed", "Trust"), 1, 2, 0),)


def test_votes_are_in_a_version_only_where_they_may_be_shown(maker: MapMaker, ecosystem: Ecosystem) -> None:
    trust, speed, waste = maker.factor("Trust"), maker.factor("Speed"), maker.factor("Waste")
    before = content_of(ecosystem)
    for target, people in ((speed, 5), (waste, 4)):
        LinkVote.objects.bulk_create(
            LinkVote(ecosystem=ecosystem, source_id=trust, target_id=target, effect=3, origin="workshop:1")
            for _ in range(people)
        )
    after = content_of(ecosystem)
    assert after["voted"] == [{"source": trust, "target": speed, "effect": 1.0, "n": 5}]
    assert difference(before, after).voted == ((("Trust", "Speed"), None, 1.0),)
