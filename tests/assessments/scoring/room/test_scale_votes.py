from functools import partial

import numpy as np
import pytest

from assessments.scoring.room.results import Turnout
from assessments.scoring.room.scale_votes import EVERYBODY, Scale, ScaleItem, spread_of
from tests.assessments.scoring.room.rooms import votes_of


def scale_item(votes, rounds=(1,), k=3):
    return ScaleItem(votes, 0, scale=Scale(1, 7, partial(spread_of, lowest=1, highest=7)), rounds=rounds, k=k)


@pytest.fixture
def two_groups():
    groups = dict(zip("01234567", ["red"] * 4 + ["blue"] * 4, strict=True))
    return votes_of([1, 2, 3, None, 5, 6, 7, 7], {"0": 7, "4": 1, "5": 1, "6": 1}, groups=groups)


def test_turnout_of_everybody_and_of_groups(two_groups):
    """One new vote in red is held, the three in blue are counted."""
    found = scale_item(two_groups, rounds=(1, 2))
    assert found.groups == ("blue", "red")
    assert found.turnout(EVERYBODY) == Turnout(fresh=3, standing=5, cant_say=1, held=1)
    assert found.turnout(0) == Turnout(fresh=3, standing=1)
    assert found.turnout(1) == Turnout(fresh=0, standing=4, cant_say=1, held=1)


def test_values_are_of_those_who_count(two_groups):
    found = scale_item(two_groups, rounds=(1, 2))
    assert found.values(found.votes, found.now, 0)[4:].tolist() == [1.0, 1.0, 1.0, 7.0]
    assert np.isnan(found.values(found.votes, found.now, 0)[:4]).all()
    assert found.values(found.votes, found.now, 1)[:3].tolist() == [1.0, 2.0, 3.0]


def test_spreads_only_where_shown(two_groups):
    assert [place for place, _ in scale_item(two_groups).spreads().items()] == [EVERYBODY, 0, 1]
    assert list(scale_item(two_groups, k=4).spreads()) == [EVERYBODY]
    assert scale_item(two_groups, k=8).spreads() == {}


def test_only_shown_votes_are_marked(two_groups):
    assert len(scale_item(two_groups).counted()) == 8
    assert scale_item(two_groups, k=8).counted().tolist() == []


def test_a_spread_without_an_agree_band():
    assert spread_of([1, 2, 3], lowest=1, highest=7).agree_share is None
    assert spread_of([1, 2, 3], lowest=1, highest=7, agree_from=3).agree_share == 1 / 3
    assert spread_of([np.nan], lowest=1, highest=7) is None
