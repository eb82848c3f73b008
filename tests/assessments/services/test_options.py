"""The options of a vote on ideas: taken when its first round opens, and fixed from then on."""

import uuid
from typing import Any

import pytest

from assessments.enums import ActivityKind
from assessments.models import Activity, Idea, IdeaCluster, Workshop
from assessments.models.activity_plans import DotsPlan, Option, RankingPlan
from assessments.services.acts import StageProblem
from assessments.services.rounds import ask_again, open_round, reveal_round
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def source(workshop: Workshop) -> Activity:
    return make_activity(workshop, kind=ActivityKind.IDEAS, current=False)


@pytest.fixture(params=[ActivityKind.DOTS, ActivityKind.RANKING])
def choice(request: pytest.FixtureRequest, workshop: Workshop, source: Activity) -> Activity:
    return make_activity(workshop, kind=request.param, source=source)


def idea(activity: Activity, text: str, **changes: Any) -> Idea:
    return Idea.objects.create(
        **{"key": uuid.uuid4(), "activity": activity, "text": text, "is_shown": True, "order": 0, **changes}
    )


def options(activity: Activity) -> list[tuple[str, str]]:
    plan = Activity.objects.get(pk=activity.pk).plan
    assert isinstance(plan, DotsPlan | RankingPlan)
    return [(option.key, option.text) for option in plan.options]


def test_ideas_that_were_shown_become_options_in_their_order(
    source: Activity, choice: Activity, facilitator: User
) -> None:
    second, first = idea(source, "Visit each other", order=2), idea(source, "Share losses", order=1)
    idea(source, "Hidden", is_shown=False)
    idea(source, "Parked", is_parked=True)
    idea(source, "The same", merged_into=first)
    open_round(activity=choice, seconds=None, by=facilitator)
    assert options(choice) == [(str(first.key), "Share losses"), (str(second.key), "Visit each other")]


def test_a_cluster_is_one_option_where_something_is_in_it(
    source: Activity, choice: Activity, facilitator: User
) -> None:
    late, early, empty = (
        IdeaCluster.objects.create(activity=source, title=title, position=position)
        for title, position in (("Money", 2), ("Trust", 1), ("Nothing", 0))
    )
    for text, cluster in (("a", late), ("b", early), ("c", late)):
        idea(source, text, cluster=cluster)
    idea(source, "parked", cluster=empty, is_parked=True)
    alone = idea(source, "Alone")
    open_round(activity=choice, seconds=None, by=facilitator)
    assert options(choice) == [
        (f"cluster-{early.pk}", "Trust"),
        (f"cluster-{late.pk}", "Money"),
        (str(alone.key), "Alone"),
    ]


def test_options_stay_as_they_were_when_the_vote_opened(source: Activity, choice: Activity, facilitator: User) -> None:
    one, _other = idea(source, "One", order=1), idea(source, "Other", order=2)
    first = open_round(activity=choice, seconds=None, by=facilitator)
    asked = options(choice)
    Idea.objects.filter(pk=one.pk).update(text="Changed", is_parked=True)
    idea(source, "New")
    reveal_round(round=first, by=facilitator)
    ask_again(round=first, seconds=None, by=facilitator)
    assert options(choice) == asked
    assert [text for _key, text in asked] == ["One", "Other"]


def test_options_written_on_the_spot_are_kept(workshop: Workshop, source: Activity, facilitator: User) -> None:
    plan = DotsPlan(options=(Option(key="a", text="A"), Option(key="b", text="B")))
    choice = make_activity(workshop, kind=ActivityKind.DOTS, plan=plan, source=source)
    idea(source, "From the room")
    open_round(activity=choice, seconds=None, by=facilitator)
    assert options(choice) == [("a", "A"), ("b", "B")]


@pytest.mark.parametrize("ideas", [0, 1])
def test_a_vote_needs_two_options(source: Activity, choice: Activity, facilitator: User, ideas: int) -> None:
    for _ in range(ideas):
        idea(source, "Only one")
    with pytest.raises(StageProblem, match="fewer than two options"):
        open_round(activity=choice, seconds=None, by=facilitator)
    assert options(choice) == []


def test_too_many_ideas_are_to_be_grouped_first(source: Activity, choice: Activity, facilitator: User) -> None:
    for number in range(41):
        idea(source, f"Idea {number}")
    with pytest.raises(StageProblem, match=r"^41 options are too many to choose from\..* until 40 are left\.$"):
        open_round(activity=choice, seconds=None, by=facilitator)
    Idea.objects.filter(text="Idea 0").update(is_parked=True)
    open_round(activity=choice, seconds=None, by=facilitator)
    assert len(options(choice)) == 40
