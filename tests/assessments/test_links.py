"""Links open only what they were made for."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from assessments import links
from assessments.links import Link, LinkKind, MistypedLink
from assessments.models import Draft, Invitation

KEY = uuid.UUID("0123456789abcdef0123456789abcdef")


def test_a_personal_link_reads_back_as_its_invitation() -> None:
    token = links.invitation_token(Invitation(key=KEY))
    assert links.read_token(token) == KEY
    assert links.read_link(token) == Link(kind=LinkKind.INVITATION, key=KEY)
    assert len(token) == 37


def test_a_draft_link_reads_back_as_its_draft() -> None:
    token = links.draft_token(Draft(key=KEY))
    assert links.read_draft_token(token) == KEY
    assert links.read_link(token) == Link(kind=LinkKind.DRAFT, key=KEY)


def test_a_link_of_one_kind_is_none_of_another() -> None:
    personal, resume = links.invitation_token(Invitation(key=KEY)), links.draft_token(Draft(key=KEY))
    silence = links.no_more_mail_token(Invitation(key=KEY))
    for wrong in (resume, silence, "d" + personal[1:], "p" + resume[1:], "p" + silence[1:]):
        with pytest.raises(MistypedLink):
            links.read_token(wrong)
    with pytest.raises(MistypedLink):
        links.read_draft_token(personal)
    with pytest.raises(MistypedLink):
        links.read_no_more_mail_token(personal)


@pytest.mark.parametrize(
    "token",
    ["", "p", "p" * 37, "x" * 37, "p" + "é" * 36, "p" + "A" * 35, "p" + "A" * 37, "p" + "A" * 35 + "\n", "\0" * 37],
)
def test_what_was_never_given_out_is_mistyped(token: str) -> None:
    with pytest.raises(MistypedLink):
        links.read_link(token)


@given(at=st.integers(0, 36), letter=st.sampled_from("pduABCxyz019-_"))
def test_one_wrong_letter_is_enough(at: int, letter: str) -> None:
    token = links.invitation_token(Invitation(key=KEY))
    changed = token[:at] + letter + token[at + 1 :]
    if changed != token:
        with pytest.raises(MistypedLink):
            links.read_link(changed)


def test_the_key_alone_makes_no_link(settings: Settings) -> None:
    settings.SECRET_KEY = "somebody who has the table but not the secret of the installation"
    forged = links.invitation_token(Invitation(key=KEY))
    settings.SECRET_KEY = "the secret of the installation, which stands in no table at all"
    with pytest.raises(MistypedLink):
        links.read_token(forged)


def test_links_outlive_a_change_of_the_secret(settings: Settings) -> None:
    token = links.invitation_token(Invitation(key=KEY))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new secret of the installation, chosen because the old one leaked"
    assert links.read_token(token) == KEY
