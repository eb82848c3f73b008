"""The end of a workshop: what was said is cut from who said it, and feeds the causal map."""

import uuid
from typing import Any

import pytest
from django.db import connection

from assessments import tasks
from assessments.enums import CANT_SAY, ActivityKind, CommitmentState, RoundState, WorkshopState
from assessments.live.events import MapSnapshot
from assessments.models import (
    Activity,
    Breakout,
    Commitment,
    Idea,
    MinutesRequest,
    Reason,
    Round,
    Seat,
    SummaryMark,
    Vote,
    Workshop,
)
from assessments.models.activity_plans import LinksPlan, Pair
from assessments.services import stage
from ecosystems.enums import MapEditKind
from ecosystems.models import Ecosystem, Factor, LinkVote, MapEdit, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
TRUST = Pair("trust", "Trust", "Speed of response", target_facet="ADA-SPEED")
PLAN = LinksPlan(pairs=(TRUST,))


def idea(round: Round, seat: Seat, text: str, **changes: Any) -> Idea:
    return Idea.objects.create(
        **{
            "key": uuid.uuid4(),
            "activity": round.activity,
            "round": round,
            "seat": seat,
            "text": text,
            "revision": 1_790_000_000_000,
            "is_shown": True,
            **changes,
        }
    )


def rated(workshop: Workshop, *, people: int, state: str = RoundState.OPEN) -> tuple[Round, list[Seat], list[Vote]]:
    round = make_round(make_activity(workshop), state=state)
    seats = make_seats(workshop, people)
    votes = vote(round, seats, [1 + number % 10 for number in range(people)], revision=1_790_000_000_000)
    return round, seats, votes


def test_revealed_votes_lose_seat_key_clock_and_order(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round, seats, votes = rated(workshop, people=60)
    Reason.objects.create(round=round, seat=seats[0], item="ready", text="Because", revision=5, is_shown=True)
    stage.reveal_round(round=round, by=facilitator)
    told = Round.objects.get().results
    workshop = stage.end_workshop(workshop=workshop, by=facilitator)
    assert (workshop.state, workshop.is_sealed, workshop.took_part) == (WorkshopState.ENDED, True, 60)
    rows: Any = Vote.objects.values_list("seat", "breakout", "revision", "preview_step", "counted").distinct()
    assert list(rows) == [(None, None, 0, 0, True)]
    assert sorted(Vote.objects.values_list("value", flat=True)) == sorted(one.value for one in votes)
    assert not Vote.objects.filter(key__in=[one.key for one in votes]).exists()
    reasons: Any = Reason.objects.values_list("seat", "revision", "text")
    assert list(reasons) == [(None, 0, "Because")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM assessments_vote ORDER BY ctid")
        assert [row[0] for row in cursor.fetchall()] != [one.value for one in votes]
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM assessments_vote")
        assert cursor.fetchone() == (1,)
    assert Round.objects.get().results == told


def test_what_was_never_revealed_is_gone_for_good(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round, seats, _votes = rated(workshop, people=9)
    Reason.objects.create(round=round, seat=seats[0], item="ready", text="Hidden")
    idea(round, seats[0], "Hidden", is_shown=False)
    taken_back = idea(round, seats[0], "Taken back", is_shown=False)
    Idea.objects.filter(pk=taken_back.pk).update(round=None)
    stage.end_workshop(workshop=workshop, by=facilitator)
    round.refresh_from_db()
    assert (round.state, round.results) == (RoundState.CLOSED, None)
    assert (Vote.objects.count(), Reason.objects.count(), Idea.objects.count()) == (0, 0, 0)
    assert Seat.objects.count() == 9


def test_a_named_workshop_keeps_who_said_what(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, named=True)
    _round, seats, votes = rated(workshop, people=3)
    workshop = stage.end_workshop(workshop=workshop, by=facilitator)
    assert not workshop.is_sealed
    assert dict(Vote.objects.values_list("key", "seat")) == dict(
        zip([v.key for v in votes], [s.pk for s in seats], strict=True)
    )


def test_ideas_get_new_keys_and_stay_merged(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop, kind=ActivityKind.IDEAS), state=RoundState.REVEALED)
    seats = make_seats(workshop, 2)
    breakout = Breakout.objects.create(workshop=workshop, label="A")
    kept = idea(round, seats[0], "Second supplier", order=4, breakout=breakout)
    merged = idea(round, seats[1], "Another supplier", merged_into=kept)
    stage.end_workshop(workshop=workshop, by=facilitator)
    assert not Idea.objects.filter(pk__in=[kept.pk, merged.pk]).exists()
    found: Any = Idea.objects.order_by("-order").values_list("text", "merged_into__text", "order", "seat", "revision")
    assert list(found) == [("Second supplier", None, 4, None, 0), ("Another supplier", "Second supplier", 0, None, 0)]
    assert not Idea.objects.filter(breakout__isnull=False).exists()


def test_proposals_that_nobody_saw_go_and_the_others_lose_their_seat(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.COMMIT)
    seat = make_seats(workshop)[0]
    about = {"organization": workshop.organization, "ecosystem": ecosystem, "workshop": workshop, "activity": step}
    seen, hidden, accepted = (
        Commitment.objects.create(text=text, owner_name="Ana", state=state, seat=seat, revision=7, **about)
        for text, state in (("seen", "proposed"), ("hidden", "proposed"), ("accepted", "open"))
    )
    make_round(step, state=RoundState.REVEALED, results={"authors": 1, "shown": 1, "keys": [str(seen.pk)]})
    make_round(step)
    stage.end_workshop(workshop=workshop, by=facilitator)
    assert dict(Commitment.objects.values_list("pk", "seat")) == {seen.pk: None, accepted.pk: None}
    assert hidden.state == CommitmentState.PROPOSED


def test_another_workshop_is_left_as_it_is(ecosystem: Ecosystem, facilitator: User) -> None:
    other = make_workshop(ecosystem)
    _round, _seats, votes = rated(other, people=4)
    stage.end_workshop(workshop=make_workshop(ecosystem), by=facilitator)
    assert set(Vote.objects.values_list("key", flat=True)) == {one.key for one in votes}


def test_one_transaction_or_none(ecosystem: Ecosystem, facilitator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = make_workshop(ecosystem)
    _round, _seats, votes = rated(workshop, people=4)
    monkeypatch.setattr("assessments.services.wrap_up.seal", lambda workshop: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        stage.end_workshop(workshop=workshop, by=facilitator)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.took_part, Vote.objects.count()) == (WorkshopState.LIVE, None, len(votes))


@pytest.fixture
def full_hall(ecosystem: Ecosystem, facilitator: User, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """An ended workshop with more votes than are sealed at once."""
    monkeypatch.setattr("assessments.services.wrap_up.SEALED_AT_ONCE", 5)
    workshop = make_workshop(ecosystem)
    round, _seats, _votes = rated(workshop, people=6)
    stage.reveal_round(round=round, by=facilitator)
    return stage.end_workshop(workshop=workshop, by=facilitator)


def test_a_full_hall_is_sealed_by_a_worker(full_hall: Workshop) -> None:
    assert (full_hall.is_sealed, Vote.objects.filter(seat=None).count()) == (False, 0)
    assert tasks.seal_workshop(full_hall.pk) is True
    full_hall.refresh_from_db()
    assert (full_hall.is_sealed, Vote.objects.filter(seat=None).count()) == (True, 6)
    assert tasks.seal_workshop(full_hall.pk) is False


def test_the_sweep_seals_what_a_lost_wake_up_left(ecosystem: Ecosystem, full_hall: Workshop) -> None:
    make_workshop(ecosystem)
    assert (tasks.sweep_workshops(), tasks.sweep_workshops()) == (1, 0)
    assert Vote.objects.filter(seat=None).count() == 6


# the causal map


@pytest.fixture
def links(ecosystem: Ecosystem) -> Activity:
    return make_activity(make_workshop(ecosystem, asks_group=True), kind=ActivityKind.LINKS, plan=PLAN)


def on_the_link(round: Round, seats: list[Seat], values: list[int], **changes: Any) -> None:
    vote(round, seats, values, item="trust", **changes)


def effects() -> list[int]:
    return sorted(LinkVote.objects.values_list("effect", flat=True))


def test_revealed_link_votes_come_onto_the_map(ecosystem: Ecosystem, links: Activity, facilitator: User) -> None:
    seats = make_seats(links.workshop, 6)
    first = make_round(links)
    on_the_link(first, seats, [3, 2, 1, 0, -1, CANT_SAY], delay=1)
    stage.reveal_round(round=first, by=facilitator)
    again = stage.ask_again(round=first, seconds=None, by=facilitator)
    on_the_link(again, seats[:5], [2, 2, 2, 2, 2])
    stage.reveal_round(round=again, by=facilitator)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert effects() == [2, 2, 2, 2, 2]
    rows = LinkVote.objects.values_list("source__name", "target__name", "target__facet", "origin", "shown_from")
    assert set(rows) == {("Trust", "Speed of response", "ADA-SPEED", f"workshop:{links.workshop_id}", 5)}
    assert len(set(LinkVote.objects.values_list("voice", flat=True))) == 5
    assert not Seat.objects.filter(pk__in=LinkVote.objects.values("voice")).exists()


def test_votes_that_come_onto_the_map_are_a_step_of_its_history(
    ecosystem: Ecosystem,
    links: Activity,
    facilitator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    told: list[MapSnapshot] = []
    monkeypatch.setattr("assessments.live.bus.publish", told.append)
    Factor.objects.create(ecosystem=ecosystem, name="Trust", on_map=False)
    round = make_round(links)
    on_the_link(round, make_seats(links.workshop, 6), [2] * 6)
    stage.reveal_round(round=round, by=facilitator)
    with django_capture_on_commit_callbacks(execute=True):
        stage.end_workshop(workshop=links.workshop, by=facilitator)
    edit = MapEdit.objects.get()
    assert (edit.kind, edit.by, edit.revision) == (MapEditKind.VOTES, None, 1)
    assert Factor.objects.get(name="Trust").on_map is True
    assert SummaryMark.objects.get(ecosystem=ecosystem).done_version < SummaryMark.objects.get().version
    assert told == [MapSnapshot(ecosystem.pk, 1)]


def test_link_votes_that_were_not_revealed_do_not(links: Activity, facilitator: User) -> None:
    on_the_link(make_round(links), make_seats(links.workshop, 9), [1] * 9)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert (effects(), Factor.objects.count()) == ([], 0)


@pytest.mark.parametrize(("others", "named"), [(5, {"customers", "employees"}), (4, {""})])
def test_groups_are_named_where_each_is_large_enough(
    links: Activity, facilitator: User, others: int, named: set[str]
) -> None:
    seats = make_seats(links.workshop, 6, group="customers") + make_seats(links.workshop, others, group="employees")
    round = make_round(links)
    on_the_link(round, seats, [1] * len(seats))
    stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert set(LinkVote.objects.values_list("group", flat=True)) == named


def test_groups_are_not_named_where_a_few_of_one_stand_alone_on_a_link(ecosystem: Ecosystem, facilitator: User) -> None:
    costs = Pair("costs", "Costs", "Trust")
    step = make_activity(
        make_workshop(ecosystem, asks_group=True), kind=ActivityKind.LINKS, plan=LinksPlan(pairs=(TRUST, costs))
    )
    customers = make_seats(step.workshop, 6, group="customers")
    employees = make_seats(step.workshop, 5, group="employees")
    round = make_round(step)
    on_the_link(round, customers + employees, [1] * 11)
    vote(round, customers + employees[:1], [2] * 7, item="costs")
    stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=step.workshop, by=facilitator)
    assert (len(effects()), set(LinkVote.objects.values_list("group", flat=True))) == (18, {""})


def test_the_later_of_two_questions_about_one_link_stands_alone(
    ecosystem: Ecosystem, links: Activity, facilitator: User
) -> None:
    """The minutes show 7 votes on the first and 5 on the second: 7 on the map would tell what the two others said."""
    seats = make_seats(links.workshop, 7)
    plan = LinksPlan(pairs=(Pair("again", " trust ", "SPEED of response"),))
    again = make_activity(links.workshop, kind=ActivityKind.LINKS, plan=plan)
    first, second = make_round(links), make_round(again)
    on_the_link(first, seats, [1, 1, 1, 1, 1, -3, -3])
    vote(second, seats[:5], [2] * 5, item="again")
    for step, round in ((links, first), (again, second)):
        Workshop.objects.filter(pk=links.workshop_id).update(step=step)
        stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert effects() == [2] * 5
    assert set(LinkVote.objects.values_list("source__name", "target__name")) == {("trust", "SPEED of response")}


def test_a_later_question_that_too_few_answered_leaves_the_earlier_one(links: Activity, facilitator: User) -> None:
    seats = make_seats(links.workshop, 6)
    again = make_activity(links.workshop, kind=ActivityKind.LINKS, plan=PLAN)
    first, second = make_round(links), make_round(again)
    on_the_link(first, seats, [1] * 6)
    on_the_link(second, seats[:4], [3] * 4)
    for step, round in ((links, first), (again, second)):
        Workshop.objects.filter(pk=links.workshop_id).update(step=step)
        stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert effects() == [1] * 6


def test_groups_are_not_named_where_the_room_was_shown_breakouts(links: Activity, facilitator: User) -> None:
    """Who is the only one of a stakeholder group in a breakout would stand out between the two."""
    Activity.objects.filter(pk=links.pk).update(by_breakout=True)
    round = make_round(links)
    seats = make_seats(links.workshop, 5, group="customers") + make_seats(links.workshop, 5, group="partners")
    on_the_link(round, seats, [1] * 10)
    stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert set(LinkVote.objects.values_list("group", flat=True)) == {""}


def test_a_rehearsal_leaves_no_trace_outside(links: Activity, facilitator: User) -> None:
    original = make_workshop(links.workshop.ecosystem)
    Workshop.objects.filter(pk=links.workshop_id).update(rehearsal_of=original)
    round = make_round(links)
    on_the_link(round, make_seats(links.workshop, 9), [1] * 9)
    stage.reveal_round(round=round, by=facilitator)
    stage.end_workshop(workshop=links.workshop, by=facilitator)
    assert effects() == []


def test_minutes_are_asked_for_at_the_commit(
    ecosystem: Ecosystem,
    facilitator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    woken: list[int] = []
    monkeypatch.setattr("assessments.tasks.wake_minutes", woken.append)
    workshop = make_workshop(ecosystem)
    MinutesRequest.objects.create(workshop=workshop, email="ana@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        stage.end_workshop(workshop=workshop, by=facilitator)
        assert woken == []
    assert woken == [workshop.pk]
