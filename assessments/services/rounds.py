"""The rounds of the step at which the room is: opened, prolonged, closed, revealed, discussed, asked again.

A round is opened, revealed and followed by the next one once, however many press. Deadlines are the database's clock.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import tasks
from assessments.enums import ActivityKind, RoundState
from assessments.models import Activity, Round, Vote
from assessments.models.activity_plans import BadPlan, problems
from assessments.selectors.pulses import effective_state
from assessments.services import reveals
from assessments.services.acts import (
    StageProblem,
    WrongRoundState,
    acted,
    current_activity,
    current_round,
    database_now,
)
from assessments.services.options import fix_options
from ecosystems.models import User

LONGEST_SECONDS: Final = 4 * 60 * 60


@transaction.atomic
def open_round(*, activity: Activity, seconds: int | None, by: User | None) -> Round:
    """Let the room answer, for so many seconds or until it is closed. The same round where it is open already.

    Raises NotAtThisStep, NotLive; WrongRoundState once the round was closed or revealed; StageProblem where the step is
    not ready to be asked.
    """
    activity = current_activity(activity)
    if activity.kind == ActivityKind.TALK:
        raise StageProblem(_("Nothing is asked in this step."))
    latest = Round.objects.select_for_update().filter(activity=activity).order_by("-number").first()
    if latest is None:
        latest = Round.objects.create(activity=activity)
    latest.activity = activity
    now = database_now()
    state = effective_state(latest.state, latest.closes_at, now)
    if state == RoundState.OPEN:
        return latest
    if state == RoundState.CLOSED:
        raise WrongRoundState(
            _("The answers of round %(number)s are in. Reveal it, or add time to open it again.")
            % {"number": latest.number}
        )
    if state != RoundState.PENDING:
        raise _is_revealed(latest)
    fix_options(activity)
    _check_ready(activity)
    return _open(latest, seconds, now, by)


@transaction.atomic
def extend_round(*, round: Round, seconds: int = 60, by: User | None, seen_closes_at: datetime | None = None) -> Round:
    """Give more time, counted from the deadline or, where that is over, from now; a closed round opens again.

    With `seen_closes_at`, the deadline that the presser saw, nothing happens where somebody changed it already.
    Raises WrongRoundState before the round was open and once it is revealed; NotAtThisStep, NotLive.
    """
    round = current_round(round)
    if round.state == RoundState.PENDING:
        raise _is_pending(round)
    if round.is_revealed:
        raise _is_revealed(round)
    if seen_closes_at is not None and round.closes_at != seen_closes_at:
        return round
    now = database_now()
    is_running = round.state == RoundState.OPEN and round.closes_at is not None and round.closes_at > now
    begins = round.closes_at if is_running and round.closes_at else now
    round.state, round.closes_at = RoundState.OPEN, begins + _duration(seconds)
    return _saved(round, by, "state", "closes_at")


@transaction.atomic
def close_round(*, round: Round, by: User | None) -> Round:
    """Take no more answers; the results stay hidden. Nothing happens where it is over. Raises as `extend_round`."""
    round = current_round(round)
    if round.state == RoundState.PENDING:
        raise _is_pending(round)
    if round.state == RoundState.OPEN:
        round.state = RoundState.CLOSED
        return _saved(round, by, "state")
    return round


@transaction.atomic
def reveal_round(*, round: Round, by: User | None) -> Round:
    """Close the round, and show its results to everybody, computed here once and for all.

    Nothing happens where it is revealed. Raises WrongRoundState before it was open; NotAtThisStep, NotLive.
    """
    round = current_round(round)
    if round.state == RoundState.PENDING:
        raise _is_pending(round)
    if not round.is_revealed:
        round.state, round.results = RoundState.REVEALED, reveals.reveal(round, by=by)
        round.preview_pending = round.preview_shown = None
        return _saved(round, by, "state", "results", "preview_pending", "preview_shown")
    return round


@transaction.atomic
def discuss_round(*, round: Round, by: User | None) -> Round:
    """Note that the room has talked about the results. WrongRoundState before they are revealed."""
    round = current_round(round)
    if not round.is_revealed:
        raise _not_revealed(round)
    if round.state == RoundState.REVEALED:
        round.state = RoundState.DISCUSSED
        return _saved(round, by, "state")
    return round


@transaction.atomic
def ask_again(*, round: Round, seconds: int | None, by: User | None) -> Round:
    """Open the round after a revealed one; the one that is there already where somebody was faster.

    Raises WrongRoundState before the round is revealed; NotAtThisStep, NotLive; StageProblem where the breakout
    groups it was revealed with are gone.
    """
    round = current_round(round)
    if not round.is_revealed:
        raise _not_revealed(round)
    following = Round.objects.filter(activity=round.activity, number=round.number + 1).first()
    if following is None:
        _check_groups(round)
        Round.objects.filter(pk=round.pk).update(state=RoundState.DISCUSSED)
        following = Round.objects.create(activity=round.activity, number=round.number + 1)
        following.activity = round.activity
        return _open(following, seconds, database_now(), by)
    following.activity = round.activity
    return following


def _open(round: Round, seconds: int | None, now: datetime, by: User | None) -> Round:
    round.state = RoundState.OPEN
    round.closes_at = None if seconds is None else now + _duration(seconds)
    return _saved(round, by, "state", "closes_at")


def _saved(round: Round, by: User | None, *fields: str) -> Round:
    round.save(update_fields=fields)
    workshop = round.activity.workshop
    acted(workshop, by)
    if workshop.is_rehearsal and round.state == RoundState.OPEN:
        transaction.on_commit(lambda: tasks.wake_rehearsal(round.pk), robust=True)
    return round


def _duration(seconds: int) -> timedelta:
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise StageProblem(_("Give a round between one second and four hours."))
    return timedelta(seconds=seconds)


def _check_ready(activity: Activity) -> None:
    try:
        found = problems(activity.plan)
    except BadPlan:
        found = (_("The settings of this step do not fit its kind. Edit the step."),)
    if found:
        raise StageProblem(" ".join(found))


def _check_groups(round: Round) -> None:
    """What may be revealed next depends on who was in which group, and that is forgotten when groups are dealt anew."""
    activity = round.activity
    if not activity.by_breakout or not activity.workshop.is_anonymous or not reveals.names_groups(round.results):
        return
    votes = Vote.objects.filter(round__activity=activity)
    if votes.exists() and not votes.filter(breakout__isnull=False).exists():
        raise StageProblem(
            _("The breakout groups have changed since this step was asked. Add a new step to vote on it again.")
        )


def _is_pending(round: Round) -> WrongRoundState:
    return WrongRoundState(_("Round %(number)s has not been opened yet.") % {"number": round.number})


def _is_revealed(round: Round) -> WrongRoundState:
    return WrongRoundState(
        _("Round %(number)s has been revealed already. To vote once more, ask again.") % {"number": round.number}
    )


def _not_revealed(round: Round) -> WrongRoundState:
    return WrongRoundState(_("Round %(number)s has not been revealed yet.") % {"number": round.number})
