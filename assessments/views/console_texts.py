"""What a facilitator's forms write: private notes, notes for the minutes, commitments."""

from uuid import uuid4

from django.utils.translation import gettext as _

from assessments.enums import NoteKind
from assessments.services import commitments, workshop_notes
from assessments.views.console_presses import Pressed


def private_notes(press: Pressed) -> str:
    step = press.activity()
    workshop_notes.write_private_notes(activity=step, text=press.text("text"), seen=press.text("seen"), by=press.by)
    return _("Your notes are saved.")


def note(press: Pressed) -> str:
    step = press.workshop.step_id and press.workshop.activities.filter(pk=press.workshop.step_id).first()
    workshop_notes.write_note(
        workshop=press.workshop,
        key=press.uuid("key") or uuid4(),
        text=press.text("text"),
        kind=_kind(press),
        activity=step or None,
        by=press.by,
    )
    return _("Written down for the minutes.")


def note_change(press: Pressed) -> str:
    workshop_notes.change_note(
        note=press.note(), text=press.text("text"), kind=_kind(press), seen=press.text("seen"), by=press.by
    )
    return _("Changed.")


def note_delete(press: Pressed) -> str:
    workshop_notes.delete_note(note=press.note(), by=press.by)
    return _("Taken out of the minutes.")


def _kind(press: Pressed) -> NoteKind:
    return NoteKind.DECISION if press.text("kind") == NoteKind.DECISION else NoteKind.NOTE


def accept(press: Pressed) -> str:
    taken = commitments.accept(commitment=press.commitment(), by=press.by)
    return _("“%(text)s” is a commitment now.") % {"text": taken.text}


def change(press: Pressed) -> str:
    commitments.change(
        commitment=press.commitment(),
        by=press.by,
        text=press.text("text"),
        owner_name=press.text("owner"),
        due_on=press.day("due"),
        facet=press.text("facet"),
    )
    return _("The commitment is changed.")


def drop(press: Pressed) -> str:
    commitments.drop(commitment=press.commitment(), by=press.by, why=press.text("why"))
    return _("The commitment is dropped.")


def record(press: Pressed) -> str:
    commitments.record(
        activity=press.activity(),
        by=press.by,
        text=press.text("text"),
        owner_name=press.text("owner"),
        due_on=press.day("due"),
        facet=press.text("facet"),
    )
    return _("The commitment is written down.")
