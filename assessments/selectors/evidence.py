"""Figures beside ratings (rule S8): what was kept with a wave, as scores between the instrument's goalposts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from assessments.enums import About, WaveState
from assessments.models import EvidenceValue, Wave
from assessments.scoring.evidence import EvidenceScore, evidence_score, normalise
from assessments.selectors.instrument_texts import IndicatorText, InstrumentText
from ecosystems.models import Ecosystem


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    value: float
    note: str = ""


def figures_of(wave: Wave) -> dict[str, Figure]:
    """Indicator → what was kept with this wave, in one query."""
    rows = EvidenceValue.objects.filter(wave=wave).order_by("indicator")
    return {code: Figure(value, note) for code, value, note in rows.values_list("indicator", "value", "note")}


def figures_before(wave: Wave) -> tuple[str, dict[str, Figure]]:
    """Title and figures of the newest earlier wave of the same assessment that has any, in one query."""
    rows = EvidenceValue.objects.filter(wave__assessment=wave.assessment_id, wave__number__lt=wave.number)
    found = list(rows.select_related("wave").defer("wave__version").order_by("-wave__number", "indicator"))
    if not found:
        return "", {}
    newest = found[0].wave
    return newest.title, {one.indicator: Figure(one.value, one.note) for one in found if one.wave_id == newest.pk}


def is_typed(indicator: IndicatorText) -> bool:
    """What is computed from the ratings of the wave itself is nobody's to write down."""
    return indicator.independent_of_ratings


def counts(indicator: IndicatorText) -> bool:
    """Whether the indicator is part of its dimension's evidence score."""
    has_goalposts = indicator.low is not None and indicator.high is not None
    return indicator.independent_of_ratings and has_goalposts and indicator.direction != "shown_only"


def score_of(indicator: IndicatorText, value: float | None) -> float | None:
    """0 to 100; None where there is no figure, or none that is scored."""
    if value is None or not counts(indicator):
        return None
    assert indicator.low is not None
    assert indicator.high is not None
    lower_is_better = indicator.direction == "lower_is_better"
    return normalise(value, low=indicator.low, high=indicator.high, lower_is_better=lower_is_better)


def dimension_evidence(indicators: Iterable[IndicatorText], figures: Mapping[str, Figure]) -> EvidenceScore:
    """Of one dimension; what is only shown, or made of the ratings themselves, counts neither way."""
    scored = [one for one in indicators if counts(one)]
    return evidence_score([score_of(one, figures[one.code].value if one.code in figures else None) for one in scored])


def indicator_scores(ecosystem: Ecosystem, text: InstrumentText, *, until: Wave | None = None) -> dict[str, float]:
    """Each indicator's score by its figure in the newest closed wave that has one, in one query.

    `until`: as it was with this wave. Goalposts are those of `text`.
    """
    rows = EvidenceValue.objects.filter(
        wave__assessment__ecosystem=ecosystem, wave__assessment__about=About.SYSTEM, wave__state=WaveState.CLOSED
    )
    if until is not None and until.closed_at is not None:
        rows = rows.filter(wave__closed_at__lte=until.closed_at)
    latest_first = F("wave__closed_at").desc(nulls_last=True)
    newest = rows.order_by("indicator", latest_first, "-wave__pk").distinct("indicator")
    values = dict(newest.values_list("indicator", "value"))
    scores = {
        one.code: score_of(one, values[one.code])
        for indicators in text.evidence.values()
        for one in indicators
        if one.code in values
    }
    return {code: score for code, score in scores.items() if score is not None}
