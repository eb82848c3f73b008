"""A hall of 1,000 phones at once, through the production servers, against a bare broadcaster."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
from django.conf import settings
from numpy.typing import NDArray

from assessments.links import seat_token
from assessments.live.events import room_topic, stream_token
from assessments.models import Round, Seat, Vote
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.benchmarks.test_answers import Granian
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop
from tests.servers import PROJECT, Child, child_environment, free_port

PHONES = 1_000
A_SECOND = 200
SECONDS = 30
ROUNDS = 2
CONNECTIONS = 64
SETTLE = 1.5
LAST_SCREEN_MS = 400
POST_TO_SCREEN_MS = 300
MOST_OF_BARE = 1.3
STREAM_MB = 100
COOKIE = "c" * 32

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Uvicorn(Child):
    """The server of streams, with the options of docker-compose.yml."""

    def __init__(self, application: str) -> None:
        self.port = free_port()
        options = ["--lifespan=off", "--no-access-log", "--log-level=warning", "--timeout-graceful-shutdown=2"]
        environment = {
            "DJANGO_SETTINGS_MODULE": "metasystem.settings.streams",
            "DATABASE_URL": child_environment()["DATABASE_URL"],
        }
        super().__init__(["-m", "uvicorn", application, f"--port={self.port}", *options], "uvicorn", environment)
        if not wait_until(self._listens, seconds=60, alive=self.alive):
            self.stop()
            raise RuntimeError(f"uvicorn did not start:\n{self.output()}")

    def _listens(self) -> bool:
        import socket

        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def megabytes(self) -> float:
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    def threads(self) -> int:
        return psutil.Process(self.process.pid).num_threads()


@dataclass(frozen=True)
class Measured:
    """Seconds from POST to screen, of every answer on every screen, and to its acceptance; all were accepted."""

    to_screen: NDArray[np.float64]
    accepted: NDArray[np.float64]
    last_screen: float

    @classmethod
    def read(cls, path: Path) -> "Measured":
        times = np.load(path)
        statuses = dict(zip(*(one.tolist() for one in np.unique(times["statuses"], return_counts=True)), strict=True))
        assert statuses.keys() == {200}, f"not all were accepted: {statuses}"
        sent, done, heard = np.sort(times["sent"]), times["done"], times["heard"]
        count, waits, current = len(sent), [], []
        for stream in range(PHONES):
            moments = heard[(heard[:, 0] == stream) & (heard[:, 2] > 0)]
            # the nth answer is on the screen with the first frame that counts n
            first = np.searchsorted(moments[:, 2], np.arange(1, count + 1))
            assert first[-1] < len(moments), f"screen {stream} never became current"
            waits.append(moments[first, 1] - sent)
            current.append(moments[first[-1], 1])
        return cls(
            to_screen=np.concatenate(waits),
            accepted=done - times["sent"],
            last_screen=max(current) - done.max(),
        )


def said(title: str, seconds: NDArray[np.float64]) -> str:
    p50, p95, most = np.percentile(seconds, [50, 95, 100]) * 1000
    return f"{title}: n {len(seconds)}, p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {most:.0f} ms"


def measure(folder: Path, **plan: object) -> Measured:
    """One run of the load generator, in a process of its own."""
    (folder / "plan.json").write_text(json.dumps(plan | {"settle": SETTLE}))
    command = [sys.executable, str(PROJECT / "tests/benchmarks/room_load.py"), str(folder)]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    return Measured.read(folder / "times.npz")


def request_to(path: str, body: str) -> str:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Cookie: {settings.CSRF_COOKIE_NAME}={COOKIE}\r\nX-CSRFToken: {COOKIE}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )


@dataclass(frozen=True)
class Room:
    """An open round, everybody who answers, and what they send: seat number n the level n mod 10 + 1."""

    round: Round
    seats: list[Seat]

    @property
    def streams(self) -> list[str]:
        topic = room_topic(self.round.activity.workshop_id)
        return [f"/stream/{stream_token(topic, seat.pk)}" for seat in self.seats[:PHONES]]

    @property
    def requests(self) -> list[str]:
        bodies = [{"item": "ready", "value": number % 10 + 1, "revision": 1} for number in range(len(self.seats))]
        return [
            request_to(f"/w/{seat_token(seat)}/votes/", json.dumps({"round": self.round.pk, "votes": [body]}))
            for seat, body in zip(self.seats, bodies, strict=True)
        ]

    def kept(self) -> bool:
        """Every answer is there exactly once."""
        given = sorted((seat.pk, number % 10 + 1) for number, seat in enumerate(self.seats))
        return sorted(Vote.objects.filter(round=self.round).values_list("seat", "value")) == given


def make_room(ecosystem: Ecosystem, answers: int) -> Room:
    workshop = make_workshop(ecosystem)
    return Room(make_round(make_activity(workshop)), make_seats(workshop, answers))


@pytest.fixture
def web(ecosystem: Ecosystem) -> Iterator[Granian]:
    server = Granian("metasystem.wsgi:application", "metasystem.settings.base")
    yield server
    server.stop()


@pytest.fixture
def streams(ecosystem: Ecosystem) -> Iterator[Uvicorn]:
    server = Uvicorn("metasystem.streams:application")
    yield server
    server.stop()


@pytest.fixture
def bare() -> Iterator[Uvicorn]:
    server = Uvicorn("tests.benchmarks.bare.broadcaster:application")
    yield server
    server.stop()


def test_a_thousand_answers_at_once_are_on_every_screen(
    ecosystem: Ecosystem, web: Granian, streams: Uvicorn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = make_room(ecosystem, PHONES)
    measured = measure(
        tmp_path,
        post_port=web.port,
        stream_port=streams.port,
        streams=room.streams,
        requests=room.requests,
        a_second=0,
        connections=PHONES,
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\n{PHONES} streams, {PHONES} answers at once: {said('accepted', measured.accepted)};"
            f" last screen current {measured.last_screen * 1000:.0f} ms after the last was"
            f" (at most {LAST_SCREEN_MS}); stream {streams.megabytes():.0f} MB, {streams.threads()} threads\n"
        )
    assert room.kept()
    assert measured.last_screen * 1000 <= LAST_SCREEN_MS


def test_answers_reach_every_screen_as_fast_as_from_a_bare_broadcaster(
    ecosystem: Ecosystem,
    web: Granian,
    streams: Uvicorn,
    bare: Uvicorn,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = A_SECOND * SECONDS
    ours: list[Measured] = []
    theirs: list[Measured] = []
    steady = {"a_second": A_SECOND, "connections": CONNECTIONS}
    counter = [request_to("/", "{}")] * answers
    for number in range(ROUNDS):
        if number:  # it counts on
            bare.stop()
            bare.__init__("tests.benchmarks.bare.broadcaster:application")  # type: ignore[misc]
        ports = {"post_port": bare.port, "stream_port": bare.port}
        theirs.append(measure(tmp_path, streams=["/"] * PHONES, requests=counter, **ports, **steady))
        room = make_room(ecosystem, answers)
        ports = {"post_port": web.port, "stream_port": streams.port}
        ours.append(measure(tmp_path, streams=room.streams, requests=room.requests, **ports, **steady))
        assert room.kept()
    slow = [float(np.percentile(one.to_screen, 95)) * 1000 for one in ours]
    ratios = [mine / float(np.percentile(other.to_screen, 95)) / 1000 for mine, other in zip(slow, theirs, strict=True)]
    with capsys.disabled():
        for title, runs in (("ours", ours), ("bare", theirs)):
            for one in runs:
                sys.stdout.write(
                    f"\n{PHONES} streams, {A_SECOND} answers/s for {SECONDS} s, {title}:"
                    f" {said('POST to screen', one.to_screen)}; {said('accepted', one.accepted)}"
                )
        sys.stdout.write(
            f"\nratio of p95 {', '.join(f'{one:.2f}' for one in ratios)} (at most {MOST_OF_BARE:g});"
            f" stream {streams.megabytes():.0f} MB (at most {STREAM_MB}), {streams.threads()} threads\n"
        )
    assert float(np.median(slow)) <= POST_TO_SCREEN_MS
    assert float(np.median(ratios)) <= MOST_OF_BARE
    assert streams.megabytes() <= STREAM_MB
    assert streams.threads() <= 4
