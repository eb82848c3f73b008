"""Filling in by a link for everybody: each browser gets a draft of its own."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.links import draft_token
from assessments.models import Draft, Wave, WaveGroup
from assessments.services import public_links
from assessments.services.responses import submit_draft
from assessments.services.waves import close_wave
from tests.assessments.views.fill_in_pages import address, section, text_of
from tests.factories.fill_in import codes_of, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(wave: Wave) -> str:
    wave.groups.filter(key="customers").update(public_link_on=True)
    return reverse("assessments:public-link", args=[wave.groups.get(key="customers").public_key])


def test_a_public_link_gives_each_browser_a_draft_and_a_link_of_its_own(client, public, wave):
    assert client.get(public).status_code == 200
    assert not Draft.objects.exists()
    there = client.post(public).url
    draft = Draft.objects.get()
    assert there == section(draft, 1)
    assert draft.invitation is None
    own = f"{settings.PUBLIC_URL}{address(draft_token(draft))}"
    assert own in text_of(client.get(there))
    assert address(draft_token(draft)) in text_of(client.get(public))  # the same browser goes on
    assert client.post(public).url == there
    assert Client().post(public).url != there
    assert client.post(public, {"anew": "1"}).url != there
    assert Draft.objects.count() == 3


def test_the_cookie_of_a_public_link_is_private_to_it(client, public):
    client.post(public)
    cookie = next(iter(client.cookies.values()))
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (public, True, "Lax")


def test_a_public_link_after_submitting_offers_to_start_for_somebody_else(client, public):
    client.post(public)
    draft = Draft.objects.get()
    give(draft, {codes_of(draft)[0]: 3})
    submit_draft(draft=draft)
    assert "Answers have been submitted from this browser" in text_of(client.get(public))
    assert client.post(public, {"anew": "1"}).status_code == 302
    assert Draft.objects.filter(is_submitted=False).count() == 1


@pytest.mark.parametrize("cookie", ["", "d", "p" + "A" * 36, "d" + "A" * 36, "\x7f"])
def test_a_made_up_cookie_is_ignored(client, public, wave, cookie):
    client.cookies[f"fill_in_{wave.groups.get(key='customers').pk}"] = cookie
    assert client.get(public).status_code == 200
    assert client.post(public).status_code == 302


def test_more_starts_in_a_minute_than_people_are_asked_to_wait(client, public, monkeypatch):
    monkeypatch.setattr(public_links, "LEAST_A_MINUTE", 2)
    monkeypatch.setattr("time.time", lambda: 1_800_000_030.0)
    WaveGroup.objects.filter(key="customers").update(expected=1)
    assert [Client().post(public).status_code for _ in range(3)] == [302, 302, 429]
    page = client.post(public)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "60")
    assert "Wait a minute, then press Start again" in text_of(page)
    assert Draft.objects.count() == 2
    monkeypatch.setattr("time.time", lambda: 1_800_000_090.0)
    assert client.post(public).status_code == 302
    assert client.post(public).status_code == 302  # who has started goes on, however many others come
    assert Draft.objects.count() == 3


def test_a_public_link_that_is_off_closed_or_made_up(client, public, wave):
    wave.groups.update(public_link_on=False)
    assert client.get(public).status_code == 404
    wave.groups.update(public_link_on=True)
    close_wave(wave=wave, by=None)
    assert client.get(public).status_code == 410
    assert client.post(public).status_code == 410
    for wrong in ("nothing", "%00", "%F0%9F%8C%B1"):
        assert client.get(f"/g/{wrong}/").status_code == 404
