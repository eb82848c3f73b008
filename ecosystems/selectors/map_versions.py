"""Versions of a causal map: what one holds, and how two of them differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import QuerySet

from ecosystems.models import DrawnLink, Ecosystem, Factor, MapVersion
from ecosystems.selectors.causal_maps import EcosystemMap, MapFactor, drawn_link, map_as_drawn, map_of

FORMAT: Final = 1
One = TypeVar("One", str, "LinkOf", "Level")


class Ends(NamedTuple):
    """A link's factors, as they are called in the later of two versions that has them."""

    source: str
    target: str


class Renamed(NamedTuple):
    before: str
    after: str


class Retied(NamedTuple):
    """A factor that stands for another facet or evidence indicator; '' is none."""

    name: str
    facet_before: str
    facet: str
    indicator_before: str
    indicator: str


class LinkOf(NamedTuple):
    """A drawn link: more of the source raises (+1) or lowers (−1) the target."""

    ends: Ends
    sign: int


class Level(NamedTuple):
    """A strength or a delay of a drawn link that became another."""

    ends: Ends
    sign: int
    before: int
    after: int


class Voted(NamedTuple):
    """What the votes on a link say, −1…1; None: not enough people had voted, or nobody."""

    ends: Ends
    before: float | None
    after: float | None


@dataclass(frozen=True)
class MapDifference:
    """
    What became different from one version to another, in the order of names.

    `removed` links are those whose factors are still there; those that went with a factor are `gone_with_factors`.
    """

    factors_added: tuple[str, ...] = ()
    factors_removed: tuple[str, ...] = ()
    factors_renamed: tuple[Renamed, ...] = ()
    factors_retied: tuple[Retied, ...] = ()
    factors_moved: int = 0
    links_added: tuple[LinkOf, ...] = ()
    links_removed: tuple[LinkOf, ...] = ()
    gone_with_factors: tuple[LinkOf, ...] = ()
    links_reversed: tuple[LinkOf, ...] = ()
    stronger: tuple[Level, ...] = ()
    weaker: tuple[Level, ...] = ()
    later: tuple[Level, ...] = ()
    sooner: tuple[Level, ...] = ()
    voted: tuple[Voted, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == MapDifference()


def versions_of(ecosystem: Ecosystem) -> QuerySet[MapVersion]:
    """The newest first, with who kept them; `content` is left out until somebody asks for it."""
    found = MapVersion.objects.filter(map__ecosystem=ecosystem).select_related("by", "map__ecosystem")
    return found.defer("content").order_by("-number")


def content_of(ecosystem: Ecosystem) -> dict[str, Any]:
    """The map as it is now, as a version holds it: factors, links, and of the votes only what may be shown.

    `held` are the links that the map draws, as loops are found on them (see `kept_maps`).
    """
    return drawn_of(ecosystem) | _voted_on(map_of(ecosystem))


def drawn_of(ecosystem: Ecosystem) -> dict[str, Any]:
    """What of it was drawn: factors and links, in two queries, however many have voted."""
    factors = Factor.objects.filter(ecosystem=ecosystem, on_map=True).order_by("pk")
    links = DrawnLink.objects.filter(ecosystem=ecosystem, source__on_map=True, target__on_map=True)
    return {
        "format": FORMAT,
        "factors": [
            {
                "id": one.pk,
                "name": one.name,
                "facet": one.facet,
                "indicator": one.indicator,
                "x": one.x,
                "y": one.y,
            }
            for one in factors
        ],
        "links": [
            {
                "source": one.source_id,
                "target": one.target_id,
                "sign": one.sign,
                "strength": one.strength,
                "delay": one.delay,
            }
            for one in links.order_by("source", "target", "-sign")
        ],
    }


def with_votes(ecosystem: Ecosystem, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """What a version holds of a map that was drawn so, with the votes that there are now."""
    links = [
        drawn_link(one["source"], one["target"], one["sign"], one["strength"], one["delay"]) for one in drawn["links"]
    ]
    return {**drawn, **_voted_on(map_as_drawn(ecosystem, factors_in(drawn), links))}


def factors_in(content: Mapping[str, Any]) -> list[MapFactor]:
    """The factors that a version holds."""
    return [
        MapFactor(str(one["id"]), one["name"], one["facet"], one["indicator"], one["x"], one["y"])
        for one in content["factors"]
    ]


def _voted_on(found: EcosystemMap) -> dict[str, Any]:
    voted = [(link.pair, link.opinion) for link in found.links]
    return {
        "voted": [
            {"source": int(pair[0]), "target": int(pair[1]), "effect": round(opinion.effect, 3), "n": opinion.n}
            for pair, opinion in voted
            if opinion is not None
        ],
        "held": [
            {
                "source": int(link.source),
                "target": int(link.target),
                "sign": link.sign,
                "weight": link.weight,
                "delay": link.delay,
            }
            for link in found.graph.links
        ],
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> MapDifference:
    """How the map of `after` differs from that of `before`. A factor is the same one whatever it is called."""
    return _Comparison(before, after).difference()


class _Comparison:
    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.old = {one["id"]: one for one in before["factors"]}
        self.new = {one["id"]: one for one in after["factors"]}
        self.names = {pk: one["name"] for pk, one in (self.old | self.new).items()}
        self.old_links, self.new_links = _links(before), _links(after)
        self.old_votes, self.new_votes = _votes(before), _votes(after)

    def difference(self) -> MapDifference:
        kept = sorted(self.old.keys() & self.new.keys(), key=lambda pk: (self.names[pk].casefold(), pk))
        turned = self._turned()
        removed = self._told(
            link for link in self.old_links.keys() - self.new_links.keys() if (link[0], link[1]) not in turned
        )
        gone = {one["name"] for pk, one in self.old.items() if pk not in self.new}
        return MapDifference(
            factors_added=_sorted(self.new[pk]["name"] for pk in self.new.keys() - self.old.keys()),
            factors_removed=_sorted(gone),
            factors_renamed=tuple(
                Renamed(self.old[pk]["name"], self.new[pk]["name"])
                for pk in kept
                if self.old[pk]["name"] != self.new[pk]["name"]
            ),
            factors_retied=tuple(
                Retied(
                    self.new[pk]["name"],
                    self.old[pk]["facet"],
                    self.new[pk]["facet"],
                    self.old[pk]["indicator"],
                    self.new[pk]["indicator"],
                )
                for pk in kept
                if any(self.old[pk][tie] != self.new[pk][tie] for tie in ("facet", "indicator"))
            ),
            factors_moved=sum(any(self.old[pk][way] != self.new[pk][way] for way in ("x", "y")) for pk in kept),
            links_added=self._told(
                link for link in self.new_links.keys() - self.old_links.keys() if (link[0], link[1]) not in turned
            ),
            links_removed=tuple(link for link in removed if not gone.intersection(link.ends)),
            gone_with_factors=tuple(link for link in removed if gone.intersection(link.ends)),
            links_reversed=self._told(
                link for link in self.new_links.keys() - self.old_links.keys() if (link[0], link[1]) in turned
            ),
            stronger=self._levels("strength", up=True),
            weaker=self._levels("strength", up=False),
            later=self._levels("delay", up=True),
            sooner=self._levels("delay", up=False),
            voted=self._voted(),
        )

    def _turned(self) -> set[tuple[int, int]]:
        """Pairs that had a link of one sign and now have one of the other."""
        old, new = _signs(self.old_links), _signs(self.new_links)
        return {
            pair for pair in old.keys() & new.keys() if len(old[pair]) == len(new[pair]) == 1 and old[pair] != new[pair]
        }

    def _ends(self, source: int, target: int) -> Ends:
        return Ends(self.names[source], self.names[target])

    def _told(self, links: Iterable[tuple[int, int, int]]) -> tuple[LinkOf, ...]:
        return _sorted(LinkOf(self._ends(source, target), sign) for source, target, sign in links)

    def _levels(self, what: str, *, up: bool) -> tuple[Level, ...]:
        found = []
        for link in self.old_links.keys() & self.new_links.keys():
            before, after = self.old_links[link][what], self.new_links[link][what]
            if before != after and (after > before) is up:
                found.append(Level(self._ends(link[0], link[1]), link[2], before, after))
        return _sorted(found)

    def _voted(self) -> tuple[Voted, ...]:
        found = [
            Voted(self._ends(*pair), self.old_votes.get(pair), self.new_votes.get(pair))
            for pair in self.old_votes.keys() | self.new_votes.keys()
            if self.old_votes.get(pair) != self.new_votes.get(pair)
        ]
        return tuple(sorted(found, key=lambda one: one.ends))


def _links(content: Mapping[str, Any]) -> dict[tuple[int, int, int], dict[str, int]]:
    return {(one["source"], one["target"], one["sign"]): one for one in content["links"]}


def _votes(content: Mapping[str, Any]) -> dict[tuple[int, int], float]:
    return {(one["source"], one["target"]): one["effect"] for one in content["voted"]}


def _signs(links: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], set[int]]:
    found: dict[tuple[int, int], set[int]] = {}
    for source, target, sign in links:
        found.setdefault((source, target), set()).add(sign)
    return found


def _sorted(found: Iterable[One]) -> tuple[One, ...]:
    return tuple(sorted(found))
