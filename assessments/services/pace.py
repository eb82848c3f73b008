"""How often somebody may do something: token buckets in this process's memory. Nothing is stored."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Pace:
    """Token buckets, kept as the time at which each would be full: `burst` at once, then `a_second`.

    A bucket that nobody touched for `burst / a_second` seconds is full, so forgetting the longest untouched ones
    forgets nothing, unless more than `most` come within those seconds.
    """

    def __init__(
        self,
        *,
        burst: int,
        a_second: float,
        most: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._step, self._depth, self._most, self._clock = 1 / a_second, burst / a_second, most, clock
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def allowed(self, who: Hashable) -> bool:
        """Whether they may now; takes a token if so."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(who, now), now) + self._step
            if full_at - now > self._depth + 1e-9:  # the sum of many steps is not exact
                return False
            self._full_at[who] = full_at
            self._full_at.move_to_end(who)
            if len(self._full_at) > self._most:
                self._full_at.popitem(last=False)
            return True
