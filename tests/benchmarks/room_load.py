"""A hall of phones, in a process of its own: raw sockets, so that the machine's two cores are left to what is measured.

`python tests/benchmarks/room_load.py FOLDER` does what FOLDER/plan.json says and leaves FOLDER/times.npz behind:

- `sent`, `done`: when each POST left and was answered; `statuses`
- `heard`: rows of (stream, moment, answered), one for each time that a stream said how many have answered
"""

import asyncio
import json
import sys
import time
from collections import deque
from pathlib import Path

import numpy as np

MARK = b'"answered":'
LOOKED_BACK = 40
AT_A_TIME = 50


class Stream(asyncio.Protocol):
    """An open page: notes the moment of every count it hears."""

    def __init__(self, number: int, heard: list[tuple[int, float, int]]) -> None:
        self.number, self.heard = number, heard
        self.tail = b""
        self.last = -1
        self.status = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        if not self.status.done():
            self.status.set_result(int(data[9:12]))
        data = self.tail + data
        found = data.rfind(MARK)
        if found >= 0:
            digits = data[found + len(MARK) : found + len(MARK) + 10]
            end = digits.find(b",")
            if end > 0 and (count := int(digits[:end])) != self.last:
                self.last = count
                self.heard.append((self.number, time.perf_counter(), count))
        self.tail = data[-LOOKED_BACK:]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.status.done():
            self.status.set_exception(error or ConnectionError("closed"))


class Poster(asyncio.Protocol):
    """A connection that sends one request after another."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.waiting: asyncio.Future[int] | None = None
        self.got = b""

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, separator, body = self.got.partition(b"\r\n\r\n")
        if not separator or self.waiting is None:
            return
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        assert length, self.got.decode()  # ends the connection, and says so
        if len(body) >= int(length):
            self.got = b""
            self.waiting.set_result(int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(0)

    async def send(self, request: bytes) -> int:
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting


class Hall:
    """`plan`: streams (port, paths), posts (port, requests), `a_second` (0: all at once), `connections`, `settle`."""

    def __init__(self, plan: dict) -> None:  # type: ignore[type-arg]
        self.plan = plan
        self.heard: list[tuple[int, float, int]] = []
        self.requests = [one.encode() for one in plan["requests"]]
        self.sent, self.done = np.zeros(len(self.requests)), np.zeros(len(self.requests))
        self.statuses = np.zeros(len(self.requests), dtype=int)

    async def run(self) -> None:
        streams = await self.listen()
        posters = await self.connect()
        await asyncio.sleep(self.plan["settle"])
        free = deque(posters)
        started, sending = time.perf_counter(), []
        for number in range(len(self.requests)):
            due = started
            if self.plan["a_second"]:
                due += number / self.plan["a_second"]
                await asyncio.sleep(max(0, due - time.perf_counter()))
            while not free:
                await asyncio.sleep(0.001)
            self.sent[number] = due if self.plan["a_second"] else time.perf_counter()  # waiting for a line counts
            sending.append(asyncio.create_task(self.post(number, free.popleft(), free)))
        await asyncio.gather(*sending)
        await asyncio.sleep(self.plan["settle"])
        for transport, _stream in streams:
            transport.close()

    async def listen(self) -> list[tuple[asyncio.BaseTransport, Stream]]:
        made: list[tuple[asyncio.BaseTransport, Stream]] = []
        loop, port = asyncio.get_running_loop(), self.plan["stream_port"]
        paths = self.plan["streams"]
        for start in range(0, len(paths), AT_A_TIME):
            some = await asyncio.gather(
                *(
                    loop.create_connection(lambda n=n: Stream(n, self.heard), "127.0.0.1", port)  # type: ignore[misc]
                    for n in range(start, min(start + AT_A_TIME, len(paths)))
                )
            )
            for transport, stream in some:
                transport.write(f"GET {paths[stream.number]} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            statuses = await asyncio.gather(*(stream.status for _transport, stream in some))
            assert set(statuses) == {200}, statuses
            made += some
        return made

    async def connect(self) -> list[Poster]:
        loop, made = asyncio.get_running_loop(), []
        for _number in range(self.plan["connections"]):
            made.append((await loop.create_connection(Poster, "127.0.0.1", self.plan["post_port"]))[1])
        return made

    async def post(self, number: int, poster: Poster, free: "deque[Poster]") -> None:
        self.statuses[number] = await poster.send(self.requests[number])
        self.done[number] = time.perf_counter()
        free.append(poster)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    hall = Hall(json.loads((folder / "plan.json").read_text()))
    asyncio.run(hall.run())
    np.savez(folder / "times.npz", sent=hall.sent, done=hall.done, statuses=hall.statuses, heard=np.array(hall.heard))
