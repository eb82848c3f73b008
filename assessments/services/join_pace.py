"""How fast a workshop gains seats: faster than any hall comes in, slower than a program that fills it with nobody.

Whoever holds the link can make as many seats as they like, since a seat needs no account and no address tells people
apart. So that thousands are not there before a facilitator has seen the first and locked the doors, each process gives
a workshop `AT_ONCE` seats and then `A_SECOND`: 1,000 people within a minute all come in, through one process too.
"""

from typing import Final

from assessments.services.pace import Pace

AT_ONCE: Final = 1_000
A_SECOND: Final = 20
MOST_WORKSHOPS: Final = 2_000
RETRY_SECONDS: Final = 3

_pace = Pace(burst=AT_ONCE, a_second=A_SECOND, most=MOST_WORKSHOPS)


def allowed(workshop: int) -> bool:
    """Whether the workshop may have another seat now; whoever is refused presses again after `RETRY_SECONDS`."""
    return _pace.allowed(workshop)
