"""Feedback loops of a causal map: which circles drive it, and whether they reinforce or balance (rule L1)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import Final, cast

import networkx as nx

from ecosystems.causal.graph import LOWERS, CausalGraph, Link

LONGEST: Final = 8
MOST: Final = 2_000
MOST_LOOKED_AT: Final = 20_000
NAMED_MEMBERS: Final = 3
BETWEEN_NAMES: Final = " · "

Circle = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """
    One circle of links: `members` in the order of influence, the alphabetically first key first.

    `weights` are those of its links, each from the member in the same place. An odd number of lowering links balances
    (the loop works against a change), an even number reinforces it (Richardson 1986; Sterman 2000, chapter 5). `delay`
    is the sum of the delays.
    """

    members: tuple[str, ...]
    weights: tuple[float, ...]
    lowering: int
    delay: int

    @property
    def gain(self) -> float:
        """What comes back of a change after one round, without the sign: the product of the weights."""
        return prod(self.weights)

    @property
    def strongest(self) -> tuple[str, ...]:
        """Up to three members whose two links in the loop weigh most, in the order of influence."""
        sums = [weight + self.weights[at - 1] for at, weight in enumerate(self.weights)]
        chosen = sorted(range(len(sums)), key=lambda at: -sums[at])[:NAMED_MEMBERS]
        return tuple(self.members[at] for at in sorted(chosen))

    @property
    def balancing(self) -> bool:
        return self.lowering % 2 == 1

    @property
    def reinforcing(self) -> bool:
        return not self.balancing

    def named(self, names: Mapping[str, str]) -> str:
        """The name of a loop that nobody has named: its strongest members."""
        return BETWEEN_NAMES.join(names[key] for key in self.strongest)


@dataclass(frozen=True, slots=True)
class LoopSearch:
    """
    The loops of a map, shortest first, then by their members.

    `found` counts the loops of up to `bound` members; where `complete` is false there are more than that, and nobody
    has counted them. `loops` holds at most `most` of them. Of loops with up to `whole_to` members none is missing.
    """

    loops: tuple[Loop, ...]
    found: int
    complete: bool
    bound: int
    most: int
    whole_to: int

    @property
    def capped(self) -> bool:
        return not self.complete or self.found > len(self.loops)


def loop_of(graph: CausalGraph, members: Sequence[str]) -> Loop | None:
    """The loop of these factors in the order of influence, from any of them on; None where they form none."""
    links = {link.pair: link for link in graph.links if link.weight > 0}
    around = list(zip(members, (*members[1:], *members[:1]), strict=True))
    if len(members) < 2 or len(set(members)) < len(members) or not all(pair in links for pair in around):
        return None
    keys = sorted(members)
    place = {key: index for index, key in enumerate(keys)}
    first = members.index(keys[0])
    circle = tuple(place[key] for key in (*members[first:], *members[:first]))
    return _loop(circle, keys, {(place[source], place[target]): links[source, target] for source, target in around})


def find_loops(
    graph: CausalGraph, *, bound: int = LONGEST, most: int = MOST, most_looked_at: int = MOST_LOOKED_AT
) -> LoopSearch:
    """
    All simple cycles of up to `bound` factors (Gupta & Suzumura 2021, by networkx), the `most` shortest of them.

    The same for every order in which factors and links are given. A link of weight 0 is none. A map with more than
    `most_looked_at` such cycles is searched bound by bound from the shortest, so that the cut leaves out long loops.
    """
    if bound < 1 or most < 1 or most_looked_at < most:
        raise ValueError("bounds are positive, and at least as many loops are looked at as are kept")
    keys = sorted(graph.factors)
    place = {key: index for index, key in enumerate(keys)}
    links = {(place[link.source], place[link.target]): link for link in graph.links if link.weight > 0}
    circles, whole_to = _shortest(_Search.of(len(keys), sorted(links)), min(bound, len(keys)), most_looked_at)
    complete, whole_to = whole_to is None, bound if whole_to is None else whole_to
    kept = circles[:most]
    if len(kept) < len(circles):
        whole_to = min(whole_to, len(circles[most]) - 1)
    return LoopSearch(
        loops=tuple(_loop(circle, keys, links) for circle in kept),
        found=len(circles),
        complete=complete,
        bound=bound,
        most=most,
        whole_to=whole_to,
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """
    The map as networkx goes through it: through the busiest factors first, which takes the most off what is left.

    `places` says which place in the alphabet each of its nodes has.
    """

    directed: nx.DiGraph
    places: list[int]

    @classmethod
    def of(cls, size: int, pairs: list[tuple[int, int]]) -> "_Search":
        out, into = Counter(source for source, _ in pairs), Counter(target for _, target in pairs)
        places = sorted(range(size), key=lambda place: -out[place] * into[place])
        nodes = {place: node for node, place in enumerate(places)}
        directed = nx.DiGraph()
        directed.add_nodes_from(range(size))
        directed.add_edges_from(sorted((nodes[source], nodes[target]) for source, target in pairs))
        return cls(directed, places)

    def up_to(self, bound: int, limit: int) -> list[Circle]:
        """Circles of up to `bound` places, at most `limit`, each from its first place."""
        if bound < 2:
            return []
        places, circles = self.places, []
        for nodes in islice(cast(Iterator[list[int]], nx.simple_cycles(self.directed, length_bound=bound)), limit):
            circle = [places[node] for node in nodes]
            first = circle.index(min(circle))
            circles.append((*circle[first:], *circle[:first]))
        return circles


def _shortest(search: _Search, bound: int, limit: int) -> tuple[list[Circle], int | None]:
    """Circles in their order, and None, or the length up to which they are all there when there are too many."""
    circles = search.up_to(bound, limit + 1)
    if len(circles) <= limit:
        return _ordered(circles), None
    whole: list[Circle] = []
    for length in range(2, bound):
        further = search.up_to(length, limit + 1)
        if len(further) > limit:
            circles = further
            break
        whole = further
    else:
        length = bound
    longest = [circle for circle in circles if len(circle) == length]
    return _ordered(whole) + _ordered(longest)[: limit - len(whole)], length - 1


def _ordered(circles: list[Circle]) -> list[Circle]:
    circles.sort()
    circles.sort(key=len)
    return circles


def _loop(circle: Circle, keys: list[str], links: Mapping[tuple[int, int], Link]) -> Loop:
    out = [links[pair] for pair in zip(circle, (*circle[1:], circle[0]), strict=True)]
    return Loop(
        members=tuple([keys[place] for place in circle]),
        weights=tuple([link.weight for link in out]),
        lowering=[link.sign for link in out].count(LOWERS),
        delay=sum([link.delay for link in out]),
    )
