"""What the facilitators sort: the ideas that the room has seen, in their clusters; read in two queries."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from assessments.models import Activity, Idea, IdeaCluster


@dataclass(frozen=True, slots=True)
class SortedIdea:
    """`name` only in named workshops. `merged`: key, text and name of what says the same."""

    key: UUID
    text: str
    name: str = ""
    merged: tuple["SortedIdea", ...] = ()


@dataclass(frozen=True, slots=True)
class SortedCluster:
    """`place` counts from 0; `key` is None for the ideas that belong to none."""

    key: int | None
    title: str
    place: int
    ideas: tuple[SortedIdea, ...]


@dataclass(frozen=True, slots=True)
class IdeaBoard:
    clusters: tuple[SortedCluster, ...]
    loose: tuple[SortedIdea, ...]
    parked: tuple[SortedIdea, ...]

    @property
    def count(self) -> int:
        """Ideas that stand by themselves."""
        return len(self.loose) + len(self.parked) + sum(len(one.ideas) for one in self.clusters)


def board_of(activity: Activity, *, named: bool) -> IdeaBoard:
    """The board of an activity; empty before the first reveal."""
    ideas = list(Idea.objects.filter(activity=activity, is_shown=True).select_related("seat").order_by("order", "key"))
    also: defaultdict[UUID, list[SortedIdea]] = defaultdict(list)
    for one in ideas:
        if one.merged_into_id is not None:
            also[one.merged_into_id].append(_idea(one, named))
    places: defaultdict[int | None, list[SortedIdea]] = defaultdict(list)
    parked: list[SortedIdea] = []
    for one in ideas:
        if one.merged_into_id is None:
            shown = _idea(one, named, tuple(also[one.key]))
            (parked if one.is_parked else places[one.cluster_id]).append(shown)
    clusters = IdeaCluster.objects.filter(activity=activity).order_by("position", "pk")
    return IdeaBoard(
        clusters=tuple(
            SortedCluster(one.pk, one.title, place, tuple(places[one.pk])) for place, one in enumerate(clusters)
        ),
        loose=tuple(places[None]),
        parked=tuple(parked),
    )


def _idea(one: Idea, named: bool, merged: tuple[SortedIdea, ...] = ()) -> SortedIdea:
    return SortedIdea(one.key, one.text, one.seat.name if named and one.seat else "", merged)
