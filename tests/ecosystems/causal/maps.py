"""Maps that several tests draw."""

from collections.abc import Iterable

import numpy as np
from hypothesis import strategies as st

from ecosystems.causal.graph import CausalGraph, Link


def links(*drawn: str) -> tuple[Link, ...]:
    """Of "a+b" and "b-c", a link each."""
    return tuple(Link(one[0], one[2], 1 if one[1] == "+" else -1) for one in drawn)


def drawn(*given: str, further: Iterable[str] = ()) -> CausalGraph:
    keys = sorted({end for one in given for end in (one[0], one[2])} | set(further))
    return CausalGraph.of(keys, links(*given))


def complete(size: int, sign: int = 1) -> CausalGraph:
    keys = [f"f{at:02}" for at in range(size)]
    return CausalGraph.of(keys, (Link(one, other, sign) for one in keys for other in keys if one != other))


def scattered(factors: int, count: int, seed: int) -> CausalGraph:
    """So many factors and links, by chance: the same for the same seed."""
    chance = np.random.default_rng(seed)
    keys = [f"f{at:02}" for at in range(factors)]
    places = chance.choice(factors * (factors - 1), size=count, replace=False)
    found = []
    for place in places.tolist():
        source, target = divmod(place, factors - 1)
        target += target >= source
        sign = 1 if chance.random() < 0.7 else -1
        found.append(Link(keys[source], keys[target], sign, round(float(chance.uniform(0.1, 1)), 2)))
    return CausalGraph.of(keys, found)


@st.composite
def causal_graphs(draw: st.DrawFn, most: int = 6) -> CausalGraph:
    keys = [f"f{at}" for at in range(draw(st.integers(0, most)))]
    pairs = [(one, other) for one in keys for other in keys if one != other]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return CausalGraph.of(
        keys,
        [
            Link(
                *pair, draw(st.sampled_from((1, -1))), draw(st.sampled_from((0.25, 0.5, 1.0))), draw(st.integers(0, 2))
            )
            for pair in chosen
        ],
    )
