"""Owners are reminded of what they promised: on three days, each once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from assessments import tasks
from assessments.enums import CommitmentState, ReminderKind
from assessments.live import bus
from assessments.models import Commitment, CommitmentReminder
from assessments.services.invitation_mail import PAUSE
from assessments.services.reminders import due_reminders, message_of, send_due
from assessments.services.replies import change_reply_page
from ecosystems.models import Ecosystem, Membership, Organization, Stakeholder, User
from metasystem.processes import wait_until
from tests.factories.workshops import make_workshop
from tests.servers import WorkerProcess

pytestmark = pytest.mark.django_db
DAY = date(2030, 3, 20)


def promise(ecosystem: Ecosystem, **changes: Any) -> Commitment:
    changes = {"text": "Publish a forecast", "owner_name": "Marta", "due_on": DAY, **changes}
    made = Commitment.objects.create(organization=ecosystem.organization, ecosystem=ecosystem, **changes)
    Commitment.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=60))
    return made


def run(start: date, days: int) -> list[tuple[int, str]]:
    """What goes out from day to day: days from the promised one, and the subject."""
    sent = []
    for number in range(days):
        today = start + timedelta(days=number)
        before = len(mail.outbox)
        assert send_due(today=today) is False
        sent += [((today - DAY).days, str(message.subject)) for message in mail.outbox[before:]]
    return sent


def test_a_week_before_on_the_day_and_a_week_after(ecosystem: Ecosystem, leader: User) -> None:
    promise(ecosystem, owner=leader)
    assert run(DAY - timedelta(days=20), 50) == [
        (-7, "Due on 20 March: Publish a forecast"),
        (0, "Due on 20 March: Publish a forecast"),
        (7, "Overdue: Publish a forecast"),
    ]
    assert {tuple(message.to) for message in mail.outbox} == {(leader.email,)}
    assert CommitmentReminder.objects.filter(sent_at__isnull=False).count() == 3


def test_nobody_is_written_to_in_a_demo(ecosystem: Ecosystem, leader: User) -> None:
    promise(ecosystem, owner=leader)
    Organization.objects.update(is_demo=True)
    assert (due_reminders(DAY), run(DAY, 2)) == ([], [])


def test_days_without_a_worker_are_caught_up_but_not_the_long_past(ecosystem: Ecosystem, leader: User) -> None:
    promise(ecosystem, owner=leader)
    assert [days for days, _subject in run(DAY + timedelta(days=3), 3)] == [3]
    promise(ecosystem, owner=leader, due_on=DAY - timedelta(days=90))
    assert run(DAY + timedelta(days=4), 2) == []


@pytest.mark.parametrize("state", [CommitmentState.DONE, CommitmentState.DROPPED, CommitmentState.PROPOSED])
def test_only_open_ones_are_reminded_of(ecosystem: Ecosystem, leader: User, state: str) -> None:
    promise(ecosystem, owner=leader, state=state, closing_note="Why")
    assert due_reminders(DAY) == []


def test_a_commitment_that_is_put_off_is_reminded_of_before_its_new_day(ecosystem: Ecosystem, leader: User) -> None:
    made = promise(ecosystem, owner=leader)
    assert len(run(DAY, 1)) == 1
    Commitment.objects.filter(pk=made.pk).update(due_on=DAY + timedelta(days=30))
    assert [days for days, _subject in run(DAY + timedelta(days=1), 40)] == [23, 30, 37]


def test_who_promised_a_moment_ago_is_left_alone(ecosystem: Ecosystem, leader: User) -> None:
    today = timezone.localdate()
    made = promise(ecosystem, owner=leader, due_on=today + timedelta(days=3))
    Commitment.objects.filter(pk=made.pk).update(created_at=timezone.now())
    assert due_reminders(today) == []
    assert [one.kind for one in due_reminders(today + timedelta(days=3))] == [ReminderKind.DUE]


def test_nobody_who_left_and_nobody_without_an_address(ecosystem: Ecosystem, leader: User, outsider: User) -> None:
    promise(ecosystem)
    promise(ecosystem, owner=outsider)
    promise(ecosystem, owner=leader)
    promise(ecosystem, stakeholder=Stakeholder.objects.create(ecosystem=ecosystem, group="partners", name="Dairy"))
    live = make_workshop(ecosystem)
    promise(ecosystem, owner=leader, workshop=make_workshop(ecosystem, rehearsal_of=live))
    assert len(due_reminders(DAY)) == 1
    Membership.objects.filter(user=leader).delete()
    assert due_reminders(DAY) == []


def test_a_stakeholder_without_an_account_reads_the_public_page(ecosystem: Ecosystem) -> None:
    dairy = Stakeholder.objects.create(ecosystem=ecosystem, group="partners", name="Dairy", email="d@dairy.example")
    made = promise(ecosystem, stakeholder=dairy, text="Two <farms>\r\nBcc: all@example.org")
    assert send_due(today=DAY) is False
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["d@dairy.example"], "Due on 20 March: Two <farms> Bcc: all@example.org")
    assert "/said/" not in message.body
    change_reply_page(ecosystem=ecosystem, by=None, title="", intro="", is_on=True, offered=[made.pk], shown=[made.pk])
    made.refresh_from_db()
    told = message_of(made, ReminderKind.LATE)
    assert "/said/" in told.text
    assert "Two &lt;farms&gt;" in told.html


def test_a_chunk_says_that_there_may_be_more(ecosystem: Ecosystem) -> None:
    for number in range(5):
        given = {"group": "partners", "name": f"Dairy {number}", "email": f"d{number}@dairy.example"}
        promise(ecosystem, stakeholder=Stakeholder.objects.create(ecosystem=ecosystem, **given))
    assert [send_due(today=DAY, limit=2) for _run in range(4)] == [True, True, False, False]
    assert len({tuple(message.to) for message in mail.outbox}) == len(mail.outbox) == 5


def test_one_bad_address_holds_up_nobody(ecosystem: Ecosystem, leader: User, viewer: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.assessments.services.test_minutes_mail.Refusing"
    for person, address in ((leader, "no@example.org"), (viewer, "ana@example.org")):
        User.objects.filter(pk=person.pk).update(email=address)
        promise(ecosystem, owner=person)
    assert send_due(today=DAY) is False
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert due_reminders(DAY) == []
    made = promise(ecosystem, owner=leader)
    User.objects.filter(pk=leader.pk).update(email="later@example.org")
    with pytest.raises(OSError, match="greylisted"):
        send_due(today=DAY)
    assert [one.commitment for one in due_reminders(DAY)] == [made.pk]


def test_the_sweep_wakes_what_is_due_unless_the_mail_server_rests(
    ecosystem: Ecosystem, leader: User, running_servers: object, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(tasks, "wake_reminders", lambda: calls.append(1))
    bus.connection().delete(PAUSE)
    tasks.sweep_reminders()
    assert calls == []
    promise(ecosystem, owner=leader, due_on=timezone.localdate())
    tasks.sweep_reminders()
    assert calls == [1]
    sending, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.assessments.test_mail_tasks.DeadServer"
    tasks.send_reminders()
    tasks.sweep_reminders()
    assert calls == [1]
    bus.connection().delete(PAUSE)
    settings.EMAIL_BACKEND = sending
    tasks.send_reminders()
    tasks.sweep_reminders()
    assert (calls, len(mail.outbox)) == ([1], 1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_what_the_sweep_finds(ecosystem: Ecosystem, leader: User, celery_worker: WorkerProcess) -> None:
    promise(ecosystem, owner=leader, due_on=timezone.localdate())
    bus.connection().delete(PAUSE)
    tasks.sweep_reminders()
    sent = CommitmentReminder.objects.filter(sent_at__isnull=False)
    assert wait_until(sent.exists, seconds=60), celery_worker.output()
