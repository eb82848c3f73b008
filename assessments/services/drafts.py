"""Filling in: a draft is started, and every answer is saved as it is given.

Saving is one statement (`INSERT … ON CONFLICT`), keyed by draft and item and ordered by the client's revision, so that
a browser can send the same answer again and out of order. Locks are taken in the order wave, draft, invitation, here
and in `responses.py`, as in closing a wave.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import InvitationStatus, WaveState
from assessments.models import Draft, Invitation, Wave, WaveGroup
from assessments.selectors.fill_in import Answered, Target, find_target
from assessments.selectors.questionnaires import answer_problem
from assessments.services.draft_rows import save_rows
from assessments.services.waves import freeze_privacy

LONGEST_COMMENT: Final = 2_000
CLOCK_SKEW: Final = 2_000
"""Milliseconds by which a revision may be ahead of our clock; one that is further ahead is taken as this far."""


class FillInProblem(Exception):
    """Why nothing can be saved or sent, for the person; `reason` is for the page's script."""

    reason = ""


class NotOpen(FillInProblem):
    reason = "closed"

    def __init__(self) -> None:
        super().__init__(_("This round of questions is not open, so nothing more can be saved."))


class AlreadySubmitted(FillInProblem):
    reason = "submitted"

    def __init__(self) -> None:
        super().__init__(_("Your answers have been submitted already. They cannot be changed any more."))


class NotStarted(FillInProblem):
    reason = "not-started"

    def __init__(self) -> None:
        super().__init__(_("Open the link again and press Start."))


@dataclass(frozen=True, slots=True)
class Given:
    """One answer, one comment or both, as a browser sends them. `comment` None: nothing said about the comment."""

    item: str
    revision: int
    value: int | None = None
    has_value: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that cannot be taken, and why, in words for the person."""

    item: str
    part: str  # value or comment
    message: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch. `changed` counts the items whose row changed; a replay changes none."""

    changed: int
    refused: tuple[Refused, ...]


def now_in_ms() -> int:
    return time.time_ns() // 1_000_000


def start_draft(*, group: WaveGroup, invitation: Invitation | None = None) -> Draft:
    """The draft that answers of this person go to; the one they have, if they have one. Raises NotOpen."""
    with transaction.atomic():
        state = Wave.objects.filter(groups=group).values_list("state", flat=True).get()
        if state != WaveState.OPEN:
            raise NotOpen
        if invitation is None:
            return Draft.objects.create(group=group)
        draft, _created = Draft.objects.get_or_create(invitation=invitation, defaults={"group": group})
        return draft


def save_answers(*, target: Target | None, answers: Sequence[Given]) -> Saved:
    """Save what fits and say what does not. Two statements, replays change nothing, the latest revision wins.

    Raises NotStarted, AlreadySubmitted, NotOpen.
    """
    if target is None:
        raise NotStarted
    if target.is_submitted or target.status == InvitationStatus.SUBMITTED:
        raise AlreadySubmitted
    if not target.is_open:
        raise NotOpen
    rows, refused = _checked(target, answers)
    if not rows:
        return Saved(changed=0, refused=refused)
    if target.needs_only_the_draft:
        return Saved(changed=_save(target, rows), refused=refused)
    with transaction.atomic():
        freeze_privacy(wave=Wave(pk=target.wave, privacy_frozen=target.privacy_frozen))
        changed = _save(target, rows)
        if target.invitation is not None and target.status == InvitationStatus.INVITED:
            invited = Invitation.objects.filter(pk=target.invitation, status=InvitationStatus.INVITED)
            invited.update(status=InvitationStatus.STARTED)
    return Saved(changed=changed, refused=refused)


def comment_problem(comment: str) -> str | None:
    """Why this comment cannot be taken, or None."""
    if len(comment) <= LONGEST_COMMENT:
        return None
    return _("This comment has %(count)s characters. Shorten it to %(most)s or fewer.") % {
        "count": len(comment),
        "most": LONGEST_COMMENT,
    }


def _takes_none() -> str:
    return _("This question takes no comment.")


def cleaned_comment(comment: str) -> str:
    """Without what PostgreSQL or a page cannot hold: control characters and halves of characters."""
    lines = comment.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or not (c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff")).strip()


def _checked(target: Target, answers: Iterable[Given]) -> tuple[dict[str, Answered], tuple[Refused, ...]]:
    """One row an item, its latest revision in the batch, in the order of the codes so that batches never deadlock."""
    questions, latest = target.questions, now_in_ms() + CLOCK_SKEW
    rows: dict[str, Answered] = {}
    refused: list[Refused] = []
    for given in answers:
        revision = min(given.revision, latest)
        question = questions.get(given.item)
        if question is None:
            refused.append(Refused(given.item, "value", answer_problem(None, None) or ""))
            continue
        row = rows.get(given.item, Answered())
        if given.has_value:
            if problem := answer_problem(question, given.value):
                refused.append(Refused(given.item, "value", problem))
            elif revision > row.revision:
                row = replace(row, value=given.value, revision=revision)
        if given.comment is not None:
            comment = cleaned_comment(given.comment)
            if problem := comment_problem(comment) or (_takes_none() if question.link and comment else None):
                refused.append(Refused(given.item, "comment", problem))
            elif revision > row.comment_revision:
                row = replace(row, comment=comment, comment_revision=revision)
        if row.revision or row.comment_revision:
            rows[given.item] = row
    return dict(sorted(rows.items())), tuple(refused)


def _save(target: Target, rows: dict[str, Answered]) -> int:
    changed = save_rows(draft=target.draft, wave=target.wave, rows=rows)
    if changed is None:  # submitted or closed between our look and our write
        submitted = Draft.objects.filter(pk=target.draft, is_submitted=True).exists()
        raise AlreadySubmitted if submitted else NotOpen
    return changed


class _Targets:
    """Where the links that this process saw last lead: only such as need a look at nothing but the draft to save.

    A wave's privacy stays fixed and a person stays started; whether the draft still takes answers is checked by the
    statement that saves.
    """

    def __init__(self, most: int) -> None:
        self.most, self.known = most, OrderedDict[str, Target]()
        self.lock = Lock()

    def get(self, token: str) -> Target | None:
        with self.lock:
            return self.known.get(token)

    def learn(self, token: str, target: Target) -> None:
        if target.is_open and not target.is_submitted and target.needs_only_the_draft:
            with self.lock:
                self.known[token] = target
                if len(self.known) > self.most:
                    self.known.popitem(last=False)

    def forget(self, token: str) -> None:
        with self.lock:
            self.known.pop(token, None)


_targets: Final = _Targets(most=10_000)


def save_by_link(*, token: str, answers: Sequence[Given]) -> Saved:
    """Save what a link's holder sends: one statement for every answer but a link's first ones in this process.

    Raises MistypedLink, LinkGone, NotStarted, AlreadySubmitted, NotOpen.
    """
    known = _targets.get(token)
    if known is not None:
        try:
            return save_answers(target=known, answers=answers)
        except FillInProblem:
            _targets.forget(token)
    target = find_target(token)
    saved = save_answers(target=target, answers=answers)
    if target is not None:
        _targets.learn(token, target)
    return saved
