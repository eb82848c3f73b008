"""The stale mark of feedback-loop summaries: what says that they are behind the map, the scores or the commitments."""

import logging

import redis
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from assessments import tasks
from assessments.enums import WaveState
from assessments.live import bus
from assessments.models import SummaryMark, Wave

SUMMARY_DELAY_SECONDS = 1.0
"""Changes that come within this time are summed up together."""

logger = logging.getLogger(__name__)


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
    """Ask a worker to sum an ecosystem up soon; asked again within the delay, it stays one task."""
    mark_milliseconds = int(SUMMARY_DELAY_SECONDS * 800)
    try:
        if bus.connection().set(f"wake:summaries:{ecosystem_id}", 1, nx=True, px=mark_milliseconds):
            tasks.summarise_ecosystem.apply_async((ecosystem_id,), countdown=SUMMARY_DELAY_SECONDS, retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for the summaries of ecosystem %s; the sweep will find it", ecosystem_id)


def stale_summaries() -> QuerySet[SummaryMark]:
    """Ecosystems whose summaries are behind and that nobody is working on."""
    return SummaryMark.objects.filter(done_version__lt=F("version")).filter(
        Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    )
