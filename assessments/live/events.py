"""What travels to open pages, and its encoding as server-sent events.

Every message is a whole snapshot with its version as `id:`, so that a page which reconnects or skips messages loses
nothing. A wave's snapshot holds no score: it says that newer numbers exist, and the page asks for them with its own
log-in. A room has two kinds, VIEW and PULSE, each complete in itself.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

STREAM_SALT = "assessments.live.stream"
TOKEN_SECONDS = 12 * 60 * 60
PAGES_OF_A_READER = 20
"""Of more the oldest gives way and asks by itself: one log-in is to fill no process."""
PAGES_OF_A_LINK = 100
"""A link of a projector is given to halls, and to those who take part from afar."""
KEEP_ALIVE = b": still here\n\n"
ROOM_KEEP_ALIVE = b"event: alive\ndata: 1\n\n"
"""For rooms an event: a script never hears of a comment, and so could not tell a quiet room from a dead line."""
WAVE, ROOM, MAP = "wave:", "room:", "map:"
VIEW, PULSE = "view", "pulse"
QUIET: Mapping[str, frozenset[str]] = {VIEW: frozenset({"now", "version"}), PULSE: frozenset({"now"})}
"""What alone is no news, by kind: the pulse tells of a changed version, so a view is sent for its content only."""


class StreamRefused(Exception):
    """The token of a stream address is forged, mistyped or too old."""


@dataclass(frozen=True)
class WaveSnapshot:
    """How far a wave is: `version` grows with every recompute and every change of state.

    `summed` is the change of its ecosystem up to which the loops are summed up; 0 says nothing of them.
    """

    wave: int
    version: int
    state: str
    summed: int = 0

    @property
    def topic(self) -> str:
        return wave_topic(self.wave)


@dataclass(frozen=True)
class MapSnapshot:
    """How far the causal map of an ecosystem is: `version` is its revision, which grows with every edit."""

    ecosystem: int
    version: int

    @property
    def topic(self) -> str:
        return map_topic(self.ecosystem)


Snapshot = WaveSnapshot | MapSnapshot


@dataclass(frozen=True)
class Ticket:
    """What the token of a stream address allows, and who listens: a seat, or a `reader` with at most `most` pages."""

    topic: str
    seat: UUID | None = None
    reader: str = ""
    most: int = 0


def wave_topic(wave_id: int) -> str:
    return f"{WAVE}{wave_id}"


def map_topic(ecosystem_id: int) -> str:
    """What open editors of a causal map listen to."""
    return f"{MAP}{ecosystem_id}"


def room_topic(workshop_id: int) -> str:
    """What the screens of a workshop listen to."""
    return f"{ROOM}{workshop_id}"


def is_room(topic: str) -> bool:
    return topic.startswith(ROOM)


def room_of(topic: str) -> int:
    """The workshop's key in a room's topic."""
    return int(topic.removeprefix(ROOM))


def encode(payload: Mapping[str, object], kind: str = "") -> bytes:
    """One server-sent event; `payload["version"]` becomes its id."""
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)  # Cyrillic is a third as long
    name = f"event: {kind}\n" if kind else ""
    return f"{name}id: {payload.get('version', 0)}\ndata: {body}\n\n".encode(errors="replace")


def news_of(payload: Mapping[str, object], kind: str) -> dict[str, object]:
    """The payload without what alone is no reason to send it again."""
    quiet = QUIET.get(kind, frozenset())
    return {name: value for name, value in payload.items() if name not in quiet}


def payload_of(snapshot: Snapshot) -> dict[str, object]:
    return asdict(snapshot)


def stream_token(topic: str, seat: UUID | None = None, *, reader: int | str = "", most: int = PAGES_OF_A_READER) -> str:
    """A signed, short-lived right to listen to one topic; made by a page that its reader was allowed to see.

    With a `seat` its owner counts as present for as long as they listen. A `reader` is the key of a log-in, or what
    else says whose page it is: `most` of them are streamed to. The address, which logs may keep, does not name them.
    """
    if seat:
        return signing.dumps([topic, seat.hex], salt=STREAM_SALT)
    if reader:
        whose = salted_hmac(STREAM_SALT, str(reader), algorithm="sha256").hexdigest()[:16]
        return signing.dumps([topic, whose, most], salt=STREAM_SALT)
    return signing.dumps(topic, salt=STREAM_SALT)


def read_ticket(token: str) -> Ticket:
    """What a token allows; raises StreamRefused."""
    try:
        match signing.loads(token, salt=STREAM_SALT, max_age=TOKEN_SECONDS):
            case str(topic):
                return Ticket(topic)
            case [str(topic), str(seat)]:
                return Ticket(topic, UUID(hex=seat))
            case [str(topic), str(reader), int(most)]:
                return Ticket(topic, reader=reader, most=most)
    except (signing.BadSignature, ValueError) as problem:
        raise StreamRefused(str(problem)) from problem
    raise StreamRefused("not a topic")
