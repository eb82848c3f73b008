"""Every link of a causal map in words: as drawn, as voted, how far people agree, and who sees it otherwise."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.charts.link_votes import LinkRow, LinkVotes, link_votes
from assessments.charts.spec import WITHHELD, Chart, Look, Missing
from assessments.dashboards.words import chart_words
from assessments.selectors.link_words import delay_words, effect_words
from ecosystems.causal.votes import STRONGEST, Opinion
from ecosystems.enums import StakeholderGroup
from ecosystems.selectors.causal_maps import EcosystemMap, MapLink

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

FILTERS: "Final[Mapping[str, tuple[StrPromise, Callable[[MapLink], bool]]]]" = {
    "": (gettext_lazy("All links"), lambda link: True),
    "conflict": (gettext_lazy("Opinions split"), lambda link: link.ambiguous),
    "voted": (gettext_lazy("Voted on"), lambda link: link.opinion is not None),
    "drawn": (gettext_lazy("Only drawn"), lambda link: link.opinion is None and bool(link.drawn)),
    "minority": (gettext_lazy("With a minority"), lambda link: link.opinion is not None and link.opinion.minority > 0),
    "not-held": (gettext_lazy("Not on the map"), lambda link: not link.held),
}
ORDERS: "Final[Mapping[str, StrPromise]]" = {
    "": gettext_lazy("Split opinions first"),
    "name": gettext_lazy("By name"),
    "effect": gettext_lazy("Strongest first"),
    "agreement": gettext_lazy("Least agreement first"),
    "votes": gettext_lazy("Most votes first"),
}


@dataclass(frozen=True, slots=True)
class ListedLink:
    """
    `ways` is what it does, one line an opinion where two were drawn. Shares are per cent of the votes.

    `origins` say where the votes were given, and how many people did there. `minority` says how many see it otherwise
    than most; `standing` why it is not on the map, '' where it is.
    """

    key: str
    source: str
    target: str
    ways: tuple[str, ...]
    basis: str
    votes: int | None
    raises: float | None
    none: float | None
    lowers: float | None
    agreement: float | None
    conflict: bool
    minority: str
    standing: str
    withheld: bool
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkList:
    """`counts` are the links of each filter, in the order in which to offer them."""

    links: tuple[MapLink, ...]
    show: str
    order: str
    counts: tuple[tuple[str, str, int], ...]
    names: Mapping[str, str]

    def listed(self, links: Iterable[MapLink], origins: Mapping[str, str]) -> tuple[ListedLink, ...]:
        """Those of one page, in words; `origins` are the names of where votes were given."""
        return tuple(replace(_listed(link, self.names), origins=_origins(link, origins)) for link in links)


def link_list(found: EcosystemMap, *, show: str = "", order: str = "") -> LinkList:
    """The links of one filter in an order; what is unknown counts as the first of each."""
    show, order = show if show in FILTERS else "", order if order in ORDERS else ""
    links = [link for link in found.links if FILTERS[show][1](link)]
    links.sort(key=_sorting(order))
    counts = tuple((key, str(label), sum(test(link) for link in found.links)) for key, (label, test) in FILTERS.items())
    return LinkList(tuple(links), show, order, counts, found.names)


def votes_on(found: EcosystemMap, key: str) -> Chart | None:
    """The votes on one link, everybody and each group; None where the map knows no votes on it."""
    link = next((one for one in found.links if link_key(one) == key and one.voted is not None), None)
    if link is None:
        return None
    source, target = found.names[link.source], found.names[link.target]
    groups = [LinkRow(_group(group), target, chart_votes(opinion)) for group, opinion in link.groups.items()]
    return link_votes(
        [LinkRow(_("Everybody"), target, chart_votes(link.opinion)), *groups],
        title=_("Does “%(source)s” raise or lower “%(target)s”?") % {"source": source, "target": target},
        look=Look(words=chart_words(), salt="votes"),
    )


def chart_votes(opinion: Opinion | None) -> LinkVotes | Missing:
    """What the chart of links is given."""
    if opinion is None:
        return WITHHELD
    a, b, c, d, e, f, g = opinion.counts
    delay = "" if opinion.delay is None else delay_words()[round(opinion.delay)]
    return LinkVotes((a, b, c, d, e, f, g), delay=delay, split=opinion.conflict)


def link_key(link: MapLink) -> str:
    """A link's name in addresses."""
    return f"{link.source}-{link.target}"


def way(sign: int, strength: float, delay: int) -> str:
    """`raises it strongly, within months`, as on the phones of those who vote."""
    return f"{effect_words()[sign * min(max(round(strength), 1), STRONGEST)]}, {delay_words()[delay]}"


def _sorting(order: str) -> Callable[[MapLink], Any]:
    """Links that are alike stay in the order of the map, which is by name."""

    def agreement(link: MapLink) -> float:
        return link.opinion.agreement if link.opinion is not None else 2.0

    return {
        "": lambda link: (not link.ambiguous, agreement(link)),
        "name": lambda link: 0,
        "effect": lambda link: -abs(link.effect),
        "agreement": agreement,
        "votes": lambda link: -(link.opinion.n if link.opinion is not None else 0),
    }[order]


def _listed(link: MapLink, names: Mapping[str, str]) -> ListedLink:
    opinion = link.opinion
    shares = tuple(100 * share for share in (opinion.raises, opinion.none, opinion.lowers)) if opinion else (None,) * 3
    return ListedLink(
        key=link_key(link),
        source=names[link.source],
        target=names[link.target],
        ways=_ways(link),
        basis=_basis(link),
        votes=opinion.n if opinion else None,
        raises=shares[0],
        none=shares[1],
        lowers=shares[2],
        agreement=100 * opinion.agreement if opinion else None,
        conflict=link.ambiguous,
        minority=_minority(opinion),
        standing=_standing(link),
        withheld=link.withheld,
    )


def _ways(link: MapLink) -> tuple[str, ...]:
    opinion = link.opinion
    if opinion is not None:
        if not opinion.held or opinion.strength is None:
            return (_("has no effect, taken together") if opinion.sign == 0 else _("has no effect, say most"),)
        return (way(opinion.sign, opinion.strength, link.delay),)
    return tuple(way(one.sign, one.weight * STRONGEST, one.delay) for one in link.drawn)


def _basis(link: MapLink) -> str:
    if link.opinion is not None:
        return _("drawn, then voted on") if link.drawn else _("voted")
    return _("drawn") if link.drawn else ""


def _origins(link: MapLink, names: Mapping[str, str]) -> tuple[str, ...]:
    """`Autumn wave: 23 people`, one line an origin."""
    return tuple(
        ngettext("%(origin)s: %(n)d person", "%(origin)s: %(n)d people", n) % {"origin": names[origin], "n": n}
        for origin, n in link.origins
    )


def _minority(opinion: Opinion | None) -> str:
    if opinion is None or not opinion.minority:
        return ""
    n = round(opinion.minority * opinion.n)
    return ngettext("%(n)d sees it otherwise", "%(n)d see it otherwise", n) % {"n": n}


def _standing(link: MapLink) -> str:
    if link.held:
        return ""
    if link.opinion is None:
        if not link.drawn:
            return ""
        return _("not on the map: both opinions are equally strong")
    if not link.opinion.sign:
        return _("not on the map: the votes cancel out")
    if link.drawn:
        return _("drawn, but most who voted see no effect")
    return _("not on the map: most who voted see no effect")


def _group(group: str) -> str:
    return str(StakeholderGroup(group).label) if group in StakeholderGroup.values else group
