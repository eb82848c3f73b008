"""What facilitators write down while a workshop runs: for the minutes, and for themselves."""

from hashlib import blake2s
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import NoteKind, WorkshopState
from assessments.models import Activity, Workshop, WorkshopNote
from assessments.services.acts import acted, locked_workshop
from assessments.services.drafts import cleaned_comment
from ecosystems.models import User

LONGEST_NOTE: Final = 1000
LONGEST_PRIVATE: Final = 4000


class NoteProblem(Exception):
    """Why something written was not kept, for the person who wrote it."""


class NotesChanged(NoteProblem):
    """Somebody else changed the same text meanwhile; `now` is what it says, `seen` its digest."""

    def __init__(self, now: str) -> None:
        super().__init__(
            _("Somebody else changed these notes meanwhile, so yours are not saved yet. Compare them and save again.")
        )
        self.now, self.seen = now, digest(now)


@transaction.atomic
def write_note(
    *,
    workshop: Workshop,
    key: UUID,
    text: str,
    kind: NoteKind = NoteKind.NOTE,
    activity: Activity | None = None,
    by: User | None,
) -> WorkshopNote:
    """A note for the minutes, under the key that the page made: sent twice it stays one. Raises NoteProblem."""
    workshop = _running(workshop)
    written, made = WorkshopNote.objects.get_or_create(
        key=key,
        defaults={
            "workshop": workshop,
            "activity": activity if activity is not None and activity.workshop_id == workshop.pk else None,
            "kind": kind,
            "text": _text(text, LONGEST_NOTE),
        },
    )
    if written.workshop_id != workshop.pk:
        raise NoteProblem(_("This note could not be kept. Reload the page and write it again."))
    if made:
        acted(workshop, by)
    return written


@transaction.atomic
def change_note(*, note: WorkshopNote, text: str, kind: NoteKind, seen: str, by: User | None) -> WorkshopNote:
    """Put a note otherwise; `seen` is the `digest` of what stood there. Raises NotesChanged, NoteProblem."""
    workshop = _running(note.workshop)
    known = WorkshopNote.objects.filter(pk=note.pk).first()
    if known is None:
        raise NoteProblem(_("Somebody else has taken this note out. Write it down again if it is needed."))
    note, text = known, _text(text, LONGEST_NOTE)
    if seen != digest(note.text) and text != note.text:
        raise NotesChanged(note.text)
    note.text, note.kind = text, kind
    note.save(update_fields=["text", "kind"])
    acted(workshop, by)
    return note


@transaction.atomic
def delete_note(*, note: WorkshopNote, by: User | None) -> None:
    """Take a note out of the minutes; nothing happens where somebody else did. Raises NoteProblem after the end."""
    workshop = _running(note.workshop)
    WorkshopNote.objects.filter(pk=note.pk).delete()
    acted(workshop, by)


@transaction.atomic
def write_private_notes(*, activity: Activity, text: str, seen: str, by: User | None) -> Activity:
    """The facilitators' own notes on a step. `seen` is the `digest` of what the writer saw before writing.

    Raises NotesChanged where somebody else has written since; NoteProblem for what is too long.
    """
    workshop = locked_workshop(activity.workshop_id)
    activity = Activity.objects.get(pk=activity.pk, workshop=workshop)
    text = cleaned_comment(text)
    if text == activity.notes:
        return activity
    if seen != digest(activity.notes):
        raise NotesChanged(activity.notes)
    if len(text) > LONGEST_PRIVATE:
        raise NoteProblem(_("Shorten your notes to %(most)s characters or fewer.") % {"most": LONGEST_PRIVATE})
    activity.notes = text
    activity.save(update_fields=["notes"])
    acted(workshop, by)
    return activity


def digest(text: str) -> str:
    """Which text somebody saw; short, for a hidden field."""
    return blake2s(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _running(workshop: Workshop) -> Workshop:
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.ENDED:
        raise NoteProblem(_("This workshop has ended. Its minutes stay as they are."))
    return workshop


def _text(text: str, most: int) -> str:
    text = cleaned_comment(text)
    if not text.strip():
        raise NoteProblem(_("Write something, then save."))
    if len(text) > most:
        raise NoteProblem(_("Shorten this to %(most)s characters or fewer.") % {"most": most})
    return text
