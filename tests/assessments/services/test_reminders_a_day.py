"""Whoever owns many commitments gets one reminder a day, whoever names them how often."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from assessments import tasks
from assessments.enums import ReminderKind
from assessments.models import Commitment, CommitmentReminder, ReminderDay
from assessments.services import reminders
from assessments.services.reminder_messages import MOST_LISTED
from assessments.services.reminders import due_reminders, forget_days, send_due
from ecosystems.models import Ecosystem, Organization, Stakeholder, User
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
DAY = date(2030, 3, 20)
WEEK = timedelta(days=7)


def promise(ecosystem: Ecosystem, text: str, **changes: Any) -> Commitment:
    changes = {"owner_name": "Marta", "due_on": DAY, **changes}
    made = Commitment.objects.create(organization=ecosystem.organization, ecosystem=ecosystem, text=text, **changes)
    Commitment.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=60))
    return made


def stakeholder(ecosystem: Ecosystem, email: str) -> Stakeholder:
    return Stakeholder.objects.create(ecosystem=ecosystem, group="partners", name=email, email=email)


@pytest.fixture
def elsewhere(db: None) -> Ecosystem:
    """An ecosystem of another organization."""
    other = Organization.objects.create(name="Delta", slug="delta")
    return Ecosystem.objects.create(organization=other, name="Coast", slug="coast")


def test_all_that_is_due_comes_in_one_message(ecosystem: Ecosystem, elsewhere: Ecosystem, leader: User) -> None:
    late = promise(ecosystem, "Call the farms", owner=leader, due_on=DAY - WEEK)
    promise(ecosystem, "Publish <a> forecast", owner=leader)
    promise(elsewhere, "Share the boat", stakeholder=stakeholder(elsewhere, leader.email.upper()))
    assert send_due(today=DAY) is False
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([leader.email], "Reminder: 3 commitments, 1 overdue")
    text = str(message.body)
    assert text.index("Until 13 March, still open: Call the farms") < text.index("Until 20 March: Publish <a> forecast")
    assert text.index(f"{ecosystem.name} (") < text.index("Call the farms") < text.index("Coast (Delta)")
    assert text.index("Coast (Delta)") < text.index("Until 20 March: Share the boat")
    assert str(late.key) in text
    html = str(message.alternatives[0][0])
    assert "Publish &lt;a&gt; forecast" in html
    assert "&amp;lt;" not in html
    assert CommitmentReminder.objects.filter(sent_at__isnull=False).count() == 3
    assert due_reminders(DAY) == []


def test_of_very_many_the_message_lists_some_and_says_how_many_more(ecosystem: Ecosystem, leader: User) -> None:
    for number in range(MOST_LISTED + 190):
        promise(ecosystem, f"Promised {number:03}", owner=leader)
    assert send_due(today=DAY) is False
    (message,) = mail.outbox
    assert message.subject == f"Reminder: {MOST_LISTED + 190} commitments"
    assert str(message.body).count("- Until 20 March: Promised") == MOST_LISTED
    assert "190 more are due there.\n" in str(message.body)
    assert f"/{ecosystem.slug}/commitments/" in str(message.body)
    assert due_reminders(DAY) == []


def test_what_becomes_due_later_on_the_day_waits_for_the_next(
    ecosystem: Ecosystem, elsewhere: Ecosystem, leader: User
) -> None:
    promise(ecosystem, "First", owner=leader)
    send_due(today=DAY)
    second = promise(ecosystem, "Second", owner=leader)
    promise(elsewhere, "Third", stakeholder=stakeholder(elsewhere, leader.email))
    assert (due_reminders(DAY), send_due(today=DAY), len(mail.outbox)) == ([], False, 1)
    assert len(due_reminders(DAY + timedelta(days=1))) == 2
    Commitment.objects.filter(pk=second.pk).update(state="done")
    send_due(today=DAY + timedelta(days=1))
    assert [message.subject for message in mail.outbox] == ["Due on 20 March: First", "Due on 20 March: Third"]


def test_giving_a_reminded_one_to_somebody_else_opens_no_second_message(
    ecosystem: Ecosystem, leader: User, viewer: User
) -> None:
    """Who wrote today is known by the address, not by who owns what now."""
    first = promise(ecosystem, "First", owner=leader)
    send_due(today=DAY)
    Commitment.objects.filter(pk=first.pk).update(owner=viewer)
    promise(ecosystem, "Second", owner=leader)
    first.delete()
    send_due(today=DAY)
    assert [message.to for message in mail.outbox] == [[leader.email]]


def test_a_reminder_that_is_not_due_any_more_leaves_the_message(ecosystem: Ecosystem, leader: User) -> None:
    done, kept = promise(ecosystem, "Done", owner=leader), promise(ecosystem, "Kept", owner=leader)
    found = due_reminders(DAY)
    Commitment.objects.filter(pk=done.pk).update(state="done")
    assert [one.commitment.pk for one in reminders._still_due(found, DAY)] == [kept.pk]


def test_the_day_holds_no_address_and_is_forgotten(ecosystem: Ecosystem, leader: User) -> None:
    promise(ecosystem, "First", owner=leader)
    send_due(today=DAY)
    (kept,) = ReminderDay.objects.all()
    assert (kept.last_on, len(kept.recipient), "@" in kept.recipient) == (DAY, 64, False)
    forget_days(DAY + WEEK)
    assert ReminderDay.objects.count() == 1
    forget_days(DAY + WEEK + timedelta(days=1))
    assert ReminderDay.objects.count() == 0


def test_the_sweep_rests_while_everybody_was_written_to_today(
    ecosystem: Ecosystem, leader: User, running_servers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(tasks, "wake_reminders", lambda: calls.append(1))
    monkeypatch.setattr("assessments.services.invitation_mail.is_paused", lambda: False)
    today = timezone.localdate()
    promise(ecosystem, "First", owner=leader, due_on=today)
    send_due(today=today)
    promise(ecosystem, "Second", owner=leader, due_on=today)
    tasks.sweep_reminders()
    assert calls == []


@pytest.mark.parametrize("promised", [2, 12])
def test_the_number_of_queries_is_fixed_for_a_person(
    ecosystem: Ecosystem, leader: User, promised: int, django_assert_num_queries: Any
) -> None:
    for number in range(promised):
        promise(ecosystem, f"Promised {number}", owner=leader, due_on=DAY - WEEK if number % 2 else DAY)
    with django_assert_num_queries(13):
        send_due(today=DAY)


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_once(ecosystem: Ecosystem, leader: User) -> None:
    for number in range(3):
        promise(ecosystem, f"Promised {number}", owner=leader)
    assert {one.kind for one in due_reminders(DAY)} == {ReminderKind.DUE}
    assert at_once(*[lambda: send_due(today=DAY)] * 4) == [False] * 4
    assert [message.subject for message in mail.outbox] == ["Reminder: 3 commitments"]
