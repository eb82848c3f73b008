"""A burst passes, then so many a second; who asks for more is held back alone."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from assessments.services.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def seat_like(clock: Clock) -> Pace:
    return Pace(burst=30, a_second=10, most=20_000, clock=clock)


def test_a_burst_passes_and_what_comes_after_it_waits() -> None:
    pace, seat = seat_like(Clock()), uuid.uuid4()
    assert [pace.allowed(seat) for _each in range(35)] == [True] * 30 + [False] * 5


def test_after_the_burst_ten_a_second_come_back() -> None:
    clock = Clock()
    pace, seat = seat_like(clock), uuid.uuid4()
    for _each in range(40):
        pace.allowed(seat)
    clock.now += 1
    assert sum(pace.allowed(seat) for _each in range(40)) == 10
    clock.now += 60
    assert sum(pace.allowed(seat) for _each in range(40)) == 30


def test_two_hundred_requests_a_second_from_one_seat_leave_the_others_alone() -> None:
    clock = Clock()
    pace, hasty, calm = seat_like(clock), uuid.uuid4(), uuid.uuid4()
    passed, others = 0, []
    for tick in range(2_000):  # ten seconds of 200 requests each
        clock.now = 1_000 + tick / 200
        passed += pace.allowed(hasty)
        if tick % 50 == 0:
            others.append(pace.allowed(calm))
    assert passed == 30 + 99
    assert others == [True] * 40


def test_the_memory_is_bounded_and_the_longest_quiet_are_forgotten() -> None:
    pace, seats = Pace(burst=1, a_second=10, most=100, clock=Clock()), [uuid.uuid4() for _each in range(150)]
    assert [pace.allowed(seat) for seat in seats] == [True] * 150
    assert len(pace) == 100
    assert not pace.allowed(seats[-1])
    assert pace.allowed(seats[0])
    assert len(pace) == 100


def test_threads_do_not_get_more_than_the_burst() -> None:
    pace, seat = seat_like(Clock()), uuid.uuid4()
    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(lambda _each: pace.allowed(seat), range(2_000))) == 30
