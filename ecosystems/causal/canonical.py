"""An order of a map's factors that depends on what they are linked to, not on what they are called."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from ecosystems.causal.graph import Pair

Colours = dict[str, int]


def canonical_order(factors: Sequence[str], pairs: Iterable[Pair], looks: Mapping[str, Hashable]) -> list[str]:
    """
    Factors in the same places whatever their keys are, wherever their `looks` (sortable) and links tell them apart.

    Colour refinement; where it leaves factors alike, one of them is told apart and the rest refined again (McKay 1981).
    Which one makes no difference where they can be exchanged without changing the map, as alike factors nearly always
    can.
    """
    out: dict[str, list[str]] = {key: [] for key in factors}
    into: dict[str, list[str]] = {key: [] for key in factors}
    for source, target in sorted({*pairs}):
        out[source].append(target)
        into[target].append(source)
    twins: Counter[Hashable] = Counter()
    seen: dict[str, tuple[Hashable, ...]] = {}
    for key in factors:  # with the same links to the same others, they can be exchanged: told apart at once
        alike = looks[key], tuple(out[key]), tuple(into[key])
        seen[key] = looks[key], twins[alike]
        twins[alike] += 1
    colours = _refined(_ranked(seen), out, into)
    while len(set(colours.values())) < len(factors):
        sizes = Counter(colours.values())
        first = min(colour for colour, size in sizes.items() if size > 1)
        chosen = next(key for key in factors if colours[key] == first)
        told = _ranked({key: (colours[key], key != chosen) for key in factors})
        colours = _refined(told, out, into)
    return sorted(factors, key=colours.__getitem__)


def _refined(colours: Colours, out: Mapping[str, list[str]], into: Mapping[str, list[str]]) -> Colours:
    """Split factors of one colour by the colours they are linked to, until that splits no more."""
    while True:
        seen = {
            key: (colour, sorted(colours[one] for one in out[key]), sorted(colours[one] for one in into[key]))
            for key, colour in colours.items()
        }
        found = _ranked({key: (colour, tuple(after), tuple(before)) for key, (colour, after, before) in seen.items()})
        if len(set(found.values())) == len(set(colours.values())):
            return found
        colours = found


def _ranked(seen: Mapping[str, tuple[Hashable, ...]]) -> Colours:
    ranks = {one: rank for rank, one in enumerate(sorted({*seen.values()}))}
    return {key: ranks[one] for key, one in seen.items()}
