"""A causal map as files: each can be read again as the same map, none tells a vote that is withheld."""

import json
from uuid import uuid4
from xml.etree import ElementTree

import pytest

from assessments.exports.map_files import MAP_FILES
from assessments.imports.maps.reading import read_map
from assessments.services.maps import edits
from assessments.services.maps.bulk import replace_or_merge
from ecosystems.enums import MapEditKind
from ecosystems.models import DrawnLink, Ecosystem, Factor
from ecosystems.selectors.causal_maps import map_of
from tests.factories.ecosystems import make_ecosystem
from tests.factories.link_votes import cast
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
WITH_LINKS = ("graphml", "kumu.json", "kumu-connections.csv", "links.csv")
WITH_FACTORS = ("graphml", "kumu.json", "kumu-elements.csv", "factors.csv")


@pytest.fixture
def maker(ecosystem: Ecosystem) -> MapMaker:
    return MapMaker(ecosystem)


@pytest.fixture
def keys(maker: MapMaker) -> list[int]:
    """Names that files could stumble over, and a link held in both ways."""
    names = ['=2+5;"<Trust>"', "Tempo & Mut\tja", "Ähnlich | mehr"]
    found = [
        maker.do(edits.add_factor, name=name, facet="ECO-TRUST" if not at else "", x=10.5 * at, y=-3.0)
        for at, name in enumerate(names)
    ]
    assert len(found) == 3
    pks = list(Factor.objects.order_by("pk").values_list("pk", flat=True))
    maker.link(pks[0], pks[1], 1, 3, 2)
    maker.link(pks[0], pks[1], -1, 1, 0)
    maker.link(pks[2], pks[0], -1, 2, 1)
    return pks


def write(ecosystem: Ecosystem, kind: str) -> bytes:
    return MAP_FILES[kind].write(map_of(ecosystem))


def factors_of(ecosystem: Ecosystem) -> list[tuple[object, ...]]:
    return sorted(Factor.objects.filter(ecosystem=ecosystem).values_list("name", "facet", "x", "y"))


def links_of(ecosystem: Ecosystem) -> list[tuple[object, ...]]:
    found = DrawnLink.objects.filter(ecosystem=ecosystem)
    return sorted(found.values_list("source__name", "target__name", "sign", "strength", "delay"))


def bring(ecosystem: Ecosystem, *files: bytes) -> None:
    for data in files:
        reading = read_map(data)
        assert reading.problems == ()
        replace_or_merge(
            ecosystem=ecosystem,
            key=uuid4(),
            by=None,
            factors=reading.factors,
            links=reading.links,
            kind=MapEditKind.IMPORT,
            replace=False,
        )


@pytest.mark.parametrize(
    "kinds", [("graphml",), ("kumu.json",), ("factors.csv", "links.csv"), ("kumu-elements.csv", "links.csv")]
)
def test_each_format_comes_back_as_the_same_map(ecosystem: Ecosystem, keys: list[int], kinds: tuple[str, ...]) -> None:
    other = make_ecosystem(ecosystem.organization)
    bring(other, *(write(ecosystem, kind) for kind in kinds))
    assert factors_of(other) == factors_of(ecosystem)
    assert links_of(other) == links_of(ecosystem)
    assert len(links_of(other)) == 3


def test_connections_for_kumu_come_back_too(ecosystem: Ecosystem, maker: MapMaker) -> None:
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    maker.link(trust, speed, -1, 3, 1)
    text = write(ecosystem, "kumu-connections.csv").decode()
    assert text.splitlines() == [
        "From,To,Direction,Type,Strength,Delay,Basis,Held,Net effect,Votes,Raises,Lowers,None,Agreement,Conflict",
        "Trust,Speed,directed,lowers,3,1,drawn,yes,-1.0,,,,,,",
    ]
    other = make_ecosystem(ecosystem.organization)
    bring(other, text.encode())
    assert links_of(other) == [("Trust", "Speed", -1, 3, 1)]


def test_cells_that_look_like_formulas_are_neutralised(ecosystem: Ecosystem, keys: list[int]) -> None:
    assert write(ecosystem, "factors.csv").decode("utf-8-sig").splitlines()[1] == (
        '"\'=2+5;""<Trust>""",ECO-TRUST,,0.0,-3.0'
    )


def test_votes_that_may_be_shown_are_told_in_every_file_of_links(ecosystem: Ecosystem, maker: MapMaker) -> None:
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    cast(ecosystem, trust, speed, [3, 3, 2, -1, 0], delay=1)
    (row,) = json.loads(write(ecosystem, "kumu.json"))["connections"]
    told = {name: row[name] for name in ("sign", "strength", "delay", "basis", "votes", "raises", "lowers", "none")}
    assert told == {
        "sign": "raises",
        "strength": 2,
        "delay": 1,
        "basis": "voted",
        "votes": 5,
        "raises": 0.6,
        "lowers": 0.2,
        "none": 0.2,
    }
    graph = ElementTree.fromstring(write(ecosystem, "graphml"))
    cells = {cell.get("key"): cell.text for cell in graph.iter("{http://graphml.graphdrawing.org/xmlns}data")}
    assert (cells["edge-votes"], cells["edge-raises"]) == ("5", "0.6")


def test_no_file_tells_a_withheld_vote(ecosystem: Ecosystem, maker: MapMaker) -> None:
    trust, speed, waste = maker.factor("Trust"), maker.factor("Speed"), maker.factor("Waste")
    maker.link(trust, speed, 1, 2, 0)
    before = {kind: write(ecosystem, kind) for kind in MAP_FILES}
    cast(ecosystem, trust, speed, [-3, -3, -2, -1], delay=2)  # four of five
    cast(ecosystem, speed, waste, [3, 3, 3, 3], delay=1)
    cast(ecosystem, speed, waste, [-3], origin="workshop:2", delay=1)  # later ones do not make them enough
    marks = (b'<data key="edge-votes">withheld</data>', b',\n   "votes": "withheld"', b"withheld")
    for kind, was in before.items():
        now = write(ecosystem, kind)
        for mark in marks:
            now = now.replace(mark, b"")
        assert now.split() == was.split()


def test_an_empty_map_makes_files_too(ecosystem: Ecosystem) -> None:
    assert {kind: bool(write(ecosystem, kind)) for kind in MAP_FILES} == dict.fromkeys(MAP_FILES, True)


def test_letters_that_xml_cannot_hold_do_not_break_it(ecosystem: Ecosystem, maker: MapMaker) -> None:
    Factor.objects.create(ecosystem=ecosystem, name="Odd \ufffe one")
    reading = read_map(write(ecosystem, "graphml"))
    assert [one.name for one in reading.factors] == ["Odd \ufffd one"]
