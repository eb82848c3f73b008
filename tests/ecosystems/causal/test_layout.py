"""Where factors stand: the same for every name and order, nothing over anything else, and linked ones near."""

import random
from itertools import combinations
from math import hypot

import pytest

from ecosystems.causal.graph import Pair
from ecosystems.causal.layout import GAP, HEIGHT, WIDTH, Box, Point, beside, box_for, laid_out

Places = dict[str, Point]
NAMES = (8, 14, 22, 40, 80)


def some_map(factors: int, links: int, seed: int = 1) -> tuple[list[str], list[Pair], dict[str, Box]]:
    chance = random.Random(seed)
    keys = [str(1000 + number) for number in range(factors)]
    pairs: set[Pair] = {(keys[chance.randrange(at)], keys[at]) for at in range(1, factors)} if links else set()
    while len(pairs) < links:
        source, target = chance.sample(keys, 2)
        pairs.add((source, target))
    return keys, sorted(pairs), {key: box_for("x" * chance.choice(NAMES)) for key in keys}


def overlapping(places: Places, boxes: dict[str, Box], gap: float = GAP - 0.5) -> list[Pair]:
    return [
        (one, other)
        for one, other in combinations(places, 2)
        if abs(places[one][0] - places[other][0]) < (boxes[one].width + boxes[other].width) / 2 + gap
        and abs(places[one][1] - places[other][1]) < (boxes[one].height + boxes[other].height) / 2 + gap
    ]


@pytest.mark.parametrize(("factors", "links"), [(2, 1), (3, 3), (10, 14), (25, 40), (60, 200)])
def test_the_picture_is_the_same_whatever_factors_are_called(factors: int, links: int) -> None:
    keys, pairs, boxes = some_map(factors, links)
    found = laid_out(keys, pairs, boxes)
    chance = random.Random(2)
    names = dict(zip(keys, chance.sample(keys, factors), strict=True))
    again = laid_out(
        chance.sample(keys, factors),
        chance.sample([(names[one], names[other]) for one, other in pairs], len(pairs)),
        {names[key]: box for key, box in boxes.items()},
    )
    assert {names[key]: place for key, place in found.items()} == again


@pytest.mark.parametrize("factors", [5, 12])
def test_alike_factors_make_the_same_picture_in_any_order(factors: int) -> None:
    keys, _pairs, _boxes = some_map(factors, 0)
    boxes = {key: box_for("Trust") for key in keys}
    for pairs in (
        list(zip(keys, [*keys[1:], keys[0]], strict=True)),
        [(keys[0], key) for key in keys[1:]],
        list(combinations(keys, 2)),
        [],
    ):
        once = laid_out(keys, pairs, boxes)
        again = laid_out(keys[::-1], pairs[::-1], boxes)
        assert sorted(once.values()) == sorted(again.values())


@pytest.mark.parametrize(
    ("factors", "links"), [(1, 0), (2, 1), (7, 0), (19, 30), (60, 70), (60, 200), (120, 0), (200, 600)]
)
def test_no_box_lies_over_another(factors: int, links: int) -> None:
    keys, pairs, boxes = some_map(factors, links)
    found = laid_out(keys, pairs, boxes)
    assert overlapping(found, boxes) == []
    assert all(x >= boxes[key].width / 2 and y >= boxes[key].height / 2 for key, (x, y) in found.items())


def test_a_small_map_stands_in_the_middle_of_the_frame() -> None:
    keys, pairs, boxes = some_map(4, 4)
    found = laid_out(keys, pairs, boxes)
    assert all(
        x + boxes[key].width / 2 <= WIDTH and y + boxes[key].height / 2 <= HEIGHT for key, (x, y) in found.items()
    )
    assert laid_out(["1"], [], {"1": box_for("Trust")}) == {"1": (WIDTH / 2, HEIGHT / 2)}
    assert laid_out([], [], {}) == {}


def test_linked_factors_stand_nearer_than_others() -> None:
    keys, pairs, boxes = some_map(30, 45)
    found = laid_out(keys, pairs, boxes)
    linked = {frozenset(pair) for pair in pairs}
    near, far = [], []
    for one, other in combinations(keys, 2):
        length = hypot(found[one][0] - found[other][0], found[one][1] - found[other][1])
        (near if frozenset((one, other)) in linked else far).append(length)
    assert 1.8 * sum(near) / len(near) < sum(far) / len(far)


def test_a_link_to_a_factor_that_is_not_there_is_passed_over() -> None:
    boxes = {"1": box_for("Trust"), "2": box_for("Speed")}
    assert laid_out(["1", "2"], [("1", "3")], boxes) == laid_out(["1", "2"], [], boxes)


def test_new_factors_stand_beside_those_that_are_placed() -> None:
    keys, pairs, boxes = some_map(40, 60)
    placed = laid_out(keys[:30], pairs, boxes)
    found = beside(keys[30:], placed, pairs, boxes)
    assert found.keys() == set(keys[30:])
    assert overlapping(placed | found, boxes) == []
    assert beside(keys[30:], placed, pairs, boxes) == found
    assert beside([], placed, pairs, boxes) == {}


def test_a_new_factor_comes_near_those_it_is_linked_to() -> None:
    boxes = {key: box_for("Trust") for key in "1234"}
    placed = {"1": (200.0, 100.0), "2": (1800.0, 900.0)}
    found = beside(["3", "4"], placed, [("3", "2")], boxes)
    assert hypot(found["3"][0] - 1800, found["3"][1] - 900) < 260
    assert found["4"][1] > 900


def test_where_there_is_no_room_near_by_a_factor_stands_below() -> None:
    boxes = {str(number): box_for("Trust") for number in range(900)}
    placed = {str(number): (100.0 + 190 * (number % 30), 40.0 + 60 * (number // 30)) for number in range(899)}
    found = beside(["899"], placed, [("899", "450")], boxes)
    assert found["899"][1] > max(y for _x, y in placed.values())


def test_a_box_holds_its_name_in_short_lines() -> None:
    assert box_for("Trust") == Box(114.0, 40.0)
    assert box_for("Collaboration across organizations") == Box(13 * 7.6 + 76, 3 * 17 + 17)
    assert box_for("x" * 80) == Box(16 * 7.6 + 76, 5 * 17 + 17)


def test_factors_on_one_spot_part() -> None:
    keys, _pairs, boxes = some_map(6, 0)
    everything = list(combinations(keys, 2))
    assert overlapping(laid_out(keys, everything, boxes), boxes) == []
