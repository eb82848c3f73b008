"""A mail server that is down is left alone for a while, and nothing is lost."""

from collections.abc import Iterator

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from assessments import tasks
from assessments.live import bus
from assessments.services.invitation_mail import PAUSE, PAUSE_SECONDS
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_open_wave

pytestmark = pytest.mark.django_db


class DeadServer(BaseEmailBackend):
    def send_messages(self, messages: object) -> int:  # type: ignore[override]
        raise ConnectionRefusedError("nobody there")


@pytest.fixture(autouse=True)
def woken(running_servers: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    calls: list[int] = []
    monkeypatch.setattr(tasks, "wake_mail", calls.append)
    bus.connection().delete(PAUSE)
    yield calls
    bus.connection().delete(PAUSE)


def test_the_sweep_finds_what_was_not_sent(ecosystem: Ecosystem, woken: list[int]) -> None:
    wave = make_open_wave(ecosystem, people=2)
    tasks.sweep_unsent_mail()
    assert woken == [wave.pk]
    tasks.send_mail_of_wave(wave.pk)
    tasks.sweep_unsent_mail()
    assert woken == [wave.pk]


def test_a_dead_mail_server_is_given_a_rest(ecosystem: Ecosystem, woken: list[int], settings) -> None:  # type: ignore[no-untyped-def]
    wave = make_open_wave(ecosystem, people=2)
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    tasks.send_mail_of_wave(wave.pk)
    tasks.sweep_unsent_mail()
    assert woken == []
    assert 0 < bus.connection().ttl(PAUSE) <= PAUSE_SECONDS
    bus.connection().delete(PAUSE)
    tasks.sweep_unsent_mail()
    assert woken == [wave.pk]
