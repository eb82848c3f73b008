"""What facilitators write down: kept once, never overwritten unseen, closed with the workshop."""

from uuid import uuid4

import pytest

from assessments.enums import NoteKind, WorkshopState
from assessments.models import Workshop, WorkshopNote
from assessments.services.workshop_notes import (
    NoteProblem,
    NotesChanged,
    change_note,
    delete_note,
    digest,
    write_note,
    write_private_notes,
)
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


def test_a_note_sent_twice_is_one_and_screens_look_again_once(workshop: Workshop, facilitator: User) -> None:
    key, version = uuid4(), workshop.version
    for _sent in range(2):
        write_note(workshop=workshop, key=key, text=" Two could\r\ncover a week\x00 ", by=facilitator)
    workshop.refresh_from_db()
    note = WorkshopNote.objects.get()
    assert (note.key, note.text, workshop.version) == (key, "Two could\ncover a week", version + 1)


def test_the_key_of_another_workshops_note_is_refused(workshop: Workshop, ecosystem: Ecosystem) -> None:
    key = uuid4()
    write_note(workshop=make_workshop(ecosystem), key=key, text="Theirs", by=None)
    with pytest.raises(NoteProblem, match="could not be kept"):
        write_note(workshop=workshop, key=key, text="Ours", by=None)
    assert WorkshopNote.objects.get().text == "Theirs"


@pytest.mark.parametrize(("text", "problem"), [("  \n", "Write something"), ("x" * 1001, "to 1000 characters")])
def test_what_cannot_be_a_note_says_why(workshop: Workshop, text: str, problem: str) -> None:
    with pytest.raises(NoteProblem, match=problem):
        write_note(workshop=workshop, key=uuid4(), text=text, by=None)
    assert WorkshopNote.objects.count() == 0


def test_a_step_of_another_workshop_is_not_noted(workshop: Workshop, ecosystem: Ecosystem) -> None:
    other = make_activity(make_workshop(ecosystem))
    note = write_note(workshop=workshop, key=uuid4(), text="Said", activity=other, by=None)
    assert note.activity is None


def test_a_note_is_changed_only_by_who_has_seen_it(workshop: Workshop) -> None:
    note = write_note(workshop=workshop, key=uuid4(), text="First", by=None)
    change_note(note=note, text="Second", kind=NoteKind.DECISION, seen=digest("First"), by=None)
    with pytest.raises(NotesChanged) as refused:
        change_note(note=note, text="Third", kind=NoteKind.NOTE, seen=digest("First"), by=None)
    assert (refused.value.now, refused.value.seen) == ("Second", digest("Second"))
    change_note(note=note, text="Second", kind=NoteKind.NOTE, seen="", by=None)  # the same text hurts nobody
    note.refresh_from_db()
    assert (note.text, note.kind) == ("Second", NoteKind.NOTE)


def test_a_note_that_is_gone_is_not_written_again_by_chance(workshop: Workshop) -> None:
    note = write_note(workshop=workshop, key=uuid4(), text="First", by=None)
    for _pressed in range(2):
        delete_note(note=note, by=None)
    with pytest.raises(NoteProblem, match="taken this note out"):
        change_note(note=note, text="Second", kind=NoteKind.NOTE, seen=digest("First"), by=None)


def test_private_notes_of_the_same_text_are_no_change(workshop: Workshop) -> None:
    step = make_activity(workshop, notes="Ask Marta")
    workshop.refresh_from_db()
    version = workshop.version
    assert write_private_notes(activity=step, text="Ask Marta ", seen="", by=None).notes == "Ask Marta"
    workshop.refresh_from_db()
    assert workshop.version == version
    with pytest.raises(NoteProblem, match="to 4000 characters"):
        write_private_notes(activity=step, text="x" * 4001, seen=digest("Ask Marta"), by=None)
    with pytest.raises(NotesChanged):
        write_private_notes(activity=step, text="Ask Jonas", seen=digest("Ask Ben"), by=None)
    step.refresh_from_db()
    assert step.notes == "Ask Marta"


def test_after_the_end_the_minutes_stay(ecosystem: Ecosystem) -> None:
    ended = make_workshop(ecosystem, state=WorkshopState.ENDED)
    note = WorkshopNote.objects.create(workshop=ended, text="Said")
    with pytest.raises(NoteProblem, match="stay as they are"):
        write_note(workshop=ended, key=uuid4(), text="Later", by=None)
    with pytest.raises(NoteProblem, match="stay as they are"):
        change_note(note=note, text="Otherwise", kind=NoteKind.NOTE, seen=digest("Said"), by=None)
    with pytest.raises(NoteProblem, match="stay as they are"):
        delete_note(note=note, by=None)
    assert WorkshopNote.objects.get().text == "Said"
