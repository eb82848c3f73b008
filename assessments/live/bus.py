"""Wake-ups for open pages: publish after commit, through Redis.

The database is the truth. A lost wake-up delays a page, it never makes it wrong: pages also ask by themselves.
"""

import json
import logging
from collections.abc import Sequence
from functools import lru_cache

import redis
from django.conf import settings
from django.db import transaction

from assessments.live.complaints import Complaint
from assessments.live.events import Snapshot, payload_of
from assessments.live.waker import Waker

CHANNEL = "live:"
SNAPSHOT_SECONDS = 24 * 60 * 60
OVERTAKEN_SECONDS = 60
"""For so long a snapshot keeps its place from an older one; what comes later is of a database that was put back."""

# two who commit one after the other may publish the other way round
_KEEP = """
local function place(text)
  local snapshot = cjson.decode(text)
  return snapshot.version, snapshot.summed or 0
end
local stored = redis.call('GET', KEYS[1])
if stored and redis.call('TTL', KEYS[1]) > ARGV[2] - ARGV[3] then
  local version, summed = place(stored)
  local new_version, new_summed = place(ARGV[1])
  if new_version < version or (new_version == version and new_summed < summed) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""

logger = logging.getLogger(__name__)
_away = Complaint(logger)


@lru_cache(maxsize=1)
def connection() -> "redis.Redis":
    """This process's Redis connection pool."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def publish_on_commit(*snapshots: Snapshot) -> None:
    """Tell open pages of waves or maps that these changed, once the transaction has committed."""
    transaction.on_commit(lambda: publish(*snapshots), robust=True)


def publish(*snapshots: Snapshot) -> None:
    """Store the snapshots and wake every stream process; without Redis only a log line."""
    try:
        with connection().pipeline(transaction=True) as pipe:
            for snapshot in snapshots:
                key = CHANNEL + snapshot.topic
                pipe.eval(_KEEP, 1, key, json.dumps(payload_of(snapshot)), SNAPSHOT_SECONDS, OVERTAKEN_SECONDS)
                pipe.publish(key, "")
            pipe.execute()
    except redis.RedisError:
        topics = ", ".join(snapshot.topic for snapshot in snapshots)
        logger.warning("No wake-up for open pages of %s: Redis does not answer", topics)


def wake_on_commit(topic: str) -> None:
    """Have the streams read a topic again, once the transaction has committed."""
    transaction.on_commit(lambda: wake(topic), robust=True)


def wake(topic: str) -> None:
    """Have the streams read a topic again; returns at once, and any number of calls cost a few messages a second."""
    _waker.wake(topic)


def _publish_wakes(topics: Sequence[str]) -> None:
    try:
        with connection().pipeline(transaction=False) as pipe:
            for topic in topics:
                pipe.publish(CHANNEL + topic, "")
            pipe.execute()
    except (redis.RedisError, OSError):
        _away.say("No wake-up for open pages of %s: Redis does not answer; they ask by themselves", topics)


_waker = Waker(_publish_wakes)
