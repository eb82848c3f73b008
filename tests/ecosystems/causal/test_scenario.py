import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.causal.fuzzy_map import Model, Rule, Squash
from ecosystems.causal.link_draws import VotedLinks
from ecosystems.causal.scenario import Band, Move, NotRun, Outcome, Scenario, scenario

CHAIN = VotedLinks.unanimous(3, [0, 1], [1, 2], [3, -3])
SCORES = [40.0, 55.0, 70.0]
EACH = [Outcome("a", {0: 1}), Outcome("b", {1: 1}), Outcome("c", {2: 1})]


def sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def ran(found: Scenario | NotRun) -> Scenario:
    assert isinstance(found, Scenario)
    return found


def moves(found: Scenario | NotRun) -> dict[str, Move]:
    return {move.key: move for move in ran(found).moves}


class TestClosedForm:
    def test_down_a_chain(self):
        """A lever from 40 to 60 raises what follows by σ(.6) − σ(.4), and that lowers the last."""
        found = moves(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1, draws=10))
        second = sigmoid(0.6) - sigmoid(0.4)
        last = sigmoid(-sigmoid(0.6)) - sigmoid(-sigmoid(0.4))
        assert found["a"].change.median == pytest.approx(20)
        assert found["b"].change.median == pytest.approx(100 * second)
        assert found["c"].change.median == pytest.approx(100 * last)
        assert found["c"].change.median < 0

    def test_step_by_step(self):
        """The lever moves at once; each link takes one step."""
        steps = {key: move.steps for key, move in moves(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1)).items()}
        assert [step.median for step in steps["a"][:3]] == pytest.approx([20, 20, 20])
        assert steps["b"][0] == Band(0, 0, 0)
        assert steps["b"][1].median == pytest.approx(100 * (sigmoid(0.6) - sigmoid(0.4)))
        assert steps["c"][1] == Band(0, 0, 0)
        assert steps["c"][2].median < 0
        assert len(steps["c"]) == 13

    def test_a_baseline_that_runs_free(self):
        """Left free, a lever nobody works on goes to σ(0) = .5, so the same 60 is a move of 10 (Özesmi & Özesmi)."""
        found = moves(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1, held_in_baseline=False))
        assert found["a"].change.median == pytest.approx(10)
        assert found["b"].change.median == pytest.approx(100 * (sigmoid(0.6) - sigmoid(0.5)))

    def test_tanh_reads_scores_from_the_middle(self):
        found = moves(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1, model=Model(squash=Squash.TANH)))
        assert found["b"].change.median == pytest.approx(50 * (np.tanh(0.2) - np.tanh(-0.2)))

    def test_an_outcome_is_the_mean_of_its_factors(self):
        both = Outcome("both", {1: 1, 2: 3})
        found = moves(scenario(CHAIN, SCORES, {0: 60}, [*EACH, both], seed=1))
        expected = (found["b"].change.median + 3 * found["c"].change.median) / 4
        assert found["both"].change.median == pytest.approx(expected)
        assert found["both"].now == pytest.approx((55 + 3 * 70) / 4)


class TestDraws:
    def test_the_band_is_that_of_the_votes(self):
        """Two of ten say the lever lowers what eight say it raises: four fifths of the draws agree."""
        split = VotedLinks.of(2, [0], [1], [[0, 0, 2, 0, 8, 0, 0]])
        found = moves(scenario(split, [40, 50], {0: 70}, [Outcome("b", {1: 1})], seed=3, draws=20_000))["b"]
        up = 100 * (sigmoid(0.7 / 3) - sigmoid(0.4 / 3))
        down = 100 * (sigmoid(-0.7 / 3) - sigmoid(-0.4 / 3))
        assert (found.change.low, found.change.median, found.change.high) == pytest.approx((down, up, up))
        assert found.agree == pytest.approx(0.8, abs=0.015)

    def test_votes_for_no_effect_do_not_agree(self):
        quiet = VotedLinks.of(2, [0], [1], [[0, 0, 0, 3, 7, 0, 0]])
        found = moves(scenario(quiet, [40, 50], {0: 70}, [Outcome("b", {1: 1})], seed=3, draws=20_000))["b"]
        assert found.agree == pytest.approx(0.7, abs=0.017)
        assert found.change.low == 0

    def test_one_opinion_has_no_band(self):
        found = moves(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1))["c"]
        assert found.change.low == found.change.high == found.change.median
        assert found.agree == 1

    def test_the_seed_settles_it(self):
        votes = VotedLinks.of(3, [0, 1], [1, 2], [[1, 1, 1, 1, 1, 1, 1]] * 2)
        first, again = (scenario(votes, SCORES, {0: 60}, EACH, seed=5, draws=99) for _ in range(2))
        assert first == again
        assert ran(first).seed == 5
        assert first != scenario(votes, SCORES, {0: 60}, EACH, seed=6, draws=99)

    def test_bands_are_quantiles(self):
        votes = VotedLinks.of(3, [0, 1, 0], [1, 2, 2], [[1, 1, 1, 1, 1, 1, 1]] * 3)
        found = ran(scenario(votes, SCORES, {0: 90}, EACH, seed=5, draws=98))
        expected = np.quantile(found.changes, [0.05, 0.5, 0.95], axis=0).T
        bands = [(move.change.low, move.change.median, move.change.high) for move in found.moves]
        assert np.array(bands) == pytest.approx(expected, abs=1e-12)

    def test_draws_and_changes_stay_side_by_side(self):
        split = VotedLinks.of(2, [0], [1], [[3, 0, 0, 0, 0, 0, 4]])
        found = ran(scenario(split, [40, 50], {0: 70}, [Outcome("b", {1: 1})], seed=3, draws=60))
        assert (np.sign(found.weights[:, 0]) == np.sign(found.changes[:, 0])).all()


class TestProperties:
    @given(st.integers(0, 2000), st.sampled_from(list(Rule)))
    def test_levers_moved_by_nothing_move_nothing(self, seed: int, rule: Rule):
        links, scores, _ = some_map(seed)
        found = moves(scenario(links, scores, {0: scores[0]}, EACH, seed=seed, draws=20, model=Model(rule)))
        for move in found.values():
            assert move.change == Band(0, 0, 0)
            assert (move.agree, move.then) == (1, Band(move.now, move.now, move.now))

    @given(st.integers(0, 2000))
    def test_names_do_not_matter(self, seed: int):
        links, scores, rng = some_map(seed)
        new = rng.permutation(links.factors)
        moved = VotedLinks.of(links.factors, new[links.sources], new[links.targets], links.counts)
        renamed = [Outcome(one.key, {int(new[place]): 1.0 for place in one.factors}) for one in EACH]
        there = moves(scenario(links, scores, {0: 90}, EACH, seed=seed, draws=30))
        here = moves(scenario(moved, scores[np.argsort(new)], {int(new[0]): 90}, renamed, seed=seed, draws=30))
        for key, move in there.items():
            assert here[key].change.median == pytest.approx(move.change.median, abs=1e-3)
            assert here[key].now == move.now

    def test_a_factor_out_of_reach_stays(self):
        apart = VotedLinks.unanimous(4, [0, 2], [1, 3], [3, 3])
        found = moves(scenario(apart, [50.0] * 4, {0: 90}, [Outcome("d", {3: 1})], seed=1))["d"]
        assert (found.change, found.agree) == (Band(0, 0, 0), 1)
        assert set(found.steps) == {Band(0, 0, 0)}


class TestSettling:
    def test_certain_beforehand(self):
        assert ran(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1, draws=7)).settling.assured
        settling = ran(scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1, draws=7, model=Model(steepness=9))).settling
        assert (settling.assured, settling.rested, settling.draws, settling.unsettled) == (False, 7, 7, 0)

    def test_a_cycle_is_said_with_its_period_and_counts_with_its_mean(self):
        """Behind a lever, two factors lower and raise each other: every four steps they are where they were."""
        pair = VotedLinks.unanimous(3, [1, 2, 0], [2, 1, 1], [3, -3, 1])
        model = Model(squash=Squash.TANH, steepness=2.0)
        found = ran(scenario(pair, [50, 60, 60], {0: 55}, EACH, seed=1, draws=5, model=model))
        assert dict(found.settling.cycles) == {4: 5}
        assert (found.settling.rested, found.settling.unsettled) == (0, 0)
        assert abs(found.moves[1].change.median) < 50

    def test_what_never_settles_carries_no_number(self):
        turning = VotedLinks.unanimous(3, [0, 1, 2], [1, 2, 1], [1, 1, -1])
        model = Model(Rule.MODIFIED_KOSKO, Squash.TANH, 1.05)
        found = scenario(turning, [50, 90, 60], {0: 51}, EACH, seed=1, draws=5, model=model)
        assert found is NotRun.NOTHING_SETTLED

    def test_some_draws_do_not_settle(self):
        mixed = VotedLinks.of(3, [0, 1, 2], [1, 2, 1], [[0, 0, 0, 0, 1, 0, 0]] * 2 + [[0, 0, 1, 1, 0, 0, 0]])
        model = Model(Rule.MODIFIED_KOSKO, Squash.TANH, 0.98, steps=2000)
        found = scenario(mixed, [50, 90, 60], {0: 51}, EACH, seed=1, draws=200, model=model)
        settling = ran(found).settling
        assert settling.rested + sum(settling.cycles.values()) + settling.unsettled == 200
        assert settling.unsettled > 0
        assert len(ran(found).changes) == len(ran(found).weights) == 200 - settling.unsettled


class TestProgress:
    def test_in_portions_or_in_one_go(self, monkeypatch: pytest.MonkeyPatch):
        links, scores, _ = some_map(11)
        whole = moves(scenario(links, scores, {0: 90}, EACH, seed=4, draws=50))
        heard: list[tuple[int, int]] = []
        monkeypatch.setattr("ecosystems.causal.scenario.PORTION", 20 * links.factors**2)
        parts = scenario(
            links, scores, {0: 90}, EACH, seed=4, draws=50, on_progress=lambda done, of: heard.append((done, of))
        )
        assert heard == [(20, 50), (40, 50), (50, 50)]
        for key, move in moves(parts).items():
            assert move.change.median == pytest.approx(whole[key].change.median, abs=1e-3)
            assert move.steps[2].high == pytest.approx(whole[key].steps[2].high, abs=1e-3)

    def test_who_listens_can_end_it(self):
        def stop(done: int, of: int) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            scenario(CHAIN, SCORES, {0: 60}, EACH, seed=1, on_progress=stop)


class TestUnmeasured:
    def test_factors_without_a_score_begin_in_the_middle_and_are_said(self):
        found = ran(scenario(CHAIN, [40, np.nan, 70], {0: 60}, EACH, seed=1))
        assert found.assumed == (1,)
        assert [move.now for move in found.moves] == [40, None, 70]
        assert found.moves[1].then is None

    def test_an_unmeasured_factor_of_an_outcome_leaves_no_level(self):
        both = Outcome("both", {1: 1, 2: 1})
        found = moves(scenario(CHAIN, [40, np.nan, 70], {0: 60}, [both], seed=1))["both"]
        assert (found.now, found.then) == (None, None)

    def test_levels_stay_on_the_scale(self):
        found = moves(scenario(CHAIN, [0, 55, 1], {0: 100}, EACH, seed=1))
        assert found["c"].change.median < -1
        assert found["c"].then == Band(0, 0, 0)


class TestNotRun:
    @pytest.mark.parametrize(
        ("links", "scores", "levers", "reason"),
        [
            (VotedLinks.of(0, [], [], []), [], {}, NotRun.EMPTY_MAP),
            (VotedLinks.of(1, [], [], []), [50], {0: 60}, NotRun.NO_LINKS),
            (CHAIN, [np.nan] * 3, {0: 60}, NotRun.NO_MEASURED_FACTORS),
            (CHAIN, SCORES, {}, NotRun.NO_LEVERS),
        ],
    )
    def test_reasons(self, links: VotedLinks, scores: list[float], levers: dict[int, float], reason: NotRun):
        assert scenario(links, scores, levers, [], seed=1) is reason

    @pytest.mark.parametrize(
        ("scores", "levers", "outcomes", "message"),
        [
            ([1, 2], {0: 60}, EACH, "2 scores for 3 factors"),
            ([1, 2, 101], {0: 60}, EACH, "between 0 and 100"),
            (SCORES, {3: 60}, EACH, "no lever 3"),
            (SCORES, {0: 101}, EACH, "no lever 0"),
            (SCORES, {0: float("nan")}, EACH, "no lever 0"),
            (SCORES, {0: 60}, [Outcome("x", {})], "outcome x"),
            (SCORES, {0: 60}, [Outcome("x", {3: 1})], "outcome x"),
            (SCORES, {0: 60}, [Outcome("x", {1: 0})], "outcome x"),
        ],
    )
    def test_bad_input(self, scores: list[float], levers: dict[int, float], outcomes: list[Outcome], message: str):
        with pytest.raises(ValueError, match=message):
            scenario(CHAIN, scores, levers, outcomes, seed=1)


def some_map(seed: int) -> tuple[VotedLinks, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    factors = int(rng.integers(3, 8))
    linked = (rng.random((factors, factors)) < 0.4) & ~np.eye(factors, dtype=bool)
    linked[0, 1] = True
    sources, targets = np.nonzero(linked)
    counts = rng.integers(0, 4, (len(sources), 7))
    counts[:, 5] += 1
    return VotedLinks.of(factors, sources, targets, counts), rng.integers(0, 101, factors).astype(float), rng
