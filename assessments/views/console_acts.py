"""What a facilitator's forms do to the room: each act calls one service and says what happened.

Forms carry what the presser saw. Whoever presses second is told who was faster; that is news, never an error.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.console.buttons import Act
from assessments.enums import RoundState
from assessments.models import Breakout, Round
from assessments.models.activities import step_numbers
from assessments.services import agenda, breakouts, idea_clusters, rehearsals, rounds, seats, stage
from assessments.views import console_texts as texts
from assessments.views.console_presses import MOST_MINUTES, Pressed, Run, found


def open_doors(press: Pressed) -> str:
    stage.open_doors(workshop=press.workshop, by=press.by)
    return _("The doors are open. People can join now.")


def start(press: Pressed) -> str:
    stage.start(workshop=press.workshop, by=press.by)
    return _("The workshop has begun.")


def go(press: Pressed) -> str:
    to, seen = press.activity(), press.whole("step") or None
    if press.workshop.step_id == to.pk and seen != to.pk:
        raise press.faster(
            _("%(name)s has already taken the room to “%(step)s”."),
            _("The room is already at “%(step)s”."),
            step=to.title,
        )
    stage.go_to(workshop=press.workshop, activity=to, seen_step=seen, by=press.by)
    return _("The room is now at “%(step)s”.") % {"step": to.title}


def skip(press: Pressed) -> str:
    step, seen = press.activity(), press.whole("step")
    if seen is not None and press.workshop.step_id != seen:
        raise press.faster(
            _("%(name)s has already moved the room on."), _("The room has already moved on."), step=step.title
        )
    stage.skip_activity(activity=step, by=press.by)
    return _("“%(step)s” is skipped.") % {"step": step.title}


def take_up(press: Pressed) -> str:
    step = press.activity()
    stage.take_up_again(activity=step, by=press.by)
    return _("“%(step)s” is back on the agenda.") % {"step": step.title}


def open_round(press: Pressed) -> str:
    step = press.activity()
    latest = step.rounds.order_by("-number").first()
    if latest is not None and latest.state == RoundState.OPEN:
        raise press.faster(
            _("%(name)s has already opened round %(number)s."),
            _("Round %(number)s is already open."),
            number=latest.number,
        )
    opened = rounds.open_round(activity=step, seconds=press.seconds(), by=press.by)
    return _("Round %(number)s is open.") % {"number": opened.number}


def extend(press: Pressed) -> str:
    round = press.round()
    rounds.extend_round(
        round=round,
        seconds=min(press.whole("seconds") or 60, MOST_MINUTES * 60) or 60,
        by=press.by,
        seen_closes_at=press.moment("closes_at"),
    )
    return _("A minute more for round %(number)s.") % {"number": round.number}


def close(press: Pressed) -> str:
    round = press.round()
    if round.is_revealed or round.state == RoundState.CLOSED:
        raise press.faster(
            _("%(name)s has already closed round %(number)s."),
            _("Round %(number)s is already closed."),
            number=round.number,
        )
    rounds.close_round(round=round, by=press.by)
    return _("Round %(number)s is closed. Its results stay hidden until you reveal them.") % {"number": round.number}


def reveal(press: Pressed) -> str:
    round = press.round()
    if round.is_revealed:
        raise press.faster(
            _("%(name)s has already revealed round %(number)s."),
            _("Round %(number)s is already revealed."),
            number=round.number,
        )
    rounds.reveal_round(round=round, by=press.by)
    return _("Round %(number)s is revealed.") % {"number": round.number}


def discuss(press: Pressed) -> str:
    round = press.round()
    rounds.discuss_round(round=round, by=press.by)
    return _("Round %(number)s is discussed.") % {"number": round.number}


def ask_again(press: Pressed) -> str:
    round = press.round()
    if Round.objects.filter(activity=round.activity_id, number=round.number + 1).exists():
        raise press.faster(
            _("%(name)s has already opened round %(number)s."),
            _("Round %(number)s is already open."),
            number=round.number + 1,
        )
    opened = rounds.ask_again(round=round, seconds=press.seconds(), by=press.by)
    return _("Round %(number)s is open.") % {"number": opened.number}


def lock(press: Pressed) -> str:
    locked = press.text("locked") == "yes"
    stage.set_locked(workshop=press.workshop, locked=locked, by=press.by)
    return _("Nobody else can join now.") if locked else _("People can join again.")


def end(press: Pressed) -> str:
    stage.end_workshop(workshop=press.workshop, by=press.by)
    return _("The workshop has ended.")


def end_rehearsal(press: Pressed) -> str:
    rehearsals.end_rehearsal(workshop=press.workshop, by=press.by)
    return _("The rehearsal is deleted.")


def deal(press: Pressed) -> str:
    groups = press.whole("groups") or 0
    breakouts.deal(workshop=press.workshop, groups=groups, by=press.by)
    return ngettext("%(n)s breakout group is dealt.", "%(n)s breakout groups are dealt.", groups) % {"n": groups}


def clear_breakouts(press: Pressed) -> str:
    breakouts.clear(workshop=press.workshop, by=press.by)
    return _("Everybody is together again.")


def park(press: Pressed) -> str:
    parked, idea = press.text("parked") == "yes", press.uuid("idea")
    idea_clusters.park_ideas(activity=press.activity(), ideas=[idea] if idea else [], parked=parked, by=press.by)
    return _("Parked for later.") if parked else _("Taken back.")


def seat_breakout(press: Pressed) -> str:
    seat, breakout = press.seat(), found(Breakout.objects.filter(workshop=press.workshop), press.whole("breakout"))
    breakouts.move(seat=seat, breakout=breakout, by=press.by)
    return _("Moved to %(group)s.") % {"group": breakout.label}


def remove_seat(press: Pressed) -> str:
    seats.remove_seat(seat=press.seat(), by=press.by)
    return _("That phone is out of the room. What it sent before stays.")


def readmit_seat(press: Pressed) -> str:
    seats.readmit_seat(seat=press.seat(), by=press.by)
    return _("That phone is in the room again.")


def move_step(press: Pressed) -> str:
    step, to = press.activity(), press.whole("to")
    agenda.move_activity(activity=step, to=to if to is not None else step.position, by=press.by)
    number = step_numbers(press.workshop.activities.all()).get(step.pk)
    if number is None:
        return _("“%(step)s” is moved. It is still skipped.") % {"step": step.title}
    return _("“%(step)s” is now step %(place)s.") % {"step": step.title, "place": number}


RUNS: Final[Mapping[str, Run]] = {
    Act.OPEN_DOORS: open_doors,
    Act.START: start,
    Act.GO: go,
    Act.SKIP: skip,
    Act.TAKE_UP: take_up,
    Act.OPEN: open_round,
    Act.EXTEND: extend,
    Act.CLOSE: close,
    Act.REVEAL: reveal,
    Act.DISCUSS: discuss,
    Act.ASK_AGAIN: ask_again,
    Act.LOCK: lock,
    Act.END: end,
    Act.DEAL: deal,
    Act.CLEAR: clear_breakouts,
    Act.SEAT_BREAKOUT: seat_breakout,
    Act.REMOVE: remove_seat,
    Act.READMIT: readmit_seat,
    Act.MOVE: move_step,
    Act.PRIVATE: texts.private_notes,
    Act.NOTE: texts.note,
    Act.NOTE_CHANGE: texts.note_change,
    Act.NOTE_DELETE: texts.note_delete,
    Act.ACCEPT: texts.accept,
    Act.COMMITMENT: texts.change,
    Act.DROP: texts.drop,
    Act.RECORD: texts.record,
    Act.PARK: park,
    Act.END_REHEARSAL: end_rehearsal,
}
