"""One address before pages and streams, as a web server stands before them: `uvicorn tests.faults.front:application`.

While a process behind it is away it answers 502, which says nothing that a page of ours would say.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
PAGES, STREAMS = os.environ["BEHIND_PAGES"], os.environ["BEHIND_STREAMS"]
OF_ONE_HOP = {b"connection", b"keep-alive", b"transfer-encoding"}

behind = httpx.AsyncClient(timeout=httpx.Timeout(30, read=None), limits=httpx.Limits(max_connections=None))


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    passing, leaving = asyncio.create_task(pass_on(scope, body, send)), asyncio.create_task(left(receive))
    await asyncio.wait([passing, leaving], return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if not passing.done():
        passing.cancel()
        return
    passing.result()  # where the answer broke off, so does the connection


async def pass_on(scope: MutableMapping[str, Any], body: bytes, send: Send) -> None:
    base = STREAMS if scope["path"].startswith("/stream/") else PAGES
    url = httpx.URL(base).copy_with(raw_path=scope["raw_path"] + b"?" + scope["query_string"])
    headers = [one for one in scope["headers"] if one[0] not in OF_ONE_HOP]
    try:
        answer = await behind.send(
            behind.build_request(scope["method"], url, headers=headers, content=body), stream=True
        )
    except httpx.TransportError:
        await send({"type": "http.response.start", "status": 502, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"Bad gateway"})
        return
    try:
        kept = [one for one in answer.headers.raw if one[0].lower() not in OF_ONE_HOP]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
        async for part in answer.aiter_raw():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        await answer.aclose()


async def left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
