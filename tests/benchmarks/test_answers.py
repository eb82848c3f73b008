"""Answers saved per second through the production servers, against the same upsert in a bare Django view."""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings

from assessments.models import Draft, DraftAnswer, Wave
from assessments.services.drafts import start_draft
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.factories.assessments import make_open_wave
from tests.factories.fill_in import codes_of, give, token_of
from tests.servers import Child, child_environment, free_port

CLIENTS = 32
CROWD = 1_000
ROUNDS = 5
SECONDS = 3.0
LEAST_OF_BARE = 0.7
COOKIE = "c" * 32

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Granian(Child):
    """The production server, with the options of the image."""

    def __init__(self, application: str, settings_module: str) -> None:
        self.port = free_port()
        options = [
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--workers",
            "2",
            "--backlog",
            "4096",
        ]
        environment = {"DJANGO_SETTINGS_MODULE": settings_module, "DATABASE_URL": child_environment()["DATABASE_URL"]}
        before = {name: os.environ.get(name) for name in environment}
        # what `child_environment` adds last would be the settings of the tests
        command = ["-c", START, json.dumps(environment), *options, "--blocking-threads", "4", application]
        super().__init__(command, "granian")
        assert before == {name: os.environ.get(name) for name in environment}
        if not wait_until(self._listens, seconds=60, alive=self.alive):
            self.stop()
            raise RuntimeError(f"granian did not start:\n{self.output()}")

    def _listens(self) -> bool:
        import socket

        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


START = """
import json, os, runpy, sys
os.environ.update(json.loads(sys.argv.pop(1)))
sys.argv[0] = "granian"
runpy.run_module("granian", run_name="__main__")
"""


@dataclass(frozen=True)
class Seat:
    """One client: where it sends, and its draft and item."""

    path: str
    item: str

    def request(self, revision: int) -> bytes:
        entry = {"item": self.item, "value": revision % 5 + 1, "revision": revision}
        body = json.dumps({"answers": [entry]}).encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Cookie: {settings.CSRF_COOKIE_NAME}={COOKIE}\r\nX-CSRFToken: {COOKIE}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def answered(reader: asyncio.StreamReader) -> int:
    """The status of the next response, read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.split(b"content-length:")[1].split(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(head[9:12])


async def burst(port: int, seats: list[Seat], seconds: float, revision: int) -> tuple[float, list[int]]:
    """Every client sends one answer after another; answers per second, and the last revision that each got through."""
    last = [0] * len(seats)

    async def client(at: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sent = 0
        while time.perf_counter() < end:
            writer.write(seats[at].request(revision + sent))
            assert await answered(reader) == 200
            last[at] = revision + sent
            sent += 1
        writer.close()
        return sent

    start = time.perf_counter()
    end = start + seconds
    counts = await asyncio.gather(*(client(at) for at in range(len(seats))))
    return sum(counts) / (time.perf_counter() - start), last


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_open_wave(ecosystem)


@pytest.fixture
def product(wave: Wave) -> Iterator[Granian]:
    server = Granian("metasystem.wsgi:application", "metasystem.settings.base")
    yield server
    server.stop()


@pytest.fixture
def bare(wave: Wave) -> Iterator[Granian]:
    server = Granian("tests.benchmarks.bare.wsgi:application", "tests.benchmarks.bare.settings")
    yield server
    server.stop()


def drafts_of(wave: Wave, count: int) -> list[Draft]:
    group = wave.groups.get(key="customers")
    return [start_draft(group=group) for _ in range(count)]


def run(work: Callable[[], Awaitable[tuple[float, list[int]]]]) -> tuple[float, list[int]]:
    """On a loop of its own: the thread may hold that of a browser."""
    with asyncio.Runner() as runner:
        return runner.run(work())  # type: ignore[arg-type]


def test_saving_costs_little_more_than_the_bare_upsert(
    wave: Wave, product: Granian, bare: Granian, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = drafts_of(wave, 2 * CLIENTS)
    item = codes_of(drafts[0])[0]
    give(drafts[0], {item: 3})
    seats_of_ours = [Seat(f"/a/{token_of(draft)}/answers/", item) for draft in drafts[:CLIENTS]]
    seats_of_bare = [Seat(f"/save/{draft.pk}/", item) for draft in drafts[CLIENTS:]]
    rates: tuple[list[float], list[float]] = ([], [])
    last: list[int] = []
    for number in range(ROUNDS + 1):  # the first warms up
        for at, (port, seats) in enumerate(((product.port, seats_of_ours), (bare.port, seats_of_bare))):
            revision = (number + 1) * 1_000_000
            rate, got = run(lambda p=port, s=seats, r=revision: burst(p, s, SECONDS, r))  # type: ignore[misc]
            if at == 0:
                last = got
            if number:
                rates[at].append(rate)
    # of neighbours in time, since other work on the machine comes and goes
    ratio = statistics.median(ours / theirs for ours, theirs in zip(*rates, strict=True))
    with capsys.disabled():
        sys.stdout.write(
            f"\nanswers: {statistics.median(rates[0]):.0f}/s, bare {statistics.median(rates[1]):.0f}/s,"
            f" ratio {ratio:.2f} (at least {LEAST_OF_BARE:g}), {CLIENTS} clients, {ROUNDS} rounds\n"
        )
    kept = dict(DraftAnswer.objects.filter(draft__in=drafts[:CLIENTS]).values_list("draft", "revision"))
    assert [kept[draft.pk] for draft in drafts[:CLIENTS]] == last
    assert ratio >= LEAST_OF_BARE


def test_a_thousand_at_once_lose_nothing_and_double_nothing(
    wave: Wave, product: Granian, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = drafts_of(wave, CROWD)
    items = codes_of(drafts[0])
    seats = [Seat(f"/a/{token_of(draft)}/answers/", items[at % len(items)]) for at, draft in enumerate(drafts)]
    took: list[float] = []

    async def crowd() -> tuple[float, list[int]]:
        connections = [await asyncio.open_connection("127.0.0.1", product.port) for _ in seats]
        start = time.perf_counter()

        async def client(at: int) -> int:
            reader, writer = connections[at]
            writer.write(seats[at].request(7 + at))
            status = await answered(reader)
            took.append(time.perf_counter() - start)
            writer.close()
            return status

        return 0.0, list(await asyncio.gather(*map(client, range(CROWD))))

    _rate, statuses = run(crowd)
    took.sort()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{CROWD} answers at once: n {len(took)}, p50 {took[CROWD // 2] * 1000:.0f} ms,"
            f" p95 {took[CROWD * 95 // 100] * 1000:.0f} ms, max {took[-1] * 1000:.0f} ms\n"
        )
    assert statuses == [200] * CROWD
    kept = list(DraftAnswer.objects.order_by("revision").values_list("draft", "item", "value", "revision"))
    assert kept == [(draft.pk, items[at % len(items)], (7 + at) % 5 + 1, 7 + at) for at, draft in enumerate(drafts)]
    assert Wave.objects.get(pk=wave.pk).privacy_frozen
