"""What a comparison of maps says first, and whom it names."""

import pytest

from assessments.dashboards.map_comparison import MapComparison, map_comparison
from ecosystems.models import Ecosystem
from ecosystems.selectors.causal_maps import map_of
from tests.factories.link_votes import cast
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ends(ecosystem: Ecosystem) -> list[int]:
    maker = MapMaker(ecosystem)
    return [maker.factor(name) for name in ("Trust", "Speed", "Waste")]


def compared(ecosystem: Ecosystem) -> MapComparison:
    return map_comparison(map_of(ecosystem))


def test_one_map_alone_is_no_comparison(ecosystem: Ecosystem, ends: list[int]) -> None:
    MapMaker(ecosystem).link(ends[0], ends[1])
    found = compared(ecosystem)
    assert (found.can_compare, found.finding) == (False, "")


def test_maps_that_speak_of_different_links(ecosystem: Ecosystem, ends: list[int]) -> None:
    cast(ecosystem, ends[0], ends[1], [1] * 5, group="customers")
    cast(ecosystem, ends[1], ends[2], [1] * 5, group="partners")
    found = compared(ecosystem)
    assert found.finding == "No two of these maps speak of the same links, so nothing can be compared yet."
    assert [cell.words for _name, cells in found.rows for cell in cells if cell] == ["nothing to compare"] * 2


def test_maps_that_agree(ecosystem: Ecosystem, ends: list[int]) -> None:
    for group in ("customers", "partners"):
        cast(ecosystem, ends[0], ends[1], [2] * 5, group=group)
    found = compared(ecosystem)
    assert found.finding == "Wherever two of these maps speak of the same link, they agree."
    assert (found.differences, found.alike) == ((), 1)


def test_a_link_that_one_group_alone_sees(ecosystem: Ecosystem, ends: list[int]) -> None:
    for group, effect in (("customers", 3), ("partners", 0), ("employees", 0)):
        cast(ecosystem, ends[0], ends[1], [effect] * 5, group=group)
    found = compared(ecosystem)
    assert found.finding == "Nobody contradicts anybody on a direction. Farthest apart: “Customers” and “Employees”."
    (only,) = found.differences
    assert (only.only_by, only.not_held_by, only.opposed) == ("Customers", "Employees, Partners", False)


def test_opposite_directions_come_first(ecosystem: Ecosystem, ends: list[int]) -> None:
    for group, effect in (("customers", 3), ("partners", -3)):
        cast(ecosystem, ends[0], ends[1], [effect] * 5, group=group)
    cast(ecosystem, ends[1], ends[2], [1] * 5, group="customers")
    cast(ecosystem, ends[1], ends[2], [0] * 5, group="partners")
    found = compared(ecosystem)
    assert found.finding == "On 1 link some say it raises and others say it lowers: talk about that one first."
    assert [(one.source, one.opposed) for one in found.differences] == [("Trust", True), ("Speed", False)]
    (distance,) = {cell.distance for _name, cells in found.rows for cell in cells if cell}
    assert distance == pytest.approx(100 * (2 + 1 / 3) / 4)
