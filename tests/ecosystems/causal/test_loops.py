from collections import Counter
from itertools import pairwise, product
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.causal.graph import CausalGraph, Link
from ecosystems.causal.loops import find_loops, loop_of
from tests.ecosystems.causal.maps import causal_graphs, complete, drawn, scattered


def layered(*sizes: int) -> CausalGraph:
    """Each factor of a layer is linked to each of the next one, the last layer to the first."""
    layers = [[f"{at}.{one:02}" for one in range(size)] for at, size in enumerate(sizes)]
    between = pairwise([*layers, layers[0]])
    keys = [key for layer in layers for key in layer]
    return CausalGraph.of(keys, [Link(*pair, 1) for ends in between for pair in product(*ends)])


class TestKnownNumbers:
    @pytest.mark.parametrize("size", range(2, 9))
    def test_complete_graphs(self, size):
        """n!/((n − k)!·k) circles of k factors."""
        found = find_loops(complete(size), most=20_000)
        expected = {k: factorial(size) // (factorial(size - k) * k) for k in range(2, size + 1)}
        assert Counter(len(loop.members) for loop in found.loops) == expected
        assert found.found == sum(expected.values()) == len(set(found.loops))
        assert not found.capped

    def test_levins_and_schultz(self):
        """Levins & Schultz (1996), resource, herbivore, x, y: five balancing loops, two of them self-damping."""
        found = find_loops(drawn("R+H", "H-R", "H+x", "x-H", "H+y", "y-H"))
        assert [loop.members for loop in found.loops] == [("H", "R"), ("H", "x"), ("H", "y")]
        assert all(loop.balancing for loop in found.loops)

    def test_the_chicken_the_egg_and_the_road(self):
        """Sterman (2000), figure 5-1: eggs and chickens reinforce, chickens and road crossings balance."""
        eggs, crossings = find_loops(drawn("e+c", "c+e", "c+r", "r-c")).loops
        assert (eggs.members, eggs.reinforcing) == (("c", "e"), True)
        assert (crossings.members, crossings.balancing) == (("c", "r"), True)

    def test_ten_thousand_loops(self):
        found = find_loops(layered(10, 10, 10, 10), bound=4, most=10_000)
        assert (found.found, len(found.loops), found.complete, found.capped) == (10_000, 10_000, True, False)

    def test_a_map_without_loops_has_none(self):
        assert find_loops(drawn("a+b", "b+c", "a-c", "c+d")).loops == ()
        assert find_loops(CausalGraph.of([])).loops == ()
        one = find_loops(CausalGraph.of(["a"]))
        assert (one.loops, one.found, one.complete) == ((), 0, True)

    def test_parts_that_hang_together_by_nothing(self):
        found = find_loops(drawn("a+b", "b-a", "c+d", "d+c", further="z"))
        assert [loop.members for loop in found.loops] == [("a", "b"), ("c", "d")]


class TestOneLoop:
    def test_it_is_the_one_that_the_search_finds(self):
        graph = drawn("a+b", "b-c", "c+a", "c+b")
        both = find_loops(graph).loops
        assert (loop_of(graph, ["b", "c", "a"]), loop_of(graph, ["c", "b"])) == (both[1], both[0])

    @pytest.mark.parametrize("members", [[], ["a"], ["a", "c", "b"], ["a", "b", "c", "a", "b", "c"], ["a", "z"]])
    def test_factors_that_form_no_loop(self, members):
        assert loop_of(drawn("a+b", "b-c", "c+a"), members) is None

    def test_however_long(self):
        keys = [f"{at:02}" for at in range(12)]
        graph = CausalGraph.of(keys, [Link(*pair, 1) for pair in pairwise([*keys, keys[0]])])
        assert find_loops(graph).loops == ()
        assert loop_of(graph, keys).members == tuple(keys)


class TestBounds:
    def test_a_loop_longer_than_the_bound_is_not_looked_for(self):
        ring = layered(1, 1, 1, 1)
        assert find_loops(ring, bound=3).loops == ()
        assert len(find_loops(ring, bound=4).loops) == 1

    def test_the_cut_leaves_out_the_longest_and_says_so(self):
        found = find_loops(complete(8), most=100)
        assert (found.found, found.complete, found.capped) == (16_064, True, True)
        assert Counter(len(loop.members) for loop in found.loops) == {2: 28, 3: 72}
        assert found.whole_to == 2

    def test_a_cut_between_two_lengths(self):
        assert find_loops(complete(8), most=28).whole_to == 2
        assert find_loops(complete(8), most=28 + 112).whole_to == 3

    def test_what_is_too_much_to_count_is_said(self):
        found = find_loops(complete(20), most=1_000, most_looked_at=5_000)
        assert (found.found, found.complete, found.capped) == (5_000, False, True)
        assert Counter(len(loop.members) for loop in found.loops) == {2: 190, 3: 810}
        all_of_three = find_loops(complete(20), most=5_000, most_looked_at=5_000)
        assert Counter(len(loop.members) for loop in all_of_three.loops) == {2: 190, 3: 2280, 4: 2530}
        assert all_of_three.whole_to == 3
        assert found.loops == all_of_three.loops[:1_000]

    def test_the_bound_itself_may_be_too_much(self):
        found = find_loops(complete(20), bound=2, most=10, most_looked_at=100)
        assert (len(found.loops), found.found, found.complete, found.whole_to) == (10, 100, False, 1)

    @pytest.mark.parametrize("wrong", [{"bound": 0}, {"most": 0}, {"most": 10, "most_looked_at": 9}])
    def test_bounds_that_make_no_sense(self, wrong):
        with pytest.raises(ValueError, match="bounds are positive"):
            find_loops(complete(3), **wrong)


class TestLoop:
    def test_gain_delay_and_members(self):
        graph = CausalGraph.of("cab", [Link("c", "a", -1, 0.5, 1), Link("a", "b", 1, 0.5, 2), Link("b", "c", 1, 0.8)])
        (loop,) = find_loops(graph).loops
        assert loop.members == ("a", "b", "c")
        assert (loop.weights, loop.lowering, loop.gain, loop.delay) == ((0.5, 0.8, 0.5), 1, 0.2, 3)

    def test_its_name_is_that_of_its_strongest_members_in_their_order(self):
        weights = {"ab": 0.1, "bc": 0.9, "cd": 1.0, "de": 0.8, "ea": 0.1}
        graph = CausalGraph.of("abcde", [Link(*pair, 1, weight) for pair, weight in weights.items()])
        (loop,) = find_loops(graph).loops
        assert loop.strongest == ("b", "c", "d")
        assert loop.named({key: key.upper() for key in "abcde"}) == "B · C · D"

    def test_a_link_of_no_weight_closes_none(self):
        assert find_loops(CausalGraph.of("ab", [Link("a", "b", 1), Link("b", "a", 1, 0.0)])).loops == ()


class TestProperties:
    @given(causal_graphs(), st.randoms(use_true_random=False))
    def test_the_order_in_which_it_is_given_tells_nothing(self, graph, chance):
        keys = chance.sample(graph.factors, len(graph.factors))
        shuffled = CausalGraph.of(keys, chance.sample(graph.links, len(graph.links)))
        assert find_loops(shuffled) == find_loops(graph)

    @given(causal_graphs(), st.randoms(use_true_random=False))
    def test_other_names_are_the_same_loops(self, graph, chance):
        names = dict(zip(graph.factors, chance.sample(graph.factors, len(graph.factors)), strict=True))
        found, renamed = find_loops(graph).loops, find_loops(graph.relabelled(names)).loops
        assert Counter((frozenset(one.members), one.balancing, one.delay) for one in renamed) == Counter(
            (frozenset(names[key] for key in one.members), one.balancing, one.delay) for one in found
        )

    @given(causal_graphs())
    def test_turning_a_link_twice_changes_nothing_once_turns_its_loops(self, graph):
        if not graph.links:
            return
        first = graph.links[0]
        turned = Link(first.source, first.target, -first.sign, first.weight, first.delay)
        once = CausalGraph.of(graph.factors, [turned, *graph.links[1:]])
        back = Link(turned.source, turned.target, -turned.sign, turned.weight, turned.delay)
        assert find_loops(CausalGraph.of(graph.factors, [back, *once.links[1:]])) == find_loops(graph)
        for before, after in zip(find_loops(graph).loops, find_loops(once).loops, strict=True):
            ring = [*before.members, before.members[0]]
            assert after.members == before.members
            assert (after.balancing != before.balancing) == (first.pair in pairwise(ring))

    @given(causal_graphs(), st.integers(1, 6))
    def test_a_smaller_bound_keeps_the_shorter_ones(self, graph, bound):
        everything = find_loops(graph).loops
        assert find_loops(graph, bound=bound).loops == tuple(one for one in everything if len(one.members) <= bound)

    @given(causal_graphs(), st.integers(1, 12))
    def test_a_cut_keeps_the_first_ones(self, graph, most):
        everything = find_loops(graph).loops
        cut = find_loops(graph, most=most, most_looked_at=most)
        shortest = {one for one in everything if len(one.members) <= cut.whole_to}
        assert len(cut.loops) == min(most, len(everything))
        assert shortest <= set(cut.loops) <= set(everything)
        assert cut.capped == (len(everything) > most)

    def test_each_loop_is_a_circle_of_links_found_once(self):
        graph = scattered(25, 80, seed=3)
        pairs = {link.pair: link.sign for link in graph.links}
        found = find_loops(graph)
        for loop in found.loops:
            signs = [pairs[pair] for pair in pairwise((*loop.members, loop.members[0]))]
            assert signs.count(-1) == loop.lowering
            assert loop.members[0] == min(loop.members)
            assert len(set(loop.members)) == len(loop.members)
        assert len({loop.members for loop in found.loops}) == found.found
        assert [len(loop.members) for loop in found.loops] == sorted(len(loop.members) for loop in found.loops)
