from datetime import date, timedelta

import pytest

from assessments.scoring.learning_cycle import (
    LearningCycle,
    Signal,
    Stage,
    Step,
    cycles_by_dimension,
    learning_cycle,
    median_with_waiting,
)

DAY = date(2026, 1, 1)
TODAY = DAY + timedelta(days=200)


def signal(key: str, *days: int | None, dimension: str = "", declined: int | None = None) -> Signal:
    return Signal(
        key,
        {stage: DAY + timedelta(days=day) for stage, day in zip(Stage, days, strict=False) if day is not None},
        dimension,
        None if declined is None else DAY + timedelta(days=declined),
    )


# remission in weeks of the trial of Freireich et al. (1963), as printed in every text on survival; second: still in it
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
MERCAPTOPURINE = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


class TestMedianWithWaiting:
    def test_freireich(self):
        assert median_with_waiting(PLACEBO, []) == 8
        assert median_with_waiting(*MERCAPTOPURINE) == 23

    def test_half_exactly_is_enough(self):
        assert median_with_waiting([3, 5], []) == 3
        assert median_with_waiting([1, 2, 3], [9, 9, 9]) == 3

    def test_most_still_wait(self):
        assert median_with_waiting([3], [5, 9]) is None
        assert median_with_waiting([], []) is None


def test_worked_by_hand():
    found = learning_cycle(
        [
            signal("a", 0, 10, 20, 80, 120),
            signal("b", 0, 20, 50),
            signal("c", 100, 130),
            signal("d", 150),
        ],
        today=TODAY,
    )
    assert found == LearningCycle(
        steps=(
            Step(Stage.DISCUSSED, 3, 4, 20, 20, 1, 50),
            Step(Stage.COMMITTED, 2, 4, 20, 30, 2, 70),
            Step(Stage.DONE, 1, 2, 60, 60, 1, 150),
            Step(Stage.REMEASURED, 1, 1, 40, 40, 0, None),
        ),
        raised=4,
        answered=2,
        share_answered=0.5,
        oldest="c",
        oldest_days=100,
    )


def test_a_declined_signal_is_answered_and_waits_no_longer():
    found = learning_cycle([signal("a", 0, 10, declined=12), signal("b", 30)], today=TODAY)
    assert (found.answered, found.oldest, found.oldest_days) == (1, "b", 170)
    assert [(step.waiting, step.longest_wait) for step in found.steps[:2]] == [(1, 170), (1, 170)]


def test_a_commitment_without_a_talk_counts_from_the_signal():
    found = learning_cycle([signal("a", 0, None, 9), signal("b", 0, 12, 9)], today=TODAY)
    assert found.steps[0] == Step(Stage.DISCUSSED, 1, 2, 12, 12, 0, None)
    assert found.steps[1].median_days == 9


def test_what_is_not_yet_raised_is_left_out():
    assert learning_cycle([signal("later", 300)], today=TODAY).raised == 0


def test_no_signals():
    found = learning_cycle([], today=TODAY)
    assert (found.raised, found.share_answered, found.oldest, found.oldest_days) == (0, None, None, None)
    assert found.steps[0] == Step(Stage.DISCUSSED, 0, 0, None, None, 0, None)


def test_by_dimension():
    found = cycles_by_dimension([signal("a", 0, dimension="ADA"), signal("b", 0, 5, 6)], today=TODAY)
    assert {name: cycle.share_answered for name, cycle in found.items()} == {"": 1.0, "ADA": 0.0}


def test_bad_signals():
    with pytest.raises(ValueError, match="never raised"):
        Signal("a", {})
    with pytest.raises(ValueError, match="before it was raised"):
        signal("a", 5, 4)
