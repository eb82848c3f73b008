"""Feedback-loop summaries as they were computed with closed waves."""

from dataclasses import dataclass

from django.db.models import F

from assessments.enums import WaveState
from assessments.models import FeedbackSummary, SummaryMark, Wave
from assessments.scoring.feedback import Feedback
from ecosystems.models import Ecosystem


@dataclass(frozen=True)
class SummedUp:
    """A wave's summary; `waves` are those of its loops' health, oldest first, the last one is `wave`."""

    wave: Wave
    waves: tuple[Wave, ...]
    feedback: Feedback


def newest_summary(ecosystem: Ecosystem) -> SummedUp | None:
    """That of the wave closed last, in two queries; None where nothing was summed up yet."""
    row = (
        FeedbackSummary.objects.filter(wave__assessment__ecosystem=ecosystem, wave__state=WaveState.CLOSED)
        .select_related("wave__assessment")
        .order_by("-wave__closed_at", "-wave_id")
        .first()
    )
    return None if row is None else _summed_up(row)


def summary_of(wave: Wave) -> SummedUp | None:
    """That of one closed wave."""
    row = FeedbackSummary.objects.filter(wave=wave, wave__state=WaveState.CLOSED).select_related("wave").first()
    return None if row is None else _summed_up(row)


def is_behind(ecosystem: Ecosystem) -> bool:
    """Whether something changed that the summaries do not know of yet."""
    return SummaryMark.objects.filter(ecosystem=ecosystem, done_version__lt=F("version")).exists()


def _summed_up(row: FeedbackSummary) -> SummedUp:
    feedback = Feedback.from_json(row.results)
    found = Wave.objects.in_bulk(feedback.waves)
    return SummedUp(row.wave, tuple(found[pk] for pk in feedback.waves if pk in found), feedback)
