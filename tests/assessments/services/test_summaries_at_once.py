"""Summing up while somebody rescores a wave or opens it again: no two wait for each other."""

from collections.abc import Callable
from threading import Event

import pytest
from django.db import transaction

from assessments.models import FeedbackSummary, SummaryMark, Wave
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.at_once import at_once, somebody_waits
from tests.factories.assessments import make_assessment
from tests.factories.results import make_scored_wave
from tests.factories.scenarios import SMALL

pytestmark = pytest.mark.django_db(transaction=True)


def while_summing_up(ecosystem: Ecosystem, hold: Callable[[], object], then: Callable[[], object]) -> list[object]:
    """What came of both: one holds something, waits for the worker that sums up to want it, and goes on."""
    holds = Event()

    def act() -> None:
        with transaction.atomic():
            hold()
            holds.set()
            assert wait_until(somebody_waits, seconds=60)
            then()

    def work() -> bool:
        holds.wait(60)
        return summarise(ecosystem_id=ecosystem.pk)

    return at_once(act, work)


def test_a_wave_is_rescored_meanwhile(ecosystem: Ecosystem) -> None:
    wave = make_scored_wave(make_assessment(ecosystem), answers=SMALL)
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    assert while_summing_up(
        ecosystem,
        lambda: Wave.objects.select_for_update().get(pk=wave.pk),
        lambda: mark_summaries_stale(ecosystem_id=ecosystem.pk),
    ) == [None, True]
    mark = SummaryMark.objects.get()
    assert (FeedbackSummary.objects.count(), mark.version - mark.done_version) == (1, 1)  # it is taken up again
