"""The history of a map: its edits, one after the other, are the map, whatever people did and undid."""

import random
from typing import Any

import pytest

from assessments.services.maps import edits, undo
from assessments.services.maps.versions import keep_if_changed, restore_version
from ecosystems.models import DrawnLink, Ecosystem, Factor, MapEdit, User
from ecosystems.services.map_problems import MapProblem
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
LINK = ("source", "target", "sign", "strength", "delay")
NAMES = ("Trust", "TRUST", "Speed", "Waste", "Income", "Land")


def one_act(chance: random.Random, person: MapMaker) -> None:
    """Something that a person might do, to whatever they might still see."""
    factors = list(Factor.objects.values_list("pk", flat=True)) or [0]
    links = list(DrawnLink.objects.values_list("pk", flat=True)) or [0]
    one, other = chance.choice(factors), chance.choice(factors)
    weights = {"sign": chance.choice((-1, 1)), "strength": chance.randint(1, 3), "delay": chance.randint(0, 2)}
    choices: list[tuple[Any, dict[str, Any]]] = [
        (edits.add_factor, {"name": chance.choice(NAMES), "facet": chance.choice(("", "BEL"))}),
        (edits.change_factor, {"factor": one, "name": chance.choice(NAMES), "facet": chance.choice(("", "CAR"))}),
        (edits.remove_factor, {"factor": one}),
        (edits.move, {"places": {one: (chance.randint(0, 900), chance.randint(0, 600))}}),
        (edits.draw_link, {"source": one, "target": other, **weights}),
        (edits.draw_link, {"source": other, "target": one, **weights}),
        (edits.change_link, {"link": chance.choice(links), **weights}),
        (edits.remove_link, {"link": chance.choice(links)}),
        (undo.undo_last, {}),
        (undo.undo_last, {}),
        (undo.redo_last, {}),
    ]
    act, given = chance.choice(choices)
    person.do(act, **given)


def told() -> tuple[dict[int, Any], dict[int, Any]]:
    """The map as its history tells it: names and ties of factors on it, and links."""
    factors: dict[int, Any] = {}
    links: dict[int, Any] = {}
    for edit in MapEdit.objects.order_by("revision"):
        for change in edit.changes:
            if change["of"] == "factor":
                factors[change["id"]] = factors.get(change["id"], {}) | change["after"]
            elif change["after"] is None:
                del links[change["id"]]
            else:
                links[change["id"]] = change["after"]
    on_map = {pk: (one["name"], one["facet"]) for pk, one in factors.items() if one["on_map"]}
    return on_map, {pk: tuple(one[field] for field in LINK) for pk, one in links.items()}


def stored() -> tuple[dict[int, Any], dict[int, Any]]:
    factors = Factor.objects.filter(on_map=True).values_list("pk", "name", "facet")
    links = DrawnLink.objects.values_list("pk", *LINK)
    return {pk: tuple(one) for pk, *one in factors}, {pk: tuple(one) for pk, *one in links}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_two_people_do_the_history_is_the_map(
    ecosystem: Ecosystem, facilitator: User, admin: User, seed: int
) -> None:
    chance, refused = random.Random(seed), 0
    people = MapMaker(ecosystem, facilitator), MapMaker(ecosystem, admin)
    kept = None
    for step in range(80):
        try:
            one_act(chance, chance.choice(people))
        except MapProblem:
            refused += 1
        if step == 40:
            kept = keep_if_changed(ecosystem=ecosystem, by=None)
    assert told() == stored()
    assert not DrawnLink.objects.exclude(source__on_map=True, target__on_map=True).exists()
    assert None not in set(Factor.objects.filter(on_map=True).values_list("x", flat=True))
    assert 5 < refused < 60
    assert kept is not None
    before = stored()
    people[0].do(lambda *, ecosystem, key, by: restore_version(version=kept, by=by, key=key))
    assert told() == stored()
    people[0].do(undo.undo_last)
    assert (told(), stored()) == (before, before)
