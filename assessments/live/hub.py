"""The listeners of a stream process, and the latest frames of what they listen to.

A frame is made once and its bytes go to everybody. Changes are gathered for `COALESCE_SECONDS`. A wave's snapshot is in
Redis; a room's frames are read from the database, when Redis says so and by themselves every `HEAL_SECONDS`, so that
neither a lost wake-up nor a restart of Redis or PostgreSQL leaves a screen wrong.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import redis.asyncio as aioredis
from django.conf import settings
from django.db import Error as DatabaseError
from redis.exceptions import RedisError

from assessments.live.bus import CHANNEL
from assessments.live.complaints import Complaint
from assessments.live.events import KEEP_ALIVE, PULSE, ROOM_KEEP_ALIVE, Ticket, encode, is_room, news_of
from assessments.live.rooms import Reader, Rooms

COALESCE_SECONDS = 0.25
HEAL_SECONDS = 2
KEEP_ALIVE_SECONDS = 20
PRESENT_SECONDS = 10
TICK_SECONDS = 1
CLOCK_SECONDS = 0.02
"""By so much two clocks may differ in how long a minute is."""
REDIS_SECONDS = 5
PAGES_OF_A_SEAT = 6
"""A phone, the one it moved to, some tabs left open. Of more the oldest gives way: one seat is to fill no process."""

logger = logging.getLogger(__name__)


@dataclass
class Frame:
    """What was last said of one kind: `number` grows within a topic with all that is worth sending."""

    number: int
    payload: Mapping[str, object]
    news: Mapping[str, object]
    body: bytes


@dataclass
class Topic:
    """Something people listen to."""

    name: str
    listeners: "set[Listener]" = field(default_factory=set)
    frames: dict[str, Frame] = field(default_factory=dict)
    number: int = 0
    bodies: dict[int, bytes] = field(default_factory=dict)
    """What to send whom: by the `number` that a listener has heard."""
    closing: asyncio.TimerHandle | None = None
    """Looks again when the time of a room's round is over, which no act of anybody says."""

    def show(self, kind: str, payload: Mapping[str, object]) -> None:
        """Take a newer payload; `number` grows if listeners must hear of it."""
        shown = self.frames.get(kind)
        if shown is not None and shown.payload is payload:
            return  # a page full of reasons is read four times a second and made into bytes once
        news = news_of(payload, kind)
        is_news = shown is None or shown.news != news
        self.number += is_news
        # a page that comes later gets the version of now, even where those who are here need not hear of it
        number = self.number if shown is None or is_news else shown.number
        self.frames[kind] = Frame(number, payload, news, encode(payload, kind))
        self.bodies.clear()

    def since(self, heard: int) -> bytes:
        """All frames that are newer, made into bytes once for everybody who has heard as much."""
        body = self.bodies.get(heard)
        if body is None:
            body = self.bodies[heard] = b"".join([one.body for one in self.frames.values() if one.number > heard])
        return body


class Listener:
    """One open page. It hears the latest frame of each kind, and skips those that it was too slow for."""

    __slots__ = (
        "_clock",
        "_heard",
        "_is_due",
        "_make_future",
        "_sent_at",
        "_waiting",
        "gives_way",
        "holder",
        "is_gone",
        "seat",
        "topic",
    )

    def __init__(self, topic: Topic, seat: UUID | None, holder: UUID | str = "") -> None:
        loop = asyncio.get_running_loop()
        self.topic, self.seat, self.holder = topic, seat, holder
        self.is_gone = self.gives_way = False
        # a future for each wait: an asyncio.Event costs twice as much, a thousand times for every frame
        self._clock, self._make_future = loop.time, loop.create_future
        self._waiting: asyncio.Future[None] | None = None
        self._is_due = False
        self._heard, self._sent_at = 0, self._clock()

    def wake(self) -> None:
        self._is_due = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def leave(self) -> None:
        """The reader went away: `next` says so."""
        self.is_gone = True
        self.wake()

    def give_way(self) -> None:
        """Another page of its holder takes its place."""
        self.gives_way = True
        self.leave()

    def tire(self, now: float) -> None:
        """Wake it where nothing was sent for long, for a sign of life."""
        if now - self._sent_at >= KEEP_ALIVE_SECONDS:
            self.wake()

    async def next(self) -> bytes | None:
        """The bytes to send next, once there are any; None when the reader has gone."""
        if not self._is_due:
            self._waiting = self._make_future()
            await self._waiting
        self._is_due = False
        if self.is_gone:
            return None
        self._sent_at = self._clock()
        heard, self._heard = self._heard, self.topic.number
        return self.topic.since(heard) or (ROOM_KEEP_ALIVE if is_room(self.topic.name) else KEEP_ALIVE)


class TooManyPages(Exception):
    """So many pages of one seat or log-in are open that none can be added."""


def _holder(ticket: Ticket) -> UUID | str:
    """Whose pages are counted together; '' for nobody's."""
    return ticket.seat or ticket.reader


class Hub:
    """Everything that happens between a change and the listeners of one event loop."""

    def __init__(self, rooms: Rooms | None) -> None:
        self.topics: dict[str, Topic] = {}
        self.count = 0
        self._reader = Reader(rooms) if rooms else None
        self._waves, self._rooms = Dirt(), Dirt()
        self._arrived: set[UUID] = set()
        self._pages: dict[UUID | str, list[Listener]] = {}
        self._redis_away, self._database_away = Complaint(logger), Complaint(logger)
        self._redis = aioredis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        work = [self._subscribe(), self._show_waves(), self._keep_awake()]
        if self._reader:
            work += [self._show_rooms(), self._heal(), self._note_present()]
        self._tasks = [asyncio.create_task(one) for one in work]

    def join(self, ticket: Ticket) -> Listener:
        """Start listening: the first frames come at once where they are known.

        Of very many pages of one holder the oldest gives way: the newest is the one that is looked at. Raises
        TooManyPages where as many as may be open have been told to and are still there.
        """
        self._make_place(ticket)
        topic = self.topics.setdefault(ticket.topic, Topic(ticket.topic))
        listener = Listener(topic, ticket.seat, _holder(ticket))
        topic.listeners.add(listener)
        self.count += 1
        if topic.frames:
            listener.wake()
        else:
            self._mark([topic.name])
        if ticket.seat:
            self._arrived.add(ticket.seat)
        if listener.holder:
            self._pages.setdefault(listener.holder, []).append(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self.count -= 1
        listener.topic.listeners.discard(listener)
        if listener.holder:
            pages = self._pages[listener.holder]
            pages.remove(listener)
            if not pages:
                del self._pages[listener.holder]
        if not listener.topic.listeners:
            self.topics.pop(listener.topic.name, None)
            self._await_closing(listener.topic, {})

    def _make_place(self, ticket: Ticket) -> None:
        pages = self._pages.get(_holder(ticket), [])
        most = PAGES_OF_A_SEAT if ticket.seat else ticket.most
        if len(pages) < most or not pages:
            return
        if len(pages) >= 2 * most:  # they take nothing, so they cannot be told to go
            raise TooManyPages
        staying = [one for one in pages if not one.is_gone]
        if len(staying) >= most:
            staying[0].give_way()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()
        if self._reader:
            await self._reader.close()

    def _mark(self, topics: Iterable[str]) -> None:
        for topic in topics:
            if topic in self.topics:
                (self._rooms if is_room(topic) else self._waves).add(topic)

    def _show(self, name: str, frames: Mapping[str, Mapping[str, object]]) -> None:
        topic = self.topics.get(name)
        if topic is None:
            return  # everybody left while it was read
        number = topic.number
        for kind, payload in frames.items():
            topic.show(kind, payload)
        if topic.number > number:
            for listener in topic.listeners:
                listener.wake()
        self._await_closing(topic, frames.get(PULSE, {}))

    def _await_closing(self, topic: Topic, pulse: Mapping[str, object]) -> None:
        if topic.closing:
            topic.closing.cancel()
            topic.closing = None
        match pulse:
            case {"closes_at": int(closes_at), "now": int(now)} if closes_at > now:
                seconds = (closes_at - now) / 1000 + CLOCK_SECONDS
                topic.closing = asyncio.get_running_loop().call_later(seconds, self._mark, [topic.name])

    async def _subscribe(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.psubscribe(f"{CHANNEL}*")
                    async for message in subscription.listen():
                        if message["type"] == "psubscribe":
                            self._mark(list(self.topics))  # whatever happened until the subscription held
                        elif message["type"] == "pmessage":
                            self._mark([message["channel"].decode().removeprefix(CHANNEL)])
            except (RedisError, OSError):
                self._redis_away.say("The stream lost Redis and tries again")
            await asyncio.sleep(0.2 + random.random())  # noqa: S311 - jitter, not a secret

    async def _show_waves(self) -> None:
        async for topics in self._waves.gathered():
            try:
                stored = await self._redis.mget([CHANNEL + topic for topic in topics])
            except (RedisError, OSError):
                self._mark(topics)  # the subscription may have noticed nothing
                await asyncio.sleep(0.25 + random.random() / 2)  # noqa: S311 - jitter, not a secret
                continue
            for topic, snapshot in zip(topics, stored, strict=True):
                if snapshot is not None:
                    self._show(topic, {"": json.loads(snapshot)})

    async def _show_rooms(self) -> None:
        async for topics in self._rooms.gathered():
            listened = [topic for topic in topics if topic in self.topics]
            if listened and not await self._read(listened):
                self._mark(listened)  # what was shown stays, and nobody is sent away
                await asyncio.sleep(0.25 + random.random() / 2)  # noqa: S311 - jitter, not a secret

    async def _read(self, topics: list[str]) -> bool:
        """Show what the database says of these rooms; False if it must be asked again."""
        assert self._reader
        try:
            found = await self._reader.frames(topics)
        except DatabaseError as problem:
            self._database_away.say("The stream cannot read rooms and tries again: %s", problem)
            return False
        except Exception as problem:
            if len(topics) > 1:  # one room that cannot be read must not silence the others
                return all([await self._read([topic]) for topic in topics])
            self._database_away.say("The stream cannot show %s and tries again", topics[0], error=problem)
            return False
        for topic, frames in found.items():
            self._show(topic, frames)
        return True

    async def _heal(self) -> None:
        while True:
            await asyncio.sleep(HEAL_SECONDS)
            self._mark([topic for topic in self.topics if is_room(topic)])

    async def _keep_awake(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = clock()
            for topic in self.topics.values():
                for listener in topic.listeners:
                    listener.tire(now)

    async def _note_present(self) -> None:
        clock = asyncio.get_running_loop().time
        all_again_at = clock() + PRESENT_SECONDS
        while True:
            await asyncio.sleep(TICK_SECONDS)
            arrived, self._arrived = self._arrived, set()
            if clock() >= all_again_at:
                all_again_at = clock() + PRESENT_SECONDS
                arrived = self._seats()
            if arrived:
                await self._note(arrived)

    async def _note(self, seats: Collection[UUID]) -> None:
        assert self._reader
        try:
            await self._reader.present(seats)
        except Exception as problem:  # noted again in ten seconds
            known = isinstance(problem, DatabaseError)
            self._database_away.say("The stream cannot note who is here: %s", problem, error=None if known else problem)
        else:
            self._mark({name for name, topic in self.topics.items() if any(x.seat in seats for x in topic.listeners)})

    def _seats(self) -> set[UUID]:
        return {x.seat for topic in self.topics.values() for x in topic.listeners if x.seat}


class Dirt:
    """Topics whose frames may be old."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._some = asyncio.Event()

    def add(self, topic: str) -> None:
        self._topics.add(topic)
        self._some.set()

    async def gathered(self) -> AsyncIterator[list[str]]:
        """Batches of topics: the first at once, each later one no sooner than `COALESCE_SECONDS` after the last."""
        clock = asyncio.get_running_loop().time
        while True:
            await self._some.wait()
            self._some.clear()
            started = clock()
            topics, self._topics = sorted(self._topics), set()
            yield topics
            await asyncio.sleep(max(0.0, started + COALESCE_SECONDS - clock()))
