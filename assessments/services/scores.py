"""The stale mark: what says that a wave's numbers are behind its answers, and what has been shown of them."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments import tasks
from assessments.models import FeedbackSummary, Response, Scenario, Score, Wave, WaveResult
from assessments.services.summary_marks import mark_summaries_stale
from assessments.services.wake_ups import wake_once

RESCORE_DELAY_SECONDS = 0.5
"""Answers that come within this time are scored together."""


def mark_stale(*, wave: Wave) -> None:
    """Say, in the transaction of a write, that the wave's scores must be recomputed; a worker is woken on commit."""
    Wave.objects.filter(pk=wave.pk).update(scores_version=F("scores_version") + 1)
    transaction.on_commit(lambda: wake_rescore(wave.pk), robust=True)


def wake_rescore(wave_id: int) -> None:
    wake_once(tasks.rescore_wave, wave_id, seconds=RESCORE_DELAY_SECONDS)


def stale_waves() -> QuerySet[Wave]:
    """Waves whose numbers are behind their answers and that nobody is working on."""
    return Wave.objects.filter(scores_done_version__lt=F("scores_version")).filter(
        Q(scores_lease_until=None) | Q(scores_lease_until__lt=timezone.now())
    )


@transaction.atomic
def forget_scores(*, wave: Wave) -> None:
    """Before a wave is reopened: nothing has been shown, so nothing counts as released."""
    Response.objects.filter(wave=wave).update(released=False)
    Score.objects.filter(wave=wave).delete()
    WaveResult.objects.filter(wave=wave).delete()
    FeedbackSummary.objects.filter(wave=wave).delete()
    Scenario.objects.filter(outcome_wave=wave).update(outcome_wave=None, outcome=None)
    mark_stale(wave=wave)
    mark_summaries_stale(ecosystem_id=wave.assessment.ecosystem_id)


class OpenedAgain(Exception):
    """The wave was opened again after its numbers were read, so these may not be shown."""


def mark_results_shown(*, wave: Wave) -> None:
    """Say, before it happens, that somebody sees numbers of this closed wave: it cannot be reopened any more (rule D2).

    Raises OpenedAgain where it has been since the wave was read.
    """
    if not wave.results_shown:
        as_read = Wave.objects.filter(pk=wave.pk, state=wave.state, closed_at=wave.closed_at)
        if not as_read.update(results_shown=True):
            raise OpenedAgain
        wave.results_shown = True
