"""Loops and signals in words: what a search, a list or a median leaves out is said."""

from assessments.dashboards.loops.words import answered_words, is_cut, medians_words, search_words, waiting_words
from assessments.scoring.feedback import LoopState, Search
from assessments.scoring.learning_cycle import LearningCycle, Stage, Step
from assessments.scoring.loop_health import LoopHealth

HEALTH = LoopHealth((), None, 0, None, None)
LISTED = "; listed are the shortest, and those with a name."


def loops(*lengths: int) -> tuple[LoopState, ...]:
    return tuple(
        LoopState(tuple(f"{place}.{at}" for at in range(length)), False, 0, 0, 1.0, HEALTH)
        for place, length in enumerate(lengths)
    )


def test_a_list_of_all_loops_of_a_small_map_says_nothing() -> None:
    assert search_words(Search(2, True, 8, 8), loops(2, 3), factors=8) == ""


def test_a_longer_loop_that_has_a_name_hides_no_missing_one() -> None:
    assert not is_cut(Search(2, True, 8, 8), loops(2, 3, 9))
    assert is_cut(Search(3, True, 8, 8), loops(2, 3, 9))


def test_loops_that_are_not_listed_are_counted() -> None:
    assert search_words(Search(412, True, 8, 8), loops(*[2] * 30), factors=8) == f"412 loops{LISTED}"
    assert search_words(Search(20_000, False, 8, 3), loops(*[2] * 30), factors=8) == f"More than 20,000 loops{LISTED}"


def test_the_bound_of_the_search_is_said_where_a_longer_loop_could_be() -> None:
    assert search_words(Search(1, True, 8, 8), loops(2), factors=9) == (
        "Loops of more than 8 factors are not looked for."
    )


def test_a_cycle_is_told_in_two_sentences_as_far_as_it_came() -> None:
    steps = (Step(Stage.DISCUSSED, 2, 3, 11.5, 12, 1, 70), Step(Stage.COMMITTED, 1, 3, 7, None, 2, 70))
    told = LearningCycle((*steps, Step(Stage.DONE, 0, 1, None, None, 1, 3)), 3, 1, 1 / 3, "7", 70)
    assert answered_words(told) == "1 of 3 signals got an answer."
    assert medians_words(told) == "Median days from step to step: discussed 12, committed 7."
    assert medians_words(LearningCycle(steps[:0], 1, 0, 0.0, "7", 70)) == ""


def test_those_who_wait_stand_beside_the_median_of_those_who_came() -> None:
    assert waiting_words(Step(Stage.COMMITTED, 2, 4, 20, 30, 2, 70)) == (
        "Committed: 2 still wait, the longest for 70 days. Counted with those who wait, half take 30 days or less."
    )
    assert waiting_words(Step(Stage.DONE, 0, 1, None, None, 1, 1)) == (
        "Done: 1 still waits, for 1 day. Fewer than half have come here so far."
    )
    assert waiting_words(Step(Stage.REMEASURED, 4, 6, 124, 104, 2, 10)) == (
        "Re-measured: 2 still wait, the longest for 10 days."
    )
