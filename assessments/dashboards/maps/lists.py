"""A causal map as two tables: its factors, and its links in sentences."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.dashboards.maps.drawing import DrawnFactor, DrawnOpinion, MapDrawing, ShownLink
from assessments.dashboards.maps.words import DELAYS, STRENGTHS


@dataclass(frozen=True, slots=True)
class FactorRow:
    """`influences` and `influenced` count the links that leave it and that reach it."""

    factor: DrawnFactor
    influences: int
    influenced: int


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """One link as drawn: which way, how strongly, how soon. `id` leads to its form."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    source: str
    target: str
    text: str
    """Raises, lowers, or people disagree."""
    drawn: tuple[OpinionRow, ...]
    link: ShownLink


def factor_rows(drawing: MapDrawing) -> list[FactorRow]:
    leave = Counter(link.source for link in drawing.links)
    reach = Counter(link.target for link in drawing.links)
    return [FactorRow(factor, leave[factor.key], reach[factor.key]) for factor in drawing.factors]


def link_rows(drawing: MapDrawing) -> list[LinkRow]:
    names = drawing.names
    return [
        LinkRow(
            source=names[link.source],
            target=names[link.target],
            text=link_words(link),
            drawn=tuple(OpinionRow(one.id, opinion_words(one)) for one in link.drawn),
            link=link,
        )
        for link in drawing.links
    ]


def link_words(link: ShownLink) -> str:
    if link.ambiguous:
        return _("raises or lowers: people disagree")
    if not link.held:
        return _("drawn, but most who voted see no effect") if link.drawn else _("most who voted see no effect")
    return _("raises") if link.sign > 0 else _("lowers")


def opinion_words(one: DrawnOpinion) -> str:
    told = {"strength": str(dict(STRENGTHS)[one.strength]), "delay": str(dict(DELAYS)[one.delay])}
    if one.sign > 0:
        return _("raises: %(strength)s, %(delay)s") % told
    return _("lowers: %(strength)s, %(delay)s") % told
