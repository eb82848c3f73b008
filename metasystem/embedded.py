"""PostgreSQL and Valkey from wheels, for a laptop and the tests: own role, password, a socket in a private folder.

One process runs the servers of a home, others attach to them by what `services.json` says.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

from metasystem.homes import in_use, make_private, take_lock, usable_home, write_private
from metasystem.processes import EmbeddedError, spawn, stop, wait_until
from metasystem.programs import POSTGRES_VERSION, postgres_binaries, valkey_binary
from metasystem.unprivileged import unprivileged_account

ROLE = DATABASE = "metasystem"
SERVER_ROLE = "postgres"
LONGEST_SOCKET_PATH = 107
SOCKET_NAMES = (".s.PGSQL.5432", "valkey.sock")
START_SECONDS = 60
THROWAWAY_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


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
        self.home = usable_home(home, self.account)
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
        self._lock = take_lock(self.home)
        if self._lock is None:
            raise EmbeddedError(f"The servers in {self.home} are already running.")
        self.sockets = self._socket_folder()
        password = self._password()
        data = self.home / "data"
        binaries = postgres_binaries(self.home, self.account)
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
        write_private(self.home / "services.json", json.dumps(asdict(self.addresses)))
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
        make_private(folder, self.account)
        return folder

    def _password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            write_private(path, secrets.token_hex(24))
        return path.read_text().strip()

    def _make_cluster(self, binaries: Path, data: Path, password: str) -> None:
        if data.exists():  # an initdb that was cut short: it never held data
            shutil.rmtree(data)
        make_private(data, self.account)
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
        make_private(folder, self.account)
        binary = valkey_binary(self.home, self.account)
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
        write_private(settings, "\n".join(lines) + "\n")
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


def addresses_of(sockets: Path, password: str) -> Addresses:
    """The addresses of servers whose sockets are in this folder."""
    folder = quote(str(sockets), safe="")
    return Addresses(
        database_url=f"postgresql://{ROLE}:{password}@/{DATABASE}?host={folder}",
        redis_url=f"unix://:{password}@{quote(str(sockets / SOCKET_NAMES[1]))}?db=0",
    )


@contextmanager
def running(home: Path) -> Iterator[Addresses]:
    """The servers of `home`: those that run already, or else started for as long as anybody uses them this way."""
    home = usable_home(home, unprivileged_account())
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


def _plain_environment() -> Mapping[str, str]:
    """What the servers need of our environment: no PG… variable of the person may redirect them."""
    kept = ("PATH", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in kept if name in os.environ}


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else ""
