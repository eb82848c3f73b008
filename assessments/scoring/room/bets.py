"""Guesses before a scenario is run or an outcome is known, and how near they came."""

from __future__ import annotations

from functools import partial

import numpy as np

from assessments.scoring.covariance import Floats
from assessments.scoring.room.populations import Places, RoomVotes
from assessments.scoring.room.results import Bet, BetItem, Shift, Spread
from assessments.scoring.room.scale_votes import EVERYBODY, Scale, ScaleItem

BINS = 10


def guesses_spread(guesses: Floats, *, lowest: int, highest: int) -> Spread | None:
    """Guesses, shape (people,), NaN = none, in ten bins of equal width; each bin holds its lower end, the last both."""
    given = guesses[~np.isnan(guesses)]
    if len(given) == 0:
        return None
    if given.min() < lowest or given.max() > highest:
        raise ValueError(f"a guess must lie between {lowest} and {highest}")
    place = np.minimum(((given - lowest) * BINS // (highest - lowest)).astype(np.int64), BINS - 1)
    lower, median, upper = (float(q) for q in np.quantile(given, [0.25, 0.5, 0.75]))
    return Spread(
        n=len(given),
        counts=tuple(int(count) for count in np.bincount(place, minlength=BINS)),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        iqr=upper - lower,
    )


def bet_item(
    votes: RoomVotes,
    item: int,
    *,
    lowest: int,
    highest: int,
    outcome: float | None,
    within: float | None,
    rounds: tuple[int, ...],
    k: int,
) -> tuple[BetItem, Places]:
    """Guesses at one thing, and the places of the votes in them."""
    spread = partial(guesses_spread, lowest=lowest, highest=highest)
    scale = ScaleItem(votes, item, scale=Scale(lowest, highest, spread), rounds=rounds, k=k)
    spreads = scale.spreads()
    shifts = scale.shifts(spreads)
    found = [
        _bet(scale, group, name, spreads[group], shifts.get(group), outcome, within)
        if group in spreads
        else Bet(group=name, withheld=True)
        for group, name in enumerate(("", *votes.groups), EVERYBODY)
    ]
    return BetItem(votes.items[item], found[0], tuple(found[1:]), outcome), scale.counted()


def _bet(
    scale: ScaleItem,
    group: int,
    name: str,
    spread: Spread | None,
    shift: Shift | None,
    outcome: float | None,
    within: float | None,
) -> Bet:
    median_error = within_share = None
    if spread is not None and outcome is not None:
        median_error = spread.median - outcome
        if within is not None:
            guesses = scale.values(scale.votes, scale.now, group)
            within_share = float((np.abs(guesses[~np.isnan(guesses)] - outcome) <= within).mean())
    return Bet(
        group=name,
        turnout=scale.turnout(group),
        spread=spread,
        shift=shift,
        stable=scale.stable(shift),
        median_error=median_error,
        within_share=within_share,
    )
