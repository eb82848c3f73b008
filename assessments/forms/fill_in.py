"""What browsers send while somebody fills in: a batch from the page's script, or a section as a plain form."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.selectors.fill_in import SectionPage, Step
from assessments.services.drafts import Given, cleaned_comment, comment_problem

LARGEST_BATCH: Final = 200
LARGEST_BODY: Final = 64 * 1024
CANT_SAY_LETTER: Final = "x"


class BadBatch(ValueError):
    """A body that is not a batch of answers: made up, or cut off on the way."""


def read_batch(body: bytes | str) -> list[Given]:
    """The answers of `{"answers": [{item, revision, value?, comment?}]}`, or of the list alone. Raises BadBatch."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadBatch(_("The answers could not be read.")) from problem
    entries = document.get("answers") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise BadBatch(_("The answers could not be read."))
    if len(entries) > LARGEST_BATCH:
        raise BadBatch(_("Send at most %(most)s answers at a time.") % {"most": LARGEST_BATCH})
    return [_given(entry) for entry in entries]


def _given(entry: Any) -> Given:
    item, revision = (entry.get("item"), entry.get("revision")) if isinstance(entry, dict) else (None, None)
    if not isinstance(item, str) or type(revision) is not int or revision <= 0:
        raise BadBatch(_("Each answer needs an item and a revision."))
    value, comment = entry.get("value"), entry.get("comment")
    if not (comment is None or isinstance(comment, str)):
        raise BadBatch(_("A comment must be text."))
    if value == CANT_SAY_LETTER:
        value = CANT_SAY
    elif not (value is None or (type(value) is int and value != CANT_SAY)):
        raise BadBatch(_("An answer must be a whole number, “x” or nothing."))
    return Given(item=item, revision=revision, value=value, has_value="value" in entry, comment=comment)


@dataclass(frozen=True, slots=True)
class Row:
    """A question as the page shows it: what is chosen, what was on the page before, and what is wrong with it."""

    step: Step
    chosen: str
    comment: str
    seen: str
    seen_comment: str
    """Digest of the comment that the page was made with."""
    error: str = ""
    comment_error: str = ""
    late: "Row | None" = None

    @property
    def is_wrong(self) -> bool:
        return bool(self.error or self.comment_error or (self.late and self.late.error))


def letter_of(value: int | None) -> str:
    """A raw answer as a form's value: '' for none, 'x' for can't say."""
    return "" if value is None else CANT_SAY_LETTER if value == CANT_SAY else str(value)


def digest_of(comment: str) -> str:
    """Short, to tell whether a comment was changed on the page; protects nothing."""
    return f"{zlib.crc32(comment.encode(errors='replace')):x}"


def shown_rows(page: SectionPage) -> list[Row]:
    """The section as the draft has it."""
    return [_shown(step) for step in page.steps]


def _shown(step: Step) -> Row:
    told, late = step.answered, step.late
    return Row(
        step,
        letter_of(told.value),
        told.comment,
        letter_of(told.value),
        digest_of(told.comment),
        late=_shown(late) if late is not None else None,
    )


class SectionForm:
    """A section posted as a plain form.

    Only what differs from what the page showed is an answer: a tab that was left open must not undo what was answered
    in another one since.
    """

    def __init__(self, page: SectionPage, data: QueryDict, *, now: int) -> None:
        self.page, self.data, self.now = page, data, now

    def given(self) -> list[Given]:
        """What was changed on the page, newer than all that the draft holds."""
        steps = (one for step in self.page.steps for one in (step, step.late) if one is not None)
        return [given for step in steps if (given := self._change(step)) is not None]

    def rows(self, refused: Mapping[tuple[str, str], str], *, ask_for_missing: bool) -> list[Row]:
        """The section as it was typed, with what is wrong."""
        return [self._row(step, refused, ask_for_missing) for step in self.page.steps]

    def _change(self, step: Step) -> Given | None:
        code, told = step.question.code, step.answered
        chosen, seen = self.data.get(f"a-{code}"), self.data.get(f"seen-{code}", "")
        has_value = chosen is not None and chosen != seen
        comment = self._changed_comment(code)
        if not has_value and comment is None:
            return None
        return Given(
            item=code,
            revision=max(self.now, told.revision + 1, told.comment_revision + 1),
            value=value_of(chosen or "") if has_value else None,
            has_value=has_value,
            comment=comment,
        )

    def _changed_comment(self, code: str) -> str | None:
        typed = self.data.get(f"c-{code}")
        if typed is None or digest_of(cleaned_comment(typed)) == self.data.get(f"seen-c-{code}", digest_of("")):
            return None
        return typed

    def _row(self, step: Step, refused: Mapping[tuple[str, str], str], ask_for_missing: bool) -> Row:
        code, told = step.question.code, step.answered
        chosen = self.data.get(f"a-{code}", letter_of(told.value))
        error = refused.get((code, "value"), "")
        if not error and ask_for_missing and not chosen and f"a-{code}" not in self.data:
            can_say = bool(step.question.cant_say)
            error = (
                _("Choose one, or “%(cant_say)s”") % {"cant_say": step.question.cant_say}
                if can_say
                else _("Choose one")
            )
        comment = self.data.get(f"c-{code}", told.comment)
        return Row(
            step,
            chosen,
            comment,
            self.data.get(f"seen-{code}", "") if error else letter_of(told.value),
            digest_of(told.comment),
            error,
            refused.get((code, "comment")) or comment_problem(cleaned_comment(comment)) or "",
            self._row(step.late, refused, ask_for_missing=False) if step.late is not None else None,
        )


def value_of(letter: str) -> int | None:
    """A form's value as a raw answer; what is no whole number becomes one that no scale has."""
    if letter == "":
        return None
    if letter == CANT_SAY_LETTER:
        return CANT_SAY
    try:
        value = int(letter)
    except ValueError:
        return NO_ANSWER
    return value if abs(value) < -CANT_SAY else NO_ANSWER


NO_ANSWER: Final = 32_767
"""Stands for what is not a number at all; refused like any other answer off the scale."""
