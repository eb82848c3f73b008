"""Starting by a public link: as fast as a full hall presses the button, not as fast as a program could.

The link cannot tell people apart, so this stops no one who answers twice by hand; the wave's page says when more came
than were expected. Nothing about whoever starts is looked at or kept: a hall full of people may share one address.
"""

import time
from typing import Final

import redis
from django.core.cache import cache
from django.utils.translation import gettext as _

from assessments.models import Draft, WaveGroup
from assessments.services.drafts import FillInProblem, start_draft

LEAST_A_MINUTE: Final = 60
UNKNOWN_A_MINUTE: Final = 1_000


class TooManyStarts(FillInProblem):
    reason = "too-many"

    def __init__(self) -> None:
        super().__init__(_("Very many people are starting at this moment. Wait a minute, then press Start again."))


def start_by_public_link(*, group: WaveGroup) -> Draft:
    """A draft for somebody who came by the group's public link. Raises TooManyStarts, NotOpen."""
    if _starts_in_this_minute(group) > starts_a_minute(group.expected):
        raise TooManyStarts
    return start_draft(group=group)


def starts_a_minute(expected: int | None) -> int:
    """How many may start: all who are expected at once, and never so few that an estimate too low is felt."""
    return UNKNOWN_A_MINUTE if expected is None else max(LEAST_A_MINUTE, expected)


def _starts_in_this_minute(group: WaveGroup) -> int:
    """This one included; 0 where nobody counts, since a lost cache must not keep people out."""
    key = f"public-starts:{group.pk}:{int(time.time()) // 60}"
    try:
        cache.add(key, 0, timeout=120)
        return int(cache.incr(key))
    except (redis.RedisError, ValueError):
        return 0
