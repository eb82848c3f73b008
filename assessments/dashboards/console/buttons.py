"""What can be pressed now: one thing that comes next, and what else is possible, by the state of step and round."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from assessments.enums import VOTED, ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Round, Workshop


class Act(StrEnum):
    """What a facilitator does to the room; also the last part of the address that a form is sent to."""

    OPEN_DOORS = "open-doors"
    START = "start"
    GO = "go"
    SKIP = "skip"
    TAKE_UP = "take-up"
    OPEN = "open-round"
    EXTEND = "extend"
    CLOSE = "close-round"
    REVEAL = "reveal"
    DISCUSS = "discuss"
    ASK_AGAIN = "ask-again"
    LOCK = "lock"
    END = "end"
    DEAL = "deal"
    CLEAR = "clear-breakouts"
    SEAT_BREAKOUT = "seat-breakout"
    REMOVE = "remove-seat"
    READMIT = "readmit-seat"
    MOVE = "move-step"
    PRIVATE = "private-notes"
    NOTE = "note"
    NOTE_CHANGE = "note-change"
    NOTE_DELETE = "note-delete"
    PARK = "park"
    ACCEPT = "accept"
    COMMITMENT = "commitment"
    DROP = "drop"
    RECORD = "record"
    END_REHEARSAL = "end-rehearsal"


@dataclass(frozen=True, slots=True)
class Button:
    """A form with one button. `fields` carry what the presser saw; `shortcut` is a single letter or ''."""

    act: Act
    label: str
    fields: tuple[tuple[str, str | int], ...] = ()
    shortcut: str = ""
    timer: bool = False
    """A choice of how long the round is open stands beside it."""
    leads_back: bool = False

    @property
    def name(self) -> str:
        """One of its kind on the page: by this focus finds the button again."""
        return "back" if self.leads_back else self.act.value


@dataclass(frozen=True, slots=True)
class Bar:
    primary: Button | None = None
    others: tuple[Button, ...] = ()
    aside: Button | None = None
    """Leads away from the step without finishing it."""
    back: Button | None = None
    hint: str = ""


def bar_of(workshop: Workshop, activities: Sequence[Activity], round: Round | None, state: str) -> Bar:
    """`state` is the round's effective state, '' without a round."""
    if workshop.state == WorkshopState.DRAFT:
        return Bar(Button(Act.OPEN_DOORS, _("Open the doors")), hint=_("Nobody can join before the doors are open."))
    if workshop.state == WorkshopState.LOBBY:
        return Bar(Button(Act.START, _("Start")), hint=_("The doors are open: people can join, nothing is asked yet."))
    if workshop.state == WorkshopState.ENDED:
        return Bar()
    step = next((one for one in activities if one.pk == workshop.step_id), None)
    following, before = neighbours(activities, step)
    back = _go(before, step, _("Back"), "b", leads_back=True) if before else None
    onward = _go(following, step, _("Next step"), "n") if following else None
    if step is None or not step.has_rounds:
        return Bar(onward, aside=None, back=back, hint="" if onward else _last())
    number = round.number if round else 1
    if round is None or state == RoundState.PENDING:
        opened = Button(Act.OPEN, opening(step, number), (("activity", step.pk),), "o", timer=True)
        return Bar(opened, aside=_skip(step, round, onward), back=back)
    seen = (("round", round.pk),)
    if state == RoundState.OPEN:
        closing = Button(Act.CLOSE, closing_words(step), seen, "c")
        return Bar(Button(Act.REVEAL, revealing(step, number), seen, "r"), (closing,), _skip(step, round, onward), back)
    if state == RoundState.CLOSED:
        more = Button(Act.EXTEND, _("Open one more minute"), (*seen, *deadline(round), ("seconds", 60)), "m")
        return Bar(Button(Act.REVEAL, revealing(step, number), seen, "r"), (more,), _skip(step, round, onward), back)
    again = Button(Act.ASK_AGAIN, _("Ask again"), seen, "a", timer=True)
    if state == RoundState.REVEALED:
        done = Button(Act.DISCUSS, _("Discussed"), seen, "d")
        return Bar(done, (again,), onward, back, "" if onward else _last())
    if onward is None:
        return Bar(None, (again,), None, back, _last())
    return Bar(onward, (again,), None, back)


def neighbours(activities: Sequence[Activity], step: Activity | None) -> tuple[Activity | None, Activity | None]:
    """The step that comes next and the one before, past those that are skipped."""
    places = [one for one in activities if not one.is_skipped or one == step]
    if step is None or step not in places:
        return (places[0] if places else None), None
    at = places.index(step)
    return (places[at + 1] if at + 1 < len(places) else None), (places[at - 1] if at else None)


def deadline(round: Round) -> tuple[tuple[str, str], ...]:
    """The deadline that the presser sees, so that two who press at once give one minute."""
    return (("closes_at", round.closes_at.isoformat()),) if round.closes_at else ()


def opening(step: Activity, number: int) -> str:
    if number > 1:
        return _("Open round %(number)s") % {"number": number}
    match step.kind:
        case ActivityKind.IDEAS:
            return _("Collect ideas")
        case ActivityKind.CHECK:
            return _("Ask the room")
        case ActivityKind.COMMIT:
            return _("Ask for commitments")
        case _kind:
            return _("Open round %(number)s") % {"number": number}


def closing_words(step: Activity) -> str:
    if step.kind not in VOTED:
        return _("Close writing")
    return _("Close voting")


def revealing(step: Activity, number: int) -> str:
    match step.kind:
        case ActivityKind.IDEAS:
            return _("Show the ideas")
        case ActivityKind.CHECK:
            return _("Show what was written")
        case ActivityKind.COMMIT:
            return _("Show the commitments")
        case _kind:
            return _("Reveal round %(number)s") % {"number": number}


def _go(to: Activity, step: Activity | None, label: str, shortcut: str, *, leads_back: bool = False) -> Button:
    seen = (("activity", to.pk), ("step", step.pk if step else 0))
    return Button(Act.GO, label, seen, shortcut, leads_back=leads_back)


def _skip(step: Activity, round: Round | None, onward: Button | None) -> Button | None:
    """A step of which nothing was revealed is left behind as skipped; the room sees that in the agenda."""
    if onward is None:
        return None
    if round is None or round.number == 1:
        return Button(Act.SKIP, _("Skip to next step"), (("activity", step.pk), ("step", step.pk)), onward.shortcut)
    return Button(onward.act, _("Skip to next step"), onward.fields, onward.shortcut)


def _last() -> str:
    return _("This was the last step. End the workshop when everybody is ready.")
