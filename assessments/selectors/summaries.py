"""Feedback-loop summaries as they were computed with closed waves."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from assessments.enums import About, WaveState
from assessments.models import FeedbackSummary, SummaryMark, Wave, WaveMap
from assessments.scoring.feedback import Feedback
from ecosystems.models import Ecosystem, Organization


@dataclass(frozen=True)
class SummedUp:
    """
    A wave's summary; `waves` are those of its loops' health, oldest first, the last one is `wave`.

    `heard` are those whose signals are counted in its learning cycle.
    """

    wave: Wave
    waves: tuple[Wave, ...]
    feedback: Feedback
    heard: tuple[Wave, ...] = ()


@dataclass(frozen=True)
class SummariesDone:
    """Up to which change an ecosystem's summaries are made; `is_behind`: there was one since, or one will come."""

    version: int = 0
    is_behind: bool = False


def newest_summary(ecosystem: Ecosystem) -> SummedUp | None:
    """That of the wave closed last, in two queries; None where nothing was summed up yet."""
    row = _rows().filter(wave__assessment__ecosystem=ecosystem).first()
    return None if row is None else _summed_up(row)


def newest_in(organization: Organization) -> SummedUp | None:
    """That of the wave closed last in any of its ecosystems, in two queries."""
    row = _rows().filter(wave__assessment__ecosystem__organization=organization).first()
    return None if row is None else _summed_up(row)


def summary_of(wave: Wave) -> tuple[SummedUp | None, bool]:
    """That of one closed wave, and whether no later wave of its ecosystem was summed up, in two queries."""
    later = FeedbackSummary.objects.filter(
        wave__assessment__ecosystem=OuterRef("wave__assessment__ecosystem"),
        wave__state=WaveState.CLOSED,
        wave__closed_at__gt=OuterRef("wave__closed_at"),
    )
    row = _rows().filter(wave=wave).annotate(is_newest=~Exists(later)).first()
    return (None, False) if row is None else (_summed_up(row), row.is_newest)


def is_behind(ecosystem: Ecosystem) -> bool:
    """Whether something changed that the summaries do not know of yet."""
    return summaries_done(ecosystem).is_behind


def summaries_done(ecosystem: Ecosystem) -> SummariesDone:
    """How far its summaries are, in one query. Votes of a closed wave that are still to be counted will change them."""
    to_count = WaveMap.objects.filter(
        wave__assessment__ecosystem=OuterRef("ecosystem"), wave__assessment__about=About.SYSTEM, drawn__isnull=False
    )
    marks = SummaryMark.objects.filter(ecosystem=ecosystem).annotate(waits=Exists(to_count))
    found = marks.values_list("done_version", "version", "waits").first()
    return SummariesDone(found[0], is_behind=found[0] < found[1] or found[2]) if found else SummariesDone()


def _rows() -> "QuerySet[FeedbackSummary]":
    related = ("wave__assessment__ecosystem__organization", "wave__version")
    heavy = ("wave__version__definition", "wave__version__item_codes")
    found = FeedbackSummary.objects.filter(wave__state=WaveState.CLOSED)
    return found.select_related(*related).defer(*heavy).order_by("-wave__closed_at", "-wave_id")


def _summed_up(row: FeedbackSummary) -> SummedUp:
    feedback = Feedback.from_json(row.results)
    found = Wave.objects.in_bulk({*feedback.waves, *feedback.heard})
    waves, heard = (tuple(found[pk] for pk in some if pk in found) for some in (feedback.waves, feedback.heard))
    return SummedUp(row.wave, waves, feedback, heard)
