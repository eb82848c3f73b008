"""The one way from the votes of a room to what is revealed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from assessments.scoring.room.bets import bet_item
from assessments.scoring.room.choices import dots_results, ranking_results
from assessments.scoring.room.link_votes import voted_link
from assessments.scoring.room.populations import Flags, Places, RoomVotes
from assessments.scoring.room.ratings import agree_band, rated_item
from assessments.scoring.room.results import BetResults, LinkResults, RatingResults, RoundResults, VoteKind


@dataclass(frozen=True)
class Reveal:
    """`results` to store and show; `counted` (votes,) the votes that are in them, to be marked as such."""

    results: RoundResults
    counted: Flags


def round_results(
    kind: VoteKind | str,
    votes: RoomVotes,
    *,
    number: int,
    k: int,
    revealed: Collection[int] = (),
    lowest: int = 1,
    highest: int = 10,
    agree_from: int | None = None,
    outcomes: Mapping[str, float] = MappingProxyType({}),
    within: float | None = None,
) -> Reveal:
    """
    What may be shown of round `number`, and of earlier rounds where votes still stand (rules R5, D2).

    `votes` of all rounds of the activity; those of later rounds, and none else, are left aside. `revealed`: the
    numbers of the rounds whose results were revealed before this one; who counts depends on them. `k`: the minimum
    of people behind a result, 1 in named workshops. `lowest`, `highest`: the scale of ratings and bets; `agree_from`
    begins the agree band, by default the upper third. `outcomes` by item and `within` belong to bets.

    ValueError for a vote off the scale, an unknown kind, or revealed rounds that do not come before this one.
    """
    kind = VoteKind(kind)
    rounds = (*sorted(revealed), number)
    places: list[Places] = []
    results: RoundResults
    if kind is VoteKind.DOTS:
        results, counted = dots_results(votes, rounds=rounds, k=k)
        return Reveal(results, _mask(votes, [counted]))
    if kind is VoteKind.RANKING:
        results, counted = ranking_results(votes, rounds=rounds, k=k)
        return Reveal(results, _mask(votes, [counted]))
    if kind is VoteKind.RATE:
        band = agree_band(lowest, highest) if agree_from is None else agree_from
        ratings = [
            rated_item(votes, item, lowest=lowest, highest=highest, agree_from=band, rounds=rounds, k=k)
            for item in range(len(votes.items))
        ]
        places = [counted for _, counted in ratings]
        results = RatingResults(number, k, lowest, highest, band, tuple(item for item, _ in ratings))
    elif kind is VoteKind.LINKS:
        links = [voted_link(votes, item, rounds=rounds, k=k) for item in range(len(votes.items))]
        places = [counted for _, counted in links]
        results = LinkResults(number, k, tuple(link for link, _ in links))
    else:
        bets = [
            bet_item(
                votes,
                item,
                lowest=lowest,
                highest=highest,
                outcome=outcomes.get(votes.items[item]),
                within=within,
                rounds=rounds,
                k=k,
            )
            for item in range(len(votes.items))
        ]
        places = [counted for _, counted in bets]
        results = BetResults(number, k, lowest, highest, tuple(bet for bet, _ in bets), within)
    return Reveal(results, _mask(votes, places))


def _mask(votes: RoomVotes, places: list[Places]) -> Flags:
    mask = np.zeros(len(votes.seat), dtype=np.bool_)
    for counted in places:
        mask[counted] = True
    return mask
