"""How fast one seat may write: faster than any hand, slower than a program that would hurt the others.

A bucket for each seat in this process's memory: nothing is stored, and a seat served by several processes has as many
buckets. Whoever is refused loses nothing: the phone keeps what it wanted to send and sends it again.
"""

from typing import Final
from uuid import UUID

from assessments.services.pace import Pace

BURST: Final = 30
A_SECOND: Final = 10
MOST_SEATS: Final = 20_000
RETRY_SECONDS: Final = 1
"""What to tell a refused phone; by then its bucket holds `A_SECOND` again."""
ADDRESSES_AT_ONCE: Final = 5
ADDRESSES_A_SECOND: Final = 1 / 600


_pace = Pace(burst=BURST, a_second=A_SECOND, most=MOST_SEATS)
_looks = Pace(burst=BURST, a_second=A_SECOND, most=MOST_SEATS)
_addresses = Pace(burst=ADDRESSES_AT_ONCE, a_second=ADDRESSES_A_SECOND, most=MOST_SEATS)


def allowed(seat: UUID) -> bool:
    """Whether this seat may write now; a refused phone waits `RETRY_SECONDS` and tries again."""
    return _pace.allowed(seat)


def may_look(seat: UUID) -> bool:
    """Whether this seat's page may be asked for now; as often as it may write, and apart from that."""
    return _looks.allowed(seat)


def may_give_address(seat: UUID) -> bool:
    """Whether the minutes may be sent to one more address from this seat; which ones it gave is noted nowhere."""
    return _addresses.allowed(seat)
