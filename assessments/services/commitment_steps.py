"""The steps of a commitment: added, ticked off, moved, removed."""

from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Commitment, CommitmentStep
from assessments.services.ballots import length_problem
from assessments.services.commitments import CommitmentProblem
from assessments.services.drafts import cleaned_comment
from ecosystems.names import visible

LONGEST_STEP: Final = 200
MOST_STEPS: Final = 30


@transaction.atomic
def add_step(*, commitment: Commitment, text: str) -> CommitmentStep:
    """A step after all others. Raises CommitmentProblem."""
    _lock(commitment)
    text = visible(cleaned_comment(text))
    if not text:
        raise CommitmentProblem(_("Write the step first."))
    if len(text) > LONGEST_STEP:
        raise CommitmentProblem(length_problem(text, LONGEST_STEP))
    if commitment.steps.count() >= MOST_STEPS:
        raise CommitmentProblem(_("This has %(most)s steps. Make a second commitment of it.") % {"most": MOST_STEPS})
    last = commitment.steps.aggregate(last=Max("position"))["last"]
    return CommitmentStep.objects.create(commitment=commitment, position=0 if last is None else last + 1, text=text)


@transaction.atomic
def tick_step(*, step: CommitmentStep, done: bool) -> None:
    """Say that a step is done today, or not yet; a day that was noted stays."""
    _lock(step.commitment)
    if done:
        CommitmentStep.objects.filter(pk=step.pk, done_on=None).update(done_on=timezone.localdate())
    else:
        CommitmentStep.objects.filter(pk=step.pk).update(done_on=None)


@transaction.atomic
def move_step(*, step: CommitmentStep, by: int) -> None:
    """Move a step up (−1) or down (+1); at the ends it stays."""
    _lock(step.commitment)
    steps = list(CommitmentStep.objects.filter(commitment=step.commitment_id))
    place = next((place for place, one in enumerate(steps) if one.pk == step.pk), None)
    if place is None:
        return
    steps.insert(max(0, place + by), steps.pop(place))
    for position, one in enumerate(steps):
        one.position = position
    CommitmentStep.objects.bulk_update(steps, ["position"])


@transaction.atomic
def remove_step(*, step: CommitmentStep) -> None:
    """Take a step away; nothing happens where it is gone."""
    _lock(step.commitment)
    CommitmentStep.objects.filter(pk=step.pk).delete()


def _lock(commitment: Commitment) -> None:
    Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
