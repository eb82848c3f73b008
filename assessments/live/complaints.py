"""A line in the log about a part that is away, and not one a second for as long as it stays away."""

import logging
import time


class Complaint:
    """Logs at most once in `seconds`; what is said in between is only counted."""

    def __init__(self, logger: logging.Logger, *, seconds: float = 30) -> None:
        self._logger, self._seconds = logger, seconds
        self._again_at, self._unsaid = 0.0, 0

    def say(self, message: str, *args: object, error: BaseException | None = None) -> None:
        """`message` as a warning, with the traceback of `error` if there is one."""
        now = time.monotonic()
        if now < self._again_at:
            self._unsaid += 1
            return
        if self._unsaid:
            message, args = f"{message} (and %d times since this was last said)", (*args, self._unsaid)
        self._again_at, self._unsaid = now + self._seconds, 0
        self._logger.warning(message, *args, exc_info=error)
