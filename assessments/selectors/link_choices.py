"""Which links of the causal map a wave or a room could ask about: first those of which an answer would tell most."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from ecosystems.causal.graph import Pair
from ecosystems.models import Ecosystem
from ecosystems.selectors.causal_maps import BETWEEN_MEMBERS, EcosystemMap, MapLink, loop_names, map_of

MOST_SUGGESTED: Final = 12
LITTLE_AGREEMENT: Final = 0.5


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """`key` names the link in a form; `why` says what an answer would tell, '' where it is not suggested."""

    key: str
    source: int
    target: int
    ends: tuple[str, str]
    """Names of source and target."""
    why: str = ""

    @property
    def name(self) -> str:
        return " → ".join(self.ends)


def link_choices(ecosystem: Ecosystem) -> tuple[LinkChoice, ...]:
    """Every link between factors on the map: up to twelve suggested ones first, the others by name.

    Suggested are links on which opinions are split, then those of loops that somebody named and on which nobody has
    voted, then other links without a vote, then those on which people agree least.
    """
    found = map_of(ecosystem)
    loops = _loops_of_links(ecosystem)
    ranked = [(rank, _choice(found, link, why)) for link in found.links for rank, why in (_worth(link, loops),)]
    suggested = sorted((one for one in ranked if one[1].why), key=lambda one: one[0])[:MOST_SUGGESTED]
    first = tuple(choice for _rank, choice in suggested)
    keys = {choice.key for choice in first}
    return (*first, *(_choice(found, link, "") for link in found.links if _key(link) not in keys))


def _worth(link: MapLink, loops: dict[Pair, str]) -> tuple[tuple[int, float], str]:
    """How early the link is suggested, and why."""
    loop, opinion = loops.get(link.pair, ""), link.opinion
    if link.ambiguous:
        return (0, opinion.agreement if opinion else 0.0), _("opinions are split")
    if opinion is None:
        if loop:
            return (1, 0.0), _("part of “%(loop)s”, and not voted on yet") % {"loop": loop}
        return (2, -abs(link.effect)), _("not voted on yet")
    if opinion.agreement < LITTLE_AGREEMENT:
        return (3, opinion.agreement), _("people agree little")
    if loop:
        return (4, opinion.agreement), _("part of “%(loop)s”") % {"loop": loop}
    return (5, 0.0), ""


def _loops_of_links(ecosystem: Ecosystem) -> dict[Pair, str]:
    found: dict[Pair, str] = {}
    for members, named in sorted(loop_names(ecosystem).items()):
        keys = members.split(BETWEEN_MEMBERS)
        for pair in zip(keys, [*keys[1:], keys[0]], strict=True):
            found.setdefault(pair, named.name)
    return found


def _choice(found: EcosystemMap, link: MapLink, why: str) -> LinkChoice:
    ends = found.names[link.source], found.names[link.target]
    return LinkChoice(_key(link), int(link.source), int(link.target), ends, why)


def _key(link: MapLink) -> str:
    return f"{link.source}-{link.target}"
