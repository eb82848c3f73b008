"""The stream endpoint: a raw ASGI application for server-sent events, without ORM or middleware on the event loop."""

import asyncio
import random
import resource
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from assessments.live.events import StreamRefused, read_ticket
from assessments.live.hub import Hub, TooManyPages
from assessments.live.rooms import Rooms

LISTENERS_AT_MOST = 5_000
"""Open pages a process: about 20 KB and one file descriptor each."""
AWAY_MS = (45_000, 75_000)
OTHER_FILES = 100
"""File descriptors that are left for everything else."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]


def listeners_at_most() -> int:
    """How many pages this process may hold open: what the system lets it, within our own bound."""
    files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return LISTENERS_AT_MOST if files == resource.RLIM_INFINITY else min(LISTENERS_AT_MOST, files - OTHER_FILES)


class Streams:
    """`GET /stream/<token>`: an endless `text/event-stream`; 403 for a token that does not hold, 503 when full.

    429 where one holder has far too many open. What gave way to a newer page is told to come back in a minute only, or
    pages of one holder would push each other out without end; until then they ask by themselves.
    """

    def __init__(self, rooms: Rooms | None, *, at_most: int) -> None:
        self._rooms, self._at_most = rooms, at_most
        self._hubs: dict[asyncio.AbstractEventLoop, Hub] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            ticket = read_ticket(scope["path"].rstrip("/").rpartition("/")[2])
        except StreamRefused:
            await _refuse(send, 403, b"This stream address is not valid (any more). Reload the page.")
            return
        hub = self._hub()
        if hub.count >= self._at_most:
            await _refuse(send, 503, b"Too many pages are open. This page asks by itself until there is room.")
            return
        try:
            listener = hub.join(ticket)
        except TooManyPages:
            await _refuse(send, 429, b"You have too many pages open. This page asks by itself until you close some.")
            return
        watching = asyncio.create_task(_until_gone(receive, listener.leave))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            # a room that lost its line does not come back in one instant
            retry = random.randint(1000, 3000)  # noqa: S311 - jitter, not a secret
            await send(_part(b"retry: %d\n\n" % retry))
            while (body := await listener.next()) is not None:
                await send(_part(body))
            if listener.gives_way and not watching.done():
                await send(_part(b"retry: %d\n\n" % random.randint(*AWAY_MS)))  # noqa: S311 - jitter, not a secret
                await send({"type": "http.response.body", "body": b""})
        except OSError:
            pass  # the reader went away in the middle of a frame
        finally:
            watching.cancel()
            hub.leave(listener)

    async def close(self) -> None:
        """End what this event loop's listeners share."""
        if hub := self._hubs.pop(asyncio.get_running_loop(), None):
            await hub.close()

    def _hub(self) -> Hub:
        loop = asyncio.get_running_loop()
        if loop not in self._hubs:
            self._hubs[loop] = Hub(self._rooms)
        return self._hubs[loop]


def make_application(rooms: Rooms | None) -> Streams:
    """The application of a process; without `rooms` it serves waves only."""
    return Streams(rooms, at_most=listeners_at_most())


def _part(body: bytes) -> MutableMapping[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _until_gone(receive: Receive, gone: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone()


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status in (429, 503):
        headers.append((b"retry-after", b"%d" % random.randint(5, 15)))  # noqa: S311 - jitter, not a secret
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
