"""What travels to open pages, and its encoding as server-sent events.

Every message is a whole snapshot with its version as `id:`, so that a page which reconnects or skips messages loses
nothing. A snapshot holds no score: it says that newer numbers exist, and the page asks for them with its own log-in.
"""

import json
from dataclasses import asdict, dataclass

from django.core import signing

STREAM_SALT = "assessments.live.stream"
TOKEN_SECONDS = 12 * 60 * 60
KEEP_ALIVE = b": still here\n\n"


class StreamRefused(Exception):
    """The token of a stream address is forged, mistyped or too old."""


@dataclass(frozen=True)
class WaveSnapshot:
    """How far a wave is: `version` grows with every recompute and every change of state."""

    wave: int
    version: int
    state: str

    @property
    def topic(self) -> str:
        return wave_topic(self.wave)


def wave_topic(wave_id: int) -> str:
    return f"wave:{wave_id}"


def encode(payload: dict[str, object]) -> bytes:
    """One server-sent event; `payload["version"]` becomes its id."""
    body = json.dumps(payload, separators=(",", ":"))
    return f"id: {payload.get('version', 0)}\ndata: {body}\n\n".encode()


def payload_of(snapshot: WaveSnapshot) -> dict[str, object]:
    return asdict(snapshot)


def stream_token(topic: str) -> str:
    """A signed, short-lived right to listen to one topic; made by a page that its reader was allowed to see."""
    return signing.dumps(topic, salt=STREAM_SALT)


def topic_of(token: str) -> str:
    """The topic a token allows; raises StreamRefused."""
    try:
        topic = signing.loads(token, salt=STREAM_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature as problem:
        raise StreamRefused(str(problem)) from problem
    if not isinstance(topic, str):
        raise StreamRefused("not a topic")
    return topic
