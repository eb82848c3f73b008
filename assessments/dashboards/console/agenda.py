"""The agenda beside the current step: what is done, what comes, and how far the room is ahead of its plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, Workshop
from assessments.models.activities import step_numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One step. `planned_at`: when it should begin if the workshop began when it did, or as it was announced.

    `number` is how everybody counts it, 0 where it is skipped; `up` and `down` are the places it would move to.
    """

    pk: int
    number: int
    up: int
    down: int
    title: str
    kind: str
    minutes: int
    is_current: bool = False
    is_done: bool = False
    is_skipped: bool = False
    planned_at: datetime | None = None
    may_go_up: bool = False
    may_go_down: bool = False

    @property
    def is_coming(self) -> bool:
        return not (self.is_current or self.is_done)


@dataclass(frozen=True, slots=True)
class Agenda:
    rows: tuple[Row, ...]
    pace: str
    """`4 minutes ahead of plan`; '' while nothing has begun or all is over."""
    current: int
    """Which step the room is at, as everybody counts them; 0 where it is at none that counts."""
    counted: int
    """How many steps there are without those that are skipped."""

    @property
    def coming(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_coming)


def agenda_of(workshop: Workshop, activities: Sequence[Activity], now: datetime) -> Agenda:
    """`activities` in their order."""
    ended = workshop.state == WorkshopState.ENDED
    at = -1 if ended else next((place for place, one in enumerate(activities) if one.pk == workshop.step_id), -1)
    begins = workshop.started_at or workshop.starts_at
    numbers, rows = step_numbers(activities), []
    for place, one in enumerate(activities):
        done = one.ended_at is not None and place != at
        coming = place > at and not done
        rows.append(
            Row(
                pk=one.pk,
                number=numbers.get(one.pk, 0),
                up=place - 1,
                down=place + 1,
                title=one.title,
                kind=str(ActivityKind(one.kind).label),
                minutes=one.minutes,
                is_current=place == at,
                is_done=done,
                is_skipped=one.is_skipped,
                planned_at=begins + timedelta(minutes=planned_minutes(activities, place)) if begins else None,
                may_go_up=coming and place - 1 > at,
                may_go_down=coming and place + 1 < len(activities),
            )
        )
    current = numbers.get(activities[at].pk, 0) if at >= 0 else 0
    return Agenda(tuple(rows), _pace(workshop, activities, at, now), current, len(numbers))


def planned_minutes(activities: Sequence[Activity], place: int) -> int:
    """Minutes of everything that was planned before this place, skipped or not."""
    return sum(one.minutes for one in activities[:place])


def minutes_behind(workshop: Workshop, activities: Sequence[Activity], at: int, now: datetime) -> int | None:
    """Whole minutes by which the room is behind its plan, negative when ahead; None while that means nothing.

    A step that began early is that far ahead until it has used up its own minutes.
    """
    if workshop.state != WorkshopState.LIVE or workshop.started_at is None or at < 0:
        return None
    step = activities[at]
    planned = workshop.started_at + timedelta(minutes=planned_minutes(activities, at))
    late_start = ((step.started_at or now) - planned).total_seconds() / 60
    overrun = (now - planned - timedelta(minutes=step.minutes)).total_seconds() / 60
    behind = max(late_start, overrun)
    return floor(behind) if behind > 0 else ceil(behind)


def _pace(workshop: Workshop, activities: Sequence[Activity], at: int, now: datetime) -> str:
    behind = minutes_behind(workshop, activities, at, now)
    if behind is None:
        return ""
    if behind == 0:
        return _("On time")
    if behind < 0:
        return ngettext("%(n)s minute ahead of plan", "%(n)s minutes ahead of plan", -behind) % {"n": -behind}
    return ngettext("%(n)s minute behind plan", "%(n)s minutes behind plan", behind) % {"n": behind}
