"""A seat writes as fast as a hand can, and a program that writes faster is held back alone."""

import uuid

from assessments.services import seat_pace


def test_a_seat_writes_thirty_times_at_once_and_looks_apart_from_that() -> None:
    seat = uuid.uuid4()
    assert [seat_pace.allowed(seat) for _each in range(35)] == [True] * 30 + [False] * 5
    assert seat_pace.allowed(uuid.uuid4())
    assert seat_pace.may_look(seat)


def test_one_seat_gives_a_few_addresses_and_not_those_of_half_the_world() -> None:
    seat = uuid.uuid4()
    assert [seat_pace.may_give_address(seat) for _each in range(7)] == [True] * 5 + [False] * 2
    assert seat_pace.may_give_address(uuid.uuid4())
    assert seat_pace.allowed(seat)
