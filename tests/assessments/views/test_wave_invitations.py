"""How people are asked and reminded: by mail, on paper, by a link for everybody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import Anonymity, InvitationStatus
from assessments.models import Draft, Invitation
from assessments.services.drafts import start_draft
from ecosystems.models import AuditEvent, Ecosystem, User
from tests.assessments.views.wave_pages import url
from tests.factories.assessments import (
    answer,
    make_open_wave,
    make_wave,
)

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("asked", "answered", "said"),
    [(20, 8, "12 people have not answered"), (20, 18, "those who have not"), (20, 2, "those who have not")],
)
def test_a_reminders_number_is_said_only_where_it_points_at_nobody(
    page: Client, ecosystem: Ecosystem, asked: int, answered: int, said: str
) -> None:
    wave = make_open_wave(ecosystem, people=asked)
    answer(wave.groups.get(key="customers"), answered)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=2))
    assert said in page.get(url("wave-remind", wave)).content.decode()


def test_stopping_mail_changes_no_number_on_any_page(page: Client, ecosystem: Ecosystem) -> None:
    """Otherwise the difference would tell whether this one person has answered or begun."""
    wave = make_open_wave(ecosystem, people=30)
    group = wave.groups.get(key="customers")
    answer(group, 10)
    begun = group.invitations.filter(status=InvitationStatus.INVITED)[0]
    Draft.objects.create(group=group, invitation=begun)
    Invitation.objects.filter(pk=begun.pk).update(status=InvitationStatus.STARTED)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=2))
    addresses = [url("wave", wave), url("wave-remind", wave), url("wave-people", wave, "customers")]

    def numbers() -> list[list[str]]:
        texts = [page.get(address).content.decode() for address in addresses]
        return [re.findall(r">[^<]*\d[^<]*<", text) for text in texts]

    before = numbers()
    for status in InvitationStatus.values:
        one = group.invitations.filter(status=status)[0]
        page.post(url("wave-people-act", wave, "customers"), {"act": "stop", "person": [one.pk]})
        page.get(addresses[0])  # the message of success is read
        assert numbers() == before


@pytest.mark.parametrize("wrong", ["x", "0", "9" * 40, "-1"])
def test_a_group_that_is_not_there_is_not_reminded(page: Client, ecosystem: Ecosystem, wrong: str) -> None:
    wave = make_open_wave(ecosystem)
    assert page.post(f"{url('wave-remind', wave)}?group={wrong}").status_code == 404


def test_links_on_paper_are_a_file_of_those_without_mail_and_noted(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1)
    Invitation.objects.create(group=wave.groups.get(key="customers"), name="=HYPERLINK()")
    response = page.post(url("wave-links", wave, "customers"))
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert rows[0] == "Name,Link"
    assert rows[1].startswith("'=HYPERLINK(),http")
    assert len(rows) == 2
    assert AuditEvent.objects.filter(action="links.downloaded").count() == 1


def test_a_named_wave_hands_out_no_file_of_links(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, anonymity=Anonymity.NAMED)
    assert page.post(url("wave-links", wave, "customers")).status_code == 302


def test_the_public_link_and_its_poster(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem)
    assert page.get(url("wave-poster", wave, "customers")).status_code == 404
    assert page.get(url("wave-public-link", wave, "customers")).context["form"]["on"].value() is True
    page.post(url("wave-public-link", wave, "customers"), {"on": "on", "expected": "300"})
    group = wave.groups.get(key="customers")
    assert (group.public_link_on, group.expected) == (True, 300)
    poster = page.get(url("wave-poster", wave, "customers")).content.decode()
    assert f"/g/{group.public_key}/" in poster
    assert '<svg class="qr"' in poster
    assert "Rivermark Growers’ Cooperative · Customers" in poster


def test_a_public_link_that_more_people_used_than_expected_is_said_to_tell_nobody_apart(
    page: Client, ecosystem: Ecosystem
) -> None:
    wave = make_open_wave(ecosystem)
    group = wave.groups.get(key="customers")
    wave.groups.filter(pk=group.pk).update(public_link_on=True, expected=2)
    address = wave.get_absolute_url()
    for came in (3, 4):
        while group.drafts.count() < came:
            start_draft(group=group)
        said = "4 have started or submitted, 3 were expected." in page.get(address).content.decode()
        assert said is (came == 4)
    people = page.get(url("wave-people", wave, "customers")).content.decode()
    assert "This link cannot tell people apart" in people


def test_the_preview_shows_the_message_as_text(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, message="<script>alert(1)</script> {link}", subject="Hi <b>")
    text = page.get(url("wave-preview", wave)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_one_click_ends_mail_and_shows_a_page(client: Client, ecosystem: Ecosystem) -> None:
    from assessments.links import invitation_token, no_more_mail_token

    make_open_wave(ecosystem, people=1)
    invitation = Invitation.objects.get()
    address = reverse("assessments:no-more-mail", args=[no_more_mail_token(invitation)])
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 200
    assert not Invitation.objects.get().mail_stopped
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Invitation.objects.get().mail_stopped
    wrong = reverse("assessments:no-more-mail", args=[invitation_token(invitation)])
    assert client.post(wrong).status_code == 404
    invitation.delete()
    assert "There is nothing to stop" in client.get(address).content.decode()
