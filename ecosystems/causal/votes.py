"""Votes on links put together: sign, size and agreement of each link, with minorities kept (rule L1)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from ecosystems.causal.graph import LOWERS, RAISES, CausalGraph, Link, Pair

STRONGEST: Final = 3
LEVELS: Final = 2 * STRONGEST + 1
LATEST: Final = 2
BOTH_SIGNS: Final = 0.25
"""From this share on for either sign, both are held."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One voice on one link: effect −3…+3 (0: none), delay 0–2 or None, group or ''."""

    source: str
    target: str
    effect: int
    delay: int | None = None
    group: str = ""

    def __post_init__(self) -> None:
        if self.source == self.target:
            raise ValueError("a vote is on a link between two factors")
        if abs(self.effect) > STRONGEST:
            raise ValueError("an effect lies between -3 and +3")
        if self.delay is not None and not 0 <= self.delay <= LATEST:
            raise ValueError("a delay lies between 0 and 2")


@dataclass(frozen=True, slots=True)
class Opinion:
    """
    What some people think of one link.

    `counts` are the votes from −3 to +3; `effect` is their mean over 3, so −1…1: votes of one sign strengthen a link,
    opposite ones weaken it, and so do those who see none (Özesmi & Özesmi 2004). `agreement` is Tastle & Wierman's
    consensus over the seven levels. `strength` is the median of the votes that see an effect, 1–3. `conflict`: a
    quarter or more on either sign. `delay` is the median of those who gave one.
    """

    counts: tuple[int, ...]
    raises: float
    lowers: float
    none: float
    effect: float
    agreement: float
    strength: float | None
    delay: float | None
    conflict: bool

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def sign(self) -> int:
        """+1, −1, or 0 where the votes cancel out."""
        return (self.effect > 0) - (self.effect < 0)

    @property
    def weight(self) -> float:
        return abs(self.effect)

    @property
    def held(self) -> bool:
        """Whether the map draws it: at least half see an effect, and the votes do not cancel out."""
        return self.sign != 0 and 2 * self.counts[STRONGEST] <= self.n

    @property
    def minority(self) -> float:
        """Share of the votes whose view is not the most common of raises, lowers and none."""
        lowers, none = sum(self.counts[:STRONGEST]), self.counts[STRONGEST]
        return (self.n - max(lowers, none, self.n - lowers - none)) / self.n


@dataclass(frozen=True, slots=True)
class VotedLink:
    """
    One link: what everybody thinks of it, and each group, by name. None where too few voted.

    Votes without a group are in `everybody` only.
    """

    source: str
    target: str
    everybody: Opinion | None
    groups: tuple[tuple[str, Opinion | None], ...]

    @property
    def pair(self) -> Pair:
        return self.source, self.target

    @property
    def withheld(self) -> bool:
        return self.everybody is None


def voted_links(votes: Iterable[Vote], *, minimum: int) -> tuple[VotedLink, ...]:
    """
    One entry for each link that was voted on, by its keys. Nothing of fewer than `minimum` people is shown.

    That holds for what is left over as well: were those outside the shown groups fewer than `minimum` but some, the
    smallest shown group is withheld too, or everybody's votes minus the groups' would tell theirs.
    """
    if minimum < 1:
        raise ValueError("the minimum is at least 1")
    by_pair: dict[Pair, list[Vote]] = defaultdict(list)
    for vote in votes:
        by_pair[(vote.source, vote.target)].append(vote)
    return tuple(_voted(pair, by_pair[pair], minimum) for pair in sorted(by_pair))


def drawn_map(links: Iterable[VotedLink], factors: Sequence[str], *, group: str = "") -> CausalGraph:
    """The map that everybody, or one group, holds: withheld links and those that most see as none are left out."""
    opinions = opinions_of(links, group=group)
    return CausalGraph.of(
        factors,
        (
            Link(*pair, RAISES if one.sign > 0 else LOWERS, one.weight, round(one.delay or 0))
            for pair, one in opinions.items()
            if one.held
        ),
    )


def opinions_of(links: Iterable[VotedLink], *, group: str = "") -> dict[Pair, Opinion]:
    """What everybody, or one group, thinks of each link, where enough of them voted."""
    found = {link.pair: dict(link.groups).get(group) if group else link.everybody for link in links}
    return {pair: opinion for pair, opinion in found.items() if opinion is not None}


def effects_of(opinions: Mapping[Pair, Opinion]) -> dict[Pair, tuple[float, ...]]:
    """Every vote as an effect of −1…1, lowest first: what uncertain weights are drawn from (rules L2, L4)."""
    return {
        pair: tuple((level - STRONGEST) / STRONGEST for level, count in enumerate(opinion.counts) for _ in range(count))
        for pair, opinion in sorted(opinions.items())
    }


def consensus(counts: Sequence[float]) -> float:
    """1 = all on one level, 0 = half at either end: 1 + Σ pᵢ·log₂(1 − |xᵢ − mean|/range) (Tastle & Wierman 2007)."""
    weights = np.asarray(counts, dtype=np.float64)
    if len(weights) < 2 or (weights < 0).any() or not weights.sum() > 0:
        raise ValueError("consensus needs counts on at least two levels")
    shares, levels = weights / weights.sum(), np.arange(len(weights), dtype=np.float64)
    held = shares > 0
    distance = np.abs(levels - levels @ shares)[held] / (len(levels) - 1)
    return min(max(1 + float(shares[held] @ np.log2(1 - distance)), 0.0), 1.0)


def _voted(pair: Pair, votes: list[Vote], minimum: int) -> VotedLink:
    sizes = Counter(vote.group for vote in votes if vote.group)
    shown = {group for group, size in sizes.items() if size >= minimum}
    if len(votes) < minimum:
        shown = set()
    while shown and 0 < len(votes) - sum(sizes[group] for group in shown) < minimum:
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return VotedLink(
        *pair,
        everybody=_opinion(votes, minimum) if len(votes) >= minimum else None,
        groups=tuple(
            (group, _opinion([vote for vote in votes if vote.group == group], minimum) if group in shown else None)
            for group in sorted(sizes)
        ),
    )


def _opinion(votes: list[Vote], minimum: int) -> Opinion:
    effects = [vote.effect for vote in votes]
    delays = [vote.delay for vote in votes if vote.delay is not None]
    counts = tuple(effects.count(level) for level in range(-STRONGEST, STRONGEST + 1))
    lowers, raises = sum(counts[:STRONGEST]), sum(counts[STRONGEST + 1 :])
    n = len(votes)
    return Opinion(
        counts=counts,
        raises=raises / n,
        lowers=lowers / n,
        none=counts[STRONGEST] / n,
        effect=sum(effects) / (STRONGEST * n),
        agreement=consensus(counts),
        strength=float(median(abs(effect) for effect in effects if effect)) if raises + lowers else None,
        delay=float(median(delays)) if delays and len(delays) >= minimum else None,
        conflict=raises >= BOTH_SIGNS * n and lowers >= BOTH_SIGNS * n,
    )
