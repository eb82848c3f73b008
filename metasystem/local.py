"""A laptop's environment: where no servers are named, the embedded ones, and a secret key of this folder's own."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from metasystem.embedded import EmbeddedError, Services, addresses_of, available, running

VAR = Path(os.environ.get("METASYSTEM_VAR") or Path(__file__).resolve().parents[1] / "var").absolute()
"""Everything that this machine keeps: both servers' data, the secret key, logs, collected static files."""
HOME = VAR / "services"
START = "up"
NEEDS_NO_SERVERS = frozenset(
    {"check", "check_templates", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help"}
    | {"makemessages", "version"}
)

own_services: Services | None = None
"""The servers that this process runs for the start command, which watches them."""


@contextmanager
def local_environment(command: str) -> Iterator[None]:
    """Complete `os.environ` for `command` and keep the servers it needs running meanwhile.

    Changes nothing where DATABASE_URL and REDIS_URL are both set, or
    where the embedded servers are not installed: then the settings themselves say what is missing.
    """
    global own_services
    named = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    embedded = not named and available()
    if embedded or command == START:
        _complete("PUBLIC_URL", public_url())
        _complete("ALLOWED_HOSTS", ",".join(own_names()))
        _complete("SECRET_KEY", _own_secret())
    elif (VAR / "secret-key").exists():
        _complete("SECRET_KEY", _own_secret())
    if not embedded:
        yield
    elif command in NEEDS_NO_SERVERS or command.startswith("-"):
        _complete_addresses(addresses_of(HOME / "sockets", "unused").as_environment())
        yield
    elif command == START:
        with Services(HOME) as services:
            assert services.addresses
            _complete_addresses(services.addresses.as_environment())
            own_services = services
            yield
    else:
        with running(HOME) as addresses:
            _complete_addresses(addresses.as_environment())
            yield


def host_and_port() -> tuple[str, str]:
    """What HOST and PORT say, or the loopback address and 8000."""
    return os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"


def public_url() -> str:
    """The address to open; for a server on all addresses the one that other devices in this network reach."""
    host, port = host_and_port()
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        host = _address_in_network() or "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def own_names() -> list[str]:
    """Host names under which this machine's own server may be asked."""
    host, _ = host_and_port()
    names = ["127.0.0.1", "localhost", "[::1]"]
    if host not in ("127.0.0.1", "localhost", "::1"):
        names += [socket.gethostname(), _address_in_network() or "", f"[{host}]" if ":" in host else host]
    return list(dict.fromkeys(filter(None, names)))


def _address_in_network() -> str | None:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # a documentation address: a datagram socket sends nothing to connect
        return str(probe.getsockname()[0])
    return None


def _own_secret() -> str:
    path = VAR / "secret-key"
    try:
        if not path.exists():
            VAR.mkdir(exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as problem:
        raise EmbeddedError(f"Cannot write to {VAR}: {problem.strerror}. Its owner must be able to.") from problem


def _complete(name: str, value: str) -> None:
    if not os.environ.get(name):
        os.environ[name] = value


def _complete_addresses(values: dict[str, str]) -> None:
    for name, value in values.items():
        _complete(name, value)
