"""Settings from the environment, read once and checked at start: each missing or malformed value names itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
SHORTEST_SECRET_KEY = 50  # what Django's deployment check asks for
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class BadEnvironment(ImproperlyConfigured):
    """One line for every setting that is missing or malformed."""


@dataclass(frozen=True)
class DatabaseAddress:
    """A PostgreSQL database; `host` may be the folder of a Unix socket."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class MailAddress:
    """Where outgoing mail goes; without a host it is printed to the console."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


@dataclass(frozen=True)
class Environment:
    """Everything that differs between one installation and another."""

    secret_key: str
    database: DatabaseAddress
    redis_url: str
    public_url: str
    allowed_hosts: tuple[str, ...]
    behind_proxy: bool
    hsts_seconds: int
    debug: bool
    demo: bool
    signup_open: bool
    mail: MailAddress
    mail_from: str
    log_level: str
    log_json: bool
    sweep_seconds: int


def read_environment(values: Mapping[str, str]) -> Environment:
    """The settings in `values`, or BadEnvironment with a line for each setting that cannot be used."""
    problems: list[str] = []

    def setting(name: str, parse: Callable[[str], T], default: str | None = None) -> T:
        text = values.get(name, "").strip() or default
        if text is None:
            problems.append(f"{name} is not set. {HINTS[name]}")
        else:
            try:
                return parse(text)
            except ValueError as problem:
                problems.append(f"{name} {problem}. {HINTS[name]}")
        return None  # type: ignore[return-value]  # never leaves this function: problems are raised below

    public_url = setting("PUBLIC_URL", _web_address, "http://127.0.0.1:8000")
    environment = Environment(
        secret_key=setting("SECRET_KEY", _secret),
        database=setting("DATABASE_URL", database_address),
        redis_url=setting("REDIS_URL", _redis_url),
        public_url=public_url,
        allowed_hosts=setting("ALLOWED_HOSTS", _words, urlsplit(public_url or "").hostname or "127.0.0.1"),
        behind_proxy=setting("BEHIND_PROXY", _flag, "0"),
        hsts_seconds=setting("HSTS_SECONDS", _count, "31536000"),
        debug=setting("DEBUG", _flag, "0"),
        demo=setting("DEMO", _flag, "0"),
        signup_open=setting("SIGNUP_OPEN", _flag, "1"),
        mail=setting("EMAIL_URL", _mail_address, "console:"),
        mail_from=setting("EMAIL_FROM", str, "Metasystem <no-reply@localhost>"),
        log_level=setting("LOG_LEVEL", _log_level, "INFO"),
        log_json=setting("LOG_FORMAT", _is_json, "text"),
        sweep_seconds=setting("SWEEP_SECONDS", _positive, "30"),
    )
    if problems:
        raise BadEnvironment("\n".join(problems))
    return environment


HINTS = {
    "SECRET_KEY": f"Give at least {SHORTEST_SECRET_KEY} random characters that stay the same between starts.",
    "DATABASE_URL": "Example: postgresql://user:password@host:5432/metasystem. `make run` brings its own server.",
    "REDIS_URL": "Example: redis://host:6379/0 or unix:///run/valkey.sock?db=0. `make run` brings its own server.",
    "PUBLIC_URL": "Give the address people type, without a path: https://metasystem.example.org.",
    "ALLOWED_HOSTS": "Give host names separated by commas.",
    "BEHIND_PROXY": "Give 1 where a reverse proxy sets X-Forwarded-Proto and X-Forwarded-For, 0 elsewhere.",
    "HSTS_SECONDS": "Give a whole number of seconds, 0 for none.",
    "DEBUG": "Give 1 or 0.",
    "DEMO": "Give 1 or 0.",
    "SIGNUP_OPEN": "Give 1 where anyone may open an account, 0 where only invited people may.",
    "EMAIL_URL": "Example: smtp+tls://user:password@mail.example.org:587, or console: to print mail.",
    "EMAIL_FROM": "Example: Metasystem <no-reply@example.org>.",
    "LOG_LEVEL": "Give DEBUG, INFO, WARNING, ERROR or CRITICAL.",
    "LOG_FORMAT": "Give text or json.",
    "SWEEP_SECONDS": "Give a whole number of seconds, 1 or more.",
}


def database_address(text: str) -> DatabaseAddress:
    """Parse `postgresql://user:password@host:port/name?host=/folder&sslmode=…`; ValueError says what is wrong."""
    parts = urlsplit(text)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("does not start with postgresql://")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise ValueError("does not name one database after the host")
    options = {key: found[-1] for key, found in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return DatabaseAddress(
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=host,
        port=str(_port(parts.port, options.pop("port", ""))),
        options=options,
    )


def _port(given: int | None, option: str) -> int | str:
    if option and not option.isdigit():
        raise ValueError("has a port that is not a number")
    return given or option


def _redis_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("does not start with redis://, rediss:// or unix://")
    if parts.scheme == "unix" and not parts.path.startswith("/"):
        raise ValueError("does not give the absolute path of a socket")
    if parts.scheme != "unix" and not parts.hostname:
        raise ValueError("does not name a host")
    parts.port  # noqa: B018  # raises ValueError when it is no number
    return text


def broker_url(redis_url: str) -> str:
    """The same server as Celery names it: a socket is `redis+socket://`, and its database a `virtual_host`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[-1]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}"


def _mail_address(text: str) -> MailAddress:
    if text.rstrip("/") == "console:":
        return MailAddress()
    parts = urlsplit(text)
    if parts.scheme not in MAIL_SCHEMES:
        raise ValueError(f"does not start with one of {', '.join(f'{s}://' for s in MAIL_SCHEMES)} or console:")
    if not parts.hostname:
        raise ValueError("does not name a host")
    return MailAddress(
        host=parts.hostname,
        port=parts.port or MAIL_SCHEMES[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        tls=parts.scheme == "smtps",
    )


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address")
    parts.port  # noqa: B018
    if parts.path not in ("", "/") or parts.query:
        raise ValueError("has more than a host and a port")
    return text.rstrip("/")


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET_KEY:
        raise ValueError(f"has only {len(text)} characters")
    return text


def _flag(text: str) -> bool:
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise ValueError(f"is {text!r}, neither on nor off")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError(f"is {text!r}, not a whole number")
    return int(text)


def _positive(text: str) -> int:
    if _count(text) < 1:
        raise ValueError("is 0")
    return int(text)


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    if not words:
        raise ValueError("names nothing")
    return words


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ValueError(f"is {text!r}, not a level")
    return text.upper()


def _is_json(text: str) -> bool:
    if text.lower() not in ("text", "json"):
        raise ValueError(f"is {text!r}")
    return text.lower() == "json"
