"""Votes: each is there once, the latest wins, and nothing is taken that the room would not count."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from assessments.enums import CANT_SAY, ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Reason, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import (
    BetPlan,
    DotsPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    RankingPlan,
    RatePlan,
    stored,
)
from assessments.services import asked_rounds, votes
from assessments.services.ballots import GivenReason, GivenVote
from assessments.services.drafts import CLOCK_SKEW, now_in_ms
from assessments.services.room_problems import (
    Ended,
    NotCounted,
    NotThisRoom,
    RoomProblem,
    RoundNotOpen,
    SeatGone,
    SeatRemoved,
)
from assessments.services.votes import Cast, cast_votes
from ecosystems.models import Ecosystem
from tests.factories.workshops import READY, make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_rounds, "_rounds", asked_rounds._Rounds(10))


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def round(workshop: Workshop) -> Round:
    return make_round(make_activity(workshop))


@pytest.fixture
def seat(workshop: Workshop) -> Seat:
    return make_seats(workshop)[0]


def round_of(workshop: Workshop, kind: ActivityKind, plan) -> Round:
    return make_round(make_activity(workshop, kind=kind, plan=plan))


def cast(seat: Seat, round: Round, *votes: GivenVote, reasons=()) -> Cast:
    return cast_votes(seat=seat.pk, round_id=round.pk, votes=votes, reasons=reasons)


def ready(value: int, revision: int = 1, **more) -> GivenVote:
    return GivenVote("ready", value, revision, **more)


def kept(round: Round) -> dict[str, int]:
    return dict(round.votes.order_by("item").values_list("item", "value"))


def test_a_vote_and_its_reason_are_saved_apart(round: Round, seat: Seat) -> None:
    assert cast(seat, round, ready(6), reasons=[GivenReason("ready", " Two suppliers. ", 1)]) == Cast(2, ())
    vote, reason = Vote.objects.get(), Reason.objects.get()
    assert (vote.round, vote.seat, vote.item, vote.value, vote.revision) == (round, seat, "ready", 6, 1)
    assert (vote.confidence, vote.delay, vote.breakout, vote.counted, vote.preview_step) == (None, None, None, False, 0)
    assert (reason.round, reason.seat, reason.item, reason.text, reason.is_shown) == (
        round,
        seat,
        "ready",
        "Two suppliers.",
        False,
    )


def test_the_latest_revision_wins_in_any_order_and_a_replay_changes_nothing(round: Round, seat: Seat) -> None:
    for value, revision, changed in ((5, 10, 1), (5, 30, 1), (6, 20, 0), (5, 30, 0), (7, 31, 1)):
        assert cast(seat, round, ready(value, revision)).changed == changed
    assert kept(round) == {"ready": 7}
    assert cast(seat, round, ready(1, 40), ready(2, 42), ready(3, 41)).changed == 1
    assert kept(round) == {"ready": 2}


def test_a_phone_whose_clock_is_ahead_cannot_shut_itself_out(round: Round, seat: Seat) -> None:
    cast(seat, round, ready(5, 2**62))
    assert Vote.objects.get().revision <= now_in_ms() + CLOCK_SKEW
    Vote.objects.update(revision=F("revision") - CLOCK_SKEW - 1)
    assert cast(seat, round, ready(6, 2**62)).changed == 1


def test_a_changed_value_does_not_count_as_new_for_the_preview(round: Round, seat: Seat) -> None:
    cast(seat, round, ready(5, 1))
    Vote.objects.update(preview_step=2)
    cast(seat, round, ready(6, 2))
    assert Vote.objects.get().preview_step == 2


@pytest.mark.parametrize("preview", [False, True])
def test_the_preview_is_woken_where_there_is_one(
    workshop: Workshop, round: Round, seat: Seat, preview: bool, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    Workshop.objects.update(preview=preview)
    woken: list[int] = []
    monkeypatch.setattr(votes, "wake_preview", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        cast(seat, round, ready(5, 1))
        cast(seat, round, ready(5, 1))
    assert woken == [round.pk] * preview


def test_the_breakout_group_is_that_at_the_time_of_the_vote(workshop: Workshop, round: Round, seat: Seat) -> None:
    first, second = (workshop.breakouts.create(label=label, position=n) for n, label in enumerate("AB"))
    for group in (first, second):
        Seat.objects.update(breakout=group)
        cast(seat, round, ready(5, group.pk))
        assert Vote.objects.get().breakout == group


def test_what_was_not_asked_or_is_off_the_scale_is_refused_and_the_rest_saved(workshop: Workshop, seat: Seat) -> None:
    items = tuple(Item(key=key, text=key) for key in "abc")
    round = round_of(workshop, ActivityKind.RATE, RatePlan(items=items, lowest=1, highest=5, reasons=False))
    done = cast(
        seat,
        round,
        GivenVote("a", 5, 1, confidence=99, delay=7),
        GivenVote("b", 6, 1),
        GivenVote("c", 0, 1),
        GivenVote("ready", 3, 1),
        reasons=[GivenReason("a", "Because", 1)],
    )
    assert done.changed == 1
    assert [(one.item, one.part, one.message) for one in done.refused] == [
        ("b", "value", "Choose a number from 1 to 5."),
        ("c", "value", "Choose a number from 1 to 5."),
        ("ready", "value", "This is not asked here. Look at the screen again."),
        ("a", "reason", "This is not asked here. Look at the screen again."),
    ]
    assert list(Vote.objects.values_list("item", "value", "confidence", "delay")) == [("a", 5, None, None)]
    assert not Reason.objects.exists()


def test_confidence_where_it_is_asked(workshop: Workshop, seat: Seat) -> None:
    round = round_of(workshop, ActivityKind.RATE, RatePlan(items=READY.items, confidence=True))
    assert cast(seat, round, ready(6, 1, confidence=6)).refused[0].message == (
        "Say how sure you are with a number from 1 to 5."
    )
    cast(seat, round, ready(6, 1, confidence=5))
    assert Vote.objects.get().confidence == 5
    cast(seat, round, ready(CANT_SAY, 2, confidence=5))
    assert (Vote.objects.get().value, Vote.objects.get().confidence) == (CANT_SAY, None)


def test_links_and_how_late_they_come(workshop: Workshop, seat: Seat) -> None:
    pairs = tuple(Pair(key=key, source="Trust", target=key) for key in ("ideas", "speed", "cost", "none", "far"))
    round = round_of(workshop, ActivityKind.LINKS, LinksPlan(pairs=pairs))
    done = cast(
        seat,
        round,
        GivenVote("ideas", -3, 1, delay=2),
        GivenVote("speed", 4, 1),
        GivenVote("cost", CANT_SAY, 1, delay=1),
        GivenVote("none", 0, 1, delay=1),
        GivenVote("far", 1, 1, delay=3),
    )
    assert [one.item for one in done.refused] == ["speed", "far"]
    assert set(Vote.objects.values_list("item", "value", "delay")) == {
        ("ideas", -3, 2),
        ("cost", CANT_SAY, None),
        ("none", 0, None),
    }


def test_bets_within_their_range(workshop: Workshop, seat: Seat) -> None:
    plan = BetPlan(items=(Item(key="share", text="Share"),), lowest=-40, highest=30)
    round = round_of(workshop, ActivityKind.BET, plan)
    assert cast(seat, round, GivenVote("share", 31, 1)).refused[0].message == "Choose a number from −40 to 30."
    assert cast(seat, round, GivenVote("share", -(10**9), 1)).changed == 0
    assert cast(seat, round, GivenVote("share", -40, 1)).changed == 1


OPTIONS = tuple(Option(key=key, text=key) for key in "abc")


def test_dots_are_given_whole_and_never_more_than_there_are(workshop: Workshop, seat: Seat) -> None:
    round = round_of(workshop, ActivityKind.DOTS, DotsPlan(options=OPTIONS, dots=5, most=3))
    assert cast(seat, round, GivenVote("a", 3, 1), GivenVote("b", 2, 2)) == Cast(3, ())
    assert kept(round) == {"a": 3, "b": 2, "c": 0}
    cast(seat, round, GivenVote("c", 3, 3))
    assert kept(round) == {"a": 0, "b": 0, "c": 3}
    assert cast(seat, round, GivenVote("a", 3, 1), GivenVote("b", 2, 2)).changed == 0
    for dots, item, message in (
        ([("a", 4)], "", "Put at most 3 dots on one option."),
        ([("a", -1)], "", "Put at most 3 dots on one option."),
        ([("a", CANT_SAY)], "", "Put at most 3 dots on one option."),
        ([("a", 3), ("b", 3)], "", "You have 5 dots. Take some away, then send again."),
        ([("a", 1), ("d", 1)], "d", "This is not asked here. Look at the screen again."),
    ):
        done = cast(seat, round, *(GivenVote(option, value, 9) for option, value in dots))
        assert (done.changed, [(one.item, one.message) for one in done.refused]) == (0, [(item, message)])
    assert kept(round) == {"a": 0, "b": 0, "c": 3}
    assert cast(seat, round) == Cast(0, ())


def test_a_ranking_needs_every_option_once(workshop: Workshop, seat: Seat) -> None:
    round = round_of(workshop, ActivityKind.RANKING, RankingPlan(options=OPTIONS))
    for places in ({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 2}, {"a": 0, "b": 1, "c": 2}, {"a": 1, "b": 2, "c": 4}):
        done = cast(seat, round, *(GivenVote(option, place, 1) for option, place in places.items()))
        assert [(one.item, one.message) for one in done.refused] == [
            ("", "Give every option a place of its own, from 1 to 3.")
        ]
    assert cast(seat, round, *(GivenVote(option, place, 1) for option, place in {"a": 2, "b": 3, "c": 1}.items()))
    assert kept(round) == {"a": 2, "b": 3, "c": 1}


def test_a_reason_is_cleaned_bounded_and_kept_by_revision(round: Round, seat: Seat) -> None:
    done = cast(seat, round, reasons=[GivenReason("ready", "x" * 5_000, 1)])
    assert [(one.part, one.message) for one in done.refused] == [
        ("reason", "This text has 5000 characters. Shorten it to 1000 or fewer.")
    ]
    cast(seat, round, reasons=[GivenReason("ready", "<script>\0 &\ud800 100 %s\r\nyes", 5)])
    assert Reason.objects.get().text == "<script> & 100 %s\nyes"
    assert cast(seat, round, reasons=[GivenReason("ready", "older", 4)]).changed == 0
    assert cast(seat, round, reasons=[GivenReason("ready", "", 6)]).changed == 1
    assert Reason.objects.get().text == ""


def closed(round: Round) -> None:
    Round.objects.filter(pk=round.pk).update(state=RoundState.CLOSED)


def over(round: Round) -> None:
    Round.objects.filter(pk=round.pk).update(closes_at=timezone.now() - timedelta(milliseconds=1))


def pending(round: Round) -> None:
    Round.objects.filter(pk=round.pk).update(state=RoundState.PENDING)


def revealed(round: Round) -> None:
    Round.objects.filter(pk=round.pk).update(state=RoundState.REVEALED, results={})


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        (closed, RoundState.CLOSED, "The round closed before this arrived, so it was not counted."),
        (over, RoundState.CLOSED, "The round closed before this arrived, so it was not counted."),
        (revealed, RoundState.REVEALED, "The round closed before this arrived, so it was not counted."),
        (pending, RoundState.PENDING, "This round is not open yet. Send again when it opens."),
    ],
)
def test_only_an_open_round_takes_votes(round: Round, seat: Seat, change, state, words) -> None:
    cast(seat, round, ready(5, 1))
    change(round)
    for given in ([ready(6, 2)], [ready(99, 2)], []):  # whatever is sent: first of all it is too late
        with pytest.raises(RoundNotOpen) as problem:
            cast(seat, round, *given)
        assert (problem.value.state, problem.value.reason, str(problem.value)) == (state, "closed", words)
    assert kept(round) == {"ready": 5}


def test_a_round_that_closes_later_is_open(round: Round, seat: Seat) -> None:
    Round.objects.update(closes_at=timezone.now() + timedelta(seconds=30))
    assert cast(seat, round, ready(5)).changed == 1


def test_who_may_not_vote(ecosystem: Ecosystem, workshop: Workshop, round: Round, seat: Seat) -> None:
    elsewhere = make_workshop(ecosystem)
    (stranger,) = make_seats(elsewhere)
    (removed,) = make_seats(workshop, is_removed=True)
    (facilitator,) = make_seats(workshop, is_counted=False)
    gone = Seat(pk=uuid.uuid4())
    found: list[type[RoomProblem]] = []
    for one in (stranger, removed, facilitator, gone):
        with pytest.raises(RoomProblem) as problem:
            cast(one, round, ready(99), ready(5))
        found.append(problem.type)
    assert found == [NotThisRoom, SeatRemoved, NotCounted, SeatGone]
    with pytest.raises(NotThisRoom):
        cast(seat, Round(pk=10**9), ready(5))
    with pytest.raises(NotThisRoom):
        cast(seat, Round(pk=make_round(make_activity(elsewhere)).pk), ready(5))
    with pytest.raises(SeatRemoved):
        cast(removed, Round(pk=10**9), ready(5))
    Workshop.objects.update(state=WorkshopState.ENDED, ended_at=timezone.now())
    with pytest.raises(Ended):
        cast(seat, round, ready(5))
    assert not Vote.objects.exists()


def test_a_step_that_was_changed_meanwhile_is_asked_as_it_is_now(round: Round, seat: Seat) -> None:
    cast(seat, round, ready(10, 1))
    plan = RatePlan(items=READY.items, lowest=1, highest=5)
    Activity.objects.update(settings=stored(plan))
    assert cast(seat, round, ready(10, 2)).refused[0].message == "Choose a number from 1 to 5."
    assert kept(round) == {"ready": 10}
    assert cast(seat, round, ready(3, 3)).changed == 1


def test_one_statement_for_every_batch_but_the_first(round: Round, seat: Seat, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        cast(seat, round, ready(5, 1))
    with django_assert_num_queries(1):
        cast(seat, round, ready(6, 2), reasons=[GivenReason("ready", "Because", 2)])


def test_a_step_without_votes_takes_none(workshop: Workshop, seat: Seat) -> None:
    round = round_of(workshop, ActivityKind.IDEAS, None)
    assert [one.message for one in cast(seat, round, ready(5)).refused] == [
        "This is not asked here. Look at the screen again."
    ]
