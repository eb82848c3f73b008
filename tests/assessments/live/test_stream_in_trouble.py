"""Streams when something is slow, full, broken or gone: nobody else waits, and nothing is left behind."""

import asyncio
import logging
import time
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import OperationalError

from assessments.live import hub
from assessments.live.events import PAGES_OF_A_READER, room_topic, stream_token
from assessments.live.hub import PAGES_OF_A_SEAT
from assessments.live.stream import AWAY_MS, Streams
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
    views,
)
from tests.factories.workshops import make_seats, make_workshop

pytestmark = pytest.mark.django_db(transaction=True)


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
        hub_of_all = streams._hub()
        assert hub_of_all._reader
        await hub_of_all._reader.present(())  # waits its turn behind what was being read
        asked = len(rooms.asked)
        await asyncio.sleep(hub.HEAL_SECONDS + 0.5)
        assert len(rooms.asked) == asked  # nobody listens, nobody asks
        assert [*streams._hubs.values()] == [hub_of_all]
        assert (hub_of_all.count, hub_of_all.topics) == (0, {})
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
    pauses = [later - sooner for sooner, later in pairwise(asked[:4])]
    assert min(pauses) >= 0.24
    assert min(pauses) <= 1.2  # the others may have waited for a busy machine
    assert [one.getMessage() for one in caplog.records] == [
        "The stream cannot read rooms and tries again: the server closed the connection"
    ]


def test_a_room_that_cannot_be_shown_does_not_silence_the_others(
    streams: Streams, rooms: SmallRooms, workshop: Workshop, ecosystem: Ecosystem
) -> None:
    other = make_workshop(ecosystem, pk=own_number())
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
        await page.until(lambda one: bool(one.got))
        await asyncio.sleep(1)
        await page.leave()
        return page

    page = listening(streams, use)
    assert page.start["status"] == 200
    assert page.events == []


def test_of_very_many_pages_of_one_seat_the_oldest_give_way(streams: Streams, ecosystem: Ecosystem) -> None:
    """One seat that opens pages without end takes no place from the others."""
    workshop = make_workshop(ecosystem, pk=own_number())
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


def test_of_very_many_pages_of_one_log_in_the_oldest_give_way_for_a_minute(
    streams: Streams, workshop: Workshop, ecosystem: Ecosystem
) -> None:
    """They are counted together whatever they listen to; what gives way is not to push out the next one at once."""
    topics = [room_topic(workshop.pk), room_topic(make_workshop(ecosystem, pk=own_number()).pk)]

    async def use() -> tuple[list[bool], int]:
        theirs = OpenPage(streams, stream_token(topics[0], reader=9))
        pages = [OpenPage(streams, stream_token(topics[n % 2], reader=7)) for n in range(PAGES_OF_A_READER + 2)]
        await pages[-1].until(lambda page: bool(views(page)))
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*[page.task for page in pages[:2]])
        over, open_pages = [page.task.done() for page in (theirs, *pages)], streams._hub().count
        for page in pages[:2]:
            retry, end = page.got[-2:]
            assert (AWAY_MS[0] <= int(retry.removeprefix(b"retry:")) <= AWAY_MS[1], end) == (True, b"")
        for page in (theirs, *pages):
            await page.leave()
        assert streams._hub()._pages == {}
        return over, open_pages

    over, open_pages = listening(streams, use)
    assert over == [False, True, True, *[False] * PAGES_OF_A_READER]
    assert open_pages == PAGES_OF_A_READER + 1


def test_whose_pages_take_nothing_gets_no_more_of_them(streams: Streams, workshop: Workshop) -> None:
    """A page that reads nothing cannot be told to go: it keeps its place, so there are no more than twice as many."""
    token = stream_token(room_topic(workshop.pk), reader=7, most=2)

    async def use() -> OpenPage:
        stuck = []
        for _page in range(4):  # one after the other: each is in the middle of its first frame
            stuck.append(OpenPage(streams, token, slow=True))
            await stuck[-1].until(has(2))
        refused = OpenPage(streams, token)
        await refused.task
        assert streams._hub().count == 4
        other = OpenPage(streams, stream_token(room_topic(workshop.pk), reader=8, most=2))
        await other.until(has(2))
        for page in stuck[:2]:
            page.take_again()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*[page.task for page in stuck[:2]])
        again = OpenPage(streams, token)
        await again.until(has(2))
        for page in (*stuck[2:], other, again):
            await page.leave()
        assert (streams._hub()._pages, streams._hub().count) == ({}, 0)
        return refused

    refused = listening(streams, use)
    assert refused.start["status"] == 429
    assert 5 <= int(dict(refused.start["headers"])[b"retry-after"]) <= 15
    assert refused.got == [b"You have too many pages open. This page asks by itself until you close some."]


def test_pages_of_nobody_in_particular_are_not_counted(streams: Streams, workshop: Workshop) -> None:
    async def use() -> int:
        pages = [OpenPage(streams, token_of(workshop)) for _page in range(PAGES_OF_A_READER + 5)]
        for page in pages:
            await page.until(has(2))
        count = streams._hub().count
        for page in pages:
            await page.leave()
        return count

    assert listening(streams, use) == PAGES_OF_A_READER + 5
