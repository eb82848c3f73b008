"""The real parts that tests run against: PostgreSQL, Valkey, a Celery worker, Chromium.

A test that touches none of them starts none of them.
"""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

from metasystem.embedded import Addresses
from tests.servers import RunServers, SharedWorker, WebProcess, WorkerProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.fixtures.cast", "tests.fixtures.order", "tests.fixtures.phones", "tests.fixtures.second_tries"]
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")  # lighter first
NO_CHROMIUM = "No Chromium was found: install it (Debian: apt-get install chromium), or set CHROMIUM to its path."
QUIET_CHROMIUM = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
MOST_PROCESSES = 30  # each has two of Valkey's databases (metasystem/settings/test.py)
PATIENCE_MS = 30_000  # for what comes; what must come soon says so itself
servers = RunServers()

# how long an example takes says more about the machine's other work than about the code
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as cores, because tests also wait: for processes, browsers and clocks."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores + (cores + 1) // 2, MOST_PROCESSES)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None):  # xdist: the controller starts them for its workers
        servers.start()


def pytest_unconfigure() -> None:
    servers.stop()


@pytest.fixture(scope="session")
def running_servers() -> Addresses:
    """Addresses of the run's PostgreSQL (a database that no test uses) and Valkey."""
    servers.start()
    return Addresses(database_url=os.environ["DATABASE_URL"], redis_url=os.environ["REDIS_URL"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    running_servers: Addresses, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """pytest-django asks for this before it makes the test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """The test database, which tests that commit leave empty by a shorter way than Django's.

    At the end nobody else's session keeps it, such as that of a process killed a moment ago.
    """
    from django.test import TransactionTestCase

    from tests import emptying

    with django_db_blocker.unblock():
        emptying.remember_what_stays()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield
    with django_db_blocker.unblock():
        emptying.end_other_sessions()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing that one test cached is seen by the next."""
    yield
    if {"running_servers", "django_db_setup"} & set(request.fixturenames):
        from django.core.cache import cache

        cache.clear()


@pytest.fixture(scope="session")
def shared_worker(django_db_setup: None) -> Iterator[SharedWorker]:
    """The worker of all tests that need one; a test with workers of its own stops it first."""
    shared = SharedWorker()
    yield shared
    shared.stop()


@pytest.fixture
def celery_worker(_empty_queues: None, transactional_db: None, shared_worker: SharedWorker) -> Iterator[WorkerProcess]:
    """A Celery worker, in a process of its own, on the test database and both queues; what others queued is gone.

    It ends with the test: it would take what later tests queue, and hold tables that they empty.
    """
    yield shared_worker.running()
    shared_worker.stop()


@pytest.fixture
def _empty_queues(running_servers: Addresses) -> None:
    import redis

    with redis.Redis.from_url(running_servers.redis_url) as client:
        client.delete("default", "sweep", "unacked", "unacked_index")


@pytest.fixture(scope="session")
def _session_web(django_db_setup: None) -> Iterator[WebProcess]:
    web = WebProcess()
    web.warm_up()
    yield web
    web.stop()


@pytest.fixture
def web_process(transactional_db: None, _session_web: WebProcess) -> WebProcess:
    """Pages *and* streams in a process of its own on the test database; `.url` is its address."""
    assert _session_web.alive(), _session_web.output()
    return _session_web


def find_chromium() -> str | None:
    """The browser named by CHROMIUM or found on the path."""
    return next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES))), None)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium, headless; the test is skipped where there is none."""
    found = find_chromium()
    if not found:
        pytest.skip(NO_CHROMIUM)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    # Playwright's loop runs in this thread from now on, and tests around it use the ORM
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*QUIET_CHROMIUM, *sandbox])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A new page with nothing stored; with `live_server` or `web_process` go to their `.url`."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if any(NO_CHROMIUM in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(f"Browser tests were skipped. {NO_CHROMIUM}", yellow=True)
