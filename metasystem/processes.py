"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class NotStarted(Exception):
    """Something cannot be started; the message is one line for the person at the keyboard."""


class EmbeddedError(NotStarted):
    """A server cannot be started."""


@dataclass(frozen=True)
class Account:
    """The system user that a child runs as."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | int | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    end_with: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, to receive `end_with` should this process die without a word.

    Call it from the main thread: the kernel watches the thread that started the child.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        env=None if env is None else dict(env),
        cwd=cwd,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        process_group=0,
        preexec_fn=_end_with_parent(end_with),
    )


def _end_with_parent(end_with: signal.Signals) -> Callable[[], None] | None:
    """Linux only; elsewhere an orphan is found and stopped at the next start."""
    if _libc is None:
        return None
    prctl, parent, number = _libc.prctl, os.getpid(), int(end_with)

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def stop(process: subprocess.Popen[bytes], *, end_with: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Ask `process` to end, and after `patience` seconds make its whole group end; returns when it is gone."""
    if process.poll() is None:
        process.send_signal(end_with)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    # one that was waited for gave its number back once its group was empty: who bears it now is somebody else
    if process.returncode is None or not _exists(process.pid):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def wait_until(ready: Callable[[], bool], *, seconds: float, alive: Callable[[], bool] = lambda: True) -> bool:
    """Poll `ready` until it is true; False after `seconds` or as soon as `alive` is not true any more."""
    deadline, pause = time.monotonic() + seconds, 0.01
    while time.monotonic() < deadline:
        if ready():
            return True
        if not alive():
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    return False
