"""A causal map as its editor and its list show it: factors with their scores, links as drawn and as voted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.dashboards.maps.history import Told, told
from assessments.selectors.definitions import MARKS
from assessments.selectors.map_facets import MapFacets
from ecosystems.causal.graph import Pair
from ecosystems.models import DrawnLink, MapEdit
from ecosystems.selectors.causal_maps import EcosystemMap, MapFactor, MapLink


@dataclass(frozen=True, slots=True)
class DrawnFactor:
    """`tie` is what it is tied to in words, '' for a free one; `score` its newest number, where there is one."""

    key: str
    name: str
    facet: str
    indicator: str
    tie: str
    mark: str
    score: float | None
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class DrawnOpinion:
    """A link as an editor drew it; `id` is its row."""

    id: int
    sign: int
    strength: int
    delay: int


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One link with what was drawn and what may be told of the votes; `voted` is how many voted, where it may be."""

    source: str
    target: str
    effect: float
    sign: int
    delay: int
    drawn: tuple[DrawnOpinion, ...]
    voted: int | None
    withheld: bool
    agreement: float | None
    ambiguous: bool
    held: bool


@dataclass(frozen=True)
class MapDrawing:
    revision: int
    factors: tuple[DrawnFactor, ...]
    links: tuple[ShownLink, ...]
    edits: tuple[Told, ...]
    """The newest edits, the newest first."""

    @property
    def scored(self) -> bool:
        """Whether a number stands beside any factor."""
        return any(factor.score is not None for factor in self.factors)

    @property
    def figured(self) -> bool:
        """Whether any of these numbers is made of a figure from a register, not of ratings."""
        return any(factor.score is not None and not factor.facet for factor in self.factors)

    @property
    def names(self) -> Mapping[str, str]:
        return {factor.key: factor.name for factor in self.factors}


def map_drawing(
    found: EcosystemMap, *, facets: MapFacets, drawn: Iterable[DrawnLink], edits: Iterable[MapEdit] = ()
) -> MapDrawing:
    rows: dict[Pair, list[DrawnOpinion]] = defaultdict(list)
    for row in drawn:
        rows[(str(row.source_id), str(row.target_id))].append(DrawnOpinion(row.pk, row.sign, row.strength, row.delay))
    return MapDrawing(
        revision=found.revision,
        factors=tuple(_factor(factor, facets) for factor in found.factors),
        links=tuple(_link(link, tuple(rows.get(link.pair, ()))) for link in found.links),
        edits=tuple(told(edit) for edit in edits),
    )


def _factor(factor: MapFactor, facets: MapFacets) -> DrawnFactor:
    tie = facets.measured.get(factor.facet) or facets.indicators.get(factor.indicator)
    score = facets.score_of(factor.facet, factor.indicator)
    return DrawnFactor(
        key=factor.key,
        name=factor.name,
        facet=factor.facet,
        indicator=factor.indicator,
        tie=tie.name if tie else factor.facet or factor.indicator,
        mark=MARKS.get(tie.dimension, "") if tie else "",
        score=None if score is None else round(score, 1),
        x=factor.x,
        y=factor.y,
    )


def _link(link: MapLink, drawn: tuple[DrawnOpinion, ...]) -> ShownLink:
    return ShownLink(
        source=link.source,
        target=link.target,
        effect=round(link.effect, 4),
        sign=link.sign,
        delay=link.delay,
        drawn=drawn,
        voted=link.opinion.n if link.opinion else None,
        withheld=link.withheld,
        agreement=round(link.opinion.agreement, 3) if link.opinion else None,
        ambiguous=link.ambiguous,
        held=link.held,
    )


def as_json(drawing: MapDrawing) -> dict[str, Any]:
    """For the editor's script, which words nothing itself."""
    return {
        "revision": drawing.revision,
        "factors": [{name: getattr(one, name) for name in DrawnFactor.__slots__} for one in drawing.factors],
        "links": [
            {name: getattr(one, name) for name in ShownLink.__slots__ if name != "drawn"}
            | {"drawn": [{name: getattr(way, name) for name in DrawnOpinion.__slots__} for way in one.drawn]}
            for one in drawing.links
        ],
        "edits": [{"key": one.key, "revision": one.revision, "text": one.text} for one in drawing.edits],
    }
