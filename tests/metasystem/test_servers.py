"""The parts that other tests stand on are the real ones."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from metasystem.celery import app
from tests.conftest import find_chromium


@pytest.mark.django_db
def test_the_database_is_postgresql_under_a_role_that_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('is_superuser')")
        version, superuser = cursor.fetchone()
    assert version >= 180000
    assert superuser == "off"


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_the_cache_is_empty_at_the_start_of_every_test(turn: int) -> None:
    assert cache.get("seen") is None
    cache.set("seen", turn)
    assert cache.get("seen") == turn


@pytest.mark.slow
def test_the_worker_is_a_process_of_its_own_and_answers(celery_worker) -> None:
    (answer,) = app.control.ping(timeout=30, limit=1)
    assert list(answer.values()) == [{"ok": "pong"}]


@pytest.mark.slow
def test_the_browser_sees_the_live_server(page, live_server) -> None:
    answer = page.goto(f"{live_server.url}/accounts/login/")
    assert answer is not None
    assert answer.status == 200


def test_without_a_browser_the_tests_say_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert find_chromium() is None
    monkeypatch.setenv("CHROMIUM", "/bin/sh")
    assert find_chromium() == "/bin/sh"
