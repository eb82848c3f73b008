"""What the reveal of a round holds: disclosed numbers only, computed once and stored.

A withheld thing is `withheld=True` and nothing else; what is too few to be shown is in no field. A number that does
not exist is None (agreement of a yes/no question, the shift of a first round). Items and groups are named by the
caller's keys, in the caller's order. `minimum` is the smallest number of people a result may stand on; 1 in named
workshops, where nothing is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.scoring import codec


class VoteKind(StrEnum):
    """The activities whose rounds are votes."""

    RATE = "rate"
    DOTS = "dots"
    RANKING = "ranking"
    LINKS = "links"
    BET = "bet"


@dataclass(frozen=True, slots=True)
class Turnout:
    """
    People behind a result, by where their answer comes from.

    `fresh` answered in this round, `standing` keep the answer they gave earlier; together they are everybody counted.
    `cant_say` of them chose "can't say". Not counted yet: `waiting` new people, and `held` new votes of people whose
    earlier vote goes on counting, until there are enough of either.
    """

    fresh: int
    standing: int
    cant_say: int = 0
    waiting: int = 0
    held: int = 0

    @property
    def counted(self) -> int:
        return self.fresh + self.standing


@dataclass(frozen=True, slots=True)
class Spread:
    """
    Votes on a scale: `n` votes, `counts` per level (of bets: per bin), lowest first, quartiles of type 7.

    `consensus` 0–1 (Tastle–Wierman), `agreement` −1–1 (van der Eijk), `polarization` 0–1; None where not defined or,
    for bets, not computed. `agree_share` of the votes lie in the agree band; None without one.
    """

    n: int
    counts: tuple[int, ...]
    median: float
    lower_quartile: float
    upper_quartile: float
    iqr: float
    agree_share: float | None = None
    consensus: float | None = None
    agreement: float | None = None
    polarization: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """
    From the result revealed in round `since` to this one, in levels; a negative IQR change means closer together.

    `paired` people have a vote in both, `kept_share` of them the same one, `kappa` is squared-weighted. The three are
    None where they would tell something about a few who have a vote in only one of the two.
    """

    since: int
    median_change: float
    iqr_change: float
    paired: int | None = None
    kept_share: float | None = None
    kappa: float | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """
    The votes of everybody, or of one breakout `group`, on one item.

    `spread` is None where there is no vote. `stable`: see `ratings.is_stable`; None without a `shift`. `confidence`
    is the mean of the `confidence_n` people who gave one.
    """

    group: str = ""
    turnout: Turnout | None = None
    spread: Spread | None = None
    shift: Shift | None = None
    stable: bool | None = None
    confidence: float | None = None
    confidence_n: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class RatedItem:
    item: str
    together: Rating
    groups: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingResults:
    """Ratings on lowest…highest; the agree band begins at `agree_from`."""

    round: int
    minimum: int
    lowest: int
    highest: int
    agree_from: int
    items: tuple[RatedItem, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """
    Dots on one option, their share of all dots, people who gave it any.

    `place` 1 = most; options with equal dots share a place. `share_change` since the result revealed before.
    """

    item: str
    dots: int
    share: float
    voters: int
    place: int
    share_change: float | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Dots of everybody or of one breakout `group`; options in the order asked."""

    group: str = ""
    turnout: Turnout | None = None
    dots: int | None = None
    options: tuple[Option, ...] = ()
    since: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class DotsResults:
    round: int
    minimum: int
    together: Tally
    groups: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedItem:
    """
    Ranks given to one item, 1 = first; those who left it out are taken to place it last, with what else they left out.

    `borda` points: one for each item it is placed above, half for a tie, summed over people. `place` by Borda points,
    equal points share a place; `place_before` is that of the result revealed before.
    """

    item: str
    mean_rank: float
    lower_quartile: float
    median: float
    upper_quartile: float
    borda: float
    place: int
    place_before: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """
    The order found by everybody or by one breakout `group`; items in the order asked.

    `w` is Kendall's W with ties (0 no common order, 1 one order) with its `p`. `tau` (Kendall's τ-b) and `rho`
    (Spearman) compare the mean ranks with those revealed in round `since`. None where not defined.
    """

    group: str = ""
    turnout: Turnout | None = None
    items: tuple[RankedItem, ...] = ()
    w: float | None = None
    p: float | None = None
    since: int | None = None
    tau: float | None = None
    rho: float | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class RankingResults:
    round: int
    minimum: int
    together: Order
    groups: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkVote:
    """
    What everybody, or one breakout `group`, thinks of one link; `spread` on −3…+3, 0 = no effect.

    `raises`, `lowers` and `none` are shares of the votes. `strength`: median of 1…3 over those who see an effect.
    `conflict`: at least a quarter of the votes say it raises and at least a quarter that it lowers. `delays`: votes
    per level of delay, shortest first; None where too few gave one.
    """

    group: str = ""
    turnout: Turnout | None = None
    spread: Spread | None = None
    raises: float | None = None
    lowers: float | None = None
    none: float | None = None
    strength: float | None = None
    conflict: bool = False
    delays: tuple[int, ...] | None = None
    shift: Shift | None = None
    stable: bool | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class VotedLink:
    item: str
    together: LinkVote
    groups: tuple[LinkVote, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkResults:
    round: int
    minimum: int
    items: tuple[VotedLink, ...]


@dataclass(frozen=True, slots=True)
class Bet:
    """
    Guesses of everybody or of one breakout `group`; `spread.counts` in ten bins of equal width.

    Once the outcome is known: `median_error` = median − outcome, `within_share` of the guesses lie as near to it as
    was asked.
    """

    group: str = ""
    turnout: Turnout | None = None
    spread: Spread | None = None
    shift: Shift | None = None
    stable: bool | None = None
    median_error: float | None = None
    within_share: float | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class BetItem:
    item: str
    together: Bet
    groups: tuple[Bet, ...] = ()
    outcome: float | None = None


@dataclass(frozen=True, slots=True)
class BetResults:
    """Guesses on lowest…highest; `within` is how near to an outcome counts as near."""

    round: int
    minimum: int
    lowest: int
    highest: int
    items: tuple[BetItem, ...]
    within: float | None = None


RoundResults = RatingResults | DotsResults | RankingResults | LinkResults | BetResults

_TYPES: Mapping[VoteKind, type[RoundResults]] = {
    VoteKind.RATE: RatingResults,
    VoteKind.DOTS: DotsResults,
    VoteKind.RANKING: RankingResults,
    VoteKind.LINKS: LinkResults,
    VoteKind.BET: BetResults,
}


def encode(results: RoundResults) -> dict[str, Any]:
    """Plain JSON types; the kind is the activity's and not repeated."""
    data: dict[str, Any] = codec.encode(results)
    return data


def decode(kind: VoteKind | str, data: Mapping[str, Any]) -> RoundResults:
    """What `encode` made of the results of an activity of this kind. ValueError for a kind without votes."""
    return codec.decode(_TYPES[VoteKind(kind)], data)
