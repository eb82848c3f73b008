"""What a facilitator presses on the console, and what was written there for the minutes."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from assessments.enums import ActivityKind, CommitmentState, NoteKind, RoundState, WorkshopState
from assessments.models import Commitment, Round, Seat, Workshop, WorkshopNote
from assessments.models.activity_plans import CommitPlan, IdeasPlan, LinksPlan, TalkPlan
from assessments.services import rounds
from assessments.services.commitments import GivenCommitment, propose
from assessments.services.rehearsals import rehearse
from assessments.services.workshop_notes import digest
from ecosystems.models import Ecosystem, User
from tests.assessments.views.console_pages import RATED, LogIn, buttons, html, people_url, press, round_of, url
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    """Live, at a rating whose first round is open and has eight votes; ideas come next."""
    made = make_workshop(ecosystem)
    step = make_activity(made)
    make_activity(made, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?", current=False)
    vote(make_round(step), make_seats(made, 8), RATED)
    return made


def test_the_bar_follows_the_state(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    first = make_activity(workshop, current=False)
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), title="Break", current=False)
    assert buttons(html(page, workshop)) == ["open-doors"]
    assert press(page, workshop, "open-doors") == "The doors are open. People can join now."
    assert buttons(html(page, workshop)) == ["start"]
    assert press(page, workshop, "start") == "The workshop has begun."
    assert buttons(html(page, workshop)) == ["open-round", "skip"]
    press(page, workshop, "open-round", activity=first.pk, minutes="2")
    round = round_of(workshop)
    assert round.closes_at is not None
    assert buttons(html(page, workshop)) == ["reveal", "close-round", "skip"]
    press(page, workshop, "close-round", round=round.pk)
    assert buttons(html(page, workshop)) == ["reveal", "extend", "skip"]
    press(page, workshop, "extend", round=round.pk, seconds=60)
    assert round_of(workshop).state == RoundState.OPEN
    press(page, workshop, "reveal", round=round.pk)
    assert buttons(html(page, workshop)) == ["discuss", "ask-again", "go"]
    press(page, workshop, "discuss", round=round.pk)
    assert buttons(html(page, workshop)) == ["go", "ask-again"]
    press(page, workshop, "ask-again", round=round.pk)
    assert buttons(html(page, workshop)) == ["reveal", "close-round", "go"]
    last = workshop.activities.get(title="Break")
    press(page, workshop, "go", activity=last.pk, step=first.pk)
    assert buttons(html(page, workshop)) == ["back"]
    assert "This was the last step. End the workshop when everybody is ready." in html(page, workshop)
    assert press(page, workshop, "end") == "The workshop has ended."
    assert buttons(html(page, workshop)) == []
    assert "Next:" not in html(page, workshop)


def test_a_minute_asked_for_by_two_is_one_minute(page: Client, workshop: Workshop) -> None:
    rounds.extend_round(round=round_of(workshop), seconds=60, by=None)
    seen = round_of(workshop).closes_at
    assert seen is not None
    for _presser in range(2):
        press(page, workshop, "extend", round=round_of(workshop).pk, seconds=60, closes_at=seen.isoformat())
    closes_at = round_of(workshop).closes_at
    assert closes_at is not None
    assert (closes_at - seen).total_seconds() == 60


def test_who_presses_second_is_told_who_was_faster(
    page: Client, client_of: LogIn, workshop: Workshop, admin: User
) -> None:
    round = round_of(workshop)
    workshop.refresh_from_db()
    seen = workshop.version
    press(client_of(admin), workshop, "reveal", round=round.pk, version=seen)
    results = round_of(workshop).results
    assert press(page, workshop, "reveal", round=round.pk, version=seen) == "Priya Nair has already revealed round 1."
    press(client_of(admin), workshop, "ask-again", round=round.pk)
    # who of several did it is not known any more, so nobody is named
    assert press(page, workshop, "reveal", round=round.pk, version=seen) == "Round 1 is already revealed."
    assert press(page, workshop, "ask-again", round=round.pk, version=seen + 1) == (
        "Priya Nair has already opened round 2."
    )
    assert Round.objects.get(pk=round.pk).results == results
    assert Round.objects.filter(activity__workshop=workshop).count() == 2


def test_moving_on_twice_skips_no_step(page: Client, client_of: LogIn, workshop: Workshop, admin: User) -> None:
    make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan(), title="Commitments", current=False)
    first, second, third = workshop.activities.order_by("position")
    press(client_of(admin), workshop, "go", activity=second.pk, step=first.pk)
    said = press(page, workshop, "go", activity=second.pk, step=first.pk)
    assert said == "The room is already at “What slows us down?”."
    said = press(page, workshop, "go", activity=third.pk, step=first.pk)
    assert said == "Priya Nair has already taken the room to “What slows us down?”."
    workshop.refresh_from_db()
    assert workshop.step == second


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("reveal", {"round": "1; DROP TABLE"}),
        ("reveal", {"round": "9" * 40}),
        ("reveal", {}),
        ("go", {"activity": "²"}),
        ("remove-seat", {"seat": "not-a-uuid"}),
        ("note-delete", {"note": "00000000-0000-0000-0000-000000000000"}),
        ("accept", {"commitment": ""}),
        ("seat-breakout", {"seat": "", "breakout": ""}),
    ],
)
def test_a_form_that_names_nothing_is_answered_in_words(
    page: Client, workshop: Workshop, act: str, fields: dict[str, str]
) -> None:
    said = press(page, workshop, act, **fields)
    assert said == "This is not there any more. The page now shows the workshop as it is."
    assert round_of(workshop).state == RoundState.OPEN


def test_what_belongs_to_another_workshop_is_not_there(page: Client, workshop: Workshop, ecosystem: Ecosystem) -> None:
    other = make_workshop(ecosystem)
    round = make_round(make_activity(other))
    press(page, workshop, "reveal", round=round.pk)
    round.refresh_from_db()
    assert round.state == RoundState.OPEN


def test_an_unknown_act_is_not_found(page: Client, workshop: Workshop) -> None:
    assert page.post(url(workshop, "dance")).status_code == 404


def test_a_rehearsal_is_deleted_from_its_console(page: Client, workshop: Workshop, facilitator: User) -> None:
    copy = rehearse(workshop=workshop, people=6, by=facilitator)
    assert "Rehearsal" in html(page, copy)
    said = press(page, workshop, "end-rehearsal")
    assert said == "This is not a rehearsal, so it is not deleted here. End the workshop instead."
    answer = page.post(url(copy, "end-rehearsal"))
    assert answer["Location"] == workshop.get_absolute_url()
    assert list(Workshop.objects.all()) == [workshop]


def test_notes_for_the_minutes_are_written_changed_and_taken_out(page: Client, workshop: Workshop) -> None:
    key = uuid4()
    for _sent in range(2):
        press(page, workshop, "note", text="  Two of us could cover a week. ", key=key, kind="note")
    note = WorkshopNote.objects.get()
    assert (note.pk, note.text, note.kind) == (key, "Two of us could cover a week.", NoteKind.NOTE)
    assert note.activity == workshop.step
    changed = {"note": key, "text": "We cover a week.", "kind": "decision"}
    assert press(page, workshop, "note-change", **changed, seen=digest(note.text)) == "Changed."
    assert page.post(url(workshop, "note-change"), {**changed, "text": "Nobody", "seen": "x"}).status_code == 422
    note.refresh_from_db()
    assert (note.text, note.kind) == ("We cover a week.", NoteKind.DECISION)
    assert press(page, workshop, "note-delete", note=key) == "Taken out of the minutes."
    assert WorkshopNote.objects.count() == 0


def test_a_note_that_cannot_be_kept_is_not_lost(page: Client, workshop: Workshop) -> None:
    text = "long " * 300
    answer = page.post(url(workshop, "note"), {"text": text, "key": uuid4(), "kind": "decision"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Shorten this to 1000 characters or fewer." in shown
    assert f'<textarea class="input" id="unsaved-text" name="text" rows="5">{text}</textarea>' in shown
    assert '<input type="hidden" name="kind" value="decision">' in shown


def test_private_notes_of_two_are_never_overwritten_unseen(page: Client, workshop: Workshop) -> None:
    step = workshop.step
    assert step is not None
    fields = {"activity": step.pk, "seen": digest("")}
    assert press(page, workshop, "private-notes", text="Ask Marta first", **fields) == "Your notes are saved."
    answer = page.post(url(workshop, "private-notes"), {**fields, "text": "Ask Jonas first"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed these notes meanwhile" in shown
    assert "Ask Jonas first</textarea>" in shown
    step.refresh_from_db()
    assert step.notes == "Ask Marta first"
    press(page, workshop, "private-notes", activity=step.pk, seen=digest("Ask Marta first"), text="Ask both")
    step.refresh_from_db()
    assert step.notes == "Ask both"


def test_commitments_appear_with_the_reveal_and_are_taken_up(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan(), title="Commitments"))
    keys = [uuid4(), uuid4()]
    for key, seat in zip(keys, make_seats(workshop, 2), strict=True):
        propose(seat=seat.pk, round_id=round.pk, proposals=[GivenCommitment(key, f"Act {key}", "Ida", revision=1)])
    assert f"Act {keys[0]}" not in html(page, workshop)
    assert press(page, workshop, "accept", commitment=keys[0]) == "Nobody has seen this proposal yet. Reveal it first."
    press(page, workshop, "reveal", round=round.pk)
    assert f"Act {keys[0]}" in html(page, workshop)
    press(page, workshop, "accept", commitment=keys[0])
    press(page, workshop, "drop", commitment=keys[1], why="Twice the same")
    changed = {"text": "Sign a standing offer", "owner": "Ben", "due": "2027-05-31", "facet": ""}
    assert press(page, workshop, "commitment", commitment=keys[0], **changed) == "The commitment is changed."
    kept, dropped = (Commitment.objects.get(pk=key) for key in keys)
    assert (kept.state, kept.text, kept.owner_name, kept.due_on) == (
        CommitmentState.OPEN,
        "Sign a standing offer",
        "Ben",
        date(2027, 5, 31),
    )
    assert (dropped.state, dropped.closing_note) == (CommitmentState.DROPPED, "Twice the same")
    answer = page.post(url(workshop, "commitment"), {"commitment": keys[0], **changed, "due": "31.5."})
    assert answer.status_code == 422
    assert "Write the day like 2027-05-31, or leave it empty." in answer.content.decode()


def test_phones_of_an_anonymous_room_are_taken_out_by_their_mark(page: Client, workshop: Workshop) -> None:
    seat = workshop.seats.first()
    assert seat is not None
    Seat.objects.filter(pk=seat.pk).update(name="")
    assert page.get(people_url(workshop)).content.decode().count("Phone ") == 16
    answer = page.post(url(workshop, "remove-seat"), {"seat": seat.pk, "back": "people"})
    assert answer["Location"] == people_url(workshop)
    assert page.get(people_url(workshop)).content.decode().count("Phone ") == 14
    assert page.get(people_url(workshop) + "?show=removed").content.decode().count("Phone ") == 2
    assert "1 was taken out." in html(page, workshop)
    page.post(url(workshop, "readmit-seat"), {"seat": seat.pk})
    seat.refresh_from_db()
    assert seat.is_removed is False


def test_the_order_of_coming_steps(page: Client, workshop: Workshop) -> None:
    late = make_activity(workshop, kind=ActivityKind.LINKS, title="Map the loop", plan=LinksPlan(), current=False)
    assert press(page, workshop, "move-step", activity=late.pk, to=1) == "“Map the loop” is now step 2."
    assert [one.title for one in workshop.activities.all()] == [
        "How ready are we?",
        "Map the loop",
        "What slows us down?",
    ]


def test_a_step_that_is_not_ready_says_what_is_missing(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, kind=ActivityKind.LINKS, title="Map the loop", plan=LinksPlan())
    assert "Ask about 1 to 20 links in one step." in html(page, workshop)
