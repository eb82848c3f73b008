"""The causal map of an ecosystem as it stands: factors, links as drawn and as voted, what may be shown of the votes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from django.db.models import Count

from ecosystems.causal.graph import LOWERS, RAISES, CausalGraph, Link, Pair
from ecosystems.causal.layout import beside, box_for
from ecosystems.causal.link_draws import LEVELS, VotedLinks
from ecosystems.causal.votes import STRONGEST, Opinion, Vote, VotedLink, effects_of, voted_links
from ecosystems.models import CausalMap, DrawnLink, Ecosystem, Factor, LinkVote, LoopName

BETWEEN_MEMBERS: Final = ">"


@dataclass(frozen=True, slots=True)
class MapFactor:
    """
    A factor on the map. `key` is what the pure core and the pages call it: its primary key as text.

    `x` and `y` are the middle of its box; where nobody has placed it, a place beside the others.
    """

    key: str
    name: str
    facet: str
    indicator: str
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class MapLink:
    """
    One link, as drawn and as voted. Where enough people voted, their votes are the link; else what was drawn is.

    `drawn` holds up to two opinions, one that raises and one that lowers. `voted` is None where nobody voted, and
    `withheld` where too few did. `groups` are the opinions of stakeholder groups, None where too few of one voted.
    `origins` are the workshops and waves whose votes count, with how many people each, most first.
    """

    source: str
    target: str
    drawn: tuple[Link, ...] = ()
    voted: VotedLink | None = None
    origins: tuple[tuple[str, int], ...] = ()

    @property
    def pair(self) -> Pair:
        return self.source, self.target

    @property
    def opinion(self) -> Opinion | None:
        return self.voted.everybody if self.voted else None

    @property
    def withheld(self) -> bool:
        return self.voted is not None and self.voted.withheld

    @property
    def groups(self) -> Mapping[str, Opinion | None]:
        return dict(self.voted.groups) if self.voted else {}

    @property
    def effect(self) -> float:
        """Signed weight, −1…1."""
        if self.opinion is not None:
            return self.opinion.effect
        return round(sum(link.effect for link in self.drawn) / len(self.drawn), 12) + 0.0 if self.drawn else 0.0

    @property
    def sign(self) -> int:
        return (self.effect > 0) - (self.effect < 0)

    @property
    def held(self) -> bool:
        """Whether the map draws it: opposite opinions have not cancelled out, and most voters see an effect."""
        return self.opinion.held if self.opinion is not None else self.sign != 0

    @property
    def delay(self) -> int:
        """0 at once, 1 within months, 2 after a year or more."""
        if self.opinion is not None and self.opinion.delay is not None:
            return round(self.opinion.delay)
        return max((link.delay for link in self.drawn), default=0)

    @property
    def ambiguous(self) -> bool:
        """Held to raise by some and to lower by others."""
        if self.opinion is not None:
            return self.opinion.conflict
        return len({link.sign for link in self.drawn}) > 1

    @property
    def counts(self) -> tuple[int, ...]:
        """Opinions from −3 to +3: the votes that may be shown, else each drawn one as one voice."""
        if self.opinion is not None:
            return self.opinion.counts
        found = [0] * LEVELS
        for link in self.drawn:
            found[STRONGEST + link.sign * round(link.weight * STRONGEST)] += 1
        return tuple(found)


@dataclass(frozen=True)
class EcosystemMap:
    """Factors by name, links in the order of factors; both only of what is on the map."""

    ecosystem: Ecosystem
    revision: int
    factors: tuple[MapFactor, ...]
    links: tuple[MapLink, ...]

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {factor.key: factor.name for factor in self.factors}

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {factor.key: place for place, factor in enumerate(self.factors)}

    @cached_property
    def by_key(self) -> Mapping[str, MapFactor]:
        return {factor.key: factor for factor in self.factors}

    @cached_property
    def held(self) -> tuple[MapLink, ...]:
        return tuple(link for link in self.links if link.held)

    @cached_property
    def graph(self) -> CausalGraph:
        """The links that the map draws, one on each pair (for loops, leverage and measures)."""
        links = (
            Link(*link.pair, RAISES if link.sign > 0 else LOWERS, min(abs(link.effect), 1.0), link.delay)
            for link in self.held
        )
        return CausalGraph.of((factor.key for factor in self.factors), links)

    @cached_property
    def effects(self) -> Mapping[Pair, tuple[float, ...]]:
        """
        Every voice on a link of which there are several, as an effect of −1…1 (for leverage under uncertain weights).

        Those are the votes on it, else the two opposite opinions that were drawn, whether or not they cancel out.
        """
        voted = effects_of({link.pair: link.opinion for link in self.links if link.opinion is not None})
        opposed = {link.pair: link.drawn for link in self.links if link.opinion is None and len(link.drawn) > 1}
        return voted | {pair: tuple(sorted(link.effect for link in drawn)) for pair, drawn in opposed.items()}

    @cached_property
    def opinions(self) -> VotedLinks:
        """Every link with how many hold −3…+3, by the places of the factors (for scenarios)."""
        told = [link for link in self.links if any(link.counts)]
        return VotedLinks.of(
            len(self.factors),
            [self.places[link.source] for link in told],
            [self.places[link.target] for link in told],
            [link.counts for link in told],
        )


class _Row(NamedTuple):
    """Votes alike: how many, and where they were given."""

    origin: str
    shown_from: int
    vote: Vote
    number: int


def map_of(ecosystem: Ecosystem) -> EcosystemMap:
    """The map as it stands, in four queries; empty where nobody has begun it."""
    revision = CausalMap.objects.filter(ecosystem=ecosystem).values_list("revision", flat=True).first()
    factors = [
        MapFactor(str(row.pk), row.name, row.facet, row.indicator, row.x, row.y)
        for row in Factor.objects.filter(ecosystem=ecosystem, on_map=True)
    ]
    rows = DrawnLink.objects.filter(ecosystem=ecosystem).values_list(
        "source_id", "target_id", "sign", "strength", "delay"
    )
    return map_as_drawn(ecosystem, factors, [drawn_link(*row) for row in rows], revision=revision or 0)


def drawn_link(source: int, target: int, sign: int, strength: int, delay: int) -> Link:
    """A link as it is drawn: factors by their primary keys, strength 1–3."""
    return Link(str(source), str(target), sign, strength / STRONGEST, delay)


def map_as_drawn(
    ecosystem: Ecosystem, factors: Iterable[MapFactor], links: Iterable[Link], *, revision: int = 0
) -> EcosystemMap:
    """What these factors and links are as a map with the votes that there are now, in one query."""
    factors = tuple(sorted(factors, key=lambda one: (one.name.casefold(), int(one.key))))
    known = {factor.key for factor in factors}
    drawn: dict[Pair, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda one: -one.sign):
        drawn[(link.source, link.target)].append(link)
    voted = {link.pair: (link, origins) for link, origins in _voted(_rows(ecosystem))}
    place = {factor.key: at for at, factor in enumerate(factors)}
    pairs = sorted(
        (pair for pair in {*drawn, *voted} if known.issuperset(pair)), key=lambda pair: (place[pair[0]], place[pair[1]])
    )
    return EcosystemMap(
        ecosystem=ecosystem,
        revision=revision,
        factors=_placed(factors, pairs),
        links=tuple(MapLink(*pair, tuple(drawn.get(pair, ())), *voted.get(pair, (None, ()))) for pair in pairs),
    )


def _placed(factors: tuple[MapFactor, ...], pairs: Iterable[Pair]) -> tuple[MapFactor, ...]:
    placed = {one.key: (one.x, one.y) for one in factors if one.x is not None and one.y is not None}
    free = [one.key for one in factors if one.key not in placed]
    if not free:
        return factors
    found = placed | beside(free, placed, pairs, {one.key: box_for(one.name) for one in factors})
    return tuple(replace(one, x=found[one.key][0], y=found[one.key][1]) for one in factors)


def loop_names(ecosystem: Ecosystem) -> dict[str, LoopName]:
    """What people called loops, by the keys of their members: see `members_key`."""
    return {row.members: row for row in LoopName.objects.filter(ecosystem=ecosystem)}


def members_key(members: Iterable[str]) -> str:
    """A loop's key: its members in the order of influence, as `find_loops` gives them."""
    return BETWEEN_MEMBERS.join(members)


def _rows(ecosystem: Ecosystem) -> list[_Row]:
    found = (
        LinkVote.objects.filter(ecosystem=ecosystem)
        .values_list("origin", "shown_from", "source_id", "target_id", "effect", "delay", "group")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return [
        _Row(origin, shown_from, Vote(str(source), str(target), effect, delay, group), number)
        for origin, shown_from, source, target, effect, delay, group, number in found
    ]


Origins = tuple[tuple[str, int], ...]


def _voted(rows: list[_Row]) -> list[tuple[VotedLink, Origins]]:
    """
    What may be shown of the votes on each link (rules L1, D2), and how many people of which origin it is from.

    Votes of one origin came together: they count where enough people gave one there, and stand under a group's name
    where enough of that group did. Likewise the delays of a group, or of the rest, count where enough of them gave
    one. So what a later origin adds to what an earlier one showed is never a few people.
    """
    by_origin: dict[tuple[str, Pair], list[_Row]] = defaultdict(list)
    for row in rows:
        by_origin[(row.origin, (row.vote.source, row.vote.target))].append(row)
    heard: dict[Pair, list[Vote]] = defaultdict(list)
    least: dict[Pair, int] = {}
    origins: dict[Pair, dict[str, int]] = defaultdict(dict)
    for (origin, pair), some in by_origin.items():
        minimum = max(row.shown_from for row in some)
        (told,) = voted_links(_each(some), minimum=minimum)
        shown = {group for group, opinion in told.groups if opinion is not None}
        heard[pair] += [] if told.withheld else _heard(_each(some), shown, minimum)
        if not told.withheld:
            least[pair] = max(least.get(pair, 0), minimum)
            origins[pair][origin] = sum(row.number for row in some)
    return [
        (_together(pair, votes, least.get(pair, 0)), _most_first(origins[pair]))
        for pair, votes in sorted(heard.items())
    ]


def _most_first(origins: Mapping[str, int]) -> Origins:
    return tuple(sorted(origins.items(), key=lambda entry: (-entry[1], entry[0])))


def _heard(votes: list[Vote], shown: Collection[str], minimum: int) -> list[Vote]:
    """Under the names of shown groups, with the delays of those of whom enough gave one."""
    named = [vote if vote.group in shown else replace(vote, group="") for vote in votes]
    late = Counter(vote.group for vote in named if vote.delay is not None)
    return [vote if late[vote.group] >= minimum else replace(vote, delay=None) for vote in named]


def _together(pair: Pair, votes: list[Vote], minimum: int) -> VotedLink:
    if not votes:
        return VotedLink(*pair, everybody=None, groups=())
    (found,) = voted_links(votes, minimum=minimum)
    return found


def _each(rows: Iterable[_Row]) -> list[Vote]:
    return [row.vote for row in rows for _ in range(row.number)]
