"""What the listeners of one topic hear, without servers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessments.live import hub
from assessments.live.events import ROOM_KEEP_ALIVE, encode
from assessments.live.hub import Listener, Topic


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
