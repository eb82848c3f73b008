"""What the wall shows in each state of a room, and that it never shows more than the room may see."""

import uuid
from typing import Any

import pytest

from assessments.dashboards.projector.screen import Group, Screen, screen
from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Breakout, Idea, Reason, Round, Workshop
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
from assessments.selectors.rooms import rooms
from assessments.services import rounds
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
READY = "If a main supplier failed tomorrow, how ready would we be?"


def seen(workshop: Workshop) -> Screen:
    return screen(rooms([workshop.pk])[workshop.pk])


def revealed(activity: Activity, by: User, votes: dict[str, list[int]]) -> Round:
    """A round of the activity in which fresh seats give these values, item by item."""
    round = rounds.open_round(activity=activity, seconds=None, by=by)
    seats = make_seats(activity.workshop, max(map(len, votes.values())))
    for item, values in votes.items():
        vote(round, seats, values, item=item)
    return rounds.reveal_round(round=round, by=by)


def test_the_lobby_tells_what_it_is_for_and_the_rules(ecosystem: Ecosystem) -> None:
    found = seen(make_workshop(ecosystem, state=WorkshopState.LOBBY, purpose="How ready are we?"))
    assert (found.heading, found.prompt, found.shows_way_in) == ("Autumn workshop", "How ready are we?", True)
    assert found.rules == (
        "Nobody sees who said what: not the facilitator, not an administrator.",
        "Before a round is revealed there is a count of who has answered, and nothing else, for anybody.",
        "A result is shown only where at least 5 people stand behind it.",
        "If you commit to something, that carries the name of who will do it.",
    )


def test_one_question_is_the_heading_and_while_it_is_open_there_are_only_counts(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, named=True)
    round = make_round(make_activity(workshop))
    seats = make_seats(workshop, 6, name="Mira")
    vote(round, seats, [9] * 6)
    Reason.objects.create(round=round, seat=seats[0], item="ready", text="One supplier", is_shown=True)
    found = seen(workshop)
    assert (found.heading, found.answered, found.pages, found.questions) == (READY, "have voted", (), ())
    assert found.hint == "Votes stay hidden until they are revealed."
    assert "One supplier" not in repr(found)
    assert "Mira" not in repr(found)


def test_what_is_guessed_stands_below_the_title_as_on_phones(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    plan = BetPlan(items=(Item("ada", "Adaptability"),))
    make_round(make_activity(workshop, kind=ActivityKind.BET, plan=plan, title="Where will it stand?"))
    found = seen(workshop)
    assert (found.heading, found.questions) == ("Where will it stand?", ("Adaptability",))


def test_the_round_before_is_not_on_the_wall_while_the_next_is_open(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = revealed(make_activity(workshop), facilitator, {"ready": [5, 5, 6, 6, 7]})
    rounds.ask_again(round=round, seconds=None, by=facilitator)
    found = seen(workshop)
    assert (found.pages, found.line) == ((), "Step 1 of 1 · round 2")
    assert found.hint == "Vote again on your phone. If you do not, your earlier vote stands."


def test_a_revealed_rating_is_a_chart_and_then_the_reasons(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    round = rounds.open_round(activity=activity, seconds=None, by=facilitator)
    seats = make_seats(workshop, 8)
    vote(round, seats, [5, 5, 6, 6, 7, 7, 8, 9])
    for seat in seats:
        Reason.objects.create(round=round, seat=seat, item="ready", text="One supplier")
    rounds.reveal_round(round=round, by=facilitator)
    chart, reasons = seen(workshop).pages
    assert chart.figure is not None
    assert (chart.heading, chart.figure.code) == (READY, "ADA")
    assert chart.figure.said == ("8 people count.", "The median is 6.5; the middle half spans 5.8 to 7.3.")
    assert chart.figure.chart.wide_width == 1240
    assert reasons.board is not None
    assert sum(len(column.notes) for column in reasons.board.columns) == 8
    assert not seen(workshop).shows_way_in


def test_few_votes_stay_withheld_on_the_wall(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    revealed(make_activity(workshop), facilitator, {"ready": [9, 9, 9, 9]})
    [page] = seen(workshop).pages
    assert page.figure is not None
    assert page.figure.said == ("Withheld: protects a small group. A result is shown from 5 people on.",)
    assert "median" not in page.figure.chart.svg


def test_a_small_group_is_withheld_on_the_wall_with_the_reason(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    round = rounds.open_round(activity=make_activity(workshop, by_breakout=True), seconds=None, by=facilitator)
    for label, people in (("Group 1", 4), ("Group 2", 7)):
        group = Breakout.objects.create(workshop=workshop, label=label)
        vote(round, make_seats(workshop, people, breakout=group), [6] * people)
    rounds.reveal_round(round=round, by=facilitator)
    together, apart = (page.figure for page in seen(workshop).pages)
    assert together is not None
    assert together.said[0] == "11 people count."
    assert apart is not None
    assert apart.said == ("Withheld: protects a small group.",)


NINE = tuple(Item(f"i{number}", f"Question {number}") for number in range(9))
OPTIONS = tuple(Option(f"o{number}", f"Option {number}") for number in range(12))
PAIRS = tuple(Pair(f"p{number}", f"A{number}", f"B{number}") for number in range(5))


@pytest.mark.parametrize(
    ("kind", "plan", "votes", "headings"),
    [
        ("rate", RatePlan(items=NINE), {one.key: [5] * 5 for one in NINE}, ["", "", *(one.text for one in NINE)]),
        ("dots", DotsPlan(options=OPTIONS), {one.key: [1] * 5 for one in OPTIONS}, ["", ""]),
        ("ranking", RankingPlan(options=OPTIONS), {o.key: [n + 1] * 5 for n, o in enumerate(OPTIONS)}, ["", ""]),
        (
            "links",
            LinksPlan(pairs=PAIRS),
            {one.key: [2] * 5 for one in PAIRS},
            ["What raises and what lowers what"] * 2,
        ),
    ],
)
def test_what_is_long_takes_turns(
    ecosystem: Ecosystem, facilitator: User, kind: str, plan: Plan, votes: dict[str, list[int]], headings: list[str]
) -> None:
    workshop = make_workshop(ecosystem)
    revealed(make_activity(workshop, kind=kind, plan=plan), facilitator, votes)
    assert [page.heading for page in seen(workshop).pages] == headings


def test_later_pages_of_dots_keep_their_places_among_all(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    votes = {option.key: [3 if number < 6 else 1] * 5 for number, option in enumerate(OPTIONS)}
    revealed(make_activity(workshop, kind="dots", plan=DotsPlan(options=OPTIONS)), facilitator, votes)
    first, second = (page.figure.chart.spec.rows for page in seen(workshop).pages if page.figure)
    assert [str(row[0]) for row in (*first, *second)] == [option.text for option in OPTIONS]
    assert {str(row[1]) for row in first} == {"1, tied"}
    assert {str(row[1]) for row in second} == {"7, tied"}


def test_many_open_questions_are_listed_as_far_as_they_can_be_read(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_round(make_activity(workshop, plan=RatePlan(items=NINE)))
    found = seen(workshop)
    assert (found.heading, len(found.questions), found.more) == ("How ready are we?", 6, 3)
    assert found.lists_many


def test_few_open_questions_leave_the_count_its_size(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_round(make_activity(workshop, plan=RatePlan(items=NINE[:3])))
    assert not seen(workshop).lists_many
    workshop = make_workshop(ecosystem)
    make_round(make_activity(workshop, plan=RatePlan(items=(Item("a", "How long " * 14), Item("b", "is this? " * 14)))))
    assert seen(workshop).lists_many


def test_what_can_be_chosen_is_on_the_wall_until_the_reveal(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind="dots", plan=DotsPlan(options=OPTIONS[:2]), title="What first?")
    assert (seen(workshop).heading, seen(workshop).questions) == ("What first?", ("Option 0", "Option 1"))
    revealed(activity, facilitator, {option.key: [1] * 5 for option in OPTIONS[:2]})
    assert seen(workshop).questions == ()


def idea(activity: Activity, round: Round, text: str, **changes: Any) -> Idea:
    return Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, text=text, **changes)


def test_ideas_are_on_the_wall_after_the_reveal_only(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan())
    round = rounds.open_round(activity=activity, seconds=None, by=facilitator)
    for seat in make_seats(workshop, 5):
        idea(activity, round, "One supplier only", seat=seat)
    assert "One supplier only" not in repr(seen(workshop))
    rounds.reveal_round(round=round, by=facilitator)
    [page] = seen(workshop).pages
    assert page.board is not None
    assert [note.text for column in page.board.columns for note in column.notes] == ["One supplier only"] * 5


def test_withheld_texts_are_explained(ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan())
    round = rounds.open_round(activity=activity, seconds=None, by=facilitator)
    idea(activity, round, "One supplier only", seat=make_seats(workshop)[0])
    rounds.reveal_round(round=round, by=facilitator)
    found = seen(workshop)
    assert found.pages == ()
    assert found.note == "Shown once 5 people have written: few texts could tell who wrote them."


def test_breakout_groups_are_named_with_their_size(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    group = Breakout.objects.create(workshop=workshop, label="Group 1")
    make_seats(workshop, 3, breakout=group)
    make_activity(workshop, by_breakout=True)
    assert seen(workshop).groups == (Group("Group 1", 3),)


def test_talk_shows_its_words_and_the_end_says_thanks(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(), title="Welcome", prompt="We speak for ourselves.")
    assert (seen(workshop).heading, seen(workshop).prompt) == ("Welcome", "We speak for ourselves.")
    ended = make_workshop(ecosystem, state=WorkshopState.ENDED)
    assert (seen(ended).heading, seen(ended).shows_way_in) == ("Thank you for being here", False)


def test_a_commitment_round_without_proposals_says_so(ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.COMMIT)
    make_round(activity, state=RoundState.REVEALED, results={"authors": 0, "shown": 0, "keys": []})
    assert seen(workshop).note == "Nobody has proposed anything."
