"""Ideas and check-ins that phones write: changed and taken back until the round closes, never after the room saw them.

A phone makes the key of each text, so that sending again is harmless. A key that was taken back stays known without
its text, so that a copy that comes late does not bring it back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.live import bus
from assessments.live.events import room_topic
from assessments.models import Idea
from assessments.models.activity_plans import IdeasPlan
from assessments.services.asked_rounds import Place, hold_place
from assessments.services.ballots import length_problem, not_asked
from assessments.services.drafts import CLOCK_SKEW, cleaned_comment, now_in_ms

LONGEST_IDEA: Final = 500
MOST_TAKEN_BACK: Final = 200
"""Keys of a seat in a step that are remembered as taken back: more than any hand takes back, and no program fills a
disk with them."""


@dataclass(frozen=True, slots=True)
class GivenIdea:
    """A text as a phone sends it. `revision`: the phone's clock in ms."""

    key: UUID
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class RefusedText:
    """A text that cannot be taken, and why, in words for the person."""

    key: UUID
    message: str


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch. `changed` counts texts that are new, changed or taken back; a replay changes none."""

    changed: int
    refused: tuple[RefusedText, ...]


def write_ideas(*, seat: UUID, round_id: int, ideas: Sequence[GivenIdea], gone: Iterable[UUID] = ()) -> Written:
    """Save what fits, take back what is `gone`, and say what does not fit.

    Raises SeatGone, SeatRemoved, Ended, NotThisRoom, NotCounted, RoundNotOpen: then nothing is saved.
    """
    gone = tuple(gone)
    try:
        return _written(seat, round_id, ideas, gone)
    except IntegrityError:  # another seat took one of these keys at this moment; now it is seen
        return _written(seat, round_id, ideas, gone)


@transaction.atomic
def _written(seat: UUID, round_id: int, ideas: Sequence[GivenIdea], gone: Iterable[UUID]) -> Written:
    place = hold_place(seat=seat, round_id=round_id)
    if not isinstance(place.plan, IdeasPlan):
        return Written(0, tuple(RefusedText(idea.key, not_asked()) for idea in ideas))
    pile = _Pile(place, place.plan, seat, round_id, {*gone, *(idea.key for idea in ideas)})
    for key in dict.fromkeys(gone):
        pile.take_back(key)
    for idea in ideas:
        pile.write(idea)
    changed = pile.save()
    if changed:
        bus.wake_on_commit(room_topic(place.workshop))
    return Written(changed, tuple(pile.refused))


class _Pile:
    """The texts of a seat in a round, with everything that has a key of the batch."""

    def __init__(self, place: Place, plan: IdeasPlan, seat: UUID, round_id: int, keys: set[UUID]) -> None:
        self.place, self.plan, self.seat, self.round = place, plan, seat, round_id
        found = Idea.objects.filter(Q(key__in=keys) | Q(round=round_id, seat=seat))
        self.known = {idea.key: idea for idea in found}
        self.latest = now_in_ms() + CLOCK_SKEW
        self.remembered: int | None = None
        self.new: dict[UUID, Idea] = {}
        self.changed: dict[UUID, Idea] = {}
        self.refused: list[RefusedText] = []

    def take_back(self, key: UUID) -> None:
        idea = self.known.get(key)
        if idea is None:
            if self._taken_back() < MOST_TAKEN_BACK:
                self.new[key] = self.known[key] = self._made(GivenIdea(key, "", self.latest), round_id=None)
        elif self._is_ours(idea) and not idea.is_shown and idea.round_id is not None:
            idea.round_id, idea.text = None, ""
            self.changed[key] = idea

    def write(self, given: GivenIdea) -> None:
        text, revision = cleaned_comment(given.text), min(given.revision, self.latest)
        idea = self.known.get(given.key)
        if idea is not None and self._is_ours(idea) and (idea.round_id is None or idea.revision >= revision):
            return  # taken back, or an older copy
        if problem := self._problem(idea, text):
            self.refused.append(RefusedText(given.key, problem))
        elif idea is None:
            made = self._made(GivenIdea(given.key, text, revision), round_id=self.round)
            self.new[given.key] = self.known[given.key] = made
        else:
            idea.text, idea.revision = text, revision
            if given.key not in self.new:
                self.changed[given.key] = idea

    def save(self) -> int:
        """How many texts changed for those who read them."""
        Idea.objects.bulk_create(self.new.values())
        for idea in self.changed.values():
            idea.save(update_fields=["text", "round", "revision"])
        return len(self.changed) + sum(idea.round_id is not None for idea in self.new.values())

    def _problem(self, idea: Idea | None, text: str) -> str | None:
        if idea is not None and not self._is_ours(idea):
            return _("This could not be saved. Copy the text, reload the page and write it once more.")
        if idea is not None and idea.is_shown:
            return _("The room has seen this already, so it stays as it is. Write what you want to add as a new one.")
        if not text:
            return _("Write something, or take it back.")
        if len(text) > LONGEST_IDEA:
            return length_problem(text, LONGEST_IDEA)
        if idea is None and self._count() >= self.plan.per_person:
            return ngettext(
                "You can give %(most)s at most. Change the one you have, or take it back.",
                "You can give %(most)s at most. Change one of those you have, or take one back.",
                self.plan.per_person,
            ) % {"most": self.plan.per_person}
        return None

    def _count(self) -> int:
        return sum(idea.round_id == self.round and self._is_ours(idea) for idea in self.known.values())

    def _taken_back(self) -> int:
        """Keys that are remembered without a text, with those of this batch."""
        if self.remembered is None:
            self.remembered = Idea.objects.filter(activity=self.place.activity, seat=self.seat, round=None).count()
        return self.remembered + sum(idea.round_id is None for idea in self.new.values())

    def _is_ours(self, idea: Idea) -> bool:
        return idea.seat_id == self.seat and idea.activity_id == self.place.activity

    def _made(self, given: GivenIdea, *, round_id: int | None) -> Idea:
        return Idea(
            key=given.key,
            activity_id=self.place.activity,
            round_id=round_id,
            seat_id=self.seat,
            breakout_id=self.place.breakout,
            text=given.text,
            revision=given.revision,
        )
