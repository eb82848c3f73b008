"""Asking a worker to take up what a write left behind: soon, and once for many writes."""

import logging
from typing import Any

import redis
from kombu.exceptions import OperationalError as BrokerError

from assessments.live import bus

logger = logging.getLogger(__name__)


def wake_once(task: Any, pk: int, *, seconds: float) -> None:
    """Ask a worker to do a task with this key in so many seconds; asked again within that time, it stays one task.

    The mark that suppresses a second task ends before the first one starts, so no write falls between them. Without a
    broker the sweep finds it.
    """
    try:
        if bus.connection().set(waking_key(task, pk), 1, nx=True, px=int(seconds * 800)):
            task.apply_async((pk,), countdown=seconds, retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for %s %s: no broker; the sweep will find it", task.name, pk)


def waking_key(task: Any, pk: int) -> str:
    """In the broker while a task is about to begin."""
    return f"wake:{task.name}:{pk}"
