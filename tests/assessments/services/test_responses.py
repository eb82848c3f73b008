"""Submitting: one draft becomes one response, whoever presses how often."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from assessments.enums import CANT_SAY, Anonymity, InvitationStatus
from assessments.models import Comment, Draft, DraftAnswer, Response, Wave
from assessments.selectors.fill_in import find_target
from assessments.services.drafts import AlreadySubmitted, Given, NotOpen, save_answers
from assessments.services.responses import NothingAnswered, submit_draft
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_open_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_open_wave(ecosystem)


def comment(draft: Draft, item: str, words: str) -> None:
    given = Given(item=item, has_value=False, revision=2, comment=words)
    save_answers(target=find_target(token_of(draft)), answers=[given])


@pytest.mark.django_db
def test_values_stand_in_the_order_of_the_version(wave):
    draft = make_draft(wave)
    first, second, third = codes_of(draft)[:3]
    give(draft, {third: 5, first: 1, second: CANT_SAY})
    submit_draft(draft=draft)
    response = Response.objects.get(wave=wave)
    codes = wave.version.item_codes
    assert {code: value for code, value in zip(codes, response.values, strict=True) if value is not None} == {
        first: 1,
        second: CANT_SAY,
        third: 5,
    }
    assert (response.group, response.is_anonymous, response.invitation) == (draft.group, True, None)


@pytest.mark.django_db
def test_an_anonymous_response_is_cut_off_from_its_draft(wave):
    draft = make_draft(wave)
    codes = codes_of(draft)
    give(draft, dict.fromkeys(codes, 3))
    comment(draft, codes[0], "Well done")
    comment(draft, codes[1], "   ")
    before = Wave.objects.get(pk=wave.pk).scores_version
    submit_draft(draft=draft)
    draft.refresh_from_db()
    draft.invitation.refresh_from_db()
    assert draft.is_submitted
    assert not DraftAnswer.objects.filter(draft=draft).exists()
    assert draft.invitation.status == InvitationStatus.SUBMITTED
    assert Wave.objects.get(pk=wave.pk).scores_version == before + 1
    written = Comment.objects.get()
    assert (written.text, written.item, written.invitation, written.is_anonymous) == ("Well done", codes[0], None, True)
    keys = {Response.objects.get().key, written.key, draft.key, draft.invitation.key}
    assert len(keys) == 4


@pytest.mark.django_db
def test_a_named_wave_keeps_who_said_it(ecosystem):
    wave = make_open_wave(ecosystem, anonymity=Anonymity.NAMED)
    draft, public = make_draft(wave), make_draft(wave, personal=False)
    for one in (draft, public):
        give(one, {codes_of(one)[0]: 3})
        comment(one, codes_of(one)[0], "Words")
        submit_draft(draft=one)
    assert set(Response.objects.values_list("invitation", "is_anonymous")) == {
        (draft.invitation.pk, False),
        (None, False),
    }
    assert set(Comment.objects.values_list("invitation", flat=True)) == {draft.invitation.pk, None}


@pytest.mark.django_db
def test_an_empty_submission_is_refused_and_keeps_what_was_written(wave):
    draft = make_draft(wave)
    with pytest.raises(NothingAnswered):
        submit_draft(draft=draft)
    comment(draft, codes_of(draft)[0], "Words")
    give(draft, {codes_of(draft)[0]: None}, revision=3)
    with pytest.raises(NothingAnswered):
        submit_draft(draft=draft)
    assert draft.answers.get().comment == "Words"
    give(draft, {codes_of(draft)[0]: CANT_SAY}, revision=4)
    submit_draft(draft=draft)
    assert Response.objects.count() == 1


@pytest.mark.django_db
def test_a_second_submit_and_one_after_closing_change_nothing(wave):
    draft, late = make_draft(wave), make_draft(wave)
    for one in (draft, late):
        give(one, {codes_of(one)[0]: 3})
    submit_draft(draft=draft)
    with pytest.raises(AlreadySubmitted):
        submit_draft(draft=draft)
    close_wave(wave=wave, by=None)
    with pytest.raises(NotOpen):
        submit_draft(draft=late)
    assert Response.objects.count() == 1


def in_threads(count, act):
    """The outcome of `act(0)`, `act(1)`, … run at once, each on a connection of its own."""

    def run(number):
        try:
            act(number)
            return "done"
        except Exception as problem:
            return type(problem).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_eight_submits_at_once_make_one_response(ecosystem):
    draft = make_draft(make_open_wave(ecosystem))
    give(draft, {codes_of(draft)[0]: 3})
    outcomes = in_threads(8, lambda _number: submit_draft(draft=draft))
    assert sorted(outcomes) == ["AlreadySubmitted"] * 7 + ["done"]
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_while_somebody_submits_is_in_the_response_or_refused(ecosystem):
    wave = make_open_wave(ecosystem)
    for _round in range(5):
        draft = make_draft(wave)
        codes, token = codes_of(draft), token_of(draft)
        give(draft, {codes[0]: 3})
        target = find_target(token)

        def act(number, draft=draft, codes=codes, target=target):
            if number == 4:
                submit_draft(draft=draft)
            else:
                save_answers(target=target, answers=[Given(item=codes[number + 1], value=2, revision=5)])

        outcomes = in_threads(8, act)
        assert outcomes[4] == "done"
        assert set(outcomes) <= {"done", "AlreadySubmitted"}
        assert not DraftAnswer.objects.filter(draft=draft).exists()
        response = Response.objects.get()
        kept = dict(zip(wave.version.item_codes, response.values, strict=True))
        accepted = {codes[n + 1] for n, outcome in enumerate(outcomes) if n != 4 and outcome == "done"}
        assert {code for code, value in kept.items() if value == 2} == accepted
        response.delete()


@pytest.mark.django_db(transaction=True)
def test_first_answers_submits_and_closing_at_once_end_without_a_deadlock(ecosystem):
    wave = make_open_wave(ecosystem)
    drafts = [make_draft(wave) for _ in range(6)]
    items = codes_of(drafts[0])

    def act(number):
        if number == 11:
            close_wave(wave=wave, by=None)
            return
        draft = drafts[number % 6]
        give(draft, {items[number]: 3})
        submit_draft(draft=draft)

    outcomes = in_threads(12, act)
    assert set(outcomes) <= {"done", "AlreadySubmitted", "NotOpen"}
    assert outcomes[11] == "done"
    submitted = Draft.objects.filter(is_submitted=True)
    assert Response.objects.filter(wave=wave).count() == submitted.count()
    assert not DraftAnswer.objects.filter(draft__in=submitted).exists()
