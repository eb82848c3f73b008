"""Stopping processes: all that is theirs, and nobody else's."""

import os
import subprocess
import sys

import pytest

from metasystem.processes import _exists, spawn, stop, wait_until

LEAVES_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
"""
SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_what_a_dead_process_left_behind_ends_with_it() -> None:
    read, write = os.pipe()
    parent = spawn([sys.executable, "-c", LEAVES_A_CHILD], log=write)
    assert parent.wait(30) == 0
    child = int(os.read(read, 20))
    assert _exists(child)
    stop(parent)
    assert wait_until(lambda: not _exists(child) or is_zombie(child), seconds=30)
    os.close(read)
    os.close(write)


def test_who_bears_the_number_of_a_dead_process_lives_on() -> None:
    """Numbers come round: PostgreSQL starts a process, the leader of its group, for each connection."""
    dead, other = spawn([sys.executable, "-c", ""]), spawn(SLEEPS)
    dead.wait(30)
    dead.pid = other.pid
    stop(dead)
    with pytest.raises(subprocess.TimeoutExpired):
        other.wait(0.5)
    stop(other, patience=0)
    assert other.returncode is not None
    assert not _exists(other.pid)


def is_zombie(pid: int) -> bool:
    """Or gone by now."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
