"""An act of a facilitator: the workshop is locked, something changes, and every screen in the room looks again.

Whoever presses second finds what the first one did: either nothing is left to do and they get the state as it is, or
a `StageProblem` says why their act no longer fits. `workshop.acted_by` tells whose act came before.
"""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from assessments.enums import WorkshopState
from assessments.live import bus
from assessments.live.events import room_topic
from assessments.models import Activity, Round, Workshop
from ecosystems.models import User


class StageProblem(Exception):
    """Why a command cannot be carried out, in words for the facilitator who gave it."""


class SomebodyElseDid(StageProblem):
    """The room is no longer as the presser saw it."""


class NotLive(StageProblem):
    def __init__(self, workshop: Workshop) -> None:
        if workshop.state == WorkshopState.ENDED:
            super().__init__(_("This workshop has ended."))
        elif workshop.state == WorkshopState.LOBBY:
            super().__init__(_("This workshop has not begun. Start it first."))
        else:
            super().__init__(_("The doors of this workshop are not open. Open them first, so that people can join."))


class NotAtThisStep(SomebodyElseDid):
    def __init__(self, workshop: Workshop) -> None:
        where = workshop.step.title if workshop.step else workshop.title
        super().__init__(_("The room is now at “%(step)s”.") % {"step": where})


class WrongRoundState(StageProblem):
    """The round is not, or no longer, in a state in which this can be done."""


def database_now() -> datetime:
    """This moment by the database's clock, which decides about deadlines; unlike NOW() it goes on in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def locked_workshop(workshop_id: int) -> Workshop:
    """The workshop as it is now, locked until the end of the transaction.

    Without joins: whoever had to wait for the lock would get the row anew, but beside it what was joined before.
    """
    return Workshop.objects.select_for_update(no_key=True).get(pk=workshop_id)


def live_workshop(workshop_id: int) -> Workshop:
    """The same, raising NotLive unless it has begun and not ended."""
    workshop = locked_workshop(workshop_id)
    if workshop.state != WorkshopState.LIVE:
        raise NotLive(workshop)
    return workshop


def current_activity(activity: Activity) -> Activity:
    """The step as it is now, its workshop locked; NotLive, NotAtThisStep where the room is not at it."""
    workshop = live_workshop(activity.workshop_id)
    if workshop.step_id != activity.pk:
        raise NotAtThisStep(workshop)
    return _within(workshop, Activity.objects.get(pk=activity.pk, workshop=workshop))


def current_round(round: Round) -> Round:
    """A round of the step at which the room is, locked: votes on their way in come before this or are refused."""
    activity = current_activity(round.activity)
    found = Round.objects.select_for_update().get(pk=round.pk, activity=activity)
    found.activity = activity
    return found


def acted(workshop: Workshop, by: User | None, *changed: str) -> None:
    """Save these fields of the locked workshop with the mark of an act, and have every screen look again."""
    workshop.version += 1
    workshop.active_at = database_now()
    workshop.acted_by = by
    workshop.save(update_fields=[*changed, "version", "active_at", "acted_by"])
    bus.wake_on_commit(room_topic(workshop.pk))


def _within(workshop: Workshop, activity: Activity) -> Activity:
    activity.workshop = workshop
    return activity
