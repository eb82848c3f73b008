import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.causal.graph import CausalGraph, Link
from ecosystems.causal.leverage import (
    Lever,
    community_matrix,
    drawn_weights,
    is_stable,
    leverage,
    press_response,
    press_signs,
)
from tests.ecosystems.causal.maps import causal_graphs, drawn, scattered

LEVINS_SCHULTZ = [[-1, -1, 0, 0], [1, 0, -1, -1], [0, 1, 0, 0], [0, 1, 0, -1]]
LEVINS_SCHULTZ_PREDICTED = [[1, 0, 1, 0], [0, 0, 1, 0], [1, -1, 1, -1], [0, 0, -1, 1]]


class TestPublished:
    def test_levins_and_schultz(self):
        """Levins & Schultz (1996): resource, herbivore, x, y; as the tables of the R package LoopAnalyst print it."""
        assert np.array_equal(press_signs(LEVINS_SCHULTZ), LEVINS_SCHULTZ_PREDICTED)

    def test_the_same_from_a_map(self):
        graph = CausalGraph.of(
            ["R", "H", "x", "y"],
            drawn("R+H", "H-R", "H+x", "x-H", "H+y", "y-H").links,
        )
        community = community_matrix(graph.weights(), damping=[1, 0, 0, 1])
        assert np.array_equal(community, LEVINS_SCHULTZ)
        assert np.array_equal(press_signs(community), LEVINS_SCHULTZ_PREDICTED)

    def test_predator_and_prey(self):
        """Levins (1974): what the prey gains ends in the predator; what the predator gains is taken from the prey."""
        assert press_signs([[-1, -1], [1, 0]]).tolist() == [[0, 1], [-1, 1]]

    def test_a_chain_of_three(self):
        """Puccia & Levins (1985): a press at the top cascades down with turning signs."""
        assert press_signs([[-1, -1, 0], [1, 0, -1], [0, 1, 0]]).tolist() == [[1, 0, 1], [0, 0, 1], [1, -1, 1]]

    def test_two_competitors_that_damp_themselves(self):
        """Lotka-Volterra competition of 0.5: −A⁻¹ = [[4, −2], [−2, 4]]/3."""
        response = press_response([[-1, -0.5], [-0.5, -1]])
        assert response == pytest.approx(np.array([[4, -2], [-2, 4]]) / 3)


class TestStability:
    @pytest.mark.parametrize(
        ("community", "stable"),
        [
            ([[-1, -1], [1, 0]], True),
            ([[0, -1], [1, 0]], False),  # swings for ever
            ([[-1, 2], [2, -1]], False),  # runs away
            ([[-1, 0.5], [0.5, -1]], True),
            ([[-1, 1], [1, -1]], False),  # drifts
            (np.zeros((0, 0)), True),
        ],
    )
    def test_it_comes_to_rest(self, community, stable):
        assert is_stable(community) is stable


class TestSingular:
    def test_is_said(self):
        assert press_response([[-1, 1], [1, -1]]) is None
        assert press_signs(np.zeros((3, 3))) is None

    def test_noise_of_rounding_has_no_sign(self):
        response = press_response([[-1, 0, 0], [0.1, -1, 0.1], [0.3, 0, -3]])
        assert response[1, 0] == response[2, 0] == response[1, 2] == 0

    @pytest.mark.parametrize("wrong", [[1, 2], [[1, 2]], [[np.nan]]])
    def test_what_is_no_matrix(self, wrong):
        with pytest.raises(ValueError, match="square and finite"):
            press_response(wrong)

    def test_damping_pulls_back(self):
        with pytest.raises(ValueError, match="damping"):
            community_matrix(np.zeros((2, 2)), damping=-1)


class TestDraws:
    def test_a_sure_chain(self):
        graph = drawn("a+b", "b-c", further="z")
        found = leverage(drawn_weights(graph, seed=1), graph.factors)
        assert (found.draws, found.stable, found.singular, found.share_stable) == (1000, 1000, 0, 1.0)
        levers = {(one.pressed, one.outcome): one for one in found.levers}
        assert len(levers) == 16
        assert (levers["a", "b"].sign, levers["a", "b"].certainty) == (1, 1.0)
        assert (levers["a", "c"].sign, levers["a", "c"].certainty) == (-1, 1.0)
        assert (levers["c", "a"].sign, levers["c", "a"].unmoved) == (0, 1.0)
        assert levers["a", "a"].change == levers["z", "z"].change == 1.0
        assert [one.pressed for one in found.strongest("c")] == ["c", "b", "a"]

    def test_two_paths_of_opposite_sign_and_equal_chance(self):
        """a raises c straight and lowers it by b; each size is drawn alike, and a product of two is the smaller."""
        graph = drawn("a+c", "a+b", "b-c")
        found = leverage(drawn_weights(graph, seed=5, draws=20_000), graph.factors, outcomes={"end": ["c"]})
        lever = found.levers[0]
        assert (lever.pressed, lever.outcome) == ("a", "end")
        assert lever.raises == pytest.approx(0.75, abs=0.02)  # P(u > v·w) = 1 − E[v]·E[w]
        assert lever.raises + lever.lowers == pytest.approx(1.0)

    def test_votes_are_drawn_as_often_as_they_were_given(self):
        graph = drawn("a+b")
        effects = {("a", "b"): (-1.0, 0.0, 1.0, 1.0, 1.0)}
        found = leverage(drawn_weights(graph, seed=2, effects=effects, draws=8000), graph.factors)
        lever = found.levers[1]
        assert (lever.pressed, lever.outcome, lever.sign, lever.change) == ("a", "b", 1, 1.0)
        assert [lever.raises, lever.lowers, lever.unmoved] == pytest.approx([0.6, 0.2, 0.2], abs=0.02)

    def test_opinions_given_on_one_link_are_drawn(self):
        graph = CausalGraph.of("ab", [Link("a", "b", 1, 0.5), Link("a", "b", -1, 0.5)])
        (chunk,) = drawn_weights(graph, seed=3, draws=100)
        assert set(chunk[:, 0, 1].tolist()) == {0.5, -0.5}

    def test_draws_that_run_away_are_counted_and_left_out(self):
        graph = CausalGraph.of("ab", [Link("a", "b", 1), Link("b", "a", 1)])
        votes = {("a", "b"): (1.0, 0.5), ("b", "a"): (1.0,)}
        found = leverage(drawn_weights(graph, seed=4, effects=votes), graph.factors)
        assert found.stable + found.singular == found.draws
        assert 400 < found.stable < 600
        assert found.enough
        assert {one.raises for one in found.levers} == {1.0}

    @pytest.mark.parametrize("links", [10, 25, 60, 120])
    def test_whether_it_comes_to_rest_is_told_by_its_circles(self, links):
        """The same as by the eigenvalues of the whole map."""
        graph = scattered(15, links, seed=links)
        for chunk in drawn_weights(graph, seed=3, draws=200):
            whole = np.linalg.eigvals(community_matrix(chunk)).real.max(axis=1) < 0
            assert [is_stable(one) for one in community_matrix(chunk)] == whole.tolist()

    def test_no_more_is_drawn_once_too_few_can_come_to_rest(self):
        graph = drawn("a+b", "b+a")
        votes = {("a", "b"): (1.0,) * 19 + (0.5,), ("b", "a"): (1.0,)}  # one draw in twenty
        found = leverage(drawn_weights(graph, seed=4, effects=votes), graph.factors, fewest=0.1)
        assert found.draws < 1000
        assert found.stable < 0.1 * found.draws
        assert not found.enough
        often = {("a", "b"): (1.0,) * 4 + (0.5,), ("b", "a"): (1.0,)}
        found = leverage(drawn_weights(graph, seed=4, effects=often), graph.factors, fewest=0.1)
        assert (found.draws, found.enough) == (1000, True)

    def test_where_none_comes_to_rest_there_are_no_levers(self):
        graph = drawn("a+b", "b+a")
        votes = {("a", "b"): (1.0,), ("b", "a"): (1.0,)}
        found = leverage(drawn_weights(graph, seed=4, effects=votes), graph.factors)
        assert (found.levers, found.stable, found.singular) == ((), 0, 1000)
        assert found.strongest("a") == ()
        assert not found.enough

    def test_a_dimension_moves_as_its_factors_do_on_average(self):
        graph = drawn("a+b", "a-c")
        votes = {("a", "b"): (1.0,), ("a", "c"): (-0.5,)}
        found = leverage(drawn_weights(graph, seed=1, effects=votes), graph.factors, outcomes={"both": ["b", "c"]})
        assert [one.change for one in found.levers] == [0.25, 0.5, 0.5]

    def test_the_same_seed_draws_the_same(self):
        graph = scattered(12, 30, seed=1)
        one, again, other = (leverage(drawn_weights(graph, seed=seed), graph.factors) for seed in (7, 7, 8))
        assert one == again
        assert one != other

    def test_the_size_of_the_chunks_is_no_part_of_a_sum(self):
        graph = scattered(5, 9, seed=2)
        assert [len(chunk) for chunk in drawn_weights(graph, seed=1, draws=250)] == [100, 100, 50]

    def test_an_empty_map(self):
        graph = CausalGraph.of([])
        found = leverage(drawn_weights(graph, seed=1), graph.factors)
        assert (found.levers, found.stable) == ((), 1000)

    def test_one_factor_moves_itself(self):
        found = leverage(drawn_weights(CausalGraph.of(["a"]), seed=1), ["a"])
        assert found.levers == (Lever("a", "a", raises=1.0, lowers=0.0, unmoved=0.0, change=1.0),)

    @pytest.mark.parametrize("members", [[], ["q"]])
    def test_an_outcome_of_nothing(self, members):
        graph = drawn("a+b")
        with pytest.raises(ValueError, match="factors of the map"):
            leverage(drawn_weights(graph, seed=1), graph.factors, outcomes={"none": members})

    def test_no_draws(self):
        with pytest.raises(ValueError, match="draws"):
            leverage(iter(()), ["a"])

    def test_two_signs_as_often_are_none(self):
        assert Lever("a", "b", raises=0.5, lowers=0.5, unmoved=0.0, change=0.0).sign == 0


class TestProperties:
    @given(causal_graphs(), st.randoms(use_true_random=False))
    def test_the_order_of_the_factors_tells_nothing(self, graph, chance):
        order = chance.sample(range(len(graph.factors)), len(graph.factors))
        shuffled = CausalGraph.of([graph.factors[at] for at in order], graph.links)
        one = press_response(community_matrix(graph.weights(), damping=2))
        other = press_response(community_matrix(shuffled.weights(), damping=2))
        if one is None or other is None:
            assert one is other
        else:
            np.testing.assert_allclose(other, one[np.ix_(order, order)], rtol=1e-6, atol=1e-9)

    @given(causal_graphs())
    def test_a_press_and_its_response_balance(self, graph):
        community = community_matrix(graph.weights(), damping=10)
        response = press_response(community)
        np.testing.assert_allclose(community @ response.T, -np.eye(len(graph.factors)), atol=1e-7)
        assert is_stable(community)
