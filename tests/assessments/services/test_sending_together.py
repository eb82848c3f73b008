"""Two workers at once: nobody gets two messages."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection

from assessments.models import Invitation
from assessments.services.invitation_mail import send_due
from assessments.services.waves import WaveNotOpen, close_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import answer, make_open_wave

pytestmark = pytest.mark.django_db(transaction=True)


def in_own_connection(act):  # type: ignore[no-untyped-def]
    def run(*args):  # type: ignore[no-untyped-def]
        try:
            return act(*args)
        finally:
            connection.close()

    return run


def test_two_workers_send_each_message_once(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=40)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(in_own_connection(lambda _number: send_due(wave_id=wave.pk)), range(4)))
    sent = [message.to[0] for message in mail.outbox]
    assert len(sent) == len(set(sent)) == 40
    assert not Invitation.objects.filter(sent_at=None).exists()


def test_two_people_close_at_once_and_nothing_is_lost(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=20)
    answer(wave.groups.get(key="customers"), 20)

    def close(_number: int) -> str:
        try:
            return str(close_wave(wave=wave, by=None).state)
        except WaveNotOpen:
            return "too late"

    with ThreadPoolExecutor(3) as people:
        assert sorted(people.map(in_own_connection(close), range(3))) == ["closed", "too late", "too late"]
    assert wave.responses.count() == 20
