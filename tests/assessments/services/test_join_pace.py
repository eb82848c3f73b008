"""A hall comes in at once; a program that makes seats by the thousand is slowed, and only in its workshop."""

import pytest

from assessments.services import join_pace
from assessments.services.pace import Pace


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    pace = Pace(burst=join_pace.AT_ONCE, a_second=join_pace.A_SECOND, most=join_pace.MOST_WORKSHOPS, clock=clock)
    monkeypatch.setattr(join_pace, "_pace", pace)
    return clock


def test_a_thousand_people_within_a_minute_all_come_in_and_so_do_the_next_thousand(clock: Clock) -> None:
    for _minute in range(5):
        for person in range(1_000):
            clock.now += 60 / 1_000
            assert join_pace.allowed(7), person


def test_five_thousand_seats_in_five_seconds_are_about_a_thousand(clock: Clock) -> None:
    made = 0
    for _seat in range(5_000):
        clock.now += 5 / 5_000
        made += join_pace.allowed(7)
    assert made == 1_099
    assert join_pace.allowed(8)
