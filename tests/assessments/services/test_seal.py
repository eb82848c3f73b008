"""After closing, nothing in the stored rows ties what was said to a person, a time or an order."""

import pytest
from django.db import connection

from assessments.enums import Anonymity, InvitationStatus
from assessments.models import Comment, Draft, DraftAnswer, Invitation, Response, Wave
from assessments.services.seal import forget_unsubmitted
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import answer, make_assessment, make_open_wave

pytestmark = pytest.mark.django_db


def stored_order(table: str, column: str) -> list[int]:
    """A column in the order of its rows in the file."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY ctid")
        return [row[0] for row in cursor.fetchall()]


def versions(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT xmin::text::bigint FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def test_responses_get_new_keys_in_an_order_of_their_own(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=60)
    group = wave.groups.get(key="customers")
    items = len(wave.version.item_codes)
    before = Response.objects.bulk_create(
        Response(wave=wave, group=group, values=[number, *[None] * (items - 1)]) for number in range(60)
    )
    close_wave(wave=wave, by=None)
    order = stored_order("assessments_response", "values[1]")
    assert sorted(order) == list(range(60))
    assert order != list(range(60))
    assert not Response.objects.filter(key__in=[one.key for one in before]).exists()


def test_comments_and_responses_are_shuffled_apart(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=40)
    group = wave.groups.get(key="customers")
    for number in range(40):
        Response.objects.create(wave=wave, group=group, values=[number])
        Comment.objects.create(wave=wave, group=group, item="I1", text=f"{number:02}")
    close_wave(wave=wave, by=None)
    said = [int(text) for text in stored_order("assessments_comment", "text")]
    assert sorted(said) == list(range(40))
    assert said != stored_order("assessments_response", "values[1]")


def test_invitations_are_one_version_and_keep_their_links(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=30)
    keys = dict(Invitation.objects.values_list("pk", "key"))
    for pk in keys:  # as they submit, one after another
        Invitation.objects.filter(pk=pk).update(status=InvitationStatus.SUBMITTED)
    close_wave(wave=wave, by=None)
    assert dict(Invitation.objects.values_list("pk", "key")) == keys
    assert len(versions("assessments_invitation")) == 1
    assert stored_order("assessments_invitation", "id") != sorted(keys)


def test_another_wave_is_left_as_it_is(ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem)
    other = make_open_wave(assessment, people=2)
    kept = {one.key for one in answer(other.groups.get(key="customers"), 2)}
    close_wave(wave=make_open_wave(assessment, people=1), by=None)
    assert set(other.responses.values_list("key", flat=True)) == kept


def test_a_named_wave_keeps_whose_response_it_is(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=3, anonymity=Anonymity.NAMED)
    answer(wave.groups.get(key="customers"), 3)
    Response.objects.update(values=[1])
    for number, one in enumerate(Response.objects.order_by("invitation")):
        Response.objects.filter(pk=one.pk).update(values=[number])
    before = dict(Response.objects.values_list("invitation", "values"))
    close_wave(wave=wave, by=None)
    assert {pk: list(values) for pk, values in Response.objects.values_list("invitation", "values")} == before


def test_drafts_stay_until_the_wave_cannot_be_reopened(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=2)
    group = wave.groups.get(key="customers")
    begun = Draft.objects.create(group=group, invitation=group.invitations.first())
    DraftAnswer.objects.create(draft=begun, item="I1", value=3)
    Draft.objects.create(group=group, is_submitted=True)
    close_wave(wave=wave, by=None)
    assert forget_unsubmitted() == 0
    assert begun.answers.count() == 1
    Wave.objects.filter(pk=wave.pk).update(results_shown=True)
    assert forget_unsubmitted() == 1
    assert not DraftAnswer.objects.exists()
    assert Draft.objects.get().is_submitted


def test_an_empty_wave_closes(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=1)
    assert close_wave(wave=wave, by=None).responses.count() == 0
