"""Ratings and figures side by side: their gap, and both together where enough is known (rule S8)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.material import Material
from assessments.dashboards.values import reason_words
from assessments.scoring.evidence import EvidenceScore, blend, gap
from assessments.scoring.results import Cell
from assessments.selectors.evidence import Figure, counts, dimension_evidence, is_typed, score_of
from assessments.selectors.instrument_texts import IndicatorText
from ecosystems.numerals import MINUS


@dataclass(frozen=True)
class EvidenceRow:
    """One dimension. `gap` and `together` are None where the ratings are not shown; `rule` says what made the last."""

    code: str
    mark: str
    name: str
    ratings: Cell
    reason: str
    figures: EvidenceScore
    gap: float | None
    together: float | None
    rule: str


@dataclass(frozen=True)
class FigureRow:
    """One figure. `score` is None where it is only shown."""

    mark: str
    dimension: str
    name: str
    value: str
    unit: str
    score: float | None
    goalposts: str
    note: str


@dataclass(frozen=True)
class Evidence:
    """`rows` and `figures` are empty where nothing is kept with the wave."""

    rows: tuple[EvidenceRow, ...]
    figures: tuple[FigureRow, ...]


def evidence(material: Material, figures: Mapping[str, Figure]) -> Evidence | None:
    """None where figures have no place: in a 360°, on a page of leadership, and without an indicator to write down."""
    indicators = material.text.evidence
    asked = [row for row in material.rows if row.level == "dimension"]
    known = [one for row in asked for one in indicators.get(row.code, ()) if is_typed(one)]
    if material.is_360 or not known:
        return None
    kept = [(one, figures[one.code]) for one in known if one.code in figures]
    rows = []
    for row in asked if kept else ():
        score = dimension_evidence(indicators.get(row.code, ()), figures)
        cell = material.cell(row)
        both = None if cell.value is None or cell.withheld else blend(cell.value, score)
        rows.append(
            EvidenceRow(
                code=row.code,
                mark=material.mark(row.code),
                name=material.name(row.code),
                ratings=cell,
                reason="" if cell.shown or cell.withheld else reason_words(cell.reason),
                figures=score,
                gap=gap(score, cell.value) if both and cell.value is not None else None,
                together=both.score if both else None,
                rule=_rule(both.share, score) if both else "",
            )
        )
    return Evidence(tuple(rows), tuple(_figure(material, *one) for one in kept))


def plain_figure(value: float) -> str:
    """As it was typed: `12`, `0.4`, `−3`."""
    return typed_figure(value).replace("-", MINUS)


def typed_figure(value: float) -> str:
    """As a field takes it back, without losing a digit."""
    return str(int(value)) if value.is_integer() else repr(value)


def goalposts_words(indicator: IndicatorText) -> str:
    """`0 → 0 points, 2 → 100 points`; the end that earns nothing comes first."""
    if not counts(indicator) or indicator.low is None or indicator.high is None:
        return _("shown only, never scored")
    ends = (indicator.low, indicator.high)
    none, all_ = reversed(ends) if indicator.direction == "lower_is_better" else ends
    said = {"none": plain_figure(float(none)), "all": plain_figure(float(all_))}
    return _("%(none)s → 0 points, %(all)s → 100 points") % said


def _rule(share: float, score: EvidenceScore) -> str:
    if share:
        said = {"ratings": round(100 * (1 - share)), "figures": round(100 * share)}
        return _("%(ratings)s %% ratings, %(figures)s %% figures") % said
    if not score.of:
        return _("ratings alone: no figures of its own")
    counted = {"known": score.known, "of": score.of}
    return (
        ngettext(
            "ratings alone: %(known)s of %(of)s figures is known",
            "ratings alone: %(known)s of %(of)s figures are known",
            score.known,
        )
        % counted
    )


def _figure(material: Material, indicator: IndicatorText, kept: Figure) -> FigureRow:
    return FigureRow(
        mark=material.mark(indicator.dimension),
        dimension=material.name(indicator.dimension),
        name=indicator.name,
        value=plain_figure(kept.value),
        unit=indicator.unit,
        score=score_of(indicator, kept.value),
        goalposts=goalposts_words(indicator),
        note=kept.note,
    )
