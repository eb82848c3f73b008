"""The stream endpoint and its hub, with the real Valkey and PostgreSQL."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from django.db.models import F

from assessments.live import bus, hub
from assessments.live.events import WaveSnapshot, room_topic, stream_token, wave_topic
from assessments.live.stream import Streams, make_application
from assessments.models import Workshop
from ecosystems.models import Ecosystem
from tests.assessments.live.open_pages import (
    PATIENCE,
    OpenPage,
    SmallRooms,
    another,
    counts,
    has,
    in_thread,
    listening,
    own_number,
    token_of,
    until,
    views,
)
from tests.factories.workshops import make_workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("token", ["forged", "", stream_token("room:1")[1:]], ids=["made up", "empty", "cut"])
def test_a_forged_token_is_refused_in_words(streams: Streams, token: str) -> None:
    async def use() -> OpenPage:
        page = OpenPage(streams, token)
        await page.task
        return page

    page = listening(streams, use)
    assert page.start["status"] == 403
    assert page.got == [b"This stream address is not valid (any more). Reload the page."]


def test_a_wave_is_shown_as_it_is_stored_and_again_when_it_changes(streams: Streams) -> None:
    wave = own_number()
    bus.publish(WaveSnapshot(wave=wave, version=4, state="open"))

    async def use() -> OpenPage:
        page = OpenPage(streams, stream_token(wave_topic(wave)))
        await page.until(lambda one: len(one.events) == 1)
        await in_thread(bus.publish, WaveSnapshot(wave=wave, version=5, state="closed"))
        await page.until(lambda one: len(one.events) == 2)
        await page.leave()
        return page

    page = listening(streams, use)
    assert page.start["status"] == 200
    assert dict(page.start["headers"]) == {
        b"content-type": b"text/event-stream; charset=utf-8",
        b"cache-control": b"no-cache, no-transform",
        b"x-accel-buffering": b"no",
    }
    assert page.got[0].startswith(b"retry: ")
    assert page.events == [
        f'id: 4\ndata: {{"wave":{wave},"version":4,"state":"open","summed":0}}',
        f'id: 5\ndata: {{"wave":{wave},"version":5,"state":"closed","summed":0}}',
    ]


def test_a_room_says_everything_at_once_and_then_what_changed(streams: Streams, workshop: Workshop) -> None:
    async def use() -> OpenPage:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        await in_thread(another, workshop)
        await page.until(has(3))
        await page.leave()
        return page

    page = listening(streams, use)
    assert views(page) == ['event: view\nid: 1\ndata: {"version":1,"html":"Autumn"}']
    assert counts(page) == [2, 3]


def test_of_a_new_version_the_pulse_tells_and_the_view_when_it_differs(streams: Streams, workshop: Workshop) -> None:
    room = Workshop.objects.filter(pk=workshop.pk)

    async def use() -> tuple[OpenPage, OpenPage]:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        await in_thread(lambda: room.update(version=F("version") + 1))
        await page.until(lambda one: len(counts(one)) == 2)
        later = OpenPage(streams, token_of(workshop))
        await later.until(has(2))
        await in_thread(lambda: room.update(version=F("version") + 1, title="Winter"))
        await page.until(lambda one: len(views(one)) == 2)
        await page.leave()
        await later.leave()
        return page, later

    page, later = listening(streams, use)
    assert [one.split("\n")[0:2] for one in page.events] == [
        ["event: view", "id: 1"],
        ["event: pulse", "id: 1"],
        ["event: pulse", "id: 2"],
        ["event: view", "id: 3"],
        ["event: pulse", "id: 3"],
    ]
    assert views(later)[0].startswith("event: view\nid: 2\n")  # who comes later gets the version of now


def test_nothing_is_sent_while_nothing_changes(streams: Streams, rooms: SmallRooms, workshop: Workshop) -> None:
    async def use() -> OpenPage:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        while len(rooms.asked) < 5:
            bus.wake(room_topic(workshop.pk))
            await asyncio.sleep(0.1)
        await page.leave()
        return page

    page = listening(streams, use)
    assert len(page.events) == 2


def test_a_lost_wake_up_costs_seconds(streams: Streams, workshop: Workshop) -> None:
    async def use() -> float:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        started = time.monotonic()
        await in_thread(lambda: another(workshop, wake=False))
        await page.until(has(3))
        await page.leave()
        return time.monotonic() - started

    assert listening(streams, use) < hub.HEAL_SECONDS + 5


def test_the_end_of_a_rounds_time_is_shown_when_it_comes(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "HEAL_SECONDS", 3600)  # nobody does anything
    topic = room_topic(workshop.pk)

    class Closing(SmallRooms):
        closes_at = 0

        def frames(self, topics: Sequence[str]) -> dict[str, dict[str, dict[str, object]]]:
            now = int(time.time() * 1000)
            self.closes_at = self.closes_at or now + 1000
            pulse = {"version": 1, "answered": int(now >= self.closes_at), "now": now, "closes_at": self.closes_at}
            return {topic: {"pulse": pulse}}

    async def use() -> float:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(0))
        await page.until(has(1))
        await page.leave()
        return time.time() - rooms.closes_at / 1000

    rooms = Closing()
    streams = make_application(rooms)
    assert 0 < listening(streams, use) < PATIENCE


def test_a_burst_is_gathered(streams: Streams, rooms: SmallRooms, workshop: Workshop) -> None:
    async def use() -> tuple[OpenPage, float]:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        started = time.monotonic()
        for _time in range(30):
            await in_thread(another, workshop)
        await page.until(has(32))
        await page.leave()
        return page, time.monotonic() - started

    page, took = listening(streams, use)
    assert len(counts(page)) <= 3 + took / hub.COALESCE_SECONDS
    assert counts(page) == sorted(set(counts(page)))


def test_all_rooms_are_read_together(streams: Streams, rooms: SmallRooms, ecosystem: Ecosystem) -> None:
    workshops = [make_workshop(ecosystem, pk=own_number()) for _ in range(5)]

    async def use() -> float:
        started = time.monotonic()
        pages = [OpenPage(streams, token_of(one)) for one in workshops for _page in range(3)]
        for page in pages:
            await page.until(has(0))
        await until(lambda: len(rooms.asked) >= 3)
        for page in pages:
            await page.leave()
        return time.monotonic() - started

    took = listening(streams, use)
    everything = sorted(room_topic(one.pk) for one in workshops)
    assert rooms.asked == [everything] * len(rooms.asked)
    # when they came, once Redis listened, and every two seconds
    assert len(rooms.asked) <= 2 + took / hub.HEAL_SECONDS


def test_seats_that_listen_are_present(
    streams: Streams, rooms: SmallRooms, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "PRESENT_SECONDS", 2.5)
    first, second = workshop.seats.all()

    async def use() -> float:
        started = time.monotonic()
        early = [OpenPage(streams, token_of(workshop, seat)) for seat in (first, first, second)]
        await until(lambda: rooms.noted)
        assert rooms.noted == [{first.pk, second.pk}]  # together, soon after they came
        await early[2].leave()
        await until(lambda: rooms.noted[-1] == {first.pk})
        for page in early[:2]:
            await page.leave()
        return time.monotonic() - started

    took = listening(streams, use)
    assert all(seats == {first.pk, second.pk} for seats in rooms.noted[:-1])
    assert len(rooms.noted) <= 1 + took / hub.PRESENT_SECONDS
    first.refresh_from_db()
    assert first.seen_at is not None


def test_a_page_without_a_seat_is_not_present(streams: Streams, rooms: SmallRooms, workshop: Workshop) -> None:
    async def use() -> None:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        await asyncio.sleep(hub.TICK_SECONDS + 0.3)
        await page.leave()

    listening(streams, use)
    assert rooms.noted == []


def test_a_quiet_line_gives_signs_of_life(
    streams: Streams, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "KEEP_ALIVE_SECONDS", 1)
    wave = stream_token(wave_topic(9_000_002))

    async def use() -> tuple[list[bytes], list[bytes]]:
        pages = OpenPage(streams, token_of(workshop)), OpenPage(streams, wave)
        await pages[0].until(lambda one: b"event: alive\ndata: 1\n\n" in one.got)
        await pages[1].until(lambda one: len(one.got) > 1)
        for page in pages:
            await page.leave()
        return pages[0].got, pages[1].got

    _room, wave_got = listening(streams, use)
    assert set(wave_got[1:]) == {b": still here\n\n"}
