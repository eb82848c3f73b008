"""A hall of its own for tests that break things: servers and processes that no other test uses, one address in front.

Pages, streams and both servers are ended and started again at the same addresses, as after a crash or an upgrade.
"""

import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, run
from sys import executable
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from metasystem.embedded import DATABASE, Services
from metasystem.processes import stop, wait_until
from metasystem.programs import postgres_binaries
from tests.servers import PROJECT, Child, child_environment, free_port


class OwnServers(Services):
    """Servers that keep what they have committed, through a crash too, and can be restarted one by one."""

    def end_postgres(self, *, end_with: signal.Signals) -> None:
        """SIGINT ends every session at once and shuts down; SIGQUIT is a crash, after which the log is replayed."""
        assert self.postgres
        connection.close()  # this process's own
        stop(self.postgres, end_with=end_with, patience=20)

    def start_postgres(self) -> None:
        self.postgres = self._start_postgres(postgres_binaries(self.home, self.account), self.home / "data")
        self._await_postgres(settings.TEST_PASSWORD)

    def end_valkey(self) -> None:
        assert self.valkey
        stop(self.valkey, patience=0)  # kill -9
        (self.sockets / "valkey.sock").unlink(missing_ok=True)

    def start_valkey(self) -> None:
        self.valkey = self._start_valkey(settings.TEST_PASSWORD)
        self._await_valkey()


class Listening(Child):
    """An ASGI application on a port that stays the same when it is started again."""

    def __init__(self, application: str, port: int, environment: dict[str, str], *, health: str = "") -> None:
        name = application.partition(":")[0].rpartition(".")[2]
        command = ["-m", "uvicorn", application, f"--port={port}", "--lifespan=off", "--no-access-log"]
        super().__init__(command, name, environment)
        self.url = f"http://127.0.0.1:{port}"
        if not wait_until(lambda: self._answers(health), seconds=60, alive=self.alive):
            self.stop()
            raise RuntimeError(f"{application} did not start:\n{self.output()}")

    def _answers(self, health: str) -> bool:
        try:
            httpx.get(self.url + health, timeout=5)
        except httpx.TransportError:
            return False
        return True

    def kill(self) -> None:
        """kill -9."""
        stop(self.process, patience=0)


class Hall:
    """PostgreSQL, Valkey, pages, streams, and one address in front of them."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="metasystem-hall-"))
        self.home.chmod(0o755)
        (self.home / "password").write_text(settings.TEST_PASSWORD)
        self.servers = OwnServers(self.home)
        addresses = self.servers.start()
        self.environment = addresses.as_environment() | {"METASYSTEM_TEST_RUN": str(self.home)}
        with self.database():
            everything = child_environment() | self.environment
            run([executable, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=everything, check=True, stdin=DEVNULL)
            self.pages_port, self.streams_port = free_port(), free_port()
            self.start_pages()
            self.start_streams()
            self.front = Listening("tests.faults.front:application", free_port(), self._behind())
        self.url = self.front.url

    def _behind(self) -> dict[str, str]:
        return self.environment | {
            "BEHIND_PAGES": f"http://127.0.0.1:{self.pages_port}",
            "BEHIND_STREAMS": f"http://127.0.0.1:{self.streams_port}",
        }

    def start_pages(self) -> None:
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "tests.faults.kept_connections"}
        self.pages = Listening("metasystem.asgi:application", self.pages_port, environment, health="/health/live")

    def start_streams(self) -> None:
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "metasystem.settings.streams"}
        self.streams = Listening("metasystem.streams:application", self.streams_port, environment)

    def whole(self) -> None:
        """Start again what a test that failed has left ended."""
        for server, start in (
            (self.servers.postgres, self.servers.start_postgres),
            (self.servers.valkey, self.servers.start_valkey),
            (self.pages.process, self.start_pages),
            (self.streams.process, self.start_streams),
        ):
            if server is None or server.poll() is not None:
                start()

    @contextmanager
    def database(self) -> Iterator[None]:
        """The ORM of this process, on the hall's database."""
        used: dict[str, Any] = connection.settings_dict
        kept: Mapping[str, Any] = dict(used)
        connection.close()
        used.update(NAME=DATABASE, HOST=str(self.servers.sockets), PASSWORD=settings.TEST_PASSWORD)
        try:
            yield
        finally:
            connection.close()
            used.update(kept)

    def close(self) -> None:
        for child in (self.front, self.streams, self.pages):
            child.stop()
        self.servers.stop()
        shutil.rmtree(self.home, ignore_errors=True)
