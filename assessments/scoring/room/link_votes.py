"""Votes on links: does A raise or lower B, how strongly, how late? (rules R5, L1)."""

from __future__ import annotations

from functools import partial

import numpy as np

from assessments.scoring.room.populations import NOT_GIVEN, Places, RoomVotes
from assessments.scoring.room.results import LinkVote, Shift, Spread, VotedLink
from assessments.scoring.room.scale_votes import EVERYBODY, Scale, ScaleItem, spread_of

STRONGEST = 3
DELAYS = 3
BOTH_SIGNS = 0.25
"""From this share on for either sign, the room holds both."""


def voted_link(votes: RoomVotes, item: int, *, rounds: tuple[int, ...], k: int) -> tuple[VotedLink, Places]:
    """What is thought of one link, and the places of the votes in it."""
    spread = partial(spread_of, lowest=-STRONGEST, highest=STRONGEST)
    scale = ScaleItem(votes, item, scale=Scale(-STRONGEST, STRONGEST, spread), rounds=rounds, k=k)
    spreads = scale.spreads()
    shifts = scale.shifts(spreads)
    found = [
        _link(scale, group, name, spreads[group], shifts.get(group))
        if group in spreads
        else LinkVote(group=name, withheld=True)
        for group, name in enumerate(("", *votes.groups), EVERYBODY)
    ]
    return VotedLink(votes.items[item], found[0], tuple(found[1:])), scale.counted()


def _link(scale: ScaleItem, group: int, name: str, spread: Spread | None, shift: Shift | None) -> LinkVote:
    if spread is None:
        return LinkVote(group=name, turnout=scale.turnout(group))
    counts = np.array(spread.counts)
    lowers, none, raises = (
        float(part.sum() / spread.n) for part in (counts[:STRONGEST], counts[STRONGEST], counts[STRONGEST + 1 :])
    )
    strengths = np.repeat(np.abs(np.arange(-STRONGEST, STRONGEST + 1)), counts)
    strengths = strengths[strengths > 0]
    late = scale.values(
        np.where((scale.delay == NOT_GIVEN) | np.isnan(scale.votes), np.nan, scale.delay), scale.now, group
    )
    late = late[~np.isnan(late)]
    return LinkVote(
        group=name,
        turnout=scale.turnout(group),
        spread=spread,
        raises=raises,
        lowers=lowers,
        none=none,
        strength=float(np.median(strengths)) if len(strengths) else None,
        conflict=raises >= BOTH_SIGNS and lowers >= BOTH_SIGNS,
        delays=tuple(int(count) for count in np.bincount(late.astype(np.int64), minlength=DELAYS))
        if len(late) and scale.shows(group, 2)
        else None,
        shift=shift,
        stable=scale.stable(shift),
    )
