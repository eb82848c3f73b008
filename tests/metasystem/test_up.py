"""The start command, as a person at a keyboard meets it: what it says, what it keeps, what it leaves behind."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from metasystem.processes import wait_until
from tests.servers import PROJECT, free_port

pytestmark = pytest.mark.slow
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DEMO", "PYTEST_XDIST_WORKER")


class Start:
    """One `manage.py up` with its own var folder; `line()` reads what it says."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.port = free_port()
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        settings = {"METASYSTEM_VAR": str(var), "PORT": str(self.port)} | environment
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=PROJECT,
            env=inherited | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.family: list[psutil.Process] = []

    def until_ready(self) -> str:
        """The line that begins with Ready, after which all its processes are known."""
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("Ready: "):
                self.family = psutil.Process(self.process.pid).children(recursive=True)
                return line.strip()
        raise AssertionError("".join(said))

    def child(self, word: str) -> psutil.Process:
        return next(p for p in self.family if word in command_of(p))

    def last_words(self) -> str:
        """What it said until it ended, and how."""
        output, _ = self.process.communicate(timeout=120)
        return str(output)

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def all_gone(self) -> bool:
        return wait_until(lambda: not any(map(lives, self.family)), seconds=60)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(120)
        if self.process.stdout:
            self.process.stdout.close()


StartMaker = Callable[..., Start]


def command_of(process: psutil.Process) -> str:
    """Empty for one that has ended by now, as a server's own for one connection does."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="metasystem-up-"))
    folder.chmod(0o755)
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def starts(var: Path) -> Iterator[Callable[..., Start]]:
    """Makes starts in this test's var folder, and ends what the test left running."""
    made: list[Start] = []

    def start(**environment: str) -> Start:
        made.append(Start(var, **environment))
        return made[-1]

    yield start
    for one in made:
        one.end()


@pytest.fixture(scope="session")
def prepared(running_servers: object) -> Path:
    """A var folder as a first start leaves it, made once for the whole run; tests of a first start begin without it."""
    run_folder = Path(settings.TEST_RUN_FOLDER)
    kept, new = run_folder / "prepared-var", run_folder / "new-var"
    with (run_folder / "prepared-var.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of the run may be making it
        if not kept.exists():
            first = Start(new)
            first.until_ready()
            first.end()
            new.rename(kept)
    return kept


@pytest.fixture
def used_before(prepared: Path, var: Path) -> None:
    """Starts in this test's var folder find what a first start prepared."""
    subprocess.run(["cp", "-a", prepared, var], check=True)  # with owners


def test_it_is_ready_keeps_everything_and_leaves_no_process(var: Path, starts: StartMaker) -> None:
    first = starts()
    assert first.until_ready() == f"Ready: http://127.0.0.1:{first.port}"
    assert len(first.family) >= 7  # PostgreSQL and its own, Valkey, web, worker and its own, beat
    assert first.get("/health/ready") == (200, '{"database": "ok", "broker": "ok", "worker": "ok"}')
    files = json.loads((var / "static/staticfiles.json").read_text())["paths"]
    assert first.get(f"/static/{files['css/base.css']}")[0] == 200
    secret = (var / "secret-key").read_text()
    make = "from django.contrib.auth import get_user_model as m; m().objects.create_user(email='a@example.org')"
    other_command(var, "shell", "-c", make)  # a command in a second window uses the running servers
    first.process.send_signal(signal.SIGINT)
    assert first.last_words() == ""
    assert first.process.returncode == 0
    assert first.all_gone()

    second = starts()
    second.until_ready()
    count = "from django.contrib.auth import get_user_model as m; print(m().objects.count())"
    assert other_command(var, "shell", "-v", "0", "-c", count) == "1\n"
    assert (var / "secret-key").read_text() == secret
    second.process.send_signal(signal.SIGTERM)
    assert second.last_words() == ""
    assert second.process.returncode == 0
    assert second.all_gone()


def other_command(var: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment | {"METASYSTEM_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_interrupted_while_it_prepares_it_ends_and_can_begin_again(starts: StartMaker) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        start = starts()
        assert start.process.stdout is not None
        assert start.process.stdout.readline().startswith("Starting.")
        start.family = psutil.Process(start.process.pid).children(recursive=True)
        assert start.family
        start.process.send_signal(number)
        assert start.last_words() == ""
        assert start.process.returncode == 0
        assert start.all_gone()
    starts().until_ready()


@pytest.mark.usefixtures("used_before")
def test_killed_without_a_word_it_takes_its_children_along_and_starts_again(starts: StartMaker) -> None:
    start = starts()
    start.until_ready()
    start.process.kill()
    start.process.communicate()
    assert start.all_gone()
    starts().until_ready()


@pytest.mark.usefixtures("used_before")
@pytest.mark.parametrize(
    ("word", "said"),
    [("beat", "The beat process ended by signal SIGKILL ("), ("valkey-server", "The valkey server ended by itself (")],
)
def test_a_crashed_child_ends_everything_with_one_line(starts: StartMaker, word: str, said: str) -> None:
    start = starts()
    start.until_ready()
    start.child(word).kill()
    output = start.last_words()
    assert start.process.returncode == 1
    (line,) = output.splitlines()
    assert said in line
    assert "so all were stopped" in line
    assert start.all_gone()


@pytest.mark.usefixtures("used_before")
def test_a_second_start_in_the_same_folder_says_so(starts: StartMaker) -> None:
    start = starts()
    start.until_ready()
    second = starts()
    (line,) = second.last_words().splitlines()
    assert line.startswith("Metasystem is already running from this folder. Stop it first")
    assert second.process.returncode == 1
    assert start.get("/health/live")[0] == 200


def test_a_taken_port_is_named_with_a_free_way_out(starts: StartMaker) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        start = starts(PORT=str(port))
        output = start.last_words()
    assert output == f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}\n"
    assert start.process.returncode == 1


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PORT": "http"}, "PORT is 'http', not a number from 1 to 65535."),
        ({"PORT": "70000"}, "PORT is '70000', not a number from 1 to 65535."),
        ({"HOST": "no-such-host.invalid"}, "HOST is 'no-such-host.invalid', which is no address of this machine."),
        ({"HOST": "192.0.2.1"}, "Cannot listen on 192.0.2.1 port"),
        ({"DEMO": "perhaps"}, "DEMO is 'perhaps', neither on nor off."),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_line(
    starts: StartMaker, environment: dict[str, str], said: str
) -> None:
    start = starts(**environment)
    (line,) = start.last_words().splitlines()
    assert said in line
    assert start.process.returncode == 1


def test_a_folder_that_cannot_be_written_to_is_named_in_one_line(var: Path, starts: StartMaker) -> None:
    var.write_text("a file where the folder should be")
    start = starts()
    (line,) = start.last_words().splitlines()
    assert line == f"Cannot write to {var}: File exists."
    assert start.process.returncode == 1


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_named_server_that_does_not_answer_is_named(starts: StartMaker, running_servers: object, name: str) -> None:
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    nowhere = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/metasystem", "REDIS_URL": "redis://127.0.0.1:1"}
    start = starts(**addresses | {name: nowhere[name]})
    _, line = start.last_words().splitlines()
    assert line.startswith(f"The server of {name} does not answer: ")
    assert start.process.returncode == 1


def test_named_servers_are_used_instead_of_own_ones(var: Path, starts: StartMaker, running_servers: object) -> None:
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    start = starts(**addresses)
    start.until_ready()
    assert not (var / "services").exists()
    programs = {Path(command_of(p).partition(" ")[0]).name for p in start.family}
    assert programs & {"postgres", "valkey-server"} == set()
    start.process.terminate()
    assert start.last_words() == ""
    assert start.all_gone()
