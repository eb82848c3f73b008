"""What the room may see, and what it may not."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.enums import ActivityKind, CommitmentState, RoundState, WorkshopState
from assessments.models import Commitment, Idea, IdeaCluster, Reason, Workshop
from assessments.models.activity_plans import CommitPlan, TalkPlan
from assessments.selectors.rooms import rooms, seat_mark
from assessments.selectors.shown_rooms import Room
from ecosystems.models import Ecosystem
from tests.factories.instruments import make_default_instrument
from tests.factories.workshops import READY, make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db


def seen(workshop: Workshop) -> Room:
    return rooms([workshop.pk])[workshop.pk]


def write(activity, round, seat, text, **changes):
    return Idea.objects.create(
        key=uuid.uuid4(), activity=activity, round=round, seat=seat, text=text, is_shown=True, **changes
    )


def test_before_the_reveal_nothing_of_what_was_said_is_read(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, named=True, preview=True)
    round = make_round(make_activity(workshop), preview_shown={"secret": 1}, preview_pending={"secret": 1})
    seats = make_seats(workshop, 3, name="Mira")
    vote(round, seats, [1, 2, 3], counted=True)
    Reason.objects.create(round=round, seat=seats[0], item="ready", text="One supplier", is_shown=True)

    room = seen(workshop)
    assert room.round is not None
    assert room.round.is_open
    assert (room.revealed, room.reasons, room.votes) == ((), (), ())
    assert "secret" not in repr(room)


def test_a_reveal_shows_its_results_and_the_reasons_it_marked(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    round = make_round(activity, state=RoundState.REVEALED, results={"round": 1})
    seats = make_seats(workshop, 2, name="not kept in anonymous rooms")
    vote(round, seats, [1, 2], counted=True)
    for seat, shown in zip(seats, (True, False), strict=True):
        Reason.objects.create(round=round, seat=seat, item="ready", text=f"shown: {shown}", is_shown=shown)

    room = seen(workshop)
    assert [(one.number, one.results) for one in room.revealed] == [(1, {"round": 1})]
    assert [(one.item, one.text, one.name) for one in room.reasons] == [("ready", "shown: True", "")]
    assert room.votes == ()


def test_a_named_workshop_says_who_voted_what_after_the_reveal(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, named=True)
    activity = make_activity(workshop)
    round = make_round(activity, state=RoundState.REVEALED, results={})
    [mira], [ken] = make_seats(workshop, 1, name="Mira"), make_seats(workshop, 1, name="Ken")
    vote(round, [mira, ken], [7, 4], counted=True)
    vote(round, [mira], [1], item="late")

    assert [(one.item, one.name, one.value) for one in seen(workshop).votes] == [
        ("ready", "Ken", 4),
        ("ready", "Mira", 7),
    ]


def test_the_round_before_stays_in_sight_while_the_next_is_open(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    first = make_round(activity, state=RoundState.DISCUSSED, results={"round": 1})
    Reason.objects.create(round=first, seat=None, item="ready", text="One supplier", is_shown=True)
    second = make_round(activity)
    Reason.objects.create(round=second, seat=None, item="ready", text="hidden", is_shown=True)

    room = seen(workshop)
    assert room.round is not None
    assert (room.round.pk, room.round.number, room.round.state) == (second.pk, 2, RoundState.OPEN)
    assert [one.number for one in room.revealed] == [1]
    assert [one.text for one in room.reasons] == ["One supplier"]


def test_a_round_whose_time_is_over_is_closed(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_round(make_activity(workshop), closes_at=timezone.now() - timedelta(seconds=1))

    room = seen(workshop)
    assert room.round is not None
    assert (room.round.state, room.round.closes_at) == (RoundState.CLOSED, None)


def test_steps_are_counted_without_those_skipped(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, title="Welcome", kind=ActivityKind.TALK, current=False)
    make_activity(workshop, title="Left out", kind=ActivityKind.TALK, is_skipped=True, current=False)
    activity = make_activity(workshop, prompt="Think of last winter.")

    room = seen(workshop)
    assert room.step is not None
    assert (room.step.pk, room.step.number, room.steps) == (activity.pk, 2, 2)
    assert (room.step.prompt, room.step.plan) == ("Think of last winter.", READY)
    assert [line.title for line in room.agenda] == ["Welcome", "How ready are we?"]
    assert room.round is None


def test_settings_that_fit_no_plan_leave_a_step_to_talk_about(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, settings={"items": ["not an item"]})

    room = seen(workshop)
    assert room.step is not None
    assert room.step.plan == TalkPlan()


@pytest.mark.parametrize("state", [WorkshopState.LOBBY, WorkshopState.ENDED])
def test_before_the_start_and_after_the_end_there_is_no_step(ecosystem: Ecosystem, state: WorkshopState) -> None:
    workshop = make_workshop(ecosystem, state=state)
    make_round(make_activity(workshop), state=RoundState.REVEALED, results={"round": 1})

    room = seen(workshop)
    assert (room.state, room.step, room.round, room.revealed) == (state, None, None, ())


def test_ideas_stand_in_clusters_merged_and_without_those_parked(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, named=True)
    activity = make_activity(workshop, kind=ActivityKind.IDEAS)
    round = make_round(activity, state=RoundState.REVEALED, results={"authors": 5})
    [mira] = make_seats(workshop, 1, name="Mira")
    cold = IdeaCluster.objects.create(activity=activity, title="Cold chain", position=1)
    first = IdeaCluster.objects.create(activity=activity, title="People", position=0)
    IdeaCluster.objects.create(activity=activity, title="Empty", position=2)
    store = write(activity, round, mira, "Share a cold store", cluster=cold, order=2)
    write(activity, round, None, "One cold store for all", merged_into=store, order=1)
    write(activity, round, None, "Swap drivers", cluster=first, order=3)
    write(activity, round, None, "Loose", order=4)
    write(activity, round, None, "Parked", is_parked=True, order=5)
    Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, text="not shown")

    room = seen(workshop)
    assert [(c.title, [(i.text, i.name, i.also) for i in c.ideas]) for c in room.clusters] == [
        ("People", [("Swap drivers", "", ())]),
        ("Cold chain", [("Share a cold store", "Mira", ("One cold store for all",))]),
        ("", [("Loose", "", ())]),
    ]
    assert room.parked == 1


def test_ideas_are_not_read_before_their_reveal(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.CHECK)
    write(activity, make_round(activity), None, "marked too early")

    assert seen(workshop).clusters == ()


def test_proposals_are_seen_at_the_reveal_and_dropped_ones_never(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan())
    round = make_round(activity)
    for text, state in (
        ("a", CommitmentState.OPEN),
        ("b", CommitmentState.PROPOSED),
        ("c", CommitmentState.DROPPED),
        ("proposed in the round that is open", CommitmentState.PROPOSED),
    ):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            workshop=workshop,
            activity=activity,
            text=text,
            owner_name="Mira",
            state=state,
            closing_note="twice",
        )
    assert [one.text for one in seen(workshop).commitments] == ["a"]

    revealed = str(Commitment.objects.get(text="b").key)
    round.state, round.results = RoundState.DISCUSSED, {"authors": 1, "shown": 1, "keys": [revealed]}
    round.save()
    make_round(activity)
    assert sorted((one.text, one.is_proposed) for one in seen(workshop).commitments) == [("a", False), ("b", True)]


def test_a_commitment_names_the_score_it_should_move(ecosystem: Ecosystem) -> None:
    make_default_instrument()
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.COMMIT)
    for facet in ("INN-FLOW", "gone", ""):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            workshop=workshop,
            activity=activity,
            text="Ask two suppliers",
            owner_name="Mira",
            facet=facet,
        )
    assert sorted(one.score for one in seen(workshop).commitments) == ["", "", "Flow of ideas"]


def test_removed_seats_are_told_by_marks_that_lead_nowhere(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_seats(workshop, 2)
    removed = make_seats(workshop, 2, is_removed=True)

    room = seen(workshop)
    assert room.removed == tuple(sorted(seat_mark(seat.id) for seat in removed))
    assert all(len(mark) == 8 and mark not in seat.id.hex for mark, seat in zip(room.removed, removed, strict=True))


def test_queries_do_not_grow_with_rooms_or_people(
    ecosystem: Ecosystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = []
    for kind in (ActivityKind.RATE, ActivityKind.RATE, ActivityKind.IDEAS, ActivityKind.DOTS):
        workshop = make_workshop(ecosystem, named=True)
        activity = make_activity(workshop, kind=kind)
        round = make_round(activity, state=RoundState.REVEALED, results={})
        vote(round, make_seats(workshop, 20, name="Mira"), [1] * 20, counted=True)
        found.append(workshop)
    with django_assert_num_queries(7):
        rooms([found[0].pk])
    with django_assert_num_queries(8):  # and their ideas
        assert set(rooms([one.pk for one in found])) == {one.pk for one in found}
