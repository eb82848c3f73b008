"""Sorting what the room wrote: clusters, ideas that say the same, and what is parked. Several may sort at once.

Each act says what it wants to be true afterwards, so that one that is sent twice, or that two people do at once,
changes nothing the second time. What is sorted is what the room has seen; hidden ideas cannot be touched.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Activity, Idea, IdeaCluster, Workshop
from assessments.services.acts import SomebodyElseDid, StageProblem, acted, live_workshop
from assessments.services.drafts import cleaned_comment
from ecosystems.models import User

LONGEST_TITLE: Final = 120
MOST_CLUSTERS: Final = 40


class ClusterGone(SomebodyElseDid):
    def __init__(self) -> None:
        super().__init__(_("That cluster has been taken apart meanwhile. Its ideas are still on the board."))


class IdeaGone(SomebodyElseDid):
    def __init__(self) -> None:
        super().__init__(_("That idea is not on the board. Reload the page to see what is."))


@transaction.atomic
def add_cluster(*, activity: Activity, title: str, by: User | None) -> IdeaCluster:
    """A cluster after the others; the one of that name where there is one. Raises NotLive, StageProblem."""
    workshop = live_workshop(activity.workshop_id)
    title = _title(title)
    clusters = list(IdeaCluster.objects.filter(activity=activity))
    for known in clusters:
        if known.title.casefold() == title.casefold():
            return known
    if len(clusters) >= MOST_CLUSTERS:
        raise StageProblem(_("There are %(most)s clusters already. Merge some first.") % {"most": MOST_CLUSTERS})
    last = max((one.position for one in clusters), default=-1)
    made = IdeaCluster.objects.create(activity=activity, title=title, position=last + 1)
    acted(workshop, by)
    return made


@transaction.atomic
def rename_cluster(*, cluster: IdeaCluster, title: str, seen: str, by: User | None) -> IdeaCluster:
    """Give it another name; `seen` is the one that the presser saw. Raises ClusterGone, NotLive, StageProblem;
    SomebodyElseDid, with what was typed, where it has got a third name meanwhile.
    """
    workshop = live_workshop(cluster.activity.workshop_id)
    cluster, title = _known(cluster), _title(title)
    if cluster.title == title:
        return cluster
    if cluster.title != seen:
        raise SomebodyElseDid(
            _("This cluster has been renamed to “%(now)s” meanwhile. Your name was not saved: “%(yours)s”.")
            % {"now": cluster.title, "yours": title}
        )
    cluster.title = title
    cluster.save(update_fields=["title"])
    acted(workshop, by)
    return cluster


@transaction.atomic
def take_apart(*, cluster: IdeaCluster, by: User | None) -> None:
    """The cluster goes, its ideas stay on the board. Nothing happens where it is gone. Raises NotLive."""
    workshop = live_workshop(cluster.activity.workshop_id)
    Idea.objects.filter(cluster=cluster).update(cluster=None)
    if IdeaCluster.objects.filter(pk=cluster.pk).delete()[0]:
        acted(workshop, by)


@transaction.atomic
def place_cluster(*, cluster: IdeaCluster, place: int, by: User | None) -> None:
    """Put it at this place of the row, 0 being the first. Raises ClusterGone, NotLive."""
    workshop = live_workshop(cluster.activity.workshop_id)
    cluster = _known(cluster)
    before = list(IdeaCluster.objects.filter(activity=cluster.activity_id).order_by("position", "pk"))
    after = [one for one in before if one.pk != cluster.pk]
    after.insert(max(0, min(place, len(after))), cluster)
    if [one.pk for one in after] == [one.pk for one in before]:
        return
    for position, one in enumerate(after):
        one.position = position
    IdeaCluster.objects.bulk_update(after, ["position"])
    acted(workshop, by)


@transaction.atomic
def move_ideas(*, activity: Activity, ideas: Sequence[UUID], cluster: int | None, by: User | None) -> int:
    """Into a cluster, or with None out of all; with what was merged into them. Parked ones come back.

    How many moved. Raises ClusterGone, IdeaGone, NotLive.
    """
    workshop, hosts = _held(activity, ideas)
    if cluster is not None and not IdeaCluster.objects.filter(pk=cluster, activity=activity).exists():
        raise ClusterGone
    moved = [one for one in hosts if one.cluster_id != cluster or one.is_parked]
    _update(moved, cluster_id=cluster, is_parked=False)
    Idea.objects.filter(merged_into__in=hosts).update(cluster=cluster, is_parked=False)
    if moved:
        acted(workshop, by)
    return len(moved)


@transaction.atomic
def merge_ideas(*, activity: Activity, ideas: Sequence[UUID], by: User | None) -> Idea:
    """These say the same: the first stands for all, with every text kept under it. Raises IdeaGone, NotLive,
    StageProblem for fewer than two.
    """
    workshop, hosts = _held(activity, ideas)
    if len(set(ideas)) < 2:
        raise StageProblem(_("Tick two ideas or more that say the same."))
    host, *others = hosts
    if others:
        Idea.objects.filter(merged_into__in=others).update(
            merged_into=host, cluster=host.cluster_id, is_parked=host.is_parked
        )
        _update(others, merged_into_id=host.pk, cluster_id=host.cluster_id, is_parked=host.is_parked)
        acted(workshop, by)
    return host


@transaction.atomic
def split_idea(*, activity: Activity, idea: UUID, by: User | None) -> None:
    """Let it stand by itself again, where the idea stands that it was merged into. Raises IdeaGone, NotLive."""
    workshop = live_workshop(activity.workshop_id)
    found = Idea.objects.filter(activity=activity, is_shown=True, pk=idea).first()
    if found is None:
        raise IdeaGone
    if found.merged_into_id is not None:
        found.merged_into = None
        found.save(update_fields=["merged_into"])
        acted(workshop, by)


@transaction.atomic
def park_ideas(*, activity: Activity, ideas: Sequence[UUID], parked: bool = True, by: User | None) -> int:
    """Leave them for later, or take them up again: what is parked is neither on the projector nor voted on.

    How many changed. Raises IdeaGone, NotLive.
    """
    workshop, hosts = _held(activity, ideas)
    changed = [one for one in hosts if one.is_parked != parked]
    _update(changed, is_parked=parked)
    Idea.objects.filter(merged_into__in=changed).update(is_parked=parked)
    if changed:
        acted(workshop, by)
    return len(changed)


def _held(activity: Activity, ideas: Sequence[UUID]) -> tuple[Workshop, list[Idea]]:
    """The locked workshop and the ideas in the order given, each once; for a merged one the idea that stands for it."""
    workshop = live_workshop(activity.workshop_id)
    if not ideas:
        raise StageProblem(_("Tick the ideas first."))
    shown = Idea.objects.filter(activity=activity, is_shown=True).select_related("merged_into").in_bulk(list(ideas))
    if len(shown) != len(set(ideas)):
        raise IdeaGone
    hosts = {one.pk: one for key in ideas for one in [shown[key].merged_into or shown[key]]}
    return workshop, list(hosts.values())


def _update(ideas: Sequence[Idea], **values: object) -> None:
    Idea.objects.filter(pk__in=[one.pk for one in ideas]).update(**values)


def _known(cluster: IdeaCluster) -> IdeaCluster:
    found = IdeaCluster.objects.filter(pk=cluster.pk).first()
    if found is None:
        raise ClusterGone
    return found


def _title(text: str) -> str:
    title = " ".join(cleaned_comment(text).split())
    if not title:
        raise StageProblem(_("Give the cluster a name."))
    if len(title) > LONGEST_TITLE:
        raise StageProblem(
            _("This name has %(count)s letters; keep it to %(most)s.") % {"count": len(title), "most": LONGEST_TITLE}
        )
    return title
