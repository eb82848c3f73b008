"""The process that holds the open pages: small, and without a thread for each."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from assessments.live.events import room_topic, stream_token
from assessments.services.rounds import open_round, reveal_round
from assessments.views.room_frames import Frames
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.factories.workshops import make_activity, make_seats, make_workshop, vote
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
SHOWN = """
import json, sys
import metasystem.streams
frames = metasystem.streams.Frames().frames(json.loads(sys.argv[1]))
print(json.dumps({"frames": frames, "loaded": sorted(sys.modules)}))
"""
LIMITED = """
import resource
_files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
import metasystem.streams
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(65_536, most) > 256)
"""


def said(script: str, *arguments: str) -> str:
    environment = child_environment() | {"DJANGO_SETTINGS_MODULE": "metasystem.settings.streams"}
    command = [sys.executable, "-c", script, *arguments]
    ran = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_it_loads_neither_the_matrix_library_nor_any_page() -> None:
    loaded = set(json.loads(said(LOADED)))
    assert loaded & HEAVY == set()


def test_it_asks_for_as_many_open_files_as_it_may_have() -> None:
    assert said(LIMITED) == "True"


def test_it_shows_what_the_pages_show_and_loads_no_more_for_it(ecosystem: Ecosystem) -> None:
    topics = []
    for act in (None, open_round, reveal_round):
        workshop = make_workshop(ecosystem)
        activity = make_activity(workshop)
        if act:
            asked = open_round(activity=activity, seconds=None, by=None)
            vote(asked, make_seats(workshop, 12), [3, 8, 5, 6, 7, 8, 2, 9, 6, 6, 7, 8])
        if act is reveal_round:
            reveal_round(round=asked, by=None)
        topics.append(room_topic(workshop.pk))
    shown = json.loads(said(SHOWN, json.dumps(topics)))
    here = Frames().frames(topics)
    assert {topic: one["view"] for topic, one in shown["frames"].items()} == {
        topic: json.loads(json.dumps(one["view"])) for topic, one in here.items()
    }
    assert "<svg" in shown["frames"][topics[2]]["view"]["html"]
    assert set(shown["loaded"]) & HEAVY == set()


@pytest.fixture
def process() -> Iterator[tuple[Child, int]]:
    port = free_port()
    command = ["-m", "uvicorn", "metasystem.streams:application", f"--port={port}", "--lifespan=off"]
    child = Child(command, "streams", {"DJANGO_SETTINGS_MODULE": "metasystem.settings.streams"})
    assert wait_until(lambda: listens(port), seconds=60, alive=child.alive), child.output()
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
        pages.append(socket.create_connection(("127.0.0.1", port), timeout=30))
        pages[-1].sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert pages[-1].recv(15) == b"HTTP/1.1 200 OK"

    open_page()
    assert wait_until(lambda: measured.num_threads() <= 3, seconds=20)
    threads, before = measured.num_threads(), measured.memory_info().rss
    for _number in range(PAGES):
        open_page()
    assert wait_until(
        lambda: measured.num_threads() <= max(threads, 2), seconds=20
    )  # the event loop, and the one that reads rooms
    assert (measured.memory_info().rss - before) / PAGES < 40_000
    for page in pages:
        page.close()
