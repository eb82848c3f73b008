"""Causal maps of several groups side by side: how far apart they are, and on which links (rule L1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ecosystems.causal.graph import CausalGraph, Pair
from ecosystems.causal.votes import consensus


@dataclass(frozen=True, slots=True)
class HeldMap:
    """A map and whose it is. `known`: the pairs it says anything about, None = all of them (it was drawn whole)."""

    holder: str
    graph: CausalGraph
    known: frozenset[Pair] | None = None

    def knows(self, pair: Pair) -> bool:
        return self.known is None or pair in self.known


@dataclass(frozen=True, slots=True)
class Distance:
    """0 = the same map, 1 = as different as can be; None where the two have nothing to compare."""

    one: str
    other: str
    distance: float | None


@dataclass(frozen=True, slots=True)
class ComparedLink:
    """
    One link that at least one map draws, and who holds what; who says nothing about it is in none of the three.

    `agreement` is Tastle & Wierman's consensus over lowers, none, raises: 1 = all alike, 0 = half raise, half lower;
    None where one map alone speaks of the link.
    """

    source: str
    target: str
    raised_by: tuple[str, ...]
    lowered_by: tuple[str, ...]
    not_held_by: tuple[str, ...]
    agreement: float | None

    @property
    def only_by(self) -> str | None:
        """The one that alone draws it while others say there is none."""
        holders = self.raised_by + self.lowered_by
        return holders[0] if len(holders) == 1 and self.not_held_by else None

    @property
    def opposed(self) -> bool:
        return bool(self.raised_by and self.lowered_by)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Distances in the order of the maps, links by their keys."""

    distances: tuple[Distance, ...]
    links: tuple[ComparedLink, ...]


def compare(maps: Sequence[HeldMap]) -> Comparison:
    """Every two maps, and every link that one of them draws."""
    if len({one.holder for one in maps}) < len(maps):
        raise ValueError("each map has a holder of its own")
    pairs = sorted({link.pair for one in maps for link in one.graph.links if link.weight > 0})
    effects = {one.holder: _effects(one) for one in maps}
    return Comparison(
        distances=tuple(
            Distance(one.holder, other.holder, structural_distance(one, other)) for one, other in combinations(maps, 2)
        ),
        links=tuple(_compared(pair, maps, effects) for pair in pairs),
    )


def structural_distance(one: HeldMap, other: HeldMap) -> float | None:
    """
    Share of the largest possible difference between two maps (Langfield-Smith & Wirth 1992; Markóczy & Goldberg 1995).

    Between two factors that both maps have, the difference is that of the signed weights, at most 2. Where a factor
    stands on one map only, each link from or to it counts 1, at most 1. No factor is linked to itself. This is their
    distance ratio with α = 1, β = 1, γ = 1, δ = 0, ε = 2. Pairs that either map says nothing about count nowhere.
    """
    ours, theirs = _effects(one), _effects(other)
    common = set(one.graph.factors) & set(other.graph.factors)
    different = possible = 0.0
    for pair in _pairs(one, other):
        if not (one.knows(pair) and other.knows(pair)):
            continue
        a, b = ours.get(pair, 0.0), theirs.get(pair, 0.0)
        if common.issuperset(pair):
            different, possible = different + abs(a - b), possible + 2
        else:
            different, possible = different + bool(a or b), possible + 1
    return different / possible if possible else None


def _pairs(one: HeldMap, other: HeldMap) -> Iterator[Pair]:
    """Every pair of factors that stands on at least one of the two maps."""
    first, second = set(one.graph.factors), set(other.graph.factors)
    every = sorted(first | second)
    for source in every:
        for target in every:
            if source != target and ({source, target} <= first or {source, target} <= second):
                yield source, target


def _compared(pair: Pair, maps: Sequence[HeldMap], effects: dict[str, dict[Pair, float]]) -> ComparedLink:
    heard = {one.holder: effects[one.holder].get(pair, 0.0) for one in maps if one.knows(pair)}
    raised = tuple(holder for holder, effect in heard.items() if effect > 0)
    lowered = tuple(holder for holder, effect in heard.items() if effect < 0)
    neither = tuple(holder for holder, effect in heard.items() if not effect)
    counts = (len(lowered), len(neither), len(raised))
    return ComparedLink(*pair, raised, lowered, neither, consensus(counts) if len(heard) > 1 else None)


def _effects(one: HeldMap) -> dict[Pair, float]:
    return {link.pair: link.effect for link in one.graph.links if link.weight > 0}
