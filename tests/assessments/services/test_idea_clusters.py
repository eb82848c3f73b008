"""Sorting ideas: every act once however often it is sent, nothing lost, and two people at once."""

import uuid
from collections.abc import Callable

import pytest

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, Idea, IdeaCluster
from assessments.models.activity_plans import IdeasPlan
from assessments.services import idea_clusters
from assessments.services.acts import NotLive, SomebodyElseDid, StageProblem
from assessments.services.idea_clusters import ClusterGone, IdeaGone
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_workshop

pytestmark = pytest.mark.django_db
Write = Callable[..., Idea]


@pytest.fixture
def activity(ecosystem: Ecosystem) -> Activity:
    return make_activity(make_workshop(ecosystem), kind=ActivityKind.IDEAS, plan=IdeasPlan())


@pytest.fixture
def write(activity: Activity) -> Write:
    round = make_round(activity, state="revealed", results={"shown": 9})

    def write(text: str, **changes: object) -> Idea:
        values = {"is_shown": True, "order": Idea.objects.count(), **changes}
        return Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, text=text, **values)

    return write


def version(activity: Activity) -> int:
    activity.workshop.refresh_from_db()
    return activity.workshop.version


def titles(activity: Activity) -> list[str]:
    return list(IdeaCluster.objects.filter(activity=activity).values_list("title", flat=True))


def test_a_cluster_is_added_once_and_every_screen_looks_again(activity: Activity, facilitator: User) -> None:
    before = version(activity)
    made = idea_clusters.add_cluster(activity=activity, title="  Our \n suppliers ", by=facilitator)
    assert (made.title, made.position, version(activity)) == ("Our suppliers", 0, before + 1)
    assert idea_clusters.add_cluster(activity=activity, title="our SUPPLIERS", by=facilitator) == made
    assert (titles(activity), version(activity)) == (["Our suppliers"], before + 1)
    assert activity.workshop.acted_by == facilitator


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (" \n ", "Give the cluster a name."),
        ("x" * 121, "This name has 121 letters; keep it to 120."),
    ],
)
def test_a_cluster_needs_a_name_that_fits(activity: Activity, facilitator: User, title: str, words: str) -> None:
    with pytest.raises(StageProblem) as refusal:
        idea_clusters.add_cluster(activity=activity, title=title, by=facilitator)
    assert str(refusal.value) == words


def test_there_are_not_more_clusters_than_a_vote_has_options(activity: Activity, facilitator: User) -> None:
    for number in range(40):
        idea_clusters.add_cluster(activity=activity, title=f"{number}", by=facilitator)
    with pytest.raises(StageProblem):
        idea_clusters.add_cluster(activity=activity, title="one more", by=facilitator)


def test_two_people_who_rename_at_once_lose_no_name(activity: Activity, facilitator: User, admin: User) -> None:
    made = idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator)
    idea_clusters.rename_cluster(cluster=made, title="Supply", seen="Suppliers", by=facilitator)
    idea_clusters.rename_cluster(cluster=made, title="Supply", seen="Suppliers", by=admin)  # the same again
    with pytest.raises(SomebodyElseDid) as refusal:
        idea_clusters.rename_cluster(cluster=made, title="Buying", seen="Suppliers", by=admin)
    assert str(refusal.value) == (
        "This cluster has been renamed to “Supply” meanwhile. Your name was not saved: “Buying”."
    )
    assert titles(activity) == ["Supply"]


def test_clusters_are_put_in_order(activity: Activity, facilitator: User) -> None:
    a, b, c = (idea_clusters.add_cluster(activity=activity, title=title, by=facilitator) for title in "ABC")
    idea_clusters.place_cluster(cluster=c, place=0, by=facilitator)
    assert titles(activity) == ["C", "A", "B"]
    now = version(activity)
    idea_clusters.place_cluster(cluster=c, place=0, by=facilitator)
    assert version(activity) == now
    idea_clusters.place_cluster(cluster=a, place=99, by=facilitator)
    assert titles(activity) == ["C", "B", "A"]
    b.delete()
    with pytest.raises(ClusterGone):
        idea_clusters.place_cluster(cluster=b, place=0, by=facilitator)


def test_what_is_taken_apart_leaves_its_ideas_on_the_board(activity: Activity, write: Write, facilitator: User) -> None:
    made = idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator)
    idea = write("One supplier", cluster=made)
    idea_clusters.take_apart(cluster=made, by=facilitator)
    now = version(activity)
    idea_clusters.take_apart(cluster=IdeaCluster(pk=made.pk or 1, activity=activity), by=facilitator)
    idea.refresh_from_db()
    assert (titles(activity), idea.cluster, version(activity)) == ([], None, now)


def test_ideas_move_with_what_was_merged_into_them(activity: Activity, write: Write, facilitator: User) -> None:
    made = idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator)
    host, parked = write("One supplier"), write("No plan", is_parked=True)
    also = write("Only one supplier", merged_into=host)
    before = version(activity)
    keys = [also.key, parked.key]
    assert idea_clusters.move_ideas(activity=activity, ideas=keys, cluster=made.pk, by=facilitator) == 2
    assert idea_clusters.move_ideas(activity=activity, ideas=keys, cluster=made.pk, by=facilitator) == 0
    for idea in (host, also, parked):
        idea.refresh_from_db()
    assert {idea.cluster for idea in (host, also, parked)} == {made}
    assert (parked.is_parked, version(activity)) == (False, before + 1)
    idea_clusters.move_ideas(activity=activity, ideas=[host.key], cluster=None, by=facilitator)
    host.refresh_from_db()
    assert host.cluster is None


def test_merged_ideas_keep_all_texts_and_can_be_split_again(
    activity: Activity, write: Write, facilitator: User
) -> None:
    made = idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator)
    host, other, third = write("One supplier", cluster=made), write("Only one"), write("A single one")
    idea_clusters.merge_ideas(activity=activity, ideas=[other.key, third.key], by=facilitator)
    idea_clusters.merge_ideas(activity=activity, ideas=[host.key, other.key], by=facilitator)
    now = version(activity)
    idea_clusters.merge_ideas(activity=activity, ideas=[host.key, third.key], by=facilitator)
    rows = dict(Idea.objects.values_list("text", "merged_into__text"))
    assert rows == {"One supplier": None, "Only one": "One supplier", "A single one": "One supplier"}
    assert set(Idea.objects.values_list("cluster", flat=True)) == {made.pk}
    assert version(activity) == now
    idea_clusters.split_idea(activity=activity, idea=third.key, by=facilitator)
    third.refresh_from_db()
    assert (third.merged_into, third.cluster) == (None, made)


def test_one_idea_alone_is_not_merged(activity: Activity, write: Write, facilitator: User) -> None:
    idea = write("One supplier")
    with pytest.raises(StageProblem):
        idea_clusters.merge_ideas(activity=activity, ideas=[idea.key, idea.key], by=facilitator)
    with pytest.raises(StageProblem):
        idea_clusters.merge_ideas(activity=activity, ideas=[], by=facilitator)


def test_ideas_are_parked_and_taken_up(activity: Activity, write: Write, facilitator: User) -> None:
    host = write("One supplier")
    write("Only one", merged_into=host)
    assert idea_clusters.park_ideas(activity=activity, ideas=[host.key], by=facilitator) == 1
    assert set(Idea.objects.values_list("is_parked", flat=True)) == {True}
    assert idea_clusters.park_ideas(activity=activity, ideas=[host.key], parked=False, by=facilitator) == 1
    assert set(Idea.objects.values_list("is_parked", flat=True)) == {False}


def test_hidden_foreign_and_unknown_ideas_cannot_be_touched(
    activity: Activity, write: Write, ecosystem: Ecosystem, facilitator: User
) -> None:
    other = make_activity(make_workshop(ecosystem), kind=ActivityKind.IDEAS, plan=IdeasPlan())
    elsewhere = Idea.objects.create(key=uuid.uuid4(), activity=other, text="Not here", is_shown=True)
    for key in (write("Hidden", is_shown=False).key, elsewhere.key, uuid.uuid4()):
        for act in (idea_clusters.park_ideas, idea_clusters.merge_ideas):
            with pytest.raises(IdeaGone):
                act(activity=activity, ideas=[write("Seen").key, key], by=facilitator)
        with pytest.raises(IdeaGone):
            idea_clusters.split_idea(activity=activity, idea=key, by=facilitator)
    foreign = IdeaCluster.objects.create(activity=other, title="Not here")
    with pytest.raises(ClusterGone):
        idea_clusters.move_ideas(activity=activity, ideas=[write("Seen").key], cluster=foreign.pk, by=facilitator)


def test_nothing_is_sorted_once_the_workshop_is_over(activity: Activity, write: Write, facilitator: User) -> None:
    idea = write("One supplier")
    activity.workshop.state, activity.workshop.ended_at = WorkshopState.ENDED, activity.workshop.started_at
    activity.workshop.save()
    with pytest.raises(NotLive):
        idea_clusters.park_ideas(activity=activity, ideas=[idea.key], by=facilitator)
