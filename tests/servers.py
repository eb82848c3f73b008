"""The processes that tests run against, started and stopped like those of the product."""

import os
import shutil
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import Popen

from django.conf import settings
from django.db import connection

from metasystem.embedded import Services
from metasystem.processes import spawn, stop, wait_until

PROJECT = Path(__file__).resolve().parents[1]


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
        try:
            urllib.request.urlopen(f"{self.url}/health/live", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            return False
        return True


def child_environment() -> dict[str, str]:
    """Our environment with the addresses of the test database and broker."""
    from urllib.parse import quote

    used = connection.settings_dict
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "metasystem.settings.test",
        "DATABASE_URL": f"postgresql://{used['USER']}:{used['PASSWORD']}@/{used['NAME']}?host={quote(used['HOST'])}",
        "PYTHONWARNINGS": "default",
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
