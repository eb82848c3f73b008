"""How far a room is ahead of its plan, and what of its agenda is done."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments.dashboards.console.agenda import agenda_of
from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, Workshop

BEGAN = datetime(2026, 11, 14, 9, 0, tzinfo=UTC)


def room(started_minute: float, state: str = WorkshopState.LIVE) -> tuple[Workshop, list[Activity]]:
    """Steps of 10, 20 and 30 minutes; the room came to the second one that many minutes after the beginning."""
    workshop = Workshop(pk=1, state=state, started_at=BEGAN, step_id=2)
    first, second, third = (
        Activity(pk=pk, kind=ActivityKind.TALK, title=f"Step {pk}", minutes=10 * pk) for pk in (1, 2, 3)
    )
    first.ended_at = second.started_at = BEGAN + timedelta(minutes=started_minute)
    return workshop, [first, second, third]


@pytest.mark.parametrize(
    ("started", "now", "pace"),
    [
        (10, 12, "On time"),
        (6, 12, "4 minutes ahead of plan"),
        (6, 26, "4 minutes ahead of plan"),
        (6, 29, "1 minute ahead of plan"),  # the step takes longer than planned
        (6, 31.5, "1 minute behind plan"),
        (6, 34, "4 minutes behind plan"),
        (9.5, 12, "On time"),
        (11.2, 12, "1 minute behind plan"),
        (13, 12, "3 minutes behind plan"),
    ],
)
def test_ahead_or_behind(started: float, now: float, pace: str) -> None:
    workshop, steps = room(started)
    assert agenda_of(workshop, steps, BEGAN + timedelta(minutes=now)).pace == pace


def test_a_skipped_step_leaves_its_minutes() -> None:
    workshop, steps = room(0)
    steps[0].is_skipped = True
    assert agenda_of(workshop, steps, BEGAN).pace == "10 minutes ahead of plan"


def test_rows_say_what_is_done_and_what_can_be_moved() -> None:
    workshop, steps = room(10)
    first, second, third = agenda_of(workshop, steps, BEGAN).rows
    assert (first.is_done, first.is_current, first.is_coming) == (True, False, False)
    assert (second.is_done, second.is_current, second.is_coming) == (False, True, False)
    assert (third.may_go_up, third.may_go_down) == (False, False)
    assert [row.planned_at for row in (first, second, third)] == [
        BEGAN,
        BEGAN + timedelta(minutes=10),
        BEGAN + timedelta(minutes=30),
    ]


def test_a_skipped_step_has_no_number_and_keeps_its_place() -> None:
    workshop, steps = room(10)
    steps[0].is_skipped = True
    agenda = agenda_of(workshop, steps, BEGAN)
    assert [(row.number, row.up, row.down) for row in agenda.rows] == [(0, -1, 1), (1, 0, 2), (2, 1, 3)]
    assert (agenda.current, agenda.counted) == (1, 2)


def test_after_the_end_nothing_is_current() -> None:
    workshop, steps = room(10, WorkshopState.ENDED)
    agenda = agenda_of(workshop, steps, BEGAN)
    assert (agenda.current, agenda.pace, [row.is_current for row in agenda.rows]) == (0, "", [False] * 3)
