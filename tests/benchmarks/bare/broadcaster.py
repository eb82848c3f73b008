"""Streams without anything: a counter in memory, raised by POST, sent to everybody at most every 250 ms."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

COALESCE_SECONDS = 0.25

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Broadcaster:
    """As little as can do it: one event a listener, one loop that encodes and wakes."""

    def __init__(self) -> None:
        self.answered = 0
        self.frame = b""
        self.listeners: set[asyncio.Event] = set()
        self.changed = asyncio.Event()
        self.loop: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.loop = self.loop or asyncio.create_task(self.broadcast())
        if scope["method"] == "POST":
            await self.take(receive, send)
        else:
            await self.stream(receive, send)

    async def take(self, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        self.answered += 1
        self.changed.set()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    async def stream(self, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        mine = asyncio.Event()
        mine.set()
        self.listeners.add(mine)
        gone = asyncio.create_task(self.until_gone(receive, mine))
        try:
            while not gone.done():
                await mine.wait()
                mine.clear()
                await send({"type": "http.response.body", "body": self.frame or b":\n\n", "more_body": True})
        finally:
            gone.cancel()
            self.listeners.discard(mine)

    async def until_gone(self, receive: Receive, mine: asyncio.Event) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        mine.set()

    async def broadcast(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await self.changed.wait()
            self.changed.clear()
            started = clock()
            payload = {"version": 1, "round": 1, "state": "open", "answered": self.answered, "here": 1, "away": 0}
            self.frame = f"event: pulse\nid: 1\ndata: {json.dumps(payload, separators=(',', ':'))}\n\n".encode()
            for one in self.listeners:
                one.set()
            await asyncio.sleep(max(0.0, started + COALESCE_SECONDS - clock()))


application = Broadcaster()
