"""Which texts a reveal shows: reasons and ideas of enough people, in an order that tells nothing."""

import uuid
from collections import Counter
from typing import Any

import pytest

from assessments.enums import ActivityKind
from assessments.models import Activity, Breakout, Idea, Reason, Round, Seat, Workshop
from assessments.services.reveals import reveal
from assessments.services.rounds import ask_again, reveal_round
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db


def write(round: Round, seats: list[Seat], *, per_seat: int = 1, **changes: Any) -> list[Idea]:
    return Idea.objects.bulk_create(
        Idea(key=uuid.uuid4(), activity=round.activity, round=round, seat=seat, text=f"Idea {number}", **changes)
        for seat in seats
        for number in range(per_seat)
    )


def explain(round: Round, seats: list[Seat], *, item: str = "ready", text: str = "Because") -> list[Reason]:
    return Reason.objects.bulk_create(Reason(round=round, seat=seat, item=item, text=text) for seat in seats)


def shown_texts(activity: Activity) -> int:
    return activity.ideas.filter(is_shown=True).count()


def test_reasons_are_shown_from_the_comment_minimum_on(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 8)
    first = make_round(make_activity(workshop))
    explain(first, seats[:7])
    explain(first, seats[7:], text="")
    reveal_round(round=first, by=facilitator)
    assert Reason.objects.filter(is_shown=True).count() == 0
    second = ask_again(round=first, seconds=None, by=facilitator)
    explain(second, seats[:7])
    explain(second, seats, item="other")
    reveal_round(round=second, by=facilitator)
    assert Counter(Reason.objects.filter(is_shown=True).values_list("item", flat=True)) == {"other": 8}
    third = ask_again(round=second, seconds=None, by=facilitator)
    explain(third, seats[7:])
    reveal_round(round=third, by=facilitator)
    # nobody can tell who waited: all are reasons of the round that showed them
    assert Counter(Reason.objects.filter(is_shown=True).values_list("item", "round__number")) == {
        ("other", 2): 8,
        ("ready", 3): 8,
    }


def test_what_one_person_wrote_in_several_rounds_becomes_one_text(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 8)
    first = make_round(make_activity(workshop))
    explain(first, seats[:2], text="At first")
    explain(first, seats[2:3], text="Still so")
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    explain(second, seats[1:2], text="And then")
    explain(second, seats[2:], text="Still so")
    reveal_round(round=second, by=facilitator)
    texts = Counter(Reason.objects.filter(is_shown=True, round=second).values_list("text", flat=True))
    assert texts == {"At first": 1, "At first\n\nAnd then": 1, "Still so": 6}
    assert Reason.objects.filter(is_shown=False).count() == 0


def test_who_takes_back_a_later_reason_leaves_room_for_the_earlier_one(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 8)
    first = make_round(make_activity(workshop))
    explain(first, seats[:1], text="At first")
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    explain(second, seats[:1], text="")
    explain(second, seats[1:], text="Then")
    reveal_round(round=second, by=facilitator)
    texts = Counter(Reason.objects.filter(is_shown=True, round=second).values_list("text", flat=True))
    assert texts == {"At first": 1, "Then": 7}


@pytest.mark.parametrize("people", [8, 40])
def test_any_number_of_texts_is_shown_in_as_many_statements(
    ecosystem: Ecosystem, facilitator: User, people: int, django_assert_num_queries: Any
) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, people)
    first = make_round(make_activity(workshop))
    explain(first, seats[:2], text="At first")
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    for item in ("ready", "other"):
        explain(second, seats, item=item)
    activity = second.activity
    with django_assert_num_queries(7):
        reveal(second, by=facilitator)
    assert Reason.objects.filter(is_shown=True, round__activity=activity).count() == 2 * people


def test_later_reasons_need_the_minimum_once_more(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 8)
    first = make_round(make_activity(workshop))
    explain(first, seats)
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    explain(second, seats[:3])
    reveal_round(round=second, by=facilitator)
    assert Reason.objects.filter(is_shown=True, round=second).count() == 0


def ideas_round(workshop: Workshop, **changes: Any) -> Round:
    return make_round(make_activity(workshop, kind=ActivityKind.IDEAS, **changes))


@pytest.mark.parametrize("kind", [ActivityKind.IDEAS, ActivityKind.CHECK])
def test_ideas_are_shown_when_enough_people_wrote(ecosystem: Ecosystem, facilitator: User, kind: str) -> None:
    workshop = make_workshop(ecosystem)
    round = make_round(make_activity(workshop, kind=kind))
    seats = make_seats(workshop, 6)
    write(round, seats[:4], per_seat=3)
    reveal_round(round=round, by=facilitator)
    round.refresh_from_db()
    assert round.results == {"authors": 4, "shown": 0, "withheld": True, "needs": 5}
    second = ask_again(round=round, seconds=None, by=facilitator)
    write(second, seats[4:5])
    reveal_round(round=second, by=facilitator)
    second.refresh_from_db()
    assert second.results == {"authors": 5, "shown": 13, "withheld": False, "needs": 5}
    assert sorted(Idea.objects.values_list("order", flat=True)) == list(range(13))
    # nobody can tell which came last: all are of the round that showed them
    assert set(Idea.objects.values_list("round_id", flat=True)) == {second.pk}


def test_one_person_writing_much_is_one_person(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = ideas_round(workshop)
    write(round, make_seats(workshop, 1), per_seat=12)
    reveal_round(round=round, by=facilitator)
    assert shown_texts(round.activity) == 0


def test_later_ideas_need_enough_people_once_more_and_follow_the_first(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    seats = make_seats(workshop, 5)
    first = ideas_round(workshop)
    write(first, seats)
    reveal_round(round=first, by=facilitator)
    second = ask_again(round=first, seconds=None, by=facilitator)
    write(second, seats[:2])
    reveal_round(round=second, by=facilitator)
    assert shown_texts(first.activity) == 5
    third = ask_again(round=second, seconds=None, by=facilitator)
    write(third, seats[2:])
    reveal_round(round=third, by=facilitator)
    third.refresh_from_db()
    assert third.results == {"authors": 5, "shown": 5, "withheld": False, "needs": 5}
    assert sorted(Idea.objects.filter(round=third).values_list("order", flat=True)) == [5, 6, 7, 8, 9]


def test_what_was_taken_back_is_not_shown(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = ideas_round(workshop)
    seats = make_seats(workshop, 6)
    write(round, seats[:5])
    gone = Idea.objects.create(key=uuid.uuid4(), activity=round.activity, round=None, seat=seats[5], text="")
    reveal_round(round=round, by=facilitator)
    gone.refresh_from_db()
    assert (gone.is_shown, shown_texts(round.activity)) == (False, 5)


def test_ideas_of_breakout_groups_need_the_minimum_each(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    north, south = (Breakout.objects.create(workshop=workshop, label=label) for label in ("North", "South"))
    round = ideas_round(workshop, by_breakout=True)
    write(round, make_seats(workshop, 5), breakout=north)
    write(round, make_seats(workshop, 4), breakout=south)
    reveal_round(round=round, by=facilitator)
    round.refresh_from_db()
    assert round.results == {
        "authors": 9,
        "shown": 5,
        "withheld": False,
        "needs": 5,
        "groups": [
            {"group": "North", "authors": 5, "shown": 5, "withheld": False, "needs": 5},
            {"group": "South", "authors": 4, "shown": 0, "withheld": True, "needs": 5},
        ],
    }
    assert set(Idea.objects.filter(is_shown=True).values_list("breakout__label", flat=True)) == {"North"}


def test_the_order_of_ideas_is_drawn(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = ideas_round(workshop)
    written = write(round, make_seats(workshop, 40))
    reveal_round(round=round, by=facilitator)
    shown = list(Idea.objects.order_by("order").values_list("key", flat=True))
    assert shown != [idea.key for idea in written]
    assert set(shown) == {idea.key for idea in written}
