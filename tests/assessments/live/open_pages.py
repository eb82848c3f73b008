"""Pages that listen to a stream application in this process, and a small source of rooms over the real database."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from assessments.live import bus
from assessments.live.events import room_of, room_topic, stream_token
from assessments.live.stream import Streams
from assessments.models import Seat, Workshop
from tests.factories.workshops import make_seats

T = TypeVar("T")
PATIENCE = 30
_numbers = count(1)


class SmallRooms:
    """The title of a workshop as its view, how many seats there are as its pulse; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.noted: list[set[UUID]] = []
        self.broken: set[str] = set()

    def frames(self, topics: Sequence[str]) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        self.asked.append(list(topics))
        if self.broken & set(topics):
            raise ValueError("a room that cannot be shown")
        workshops = Workshop.objects.filter(pk__in=map(room_of, topics)).annotate(answered=Count("seats"))
        return {
            room_topic(one.pk): {
                "view": {"version": one.version, "html": one.title},
                "pulse": {
                    "version": one.version,
                    "answered": one.answered,
                    "now": int(timezone.now().timestamp() * 1000),
                },
            }
            for one in workshops
        }

    def present(self, seats: Collection[UUID]) -> None:
        self.noted.append(set(seats))
        Seat.objects.filter(pk__in=seats).update(seen_at=timezone.now())


class OpenPage:
    """One page: what it was sent, piece by piece. `slow`: it takes nothing until it is let."""

    def __init__(self, application: Streams, token: str, *, slow: bool = False) -> None:
        self.got: list[bytes] = []
        self.start: dict[str, Any] = {}
        self._left, self._may_take, self._news = asyncio.Event(), asyncio.Event(), asyncio.Event()
        if not slow:
            self._may_take.set()
        scope = {"type": "http", "method": "GET", "path": f"/stream/{token}", "headers": []}
        self.task = asyncio.create_task(application(scope, self._receive, self._send))  # type: ignore[arg-type]

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:  # type: ignore[override]
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.got.append(message["body"])
        self._news.set()
        if not self.got[-1].startswith(b"retry:"):
            await self._may_take.wait()

    def take_again(self) -> None:
        self._may_take.set()

    @property
    def events(self) -> list[str]:
        """All events so far, as text without the time, keep-alives left out."""
        text = b"".join(self.got).decode()
        return [one for one in text.split("\n\n") if one and not one.startswith(("retry:", ":", "event: alive"))]

    async def until(self, holds: Callable[["OpenPage"], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds(self):
                self._news.clear()
                await self._news.wait()

    async def leave(self) -> None:
        self._left.set()
        self.take_again()
        await self.task


def counts(page: OpenPage) -> list[int]:
    """How many had answered, in every pulse of a page."""
    pulses = [one for one in page.events if one.startswith("event: pulse")]
    return [int(one.split('"answered":')[1].split(",")[0]) for one in pulses]


def views(page: OpenPage) -> list[str]:
    return [one for one in page.events if one.startswith("event: view")]


def listening(application: Streams, use: Callable[[], Awaitable[T]]) -> T:
    """Run `use` on a loop of its own, and close what the application opened there.

    In a thread of its own, too: where browsers are driven, a loop is running in this one.
    """

    async def everything() -> T:
        try:
            return await use()
        finally:
            await application.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(everything())).result()


async def until(holds: Callable[[], object]) -> None:
    """Wait for what no page is told."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.02)


async def in_thread(work: Callable[..., T], *args: object) -> T:
    """The database, away from the event loop, in a thread whose connection is closed again."""
    from django.db import connection

    def run() -> T:
        try:
            return work(*args)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


def own_number() -> int:
    """A key that nothing else in the run has: Redis tells every listener of all its databases."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return 1_000_000 * (process + 1) + next(_numbers)


def token_of(workshop: Workshop, seat: Seat | None = None) -> str:
    return stream_token(room_topic(workshop.pk), seat.pk if seat else None)


def another(workshop: Workshop, *, wake: bool = True) -> None:
    """One more seat; `wake`: and pages hear of it."""
    make_seats(workshop, 1, seen_at=None)
    if wake:
        bus.wake(room_topic(workshop.pk))


def has(count: int) -> Callable[[OpenPage], bool]:
    """Whether a page has heard last of so many seats."""
    return lambda page: counts(page)[-1:] == [count]
