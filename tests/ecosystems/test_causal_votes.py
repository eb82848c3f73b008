"""Votes on links, wherever they were given, become one map."""

from uuid import UUID, uuid4

import pytest

from ecosystems.enums import MapEditKind
from ecosystems.models import CausalMap, Ecosystem, Factor, LinkVote, MapEdit
from ecosystems.services.causal_votes import FactorName, GivenLink, replace_votes

pytestmark = pytest.mark.django_db
TRUST, SPEED = FactorName("Trust"), FactorName("Speed", "ADA-SPEED")


def link(
    effect: int, voice: UUID | None = None, *, source: FactorName = TRUST, target: FactorName = SPEED
) -> GivenLink:
    return GivenLink(source, target, effect, 1, "", voice or uuid4())


def stored() -> list[tuple[str, str, int]]:
    return sorted(LinkVote.objects.values_list("source__name", "target__name", "effect"))


def replace(ecosystem: Ecosystem, *links: GivenLink, origin: str = "workshop:1") -> int:
    return replace_votes(ecosystem=ecosystem, origin=origin, shown_from=5, links=links).votes


def test_votes_of_one_origin_are_replaced_and_others_stay(ecosystem: Ecosystem) -> None:
    assert replace(ecosystem, link(1), link(2)) == 2
    replace(ecosystem, link(-3), origin="workshop:2")
    assert replace(ecosystem, link(3)) == 1
    assert stored() == [("Trust", "Speed", -3), ("Trust", "Speed", 3)]
    assert Factor.objects.count() == 2


def test_a_factor_is_known_by_its_name_in_any_case(ecosystem: Ecosystem) -> None:
    known = Factor.objects.create(ecosystem=ecosystem, name="speed")
    replace(ecosystem, link(2, source=FactorName("  trust "), target=SPEED), link(1))
    known.refresh_from_db()
    assert known.facet == "ADA-SPEED"
    assert sorted(Factor.objects.values_list("name", flat=True)) == ["speed", "trust"]


def test_the_last_vote_of_a_voice_stands_and_no_factor_moves_itself(ecosystem: Ecosystem) -> None:
    voice = uuid4()
    itself = link(1, target=FactorName("TRUST"))
    assert replace(ecosystem, link(1, voice), link(2, voice, source=FactorName("TRUST")), itself) == 1
    assert stored()[0][2] == 2


def test_a_long_name_is_cut_and_an_empty_one_passed_over(ecosystem: Ecosystem) -> None:
    replace(ecosystem, link(1, source=FactorName("x" * 200)), link(1, source=FactorName("  ")))
    assert stored() == [("x" * 80, "Speed", 1)]


def test_what_is_voted_on_again_comes_back_onto_the_map(ecosystem: Ecosystem) -> None:
    Factor.objects.create(ecosystem=ecosystem, name="TRUST", on_map=False)
    replace(ecosystem, link(1))
    assert sorted(Factor.objects.values_list("name", "on_map")) == [("Speed", True), ("TRUST", True)]
    edit = MapEdit.objects.get()
    assert (edit.kind, edit.by, [change["names"] for change in edit.changes]) == (
        MapEditKind.VOTES,
        None,
        [["TRUST"], ["Speed"]],
    )
    assert CausalMap.objects.get().revision == 1


def test_a_full_map_keeps_the_votes_for_later(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystems.services.causal_votes.MOST_FACTORS", 1)
    assert replace(ecosystem, link(1)) == 1
    assert sorted(Factor.objects.values_list("name", "on_map")) == [("Speed", True), ("Trust", False)]


def test_no_votes_instead_of_none_change_nothing(ecosystem: Ecosystem) -> None:
    taken = replace_votes(ecosystem=ecosystem, origin="workshop:1", shown_from=5, links=[])
    assert taken == (0, None)
    replace(ecosystem, link(1))
    taken = replace_votes(ecosystem=ecosystem, origin="workshop:1", shown_from=5, links=[])
    assert taken == (0, 2)


def test_what_is_voted_to_be_linked_stands_together(ecosystem: Ecosystem) -> None:
    names = [FactorName(f"Factor {number}") for number in range(6)]
    replace(ecosystem, *(link(2, source=names[0], target=other) for other in names[1:]))
    rows = list(Factor.objects.order_by("name"))
    places = [(row.x, row.y) for row in rows]
    assert None not in {one for place in places for one in place}
    hub, *others = [(x or 0.0, y or 0.0) for x, y in places]
    assert min(x for x, _y in others) < hub[0] < max(x for x, _y in others)
    assert min(y for _x, y in others) < hub[1] < max(y for _x, y in others)
