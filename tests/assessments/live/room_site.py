"""A site with one page that follows a room, for a browser: `uvicorn tests.assessments.live.room_site:application`."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import django

django.setup()

from assessments.live.events import read_ticket  # noqa: E402
from assessments.live.stream import make_application  # noqa: E402
from tests.assessments.live.open_pages import SmallRooms, in_thread  # noqa: E402
from tests.servers import PROJECT  # noqa: E402

rooms = SmallRooms()
streams = make_application(rooms)

PAGE = b"""<!doctype html><title>Room</title><p id="view"></p><p id="pulse"></p><p id="line">there</p><p id="gone"></p>
<script type="module">
import { follow } from "/room-stream.js";
const show = (id) => (said) => (document.getElementById(id).textContent = said);
window.seen = [];
const token = location.pathname.slice(1);
window.line = follow({
  stream: `/stream/${token}`,
  state: `/state/${token}`,
  onView: (view) => { seen.push(view.version); show("view")(view.html); },
  onPulse: (pulse) => show("pulse")(pulse.answered),
  onLine: (there) => show("line")(there ? "there" : "away"),
  onGone: show("gone"),
});
</script>"""


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """The page at /<token>, its script, its stream, and the state for when no stream passes."""
    path = scope["path"]
    if path.startswith("/stream/"):
        await streams(scope, receive, send)
    elif path == "/room-stream.js":
        script = await asyncio.to_thread((PROJECT / "static/js/room-stream.js").read_bytes)
        await answer(send, 200, b"text/javascript", script)
    elif path == "/state/gone":
        await answer(send, 404, b"text/plain", b"")
    elif path.startswith("/state/"):
        topic = read_ticket(path.removeprefix("/state/")).topic
        body = json.dumps((await in_thread(rooms.frames, [topic])).get(topic, {}), default=str).encode()
        known = dict(scope["headers"]).get(b"if-none-match")
        meaning = json.loads(body)
        meaning.get("pulse", {}).pop("now", None)
        tag = b'"%s"' % hashlib.sha256(json.dumps(meaning).encode()).hexdigest()[:16].encode()
        status = 304 if known == tag else 200
        await answer(send, status, b"application/json", b"" if status == 304 else body, tag)
    else:
        await answer(send, 200, b"text/html", PAGE)


async def answer(send: Any, status: int, kind: bytes, body: bytes, tag: bytes = b"") -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))] + ([(b"etag", tag)] if tag else [])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
