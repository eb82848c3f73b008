"""The learning cycle of an ecosystem as it stands today: how long signals take, and who waits (rule L5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.cycle import CycleStep, cycle
from assessments.charts.spec import Chart, Look
from assessments.dashboards.loops.words import answered_words, days_words, stage_name, waiting_words
from assessments.dashboards.words import chart_words
from assessments.models import Signal, Wave
from assessments.scoring.learning_cycle import LearningCycle, cycles_by_dimension, learning_cycle
from assessments.selectors.definitions import MARKS
from assessments.selectors.map_facets import MapFacets
from assessments.selectors.signals import Followup, signals_of, until
from ecosystems.models import Ecosystem


@dataclass(frozen=True)
class SignalRow:
    row: Signal
    stage: str
    mark: str
    dimension: str
    is_answered: bool
    days: int


@dataclass(frozen=True)
class DimensionShare:
    mark: str
    name: str
    raised: int
    answered: int


@dataclass(frozen=True)
class Learning:
    """`chart` is None until the first signal. `waiting`: what its medians do not know of, step by step."""

    chart: Chart | None
    waiting: tuple[str, ...]
    summary: str
    oldest: str
    by_dimension: tuple[DimensionShare, ...]
    signals: tuple[SignalRow, ...]
    waves: tuple[Wave, ...]


def learning_of(ecosystem: Ecosystem, facets: MapFacets, *, today: date | None = None) -> Learning:
    """The learning cycle as it stands today."""
    today = today or timezone.localdate()
    found = signals_of(ecosystem)
    known = until(found, today)
    told = learning_cycle(known, today=today)
    oldest = next((one.row for one in found if str(one.row.pk) == told.oldest), None)
    names = facets.names
    return Learning(
        chart=_cycle_chart(told) if told.raised else None,
        waiting=tuple(waiting_words(step) for step in told.steps if step.waiting),
        summary=answered_words(told),
        oldest=ngettext(
            "Without an answer for %(n)s day: %(title)s",
            "Without an answer for %(n)s days: %(title)s",
            told.oldest_days or 0,
        )
        % {"n": told.oldest_days, "title": oldest.title}
        if oldest
        else "",
        by_dimension=shares_of(cycles_by_dimension(known, today=today), names),
        signals=tuple(_signal(one, names, today) for one in sorted(found, key=_unanswered_first)),
        waves=tuple({one.row.wave_id: one.row.wave for one in found}.values()),
    )


def shares_of(cycles: Mapping[str, LearningCycle], names: Mapping[str, str]) -> tuple[DimensionShare, ...]:
    """Of the cycles of dimensions by code; signals of no dimension are left out."""
    return tuple(
        DimensionShare(MARKS.get(code, ""), names.get(code, code), one.raised, one.answered)
        for code, one in cycles.items()
        if code
    )


def _unanswered_first(one: Followup) -> tuple[bool, date, int]:
    return one.followed.answered, one.row.raised_on, one.row.pk


def _signal(one: Followup, names: Mapping[str, str], today: date) -> SignalRow:
    row = one.row
    return SignalRow(
        row=row,
        stage=stage_name(one.stage),
        mark=MARKS.get(row.dimension, ""),
        dimension=names.get(row.dimension, ""),
        is_answered=one.followed.answered,
        days=(today - row.raised_on).days,
    )


def _cycle_chart(told: LearningCycle) -> Chart:
    steps = [CycleStep(_("Signal"), _("%(n)s heard") % {"n": told.raised})]
    for step in told.steps:
        days = step.median_days
        wait = ""
        if days is not None:
            wait = days_words(days)
        count = _("%(n)s of %(all)s") % {"n": step.reached, "all": step.out_of}
        steps.append(CycleStep(stage_name(step.stage), count, days, wait))
    return cycle(steps, title=_("From a signal to a moved score, median days"), look=Look(words=chart_words()))
