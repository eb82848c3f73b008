"""What the listeners of one topic hear, without servers."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessments.live import hub
from assessments.live.events import ROOM_KEEP_ALIVE, Ticket, encode
from assessments.live.hub import Hub, Listener, Topic


def test_a_page_that_comes_again_unchanged_is_made_into_bytes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(hub, "encode", lambda payload, kind: made.append(kind) or encode(payload, kind))
    topic, view = Topic("room:7"), {"version": 1, "html": "<p>Talk</p>"}
    for answered in range(3):
        topic.show("view", view)
        topic.show("pulse", {"version": 1, "answered": answered})
    assert made == ["view", "pulse", "pulse", "pulse"]
    assert topic.number == 4


def test_everybody_hears_what_they_have_not_heard() -> None:
    topic = Topic("room:7")
    view, pulses = {"version": 1, "html": "<p>Talk</p>"}, [{"version": 1, "answered": count} for count in range(3)]
    topic.show("view", view)
    topic.show("pulse", pulses[0])
    assert topic.since(0) == encode(view, "view") + encode(pulses[0], "pulse")
    assert topic.since(1) == encode(pulses[0], "pulse")
    topic.show("pulse", pulses[1])
    assert topic.since(0) == encode(view, "view") + encode(pulses[1], "pulse")
    assert topic.since(1) == topic.since(2) == encode(pulses[1], "pulse")
    assert topic.since(3) == b""


def test_a_listener_is_woken_once_for_all_that_came_meanwhile_and_ends_when_its_reader_goes() -> None:
    async def listen() -> list[bytes | None]:
        topic = Topic("room:7")
        listener = Listener(topic, None)
        heard = []
        waiting = asyncio.create_task(listener.next())
        await asyncio.sleep(0)
        for count in range(2):
            topic.show("pulse", {"version": 1, "answered": count})
            listener.wake()
        heard.append(await waiting)
        listener.wake()  # before it listens again
        heard.append(await listener.next())
        waiting = asyncio.create_task(listener.next())
        await asyncio.sleep(0)
        assert not waiting.done()
        listener.leave()
        heard.append(await waiting)
        return heard

    last = encode({"version": 1, "answered": 1}, "pulse")
    with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one
        assert thread.submit(lambda: asyncio.run(listen())).result() == [last, ROOM_KEEP_ALIVE, None]


class SlowToListen:
    """In place of Redis: it takes long until a subscription holds, and what is said before is lost."""

    def __init__(self, *, fails: int = 0) -> None:
        self.stored: dict[str, str] = {}
        self.fails = fails
        self.was_read, self.holds = asyncio.Event(), asyncio.Event()

    def pubsub(self) -> "SlowToListen":
        return self

    async def __aenter__(self) -> "SlowToListen":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def psubscribe(self, pattern: str) -> None:
        pass

    async def listen(self) -> AsyncIterator[dict[str, str]]:
        await self.holds.wait()
        yield {"type": "psubscribe"}
        await asyncio.Event().wait()

    async def mget(self, keys: list[str]) -> list[str | None]:
        self.was_read.set()
        if self.fails:
            self.fails -= 1
            raise TimeoutError("no answer in time")
        return [self.stored.get(key) for key in keys]

    async def aclose(self) -> None:
        pass


def test_what_was_said_before_the_subscription_holds_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    news = {"wave": 7, "version": 5, "state": "open"}

    async def listen() -> bytes | None:
        redis = SlowToListen()
        monkeypatch.setattr(hub.aioredis.Redis, "from_url", lambda *_, **__: redis)
        own = Hub(None)
        listener = own.join(Ticket("wave:7"))
        await redis.was_read.wait()
        redis.stored["live:wave:7"] = json.dumps(news)
        redis.holds.set()
        try:
            return await asyncio.wait_for(listener.next(), 20)
        finally:
            await own.close()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(listen())).result() == encode(news)


def test_a_snapshot_that_could_not_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    news = {"ecosystem": 7, "version": 5}

    async def listen() -> bytes | None:
        redis = SlowToListen(fails=2)
        redis.stored["live:map:7"] = json.dumps(news)
        monkeypatch.setattr(hub.aioredis.Redis, "from_url", lambda *_, **__: redis)
        own = Hub(None)
        try:
            return await asyncio.wait_for(own.join(Ticket("map:7")).next(), 20)
        finally:
            await own.close()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(listen())).result() == encode(news)
