"""Invitations to a role: e-mail, link, and every answer that a link can get."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ecosystems.addresses import Address, read_addresses
from ecosystems.enums import Role
from ecosystems.links import MistypedLink, join_token, read_join_token
from ecosystems.models import AuditEvent, MemberInvitation, User
from ecosystems.services import invitations
from ecosystems.services.invitations import (
    InvitationRefused,
    invite_people,
    resend_invitation,
    send_invitation,
    send_waiting_invitations,
    withdraw_invitation,
)
from metasystem.processes import wait_until
from tests.factories.people import PASSWORD, make_invitation, make_user


def link(invitation):
    return f"/join/{join_token(invitation.key)}/"


def invite(organization, admin, *emails, role=Role.LEADER):
    return invite_people(
        organization=organization, addresses=[Address(email, "") for email in emails], role=role, by=admin
    )


# -- addresses and links ---------------------------------------------------------------------------


def test_addresses_in_every_way_people_paste_them():
    found = read_addresses(
        'Ana Kovač <A.Kovac@lab.example>, tom@city.example;\n\n  tom@CITY.example\n"B, C" <b@c.example>'
    )
    assert found.problems == ()
    assert found.good == (
        Address("a.kovac@lab.example", "Ana Kovač"),
        Address("tom@city.example", ""),
        Address("b@c.example", "B, C"),
    )


def test_addresses_that_are_none_are_named_with_their_line():
    found = read_addresses("a@b.example\nkim.tran(at)fenn.example\n<x>")
    assert [problem.message for problem in found.problems] == [
        "line 2: “kim.tran(at)fenn.example” is not an e-mail address",
        "line 3: “<x>” is not an e-mail address",
    ]
    many = read_addresses("\n".join(f"p{i}@x.example" for i in range(501)))
    assert [problem.message for problem in many.problems] == ["at most 500 addresses at a time"]


def test_link_is_signed(organization):
    token = join_token(make_invitation(organization).key)
    assert re.fullmatch(r"[-\w]{38}", token)
    assert join_token(read_join_token(token)) == token
    for wrong in (
        "",
        "x",
        token[:-1],
        token + "A",
        token[:-2] + "!!",
        ("A" if token[0] != "A" else "B") + token[1:],
        "é" * 38,
    ):
        with pytest.raises(MistypedLink):
            read_join_token(wrong)


# -- sending ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_invitation_goes_through_the_worker(celery_worker, organization, admin):
    invitation = invite(organization, admin, "new@people.example").invited[0]
    sent = type(invitation).objects.filter(pk=invitation.pk).exclude(sent_at=None)
    assert wait_until(sent.exists, seconds=60), celery_worker.output()


def test_mail_holds_the_link_and_goes_once(organization, admin):
    invitation = make_invitation(
        organization, Role.FACILITATOR, email="new@people.example", sent_at=None, invited_by=admin
    )
    send_invitation(invitation_id=invitation.pk)
    send_invitation(invitation_id=invitation.pk)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["new@people.example"], f"{organization} invites you to Metasystem")
    assert f"Priya Nair invites you to {organization} on Metasystem. Your role: Facilitator." in message.body
    assert link(invitation) in message.body


def test_sweep_sends_what_was_left_behind(organization):
    make_invitation(organization, sent_at=None)
    make_invitation(organization, sent_at=None, withdrawn_at=timezone.now())
    make_invitation(organization, sent_at=None, expires_at=timezone.now() - timedelta(1))
    waiting = make_invitation(organization, sent_at=None)
    send_waiting_invitations()
    assert len(mail.outbox) == 2
    waiting.refresh_from_db()
    assert waiting.sent_at is not None


def test_address_that_the_server_refuses_is_marked_and_not_tried_again(organization, monkeypatch):
    from smtplib import SMTPRecipientsRefused

    def refuse(message):
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    invitation = make_invitation(organization, sent_at=None)
    send_invitation(invitation_id=invitation.pk)
    invitation.refresh_from_db()
    assert (invitation.refused, invitation.sent_at) == (True, None)
    send_waiting_invitations()


# -- inviting --------------------------------------------------------------------------------------


def test_members_and_invited_people_are_left_as_they_are(organization, admin, leader):
    waiting = make_invitation(organization, email="waiting@people.example")
    result = invite(organization, admin, "new@people.example", leader.email.upper(), waiting.email)
    assert [one.email for one in result.invited] == ["new@people.example"]
    assert (result.members, result.waiting) == ((leader.email,), (waiting.email,))
    assert AuditEvent.objects.get().details == {"role": "leader"}


def test_who_was_invited_long_ago_can_be_invited_again(organization, admin):
    old = make_invitation(organization, email="old@people.example", expires_at=timezone.now() - timedelta(1))
    assert [one.email for one in invite(organization, admin, old.email).invited] == [old.email]


def test_nobody_sends_bulk_mail(organization, admin, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    invite(organization, admin, "a@people.example", "b@people.example")
    with pytest.raises(InvitationRefused, match="2 invitations a day; 2 have gone out"):
        invite(organization, admin, "c@people.example")


def test_resend_makes_the_same_link_good_again(organization, admin):
    invitation = make_invitation(organization, expires_at=timezone.now() - timedelta(1), refused=True)
    resend_invitation(invitation=invitation, by=admin)
    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.refused, invitation.expires_at > timezone.now()) == (None, False, True)
    withdraw_invitation(invitation=invitation, by=admin)
    with pytest.raises(InvitationRefused, match="withdrawn"):
        resend_invitation(invitation=invitation, by=admin)


def test_form_keeps_what_was_typed(client_of, organization, admin):
    client = client_of(admin)
    url = f"/o/{organization.slug}/people/invite/"
    typed = {"addresses": "good@x.example\nnot an address", "role": "viewer"}
    answer = client.post(url, typed)
    assert answer.context["form"].errors == {"addresses": ["Line 2: “not an address” is not an e-mail address"]}
    assert (answer.context["form"]["addresses"].value(), answer.context["form"]["role"].value()) == tuple(
        typed.values()
    )
    assert not MemberInvitation.objects.exists()
    answer = client.post(url, typed | {"addresses": "good@x.example"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["1 person is invited."]
    assert MemberInvitation.objects.get().role == Role.VIEWER


# -- joining ---------------------------------------------------------------------------------------


def state(client, url):
    answer = client.get(url)
    return answer.context["state"], answer.status_code


def test_each_link_gets_its_own_answer(organization, outsider, leader, client_of):
    nobody, invitation = Client(), make_invitation(organization, email="new@people.example")
    assert state(nobody, "/join/nonsense/") == ("mistyped", 404)
    assert state(nobody, link(invitation)) == ("new", 200)
    assert state(client_of(outsider), link(invitation)) == ("other-address", 403)
    assert state(client_of(leader), link(invitation)) == ("member", 200)
    known = make_invitation(organization, email=outsider.email)
    assert state(nobody, link(known)) == ("log-in", 200)
    assert state(client_of(outsider), link(known)) == ("ready", 200)
    assert state(nobody, link(make_invitation(organization, accepted_at=timezone.now()))) == ("used", 410)
    assert state(nobody, link(make_invitation(organization, withdrawn_at=timezone.now()))) == ("withdrawn", 410)
    assert state(nobody, link(make_invitation(organization, expires_at=timezone.now()))) == ("expired", 410)
    gone = make_invitation(organization)
    url = link(gone)
    gone.delete()
    assert state(nobody, url) == ("mistyped", 404)


def test_new_person_gets_an_account_and_the_role(organization):
    invitation, client = make_invitation(organization, Role.VIEWER, email="new@people.example"), Client()
    answer = client.post(link(invitation), {"name": "Nia", "password": "short"})
    assert answer.context["form"].errors == {
        "password": ["This password is too short. It must contain at least 10 characters."]
    }
    assert answer.context["form"]["name"].value() == "Nia"
    answer = client.post(link(invitation), {"name": "Nia", "password": PASSWORD})
    assert answer["Location"] == organization.get_absolute_url()
    user = User.objects.get(email="new@people.example")
    assert (user.name, user.memberships.get().role) == ("Nia", Role.VIEWER)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.emailaddress_set.get().verified
    assert state(Client(), link(invitation)) == ("used", 410)


def test_two_posts_make_one_account(organization):
    invitation = make_invitation(organization, email="new@people.example")
    form = {"name": "Nia", "password": PASSWORD}
    Client().post(link(invitation), form)
    answer = Client().post(link(invitation), form)
    assert (answer.context["state"], answer.status_code) == ("used", 410)
    assert User.objects.filter(email="new@people.example").count() == 1


def test_link_of_another_is_not_taken(organization, outsider, client_of):
    invitation = make_invitation(organization, email="new@people.example")
    assert client_of(outsider).post(link(invitation)).status_code == 403
    assert not organization.memberships.filter(user=outsider).exists()


def test_person_without_organization_sees_what_waits(organization, client_of):
    user = make_user(email="new@people.example", name="Nia Ray")
    invitation = make_invitation(organization, email=user.email)
    page = client_of(user).get("/")
    assert [one for one, _token in page.context["waiting"]] == [invitation]
    answer = client_of(user).post(link(invitation))
    assert answer["Location"] == organization.get_absolute_url()
    unproven = make_user(email="other@people.example", verified=False)
    make_invitation(organization, email=unproven.email)
    assert client_of(unproven).get("/").context["waiting"] == []


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_down_costs_no_invitation(organization, admin, monkeypatch):
    asked = []

    def refuse(pk):
        asked.append(pk)
        raise ConnectionError

    monkeypatch.setattr("ecosystems.tasks.send_member_invitation.delay", refuse)
    assert len(invite(organization, admin, "a@people.example", "b@people.example").invited) == 2
    assert len(asked) == 1
    send_waiting_invitations()
    assert [message.to for message in mail.outbox] == [["a@people.example"], ["b@people.example"]]


def test_logging_out_and_in_leads_back_to_the_link(organization, outsider, client_of):
    invitation = make_invitation(organization, email=make_user(email="known@people.example", password=PASSWORD).email)
    client, url = client_of(outsider), link(invitation)
    assert client.post("/accounts/logout/", {"next": url})["Location"] == url
    page = client.get(url)
    assert f'href="/accounts/login/?next={url}"' in page.content.decode()
    form = client.get(f"/accounts/login/?next={url}").content.decode()
    assert f'<input type="hidden" name="next" value="{url}"' in form
    answer = client.post("/accounts/login/", {"login": "known@people.example", "password": PASSWORD, "next": url})
    assert answer["Location"] == url
    assert client.post(url)["Location"] == organization.get_absolute_url()
