"""The commands of the image and of docker-compose.yml, started as they are written there."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
import yaml
from django.conf import settings

from metasystem.processes import spawn, stop, wait_until
from tests.servers import PROJECT, child_environment, free_port

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE = 20  # seconds, for a machine with much else to do
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
BIN = Path(sys.executable).parent


def image_command() -> list[str]:
    (line,) = [x for x in (PROJECT / "Dockerfile").read_text().splitlines() if x.startswith("CMD ")]
    return list(json.loads(line.removeprefix("CMD ")))


def here(command: list[str], port: int) -> list[str]:
    """The same command from our environment, on loopback and a free port."""
    program, *options = command
    replaced = {"0.0.0.0": "127.0.0.1", "8000": str(port), "--host=0.0.0.0": "--host=127.0.0.1"}
    options = [replaced.get(option, option) for option in options]
    return [str(BIN / program), *(f"--port={port}" if option.startswith("--port=") else option for option in options)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    found = child_environment() | {
        "DJANGO_SETTINGS_MODULE": "metasystem.settings.base",
        "METASYSTEM_VAR": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=PROJECT, env=found, check=True)
    return found


@pytest.fixture
def served(request: pytest.FixtureRequest, environment: dict[str, str]) -> "Iterator[tuple[str, int]]":
    """Address and process number of a started command."""
    port = free_port()
    process = spawn(here(request.param, port), env=environment, cwd=PROJECT)
    address = f"http://127.0.0.1:{port}"
    try:
        assert wait_until(lambda: answers(address), seconds=90, alive=lambda: process.poll() is None)
        yield address, process.pid
    finally:
        stop(process)


def working(pid: int) -> int:
    """How many processes of a started command do its work."""
    return len([p for p in psutil.Process(pid).children() if p.num_threads() > 1])


def answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=5)
    except httpx.TransportError:
        return False
    return True


@pytest.mark.parametrize("served", [image_command()], indirect=True, ids=["web"])
def test_pages_and_static_files_come_from_two_processes(served: tuple[str, int], tmp_path: Path) -> None:
    address, pid = served
    assert wait_until(lambda: working(pid) == 2, seconds=60)  # the other may begin later
    assert httpx.get(f"{address}/health/ready", timeout=PATIENCE).json()["database"] == "ok"
    page = httpx.get(f"{address}/accounts/login/", follow_redirects=True, timeout=PATIENCE)
    assert page.status_code == 200
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    name = json.loads((tmp_path / "static/staticfiles.json").read_text())["paths"]["css/base.css"]
    style = httpx.get(f"{address}/static/{name}", headers={"accept-encoding": "gzip"}, timeout=PATIENCE)
    assert style.status_code == 200
    assert style.headers["content-encoding"] == "gzip"
    assert "immutable" in style.headers["cache-control"]
    strange = httpx.get(f"{address}/", headers={"host": "evil.example.org"}, timeout=PATIENCE)
    assert strange.status_code == 400


@pytest.mark.parametrize("served", [image_command()], indirect=True, ids=["web"])
def test_a_hall_of_idle_connections_keeps_nobody_waiting(served: tuple[str, int]) -> None:
    port = int(served[0].rpartition(":")[2])
    idle = []
    for _number in range(1_100):  # more than the server's own bound on what it lets in at once
        idle.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        idle[-1].sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle[-1].recv(12) == b"HTTP/1.1 200"
    assert httpx.get(f"{served[0]}/health/live", timeout=PATIENCE).status_code == 200
    for one in idle:
        one.close()


@pytest.mark.parametrize("served", [COMPOSE["services"]["stream"]["command"]], indirect=True, ids=["stream"])
def test_streams_come_from_a_process_without_pages(served: tuple[str, int]) -> None:
    from assessments.live.events import stream_token, wave_topic

    address, _ = served
    assert httpx.get(f"{address}/stream/forged", timeout=PATIENCE).status_code == 403
    with httpx.stream("GET", f"{address}/stream/{stream_token(wave_topic(1))}", timeout=PATIENCE) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["x-accel-buffering"] == "no"
        assert next(answer.iter_lines()).startswith("retry:")


def test_every_service_has_a_program_of_the_locked_environment() -> None:
    commands = [
        service["command"] for service in COMPOSE["services"].values() if "build" in service and "command" in service
    ]
    programs = {command[0] for command in [image_command(), *commands]} - {"sh"}
    assert programs == {"granian", "uvicorn", "celery"}
    assert [name for name in programs if not shutil.which(str(BIN / name))] == []


def test_worker_and_beat_are_the_start_commands_own() -> None:
    start = (PROJECT / "metasystem/management/commands/up.py").read_text()
    for name in ("worker", "beat"):
        for option in COMPOSE["services"][name]["command"]:
            assert f'"{option}"' in start, f"{name}: {option}"


def test_the_proxy_passes_streams_on_without_holding_them_back() -> None:
    proxy = (PROJECT / "deploy/Caddyfile").read_text()
    stream = proxy.split("handle /stream/* {")[1].split("\n\t}\n")[0]
    assert "reverse_proxy stream:8001" in stream
    assert "flush_interval -1" in stream
