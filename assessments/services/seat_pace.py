"""How fast one seat may write: faster than any hand, slower than a program that would hurt the others.

A bucket for each seat in this process's memory: nothing is stored, and a seat served by several processes has as many
buckets. Whoever is refused loses nothing: the phone keeps what it wanted to send and sends it again.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final
from uuid import UUID

BURST: Final = 30
A_SECOND: Final = 10
MOST_SEATS: Final = 20_000
RETRY_SECONDS: Final = 1
"""What to tell a refused phone; by then its bucket holds `A_SECOND` again."""
ADDRESSES_AT_ONCE: Final = 5
ADDRESSES_A_SECOND: Final = 1 / 600


class SeatPace:
    """Token buckets, kept as the time at which each would be full: `burst` at once, then `a_second`.

    A bucket that nobody touched for `burst / a_second` seconds is full, so forgetting the longest untouched ones
    forgets nothing, unless more than `most` seats write within those seconds.
    """

    def __init__(
        self,
        *,
        burst: int = BURST,
        a_second: float = A_SECOND,
        most: int = MOST_SEATS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._step, self._depth, self._most, self._clock = 1 / a_second, burst / a_second, most, clock
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def allowed(self, seat: Hashable) -> bool:
        """Whether this seat may write now; takes a token if so."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(seat, now), now) + self._step
            if full_at - now > self._depth + 1e-9:  # the sum of many steps is not exact
                return False
            self._full_at[seat] = full_at
            self._full_at.move_to_end(seat)
            if len(self._full_at) > self._most:
                self._full_at.popitem(last=False)
            return True


_pace = SeatPace()
_looks = SeatPace()
_addresses = SeatPace(burst=ADDRESSES_AT_ONCE, a_second=ADDRESSES_A_SECOND)


def allowed(seat: UUID) -> bool:
    """Whether this seat may write now; a refused phone waits `RETRY_SECONDS` and tries again."""
    return _pace.allowed(seat)


def may_look(seat: UUID) -> bool:
    """Whether this seat's page may be asked for now; as often as it may write, and apart from that."""
    return _looks.allowed(seat)


def may_give_address(seat: UUID) -> bool:
    """Whether the minutes may be sent to one more address from this seat; which ones it gave is noted nowhere."""
    return _addresses.allowed(seat)
