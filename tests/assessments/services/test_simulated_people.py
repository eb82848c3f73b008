"""What invented people say: always what fits the plan, as different as people are, the same when asked again."""

import uuid
from datetime import date
from typing import Any

import pytest

from assessments.enums import CANT_SAY
from assessments.models.activity_plans import (
    BetPlan,
    DotsPlan,
    IdeasPlan,
    Item,
    LinksPlan,
    Option,
    Pair,
    Plan,
    RankingPlan,
    RatePlan,
    TalkPlan,
)
from assessments.services.ballots import read_ballot
from assessments.services.simulated_people import FEELINGS, IDEAS, SimulatedPerson

OPTIONS = tuple(Option(key=f"option-{number}", text=str(number)) for number in range(7))
ITEMS = (Item(key="one", text="One"), Item(key="two", text="Two"))
PLANS = [
    RatePlan(items=ITEMS, lowest=1, highest=5),
    RatePlan(items=ITEMS, lowest=0, highest=10, confidence=True, reasons=False),
    BetPlan(items=ITEMS, lowest=-300, highest=12_000),
    BetPlan(items=ITEMS, lowest=0, highest=1),
    DotsPlan(options=OPTIONS, dots=20, most=3),
    DotsPlan(options=OPTIONS[:2], dots=20, most=3),
    RankingPlan(options=OPTIONS),
    LinksPlan(pairs=(Pair(key="l", source="Trust", target="Costs"),), delays=False),
    LinksPlan(pairs=(Pair(key="l", source="Trust", target="Costs"),)),
]


def people(count: int = 60, **more: Any) -> list[SimulatedPerson]:
    return [SimulatedPerson(uuid.UUID(int=number), 7, revision=5, **more) for number in range(count)]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: type(plan).__name__)
def test_what_they_say_is_what_a_phone_may_say(plan: Plan) -> None:
    for person in people():
        votes, reasons = person.votes(plan), person.reasons(plan)
        ballot = read_ballot(plan=plan, votes=votes, reasons=reasons, latest=10)
        assert ballot.refused == ()
        assert set(ballot.votes) == set(votes)
        assert set(ballot.reasons) == set(reasons)


def test_asked_again_they_say_the_same() -> None:
    for plan in PLANS:
        assert [one.votes(plan) for one in people()] == [one.votes(plan) for one in people()]


def test_they_differ_and_some_cannot_say() -> None:
    plan = RatePlan(items=ITEMS, lowest=1, highest=10)
    values = {vote.value for one in people(200) for vote in one.votes(plan) if vote.item == "one"}
    assert CANT_SAY in values
    assert len(values - {CANT_SAY}) >= 5


def test_having_seen_the_room_they_come_closer() -> None:
    plan = RatePlan(items=ITEMS[:1], lowest=1, highest=10)
    shown = {"items": [{"item": "one", "together": {"spread": {"median": 9.0}}}]}
    hidden = {"items": [{"item": "one", "together": {"withheld": True}}]}

    def away(before: dict[str, Any]) -> float:
        given = [one.votes(plan)[0].value for one in people(before=before)]
        return sum(abs(9 - value) for value in given if value != CANT_SAY)

    assert away(shown) < 0.7 * away(hidden)
    assert away(hidden) == away({})


@pytest.mark.parametrize(("is_check", "texts"), [(False, IDEAS), (True, FEELINGS)])
def test_they_write_what_nobody_wrote_as_long_as_there_is_something(is_check: bool, texts: tuple[object, ...]) -> None:
    taken: list[str] = []
    for one in people(10):
        written = one.ideas(IdeasPlan(), is_check=is_check, taken=taken)
        assert 1 <= len(written) <= 2
        taken += [idea.text for idea in written]
    assert len(set(taken)) == len(taken)
    everything = [str(text) for text in texts]
    assert set(taken) <= set(everything)
    assert len(people(1)[0].ideas(IdeasPlan(), is_check=is_check, taken=everything)) >= 1


def test_one_text_where_one_is_allowed() -> None:
    assert {len(one.ideas(IdeasPlan(per_person=1), is_check=False, taken=())) for one in people()} == {1}


def test_they_promise_something_with_a_name_and_a_day() -> None:
    taken: list[str] = []
    for one in people(9):
        promise = one.promise(date(2031, 1, 1), taken=taken)
        assert promise.owner_name
        assert date(2031, 1, 22) <= (promise.due_on or date.min) <= date(2031, 3, 26)
        taken.append(promise.text)
    assert len(set(taken)) == 9


def test_nothing_is_voted_on_in_a_talk() -> None:
    assert people(1)[0].votes(TalkPlan()) == ()
    assert people(1)[0].reasons(TalkPlan()) == ()
