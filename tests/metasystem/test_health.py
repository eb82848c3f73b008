"""Health addresses: what a load balancer hears, whatever host name it uses."""

import pytest
import redis
from django.conf import settings
from django.test import Client

from metasystem.health import WORKER_KEY, WorkerPulse


@pytest.fixture
def broker(running_servers: object) -> "redis.Redis":
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(WORKER_KEY)
    yield client
    client.delete(WORKER_KEY)
    client.close()


def test_a_live_process_says_so_under_any_name_and_without_https(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/health/live", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_it_is_ready_only_with_a_worker(client: Client, broker: "redis.Redis") -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "ok", "worker": "missing"})
    pulse = WorkerPulse()
    pulse()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "worker": "ok"})
    assert 0 < broker.ttl(WORKER_KEY) <= 30
    pulse.end()
    assert client.get("/health/ready").json()["worker"] == "missing"


@pytest.mark.django_db
def test_without_a_broker_it_says_which_part_is_missing(client: Client, settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "missing", "worker": "missing"})


def test_a_pulse_is_written_seldom(broker: "redis.Redis") -> None:
    pulse = WorkerPulse()
    pulse()
    broker.delete(WORKER_KEY)
    pulse()
    assert broker.exists(WORKER_KEY) == 0


@pytest.mark.slow
def test_a_real_worker_gives_its_pulse(celery_worker, broker: "redis.Redis") -> None:
    from metasystem.processes import wait_until

    assert wait_until(lambda: broker.exists(WORKER_KEY) == 1, seconds=60)
