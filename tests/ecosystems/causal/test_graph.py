import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.causal.graph import Ambiguity, CausalGraph, Link, UnusableMap
from tests.ecosystems.causal.maps import causal_graphs


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "keys"),
        [
            (("a", "a", 1), ("a",)),
            (("a", "b", 0), ("a", "b")),
            (("a", "b", 2), ("a", "b")),
            (("a", "b", 1, -0.1), ("a", "b")),
            (("a", "b", 1, 1.1), ("a", "b")),
            (("a", "b", 1, float("nan")), ("a", "b")),
            (("a", "b", 1, 1.0, -1), ("a", "b")),
        ],
    )
    def test_a_link_that_is_none(self, given, keys):
        with pytest.raises(UnusableMap) as refused:
            Link(*given)
        assert refused.value.keys == keys

    def test_a_link_to_a_factor_that_is_not_there(self):
        with pytest.raises(UnusableMap) as refused:
            CausalGraph.of(["a", "b"], [Link("a", "b", 1), Link("b", "z", 1), Link("y", "a", 1)])
        assert refused.value.keys == ("y", "z")

    def test_a_factor_twice(self):
        with pytest.raises(UnusableMap) as refused:
            CausalGraph.of(["a", "b", "a"])
        assert refused.value.keys == ("a",)


class TestSecondLink:
    def test_an_opposite_one_is_an_ambiguity_and_is_kept(self):
        given = (Link("a", "b", 1, 0.75), Link("a", "b", -1, 0.25, 2))
        graph = CausalGraph.of(["a", "b"], given)
        assert graph.given == given
        assert graph.ambiguities == (Ambiguity("a", "b", raises=1, lowers=1, net=0.25),)
        assert graph.links == (Link("a", "b", 1, 0.25, 2),)
        assert graph.opinions() == {("a", "b"): (-0.25, 0.75)}

    def test_equal_and_opposite_ones_draw_no_link(self):
        graph = CausalGraph.of(["a", "b"], [Link("a", "b", 1, 0.5), Link("a", "b", -1, 0.5)])
        assert graph.links == ()
        assert graph.ambiguities == (Ambiguity("a", "b", raises=1, lowers=1, net=0.0),)
        assert not graph.weights().any()

    def test_one_of_the_same_sign_is_another_opinion(self):
        graph = CausalGraph.of(["a", "b"], [Link("a", "b", -1, 0.5), Link("a", "b", -1, 1.0)])
        assert graph.links == (Link("a", "b", -1, 0.75),)
        assert graph.ambiguities == ()

    def test_the_way_back_is_a_link_of_its_own(self):
        graph = CausalGraph.of(["a", "b"], [Link("a", "b", 1), Link("b", "a", -1)])
        assert graph.links == graph.given
        assert graph.ambiguities == ()


class TestMatrix:
    def test_rows_move_columns(self):
        graph = CausalGraph.of(["a", "b", "c"], [Link("a", "b", 1, 0.5), Link("c", "a", -1)])
        assert graph.weights().tolist() == [[0, 0.5, 0], [0, 0, 0], [-1, 0, 0]]

    def test_of_an_empty_map(self):
        assert CausalGraph.of([]).weights().shape == (0, 0)

    @given(causal_graphs(), st.randoms(use_true_random=False))
    def test_other_keys_in_another_order_are_the_same_map(self, graph, chance):
        keys = list(graph.factors)
        chance.shuffle(keys)
        names = {key: f"x{at}" for at, key in enumerate(keys)}
        renamed = graph.relabelled(names)
        assert np.array_equal(renamed.weights(), graph.weights())
        assert renamed.relabelled({new: old for old, new in names.items()}) == graph
        shuffled = CausalGraph.of(keys, chance.sample(graph.given, len(graph.given)))
        order = [keys.index(key) for key in graph.factors]
        assert np.array_equal(shuffled.weights()[np.ix_(order, order)], graph.weights())
