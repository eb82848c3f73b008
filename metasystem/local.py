"""A laptop's environment: where no servers are named, the embedded ones, and a secret key of this folder's own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metasystem.address import ensure_free, listening_address, own_names, public_url
from metasystem.embedded import Services, addresses_of, running
from metasystem.homes import in_use
from metasystem.processes import NotStarted
from metasystem.programs import available

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
    if command == START and embedded and in_use(HOME):
        raise NotStarted("Metasystem is already running from this folder. Stop it first: Ctrl-C where it was started.")
    if embedded or command == START:
        host, port = listening_address()
        if command == START:
            ensure_free(host, port)
        _complete("PUBLIC_URL", public_url(host, port))
        _complete("ALLOWED_HOSTS", ",".join(own_names(host)))
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


def _own_secret() -> str:
    path = VAR / "secret-key"
    try:
        if not path.exists():
            VAR.mkdir(exist_ok=True, parents=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as problem:
        raise NotStarted(f"Cannot write to {VAR}: {problem.strerror}.") from problem


def _complete(name: str, value: str) -> None:
    if not os.environ.get(name):
        os.environ[name] = value


def _complete_addresses(values: dict[str, str]) -> None:
    for name, value in values.items():
        _complete(name, value)
