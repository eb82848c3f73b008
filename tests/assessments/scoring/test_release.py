"""Between any two states that were shown, each number of each group gained none or at least k answers (rule D2)."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessments.scoring.release import release

K = 5


def joined(group: list[int], released: list[bool], valid: list[list[bool]]) -> tuple[list[bool], tuple[int, ...]]:
    found = release(np.array(group), np.array(released), np.array(valid), groups=max(group) + 1, k=K)
    return found.rows.tolist(), found.waiting


def test_first_answers_are_all_taken() -> None:
    """Nothing can be subtracted from what was never shown; below k the scoring withholds the group."""
    assert joined([0] * 3, [False] * 3, [[True]] * 3) == ([True] * 3, (0,))


def test_a_few_more_wait() -> None:
    assert joined([0] * 9, [True] * 5 + [False] * 4, [[True]] * 9) == ([True] * 5 + [False] * 4, (4,))


def test_enough_more_join() -> None:
    assert joined([0] * 10, [True] * 5 + [False] * 5, [[True]] * 10) == ([True] * 10, (0,))


def test_groups_wait_for_themselves() -> None:
    rows, waiting = joined([0] * 10 + [1] * 6, [True] * 5 + [False] * 5 + [True] * 5 + [False], [[True]] * 16)
    assert rows == [True] * 15 + [False]
    assert waiting == (0, 1)


def test_one_answer_to_a_shown_number_waits_alone() -> None:
    """Six come, one of them with the second facet: five join, the sixth waits for four others with it."""
    valid = [[True, True]] * 5 + [[True, False]] * 5 + [[True, True]]
    rows, waiting = joined([0] * 11, [True] * 5 + [False] * 6, valid)
    assert rows == [True] * 10 + [False]
    assert waiting == (1,)


def test_a_number_never_shown_stands_in_nobodys_way() -> None:
    valid = [[True, False]] * 5 + [[True, True]] + [[True, False]] * 4
    assert joined([0] * 10, [True] * 5 + [False] * 5, valid) == ([True] * 10, (0,))


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Groups, validity and the moment at which each response comes in."""
    n = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    valid = rng.random((n, 3)) < draw(st.sampled_from([0.3, 0.8, 1.0]))
    return rng.integers(0, 2, n), valid, np.sort(rng.integers(0, draw(st.integers(1, 12)), n))


@given(arrivals())
def test_no_two_states_differ_by_a_few(
    arriving: tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]],
) -> None:
    group, valid, moment = arriving
    released = np.zeros(len(group), dtype=np.bool_)
    states = []
    for now in range(int(moment.max()) + 1):
        there = moment <= now
        step = release(group[there], released[there], valid[there], groups=2, k=K)
        assert (step.rows >= released[there]).all()
        assert sum(step.waiting) + step.rows.sum() == there.sum()
        released[there] = step.rows
        states.append(released.copy())
    for place in range(2):
        counts = np.array([valid[state & (group == place)].sum(axis=0) for state in states])
        sizes = np.array([(state & (group == place)).sum() for state in states])
        for earlier in range(len(states)):
            for later in range(earlier, len(states)):
                gain = counts[later] - counts[earlier]
                shown = (counts[earlier] >= K) & (sizes[earlier] >= K)
                assert not (shown & (gain > 0) & (gain < K)).any()
