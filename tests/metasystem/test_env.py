"""Settings from the environment: each bad one names itself, all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metasystem.env import BadEnvironment, DatabaseAddress, MailAddress, broker_url, database_address, read_environment

GOOD = {
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgresql://ann:s%40fe@db.example.org:5433/metasystem?sslmode=require",
    "REDIS_URL": "redis://cache.example.org:6380/2",
}


def problems(**changes: str) -> list[str]:
    with pytest.raises(BadEnvironment) as caught:
        read_environment(GOOD | changes)
    return str(caught.value).splitlines()


def test_everything_but_three_settings_has_a_default() -> None:
    read = read_environment(GOOD)
    assert read.database == DatabaseAddress(
        name="metasystem",
        user="ann",
        password="s@fe",
        host="db.example.org",
        port="5433",
        options={"sslmode": "require"},
    )
    assert read.redis_url == "redis://cache.example.org:6380/2"
    assert read.public_url == "http://127.0.0.1:8000"
    assert read.allowed_hosts == ("127.0.0.1",)
    assert read.mail == MailAddress()
    assert (read.debug, read.demo, read.behind_proxy, read.log_json) == (False, False, False, False)
    assert (read.log_level, read.hsts_seconds, read.sweep_seconds) == ("INFO", 31536000, 30)


def test_every_missing_setting_is_named_in_one_go() -> None:
    with pytest.raises(BadEnvironment) as caught:
        read_environment({"REDIS_URL": "   "})
    names = [line.split()[0] for line in str(caught.value).splitlines()]
    assert names == ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"]


def test_a_public_address_allows_its_own_host() -> None:
    read = read_environment(GOOD | {"PUBLIC_URL": "https://Score.example.org/"})
    assert read.public_url == "https://Score.example.org"
    assert read.allowed_hosts == ("score.example.org",)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY has only 5 characters."),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL does not start with postgresql://."),
        ("DATABASE_URL", "postgresql://host", "DATABASE_URL does not name one database after the host."),
        ("DATABASE_URL", "postgresql://host:port/db", "DATABASE_URL Port could not be cast"),
        ("REDIS_URL", "http://x", "REDIS_URL does not start with redis://, rediss:// or unix://."),
        ("REDIS_URL", "redis://", "REDIS_URL does not name a host."),
        ("REDIS_URL", "unix://relative", "REDIS_URL does not give the absolute path of a socket."),
        ("PUBLIC_URL", "metasystem.example.org", "PUBLIC_URL is not a web address."),
        ("PUBLIC_URL", "https://example.org/path", "PUBLIC_URL has more than a host and a port."),
        ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS names nothing."),
        ("DEBUG", "maybe", "DEBUG is 'maybe', neither on nor off."),
        ("DEMO", "2", "DEMO is '2', neither on nor off."),
        ("HSTS_SECONDS", "-1", "HSTS_SECONDS is '-1', not a whole number."),
        ("SWEEP_SECONDS", "0", "SWEEP_SECONDS is 0."),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL does not start with one of"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is 'loud', not a level."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml'."),
    ],
)
def test_a_malformed_setting_names_itself_and_says_what_to_give(name: str, value: str, said: str) -> None:
    (line,) = problems(**{name: value})
    assert line.startswith(said)
    assert line.endswith(".")


@given(st.text(max_size=40))
def test_whatever_stands_in_an_address_it_is_read_or_refused(text: str) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "EMAIL_URL"):
        try:
            read_environment(GOOD | {name: text})
        except BadEnvironment as problem:
            assert str(problem).startswith(name)  # noqa: PT017


def test_a_socket_folder_may_be_the_host() -> None:
    address = database_address("postgresql://metasystem:pw@/metasystem?host=%2Fvar%2Frun%2Fpg")
    assert (address.host, address.port, address.options) == ("/var/run/pg", "", {})


@pytest.mark.parametrize(
    ("redis_url", "celery_url"),
    [
        ("redis://host:6379/3", "redis://host:6379/3"),
        ("unix:///run/valkey.sock?db=2", "redis+socket:///run/valkey.sock?virtual_host=2"),
        ("unix://:pw@/run/valkey.sock", "redis+socket://:pw@/run/valkey.sock?virtual_host=0"),
    ],
)
def test_celery_gets_the_same_server_in_its_own_spelling(redis_url: str, celery_url: str) -> None:
    assert broker_url(redis_url) == celery_url


def test_mail_by_smtp() -> None:
    read = read_environment(GOOD | {"EMAIL_URL": "smtp+tls://me:p%3Aw@mail.example.org"})
    assert read.mail == MailAddress("mail.example.org", 587, "me", "p:w", starttls=True)
