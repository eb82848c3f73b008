"""Tasks whose effect can be counted, for tests that break things under a worker."""

import time

import redis
from celery import shared_task
from django.conf import settings


@shared_task
def note(word: str, seconds: float = 0) -> None:
    """Leave `begun <word>`, take that long, and leave `done <word>` in a list."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush("notes", f"begun {word}")
        time.sleep(seconds)
        client.rpush("notes", f"done {word}")


@shared_task
def sweep_note(word: str) -> None:
    """The same on the queue of the sweeps."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush("notes", f"done {word}")
