"""What facilitators command: doors, start, steps and the end. The rounds of a step: `rounds.py`.

Every command may be given twice and by two people at once: the second finds the work done and gets the state as it
is, or a StageProblem (`acts.py`) in words for the presser.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import REVEALED, RoundState, WorkshopState
from assessments.models import Activity, Round, Workshop
from assessments.services.acts import (
    NotLive,
    SomebodyElseDid,
    StageProblem,
    acted,
    database_now,
    live_workshop,
    locked_workshop,
)
from assessments.services.looked_back import look_back
from assessments.services.rounds import (
    ask_again,
    close_round,
    discuss_round,
    extend_round,
    open_round,
    reveal_round,
)
from assessments.services.wrap_up import wrap_up
from ecosystems.models import User
from ecosystems.services import audit

__all__ = [
    "NotLive",
    "SomebodyElseDid",
    "StageProblem",
    "ask_again",
    "close_round",
    "discuss_round",
    "end_workshop",
    "extend_round",
    "go_to",
    "open_doors",
    "open_round",
    "reveal_round",
    "set_locked",
    "skip_activity",
    "start",
    "take_up_again",
]


@transaction.atomic
def open_doors(*, workshop: Workshop, by: User | None) -> Workshop:
    """Let people join by code, QR or link. Nothing happens where they can already; NotLive after the end."""
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.ENDED:
        raise NotLive(workshop)
    if workshop.state == WorkshopState.DRAFT:
        workshop.state, workshop.opened_at = WorkshopState.LOBBY, database_now()
        acted(workshop, by, "state", "opened_at")
        _record(workshop, by, "workshop.doors-opened")
    return workshop


@transaction.atomic
def start(*, workshop: Workshop, by: User | None) -> Workshop:
    """Begin with the first step that is not skipped, with however many people are there; nobody will do.

    Nothing happens where it has begun. NotLive before the doors are open and after the end; StageProblem without steps.
    """
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.LIVE:
        return workshop
    if workshop.state != WorkshopState.LOBBY:
        raise NotLive(workshop)
    first = workshop.activities.filter(is_skipped=False).first()
    if first is None:
        raise StageProblem(_("The agenda has no steps. Add at least one, then start."))
    workshop.state, workshop.started_at = WorkshopState.LIVE, database_now()
    _arrive(workshop, first)
    acted(workshop, by, "state", "started_at", "step")
    _record(workshop, by, "workshop.started")
    return workshop


@transaction.atomic
def go_to(*, workshop: Workshop, activity: Activity, seen_step: int | None, by: User | None) -> Workshop:
    """Take the room to a step, from the step at which the presser saw it.

    A round that is open there closes, its results hidden. Nothing happens where the room is at `activity` already;
    SomebodyElseDid where it is elsewhere than was seen; NotLive.
    """
    workshop = live_workshop(workshop.pk)
    if workshop.step_id == activity.pk:
        return workshop
    if workshop.step_id != seen_step:
        raise SomebodyElseDid(_moved(workshop, by))
    _move(workshop, Activity.objects.get(pk=activity.pk, workshop=workshop))
    acted(workshop, by, "step")
    return workshop


@transaction.atomic
def skip_activity(*, activity: Activity, by: User | None) -> Workshop:
    """Leave a step out; from the step at which the room is, it goes on to the next.

    Nothing happens where it is skipped already. StageProblem where the room has seen results of it, or where the room
    is at it and nothing comes after; NotLive after the end.
    """
    workshop = _not_ended(activity.workshop_id)
    activity = Activity.objects.get(pk=activity.pk, workshop=workshop)
    if activity.is_skipped:
        return workshop
    if activity.rounds.filter(state__in=REVEALED).exists():
        raise StageProblem(_("The room has seen results of this step, so it cannot be skipped. Go on to the next one."))
    if workshop.step_id == activity.pk:
        after = _after(workshop, activity)
        if after is None:
            raise StageProblem(_("No step comes after this one. End the workshop, or go to another step."))
        _move(workshop, after)
    Activity.objects.filter(pk=activity.pk).update(is_skipped=True)
    acted(workshop, by, "step")
    return workshop


@transaction.atomic
def take_up_again(*, activity: Activity, by: User | None) -> Workshop:
    """Put a skipped step back on the agenda. Nothing happens where it is on it; NotLive after the end."""
    workshop = _not_ended(activity.workshop_id)
    if Activity.objects.filter(pk=activity.pk, workshop=workshop, is_skipped=True).update(is_skipped=False):
        acted(workshop, by)
    return workshop


@transaction.atomic
def set_locked(*, workshop: Workshop, locked: bool, by: User | None) -> Workshop:
    """Let nobody else join, or let them again; who has a seat keeps it. NotLive after the end."""
    workshop = _not_ended(workshop.pk)
    if workshop.is_locked != locked:
        workshop.is_locked = locked
        acted(workshop, by, "is_locked")
    return workshop


@transaction.atomic
def end_workshop(*, workshop: Workshop, by: User | None) -> Workshop:
    """End it for everybody; what was not revealed stays hidden. Nothing happens where it has ended; NotLive before."""
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.ENDED:
        return workshop
    if workshop.state == WorkshopState.DRAFT:
        raise NotLive(workshop)
    _leave(workshop)
    workshop.state, workshop.ended_at = WorkshopState.ENDED, database_now()
    acted(workshop, by, "state", "ended_at")
    wrap_up(workshop=workshop)
    _record(workshop, by, "workshop.ended")
    return workshop


def _not_ended(workshop_id: int) -> Workshop:
    workshop = locked_workshop(workshop_id)
    if workshop.state == WorkshopState.ENDED:
        raise NotLive(workshop)
    return workshop


def _after(workshop: Workshop, activity: Activity) -> Activity | None:
    """The next step of the agenda that is not skipped."""
    steps = list(workshop.activities.all())
    later = steps[steps.index(activity) + 1 :]
    return next((step for step in later if not step.is_skipped), None)


def _move(workshop: Workshop, activity: Activity) -> None:
    _leave(workshop)
    _arrive(workshop, activity)


def _leave(workshop: Workshop) -> None:
    """Close what is open. UPDATE waits for votes on their way in, and those after it find the round closed."""
    Round.objects.filter(activity__workshop=workshop, state=RoundState.OPEN).update(state=RoundState.CLOSED)
    if workshop.step_id:
        Activity.objects.filter(pk=workshop.step_id).update(ended_at=database_now())


def _arrive(workshop: Workshop, activity: Activity) -> None:
    activity.is_skipped, activity.ended_at = False, None
    activity.started_at = activity.started_at or database_now()
    look_back(activity=activity, workshop=workshop)
    activity.save(update_fields=["is_skipped", "started_at", "ended_at", "looked_back"])
    if activity.has_rounds and not activity.rounds.exists():
        Round.objects.create(activity=activity)
    workshop.step = activity


def _moved(workshop: Workshop, by: User | None) -> str:
    step = workshop.step.title if workshop.step else workshop.title
    if workshop.acted_by and workshop.acted_by != by:
        return _("%(name)s has already taken the room to “%(step)s”.") % {"name": workshop.acted_by.name, "step": step}
    return _("The room is already at “%(step)s”.") % {"step": step}


def _record(workshop: Workshop, by: User | None, action: str) -> None:
    if workshop.is_rehearsal:
        return
    audit.record(organization=workshop.organization, actor=by, action=action, subject=workshop)
