"""Minutes go out once to everybody who asked, and the addresses are gone afterwards."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from assessments import tasks
from assessments.enums import CommitmentState, NoteKind, WorkshopState
from assessments.links import minutes_url
from assessments.live import bus
from assessments.models import Commitment, MinutesRequest, Workshop, WorkshopNote
from assessments.services.invitation_mail import PAUSE
from assessments.services.minutes_mail import (
    KEPT_AFTER_SENDING,
    KEPT_AFTER_THE_END,
    forget_addresses,
    message_of,
    send_due,
    workshops_with_unsent_minutes,
)
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_workshop

pytestmark = pytest.mark.django_db


def ended(ecosystem: Ecosystem, *people: str, **changes: Any) -> Workshop:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED, **changes)
    ask(workshop, *people)
    return workshop


def ask(workshop: Workshop, *people: str) -> None:
    MinutesRequest.objects.bulk_create(MinutesRequest(workshop=workshop, email=one) for one in people)


def receivers() -> list[str]:
    return sorted(one for message in mail.outbox for one in message.to)


def test_everybody_gets_one_message_of_their_own(ecosystem: Ecosystem) -> None:
    workshop = ended(ecosystem, "ana@example.org", "ben@example.org")
    assert send_due(workshop_id=workshop.pk) is False
    assert send_due(workshop_id=workshop.pk) is False
    assert receivers() == ["ana@example.org", "ben@example.org"]
    assert [len(message.recipients()) for message in mail.outbox] == [1, 1]
    assert not MinutesRequest.objects.filter(sent_at=None).exists()


def test_the_message_says_what_was_decided_and_who_does_what(ecosystem: Ecosystem) -> None:
    workshop = ended(ecosystem)
    WorkshopNote.objects.create(workshop=workshop, kind=NoteKind.DECISION, text="We ask <two> farms")
    WorkshopNote.objects.create(workshop=workshop, text="Lunch was late")
    for text, state in (("Call", CommitmentState.OPEN), ("Maybe", CommitmentState.PROPOSED)):
        Commitment.objects.create(
            organization=workshop.organization,
            ecosystem=ecosystem,
            workshop=workshop,
            text=text,
            owner_name="Ana",
            state=state,
        )
    message = message_of(workshop)
    assert message.subject == "Minutes: Autumn workshop"
    assert minutes_url(workshop) in message.text
    assert "- We ask <two> farms\n" in message.text
    assert "- Call (Ana)\n" in message.text
    assert "We ask &lt;two&gt; farms" in message.html
    assert [word for word in ("Maybe", "Lunch") if word in message.text + message.html] == []


def test_a_hostile_title_is_one_line(ecosystem: Ecosystem) -> None:
    workshop = ended(ecosystem, "ana@example.org", title="Minutes\r\nBcc: all@example.org\n\nBuy")
    send_due(workshop_id=workshop.pk)
    (message,) = mail.outbox
    assert message.subject == "Minutes: Minutes Bcc: all@example.org Buy"
    assert message.recipients() == ["ana@example.org"]
    assert message.message()["Bcc"] is None


def test_nothing_is_due_before_the_end_nor_of_a_rehearsal(ecosystem: Ecosystem) -> None:
    live = make_workshop(ecosystem)
    ask(live, "ana@example.org")
    ended(ecosystem, "ben@example.org", rehearsal_of=live)
    assert workshops_with_unsent_minutes() == []
    Workshop.objects.filter(pk=live.pk).update(state=WorkshopState.ENDED, ended_at=timezone.now())
    assert workshops_with_unsent_minutes() == [live.pk]


def test_a_chunk_says_that_there_may_be_more(ecosystem: Ecosystem) -> None:
    workshop = ended(ecosystem, *(f"p{number}@example.org" for number in range(5)))
    assert [send_due(workshop_id=workshop.pk, limit=2) for _run in range(4)] == [True, True, False, False]
    assert len(receivers()) == len(set(receivers())) == 5


class Refusing(BaseEmailBackend):
    """Takes nobody whose name begins with `no`, for good, or with `later`, for now."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            if message.to[0].startswith("no"):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
            if message.to[0].startswith("later"):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (451, b"greylisted")})
        mail.outbox += messages
        return len(messages)


def test_one_bad_address_holds_up_nobody(ecosystem: Ecosystem, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    workshop = ended(ecosystem, "no@example.org", "later@example.org", "ana@example.org", "ben@example.org")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_due(workshop_id=workshop.pk)
    assert receivers() == ["ana@example.org", "ben@example.org"]
    assert list(MinutesRequest.objects.filter(sent_at=None).values_list("email", flat=True)) == ["later@example.org"]


def test_addresses_are_forgotten(ecosystem: Ecosystem) -> None:
    now, minute = timezone.now(), timedelta(minutes=1)
    workshop = ended(ecosystem, "old@example.org", "new@example.org", "waiting@example.org")
    for email, age in (("old", KEPT_AFTER_SENDING + minute), ("new", KEPT_AFTER_SENDING - minute)):
        MinutesRequest.objects.filter(email=f"{email}@example.org").update(sent_at=now - age)
    assert forget_addresses() == 1
    left = MinutesRequest.objects.order_by("email").values_list("email", flat=True)
    assert list(left) == ["new@example.org", "waiting@example.org"]
    Workshop.objects.filter(pk=workshop.pk).update(ended_at=now - KEPT_AFTER_THE_END - minute)
    assert forget_addresses() == 2


def test_a_hostile_address_adds_no_header_and_holds_up_nobody(ecosystem: Ecosystem) -> None:
    workshop = ended(ecosystem, "a@example.org\nBcc: all@example.org", "ana@example.org")
    assert send_due(workshop_id=workshop.pk) is False
    assert receivers() == ["ana@example.org"]
    assert not MinutesRequest.objects.filter(sent_at=None).exists()


@pytest.fixture
def woken(running_servers: object, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    monkeypatch.setattr(tasks, "wake_minutes", calls.append)
    bus.connection().delete(PAUSE)
    return calls


def test_the_sweep_finds_what_a_lost_wake_up_left(ecosystem: Ecosystem, woken: list[int]) -> None:
    workshop = ended(ecosystem, "ana@example.org")
    tasks.sweep_minutes()
    assert woken == [workshop.pk]
    tasks.send_minutes_of_workshop(workshop.pk)
    tasks.sweep_minutes()
    assert (woken, receivers()) == ([workshop.pk], ["ana@example.org"])


def test_a_dead_mail_server_is_given_a_rest(ecosystem: Ecosystem, woken: list[int], settings: Any) -> None:
    workshop = ended(ecosystem, "ana@example.org")
    settings.EMAIL_BACKEND = "tests.assessments.test_mail_tasks.DeadServer"
    tasks.send_minutes_of_workshop(workshop.pk)
    tasks.sweep_minutes()
    assert woken == []
    bus.connection().delete(PAUSE)
    tasks.sweep_minutes()
    assert woken == [workshop.pk]
