"""The stale mark and the wake-up: what is written is due, whoever is there to be woken."""

import logging
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import transaction

from assessments.live import bus
from assessments.models import Wave
from assessments.services import scores
from assessments.services.scores import mark_results_shown, mark_stale, stale_waves, wake_rescore
from assessments.services.wake_ups import waking_key
from assessments.tasks import rescore_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_wave


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_wave(ecosystem)


@pytest.fixture
def queue(_empty_queues: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    monkeypatch.setattr(scores, "RESCORE_DELAY_SECONDS", 60)  # of which no busy machine takes one away
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter("wake:*"):
            client.delete(key)
        yield client
        client.delete("default", *client.scan_iter("wake:*"))


@pytest.mark.django_db(transaction=True)
def test_a_write_is_due_and_wakes_once_after_commit(wave: Wave, queue: redis.Redis) -> None:
    with transaction.atomic():
        for _ in range(5):
            mark_stale(wave=wave)
        assert queue.llen("default") == 0
    assert queue.llen("default") == 1
    wave.refresh_from_db()
    assert (wave.scores_version, wave.is_stale) == (5, True)
    assert list(stale_waves()) == [wave]


@pytest.mark.django_db(transaction=True)
def test_a_write_that_is_taken_back_wakes_nobody(wave: Wave, queue: redis.Redis) -> None:
    with transaction.atomic():
        mark_stale(wave=wave)
        transaction.set_rollback(True)
    assert queue.llen("default") == 0
    assert list(stale_waves()) == []


@pytest.mark.django_db(transaction=True)
def test_waves_wake_apart(ecosystem: Ecosystem, queue: redis.Redis) -> None:
    for wave in (make_wave(ecosystem), make_wave(ecosystem)):
        wake_rescore(wave.pk)
        wake_rescore(wave.pk)
    assert queue.llen("default") == 2


@pytest.mark.django_db
def test_the_mark_against_a_second_task_ends_before_the_first_task_starts(wave: Wave, queue: redis.Redis) -> None:
    wake_rescore(wave.pk)
    assert 0 < queue.pttl(waking_key(rescore_wave, wave.pk)) < scores.RESCORE_DELAY_SECONDS * 1000


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_write_stands_and_is_due(
    wave: Wave, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = redis.Redis(unix_socket_path="/nowhere/valkey.sock")
    monkeypatch.setattr(bus, "connection", lambda: nobody)
    with caplog.at_level(logging.WARNING, "assessments.services.wake_ups"):
        mark_stale(wave=wave)
    assert [record.message for record in caplog.records] == [
        f"No wake-up for assessments.tasks.rescore_wave {wave.pk}: no broker; the sweep will find it"
    ]
    assert list(stale_waves()) == [wave]


@pytest.mark.django_db
def test_results_are_seen_once(wave: Wave, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        mark_results_shown(wave=wave)
        mark_results_shown(wave=wave)
    assert Wave.objects.get(pk=wave.pk).results_shown
