"""Many wake-ups become few, in a thread of their own."""

import subprocess
import sys
import threading
import time

from assessments.live.waker import Waker
from metasystem.processes import wait_until
from tests.servers import PROJECT

PAUSE = 0.8
"""Seconds; longer than in use, so that a busy machine does not look like a pause."""


class Sent:
    def __init__(self) -> None:
        self.batches: list[tuple[float, list[str]]] = []
        self.waker = Waker(lambda topics: self.batches.append((time.monotonic(), list(topics))), pause=PAUSE)

    def topics(self) -> list[str]:
        return [topic for _at, topics in self.batches for topic in topics]


def test_the_first_goes_out_at_once():
    sent = Sent()
    before = time.monotonic()
    sent.waker.wake("room:1")
    assert wait_until(lambda: sent.topics() == ["room:1"], seconds=20)
    assert sent.batches[0][0] - before < PAUSE


def test_any_number_of_calls_are_one_more_message_a_pause_later():
    sent, before = Sent(), time.monotonic()
    sent.waker.wake("room:1")
    assert wait_until(lambda: sent.topics() == ["room:1"], seconds=20)
    for _time in range(500):
        sent.waker.wake("room:1")
    assert wait_until(lambda: sent.topics() == ["room:1", "room:1"], seconds=20)
    first, second = (at for at, _topics in sent.batches)
    assert second - before >= PAUSE
    assert second - first < 2 * PAUSE
    time.sleep(2 * PAUSE)
    assert sent.topics() == ["room:1", "room:1"]


def test_another_topic_does_not_wait_for_the_first_ones_pause():
    sent = Sent()
    sent.waker.wake("room:1")
    assert wait_until(lambda: sent.topics() == ["room:1"], seconds=20)
    sent.waker.wake("room:2")
    assert wait_until(lambda: sent.topics() == ["room:1", "room:2"], seconds=20)
    assert sent.batches[1][0] - sent.batches[0][0] < PAUSE


def test_what_comes_while_it_publishes_is_published_too():
    busy, go_on = threading.Event(), threading.Event()
    sent: list[list[str]] = []

    def publish(topics):
        sent.append(list(topics))
        busy.set()
        assert go_on.wait(5)

    waker = Waker(publish)
    waker.wake("room:1")
    assert busy.wait(5)
    waker.wake("room:1")  # does not wait for the network, which moves no sooner than this returns
    go_on.set()
    assert wait_until(lambda: sent == [["room:1"], ["room:1"]], seconds=20)


FORKING = """
import os, time
from assessments.live.waker import Waker

sent = []
waker = Waker(lambda topics: sent.extend(topics))
waker.wake("parent")
while sent != ["parent"]:
    time.sleep(0.01)
read, write = os.pipe()
if os.fork() == 0:
    waker.wake("child")
    for _time in range(3000):
        if sent == ["parent", "child"]:
            os.write(write, b"heard")
            break
        time.sleep(0.01)
    os._exit(0)
os.wait()
os.close(write)
waker.wake("parent")
while sent != ["parent", "parent"]:
    time.sleep(0.01)
print(os.read(read, 10).decode())
"""


def test_a_child_process_wakes_with_a_thread_of_its_own():
    ran = subprocess.run([sys.executable, "-c", FORKING], cwd=PROJECT, capture_output=True, text=True, timeout=90)
    assert ran.stdout == "heard\n", ran.stderr
