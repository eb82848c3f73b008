"""Streams whose connections to Valkey and PostgreSQL are cut."""

import asyncio

import pytest
import redis
from django.db import connection, connections

from assessments.live import bus, hub
from assessments.live.events import room_topic
from assessments.live.stream import make_application
from assessments.models import Workshop
from ecosystems.models import Ecosystem
from metasystem.embedded import Addresses
from tests.assessments.live.open_pages import (
    OpenPage,
    SmallRooms,
    counts,
    in_thread,
    listening,
    own_number,
    token_of,
    until,
)
from tests.factories.workshops import make_seats, make_workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, pk=own_number())


def cut_readers(but: int) -> int:
    """End every session of the test database that reads rooms, but this one and that of the test itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND pid NOT IN (pg_backend_pid(), %s)",
            [but],
        )
        return int(cursor.fetchone()[0])


def test_a_cut_connection_to_the_database_is_made_anew(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 60)  # as in production
    own = connection.connection.info.backend_pid

    async def use() -> OpenPage:
        page = OpenPage(streams, token_of(workshop))
        await page.until(lambda one: counts(one) == [0])
        await asyncio.sleep(0.5)
        assert await in_thread(cut_readers, own) >= 1  # ours; other processes of the run may hold theirs
        await in_thread(make_seats, workshop, 1)
        bus.wake(room_topic(workshop.pk))
        await page.until(lambda one: counts(one) == [0, 1])
        await page.leave()
        return page

    streams = make_application(SmallRooms())
    assert counts(listening(streams, use)) == [0, 1]


def test_a_cut_subscription_is_made_anew(
    workshop: Workshop, running_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HEAL_SECONDS", 3600)  # nothing but the subscription tells
    rooms = SmallRooms()
    streams = make_application(rooms)

    def cut() -> int:
        with redis.Redis.from_url(running_servers.redis_url) as client:
            database = str(client.connection_pool.connection_kwargs["db"])
            # other processes of the run have theirs on other databases
            own = [one["id"] for one in client.client_list(_type="pubsub") if one["db"] == database]
            return sum(client.client_kill_filter(_id=number) for number in own)

    async def use() -> OpenPage:
        page = OpenPage(streams, token_of(workshop))
        await page.until(lambda one: counts(one) == [0])
        await until(lambda: len(rooms.asked) == 2)  # again once Redis listened
        assert await in_thread(cut) >= 1
        await in_thread(make_seats, workshop, 1)  # nobody hears of it, until the subscription is back
        await page.until(lambda one: counts(one) == [0, 1])
        await in_thread(make_seats, workshop, 1)
        bus.wake(room_topic(workshop.pk))
        await page.until(lambda one: counts(one) == [0, 1, 2])
        await page.leave()
        return page

    assert counts(listening(streams, use)) == [0, 1, 2]


def test_a_statement_that_waits_too_long_gives_way(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.live.rooms.STATEMENT_SECONDS", 1)

    class Stuck(SmallRooms):
        def frames(self, topics):  # type: ignore[no-untyped-def]
            if len(self.asked) == 1:
                self.asked.append([])
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(30)")
            return super().frames(topics)

    streams = make_application(Stuck())

    async def use() -> OpenPage:
        page = OpenPage(streams, token_of(workshop))
        await page.until(lambda one: counts(one) == [0])
        await in_thread(make_seats, workshop, 1)
        bus.wake(room_topic(workshop.pk))
        await page.until(lambda one: counts(one) == [0, 1])
        await page.leave()
        return page

    assert counts(listening(streams, use)) == [0, 1]


def test_a_quiet_subscription_stays(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that Redis is given for an answer is no limit to how long nothing may happen."""
    monkeypatch.setattr(hub, "HEAL_SECONDS", 3600)
    monkeypatch.setattr(hub, "REDIS_SECONDS", 1)
    rooms = SmallRooms()
    streams = make_application(rooms)

    async def use() -> None:
        page = OpenPage(streams, token_of(workshop))
        await page.until(lambda one: counts(one) == [0])
        await until(lambda: len(rooms.asked) == 2)  # again once Redis listened
        await asyncio.sleep(3)
        assert len(rooms.asked) == 2  # it would after each new subscription
        await page.leave()

    listening(streams, use)
