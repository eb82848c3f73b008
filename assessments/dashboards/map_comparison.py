"""The maps that stakeholder groups hold, side by side with each other and with what was drawn (rule L1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystems.causal.compare import ComparedLink, HeldMap, compare
from ecosystems.causal.graph import CausalGraph
from ecosystems.causal.votes import VotedLink, drawn_map, opinions_of
from ecosystems.enums import StakeholderGroup
from ecosystems.selectors.causal_maps import EcosystemMap

DRAWN = "drawn"
FAR, NEAR = 0.35, 0.15
"""From this share of the largest possible difference on two maps are called far apart, up to that one close."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose map it is. `links` are those it holds, `spoken` those it says anything about; `withheld` protects a few."""

    key: str
    name: str
    links: int
    spoken: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Two maps: per cent of the largest possible difference, None where they have nothing in common to compare."""

    one: str
    other: str
    distance: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A link that the maps do not agree on; who holds what, in names."""

    source: str
    target: str
    raised_by: str
    lowered_by: str
    not_held_by: str
    opposed: bool
    only_by: str
    agreement: float | None


@dataclass(frozen=True, slots=True)
class MapComparison:
    """`rows` of the distance table hold a cell for every holder, None on its own. `alike` counts links all agree on."""

    finding: str
    holders: tuple[Holder, ...]
    silent: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Apart | None, ...]], ...]
    differences: tuple[Difference, ...]
    alike: int

    @property
    def can_compare(self) -> bool:
        return len(self.holders) > 1


def map_comparison(found: EcosystemMap) -> MapComparison:
    """Every group of which enough people voted on some link, and the map as it was drawn."""
    voted = [link.voted for link in found.links if link.voted is not None]
    maps, silent = _maps(found, voted)
    names = {one.holder: _name(one.holder) for one in maps}
    withheld = _withheld(voted)
    comparison = compare(maps)
    apart = {
        frozenset((one.one, one.other)): Apart(
            names[one.one],
            names[one.other],
            None if one.distance is None else 100 * one.distance,
            _apart_words(one.distance),
        )
        for one in comparison.distances
    }
    differing = [link for link in comparison.links if _differs(link)]
    differing.sort(key=lambda link: (not link.opposed, 1.0 if link.agreement is None else link.agreement))
    return MapComparison(
        finding=_finding(list(apart.values()), sum(link.opposed for link in differing), len(maps)),
        holders=tuple(
            Holder(
                one.holder,
                names[one.holder],
                len(one.graph.links),
                len(one.graph.links) if one.known is None else len(one.known),
                withheld.get(one.holder, 0),
            )
            for one in maps
        ),
        silent=tuple(_name(group) for group in silent),
        rows=tuple(
            (
                names[one.holder],
                tuple(None if one is other else apart[frozenset((one.holder, other.holder))] for other in maps),
            )
            for one in maps
        ),
        differences=tuple(_difference(link, names, found.names) for link in differing),
        alike=len(comparison.links) - len(differing),
    )


def _maps(found: EcosystemMap, voted: list[VotedLink]) -> tuple[list[HeldMap], list[str]]:
    """The maps that may be shown, and the groups of which there is none: whether a few of them voted stays unsaid."""
    factors = [factor.key for factor in found.factors]
    drawn = CausalGraph.of(factors, (one for link in found.links for one in link.drawn))
    maps = [HeldMap(DRAWN, drawn)] if drawn.given else []
    silent = []
    for group in StakeholderGroup.values:
        known = frozenset(opinions_of(voted, group=group))
        if known:
            maps.append(HeldMap(group, drawn_map(voted, factors, group=group), known))
        else:
            silent.append(group)
    return maps, silent


def _withheld(voted: Iterable[VotedLink]) -> dict[str, int]:
    """On how many links a group's votes are not shown."""
    found: dict[str, int] = {}
    for link in voted:
        for group, opinion in link.groups:
            found[group] = found.get(group, 0) + (opinion is None)
    return found


def _differs(link: ComparedLink) -> bool:
    return sum(bool(holders) for holders in (link.raised_by, link.lowered_by, link.not_held_by)) > 1


def _difference(link: ComparedLink, names: Mapping[str, str], factors: Mapping[str, str]) -> Difference:
    return Difference(
        source=factors[link.source],
        target=factors[link.target],
        raised_by=_list(link.raised_by, names),
        lowered_by=_list(link.lowered_by, names),
        not_held_by=_list(link.not_held_by, names),
        opposed=link.opposed,
        only_by=names[link.only_by] if link.only_by else "",
        agreement=None if link.agreement is None else 100 * link.agreement,
    )


def _list(holders: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names[holder] for holder in holders)


def _name(holder: str) -> str:
    return _("As drawn") if holder == DRAWN else str(StakeholderGroup(holder).label)


def _apart_words(distance: float | None) -> str:
    if distance is None:
        return _("nothing to compare")
    return _("far apart") if distance >= FAR else _("close") if distance <= NEAR else _("some way apart")


def _finding(apart: list[Apart], opposed: int, maps: int) -> str:
    """One sentence a person could say aloud."""
    if maps < 2:
        return ""
    if opposed:
        return ngettext(
            "On %(n)d link some say it raises and others say it lowers: talk about that one first.",
            "On %(n)d links some say they raise and others say they lower: talk about those first.",
            opposed,
        ) % {"n": opposed}
    known = [(one.distance, one) for one in apart if one.distance is not None]
    if not known:
        return _("No two of these maps speak of the same links, so nothing can be compared yet.")
    distance, most = max(known, key=lambda pair: pair[0])
    if not distance:
        return _("Wherever two of these maps speak of the same link, they agree.")
    words = {"one": most.one, "other": most.other}
    return _("Nobody contradicts anybody on a direction. Farthest apart: “%(one)s” and “%(other)s”.") % words
