from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.room.populations import (
    CANT_SAY,
    NOBODY,
    NOT_GIVEN,
    Ballots,
    Publication,
    RoomVotes,
    VoteRow,
    groups_shown,
    publications,
)

K = 3


def ballots(*rows, numbers=1):
    """Ballots as (person, round, group, given…)."""
    table = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    given = np.array([row[3:] or (True,) * numbers for row in rows], dtype=np.bool_).reshape(len(rows), numbers)
    return Ballots(table[:, 0], table[:, 1], table[:, 2], given, np.zeros(len(rows), dtype=np.bool_))


def one_round(people, number, group=NOBODY):
    return [(person, number, group) for person in people]


def row_rounds(publication: Publication, of: Ballots):
    return [int(of.round[row]) if row != NOBODY else None for row in publication.row]


class TestVotes:
    def test_are_numbered(self):
        rows = [
            VoteRow("x", 2, "b", 4, confidence=3, delay=1, counted=True, group=71),
            VoteRow("y", 1, "a", CANT_SAY),
            VoteRow("x", 1, "b", 2, group=99),
        ]
        votes = RoomVotes.of(rows, items=["a", "b"], groups=[70, 71])
        assert votes.items == ("a", "b")
        assert votes.groups == ("70", "71")
        assert votes.seat.tolist() == [0, 1, 0]
        assert votes.round.tolist() == [2, 1, 1]
        assert votes.item.tolist() == [1, 0, 1]
        assert votes.value.tolist() == [4, CANT_SAY, 2]
        assert votes.confidence.tolist() == [3, NOT_GIVEN, NOT_GIVEN]
        assert votes.delay.tolist() == [1, NOT_GIVEN, NOT_GIVEN]
        assert votes.counted.tolist() == [True, False, False]
        assert votes.group.tolist() == [1, NOBODY, NOBODY]

    def test_none(self):
        assert RoomVotes.of([], items=["a"]).seat.shape == (0,)

    def test_an_item_that_was_not_asked_is_an_error(self):
        with pytest.raises(KeyError, match="b"):
            RoomVotes.of([VoteRow("x", 1, "b", 4)], items=["a"])


class TestOneGroup:
    def test_a_vote_stands_until_it_is_changed(self):
        given = ballots(*one_round(range(5), 1), *one_round(range(3), 2))
        now = publications(given, rounds=(1, 2), groups=0, k=K).now
        assert row_rounds(now, given) == [2, 2, 2, 1, 1]
        assert not now.waiting.any()
        assert not now.held.any()

    def test_a_few_new_votes_are_held(self):
        given = ballots(*one_round(range(5), 1), *one_round(range(2), 2))
        now = publications(given, rounds=(1, 2), groups=0, k=K).now
        assert row_rounds(now, given) == [1] * 5
        assert now.held.tolist() == [True, True, False, False, False]

    def test_held_votes_join_with_those_of_the_next_round(self):
        given = ballots(*one_round(range(5), 1), *one_round(range(2), 2), *one_round([4], 3))
        now = publications(given, rounds=(1, 2, 3), groups=0, k=K).now
        assert row_rounds(now, given) == [2, 2, 1, 1, 3]

    def test_a_few_newcomers_wait(self):
        given = ballots(*one_round(range(5), 1), *one_round([5, 6], 2))
        now = publications(given, rounds=(1, 2), groups=0, k=K).now
        assert row_rounds(now, given) == [1] * 5 + [None, None]
        assert now.waiting.tolist() == [False] * 5 + [True, True]

    def test_newcomers_and_new_votes_do_not_make_up_for_each_other(self):
        given = ballots(*one_round(range(5), 1), *one_round([3, 4, 5, 6], 2))
        now = publications(given, rounds=(1, 2), groups=0, k=K).now
        assert row_rounds(now, given) == [1] * 5 + [None, None]
        assert now.held.sum() == now.waiting.sum() == 2

    def test_enough_newcomers_join(self):
        given = ballots(*one_round(range(5), 1), *one_round([5, 6, 7], 2))
        assert row_rounds(publications(given, rounds=(1, 2), groups=0, k=K).now, given) == [1] * 5 + [2] * 3

    def test_nothing_was_told_by_a_withheld_result(self):
        given = ballots(*one_round([0, 1], 1), *one_round([2], 2))
        history = publications(given, rounds=(1, 2), groups=0, k=K)
        assert [one.shown for one in history.rounds] == [False, True]
        assert row_rounds(history.now, given) == [1, 1, 2]
        assert history.before is None

    def test_a_round_that_was_not_revealed_told_nothing(self):
        given = ballots(*one_round(range(5), 1), *one_round([5], 2))
        assert row_rounds(publications(given, rounds=(2,), groups=0, k=K).now, given) == [1] * 5 + [2]

    def test_cant_say_is_no_vote(self):
        given = ballots((0, 1, NOBODY, True), (1, 1, NOBODY, True), (2, 1, NOBODY, False))
        assert not publications(given, rounds=(1,), groups=0, k=K).now.shown

    def test_one_vote_among_newcomers_without_waits(self):
        """Three come of whom one has a vote: it could be read off, so it waits, and two alone are too few."""
        given = ballots(*one_round(range(5), 1), (5, 2, NOBODY, False), (6, 2, NOBODY, False), (7, 2, NOBODY, True))
        assert publications(given, rounds=(1, 2), groups=0, k=K).now.waiting.sum() == 3

    def test_later_rounds_are_left_aside(self):
        given = ballots(*one_round(range(4), 1), *one_round(range(4), 2))
        assert row_rounds(publications(given, rounds=(1,), groups=0, k=K).now, given) == [1] * 4

    def test_what_was_counted_stays(self):
        """Even if the history were told wrongly, a result never loses people."""
        given = ballots(*one_round(range(5), 1), *one_round([5], 2))
        marked = Ballots(given.seat, given.round, given.group, given.given, given.seat == 5)
        assert row_rounds(publications(marked, rounds=(1, 2), groups=0, k=K).now, given) == [1] * 5 + [2]

    def test_by_name_everything_counts_at_once(self):
        given = ballots(*one_round([0], 1), *one_round([0, 1], 2))
        assert row_rounds(publications(given, rounds=(1, 2), groups=0, k=1).now, given) == [2, 2]

    def test_nobody(self):
        now = publications(ballots(), rounds=(1,), groups=2, k=K).now
        assert (now.shown, len(now.row)) == (False, 0)

    @pytest.mark.parametrize(("rounds", "k"), [((), 3), ((2, 1), 3), ((1, 1), 3), ((1,), 0)])
    def test_a_history_that_cannot_be(self, rounds, k):
        with pytest.raises(ValueError, match="revealed rounds in their order"):
            publications(ballots(*one_round(range(5), 1)), rounds=rounds, groups=0, k=k)


class TestGroups:
    def test_a_small_group_takes_another_with_it(self):
        given = ballots(*one_round(range(5), 1, 0), *one_round(range(5, 9), 1, 1), *one_round([9, 10], 1, 2))
        assert publications(given, rounds=(1,), groups=3, k=K).now.group_numbers.tolist() == [[True, False, False]]

    def test_two_small_groups_protect_each_other(self):
        given = ballots(*one_round(range(5), 1, 0), *one_round([5, 6], 1, 1), *one_round([7, 8], 1, 2))
        assert publications(given, rounds=(1,), groups=3, k=K).now.group_numbers.tolist() == [[True, False, False]]

    def test_people_without_a_group_are_a_rest_too(self):
        given = ballots(*one_round(range(5), 1, 0), *one_round([5], 1))
        assert publications(given, rounds=(1,), groups=1, k=K).now.group_numbers.tolist() == [[False]]

    def test_withheld_once_is_withheld_for_good(self):
        """Group 1 grows by three, but its first two would be known by subtraction."""
        given = ballots(
            *one_round(range(5), 1, 0),
            *one_round([5, 6], 1, 1),
            *one_round([7], 1, 2),
            *one_round([8, 9, 10], 2, 1),
        )
        now = publications(given, rounds=(1, 2), groups=3, k=K).now
        assert row_rounds(now, given)[8:] == [2, 2, 2]
        assert now.group_numbers.tolist() == [[True, False, False]]

    def test_a_group_that_comes_later_is_shown(self):
        given = ballots(*one_round(range(5), 1, 0), *one_round([5, 6, 7], 2, 1))
        assert publications(given, rounds=(1, 2), groups=2, k=K).now.group_numbers.tolist() == [[True, True]]

    def test_a_person_belongs_to_the_group_of_the_first_vote(self):
        given = ballots(*one_round(range(3), 1, 0), *one_round(range(3, 6), 1, 1), *one_round(range(6), 2, 1))
        history = publications(given, rounds=(1, 2), groups=2, k=K)
        assert history.group.tolist() == [0, 0, 0, 1, 1, 1]
        assert history.now.group_numbers.tolist() == [[True, True]]

    def test_withheld_groups_change_together(self):
        people = {group: range(2 * group, 2 * group + 2) for group in range(3)}
        first = [row for group, members in people.items() for row in one_round(members, 1, group)]
        given = ballots(*first, *one_round([0, 2, 4], 2, 0))
        assert row_rounds(publications(given, rounds=(1, 2), groups=3, k=K).now, given) == [2, 1, 2, 1, 2, 1]

    def test_by_name_every_group_is_shown(self):
        given = ballots(*one_round([0], 1, 0), *one_round([1], 1))
        assert publications(given, rounds=(1,), groups=2, k=1).now.group_numbers.tolist() == [[True, True]]

    def test_each_count_must_hold(self):
        sizes = np.array([[4, 4, 4, 0], [4, 2, 4, 0]])
        assert groups_shown(sizes, np.ones(3, dtype=np.bool_), K).tolist() == [False, False, True]

    def test_groups_that_are_not_allowed_count_as_rest(self):
        sizes = np.array([[4, 4, 4, 0]])
        assert groups_shown(sizes, np.array([True, False, True]), K).tolist() == [True, False, True]


@st.composite
def rooms(draw):
    """Small rooms over a few rounds: who votes when, can't say, gives the second number, and changes groups."""
    people, groups = draw(st.integers(1, 16)), draw(st.integers(0, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    often = draw(st.sampled_from([0.25, 0.5, 0.9]))
    voted = draw(st.sampled_from([0.6, 0.9, 1.0]))
    rows = [
        (person, number, int(rng.integers(-1, groups)), has := bool(rng.random() < voted), has and rng.random() < 0.7)
        for number in range(1, draw(st.integers(1, 4)) + 1)
        for person in range(people)
        if rng.random() < often
    ]
    return ballots(*rows, numbers=2), groups, draw(st.integers(2, 4))


def shown_sets(of, groups, k):
    """Each shown result as the ballots in it, shape (results, ballots), with what can be said of it."""
    rounds = sorted(set(of.round.tolist())) or [1]
    history = publications(of, rounds=rounds, groups=groups, k=k)
    sets = []
    for one in history.rounds:
        assert one.shown == one.numbers[0]
        for place in range(-1, groups):
            if not (one.numbers[0] if place < 0 else one.group_numbers[0, place]):
                continue
            members = (one.row != NOBODY) & ((place < 0) | (history.group == place))
            sets.append(np.isin(np.arange(len(of.seat)), one.row[members]))
    return history, np.array(sets, dtype=np.int64).reshape(len(sets), len(of.seat))


def people_in(combinations, of):
    """How many people have anything in each combination of results."""
    seats = np.unique(of.seat)
    return (np.stack([(combinations[:, of.seat == seat] != 0).any(axis=1) for seat in seats], axis=1)).sum(axis=1)


@given(rooms())
@settings(max_examples=400, deadline=None)
def test_no_results_put_together_tell_of_a_few(room):
    """Brute force: results added and subtracted in any way leave nobody's ballots, or those of k people or more."""
    of, groups, k = room
    _, sets = shown_sets(of, groups, k)
    if not len(sets):
        return
    rng = np.random.default_rng(0)
    if len(sets) <= 7:
        signs = np.array(list(product((-1, 0, 1), repeat=len(sets))))
    else:
        signs = rng.integers(-1, 2, (2000, len(sets)))
        pairs = np.array(
            [
                np.eye(len(sets), dtype=int)[a] - np.eye(len(sets), dtype=int)[b]
                for a in range(len(sets))
                for b in range(a)
            ]
        )
        signs = np.concatenate([signs, pairs])
    left = people_in(signs @ sets, of)
    assert ((left == 0) | (left >= k)).all()


@given(rooms())
@settings(max_examples=400, deadline=None)
def test_no_set_of_people_is_small(room):
    """People who are in the same results over all rounds and groups are k or more, or in none."""
    of, groups, k = room
    _, sets = shown_sets(of, groups, k)
    if not len(sets):
        return
    inside = np.stack([(sets[:, of.seat == seat] > 0).any(axis=1) for seat in np.unique(of.seat)])
    _, place, sizes = np.unique(inside, axis=0, return_inverse=True, return_counts=True)
    assert (sizes[place.reshape(-1)][inside.any(axis=1)] >= k).all()


@given(rooms())
@settings(max_examples=400, deadline=None)
def test_what_is_withheld_in_a_round_is_nobody_or_enough(room):
    of, groups, k = room
    history, _ = shown_sets(of, groups, k)
    for one in history.rounds:
        counted = one.row != NOBODY
        given = of.given[one.row] & counted[:, None]
        for number in range(2):
            having = given[:, number]
            if not one.numbers[number]:
                assert not one.group_numbers[number].any()
                continue
            assert having.sum() >= k
            shown = one.group_numbers[number]
            within = np.append(shown, False)[history.group]  # −1, no group, is the last
            assert all(having[history.group == place].sum() >= k for place in np.flatnonzero(shown))
            hidden = int((having & ~within).sum())
            assert (not shown.any()) or hidden == 0 or hidden >= k
            assert not (shown & ~one.group_numbers[0]).any()


@given(rooms())
@settings(max_examples=200, deadline=None)
def test_nobody_is_lost(room):
    """Whoever voted counts, or waits; a result never loses people; and a vote never goes back to an older one."""
    of, groups, k = room
    history, _ = shown_sets(of, groups, k)
    earlier = np.full(len(history.seats), NOBODY)
    for one in history.rounds:
        voted = np.isin(history.seats, of.seat[of.round <= one.round])
        assert (((one.row != NOBODY) | one.waiting) == voted).all()
        assert not (one.waiting & (one.row != NOBODY)).any()
        if one.shown:
            assert ((earlier == NOBODY) | (one.row != NOBODY)).all()
            both = earlier != NOBODY
            assert (of.round[one.row[both]] >= of.round[earlier[both]]).all()
            earlier = one.row


@given(rooms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_votes_does_not_matter(room):
    of, groups, k = room
    shuffle = np.random.default_rng(1).permutation(len(of.seat))
    other = Ballots(of.seat[shuffle], of.round[shuffle], of.group[shuffle], of.given[shuffle], of.counted[shuffle])
    one, two = shown_sets(of, groups, k)[1], shown_sets(other, groups, k)[1]
    assert one[:, shuffle].tolist() == two.tolist()
