"""What a worker holds is not lost with it, and neither a heap of wake-ups nor a lost broker stops the sweeps."""

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest
import redis
from celery import Task
from kombu.exceptions import OperationalError

from metasystem.celery import app
from metasystem.embedded import Addresses, Services
from metasystem.env import broker_url
from metasystem.processes import stop, wait_until
from metasystem.programs import postgres_binaries
from tests.faults.conftest import WorkerMaker
from tests.faults.tasks import note, sweep_note
from tests.servers import WebProcess

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def workers(workers: WorkerMaker) -> WorkerMaker:
    """Workers that know the tasks of these tests."""
    return partial(workers, include="tests.faults.tasks")


@pytest.fixture
def notes(running_servers: Addresses) -> Iterator[Callable[[], list[str]]]:
    with redis.Redis.from_url(running_servers.redis_url, decode_responses=True) as client:
        client.delete("notes")
        yield lambda: list(client.lrange("notes", 0, -1))


@pytest.fixture
def own_servers() -> Iterator[Services]:
    """Servers that only this test uses, to be broken."""
    home = Path(tempfile.mkdtemp(prefix="metasystem-fault-"))
    home.chmod(0o755)
    with Services(home, throwaway=True) as services:
        yield services
    shutil.rmtree(home)


def test_a_task_that_a_killed_worker_held_is_done_by_the_next(
    workers: WorkerMaker, notes: Callable[[], list[str]]
) -> None:
    first = workers()
    note.delay("held", 60)
    assert wait_until(lambda: notes() == ["begun held"], seconds=60)
    first.kill()
    note.delay("waiting")
    second = workers(concurrency=2)  # one for the long task, which comes back whenever it likes
    assert wait_until(lambda: "done waiting" in notes(), seconds=60)
    assert wait_until(lambda: notes().count("begun held") >= 2, seconds=60), second.output()
    second.kill()


def test_a_task_whose_own_process_was_killed_is_done_again(
    workers: WorkerMaker, notes: Callable[[], list[str]]
) -> None:
    worker = workers()
    note.delay("held", 1)  # well below the time after which the broker takes a held task for lost
    assert wait_until(lambda: notes() == ["begun held"], seconds=60)
    (pool_process,) = psutil.Process(worker.process.pid).children()
    pool_process.send_signal(signal.SIGKILL)
    assert wait_until(lambda: notes()[:3] == ["begun held", "begun held", "done held"], seconds=60), worker.output()
    assert worker.alive()


def test_a_worker_that_is_asked_to_end_finishes_what_it_holds(
    workers: WorkerMaker, notes: Callable[[], list[str]]
) -> None:
    worker = workers()
    note.delay("held", 2)
    assert wait_until(lambda: notes() == ["begun held"], seconds=60)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(60) == 0
    assert notes() == ["begun held", "done held"]


def test_a_heap_of_wake_ups_does_not_starve_the_sweep(workers: WorkerMaker, notes: Callable[[], list[str]]) -> None:
    for number in range(200):
        note.delay(str(number), 0.02)
    sweep_note.delay("sweep")
    assert route_of(sweep_note) == "sweep"
    assert route_of(note) == "default"
    workers()
    assert wait_until(lambda: "done sweep" in notes(), seconds=60)
    assert notes().index("done sweep") < 20


def route_of(task: Task) -> str:
    return str(app.amqp.router.route({}, task.name)["queue"].name)


def test_a_worker_finds_the_broker_again(workers: WorkerMaker, own_servers: Services) -> None:
    assert own_servers.addresses is not None
    url = own_servers.addresses.redis_url
    worker = workers(environment={"REDIS_URL": url})
    break_and_restart_valkey(own_servers)
    with (
        redis.Redis.from_url(url, decode_responses=True) as client,
        app.connection_for_write(broker_url(url)) as broker,
    ):
        note.apply_async(("after",), connection=broker)
        assert wait_until(lambda: client.lrange("notes", 0, -1) == ["begun after", "done after"], seconds=60), (
            worker.output()
        )
    assert worker.alive()


def break_and_restart_valkey(services: Services) -> None:
    assert services.valkey is not None
    stop(services.valkey, end_with=signal.SIGKILL)
    (services.sockets / "valkey.sock").unlink(missing_ok=True)
    services.valkey = services._start_valkey(services._password())
    services._await_valkey()


def test_without_a_broker_a_wake_up_fails_at_once() -> None:
    started = time.monotonic()
    with (
        app.connection_for_write("redis+socket:///nowhere/valkey.sock") as broker,
        pytest.raises((OperationalError, redis.ConnectionError)),
    ):
        note.apply_async(("lost",), connection=broker)
    assert time.monotonic() - started < 5


def test_pages_find_the_database_again(own_servers: Services) -> None:
    assert own_servers.addresses is not None
    web = WebProcess(own_servers.addresses.as_environment())
    try:
        assert health(web) == {"database": "ok", "broker": "ok", "worker": "missing"}
        assert own_servers.postgres is not None
        own = psutil.Process(own_servers.postgres.pid).children()
        stop(own_servers.postgres, end_with=signal.SIGKILL)
        psutil.wait_procs(own, timeout=60)  # a new server does not start beside what is left of the old one
        assert health(web) == {"database": "missing", "broker": "ok", "worker": "missing"}
        binaries = postgres_binaries(own_servers.home, own_servers.account)
        own_servers.postgres = own_servers._start_postgres(binaries, own_servers.home / "data")
        assert wait_until(lambda: health(web)["database"] == "ok", seconds=60), web.output()
    finally:
        web.stop()


def health(web: WebProcess) -> dict[str, str]:
    answer = httpx.get(f"{web.url}/health/ready", timeout=60)
    assert answer.status_code == 503
    return dict(answer.json())
