"""Answers are saved as given: once, the latest wins, and only what the form asks."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.enums import CANT_SAY, InvitationStatus
from assessments.models import Draft, DraftAnswer, Wave
from assessments.selectors.fill_in import Answered, LinkGone, answers_of, find_target
from assessments.services.drafts import (
    CLOCK_SKEW,
    AlreadySubmitted,
    Given,
    NotOpen,
    NotStarted,
    cleaned_comment,
    now_in_ms,
    save_answers,
    start_draft,
)
from assessments.services.responses import submit_draft
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import invite, make_open_wave, make_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_open_wave(ecosystem, min_group_size=5)


@pytest.fixture
def draft(wave: Wave) -> Draft:
    return make_draft(wave)


def save(draft: Draft, *answers: Given):
    return save_answers(target=find_target(token_of(draft)), answers=answers)


def test_answers_and_comments_are_kept_as_given(draft):
    first, second, third = codes_of(draft)[:3]
    saved = save(
        draft,
        Given(item=first, value=4, revision=10),
        Given(item=second, value=CANT_SAY, revision=11, comment="Good"),
        Given(item=third, has_value=False, comment="Only words", revision=12),
    )
    assert (saved.changed, saved.refused) == (3, ())
    assert answers_of(draft) == {
        first: Answered(value=4, revision=10),
        second: Answered(value=CANT_SAY, comment="Good", revision=11, comment_revision=11),
        third: Answered(comment="Only words", comment_revision=12),
    }


def test_an_answer_can_be_blanked_out_and_its_comment_stays(draft):
    item = codes_of(draft)[0]
    save(draft, Given(item=item, value=4, revision=10, comment="Good"))
    save(draft, Given(item=item, value=None, revision=11))
    assert answers_of(draft) == {item: Answered(comment="Good", revision=11, comment_revision=10)}


def test_a_replay_changes_nothing_and_an_older_answer_loses(draft):
    item = codes_of(draft)[0]
    save(draft, Given(item=item, value=4, revision=10))
    assert save(draft, Given(item=item, value=4, revision=10)).changed == 0
    assert save(draft, Given(item=item, value=1, revision=9)).changed == 0
    assert answers_of(draft)[item].value == 4


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_whatever_the_order_and_however_often_the_latest_revision_wins(draft, data):
    DraftAnswer.objects.filter(draft=draft).delete()
    codes = codes_of(draft)[:3]
    entry = st.tuples(st.sampled_from(codes), st.integers(1, 30), st.booleans())
    events = data.draw(st.lists(entry, min_size=1, max_size=30, unique_by=lambda e: (e[0], e[1], e[2])))
    answers = [
        Given(item=item, revision=revision, has_value=is_value, value=revision % 5 + 1 if is_value else None)
        if is_value
        else Given(item=item, revision=revision, has_value=False, comment=f"words {revision}")
        for item, revision, is_value in events
    ]
    sent = answers + data.draw(st.lists(st.sampled_from(answers), max_size=20))
    dice = random.Random(data.draw(st.integers()))
    dice.shuffle(sent)
    while sent:
        size = dice.randint(1, 5)
        save(draft, *sent[:size])
        sent = sent[size:]
    told = answers_of(draft)
    for item in {one.item for one in answers}:
        values = [one.revision for one in answers if one.item == item and one.has_value]
        words = [one.revision for one in answers if one.item == item and not one.has_value]
        expected = Answered(
            value=max(values) % 5 + 1 if values else None,
            comment=f"words {max(words)}" if words else "",
            revision=max(values, default=0),
            comment_revision=max(words, default=0),
        )
        assert told[item] == expected
    assert set(told) == {one.item for one in answers}


def test_a_revision_of_the_future_is_taken_as_now(draft):
    item = codes_of(draft)[0]
    save(draft, Given(item=item, value=4, revision=2**62))
    assert answers_of(draft)[item].revision <= now_in_ms() + CLOCK_SKEW


@pytest.mark.parametrize("value", [0, 6, -1, 32767])
def test_off_the_scale_is_refused_and_the_rest_is_saved(draft, value):
    first, second = codes_of(draft)[:2]
    saved = save(draft, Given(item=first, value=value, revision=1), Given(item=second, value=2, revision=1))
    assert [(one.item, one.part, one.message) for one in saved.refused] == [
        (first, "value", f"{value} is not an answer to this question. Choose 1 to 5.")
    ]
    assert set(answers_of(draft)) == {second}


def test_items_that_are_not_asked_are_refused(draft):
    saved = save(draft, Given(item="XXX-1", value=1, revision=1), Given(item="bad\x00", value=1, revision=1))
    assert [one.message for one in saved.refused] == ["This question is not part of this form."] * 2
    assert answers_of(draft) == {}


def test_a_long_comment_is_refused_with_its_length_and_the_answer_beside_it_is_saved(draft):
    item = codes_of(draft)[0]
    saved = save(draft, Given(item=item, value=3, revision=1, comment="é" * 2_001))
    message = "This comment has 2001 characters. Shorten it to 2000 or fewer."
    assert [(one.part, one.message) for one in saved.refused] == [("comment", message)]
    assert answers_of(draft) == {item: Answered(value=3, revision=1)}
    assert save(draft, Given(item=item, has_value=False, revision=2, comment="🌱" * 2_000)).refused == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07", "ab"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\ud83c half", "half"),
        ("  شكراً 👩🏽‍🌾  ", "شكراً 👩🏽‍🌾"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_comments_keep_every_script_and_lose_only_what_cannot_be_stored(draft, typed, kept):
    item = codes_of(draft)[0]
    assert cleaned_comment(typed) == kept
    save(draft, Given(item=item, has_value=False, revision=1, comment=typed))
    assert answers_of(draft)[item].comment == kept


def test_the_first_answer_fixes_privacy_and_marks_the_person_as_started(draft, wave):
    assert not Wave.objects.get(pk=wave.pk).privacy_frozen
    assert draft.invitation.status == InvitationStatus.INVITED
    give(draft, {codes_of(draft)[0]: 3})
    draft.invitation.refresh_from_db()
    assert Wave.objects.get(pk=wave.pk).privacy_frozen
    assert draft.invitation.status == InvitationStatus.STARTED


def test_who_wants_no_more_mail_can_answer_and_stays_without_mail(draft):
    draft.invitation.mail_stopped = True
    draft.invitation.save()
    give(draft, {codes_of(draft)[0]: 3})
    draft.invitation.refresh_from_db()
    assert draft.invitation.mail_stopped
    assert len(answers_of(draft)) == 1


def test_saving_takes_two_statements_once_privacy_is_fixed(draft, django_assert_num_queries):
    codes = codes_of(draft)
    give(draft, {codes[0]: 3})
    token = token_of(draft)
    for count in (1, 12):
        answers = [Given(item=item, value=2, revision=5 + count) for item in codes[:count]]
        with django_assert_num_queries(2):
            save_answers(target=find_target(token), answers=answers)


def test_nothing_is_saved_after_submitting_or_closing(draft, wave):
    item = codes_of(draft)[0]
    other = make_draft(wave, personal=False)
    give(draft, {item: 3})
    give(other, {item: 3})
    stale, stale_other = find_target(token_of(draft)), find_target(token_of(other))
    submit_draft(draft=draft)
    with pytest.raises(AlreadySubmitted):
        give(draft, {item: 4}, revision=9)
    with pytest.raises(AlreadySubmitted):  # read before, written after
        save_answers(target=stale, answers=[Given(item=item, value=4, revision=9)])
    close_wave(wave=wave, by=None)
    with pytest.raises(NotOpen):
        give(other, {item: 4}, revision=9)
    with pytest.raises(NotOpen):
        save_answers(target=stale_other, answers=[Given(item=item, value=4, revision=9)])
    assert DraftAnswer.objects.filter(draft=draft).count() == 0
    assert answers_of(other)[item].value == 3


def test_a_link_that_was_not_started_and_one_that_is_gone(wave):
    invitation = invite(wave, 1)[0]
    from assessments.links import invitation_token

    token = invitation_token(invitation)
    with pytest.raises(NotStarted):
        save_answers(target=find_target(token), answers=[])
    invitation.delete()
    with pytest.raises(LinkGone):
        find_target(token)


def test_starting_twice_gives_one_draft_and_a_public_link_a_new_one_each_time(wave):
    invitation = invite(wave, 1)[0]
    group = invitation.group
    assert start_draft(group=group, invitation=invitation) == start_draft(group=group, invitation=invitation)
    assert start_draft(group=group) != start_draft(group=group)


def test_nobody_starts_before_a_wave_opens(ecosystem):
    wave = make_wave(ecosystem, people=1)
    invitation = wave.groups.get(key="customers").invitations.get()
    with pytest.raises(NotOpen):
        start_draft(group=invitation.group, invitation=invitation)
