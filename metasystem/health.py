"""What a load balancer or the start command asks: is this process alive, and are all parts there.

`/health/live` answers as long as requests are answered at all; `/health/ready` is 200 or 503 with the state of the
database, the broker and the worker (`ok`, `missing`).
"""

import logging
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

WORKER_KEY = "worker:alive"
WORKER_PATIENCE_SECONDS = 30
WRITE_EVERY_SECONDS = 5

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers the two addresses before anything that needs a host name, HTTPS, a session or a user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live":
            response: HttpResponse = JsonResponse({"status": "ok"})
        elif request.path == "/health/ready":
            parts = readiness()
            response = JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)
        else:
            return self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response._has_been_logged = True  # type: ignore[attr-defined]  # the warnings below say more than a 503
        return response


def readiness() -> dict[str, str]:
    """`{"database": …, "broker": …, "worker": …}`, each "ok" or "missing"."""
    parts = {"database": "missing", "broker": "missing", "worker": "missing"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = "ok"
    except DatabaseError:
        logger.warning("The database does not answer")
    try:
        with _redis() as client:
            alive = client.exists(WORKER_KEY)
        parts["broker"] = "ok"
        parts["worker"] = "ok" if alive else "missing"
    except redis.RedisError:
        logger.warning("The broker does not answer")
    return parts


class WorkerPulse:
    """Called at every heartbeat of a worker (each 2 s): leaves a mark that outlives a few missed ones."""

    def __init__(self) -> None:
        self._written = 0.0

    def __call__(self, **_: object) -> None:
        if time.monotonic() - self._written < WRITE_EVERY_SECONDS:
            return
        self._written = time.monotonic()
        try:
            with _redis() as client:
                client.set(WORKER_KEY, 1, ex=WORKER_PATIENCE_SECONDS)
        except redis.RedisError:
            logger.warning("The broker does not answer")

    def end(self, **_: object) -> None:
        """A worker that stops says so, as far as it can."""
        try:
            with _redis() as client:
                client.delete(WORKER_KEY)
        except redis.RedisError:
            logger.warning("The broker does not answer")


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
