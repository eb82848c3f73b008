"""A facilitator's form as it was sent: what it names, read without trusting it, and why an act may be refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from assessments.models import Activity, Commitment, Round, Seat, Workshop, WorkshopNote
from assessments.services.acts import SomebodyElseDid, StageProblem
from assessments.services.commitments import CommitmentProblem
from assessments.services.room_problems import RoomProblem
from assessments.services.workshop_notes import NoteProblem
from assessments.services.workshops import WorkshopProblem
from ecosystems.models import User

M = TypeVar("M", bound=Model)
MOST_MINUTES: Final = 60
LONGEST_NUMBER: Final = 18
"""Digits that fit a primary key."""
NEWS: Final = SomebodyElseDid
"""Refusals that are news and no problem: the room has moved since the page was drawn."""
REFUSED: Final = (StageProblem, RoomProblem, NoteProblem, WorkshopProblem, CommitmentProblem)


Run = Callable[["Pressed"], str]


class Gone(StageProblem):
    def __init__(self) -> None:
        super().__init__(_("This is not there any more. The page now shows the workshop as it is."))


class Faster(SomebodyElseDid):
    """What this form wanted is done already."""


@dataclass(frozen=True)
class Pressed:
    """A form that was sent: by whom, for which workshop, with which fields."""

    workshop: Workshop
    by: User
    data: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.data.get(name, "")

    def whole(self, name: str) -> int | None:
        """A whole number that was sent, None for anything else."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None

    def uuid(self, name: str) -> UUID | None:
        try:
            return UUID(self.text(name))
        except ValueError:
            return None

    def moment(self, name: str) -> datetime | None:
        """A moment as the page wrote it, None for anything else."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else None

    def activity(self, name: str = "activity") -> Activity:
        step = found(self.workshop.activities.all(), self.whole(name))
        step.workshop = self.workshop
        return step

    def round(self) -> Round:
        rounds = Round.objects.filter(activity__workshop=self.workshop).select_related("activity__workshop")
        return found(rounds, self.whole("round"))

    def seat(self) -> Seat:
        return found(self.workshop.seats.all(), self.uuid("seat"))

    def day(self, name: str) -> date | None:
        """A day as date fields write it, None where nothing was written; CommitmentProblem for anything else."""
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CommitmentProblem(_("Write the day like 2027-05-31, or leave it empty.")) from None

    def commitment(self) -> Commitment:
        return found(Commitment.objects.filter(workshop=self.workshop), self.uuid("commitment"))

    def note(self) -> WorkshopNote:
        return found(self.workshop.notes.select_related("workshop"), self.uuid("note"))

    def seconds(self) -> int | None:
        """How long a round is to be open, from whole minutes; None: until it is closed."""
        minutes = self.whole("minutes")
        return min(minutes, MOST_MINUTES) * 60 if minutes else None

    def faster(self, sentence: str, passive: str, **names: object) -> "Faster":
        """What was done already: `sentence` with the name of whoever did it, where that is sure, else `passive`.

        It is sure where exactly one act came between what the presser saw and now.
        """
        other, seen = self.workshop.acted_by, self.whole("version")
        if other is not None and other.pk != self.by.pk and seen is not None and self.workshop.version == seen + 1:
            return Faster(sentence % {"name": other.name, **names})
        return Faster(passive % names)


def found(rows: "QuerySet[M]", key: object) -> M:
    one = rows.filter(pk=key).first() if key is not None else None
    if one is None:
        raise Gone
    return one
