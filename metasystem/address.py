"""Where the start command listens, and how that place is called from outside."""

import errno
import os
import socket
from contextlib import suppress

from metasystem.processes import NotStarted

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, not bound
HERE = ("127.0.0.1", "localhost", "::1")


def listening_address() -> tuple[str, int]:
    """HOST and PORT of the environment, or the loopback address and 8000; NotStarted where PORT is no port."""
    host, port = os.environ.get("HOST") or HERE[0], os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise NotStarted(f"PORT is {port!r}, not a number from 1 to 65535.")
    return host, int(port)


def ensure_free(host: str, port: int) -> None:
    """NotStarted where nobody can listen on this address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (socket.gaierror, UnicodeError) as problem:
        raise NotStarted(f"HOST is {host!r}, which is no address of this machine.") from problem
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            said = f"Port {port} is taken by another program. Choose another one: make run PORT={port % 65535 + 1}"
        elif problem.errno == errno.EACCES:
            said = f"Port {port} is not yours to use. Choose one above 1023: make run PORT=8000"
        else:
            said = f"Cannot listen on {host} port {port}: {problem.strerror}."
        raise NotStarted(said) from problem


def public_url(host: str, port: int) -> str:
    """The address to open; for a server on all addresses the one that other devices in this network reach."""
    if host in EVERYWHERE:
        host = _address_in_network() or HERE[0]
    return f"http://{_in_url(host)}:{port}"


def probe_url(host: str, port: int) -> str:
    """The address under which the server is reached from this machine itself."""
    return f"http://{_in_url({'0.0.0.0': '127.0.0.1', '::': '::1'}.get(host, host))}:{port}"  # noqa: S104


def own_names(host: str) -> list[str]:
    """Host names under which this machine's own server may be asked."""
    names = [_in_url(name) for name in HERE]
    if host not in HERE:
        names += [socket.gethostname(), _address_in_network() or "", _in_url(host)]
    return list(dict.fromkeys(filter(None, names)))


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _address_in_network() -> str | None:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # a documentation address: a datagram socket sends nothing to connect
        return str(probe.getsockname()[0])
    return None
