"""Pages and streams in one process: streams natively, everything else as Django over WSGI threads."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from metasystem.open_files import allow_many_open_files
from metasystem.wsgi import application as pages

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PAGE_THREADS = 8
STREAM_PREFIX = "/stream/"

_pages = cast(
    "Callable[[Scope, Receive, Send], Awaitable[None]]", WSGIMiddleware(cast("Any", pages), workers=PAGE_THREADS)
)


@cache
def _streams() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    from assessments.live.stream import make_application  # needs the settings that the pages have loaded
    from assessments.views.room_frames import Frames

    allow_many_open_files()
    return make_application(Frames())


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """`/stream/…` to the stream endpoint, the rest to the pages."""
    if scope["type"] == "http" and scope["path"].startswith(STREAM_PREFIX):
        await _streams()(scope, receive, send)
    else:
        await _pages(scope, receive, send)
