"""Names that would break out of a message's headers, and addresses that cannot be written to."""

import contextlib
from email.utils import getaddresses
from smtplib import SMTPDataError

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from assessments.services.invitation_mail import send_due
from assessments.services.invitations import unsent
from ecosystems.models import Ecosystem, MemberInvitation, Organization
from ecosystems.services.invitations import send_waiting_invitations
from tests.factories.assessments import make_open_wave
from tests.factories.people import make_invitation, make_organization

pytestmark = pytest.mark.django_db


def test_a_name_with_a_line_break_adds_no_header_and_stops_nobody_elses_invitation() -> None:
    evil = make_organization(name="Evil\r\nBcc: everybody@elsewhere.example")
    make_invitation(evil, email="first@people.example", sent_at=None)
    make_invitation(make_organization(), email="second@people.example", sent_at=None)
    send_waiting_invitations()
    assert [message.to for message in mail.outbox] == [["first@people.example"], ["second@people.example"]]
    sent = mail.outbox[0].message()
    assert sent["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject
    assert getaddresses([sent["To"]]) == [("", "first@people.example")]


@pytest.mark.parametrize("code", [451, 554])
def test_a_message_that_the_server_refuses_stops_nobody_elses(
    ecosystem: Ecosystem, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = make_open_wave(ecosystem, people=3)
    make_invitation(ecosystem.organization, email="refused@people.example", sent_at=None)
    make_invitation(ecosystem.organization, email="member@people.example", sent_at=None)
    refused = {"refused@people.example", wave.groups.get(key="customers").invitations.order_by("key")[0].email}
    original = EmailMultiAlternatives.send

    def as_a_server_that_reads(message: EmailMultiAlternatives, *args: object) -> int:
        if refused & set(message.to):
            raise SMTPDataError(code, b"looks like spam")
        return original(message)

    monkeypatch.setattr(EmailMultiAlternatives, "send", as_a_server_that_reads)
    send_waiting_invitations()
    with contextlib.suppress(SMTPDataError):  # one that is refused for now is tried again
        send_due(wave_id=wave.pk)
    assert len(mail.outbox) == 3
    assert unsent(wave=wave).count() == (1 if code == 451 else 0)
    assert MemberInvitation.objects.filter(refused=True).count() == (0 if code == 451 else 1)


def test_an_address_that_no_server_takes_stops_nobody_elses_invitation(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_invitation(organization, email="ünï@people.example", sent_at=None)
    make_invitation(organization, email="second@people.example", sent_at=None)
    original = EmailMultiAlternatives.send

    def as_a_server_without_smtputf8(message: EmailMultiAlternatives, *args: object) -> int:
        message.to[0].encode("ascii")
        return original(message)

    monkeypatch.setattr(EmailMultiAlternatives, "send", as_a_server_without_smtputf8)
    send_waiting_invitations()
    assert [message.to for message in mail.outbox] == [["second@people.example"]]
    assert MemberInvitation.objects.get(pk=first.pk).refused
