"""The stream endpoint and its hub, with the real Valkey and PostgreSQL."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.db.models import F

from assessments.live import bus, hub
from assessments.live.events import WaveSnapshot, room_topic, stream_token, wave_topic
from assessments.live.hub import PAGES_OF_A_SEAT
from assessments.live.stream import Streams, make_application
from assessments.models import Workshop
from ecosystems.models import Ecosystem
from tests.assessments.live.open_pages import (
    PATIENCE,
    OpenPage,
    SmallRooms,
    counts,
    in_thread,
    listening,
    token_of,
    views,
)
from tests.factories.workshops import make_seats, make_workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    made = make_workshop(ecosystem, title="Autumn")
    make_seats(made, 2, seen_at=None)
    return made


@pytest.fixture
def rooms() -> SmallRooms:
    return SmallRooms()


@pytest.fixture
def streams(rooms: SmallRooms) -> Streams:
    return make_application(rooms)


def another(workshop: Workshop, *, wake: bool = True) -> None:
    make_seats(workshop, 1, seen_at=None)
    if wake:
        bus.wake(room_topic(workshop.pk))


def has(count: int) -> Callable[[OpenPage], bool]:
    return lambda page: counts(page)[-1:] == [count]


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
    wave = 9_000_001
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
        'id: 4\ndata: {"wave":9000001,"version":4,"state":"open"}',
        'id: 5\ndata: {"wave":9000001,"version":5,"state":"closed"}',
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
        for _time in range(10):
            bus.wake(room_topic(workshop.pk))
            await asyncio.sleep(0.1)
        await page.leave()
        return page

    page = listening(streams, use)
    assert len(rooms.asked) > 3
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
    closes_at = int(time.time() * 1000) + 1500
    topic = room_topic(workshop.pk)

    class Closing(SmallRooms):
        def frames(self, topics: Sequence[str]) -> dict[str, dict[str, dict[str, object]]]:
            now = int(time.time() * 1000)
            pulse = {"version": 1, "answered": int(now >= closes_at), "now": now, "closes_at": closes_at}
            return {topic: {"pulse": pulse}}

    async def use() -> float:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(0))
        await page.until(has(1))
        await page.leave()
        return time.time() - closes_at / 1000

    streams = make_application(Closing())
    assert 0 < listening(streams, use) < 3


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
    workshops = [make_workshop(ecosystem) for _ in range(5)]

    async def use() -> None:
        pages = [OpenPage(streams, token_of(one)) for one in workshops for _page in range(3)]
        for page in pages:
            await page.until(has(0))
        await asyncio.sleep(hub.HEAL_SECONDS + 0.5)
        for page in pages:
            await page.leave()

    listening(streams, use)
    everything = sorted(room_topic(one.pk) for one in workshops)
    assert rooms.asked == [everything] * len(rooms.asked)
    assert len(rooms.asked) <= 3  # when they came, once Redis listened, and after two seconds


def test_a_slow_page_skips_to_the_latest(streams: Streams, workshop: Workshop) -> None:
    async def use() -> tuple[OpenPage, OpenPage]:
        slow, quick = OpenPage(streams, token_of(workshop), slow=True), OpenPage(streams, token_of(workshop))
        await slow.until(has(2))
        for count in (3, 4, 5):
            await in_thread(another, workshop)
            await quick.until(has(count))
        assert counts(slow) == [2]
        slow.take_again()
        await slow.until(has(5))
        await slow.leave()
        await quick.leave()
        return slow, quick

    slow, quick = listening(streams, use)
    assert counts(slow) == [2, 5]
    assert counts(quick) == [2, 3, 4, 5]


def test_who_leaves_leaves_nothing_behind(streams: Streams, rooms: SmallRooms, workshop: Workshop) -> None:
    async def use() -> tuple[set[str], set[str]]:
        first = OpenPage(streams, token_of(workshop))
        await first.until(has(2))
        before = {one.get_name() for one in asyncio.all_tasks() if one is not first.task}
        pages = [OpenPage(streams, token_of(workshop), slow=number % 2 == 0) for number in range(40)]
        for page in pages:
            await page.until(has(2))
        for page in [first, *pages]:
            await page.leave()
        await asyncio.sleep(0.01)
        asked = len(rooms.asked)
        await asyncio.sleep(hub.HEAL_SECONDS + 0.5)
        assert len(rooms.asked) == asked  # nobody listens, nobody asks
        (one,) = streams._hubs.values()
        assert (one.count, one.topics) == (0, {})
        return before, {one.get_name() for one in asyncio.all_tasks()}

    before, after = listening(streams, use)
    assert after < before


def test_more_than_fit_are_told_when_to_come_back(rooms: SmallRooms, workshop: Workshop) -> None:
    streams = Streams(rooms, at_most=2)

    async def use() -> OpenPage:
        pages = [OpenPage(streams, token_of(workshop)) for _ in range(2)]
        for page in pages:
            await page.until(has(2))
        refused = OpenPage(streams, token_of(workshop))
        await refused.task
        await pages[0].leave()
        again = OpenPage(streams, token_of(workshop))
        await again.until(has(2))
        for page in (pages[1], again):
            await page.leave()
        return refused

    refused = listening(streams, use)
    assert refused.start["status"] == 503
    headers = dict(refused.start["headers"])
    assert 5 <= int(headers[b"retry-after"]) <= 15
    assert refused.got == [b"Too many pages are open. This page asks by itself until there is room."]


def test_seats_that_listen_are_present(
    streams: Streams, rooms: SmallRooms, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "PRESENT_SECONDS", 2.5)
    first, second = workshop.seats.all()

    async def use() -> None:
        early = [OpenPage(streams, token_of(workshop, seat)) for seat in (first, first, second)]
        await early[0].until(has(2))
        await asyncio.sleep(1.3)
        assert rooms.noted == [{first.pk, second.pk}]  # once, soon after they came
        await early[2].leave()
        await asyncio.sleep(1.9)
        assert rooms.noted == [{first.pk, second.pk}, {first.pk}]
        for page in early[:2]:
            await page.leave()

    listening(streams, use)
    first.refresh_from_db()
    assert first.seen_at is not None


def test_a_page_without_a_seat_is_not_present(streams: Streams, rooms: SmallRooms, workshop: Workshop) -> None:
    async def use() -> None:
        page = OpenPage(streams, token_of(workshop))
        await asyncio.sleep(1.3)
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
        await asyncio.sleep(2.5)
        for page in pages:
            await page.leave()
        return pages[0].got, pages[1].got

    room, wave_got = listening(streams, use)
    assert b"event: alive\ndata: 1\n\n" in room
    assert set(wave_got[1:]) == {b": still here\n\n"}


def test_a_database_that_was_away_is_asked_again(
    streams: Streams,
    rooms: SmallRooms,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    real, asked = rooms.frames, list[float]()

    def away(topics: list[str]) -> object:
        asked.append(time.monotonic())
        if len(asked) <= 3:
            raise OperationalError("the server closed the connection")
        return real(topics)

    async def use() -> OpenPage:
        page = OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        monkeypatch.setattr(rooms, "frames", away)
        await in_thread(another, workshop)
        await page.until(has(3))
        await page.leave()
        return page

    with caplog.at_level(logging.WARNING, logger=hub.logger.name):
        page = listening(streams, use)
    assert counts(page) == [2, 3]
    assert all(0.24 <= later - sooner <= 1.2 for sooner, later in pairwise(asked[:4]))
    assert [one.getMessage() for one in caplog.records] == [
        "The stream cannot read rooms and tries again: the server closed the connection"
    ]


def test_a_room_that_cannot_be_shown_does_not_silence_the_others(
    streams: Streams, rooms: SmallRooms, workshop: Workshop, ecosystem: Ecosystem
) -> None:
    other = make_workshop(ecosystem)
    rooms.broken = {room_topic(other.pk)}

    async def use() -> tuple[OpenPage, OpenPage]:
        broken, page = OpenPage(streams, token_of(other)), OpenPage(streams, token_of(workshop))
        await page.until(has(2))
        await in_thread(another, workshop)
        await page.until(has(3))
        assert broken.events == []
        rooms.broken = set()
        await broken.until(has(0))
        for one in (broken, page):
            await one.leave()
        return broken, page

    broken, page = listening(streams, use)
    assert counts(page) == [2, 3]
    assert counts(broken) == [0]


def test_a_room_that_does_not_exist_stays_silent(streams: Streams, ecosystem: Ecosystem) -> None:
    async def use() -> OpenPage:
        page = OpenPage(streams, stream_token(room_topic(987_654), uuid4()))
        await asyncio.sleep(1)
        await page.leave()
        return page

    page = listening(streams, use)
    assert page.start["status"] == 200
    assert page.events == []


def test_of_very_many_pages_of_one_seat_the_oldest_give_way(streams: Streams, ecosystem: Ecosystem) -> None:
    """One seat that opens pages without end takes no place from the others."""
    workshop = make_workshop(ecosystem)
    one, other = make_seats(workshop, 2)

    async def use() -> tuple[list[bool], int]:
        theirs = OpenPage(streams, token_of(workshop, other))
        pages = [OpenPage(streams, token_of(workshop, one)) for _page in range(PAGES_OF_A_SEAT + 3)]
        await pages[-1].until(lambda page: bool(views(page)))
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*[page.task for page in pages[:3]])
        over, open_pages = [page.task.done() for page in (theirs, *pages)], streams._hub().count
        for page in (theirs, *pages):
            await page.leave()
        assert streams._hub()._pages == {}
        return over, open_pages

    over, open_pages = listening(streams, use)
    assert over == [False, *[True] * 3, *[False] * PAGES_OF_A_SEAT]
    assert open_pages == PAGES_OF_A_SEAT + 1
