"""The facilitator's screen: what it shows in each state, to whom, and what its forms do."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import CANT_SAY, ActivityKind, CommitmentState, NoteKind, RoundState, WorkshopState
from assessments.models import Commitment, Idea, Reason, Round, Seat, Vote, Workshop, WorkshopNote
from assessments.models.activity_plans import CommitPlan, IdeasPlan, Item, LinksPlan, Pair, RatePlan, TalkPlan
from assessments.services import rounds, stage
from assessments.services.commitments import GivenCommitment, propose
from assessments.services.rehearsals import rehearse
from assessments.services.workshop_notes import digest
from ecosystems.enums import Role
from ecosystems.models import Ecosystem, User
from tests.factories.people import make_member
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
CHANCE = re.compile(
    r'value="[^"]{64}"|/stream/[^"]+|own=[^"]+|value="[0-9a-f-]{36}"|"x-csrftoken": "[^"]+"|datetime="[^"]+"'
)
"""What differs between two pages about the same: tokens, keys, times."""
RATED = [5, 5, 6, 6, 7, 8, 3, 4]


def url(workshop: Workshop, act: str = "") -> str:
    args = [workshop.organization.slug, workshop.pk]
    return reverse("assessments:console-act", args=[*args, act]) if act else reverse("assessments:console", args=args)


def people_url(workshop: Workshop) -> str:
    return reverse("assessments:console-people", args=[workshop.organization.slug, workshop.pk])


def html(client: Client, workshop: Workshop, query: str = "") -> str:
    return client.get(url(workshop) + query).content.decode()


def buttons(page: str) -> list[str]:
    """What the bar offers, in its order."""
    bar = page.partition('class="console-bar"')[2].partition("<aside")[0]
    return re.findall(r'id="press-([a-z-]+)"', bar)


def press(client: Client, workshop: Workshop, act: str, **fields: Any) -> str:
    """Send a form and give the message that the next page shows."""
    answer = client.post(url(workshop, act), fields, follow=True)
    assert answer.status_code == 200, answer.content
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.fixture
def page(client_of: LogIn, facilitator: User) -> Client:
    return client_of(facilitator)


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    """Live, at a rating whose first round is open and has eight votes; ideas come next."""
    made = make_workshop(ecosystem)
    step = make_activity(made)
    make_activity(made, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?", current=False)
    vote(make_round(step), make_seats(made, 8), RATED)
    return made


def round_of(workshop: Workshop) -> Round:
    return Round.objects.filter(activity__workshop=workshop).latest("number")


# -- who may, and what stands in the source ---------------------------------------------------


def test_a_leader_who_helps_runs_it_and_another_leader_does_not(
    client_of: LogIn, workshop: Workshop, leader: User
) -> None:
    other = make_member(workshop.organization, Role.LEADER)
    workshop.co_facilitators.add(leader)
    assert client_of(leader).get(url(workshop)).status_code == 200
    assert client_of(leader).post(url(workshop, "close-round"), {"round": round_of(workshop).pk}).status_code == 302
    assert round_of(workshop).state == RoundState.CLOSED
    for address in (url(workshop), people_url(workshop)):
        assert client_of(other).get(address).status_code == 403
    assert client_of(other).post(url(workshop, "reveal"), {"round": round_of(workshop).pk}).status_code == 403
    assert round_of(workshop).state == RoundState.CLOSED


def test_before_the_reveal_the_source_holds_counts_alone(page: Client, ecosystem: Ecosystem) -> None:
    """The same page, whatever people answered; and nothing they wrote."""
    sources = []
    for values in ([1] * 8, [9] * 8):
        workshop = make_workshop(ecosystem, pk=9_000, code="KELP-OTTER-99", key="k" * 16)
        step = make_activity(workshop, pk=9_000)
        round = make_round(step, pk=9_000)
        seats = make_seats(workshop, 8)
        vote(round, seats, values)
        Reason.objects.create(round=round, seat=seats[0], item="ready", text=f"because {values[0]}")
        shown = html(page, workshop)
        sources.append(CHANCE.sub("", shown))
        assert "8 of 8" in shown
        workshop.delete()
    assert sources[0] == sources[1]
    assert "because" not in sources[0]


def test_answers_of_an_open_round_show_only_where_everybody_was_told(page: Client, workshop: Workshop) -> None:
    round = round_of(workshop)
    rounds.reveal_round(round=round, by=None)
    again = rounds.ask_again(round=Round.objects.get(pk=round.pk), seconds=None, by=None)
    results = Round.objects.get(pk=round.pk).results
    Round.objects.filter(pk=again.pk).update(preview_shown=results)
    assert "Only you see this" not in html(page, workshop)
    Workshop.objects.filter(pk=workshop.pk).update(preview=True)
    shown = html(page, workshop)
    assert "Only you see this: round 2 so far" in shown
    assert "It comes late on purpose: it is shown once at least 5 more people have voted after it" in shown


# -- what can be pressed ------------------------------------------------------------------------


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


# -- what is shown after the reveal ---------------------------------------------------------------


def test_the_figures_of_a_reveal_in_words(page: Client, workshop: Workshop) -> None:
    press(page, workshop, "reveal", round=round_of(workshop).pk)
    shown = html(page, workshop)
    assert "The median is 5.5; the middle half spans 4.8 to 6.3." in shown
    assert 'class="chart rounds d-ada"' in shown


def test_too_few_are_withheld_with_the_reason(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop))
    vote(round, make_seats(workshop, 4), [5, 5, 6, 6])
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "Withheld: protects a small group. A result is shown from 5 people on." in shown
    assert "The median is" not in shown


def test_breakout_groups_have_their_own_chart(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, by_breakout=True)
    make_seats(workshop, 12)
    assert press(page, workshop, "deal", groups=2) == "2 breakout groups are dealt."
    round = rounds.open_round(activity=step, seconds=None, by=facilitator)
    for seat in workshop.seats.all():
        Vote.objects.create(round=round, seat=seat, breakout=seat.breakout, item="ready", value=6)
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "By breakout group" in shown
    assert shown.count("Group 1 <b>6</b>") == 1
    assert press(page, workshop, "deal", groups=1) == "Deal the room into 2 to 20 groups."
    assert press(page, workshop, "clear-breakouts") == "Everybody is together again."


def test_reasons_carry_a_name_only_where_everybody_speaks_by_name(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        round = make_round(make_activity(workshop))
        seats = make_seats(workshop, 8, name="Ida" if named else "")
        vote(round, seats, RATED)
        for seat in seats:
            Reason.objects.create(round=round, seat=seat, item="ready", text="One supplier only")
        assert "One supplier only" not in html(page, workshop)
        press(page, workshop, "reveal", round=round.pk)
        shown = html(page, workshop)
        assert shown.count("“One supplier only”") == 8
        assert shown.count('<span class="small muted">Ida</span>') == (8 if named else 0)


def test_who_voted_what_is_shown_only_by_name_and_after_the_reveal(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        round = make_round(make_activity(workshop))
        seats = [make_seats(workshop, 1, name=name)[0] for name in ("Ida", "Ben", "Eva", "Jo", "Kim")]
        vote(round, seats, [6, 5, 6, CANT_SAY, 7])
        assert "Ben" not in html(page, workshop).partition("Still thinking")[0]
        press(page, workshop, "reveal", round=round.pk)
        shown = html(page, workshop)
        assert ("<dt>6</dt><dd>Eva, Ida</dd>" in shown) is named
        assert ("<dt>can’t say</dt><dd>Jo</dd>" in shown) is named
        assert ("Who said what" in shown) is named


def test_who_is_still_thinking_is_named_only_in_named_workshops(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        round = make_round(make_activity(workshop))
        ida, ben = make_seats(workshop, 1, name="Ida"), make_seats(workshop, 1, name="Ben")
        vote(round, ida, [5])
        shown = html(page, workshop)
        assert ("Still thinking: Ben<" in shown) is named
        assert "1 of 2" in shown
        assert len(ben) == 1


def test_texts_of_the_room_are_shown_once_revealed(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?")
    round = make_round(step)
    for place, seat in enumerate(make_seats(workshop, 6)):
        text = "<script>alert(1)</script>" if place == 0 else f"Idea {place}"
        Idea.objects.create(key=uuid4(), activity=step, round=round, seat=seat, text=text)
    assert "6 of 6" in html(page, workshop)
    assert "Idea 3" not in html(page, workshop)
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "Idea 3" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "6 texts were shown to the room." in shown
    idea = Idea.objects.get(text="Idea 3")
    said = press(page, workshop, "park", activity=step.pk, idea=idea.pk, parked="yes")
    idea.refresh_from_db()
    assert (said, idea.is_parked) == ("Parked for later.", True)
    press(page, workshop, "park", activity=step.pk, idea=idea.pk, parked="no")
    idea.refresh_from_db()
    assert idea.is_parked is False


def test_texts_of_a_breakout_group_that_is_too_small_are_withheld(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="Ideas", by_breakout=True)
    round = make_round(step)
    for label, count in (("Group 1", 6), ("Group 2", 2)):
        group = workshop.breakouts.create(label=label)
        for seat in make_seats(workshop, count, breakout=group):
            Idea.objects.create(
                key=uuid4(), activity=step, round=round, seat=seat, breakout=group, text=f"From {label}"
            )
    press(page, workshop, "reveal", round=round.pk)
    shown = html(page, workshop)
    assert "6 texts were shown to the room. Withheld, since too few people wrote something: Group 2." in shown
    assert shown.count("From Group 1") == 12
    assert "From Group 2" not in shown


# -- notes, commitments, people ---------------------------------------------------------------------


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
    assert press(page, workshop, "accept", commitment=keys[0]) == (
        "Nobody has seen the proposals yet. Reveal them first."
    )
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


# -- the live part, and what it costs ------------------------------------------------------------------


def test_the_live_part_comes_again_only_when_it_changed(page: Client, workshop: Workshop) -> None:
    first = page.get(url(workshop) + "?part=live")
    assert first.content.decode().startswith('<div id="console-live"')
    assert page.get(url(workshop) + "?part=live", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    vote(round_of(workshop), make_seats(workshop, 1), [9])
    second = page.get(url(workshop) + "?part=live", HTTP_IF_NONE_MATCH=first["ETag"])
    assert second.status_code == 200
    assert "9 of 9" in second.content.decode()


def test_a_script_gets_the_new_part_with_the_answer(page: Client, workshop: Workshop) -> None:
    fields = {"round": round_of(workshop).pk}
    answer = page.post(url(workshop, "reveal"), fields, headers={"X-Requested-With": "fetch"})
    told = answer.json()
    assert (answer.status_code, told["said"], told["problem"]) == (200, "Round 1 is revealed.", False)
    assert told["html"].startswith('<div id="console-live"')
    assert page.get(url(workshop) + "?part=live", HTTP_IF_NONE_MATCH=told["etag"]).status_code == 304
    refused = page.post(url(workshop, "deal"), {"groups": "99"}, headers={"X-Requested-With": "fetch"})
    assert (refused.status_code, refused.json()["problem"]) == (422, True)


@pytest.mark.parametrize("people", [1, 200])
@pytest.mark.parametrize(("state", "queries"), [(RoundState.OPEN, 13), (RoundState.REVEALED, 14)])
def test_queries_of_the_console(
    page: Client, ecosystem: Ecosystem, django_assert_num_queries: Any, people: int, state: str, queries: int
) -> None:
    workshop = make_workshop(ecosystem, named=True)
    plan = RatePlan(items=tuple(Item(key=key, text=key) for key in "abc"[: 1 if people == 1 else 3]))
    round = make_round(make_activity(workshop, plan=plan))
    seats = make_seats(workshop, people, name="Ida")
    for item in plan.items:
        vote(round, seats, [5] * people, item=item.key)
    for seat in seats:
        Reason.objects.create(round=round, seat=seat, item="a", text="Why")
        WorkshopNote.objects.create(workshop=workshop, text="Said")
    for _more in range(0 if people == 1 else 9):
        make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), current=False)
    if people > 1:
        Seat.objects.filter(workshop=workshop).update(breakout=workshop.breakouts.create(label="Group 1"))
    if state == RoundState.REVEALED:
        rounds.reveal_round(round=round, by=None)
    page.get(url(workshop))
    with django_assert_num_queries(queries):
        page.get(url(workshop))


def test_an_empty_workshop_says_what_to_do(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    assert "The agenda has no steps yet." in html(page, workshop)
    assert press(page, workshop, "start") == "The agenda has no steps. Add at least one, then start."
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), current=False)
    stage.start(workshop=workshop, by=None)
    shown = html(page, workshop)
    assert "0 people have joined." in shown


def test_links_are_drawn_and_said(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    plan = LinksPlan(pairs=(Pair(key="p", source="Trust", target="Orders"),))
    round = make_round(make_activity(workshop, kind=ActivityKind.LINKS, plan=plan, title="Map the loop"))
    vote(round, make_seats(workshop, 8), [3, 2, 2, 2, 1, 0, -1, 2], item="p")
    press(page, workshop, "reveal", round=round.pk)
    assert "Trust → Orders: 75 % say it raises, 13 % that it lowers, 13 % no effect." in html(page, workshop)
