"""Many wake-ups into few: the first goes out at once, all that follow within `PAUSE_SECONDS` as one more."""

import os
import threading
import time
from collections.abc import Callable, Sequence

PAUSE_SECONDS = 0.1


class Waker:
    """Calls `publish(topics)` from a thread of its own, so that whoever wakes never waits for the network.

    The thread starts with the first wake-up of a process; after a fork the child starts its own.
    """

    _changed: threading.Condition
    _due: dict[str, float]
    _sent: dict[str, float]
    _thread: threading.Thread | None

    def __init__(self, publish: Callable[[Sequence[str]], None], *, pause: float = PAUSE_SECONDS) -> None:
        self._publish, self._pause = publish, pause
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def wake(self, topic: str) -> None:
        """Have `topic` published soon; asked again before it was, it stays one message."""
        with self._changed:
            if topic in self._due:
                return
            self._due[topic] = max(time.monotonic(), self._sent.get(topic, 0.0) + self._pause)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live-waker", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _forget(self) -> None:
        self._changed = threading.Condition()
        self._due, self._sent, self._thread = {}, {}, None

    def _run(self) -> None:
        while True:
            self._publish(self._next())

    def _next(self) -> Sequence[str]:
        """The topics whose time has come, as soon as there are any."""
        with self._changed:
            while True:
                now = time.monotonic()
                topics = [topic for topic, at in self._due.items() if at <= now]
                if topics:
                    for topic in topics:
                        del self._due[topic]
                    self._sent = {topic: at for topic, at in self._sent.items() if at + self._pause > now}
                    self._sent |= dict.fromkeys(topics, now)
                    return topics
                self._changed.wait(min(self._due.values()) - now if self._due else None)
