"""`make run`: everything a laptop needs for Metasystem, in one command that leaves nothing behind."""

import io
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import Popen
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.db import DatabaseError, connection, connections

from assessments.demo.accounts import account_lines
from metasystem import local
from metasystem.address import listening_address, probe_url
from metasystem.processes import NotStarted, spawn, stop

READY_SECONDS = 90
LARGEST_LOG = 10_000_000
LOGS = local.VAR / "log"


class Command(BaseCommand):
    help = "Start pages, streams, worker and beat on this machine; PORT and HOST choose the address."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        self.asked_to_end = threading.Event()
        self.preparing = True
        self.children: dict[str, Popen[bytes]] = {}
        previous = {number: signal.signal(number, self._end) for number in (signal.SIGINT, signal.SIGTERM)}
        previous[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._end)
        try:
            host, port = listening_address()
            self.stdout.write(f"Starting. Logs are in {LOGS}; Ctrl-C stops everything.")
            self.stdout.flush()
            self._prepare()
            self.preparing = False
            self._start(host, port)
            if self._wait_until_ready(host, port):
                self._announce()
                self._watch()
        except KeyboardInterrupt:
            pass
        except OSError as problem:
            raise NotStarted(f"Cannot use {problem.filename}: {problem.strerror}.") from problem
        finally:
            self._stop_children()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self.preparing:  # nothing to end in order yet, and what was begun is a transaction
            raise KeyboardInterrupt
        if self.asked_to_end.is_set():  # asked twice: no more patience
            for child in self.children.values():
                child.kill()
        self.asked_to_end.set()

    def _prepare(self) -> None:
        """Bring the database, the static files, the default instrument and, the first time, the demo up to date."""
        LOGS.mkdir(parents=True, exist_ok=True)
        ensure_servers_answer()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_instrument", verbosity=0, stdout=io.StringIO())
        if settings.DEMO and not get_user_model()._default_manager.exists():
            self.stdout.write("Making the demo; this happens once.")
            self.stdout.flush()
            call_command("demo", verbosity=0, stdout=io.StringIO())
        connections.close_all()

    def _start(self, host: str, port: int) -> None:
        python = [sys.executable, "-m"]
        uvicorn = [*python, "uvicorn", "metasystem.asgi:application", f"--host={host}", f"--port={port}"]
        celery = [*python, "celery", "-A", "metasystem"]
        commands = {
            "web": [
                *uvicorn,
                "--lifespan=off",
                "--no-access-log",
                "--log-level=warning",
                "--timeout-graceful-shutdown=1",
            ],
            "worker": [*celery, "worker", "--queues=default,sweep", "--concurrency=2", "--loglevel=WARNING"],
            "beat": [*celery, "beat", "--pidfile=", "--loglevel=WARNING"],
        }
        for name, command in commands.items():
            path = LOGS / f"{name}.log"
            too_large = path.exists() and path.stat().st_size > LARGEST_LOG
            with path.open("wb" if too_large else "ab") as log:
                self.children[name] = spawn(command, log=log.fileno(), env=os.environ, cwd=settings.BASE_DIR)

    def _wait_until_ready(self, host: str, port: int) -> bool:
        """True when pages, database, broker and worker answer; False when asked to end before."""
        address = f"{probe_url(host, port)}/health/ready"
        for _ in range(READY_SECONDS * 10):
            if self.asked_to_end.wait(0.1):
                return False
            self._ensure_children_live()
            try:
                urllib.request.urlopen(address, timeout=10).close()  # noqa: S310  # our own address
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                continue
            return True
        raise NotStarted(f"The pages do not answer after {READY_SECONDS} seconds. See {LOGS}.")

    def _announce(self) -> None:
        accounts = ", ".join(account_lines()) if settings.DEMO else ""
        self.stdout.write(f"Ready: {settings.PUBLIC_URL}" + (f" (demo accounts: {accounts})" if accounts else ""))
        self.stdout.flush()

    def _watch(self) -> None:
        while not self.asked_to_end.wait(0.5):
            self._ensure_children_live()

    def _ensure_children_live(self) -> None:
        for name, child in self.children.items():
            status = child.poll()
            if status is not None and not self.asked_to_end.is_set():
                log = LOGS / f"{name}.log"
                raise NotStarted(
                    f"The {name} process ended {how(status)} ({last_line(log)}), so all were stopped. See {log}."
                )
        services = local.own_services
        crashed = services.crashed() if services else None
        if crashed and not self.asked_to_end.is_set():
            raise NotStarted(f"{crashed}, so all were stopped.")

    def _stop_children(self) -> None:
        self.asked_to_end.set()
        for child in self.children.values():  # all at once, then wait for each
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            stop(child, patience=10)


def ensure_servers_answer() -> None:
    """NotStarted where the database or the broker cannot be reached, as when their settings name the wrong place."""
    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        raise NotStarted(f"The server of DATABASE_URL does not answer: {one_line(problem)}") from problem
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5) as client:
            client.ping()
    except redis.RedisError as problem:
        raise NotStarted(f"The server of REDIS_URL does not answer: {one_line(problem)}") from problem


def one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())


def how(status: int) -> str:
    return f"by signal {signal.Signals(-status).name}" if status < 0 else f"with status {status}"


def last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
