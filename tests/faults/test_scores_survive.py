"""A killed worker, lost wake-ups and an emptied broker leave no wave stale and no score twice."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Score, Wave, WaveResult
from assessments.services.scores import mark_stale, stale_waves
from assessments.tasks import rescore_wave, sweep_stale_scores
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.at_once import somebody_waits
from tests.factories.large_waves import make_sixty_items, make_wave_of
from tests.faults.conftest import WorkerMaker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def waves_of(ecosystem: Ecosystem, *sizes: int) -> list[Wave]:
    version = make_sixty_items(ecosystem.organization)
    return [make_wave_of(ecosystem, version, size, seed=place) for place, size in enumerate(sizes)]


def is_current(wave: Wave) -> bool:
    return WaveResult.objects.filter(wave=wave, scores_version=Wave.objects.get(pk=wave.pk).scores_version).exists()


def score_keys(wave: Wave) -> list[tuple[str, str, str]]:
    return sorted(Score.objects.filter(wave=wave).values_list("level", "code", "group_key"))


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(ecosystem: Ecosystem, workers: WorkerMaker) -> None:
    (wave,) = waves_of(ecosystem, 200)
    first = workers()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE assessments_score IN ACCESS EXCLUSIVE MODE")
        rescore_wave.delay(wave.pk)
        assert wait_until(somebody_waits, seconds=60), first.output()
        first.kill()
    assert not WaveResult.objects.exists()
    assert Wave.objects.get(pk=wave.pk).scores_lease_until > timezone.now()
    # the lease of the dead runs out
    Wave.objects.filter(pk=wave.pk).update(scores_lease_until=timezone.now() - timedelta(seconds=1))
    second = workers()
    sweep_stale_scores.delay()
    assert wait_until(lambda: is_current(wave), seconds=60), second.output()
    assert len(score_keys(wave)) == len(set(score_keys(wave))) > 200
    assert list(stale_waves()) == []
    assert WaveResult.objects.count() == 1


def test_waves_whose_wake_ups_were_lost_are_found_by_the_sweep(ecosystem: Ecosystem, workers: WorkerMaker) -> None:
    waves = waves_of(ecosystem, 30, 30, 0, 30)
    for wave in waves:
        mark_stale(wave=wave)
    with redis.Redis.from_url(settings.REDIS_URL) as client:  # as after a restart: it keeps nothing
        assert client.llen("default") == 4
        client.delete("default", "unacked", "unacked_index")
    assert stale_waves().count() == 4
    worker = workers()
    sweep_stale_scores.delay()
    assert wait_until(lambda: all(map(is_current, waves)), seconds=60), worker.output()
    assert list(stale_waves()) == []


def test_a_hundred_writes_and_sweeps_at_once_are_scored_without_doubles(
    ecosystem: Ecosystem, workers: WorkerMaker
) -> None:
    (wave,) = waves_of(ecosystem, 100)
    running = [workers(), workers()]
    for turn in range(100):
        mark_stale(wave=wave)
        if turn % 10 == 0:
            rescore_wave.delay(wave.pk)
            sweep_stale_scores.delay()
    assert wait_until(lambda: is_current(wave), seconds=90), running[0].output()
    assert WaveResult.objects.get(wave=wave).scores_version == 101
    assert len(score_keys(wave)) == len(set(score_keys(wave)))
    assert "Traceback" not in running[0].output() + running[1].output()
