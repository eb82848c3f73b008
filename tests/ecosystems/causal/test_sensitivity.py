from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ecosystems.causal.fuzzy_map import Model, Rule, Squash
from ecosystems.causal.link_draws import VotedLinks
from ecosystems.causal.scenario import Outcome, Scenario, scenario
from ecosystems.causal.sensitivity import Path, link_weights, paths_of_influence, rank_correlations

LAST = Outcome("last", {3: 1})
# 0 → 1 → 3 strong, 0 → 2 → 3 weak; only the weak way is argued about
TWO_WAYS = VotedLinks.of(
    4,
    [0, 1, 0, 2],
    [1, 3, 2, 3],
    [[0, 0, 0, 0, 0, 0, 5], [0, 0, 0, 0, 0, 0, 5], [0, 0, 0, 0, 5, 0, 0], [1, 1, 1, 1, 1, 1, 1]],
)
SCORES = [40.0, 50, 50, 50]


class TestRankCorrelations:
    def test_spearman_as_scipy_has_it(self):
        rng = np.random.default_rng(1)
        columns, outcome = rng.integers(-3, 4, (60, 5)) / 3, rng.normal(size=60).round(1)
        found = rank_correlations(columns, outcome)
        assert found == pytest.approx([stats.spearmanr(column, outcome).statistic for column in columns.T])

    def test_iq_and_television(self):
        """The worked example of many textbooks: ρ = −29/165."""
        iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
        hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
        assert rank_correlations(np.array([iq], dtype=float).T, np.array(hours, dtype=float)) == pytest.approx(
            [-29 / 165]
        )

    def test_constants_have_none(self):
        found = rank_correlations(np.array([[1.0, 1], [1, 2], [1, 3]]), np.array([1.0, 2, 3]))
        assert np.isnan(found[0])
        assert found[1] == 1
        assert np.isnan(rank_correlations(np.array([[1.0], [2]]), np.array([4.0, 4]))).all()
        assert np.isnan(rank_correlations(np.zeros((0, 3)), np.zeros(0))).all()


class TestLinkWeights:
    def test_what_carries_and_what_is_doubtful(self):
        found = scenario(TWO_WAYS, SCORES, {0: 90}, [LAST], seed=1, draws=400)
        assert isinstance(found, Scenario)
        weights = link_weights(TWO_WAYS, SCORES, {0: 90}, LAST, drawn=found.weights, changes=found.changes[:, 0])
        by_link = {weight.link: weight for weight in weights}
        assert {weights[0].link, weights[1].link} == {0, 1}
        assert weights[0].without == pytest.approx(weights[1].without)
        assert weights[0].without is not None
        assert weights[0].without < 0
        assert by_link[0].doubt is by_link[1].doubt is by_link[2].doubt is None
        assert by_link[3].doubt is not None

    def test_a_split_vote_on_the_only_way_is_all_the_doubt(self):
        chain = VotedLinks.of(3, [0, 1], [1, 2], [[0, 0, 0, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1, 1]])
        end = Outcome("end", {2: 1})
        found = scenario(chain, SCORES[:3], {0: 90}, [end], seed=1, draws=400)
        assert isinstance(found, Scenario)
        weights = link_weights(chain, SCORES[:3], {0: 90}, end, drawn=found.weights, changes=found.changes[:, 0])
        assert {weight.link: weight.doubt for weight in weights} == {0: None, 1: pytest.approx(1)}

    def test_without_the_only_way_nothing_is_left(self):
        chain = VotedLinks.unanimous(2, [0], [1], [3])
        (only,) = link_weights(
            chain, [40.0, 50], {0: 90}, Outcome("b", {1: 1}), drawn=np.ones((3, 1)), changes=np.ones(3)
        )
        rise = 100 * float(1 / (1 + np.exp(-0.9)) - 1 / (1 + np.exp(-0.4)))
        assert only.without == pytest.approx(-rise)
        assert only.doubt is None

    def test_a_map_that_does_not_settle_has_no_answer(self):
        turning = VotedLinks.unanimous(3, [0, 1, 2], [1, 2, 1], [1, 1, -1])
        model = Model(Rule.MODIFIED_KOSKO, Squash.TANH, 1.05)
        found = link_weights(
            turning,
            [50, 90, 60],
            {0: 51},
            Outcome("c", {2: 1}),
            drawn=np.zeros((0, 3)),
            changes=np.zeros(0),
            model=model,
        )
        assert all(weight.without is None for weight in found)


class TestPaths:
    def test_strongest_first_with_their_sign(self):
        weights = np.zeros((4, 4))
        weights[0, 1], weights[1, 3], weights[0, 2], weights[2, 3], weights[0, 3] = 1, -0.9, 0.5, 0.5, 0.1
        found = paths_of_influence(weights, 0, [3], most=9)
        assert found.complete
        assert [path.factors for path in found.paths] == [(0, 1, 3), (0, 2, 3), (0, 3)]
        assert [path.strength for path in found.paths] == pytest.approx([-0.9, 0.25, 0.1])

    def test_of_equals_the_shorter(self):
        weights = np.array([[0, 1.0, 1], [0, 0, 1], [0, 0, 0]])
        found = paths_of_influence(weights, 0, [2])
        assert found.paths == (Path((0, 2), 1.0), Path((0, 1, 2), 1.0))

    def test_no_way(self):
        assert paths_of_influence(np.zeros((3, 3)), 0, [2]).paths == ()

    def test_too_long_a_way(self):
        weights = np.eye(5, k=1)
        assert len(paths_of_influence(weights, 0, [4], longest=4).paths) == 1
        assert paths_of_influence(weights, 0, [4], longest=3).paths == ()

    def test_a_search_cut_short_says_so(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("ecosystems.causal.sensitivity.MOST_STEPS", 3)
        assert not paths_of_influence(np.ones((6, 6)) / 2, 0, [5], most=50).complete

    def test_a_weight_out_of_range(self):
        with pytest.raises(ValueError, match="between −1 and 1"):
            paths_of_influence([[0, 1.1], [0, 0]], 0, [1])

    @given(st.integers(0, 5000))
    def test_every_path_there_is(self, seed: int):
        rng = np.random.default_rng(seed)
        weights = rng.integers(-3, 4, (5, 5)) / 3 * (rng.random((5, 5)) < 0.6)
        expected = []
        for between in range(4):
            for middle in permutations([1, 2, 3], between):
                way = (0, *middle, 4)
                product = float(np.prod([weights[a, b] for a, b in pairwise(way)]))
                if product:
                    expected.append((way, product))
        found = paths_of_influence(weights, 0, [4], most=100)
        assert {(path.factors, round(path.strength, 9)) for path in found.paths} == {
            (way, round(product, 9)) for way, product in expected
        }
        sizes = [abs(path.strength) for path in found.paths]
        assert sizes == pytest.approx(sorted(sizes, reverse=True))
