"""A causal map: what raises or lowers what, how strongly and how late (rule L1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[str, str]
"""A link's two ends: the key of the factor that moves, the key of the one that is moved."""

RAISES: Final = 1
LOWERS: Final = -1


class UnusableMap(ValueError):
    """What was given is no causal map; `keys` names the factors at fault."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Link:
    """More of `source` raises (sign +1) or lowers (−1) `target`; weight 0–1, delay 0 (soon) or more (late)."""

    source: str
    target: str
    sign: int
    weight: float = 1.0
    delay: int = 0

    def __post_init__(self) -> None:
        if self.source == self.target:
            raise UnusableMap("a factor cannot be linked to itself", self.source)
        if self.sign not in (RAISES, LOWERS):
            raise UnusableMap("the sign of a link is +1 or -1", self.source, self.target)
        if not (isfinite(self.weight) and 0 <= self.weight <= 1):
            raise UnusableMap("the weight of a link lies between 0 and 1", self.source, self.target)
        if self.delay < 0:
            raise UnusableMap("the delay of a link is 0 or more", self.source, self.target)

    @property
    def pair(self) -> Pair:
        return self.source, self.target

    @property
    def effect(self) -> float:
        return self.sign * self.weight


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Opinions of opposite sign on one link. `net` is their mean effect; at 0 the map draws no link there."""

    source: str
    target: str
    raises: int
    lowers: int
    net: float


@dataclass(frozen=True, slots=True)
class CausalGraph:
    """
    Factors and at most one link from each to each other.

    `given` are the links as they came. Several on one pair are opinions on one link: it takes the sign and size of
    their mean effect (Özesmi & Özesmi 2004: agreement strengthens a link, opposite signs weaken it) and their longest
    delay. Opposite signs stay visible in `ambiguities`. Factors keep their order; links are in the order of factors.
    """

    factors: tuple[str, ...]
    links: tuple[Link, ...]
    given: tuple[Link, ...]
    ambiguities: tuple[Ambiguity, ...]

    @classmethod
    def of(cls, factors: Iterable[str], links: Iterable[Link] = ()) -> "CausalGraph":
        keys, given = tuple(factors), tuple(links)
        place = {key: index for index, key in enumerate(keys)}
        if len(place) < len(keys):
            raise UnusableMap("a factor stands twice", *sorted({key for key in keys if keys.count(key) > 1}))
        dangling = {end for link in given for end in link.pair if end not in place}
        if dangling:
            raise UnusableMap("a link names a factor that is not on the map", *sorted(dangling))
        opinions: dict[Pair, list[Link]] = defaultdict(list)
        for link in given:
            opinions[link.pair].append(link)
        pairs = sorted(opinions, key=lambda pair: (place[pair[0]], place[pair[1]]))
        return cls(
            factors=keys,
            links=tuple(merged for pair in pairs if (merged := _merged(opinions[pair])) is not None),
            given=given,
            ambiguities=tuple(found for pair in pairs if (found := _ambiguity(opinions[pair])) is not None),
        )

    def weights(self) -> Floats:
        """Signed weights, row: the factor that moves, column: the one that is moved (the order of fuzzy maps)."""
        place = self.places()
        found = np.zeros((len(self.factors), len(self.factors)))
        for link in self.links:
            found[place[link.source], place[link.target]] = link.effect
        return found

    def places(self) -> dict[str, int]:
        return {key: index for index, key in enumerate(self.factors)}

    def opinions(self) -> dict[Pair, tuple[float, ...]]:
        """The effects given on each pair that has more than one, smallest first."""
        found: dict[Pair, list[float]] = defaultdict(list)
        for link in self.given:
            found[link.pair].append(link.effect)
        return {pair: tuple(sorted(effects)) for pair, effects in sorted(found.items()) if len(effects) > 1}

    def relabelled(self, names: Mapping[str, str]) -> "CausalGraph":
        """The same map with other keys; a key that `names` leaves out stays as it is."""
        keys = {key: names.get(key, key) for key in self.factors}
        return CausalGraph.of(
            keys.values(),
            (replace(link, source=keys[link.source], target=keys[link.target]) for link in self.given),
        )


def _merged(opinions: list[Link]) -> Link | None:
    if len(opinions) == 1:
        return opinions[0]
    net = _net(opinions)
    if net == 0 and len({link.sign for link in opinions}) > 1:
        return None
    sign = (RAISES if net > 0 else LOWERS) if net else opinions[0].sign
    source, target = opinions[0].pair
    return Link(source, target, sign, min(abs(net), 1.0), max(link.delay for link in opinions))


def _ambiguity(opinions: list[Link]) -> Ambiguity | None:
    raises = sum(link.sign == RAISES for link in opinions)
    lowers = len(opinions) - raises
    if not raises or not lowers:
        return None
    return Ambiguity(*opinions[0].pair, raises=raises, lowers=lowers, net=_net(opinions))


def _net(opinions: list[Link]) -> float:
    """Mean effect; what only rounding leaves is 0."""
    return round(sum(sorted(link.effect for link in opinions)) / len(opinions), 12) + 0.0
