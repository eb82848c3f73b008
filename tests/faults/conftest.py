"""What tests share that break servers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from metasystem.embedded import Addresses
from tests.faults.rooms import Hall
from tests.servers import SharedWorker, WorkerProcess

WorkerMaker = Callable[..., WorkerProcess]


@pytest.fixture(scope="session")
def _hall(running_servers: Addresses, django_db_blocker: pytest.FixtureRequest) -> Iterator[Hall]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = Hall()
    yield made
    made.close()


@pytest.fixture
def hall(_hall: Hall, django_db_blocker: pytest.FixtureRequest) -> Iterator[Hall]:
    """A hall in which everything runs, with this process's ORM on its database; what a test adds there stays."""
    with django_db_blocker.unblock(), _hall.database():  # type: ignore[attr-defined]
        _hall.whole()
        yield _hall
        _hall.whole()


@pytest.fixture
def workers(shared_worker: SharedWorker, _empty_queues: None) -> Iterator[WorkerMaker]:
    """Makes workers that a test may kill; nobody else takes from their queues."""
    shared_worker.stop()
    made: list[WorkerProcess] = []

    def make(**options: Any) -> WorkerProcess:
        made.append(WorkerProcess(**options))
        return made[-1]

    yield make
    for worker in made:
        worker.stop()
