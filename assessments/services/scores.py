"""The stale mark: what says that a wave's numbers are behind its answers, and what has been shown of them."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments import tasks
from assessments.models import Response, Score, Wave, WaveResult


def mark_stale(*, wave: Wave) -> None:
    """Say, in the transaction of a write, that the wave's scores must be recomputed; a worker is woken on commit."""
    Wave.objects.filter(pk=wave.pk).update(scores_version=F("scores_version") + 1)
    transaction.on_commit(lambda: tasks.wake_rescore(wave.pk), robust=True)


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
    mark_stale(wave=wave)


def mark_results_shown(*, wave: Wave) -> None:
    """Somebody has seen numbers of this wave: it cannot be reopened any more (rule D2)."""
    if not wave.results_shown:
        Wave.objects.filter(pk=wave.pk).update(results_shown=True)
        wave.results_shown = True
