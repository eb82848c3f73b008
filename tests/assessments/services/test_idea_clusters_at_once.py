"""Two facilitators sort at the same moment: no circle of ideas, no cluster twice, nothing lost."""

import uuid

import pytest

from assessments.enums import ActivityKind
from assessments.models import Activity, Idea, IdeaCluster
from assessments.models.activity_plans import IdeasPlan
from assessments.services import idea_clusters
from ecosystems.models import Ecosystem, User
from tests.at_once import many_at_once
from tests.factories.workshops import make_activity, make_round, make_workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def activity(ecosystem: Ecosystem) -> Activity:
    return make_activity(make_workshop(ecosystem), kind=ActivityKind.IDEAS, plan=IdeasPlan())


def write(activity: Activity, count: int) -> list[Idea]:
    round = make_round(activity, state="revealed", results={"shown": count})
    return [
        Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, text=f"{number}", is_shown=True)
        for number in range(count)
    ]


def test_two_ideas_merged_into_each_other_do_not_both_vanish(activity: Activity, facilitator: User) -> None:
    one, two = write(activity, 2)

    def merge(number: int) -> Idea:
        keys = [one.key, two.key] if number % 2 else [two.key, one.key]
        return idea_clusters.merge_ideas(activity=activity, ideas=keys, by=facilitator)

    hosts = many_at_once(merge)
    [standing] = Idea.objects.filter(merged_into=None)
    assert hosts == [standing] * 4


def test_the_same_cluster_made_by_all_is_made_once(activity: Activity, facilitator: User) -> None:
    many_at_once(lambda _number: idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator))
    assert list(IdeaCluster.objects.values_list("title", "position")) == [("Suppliers", 0)]


def test_ideas_moved_while_their_cluster_is_taken_apart_stay_on_the_board(
    activity: Activity, facilitator: User
) -> None:
    ideas = write(activity, 6)
    cluster = idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator)

    def act(number: int) -> object:
        if number == 0:
            return idea_clusters.take_apart(cluster=cluster, by=facilitator)
        keys = [idea.key for idea in ideas[number - 1 :: 3]]
        return idea_clusters.move_ideas(activity=activity, ideas=keys, cluster=cluster.pk, by=facilitator)

    found = many_at_once(act)
    assert {type(one) for one in found} <= {type(None), int, idea_clusters.ClusterGone}
    assert Idea.objects.filter(cluster=None, merged_into=None, is_parked=False).count() == 6
