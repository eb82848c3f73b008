"""The stale mark of feedback-loop summaries: what says that they are behind the map, the scores or the commitments."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments import tasks
from assessments.enums import WaveState
from assessments.models import SummaryMark, Wave
from assessments.services.wake_ups import wake_once

SUMMARY_DELAY_SECONDS = 1.0
"""Changes that come within this time are summed up together."""


@transaction.atomic
def mark_summaries_stale(*, ecosystem_id: int) -> None:
    """Say, in the transaction of a write, that an ecosystem's summaries are behind; a worker is woken on commit."""
    SummaryMark.objects.get_or_create(ecosystem_id=ecosystem_id)
    SummaryMark.objects.filter(ecosystem_id=ecosystem_id).update(version=F("version") + 1)
    transaction.on_commit(lambda: wake_summaries(ecosystem_id), robust=True)


def hold_closed_waves(*, ecosystem_id: int) -> None:
    """Let nobody rescore a closed wave, or open it again, until the end of the transaction.

    Whoever does writes its mark, or the outcomes of scenarios, with the wave locked: so waves come first, else two
    would wait for each other.
    """
    closed = Wave.objects.filter(assessment__ecosystem=ecosystem_id, state=WaveState.CLOSED).order_by("pk")
    list(closed.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def wake_summaries(ecosystem_id: int) -> None:
    wake_once(tasks.summarise_ecosystem, ecosystem_id, seconds=SUMMARY_DELAY_SECONDS)


def stale_summaries() -> QuerySet[SummaryMark]:
    """Ecosystems whose summaries are behind and that nobody is working on."""
    return SummaryMark.objects.filter(done_version__lt=F("version")).filter(
        Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    )
