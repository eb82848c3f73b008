"""Who servers run as where we are root, and what that user can get at."""

import os
import pwd
import stat
from pathlib import Path

from metasystem.processes import Account, EmbeddedError


def unprivileged_account() -> Account | None:
    """Who the servers run as when we are root, which PostgreSQL refuses to be; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError("As root the servers run as the user `nobody`, who is not there.") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_reach(path: Path, account: Account) -> bool:
    """Whether the permission bits let `account` read and enter `path` (a file or folder) through all its parents."""
    path = path.resolve()
    return _allows(path, account, 0o5) and all(_allows(parent, account, 0o1) for parent in path.parents)


def _allows(path: Path, account: Account, wanted: int) -> bool:
    found = path.stat()
    shift = 6 if found.st_uid == account.uid else 3 if found.st_gid == account.gid else 0
    if stat.S_ISREG(found.st_mode) and not found.st_mode & 0o111:
        wanted &= 0o4
    return (found.st_mode >> shift) & wanted == wanted
