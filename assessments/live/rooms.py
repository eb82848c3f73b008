"""What a stream asks of the database, in the one thread that may."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import close_old_connections, connection

STATEMENT_SECONDS = 5
"""A statement that waits longer, for a lock or a disk, gives way: every room of the process waits behind it."""

Payload = Mapping[str, object]
Frames = Mapping[str, Mapping[str, Payload]]
T = TypeVar("T")


class Rooms(Protocol):
    """Where the frames of rooms come from. Both calls may use the database and fail; neither is on the event loop."""

    def frames(self, topics: Sequence[str]) -> Frames:
        """Topic → kind → payload with its "version"; a topic that there is not is left out."""

    def present(self, seats: Collection[UUID]) -> None:
        """Note that these seats are listening now."""


class Reader:
    """Runs `rooms` in one thread with one connection, which is opened again after it was lost."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rooms")
        self._limited: object = None

    async def frames(self, topics: Sequence[str]) -> Frames:
        return await self._run(lambda: self._rooms.frames(topics))

    async def present(self, seats: Collection[UUID]) -> None:
        await self._run(lambda: self._rooms.present(seats))

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: connection.close())  # that thread's own
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._with_connection, work)

    def _with_connection(self, work: Callable[[], T]) -> T:
        close_old_connections()
        try:
            with connection.cursor() as cursor:
                if connection.connection is not self._limited:
                    cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{STATEMENT_SECONDS}s"])
                    self._limited = connection.connection
            return work()
        finally:
            close_old_connections()
