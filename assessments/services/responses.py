"""Submitting: a draft becomes one response that nobody can trace back (rule D3)."""

import random
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY, Anonymity, InvitationStatus, WaveState
from assessments.models import Comment, Draft, InstrumentVersion, Invitation, Response, Wave
from assessments.selectors.asked_links import effect_code, late_code
from assessments.selectors.fill_in import NOTHING, Answered, answers_of
from assessments.services.drafts import AlreadySubmitted, FillInProblem, NotOpen
from assessments.services.scores import mark_stale


class NothingAnswered(FillInProblem):
    reason = "empty"

    def __init__(self) -> None:
        super().__init__(_("There is no answer yet. Answer at least one question; “Can’t say” is an answer too."))


@transaction.atomic
def submit_draft(*, draft: Draft) -> None:
    """Make the draft one response and its comments, and empty it. Raises AlreadySubmitted, NotOpen, NothingAnswered.

    Whoever submits the same draft at the same moment waits here and then gets AlreadySubmitted.
    """
    wave = Wave.objects.select_for_update(no_key=True).get(groups=draft.group_id)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("invitation").get(pk=draft.pk)
    if draft.is_submitted:
        raise AlreadySubmitted
    if wave.state != WaveState.OPEN:
        raise NotOpen
    answers = answers_of(draft)
    if all(answered.value is None for answered in answers.values()):
        raise NothingAnswered
    codes = InstrumentVersion.objects.values_list("item_codes", flat=True).get(pk=wave.version_id)
    is_anonymous = wave.anonymity == Anonymity.ANONYMOUS
    invitation = None if is_anonymous else draft.invitation
    Response.objects.create(
        wave=wave,
        group_id=draft.group_id,
        values=[answers.get(code, NOTHING).value for code in codes],
        link_values=link_values(wave, answers),
        is_anonymous=is_anonymous,
        invitation=invitation,
    )
    comments = [
        Comment(
            wave=wave,
            group_id=draft.group_id,
            item=item,
            text=answered.comment,
            is_anonymous=is_anonymous,
            invitation=invitation,
        )
        for item, answered in answers.items()
        if answered.comment.strip()
    ]
    random.shuffle(comments)  # the order of rows says nothing about the order of writing
    Comment.objects.bulk_create(comments)
    draft.answers.all().delete()
    Draft.objects.filter(pk=draft.pk).update(is_submitted=True)
    if draft.invitation_id is not None:
        Invitation.objects.filter(pk=draft.invitation_id).update(status=InvitationStatus.SUBMITTED)
    mark_stale(wave=wave)


def link_values(wave: Wave, answers: Mapping[str, Answered]) -> list[int | None] | None:
    """What was said of each link that the wave asks about; no delay where no effect was seen."""
    if not wave.map_links:
        return None
    found: list[int | None] = []
    for place in range(len(wave.map_links)):
        effect = answers.get(effect_code(place), NOTHING).value
        late = answers.get(late_code(place), NOTHING).value
        found += [effect, None if effect in (None, 0, CANT_SAY) else late]
    return found
