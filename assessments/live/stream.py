"""The stream endpoint: a raw ASGI application for server-sent events, without ORM or middleware on the event loop.

One Redis subscription a process feeds every listener. Changes are gathered for `COALESCE_SECONDS` and sent as one
frame, the same bytes to everybody; a slow listener skips to the latest frame.
"""

import asyncio
import json
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import redis.asyncio as aioredis
from django.conf import settings
from redis.exceptions import RedisError

from assessments.live.bus import CHANNEL
from assessments.live.events import KEEP_ALIVE, StreamRefused, encode, topic_of

COALESCE_SECONDS = 0.25
KEEP_ALIVE_SECONDS = 20

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)


class Hub:
    """The listeners of this process and the latest frame of each topic."""

    def __init__(self) -> None:
        self.listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.frames: dict[str, bytes] = {}
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self._redis = aioredis.Redis.from_url(settings.REDIS_URL)
        self._tasks = [asyncio.create_task(self._subscribe()), asyncio.create_task(self._flush())]

    async def join(self, topic: str) -> asyncio.Event:
        """Start listening; the event is set whenever `frames[topic]` is newer than what was last read."""
        changed = asyncio.Event()
        self.listeners[topic].add(changed)
        if topic in self.frames:
            changed.set()
        else:
            self._mark(topic)
        return changed

    def leave(self, topic: str, changed: asyncio.Event) -> None:
        self.listeners[topic].discard(changed)
        if not self.listeners[topic]:
            del self.listeners[topic]
            self.frames.pop(topic, None)

    def _mark(self, topic: str) -> None:
        self._dirty.add(topic)
        self._wake.set()

    async def _subscribe(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.psubscribe(f"{CHANNEL}*")
                    for topic in list(self.listeners):
                        self._mark(topic)  # whatever happened while we were not subscribed
                    async for message in subscription.listen():
                        if message["type"] == "pmessage":
                            topic = message["channel"].decode().removeprefix(CHANNEL)
                            if topic in self.listeners:
                                self._mark(topic)
            except (RedisError, OSError):
                logger.warning("The stream lost Redis and tries again")
            await asyncio.sleep(0.2 + random.random())  # noqa: S311 - jitter, not a secret

    async def _flush(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            dirty, self._dirty = [topic for topic in self._dirty if topic in self.listeners], set()
            if dirty:
                try:
                    stored = await self._redis.mget([CHANNEL + topic for topic in dirty])
                except (RedisError, OSError):
                    stored = [None] * len(dirty)  # the subscription marks them again when Redis is back
                for topic, snapshot in zip(dirty, stored, strict=True):
                    if snapshot is not None:
                        self._show(topic, encode(json.loads(snapshot)))
            await asyncio.sleep(COALESCE_SECONDS)

    def _show(self, topic: str, frame: bytes) -> None:
        if self.frames.get(topic) == frame:
            return
        self.frames[topic] = frame
        for changed in self.listeners.get(topic, ()):
            changed.set()


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def _hub() -> Hub:
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """`GET /stream/<token>`: an endless `text/event-stream`; 403 for a token that does not hold."""
    if scope["type"] != "http":
        return
    try:
        topic = topic_of(scope["path"].rstrip("/").rpartition("/")[2])
    except StreamRefused:
        await _refuse(send)
        return
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-cache, no-transform"),
                (b"x-accel-buffering", b"no"),
            ],
        }
    )
    gone = asyncio.create_task(_until_gone(receive))
    hub = _hub()
    changed = await hub.join(topic)
    try:
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        while not gone.done():
            waiting = asyncio.create_task(changed.wait())
            await asyncio.wait({waiting, gone}, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                waiting.cancel()
                break
            if waiting.done():
                changed.clear()
                await send({"type": "http.response.body", "body": hub.frames[topic], "more_body": True})
            else:
                waiting.cancel()
                await send({"type": "http.response.body", "body": KEEP_ALIVE, "more_body": True})
    except OSError:
        pass  # the reader went away in the middle of a frame
    finally:
        gone.cancel()
        hub.leave(topic, changed)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send) -> None:
    body = b"This stream address is not valid (any more). Reload the page."
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
