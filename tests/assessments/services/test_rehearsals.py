"""Rehearsals: a copy with invented people who answer in every kind of step, and nothing that reaches the real one."""

from typing import Any

import pytest

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Commitment, Idea, Reason, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import (
    BetPlan,
    CommitPlan,
    DotsPlan,
    IdeasPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    Plan,
    RankingPlan,
    RatePlan,
)
from assessments.services.acts import StageProblem
from assessments.services.rehearsals import act, end_rehearsal, rehearse, waiting_rounds
from assessments.services.rounds import ask_again, close_round, open_round, reveal_round
from assessments.services.stage import end_workshop, go_to, start
from assessments.services.workshop_expiry import delete_old_rehearsals
from assessments.services.workshops import delete_workshop
from ecosystems.models import AuditEvent, Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.workshops import READY, make_activity, make_round, make_seats, make_workshop, vote
from tests.servers import WorkerProcess

pytestmark = pytest.mark.django_db
OPTIONS = tuple(Option(key=key, text=key.upper()) for key in "abcd")
PLANS: dict[str, Plan] = {
    ActivityKind.RATE: RatePlan(items=READY.items, confidence=True),
    ActivityKind.IDEAS: IdeasPlan(per_person=2),
    ActivityKind.CHECK: IdeasPlan(per_person=1),
    ActivityKind.DOTS: DotsPlan(options=OPTIONS, dots=5, most=3),
    ActivityKind.RANKING: RankingPlan(options=OPTIONS),
    ActivityKind.LINKS: LinksPlan(pairs=(Pair(key="one", source="Trust", target="Costs"),)),
    ActivityKind.BET: BetPlan(items=(Item(key="bet", text="How many?"),), lowest=-10, highest=400),
    ActivityKind.COMMIT: CommitPlan(),
}


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, state=WorkshopState.DRAFT, step=None)


def rehearsal_of(workshop: Workshop, kind: str, by: User, *, people: int = 12) -> Activity:
    """The first step of a rehearsal that has begun."""
    make_activity(workshop, kind=kind, plan=PLANS[kind], current=False)
    copy = start(workshop=rehearse(workshop=workshop, people=people, by=by), by=by)
    assert copy.step is not None
    return copy.step


def let_all_answer(round: Round) -> list[int]:
    """The pauses between looks, until everybody has answered."""
    pauses: list[int] = []
    while (pause := act(round_id=round.pk)) is not None:
        pauses.append(pause)
        assert len(pauses) < 30
    return pauses


def said(workshop: Workshop) -> tuple[int, ...]:
    of = {"round__activity__workshop": workshop}
    return (
        Vote.objects.filter(**of).count(),
        Reason.objects.filter(**of).count(),
        Idea.objects.filter(activity__workshop=workshop).count(),
        Commitment.objects.filter(workshop=workshop).count(),
    )


def test_a_rehearsal_is_a_copy_with_open_doors_and_invented_people(workshop: Workshop, facilitator: User) -> None:
    make_activity(workshop, current=False, notes="Ask Marta first", by_breakout=True)
    Workshop.objects.filter(pk=workshop.pk).update(asks_group=True, preview=True, min_group_size=7)
    copy = rehearse(workshop=workshop, people=26, by=facilitator)
    assert (copy.state, copy.rehearsal_of, copy.preview, copy.min_group_size) == ("lobby", workshop, True, 7)
    assert copy.code != workshop.code
    assert list(copy.activities.values_list("title", "notes", "by_breakout", "settings")) == list(
        workshop.activities.values_list("title", "notes", "by_breakout", "settings")
    )
    assert copy.seats.filter(is_simulated=True, is_counted=True, name="").exclude(group="").count() == 26
    assert (workshop.seats.count(), workshop.version) == (0, 1)


def test_invented_people_of_a_named_workshop_have_names(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem, named=True)
    make_activity(workshop, current=False)
    copy = rehearse(workshop=workshop, people=30, by=facilitator)
    names = set(copy.seats.values_list("name", flat=True))
    assert (len(names), "Amina" in names, "Amina 2" in names) == (30, True, True)


@pytest.mark.parametrize("kind", PLANS)
def test_invented_people_answer_in_every_kind_of_step(workshop: Workshop, facilitator: User, kind: str) -> None:
    step = rehearsal_of(workshop, kind, facilitator)
    round = open_round(activity=step, seconds=None, by=facilitator)
    assert let_all_answer(round)[0] == 1
    if kind == ActivityKind.COMMIT:
        assert Commitment.objects.filter(activity=step).count() == 5
    else:
        table: Any = Idea if kind in (ActivityKind.IDEAS, ActivityKind.CHECK) else Vote
        assert table.objects.filter(round=round).values("seat").distinct().count() == 11  # one stays silent
    results = reveal_round(round=round, by=facilitator).results
    assert results
    assert not results.get("withheld", False)


def test_not_all_answer_at_once(workshop: Workshop, facilitator: User) -> None:
    step = rehearsal_of(workshop, ActivityKind.RATE, facilitator)
    round = open_round(activity=step, seconds=None, by=facilitator)
    voted = []
    while act(round_id=round.pk) is not None:
        voted.append(Vote.objects.filter(round=round).count())
    assert voted == [3, 6, 9, 10]
    assert Vote.objects.filter(round=round).count() == 11


def test_a_second_round_has_those_who_keep_their_vote(workshop: Workshop, facilitator: User) -> None:
    step = rehearsal_of(workshop, ActivityKind.RATE, facilitator, people=40)
    first = open_round(activity=step, seconds=None, by=facilitator)
    let_all_answer(first)
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    let_all_answer(second)
    results = reveal_round(round=second, by=facilitator).results or {}
    turnout = results["items"][0]["together"]["turnout"]
    assert turnout["fresh"] > 15
    assert turnout["standing"] > 5


@pytest.mark.parametrize("seconds", [1, None])
def test_nobody_answers_a_round_that_is_not_open(workshop: Workshop, facilitator: User, seconds: int | None) -> None:
    step = rehearsal_of(workshop, ActivityKind.RATE, facilitator)
    round = open_round(activity=step, seconds=seconds, by=facilitator)
    if seconds is None:
        close_round(round=round, by=facilitator)
    else:
        Round.objects.filter(pk=round.pk).update(closes_at="2020-01-01T00:00Z")
    assert act(round_id=round.pk) is None
    assert Vote.objects.filter(round=round).count() == 0


def test_invented_people_answer_in_rehearsals_only(ecosystem: Ecosystem) -> None:
    real = make_workshop(ecosystem)
    round = make_round(make_activity(real))
    make_seats(real, 5, is_simulated=True)
    assert (act(round_id=round.pk), act(round_id=0)) == (None, None)
    assert said(real) == (0, 0, 0, 0)
    assert waiting_rounds() == []


def test_nothing_reaches_the_workshop_that_is_rehearsed(workshop: Workshop, facilitator: User) -> None:
    for kind, plan in PLANS.items():
        make_activity(workshop, kind=kind, plan=plan, current=False)
    before = Workshop.objects.filter(pk=workshop.pk).values().get()
    copy = start(workshop=rehearse(workshop=workshop, by=facilitator), by=facilitator)
    for step in copy.activities.all():
        copy = go_to(workshop=copy, activity=step, seen_step=copy.step_id, by=facilitator)
        round = open_round(activity=step, seconds=None, by=facilitator)
        let_all_answer(round)
        reveal_round(round=round, by=facilitator)
    assert min(said(copy)) > 0
    end_workshop(workshop=copy, by=facilitator)
    assert said(workshop) == (0, 0, 0, 0)
    assert workshop.ecosystem.link_votes.count() == 0
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["workshop.rehearsed"]
    assert Workshop.objects.filter(pk=workshop.pk).values().get() == before
    assert not Round.objects.filter(activity__workshop=workshop).exists()


def test_a_rehearsal_ends_without_a_trace(workshop: Workshop, facilitator: User) -> None:
    step = rehearsal_of(workshop, ActivityKind.COMMIT, facilitator, people=30)
    let_all_answer(open_round(activity=step, seconds=None, by=facilitator))
    assert Commitment.objects.count() > 0
    for _ in range(2):
        end_rehearsal(workshop=step.workshop, by=facilitator)
    assert (list(Workshop.objects.all()), Seat.objects.count(), Commitment.objects.count()) == ([workshop], 0, 0)


def test_a_real_workshop_is_not_ended_as_a_rehearsal(workshop: Workshop, facilitator: User) -> None:
    with pytest.raises(StageProblem, match="not a rehearsal"):
        end_rehearsal(workshop=workshop, by=facilitator)
    assert Workshop.objects.filter(pk=workshop.pk).exists()


@pytest.mark.parametrize("way", ["the original is deleted", "a day has passed"])
def test_no_commitment_of_a_rehearsal_outlives_it(workshop: Workshop, facilitator: User, way: str) -> None:
    step = rehearsal_of(workshop, ActivityKind.COMMIT, facilitator, people=30)
    let_all_answer(open_round(activity=step, seconds=None, by=facilitator))
    if way == "a day has passed":
        Workshop.objects.filter(rehearsal_of=workshop).update(created_at="2020-01-01T00:00Z")
        assert (delete_old_rehearsals(), delete_old_rehearsals()) == (1, 0)
    else:
        delete_workshop(workshop=workshop, by=facilitator)
    assert (Workshop.objects.filter(rehearsal_of__isnull=False).count(), Commitment.objects.count()) == (0, 0)


def test_rehearsing_anew_replaces_ones_own_rehearsal(workshop: Workshop, facilitator: User, admin: User) -> None:
    make_activity(workshop, current=False)
    theirs = rehearse(workshop=workshop, by=admin)
    rehearse(workshop=workshop, by=facilitator)
    second = rehearse(workshop=workshop, by=facilitator)
    assert set(workshop.rehearsals.all()) == {theirs, second}


@pytest.mark.parametrize("people", [0, 61])
def test_1_to_60_people_are_invented(workshop: Workshop, facilitator: User, people: int) -> None:
    make_activity(workshop, current=False)
    with pytest.raises(StageProblem, match="1 to 60"):
        rehearse(workshop=workshop, people=people, by=facilitator)


def test_an_empty_agenda_and_a_rehearsal_are_not_rehearsed(workshop: Workshop, facilitator: User) -> None:
    with pytest.raises(StageProblem, match="has no steps"):
        rehearse(workshop=workshop, by=facilitator)
    make_activity(workshop, current=False)
    copy = rehearse(workshop=workshop, by=facilitator)
    with pytest.raises(StageProblem, match="rehearsal already"):
        rehearse(workshop=copy, by=facilitator)


def test_one_invented_person_will_do(workshop: Workshop, facilitator: User) -> None:
    step = rehearsal_of(workshop, ActivityKind.RATE, facilitator, people=1)
    round = open_round(activity=step, seconds=None, by=facilitator)
    assert let_all_answer(round) == []
    assert Vote.objects.filter(round=round).count() == 1


def test_real_phones_in_a_rehearsal_speak_for_themselves(workshop: Workshop, facilitator: User) -> None:
    step = rehearsal_of(workshop, ActivityKind.RATE, facilitator)
    round = open_round(activity=step, seconds=None, by=facilitator)
    phones = make_seats(step.workshop, 2)
    vote(round, phones[:1], [9])
    let_all_answer(round)
    assert list(Vote.objects.filter(seat__in=phones).values_list("value", flat=True)) == [9]


@pytest.mark.django_db(transaction=True)
def test_a_worker_lets_them_answer_when_a_round_opens(
    ecosystem: Ecosystem, facilitator: User, celery_worker: WorkerProcess
) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT)
    step = rehearsal_of(workshop, ActivityKind.RATE, facilitator, people=6)
    round = open_round(activity=step, seconds=None, by=facilitator)
    voted = Vote.objects.filter(round=round)
    assert wait_until(lambda: voted.count() == 6, seconds=60), celery_worker.output()
    assert Round.objects.get(pk=round.pk).state == RoundState.OPEN
