"""The processes that tests run against, started and stopped like those of the product."""

import os
import shutil
import socket
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import cycle
from pathlib import Path
from subprocess import Popen

from django.conf import settings
from django.db import connection

from metasystem.embedded import Services
from metasystem.processes import spawn, stop, wait_until

PROJECT = Path(__file__).resolve().parents[1]
FIRST_PORT = 11_000
PORTS_OF_A_PROCESS = 700  # of thirty processes at most: below those that connections are given, which come and go


class RunServers:
    """One PostgreSQL and one Valkey for a whole test run; started by the first who needs them."""

    def __init__(self) -> None:
        self.services: Services | None = None

    def start(self) -> None:
        if self.services is not None or "PYTEST_XDIST_WORKER" in os.environ:
            return
        folder = Path(settings.TEST_RUN_FOLDER)
        folder.mkdir(mode=0o755)
        (folder / "password").write_text(settings.TEST_PASSWORD)
        self.services = Services(folder, throwaway=True)
        self.services.start()

    def stop(self) -> None:
        if self.services:
            self.services.stop()
            shutil.rmtree(self.services.home, ignore_errors=True)


class Child:
    """A process of the product on the test database, with its output in a file."""

    def __init__(self, command: list[str], name: str, environment: dict[str, str] | None = None) -> None:
        self.log = Path(tempfile.mkstemp(prefix=f"{name}-", suffix=".log", dir=settings.TEST_RUN_FOLDER)[1])
        with self.log.open("ab") as output:
            self.process: Popen[bytes] = spawn(
                [sys.executable, *command],
                log=output.fileno(),
                env=child_environment() | (environment or {}),
                cwd=PROJECT,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        stop(self.process, patience=10)


class WorkerProcess(Child):
    """A real Celery worker on this run's broker; `kill()` is kill -9 of it and all it started."""

    def __init__(
        self,
        *,
        queues: str = "default,sweep",
        concurrency: int = 1,
        include: str = "metasystem.celery",
        environment: dict[str, str] | None = None,
    ) -> None:
        options = [f"--queues={queues}", f"--concurrency={concurrency}", "--loglevel=INFO", "--without-gossip"]
        options += ["--without-mingle", f"--include={include}"]
        super().__init__(["-m", "celery", "-A", "metasystem", "worker", *options], "worker", environment)
        if not wait_until(lambda: " ready." in self.output(), seconds=60, alive=self.alive):
            self.stop()
            raise RuntimeError(f"The Celery worker did not start:\n{self.output()}")

    def kill(self) -> None:
        stop(self.process, patience=0)


class SharedWorker:
    """One worker for many tests, started when first needed and again after it was stopped."""

    def __init__(self) -> None:
        self._worker: WorkerProcess | None = None

    def running(self) -> WorkerProcess:
        if self._worker is None:
            self._worker = WorkerProcess()
        assert self._worker.alive(), self._worker.output()
        return self._worker

    def stop(self) -> None:
        if self._worker:
            self._worker.stop()
            self._worker = None


class WebProcess(Child):
    """Pages and streams as `make run` serves them, on a free port."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = ["-m", "uvicorn", "metasystem.asgi:application", f"--port={port}", "--lifespan=off"]
        super().__init__(command, "web", environment)
        if not wait_until(self._answers, seconds=60, alive=self.alive):
            self.stop()
            raise RuntimeError(f"The web process did not start:\n{self.output()}")

    def _answers(self) -> bool:
        return opens(f"{self.url}/health/live")

    def warm_up(self) -> None:
        """Have it read all addresses and templates, which the first page of a browser would wait for."""
        urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=60).close()


def child_environment() -> dict[str, str]:
    """Our environment with the addresses of the test database and broker."""
    from urllib.parse import quote

    used = connection.settings_dict
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "metasystem.settings.test",
        "DATABASE_URL": f"postgresql://{used['USER']}:{used['PASSWORD']}@/{used['NAME']}?host={quote(used['HOST'])}",
        "PYTHONWARNINGS": "default",
    }


def opens(url: str) -> bool:
    """Whether somebody answers there in time."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:  # refused, reset or too slow
        return False
    return True


def free_port() -> int:
    """A port that nobody has, and that neither the system nor another process of this run gives to somebody else."""
    return next(filter(_is_free, _own_ports()))


@cache
def _own_ports() -> Iterator[int]:
    own = FIRST_PORT + PORTS_OF_A_PROCESS * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    begin = os.getpid() % PORTS_OF_A_PROCESS  # another run on this machine begins elsewhere
    return cycle([*range(own + begin, own + PORTS_OF_A_PROCESS), *range(own, own + begin)])


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False
