import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.causal.graph import Link
from ecosystems.causal.votes import Vote, consensus, drawn_map, effects_of, opinions_of, voted_links

PUBLISHED_COUNTS = (30, 40, 210, 130, 530, 50, 10)
PUBLISHED_CONSENSUS = 0.7256876


def votes(*effects: int, group: str = "", delay: int | None = None, pair: str = "ab") -> list[Vote]:
    return [Vote(pair[0], pair[1], effect, delay, group) for effect in effects]


def opinion(*effects: int):
    (link,) = voted_links(votes(*effects), minimum=1)
    assert link.everybody is not None
    return link.everybody


class TestConsensus:
    def test_published(self):
        """Tastle & Wierman's consensus of seven levels, as the R package agrmt prints it."""
        assert consensus(PUBLISHED_COUNTS) == pytest.approx(PUBLISHED_CONSENSUS, abs=5e-8)

    def test_of_votes(self):
        effects = [level - 3 for level, count in enumerate(PUBLISHED_COUNTS) for _ in range(count)]
        assert opinion(*effects).agreement == pytest.approx(PUBLISHED_CONSENSUS, abs=5e-8)

    def test_ends(self):
        assert consensus([0, 7, 0]) == 1.0
        assert consensus([4, 0, 4]) == pytest.approx(0.0)

    @pytest.mark.parametrize("wrong", [[1], [0, 0], [1, -1]])
    def test_of_nothing(self, wrong):
        with pytest.raises(ValueError, match="counts"):
            consensus(wrong)


class TestOpinion:
    def test_shares_sign_and_weight(self):
        found = opinion(3, 3, 2, 0, -1)
        assert found.counts == (0, 0, 1, 1, 0, 1, 2)
        assert (found.n, found.raises, found.lowers, found.none) == (5, 0.6, 0.2, 0.2)
        assert (found.sign, found.weight, found.strength) == (1, 7 / 15, 2.5)
        assert (found.held, found.conflict, found.minority) == (True, False, 0.4)

    def test_both_signs_from_a_quarter_on_are_a_conflict(self):
        assert opinion(2, 2, 2, -2).conflict
        assert not opinion(2, 2, 2, 2, -2).conflict

    def test_votes_that_cancel_out_have_no_sign(self):
        found = opinion(3, 1, -2, -2)
        assert (found.sign, found.weight, found.held, found.conflict) == (0, 0.0, False, True)

    def test_what_most_see_as_no_effect_is_not_held(self):
        assert not opinion(0, 0, 0, 3, 3).held
        assert opinion(0, 0, 3, 3).held

    def test_nobody_sees_an_effect(self):
        found = opinion(0, 0, 0)
        assert (found.strength, found.sign, found.agreement, found.none) == (None, 0, 1.0, 1.0)

    @given(st.lists(st.integers(-3, 3), min_size=1, max_size=30))
    def test_turning_every_vote_turns_the_link(self, effects):
        one, other = opinion(*effects), opinion(*(-effect for effect in effects))
        assert (one.sign, one.weight, one.held, one.conflict) == (-other.sign, other.weight, other.held, other.conflict)
        assert one.agreement == pytest.approx(other.agreement)


class TestWithheld:
    def test_too_few(self):
        (link,) = voted_links(votes(1, 2, 3, 3), minimum=5)
        assert link.withheld
        assert drawn_map([link], "ab").links == ()

    def test_a_small_group(self):
        given = votes(1, 1, group="staff") + votes(2, 2, 2, 2, 2, group="customers") + votes(3, 3, 3, 3, 3)
        (link,) = voted_links(given, minimum=5)
        assert {name: one is not None for name, one in link.groups} == {"customers": True, "staff": False}
        assert link.everybody is not None
        assert link.everybody.n == 12

    def test_what_is_left_over_tells_nothing_of_a_small_group(self):
        given = votes(-3, -3, group="staff") + votes(*[2] * 5, group="customers") + votes(*[1] * 6, group="neighbours")
        (link,) = voted_links(given, minimum=5)
        assert {name: one is not None for name, one in link.groups} == {
            "customers": False,
            "neighbours": True,
            "staff": False,
        }

    def test_groups_that_leave_nobody_over_are_shown(self):
        (link,) = voted_links(votes(*[2] * 5, group="a") + votes(*[1] * 5, group="b"), minimum=5)
        assert all(one is not None for _, one in link.groups)

    def test_delays_of_too_few(self):
        late = votes(1, 1, 1, 1, delay=2)
        (few,) = voted_links(late + votes(1), minimum=5)
        (enough,) = voted_links([*late, *votes(1, delay=1)], minimum=5)
        assert few.everybody is not None
        assert enough.everybody is not None
        assert (few.everybody.delay, enough.everybody.delay) == (None, 2.0)

    @given(
        st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(-3, 3)), max_size=30), st.integers(1, 6)
    )
    def test_no_difference_is_of_fewer_than_the_minimum(self, given_votes, minimum):
        for link in voted_links(
            [Vote("x", "y", effect, None, group) for group, effect in given_votes], minimum=minimum
        ):
            shown = [one.n for _, one in link.groups if one is not None]
            assert all(n >= minimum for n in shown)
            rest = len(given_votes) - sum(shown)
            assert link.withheld <= (not shown)
            assert not shown or rest == 0 or rest >= minimum

    def test_a_minimum_of_nobody(self):
        with pytest.raises(ValueError, match="minimum"):
            voted_links([], minimum=0)


class TestMap:
    def test_of_everybody_and_of_a_group(self):
        given = [
            *votes(3, 3, group="staff", delay=1),
            *votes(-2, -2, -1, group="customers"),
            *votes(0, 0, 0, pair="bc"),
        ]
        links = voted_links(given, minimum=2)
        assert drawn_map(links, "abc", group="staff").links == (Link("a", "b", 1, 1.0, 1),)
        assert drawn_map(links, "abc", group="customers").links == (Link("a", "b", -1, 5 / 9),)
        assert drawn_map(links, "abc").links == (Link("a", "b", 1, 1 / 15, 1),)
        assert drawn_map(links, "abc", group="strangers").links == ()

    def test_every_vote_is_an_effect_that_may_be_drawn(self):
        links = voted_links(votes(3, 0, -3, 3), minimum=1)
        assert effects_of(opinions_of(links)) == {("a", "b"): (-1.0, 0.0, 1.0, 1.0)}

    def test_links_are_in_the_order_of_their_keys_whoever_voted_first(self):
        given = votes(1, pair="cd") + votes(1, pair="ab") + votes(1, pair="ac")
        assert voted_links(given, minimum=1) == voted_links(given[::-1], minimum=1)
        assert [link.pair for link in voted_links(given, minimum=1)] == [("a", "b"), ("a", "c"), ("c", "d")]


class TestRefused:
    @pytest.mark.parametrize("wrong", [("a", "a", 1), ("a", "b", 4), ("a", "b", 1, 3), ("a", "b", 1, -1)])
    def test_a_vote_that_is_none(self, wrong):
        with pytest.raises(ValueError, match=r"lies between|two factors"):
            Vote(*wrong)
