"""Ratings of items in a room (rule R5)."""

from __future__ import annotations

from functools import partial

import numpy as np

from assessments.scoring.room.populations import NOT_GIVEN, Places, RoomVotes
from assessments.scoring.room.results import RatedItem, Rating, Shift, Spread
from assessments.scoring.room.scale_votes import EVERYBODY, Scale, ScaleItem, spread_of


def agree_band(lowest: int, highest: int) -> int:
    """Where the upper third of the levels begins: 7 on 1–9 as in the RAND/UCLA method, 4 on 1–5, 6 on 1–7."""
    return highest + 1 - round((highest - lowest + 1) / 3)


def rated_item(
    votes: RoomVotes, item: int, *, lowest: int, highest: int, agree_from: int, rounds: tuple[int, ...], k: int
) -> tuple[RatedItem, Places]:
    """Results of one item, and the places of the votes in them."""
    spread = partial(spread_of, lowest=lowest, highest=highest, agree_from=agree_from)
    scale = ScaleItem(votes, item, scale=Scale(lowest, highest, spread), rounds=rounds, k=k)
    spreads = scale.spreads()
    shifts = scale.shifts(spreads)
    found = [
        _rating(scale, group, name, spreads[group], shifts.get(group))
        if group in spreads
        else Rating(group=name, withheld=True)
        for group, name in enumerate(("", *votes.groups), EVERYBODY)
    ]
    return RatedItem(votes.items[item], found[0], tuple(found[1:])), scale.counted()


def _rating(scale: ScaleItem, group: int, name: str, spread: Spread | None, shift: Shift | None) -> Rating:
    given = np.where((scale.confidence == NOT_GIVEN) | np.isnan(scale.votes), np.nan, scale.confidence)
    confidence = scale.values(given, scale.now, group)
    confidence = confidence[~np.isnan(confidence)]
    sure = len(confidence) > 0 and scale.shows(group, 1)
    return Rating(
        group=name,
        turnout=scale.turnout(group),
        spread=spread,
        shift=shift,
        stable=scale.stable(shift),
        confidence=float(confidence.mean()) if sure else None,
        confidence_n=len(confidence) if sure else None,
    )
