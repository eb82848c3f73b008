"""A killed worker leaves no summary of the loops half done, and no ecosystem behind."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessments.models import FeedbackSummary, Signal, SummaryMark
from assessments.selectors.summaries import is_behind, newest_summary
from assessments.services.summary_marks import mark_summaries_stale
from assessments.tasks import summarise_ecosystem, sweep_stale_summaries
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.at_once import somebody_waits
from tests.factories.scenarios import make_measured_map
from tests.faults.conftest import WorkerMaker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_worker_killed_in_the_middle_of_a_summary_leaves_it_to_the_next(
    ecosystem: Ecosystem, workers: WorkerMaker
) -> None:
    _keys, wave = make_measured_map(ecosystem)
    first = workers()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE assessments_feedbacksummary IN ACCESS EXCLUSIVE MODE")
        summarise_ecosystem.delay(ecosystem.pk)
        assert wait_until(somebody_waits, seconds=90), first.output()
        first.kill()
    assert not FeedbackSummary.objects.exists()
    assert not Signal.objects.exists()
    assert is_behind(ecosystem)
    marks = SummaryMark.objects.filter(ecosystem=ecosystem, lease_until__gt=timezone.now())
    # the lease of the dead runs out
    assert marks.update(lease_until=timezone.now() - timedelta(seconds=1)) == 1
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    second = workers()
    sweep_stale_summaries.delay()
    assert wait_until(lambda: not is_behind(ecosystem), seconds=90), second.output()
    found = newest_summary(ecosystem)
    assert found is not None
    assert (found.wave, len(found.feedback.loops)) == (wave, 1)
    signals = list(Signal.objects.values_list("wave", "kind", "code"))
    assert len(signals) == len(set(signals)) > 0
    assert "Traceback" not in second.output()
