"""Reading scenarios, what a new one would start from, and how well an organization foresees (rule L4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from assessments.enums import About, ScenarioState, WaveState
from assessments.models import Scenario, ScenarioBet, Score, Wave
from assessments.selectors.evidence import indicator_scores
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.map_facets import SCORED_LEVELS, MapFacets, leadership_groups, map_facets, tie_groups
from assessments.selectors.scenario_records import (
    Basis,
    BasisDimension,
    BasisFactor,
    BasisLink,
    basis_of,
    came_of,
    ran_of,
)
from ecosystems.causal.forecast_skill import Forecast, ForecastSkill, forecast_skill
from ecosystems.causal.scenario import NotRun
from ecosystems.models import Ecosystem, Organization
from ecosystems.selectors.causal_maps import EcosystemMap, map_of

NO_DIMENSIONS = "no_dimensions"
"""No factor of the map is tied to a dimension: nothing to watch."""


@dataclass(frozen=True)
class Ground:
    """What a new scenario stands on: the map, the wave whose scores it starts from, and why it cannot be run, if so."""

    map: EcosystemMap
    wave: Wave | None
    basis: Basis
    problem: str = ""


@dataclass(frozen=True)
class Foresight:
    """Skill of the scenarios and of people's own bets, each None before the first outcome; over `scenarios` of them.

    `waves` are those that said what came.
    """

    maps: ForecastSkill | None
    people: ForecastSkill | None
    scenarios: int
    waves: tuple[Wave, ...] = ()


def ground_of(ecosystem: Ecosystem, wave: Wave | None = None) -> Ground:
    """The map and the scores now, or those of an earlier closed wave."""
    found, facets = map_of(ecosystem), map_facets(ecosystem)
    start = wave or facets.wave
    if wave is not None and wave != facets.wave:
        text = instrument_text(wave.version)
        scores = _scores(wave) | indicator_scores(ecosystem, text, until=wave)
        groups, leadership = tie_groups(text), leadership_groups(text)
        facets = MapFacets(groups=groups, leadership=leadership, wave=wave, scores=scores)
    basis = Basis(
        revision=found.revision,
        factors=tuple(
            BasisFactor(factor.key, factor.name, facets.score_of(factor.facet, factor.indicator))
            for factor in found.factors
        ),
        links=tuple(
            BasisLink(found.places[link.source], found.places[link.target], tuple(int(n) for n in link.counts))
            for link in found.links
            if any(link.counts)
        ),
        dimensions=_dimensions(found, facets, withheld_dimensions(start)),
    )
    return Ground(map=found, wave=start, basis=basis, problem=problem_of(basis))


def problem_of(basis: Basis) -> str:
    """Why nothing can be run on this, as a code; '' where it can."""
    if not basis.factors:
        return NotRun.EMPTY_MAP
    if not basis.links:
        return NotRun.NO_LINKS
    if all(factor.score is None for factor in basis.factors):
        return NotRun.NO_MEASURED_FACTORS
    return "" if any(dimension.factors for dimension in basis.dimensions) else NO_DIMENSIONS


def scenarios_of(ecosystem: Ecosystem) -> "QuerySet[Scenario]":
    """Newest first, with what a page says of each."""
    bets = ScenarioBet.objects.select_related("by").order_by("by__name", "by_id", "pk")
    return (
        Scenario.objects.filter(ecosystem=ecosystem)
        .select_related("wave", "outcome_wave", "created_by", "ecosystem__organization", "room_step__workshop")
        .defer("wave__version", "outcome_wave__version")
        .prefetch_related(Prefetch("bets", queryset=bets))
    )


def latest_scenario(ecosystem: Ecosystem) -> Scenario | None:
    """The newest that has been run, for the feedback-loops page."""
    return scenarios_of(ecosystem).filter(state=ScenarioState.DONE).first()


def next_waves(scenarios: Sequence[Scenario]) -> dict[int, Wave]:
    """By scenario: the first closed and scored wave after the one it starts from, of the same assessment."""
    started = {scenario.pk: scenario.wave for scenario in scenarios if scenario.wave is not None}
    assessments = {wave.assessment_id for wave in started.values()}
    waves = Wave.objects.filter(
        assessment__in=assessments, assessment__about=About.SYSTEM, state=WaveState.CLOSED, result__isnull=False
    ).order_by("number")
    later = list(waves.defer("version"))
    found = {}
    for pk, start in started.items():
        after = (w for w in later if w.assessment_id == start.assessment_id and w.number > start.number)
        wave = next(after, None)
        if wave is not None:
            found[pk] = wave
    return found


def dimension_scores(wave: Wave) -> dict[str, float]:
    """The released scores of a wave's dimensions; a withheld one is left out."""
    return _scores(wave, ("dimension",))


def withheld_dimensions(wave: Wave | None) -> frozenset[str]:
    rows = Score.objects.filter(wave=wave, level="dimension", group_key="", withheld=True)
    return frozenset(rows.values_list("code", flat=True)) if wave else frozenset()


def foresight_of(organization: Organization) -> Foresight:
    """Over every saved scenario and bet whose next wave has come, whether or not its levers were pressed."""
    told = Scenario.objects.filter(
        organization=organization,
        state=ScenarioState.DONE,
        outcome__isnull=False,
        outcome_wave__state=WaveState.CLOSED,
    ).select_related("outcome_wave")
    waves: dict[int, Wave] = {}
    by_map: list[Forecast] = []
    by_people: list[Forecast] = []
    scenarios = 0
    for scenario in told.prefetch_related("bets"):
        before = {one.code: one.score for one in basis_of(scenario.basis).dimensions}
        came, ran = came_of(scenario.outcome), ran_of(scenario.result)
        assert came is not None
        assert ran is not None
        counted = 0
        for code, outcome in came.scores.items():
            now, moved = before.get(code), ran.of(code)
            if now is None:
                continue
            if moved is not None:
                low, middle, high = (
                    _held(now + by) for by in (moved.change.low, moved.change.median, moved.change.high)
                )
                by_map.append(Forecast(middle, now, outcome, low, high))
                counted += 1
            by_people += [
                Forecast(_held(now + bet.points), now, outcome) for bet in scenario.bets.all() if bet.dimension == code
            ]
        scenarios += counted > 0
        if scenario.outcome_wave is not None:
            waves[scenario.outcome_wave.pk] = scenario.outcome_wave
    return Foresight(forecast_skill(by_map), forecast_skill(by_people), scenarios, tuple(waves.values()))


def _held(value: float) -> float:
    return min(max(value, 0.0), 100.0)


def _scores(wave: Wave, levels: tuple[str, ...] = SCORED_LEVELS) -> dict[str, float]:
    rows = Score.objects.filter(wave=wave, level__in=levels, group_key="", value__isnull=False, withheld=False)
    return {code: value for code, value in rows.values_list("code", "value") if value is not None}


def _dimensions(found: EcosystemMap, facets: MapFacets, withheld: Collection[str]) -> tuple[BasisDimension, ...]:
    ties = facets.facets
    named = {tie.dimension: ties[tie.dimension].name for tie in ties.values()}
    # evidence of a dimension belongs to it, whether or not its indicator has a figure
    tied = [ties.get(factor.facet) or facets.indicators.get(factor.indicator) for factor in found.factors]
    return tuple(
        BasisDimension(
            code,
            name,
            tuple(place for place, tie in enumerate(tied) if tie is not None and tie.dimension == code),
            facets.scores.get(code),
            code in withheld,
        )
        for code, name in named.items()
    )
