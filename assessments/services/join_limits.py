"""Wrong join codes: how many a device and everybody together may type. No address is ever looked at.

A hall of 1,000 shares one address, so the limits count *wrong* guesses, by device and for the whole space of codes.
Only a well-formed code is a guess: a slip inside a word gives no word of the list and never comes here. Links and QR
codes carry a 96-bit key and are not limited.

Everybody together: a bucket of `TOKENS`, one taken by each wrong guess, `A_MINUTE` coming back. When it is down to
`KEPT`, only devices in good standing may still guess (they have held a seat, or loaded the page a few seconds ago);
at 0 nobody may, not even with a right code, which would tell right from wrong. A guess is counted after it was looked
up, so guesses under way together may overdraw the bucket; the debt is paid back before the next guess, and the rate in
the long run is `A_MINUTE` exactly, from however many devices and addresses the guesses come.

What that is worth: 1,048 words make 1,048 * 1,047 * 64 = 70.2 million codes. With 50 workshops whose doors are open,
one guess in 1.4 million is right. 40 guesses a minute that never stop need 24 days for one hit on average; the full
bucket of 1,300 at the start is worth less than one more hour. A hit opens a seat in one workshop, in everybody's sight.

What stays possible: a crude program can hold the bucket at `KEPT`: then a device without standing waits. One that
loads pages, keeps cookies and changes them can empty the rest as well: then typed codes wait for everybody, while QR
codes and links go on working. Letting devices pass an empty bucket would end that and make guessing unlimited, since
cookies and seats cost nothing; being kept waiting is the lesser harm.

Without Redis each web process counts by itself, with a quarter of the bucket and the same rate.
"""

import hashlib
import logging
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

import redis
from django.utils.translation import ngettext

from assessments.live.bus import connection

TOKENS: Final = 1_300
KEPT: Final = 1_000
A_MINUTE: Final = 40
DEVICE_GUESSES: Final = 8
DEVICE_SECONDS: Final = 600
SHARE_WITHOUT_REDIS: Final = 4
MOST_DEVICES: Final = 10_000
REDIS_AGAIN_SECONDS: Final = 5
"""How long to leave Redis alone after it did not answer: a hall must not wait for it one by one."""
EVERYBODY_KEY: Final = "join:wrong"
DEVICE_KEY: Final = "join:wrong:"

# the bucket is the moment at which it will be full again, in ms; unset is full. Redis's own clock counts.
_NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) "
_WAITS = (
    _NOW
    + """
local device = 0
if KEYS[2] then
  local first = redis.call('LINDEX', KEYS[2], tonumber(ARGV[2]) - 1)
  if first then device = math.max(0, first + ARGV[3] - now) end
end
local full_at = redis.call('GET', KEYS[1])
local everybody = 0
if full_at then everybody = math.max(0, full_at - now - ARGV[1]) end
return {device, everybody}
"""
)
_NOTE = (
    _NOW
    + """
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[1]
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', string.format('%.0f', full_at - now + 1000))
if KEYS[2] then
  redis.call('LPUSH', KEYS[2], string.format('%.0f', now))
  redis.call('LTRIM', KEYS[2], 0, ARGV[2] - 1)
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return 1
"""
)
_STEP: Final = 60_000 // A_MINUTE

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wait:
    """How long a device must wait before its next typed code, and whether it or everybody typed too many wrong ones."""

    seconds: int
    everybody: bool

    @property
    def message(self) -> str:
        if self.everybody:
            return ngettext(
                "Very many wrong codes are being typed. Wait %(seconds)d second and try again, or scan the QR code.",
                "Very many wrong codes are being typed. Wait %(seconds)d seconds and try again, or scan the QR code.",
                self.seconds,
            ) % {"seconds": self.seconds}
        if self.seconds < 60:
            return ngettext(
                "Those were too many wrong codes. Wait %(seconds)d second and try again, or scan the QR code.",
                "Those were too many wrong codes. Wait %(seconds)d seconds and try again, or scan the QR code.",
                self.seconds,
            ) % {"seconds": self.seconds}
        minutes = math.ceil(self.seconds / 60)
        return ngettext(
            "Those were too many wrong codes. Wait %(minutes)d minute and try again, or scan the QR code.",
            "Those were too many wrong codes. Wait %(minutes)d minutes and try again, or scan the QR code.",
            minutes,
        ) % {"minutes": minutes}


def guess_allowed(*, device: str, standing: bool) -> Wait | None:
    """None if a typed code may be looked up, else how long to wait. Ask before looking up, whatever the code.

    `device` is what the device's signed cookie says, "" for a device that keeps no cookies (never in good standing).
    `standing` is whether the cookie says that it held a seat, or was given it with the page some seconds ago.
    """
    standing = standing and bool(device)
    if _away.is_over():
        try:
            depth = _STEP * (TOKENS - 1 - (0 if standing else KEPT))
            waits = connection().eval(_WAITS, len(_keys(device)), *_keys(device), depth, DEVICE_GUESSES, _DEVICE_MS)
            _away.end()
            own, everybody = (int(milliseconds) for milliseconds in waits)
            return _wait(own, everybody)
        except redis.RedisError:
            _away.begin()
    return _here.wait(device=device, standing=standing)


def note_wrong_guess(*, device: str) -> None:
    """Count a well-formed code that opened nothing: unknown, not open yet, or over."""
    if _away.is_over():
        try:
            connection().eval(_NOTE, len(_keys(device)), *_keys(device), _STEP, DEVICE_GUESSES, _DEVICE_MS)
            _away.end()
            return
        except redis.RedisError:
            _away.begin()
    _here.note(device=device)


def days_to_a_hit(*, codes: int, open_workshops: int) -> float:
    """How long guessing at the full rate takes on average until it finds one of the open workshops."""
    return (codes / open_workshops - TOKENS) / (A_MINUTE * 60 * 24)


class LimitsHere:
    """The same limits in this process's memory, for as long as Redis does not answer."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._full_at = -math.inf
        self._devices: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, *, device: str, standing: bool) -> Wait | None:
        with self._lock:
            now = self._clock() * 1000
            own = 0.0
            guesses = self._devices.get(device)
            if guesses and len(guesses) == DEVICE_GUESSES:
                own = guesses[0] + _DEVICE_MS - now
            tokens = (TOKENS - (0 if standing else KEPT)) // SHARE_WITHOUT_REDIS
            return _wait(own, self._full_at - now - _STEP * (tokens - 1))

    def note(self, *, device: str) -> None:
        with self._lock:
            now = self._clock() * 1000
            self._full_at = max(self._full_at, now) + _STEP
            if device:
                self._devices.setdefault(device, deque(maxlen=DEVICE_GUESSES)).append(now)
                self._devices.move_to_end(device)
                if len(self._devices) > MOST_DEVICES:
                    self._devices.popitem(last=False)


class _Away:
    """Whether Redis did not answer a moment ago. Now and then one asks it again on behalf of all."""

    def __init__(self) -> None:
        self._until = -math.inf

    def begin(self) -> None:
        self._until = time.monotonic() + REDIS_AGAIN_SECONDS
        logger.warning("Redis does not answer: wrong join codes are counted in this process alone")

    def is_over(self) -> bool:
        now = time.monotonic()
        if now < self._until:
            return False
        if self._until > -math.inf:
            self._until = now + REDIS_AGAIN_SECONDS
        return True

    def end(self) -> None:
        self._until = -math.inf


_DEVICE_MS: Final = DEVICE_SECONDS * 1000
_here = LimitsHere()
_away = _Away()


def _wait(own: float, everybody: float) -> Wait | None:
    """The longer of two waits in milliseconds, in whole seconds."""
    longest = max(own, everybody)
    if longest <= 0:
        return None
    return Wait(seconds=math.ceil(longest / 1000), everybody=everybody > own)


def _keys(device: str) -> list[str]:
    """A device's own key holds a digest: whoever reads Redis cannot pass for the device."""
    if not device:
        return [EVERYBODY_KEY]
    return [EVERYBODY_KEY, DEVICE_KEY + hashlib.sha256(device.encode()).hexdigest()[:32]]
