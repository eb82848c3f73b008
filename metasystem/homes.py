"""A *home* is the folder that holds both embedded servers' data; only one process may run the servers of a home."""

import fcntl
import os
import tempfile
from pathlib import Path
from typing import IO

from metasystem.processes import Account, EmbeddedError
from metasystem.unprivileged import can_reach

SYSTEM_HOMES = Path("/var/lib/metasystem")


def usable_home(home: Path, account: Account | None) -> Path:
    """`home` itself, or what it links to: a folder of the system where `account` cannot get into a private checkout."""
    try:
        if home.is_symlink() and not home.exists():
            home.unlink()
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            if account is None or can_reach(home.parent, account):
                home.mkdir(mode=0o755)
            else:
                SYSTEM_HOMES.mkdir(parents=True, exist_ok=True, mode=0o755)
                elsewhere = Path(tempfile.mkdtemp(prefix=f"{home.parent.parent.name}-", dir=SYSTEM_HOMES))
                elsewhere.chmod(0o755)
                home.symlink_to(elsewhere)
    except OSError as problem:
        raise EmbeddedError(f"Cannot write to {problem.filename or home}: {problem.strerror}.") from problem
    resolved = home.resolve()
    if account and not can_reach(resolved, account):
        raise EmbeddedError(f"As root the servers run as the user `{account.name}`, who cannot get to {resolved}.")
    return resolved


def in_use(home: Path) -> bool:
    """Whether another process runs the servers of this home."""
    if not home.exists():
        return False
    lock = take_lock(home)
    if lock:
        lock.close()
    return lock is None


def take_lock(home: Path) -> IO[bytes] | None:
    lock = (home / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def make_private(folder: Path, account: Account | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
