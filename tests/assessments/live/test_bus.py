"""Wake-ups through the real Valkey."""

import json
import logging
import time
from collections.abc import Iterator

import pytest
import redis
from django.db import transaction

from assessments.live import bus
from assessments.live.events import MapSnapshot, WaveSnapshot
from metasystem.embedded import Addresses
from metasystem.processes import wait_until
from tests.assessments.live.open_pages import own_number

pytestmark = pytest.mark.django_db(transaction=True)


OWN = (b":811", b":812")


class Ear:
    """What is published on a topic that no other test uses: Redis tells every listener of all its databases."""

    def __init__(self, subscription: "redis.client.PubSub") -> None:
        self.subscription, self.heard = subscription, list[str]()

    def listen(self) -> list[str]:
        while (message := self.subscription.get_message(timeout=0.01)) is not None:
            if message["type"] == "pmessage" and message["channel"].endswith(OWN):
                self.heard.append(message["channel"].decode())
        return self.heard


@pytest.fixture
def ear(running_servers: Addresses) -> Iterator[Ear]:
    with redis.Redis.from_url(running_servers.redis_url) as client, client.pubsub() as subscription:
        subscription.psubscribe(bus.CHANNEL + "room:*")
        assert wait_until(lambda: subscription.get_message(timeout=0.1) is not None, seconds=20)
        yield Ear(subscription)


def test_a_thousand_wake_ups_are_a_handful_of_messages(ear: Ear) -> None:
    started = time.monotonic()
    for _time in range(1000):
        bus.wake("room:811")
    pauses = (time.monotonic() - started) / 0.1
    assert wait_until(lambda: set(ear.listen()) == {"live:room:811"}, seconds=20)
    time.sleep(0.3)
    assert set(ear.listen()) == {"live:room:811"}
    assert len(ear.heard) <= 2 + pauses


def test_nobody_is_woken_before_the_commit_or_after_a_rollback(ear: Ear) -> None:
    with transaction.atomic():
        bus.wake_on_commit("room:812")
        time.sleep(0.2)
        assert ear.listen() == []
    assert wait_until(lambda: ear.listen() == ["live:room:812"], seconds=20)
    with transaction.atomic():
        bus.wake_on_commit("room:812")
        transaction.set_rollback(True)
    time.sleep(0.2)
    assert ear.listen() == ["live:room:812"]


def stored(topic: str) -> object:
    return json.loads(bus.connection().get(bus.CHANNEL + topic) or b"null")


def test_an_older_snapshot_that_comes_late_does_not_hide_the_newer_one() -> None:
    ecosystem, wave = own_number(), own_number()
    for version in (6, 5):
        bus.publish(MapSnapshot(ecosystem, version))
    assert stored(f"map:{ecosystem}") == {"ecosystem": ecosystem, "version": 6}
    for said in (
        WaveSnapshot(wave, 4, "closed", summed=2),
        WaveSnapshot(wave, 4, "closed"),
        WaveSnapshot(wave, 3, "open"),
    ):
        bus.publish(said)
    assert stored(f"wave:{wave}") == {"wave": wave, "version": 4, "state": "closed", "summed": 2}
    bus.publish(WaveSnapshot(wave, 5, "closed"))
    assert stored(f"wave:{wave}") == {"wave": wave, "version": 5, "state": "closed", "summed": 0}


def test_a_database_that_was_put_back_is_heard_of_after_a_minute() -> None:
    ecosystem = own_number()
    bus.publish(MapSnapshot(ecosystem, 9))
    bus.publish(MapSnapshot(ecosystem, 2))
    assert stored(f"map:{ecosystem}") == {"ecosystem": ecosystem, "version": 9}
    bus.connection().expire(f"live:map:{ecosystem}", bus.SNAPSHOT_SECONDS - bus.OVERTAKEN_SECONDS)
    bus.publish(MapSnapshot(ecosystem, 2))
    assert stored(f"map:{ecosystem}") == {"ecosystem": ecosystem, "version": 2}


def test_without_redis_there_is_one_line_in_the_log(
    ear: Ear, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert wait_until(lambda: not bus._waker._due, seconds=20)
    bus.wake("room:811")
    assert wait_until(lambda: ear.listen() == ["live:room:811"], seconds=20)  # what tests before left is published too
    nowhere = redis.Redis.from_url("unix:///nowhere/valkey.sock")
    monkeypatch.setattr(bus, "connection", lambda: nowhere)
    monkeypatch.setattr(bus, "_away", bus.Complaint(bus.logger))
    with caplog.at_level(logging.WARNING, logger=bus.logger.name):
        for _time in range(4):
            bus.wake("room:813")
            time.sleep(0.12)
        assert wait_until(lambda: bool(caplog.records), seconds=20)
    assert [record.getMessage() for record in caplog.records] == [
        "No wake-up for open pages of ['room:813']: Redis does not answer; they ask by themselves"
    ]
