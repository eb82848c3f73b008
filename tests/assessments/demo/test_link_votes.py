"""The demo's votes on links: a map that holds, with one link in dispute and one that a group does not see."""

import random

import pytest

from assessments.dashboards.map_comparison import map_comparison
from assessments.demo.link_votes import SPLIT, UNSEEN, vote
from ecosystems.models import Ecosystem
from ecosystems.selectors.causal_maps import map_of
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


def test_people_of_all_groups_vote_on_every_drawn_link(ecosystem: Ecosystem) -> None:
    maker = MapMaker(ecosystem)
    speed, trust, soil, local, waste = (maker.factor(name) for name in (*SPLIT, *UNSEEN, "Food wasted"))
    maker.link(speed, trust, 1, 2, 1)
    maker.link(soil, local, 1, 2, 2)
    maker.link(trust, waste, -1, 3, 0)
    assert vote(ecosystem=ecosystem, dice=random.Random(1)) == 3 * 31
    found = map_of(ecosystem)
    told = {
        (found.names[link.source], found.names[link.target]): (link.sign, link.delay, link.held, link.ambiguous)
        for link in found.links
    }
    assert told == {
        SPLIT: (1, 1, True, True),
        UNSEEN: (1, 2, True, False),
        (SPLIT[1], "Food wasted"): (-1, 0, True, False),
    }
    comparison = map_comparison(found)
    assert [one.name for one in comparison.holders] == ["As drawn", "Customers", "Employees", "Partners", "Communities"]
    assert [(one.lowered_by, one.not_held_by) for one in comparison.differences] == [
        ("Employees", ""),
        ("", "Communities"),
    ]


def test_without_a_map_nobody_votes(ecosystem: Ecosystem) -> None:
    assert vote(ecosystem=ecosystem, dice=random.Random(1)) == 0
