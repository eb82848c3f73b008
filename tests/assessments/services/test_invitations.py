"""People are asked once, reminded once a day, left in peace when they wish."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from assessments.enums import About, Anonymity, InvitationStatus, WaveState
from assessments.links import invitation_token, read_no_more_mail_token
from assessments.models import Invitation, ReplyPage, Wave
from assessments.services.invitation_mail import message_of, send_due, send_test
from assessments.services.invitations import (
    MOST_REMINDERS,
    Person,
    add_people,
    decline,
    due_reminders,
    members_to_add,
    remind,
    remove_people,
    stakeholders_to_add,
    stop_mail,
    waves_with_unsent_mail,
)
from assessments.services.replies import change_reply_page
from assessments.services.wave_setup import create_wave
from assessments.services.waves import WaveNotOpen, WaveProblem, close_wave
from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import invite, make_assessment, make_closed_wave, make_open_wave, make_wave
from tests.factories.ecosystems import make_stakeholder

pytestmark = pytest.mark.django_db


def a_day_later() -> None:
    before = timezone.now() - timedelta(days=1)
    Invitation.objects.exclude(sent_at=None).update(sent_at=before)
    Invitation.objects.exclude(reminded_at=None).update(reminded_at=before)


def addresses() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def test_nobody_is_asked_twice_in_a_group(ecosystem: Ecosystem) -> None:
    group = make_wave(ecosystem).groups.get(key="customers")
    people = [Person(name="Ida", email="Ida@x.example"), Person(email="IDA@X.example "), Person(name="On paper")]
    added = add_people(group=group, people=people, by=None)
    assert (added.new, added.known, added.declined) == (2, 1, 0)
    again = add_people(group=group, people=[Person(email="ida@x.example")], by=None)
    assert (again.new, again.known) == (0, 1)
    assert list(group.invitations.values_list("name", "email")) == [("Ida", "ida@x.example"), ("On paper", "")]


def test_nobody_is_added_to_a_closed_wave(ecosystem: Ecosystem) -> None:
    with pytest.raises(WaveProblem, match="closed"):
        invite(make_closed_wave(ecosystem), 1)


def test_a_leaders_own_group_is_one_person(ecosystem: Ecosystem, leader: User, admin: User) -> None:
    group = make_wave(make_assessment(ecosystem, leader=leader)).groups.get(key="self")
    assert [person.user for person in members_to_add(group)] == [leader]
    add_people(group=group, people=members_to_add(group), by=admin)
    assert members_to_add(group) == []
    with pytest.raises(WaveProblem, match="one person"):
        add_people(group=group, people=[Person(email="other@x.example")], by=admin)


def test_members_who_lead_are_proposed_and_viewers_are_not(
    ecosystem: Ecosystem, admin: User, facilitator: User, leader: User, viewer: User, outsider: User
) -> None:
    wave = make_wave(ecosystem)
    proposed = members_to_add(wave.groups.get(key="leaders"))
    assert {person.user for person in proposed} == {admin, facilitator, leader}
    assert members_to_add(wave.groups.get(key="customers")) == []


def test_stakeholders_of_the_group_are_proposed_once(ecosystem: Ecosystem) -> None:
    group = make_wave(ecosystem).groups.get(key="partners")
    make_stakeholder(ecosystem, StakeholderGroup.PARTNERS, name="Mill", email="Mill@x.example")
    make_stakeholder(ecosystem, StakeholderGroup.PARTNERS, name="No address")
    make_stakeholder(ecosystem, StakeholderGroup.CUSTOMERS, email="other@x.example")
    assert [person.name for person in stakeholders_to_add(group)] == ["Mill"]
    add_people(group=group, people=stakeholders_to_add(group), by=None)
    assert stakeholders_to_add(group) == []
    assert group.invitations.get().stakeholder.name == "Mill"  # type: ignore[union-attr]


def test_a_member_asked_by_address_finds_it_at_home(ecosystem: Ecosystem, leader: User, outsider: User) -> None:
    group = make_wave(ecosystem).groups.get(key="customers")
    add_people(group=group, people=[Person(email=leader.email.upper()), Person(email=outsider.email)], by=None)
    assert dict(group.invitations.values_list("email", "user")) == {leader.email: leader.pk, outsider.email: None}


def test_each_gets_their_own_link_once_with_a_way_out(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=3)
    assert send_due(wave_id=wave.pk) is False
    assert send_due(wave_id=wave.pk) is False
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        invitation = Invitation.objects.get(email=message.to[0])
        html = message.alternatives[0][0]  # type: ignore[attr-defined]
        assert invitation_token(invitation) in message.body
        assert invitation_token(invitation) in html
        header = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert read_no_more_mail_token(header.rstrip("/").rsplit("/", 1)[-1]) == invitation.key
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert invitation.sent_at is not None


def test_a_large_list_goes_out_in_chunks(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=5)
    assert [send_due(wave_id=wave.pk, limit=2) for _ in range(3)] == [True, True, False]
    assert len(set(addresses())) == len(mail.outbox) == 5


def test_adding_while_open_sends_to_the_new_ones_only(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=2)
    send_due(wave_id=wave.pk)
    mail.outbox.clear()
    new = invite(wave, 1)
    send_due(wave_id=wave.pk)
    assert addresses() == [new[0].email]


@pytest.mark.parametrize("state", [WaveState.DRAFT, WaveState.CLOSED])
def test_nothing_is_sent_unless_the_wave_is_open(ecosystem: Ecosystem, state: WaveState) -> None:
    wave = make_open_wave(ecosystem, people=2)
    Wave.objects.filter(pk=wave.pk).update(state=state)
    assert send_due(wave_id=wave.pk) is False
    assert mail.outbox == []
    assert not waves_with_unsent_mail().exists()


def test_a_wave_that_is_gone_sends_nothing(db: None) -> None:
    assert send_due(wave_id=987654) is False


class StubbornServer(EmailBackend):
    """A mail server that refuses some, wants others later, and dies for one."""

    def send_messages(self, messages: list[EmailMessage]) -> int:  # type: ignore[override]
        address = messages[0].to[0]  # type: ignore[attr-defined]
        if address.startswith("never"):
            raise smtplib.SMTPRecipientsRefused({address: (550, b"no such user")})
        if address.startswith("later"):
            raise smtplib.SMTPRecipientsRefused({address: (450, b"greylisted")})
        if address.startswith("dead"):
            raise ConnectionResetError
        return int(super().send_messages(messages))


def test_a_refused_address_does_not_hold_up_the_others(ecosystem: Ecosystem, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = f"{__name__}.StubbornServer"
    wave = make_open_wave(ecosystem, people=1)
    people = [Person(email="never@x.example"), Person(email="later@x.example"), Person(email="fine@x.example")]
    add_people(group=wave.groups.get(key="customers"), people=people, by=None)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_due(wave_id=wave.pk)
    assert len(mail.outbox) == 2
    assert list(Invitation.objects.filter(sent_at=None).values_list("email", flat=True)) == ["later@x.example"]
    assert waves_with_unsent_mail().get() == wave


def test_a_mail_server_that_dies_repeats_nothing(ecosystem: Ecosystem, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = f"{__name__}.StubbornServer"
    wave = make_open_wave(ecosystem, people=2)
    add_people(group=wave.groups.get(key="customers"), people=[Person(email="dead@x.example")], by=None)
    with pytest.raises(ConnectionResetError):
        send_due(wave_id=wave.pk)
    Invitation.objects.filter(email="dead@x.example").delete()
    send_due(wave_id=wave.pk)
    assert len(set(addresses())) == len(mail.outbox) == 2


def test_reminders_reach_those_who_have_not_answered_once_a_day(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=5)
    send_due(wave_id=wave.pk)
    people = list(Invitation.objects.order_by("pk"))
    for person, status in zip(people, ["submitted", "started", "invited", "invited", "invited"], strict=True):
        Invitation.objects.filter(pk=person.pk).update(status=status)
    decline(invitation=people[2])
    assert remind(wave=wave, by=None) == 0  # invited a moment ago
    a_day_later()
    mail.outbox.clear()
    assert remind(wave=wave, by=None) == 3
    assert remind(wave=wave, by=None) == 0
    send_due(wave_id=wave.pk)
    assert addresses() == sorted(person.email for person in (people[1], people[3], people[4]))
    assert all(message.subject.startswith("Reminder: ") for message in mail.outbox)
    assert remind(wave=wave, by=None) == 0
    a_day_later()
    assert due_reminders(wave=wave).count() == 3


def test_many_waves_remind_one_address_five_times_a_day(ecosystem: Ecosystem) -> None:
    """Whoever lists somebody again and again, in one wave or in many, does not flood them."""
    waves = [make_open_wave(ecosystem) for _wave in range(4)]
    for wave in waves:
        for key in ("customers", "partners"):
            add_people(group=wave.groups.get(key=key), people=[Person(email="ida@x.example")], by=None)
        send_due(wave_id=wave.pk)
    add_people(group=waves[3].groups.get(key="employees"), people=[Person(email="bo@x.example")], by=None)
    send_due(wave_id=waves[3].pk)
    for _day in range(2):
        a_day_later()
        mail.outbox.clear()
        for wave in waves:
            remind(wave=wave, by=None)
            send_due(wave_id=wave.pk)
        assert (addresses().count("ida@x.example"), addresses().count("bo@x.example")) == (MOST_REMINDERS, 1)


def test_a_reminder_of_one_group_leaves_the_others_alone(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=1)
    partners = invite(wave, 2, group="partners")
    send_due(wave_id=wave.pk)
    a_day_later()
    mail.outbox.clear()
    assert remind(wave=wave, by=None, group=wave.groups.get(key="partners")) == 2
    send_due(wave_id=wave.pk)
    assert addresses() == sorted(person.email for person in partners)


def test_who_answers_before_the_reminder_leaves_gets_none(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=1)
    send_due(wave_id=wave.pk)
    a_day_later()
    mail.outbox.clear()
    remind(wave=wave, by=None)
    Invitation.objects.update(status=InvitationStatus.SUBMITTED)
    send_due(wave_id=wave.pk)
    assert mail.outbox == []


def test_a_closed_wave_reminds_nobody(ecosystem: Ecosystem) -> None:
    with pytest.raises(WaveNotOpen):
        remind(wave=make_closed_wave(ecosystem), by=None)


def test_who_wants_no_more_mail_gets_none_in_later_waves_either(ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem)
    wave = make_open_wave(assessment, people=2)
    one = Invitation.objects.order_by("pk")[0]
    decline(invitation=one)
    send_due(wave_id=wave.pk)
    assert one.email not in addresses()
    close_wave(wave=wave, by=None)
    copied = create_wave(assessment=assessment, by=None).groups.get(key="customers")
    assert copied.invitations.get(email=one.email).mail_stopped
    copied.invitations.all().delete()
    added = add_people(group=copied, people=[Person(email=one.email)], by=None)
    assert (added.new, added.declined) == (1, 1)


@pytest.mark.parametrize("status", InvitationStatus.values)
def test_declining_says_nothing_about_answering(ecosystem: Ecosystem, status: str) -> None:
    assessment = make_assessment(ecosystem)
    wave = make_open_wave(assessment, people=1)
    Invitation.objects.update(status=status)
    decline(invitation=Invitation.objects.get())
    assert Invitation.objects.get().status == status
    close_wave(wave=wave, by=None)
    assert create_wave(assessment=assessment, by=None).groups.get(key="customers").invitations.get().mail_stopped


def test_before_opening_anybody_can_be_removed(ecosystem: Ecosystem, admin: User) -> None:
    wave = make_wave(ecosystem, people=3)
    group = wave.groups.get(key="customers")
    pks = list(group.invitations.values_list("pk", flat=True))
    assert remove_people(group=group, pks=pks[:2], by=admin) == 2
    assert list(group.invitations.values_list("pk", flat=True)) == pks[2:]


def test_an_open_anonymous_wave_does_not_tell_by_removing_who_has_started(ecosystem: Ecosystem, admin: User) -> None:
    wave = make_open_wave(ecosystem, people=2)
    group = wave.groups.get(key="customers")
    first, second = group.invitations.all()
    Invitation.objects.filter(pk=first.pk).update(status=InvitationStatus.STARTED)
    told = []
    for person in (first, second):
        with pytest.raises(WaveProblem) as refused:
            remove_people(group=group, pks=[person.pk], by=admin)
        told.append(str(refused.value))
    assert told[0] == told[1]
    stop_mail(group=group, pks=[first.pk, second.pk])
    assert set(group.invitations.values_list("mail_stopped", flat=True)) == {True}


def test_an_open_named_wave_removes_those_who_have_not_started(ecosystem: Ecosystem, admin: User) -> None:
    wave = make_open_wave(ecosystem, people=2, anonymity=Anonymity.NAMED)
    group = wave.groups.get(key="customers")
    first, second = group.invitations.all()
    Invitation.objects.filter(pk=first.pk).update(status=InvitationStatus.STARTED)
    assert remove_people(group=group, pks=[first.pk, second.pk], by=admin) == 1
    assert group.invitations.get() == first


def test_people_of_another_group_are_not_removed(ecosystem: Ecosystem, admin: User) -> None:
    wave = make_wave(ecosystem, people=1)
    person = Invitation.objects.get()
    assert remove_people(group=wave.groups.get(key="partners"), pks=[person.pk], by=admin) == 0
    assert Invitation.objects.filter(pk=person.pk).exists()


def test_what_people_write_is_text_in_the_message(ecosystem: Ecosystem) -> None:
    wave = make_wave(
        ecosystem, subject="Hello\nBcc: all@x.example", message="<b>Dear</b> {name} & co {link} end {link}"
    )
    message = message_of(wave=wave, url="https://x.example/a/t/", stop_url="https://x.example/s/")
    assert message.subject == "Hello Bcc: all@x.example"
    assert message.text.startswith("<b>Dear</b> {name} & co\n\nhttps://x.example/a/t/\n\nend https://x.example/a/t/")
    assert "&lt;b&gt;Dear&lt;/b&gt; {name} &amp; co" in message.html
    assert "Groups of fewer than 5 are never shown." in message.text


def test_a_message_leads_to_what_became_of_the_last_answers(ecosystem: Ecosystem, leader: User) -> None:
    wave = make_wave(ecosystem)

    def told() -> tuple[bool, bool]:
        message = message_of(wave=wave, url="https://x.example/a/t/", stop_url="https://x.example/s/")
        return "What became of the last answers: http" in message.text, "/said/" in message.html

    assert told() == (False, False)
    page = change_reply_page(ecosystem=ecosystem, by=None, title="", intro="", is_on=True)
    assert told() == (True, True)
    wave.assessment.about, wave.assessment.leader = About.LEADER, leader
    assert told() == (False, False)
    wave.assessment.about = About.SYSTEM
    ReplyPage.objects.filter(pk=page.pk).update(is_on=False)
    assert told() == (False, False)


def test_a_test_message_goes_to_its_writer_and_opens_nothing(ecosystem: Ecosystem, facilitator: User) -> None:
    wave = make_wave(ecosystem, people=1)
    send_test(wave=wave, to=facilitator)
    assert addresses() == [facilitator.email]
    assert mail.outbox[0].subject.startswith("Test: ")
    assert "/a/" not in mail.outbox[0].body
    assert Invitation.objects.get().sent_at is None
