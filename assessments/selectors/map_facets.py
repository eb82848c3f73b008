"""What a factor of an ecosystem's map can be tied to: facets, dimensions and evidence indicators, and their scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, When

from assessments.enums import About, WaveState
from assessments.models import InstrumentVersion, Score, Wave
from assessments.selectors.evidence import indicator_scores
from assessments.selectors.instrument_texts import InstrumentText, instrument_text
from assessments.selectors.room_facets import newest_shared
from ecosystems.models import Ecosystem

SCORED_LEVELS = ("facet", "dimension", "construct")
"""A construct is to a part of leadership what a facet is to a dimension."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A facet, a dimension or an indicator: its code, its name and its dimension's code."""

    code: str
    name: str
    dimension: str


@dataclass(frozen=True, slots=True)
class TieGroup:
    """A dimension with its facets; `facets` begins with the dimension itself."""

    name: str
    facets: tuple[Tie, ...]
    indicators: tuple[Tie, ...]


@dataclass(frozen=True)
class MapFacets:
    """
    The instrument of an ecosystem's newest wave about the whole system, else the newest that everybody may use.

    `wave` is the newest closed one with numbers, whose scores stand beside factors; None where there is none. `scores`
    holds those of facets, and by their own codes those of indicators, each from the newest closed wave with a figure.
    """

    groups: tuple[TieGroup, ...] = ()
    wave: Wave | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    leadership: tuple[TieGroup, ...] = ()
    """Parts of leadership with their constructs: principles, practices, conditions, …; no dimension is made of them."""

    @property
    def facets(self) -> Mapping[str, Tie]:
        return {tie.code: tie for group in self.groups for tie in group.facets}

    @property
    def names(self) -> Mapping[str, str]:
        """Of everything that a factor can be tied to, by its code."""
        return {tie.code: tie.name for tie in (*self.measured.values(), *self.indicators.values())}

    @property
    def constructs(self) -> Mapping[str, Tie]:
        return {tie.code: tie for group in self.leadership for tie in group.facets}

    @property
    def measured(self) -> Mapping[str, Tie]:
        """Everything that has a score of its own."""
        return {**self.facets, **self.constructs}

    @property
    def indicators(self) -> Mapping[str, Tie]:
        return {tie.code: tie for group in self.groups for tie in group.indicators}

    def score_of(self, facet: str, indicator: str) -> float | None:
        """Of what a factor is tied to: its facet, where it has one, else its indicator."""
        return self.scores.get(facet if facet in self.measured else indicator)


def map_facets(ecosystem: Ecosystem) -> MapFacets:
    """In three queries, two before anything was measured."""
    waves = Wave.objects.filter(assessment__ecosystem=ecosystem, assessment__about=About.SYSTEM)
    waves = waves.exclude(state=WaveState.DRAFT).select_related("version__instrument")
    final = Case(When(state=WaveState.CLOSED, result__isnull=False, then=0), default=1)
    newest = (
        waves.defer("version__definition", "version__item_codes")
        .annotate(final=final)
        .order_by("final", "-opened_at", "-pk")
        .first()
    )
    version: InstrumentVersion | None = newest.version if newest else newest_shared()
    if version is None:
        return MapFacets()
    wave = newest if newest is not None and newest.final == 0 else None
    rows = Score.objects.filter(wave=wave, level__in=SCORED_LEVELS, group_key="", value__isnull=False)
    scores = {code: value for code, value in rows.values_list("code", "value") if value is not None} if wave else {}
    text = instrument_text(version)
    if wave is not None:
        scores |= indicator_scores(ecosystem, text)
    return MapFacets(groups=tie_groups(text), leadership=leadership_groups(text), wave=wave, scores=scores)


def tie_groups(text: InstrumentText) -> tuple[TieGroup, ...]:
    """Dimension by dimension, in the order of the instrument."""
    return tuple(
        TieGroup(
            name=block.name,
            facets=(
                Tie(block.code, block.name, block.code),
                *(Tie(facet.code, facet.name, block.code) for facet in text.facets_of(block.code)),
            ),
            indicators=tuple(
                Tie(indicator.code, indicator.name, block.code) for indicator in text.evidence.get(block.code, ())
            ),
        )
        for block in text.dimensions
    )


def leadership_groups(text: InstrumentText) -> tuple[TieGroup, ...]:
    """Part by part of leadership, in the order of the instrument; a part itself cannot be tied to."""
    return tuple(
        TieGroup(
            name=block.name,
            facets=tuple(Tie(facet.code, facet.name, block.code) for facet in text.facets_of(block.code)),
            indicators=(),
        )
        for block in text.leadership
    )
