"""The process that holds the open pages: small, and without a thread for each."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from assessments.live.events import room_topic, stream_token
from metasystem.processes import wait_until
from tests.servers import PROJECT, Child, child_environment, free_port

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = 300
PAGES_OF = {"metasystem.urls", "assessments.urls", "ecosystems.urls"}
HEAVY = {"numpy", "scipy", "celery", "rest_framework", "allauth"} | PAGES_OF
LOADED = """
import json, sys
import metasystem.streams
print(json.dumps(sorted(sys.modules)))
"""
LIMITED = """
import resource
_files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
import metasystem.streams
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(65_536, most) > 256)
"""


def said(script: str) -> str:
    environment = child_environment() | {"DJANGO_SETTINGS_MODULE": "metasystem.settings.streams"}
    ran = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_it_loads_neither_the_matrix_library_nor_any_page() -> None:
    loaded = set(json.loads(said(LOADED)))
    assert loaded & HEAVY == set()


def test_it_asks_for_as_many_open_files_as_it_may_have() -> None:
    assert said(LIMITED) == "True"


@pytest.fixture
def process() -> Iterator[tuple[Child, int]]:
    port = free_port()
    command = ["-m", "uvicorn", "metasystem.streams:application", f"--port={port}", "--lifespan=off"]
    child = Child(command, "streams", {"DJANGO_SETTINGS_MODULE": "metasystem.settings.streams"})
    assert wait_until(lambda: listens(port), seconds=30, alive=child.alive), child.output()
    yield child, port
    child.stop()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_open_pages_take_no_threads_and_little_memory(process: tuple[Child, int]) -> None:
    child, port = process
    path = f"/stream/{stream_token(room_topic(987_654))}"
    pages = []
    measured = psutil.Process(child.process.pid)

    def open_page() -> None:
        pages.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        pages[-1].sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert pages[-1].recv(15) == b"HTTP/1.1 200 OK"

    open_page()
    assert wait_until(lambda: measured.num_threads() <= 3, seconds=5)
    threads, before = measured.num_threads(), measured.memory_info().rss
    for _number in range(PAGES):
        open_page()
    assert measured.num_threads() <= max(threads, 2)  # the event loop, and the one that reads rooms
    assert (measured.memory_info().rss - before) / PAGES < 40_000
    for page in pages:
        page.close()
