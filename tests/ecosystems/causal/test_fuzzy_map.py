from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy import optimize

from ecosystems.causal.fuzzy_map import UNSETTLED, Model, Rule, Run, Squash, run

# Example 1 of the vignette of the R package fcm: weights, and the sixth state it prints
FCM6 = np.array(
    [
        [0, 0, 0.6, 0.9, 0, 0],
        [0.1, 0, 0, 0, 0, 0],
        [0, 0.7, 0, 0, 0.9, 0],
        [0, 0, 0, 0, 0, 0.9],
        [0, 0, 0, 0, 0, -0.9],
        [-0.3, 0, 0, 0, 0, 0],
    ]
)
START = [1.0, 1, 1, 0, 0, 0]
SIXTH = [0.4778365, 0.5986462, 0.5712033, 0.6059079, 0.6257586, 0.4955168]

TANH = Model(rule=Rule.KOSKO, squash=Squash.TANH, steepness=2.0)
AMPLITUDE = float(optimize.brentq(lambda a: np.tanh(2 * a) - a, 0.5, 1))  # a = tanh(2a)


def one(weights: ArrayLike, start: ArrayLike, model: Model, **options: object) -> Run:
    return run(np.array([weights], dtype=float), np.array([start], dtype=float), model=model, **options)  # type: ignore[arg-type]


class TestPublished:
    def test_the_sixth_state(self):
        found = one(FCM6, START, Model(), keep=5)
        assert found.path[5][0, 0] == pytest.approx(SIXTH, abs=1e-7)

    def test_where_it_rests_is_a_fixed_point(self):
        found = one(FCM6, START, Model(tolerance=1e-12))
        assert found.periods.tolist() == [1]
        fixed = optimize.fsolve(lambda a: 1 / (1 + np.exp(-a @ FCM6)) - a, SIXTH, xtol=1e-13)
        assert found.final[0, 0] == pytest.approx(fixed, abs=1e-10)


class TestRules:
    """One step against the sums written out factor by factor."""

    @pytest.mark.parametrize("steepness", [0.5, 1.0, 3.0])
    @pytest.mark.parametrize(
        ("rule", "total"),
        [
            (Rule.KOSKO, lambda a, j: sum(a[i] * FCM6[i, j] for i in range(6))),
            (Rule.MODIFIED_KOSKO, lambda a, j: sum(a[i] * FCM6[i, j] for i in range(6)) + a[j]),
            (Rule.RESCALED, lambda a, j: sum((2 * a[i] - 1) * FCM6[i, j] for i in range(6)) + 2 * a[j] - 1),
        ],
    )
    def test_one_step(self, rule: Rule, total: Callable[[list[float], int], float], steepness: float):
        state = [0.1, 0.9, 0.4, 0.5, 1.0, 0.0]
        after = Model(rule=rule, steepness=steepness).next(np.array([state]), FCM6)[0]
        assert after == pytest.approx([1 / (1 + np.exp(-steepness * total(state, j))) for j in range(6)], abs=1e-12)
        if rule is not Rule.RESCALED:
            after = Model(rule=rule, squash=Squash.TANH, steepness=steepness).next(np.array([state]), FCM6)[0]
            assert after == pytest.approx([np.tanh(steepness * total(state, j)) for j in range(6)], abs=1e-12)

    def test_rescaled_is_modified_kosko_with_tanh_of_half_the_steepness(self):
        rescaled = np.array(one(FCM6, START, Model(rule=Rule.RESCALED, steepness=1.4), keep=9).path)
        state = 2 * np.array(START) - 1
        same = np.array(one(FCM6, state, Model(Rule.MODIFIED_KOSKO, Squash.TANH, 0.7), keep=9).path)
        assert rescaled == pytest.approx((same + 1) / 2, abs=1e-12)

    def test_an_unknown_middle_pushes_nowhere_when_rescaled(self):
        assert one(FCM6, [0.5] * 6, Model(Rule.RESCALED)).final[0, 0] == pytest.approx([0.5] * 6, abs=1e-12)

    def test_steepest_sigmoid_does_not_overflow(self):
        assert one([[0, -1], [-1, 0]], [1, 0], Model(steepness=1e6)).final[0, 0] == pytest.approx([0.5, 0.0], abs=1)


class TestSettling:
    def test_opposition_repeats_itself_every_other_step(self):
        """Two factors that lower each other, both at a = tanh(2a): all signs turn at each step."""
        found = one([[0, -1], [-1, 0]], [AMPLITUDE] * 2, TANH)
        assert found.periods.tolist() == [2]
        assert found.final[0, 0] == pytest.approx([0, 0], abs=1e-9)

    def test_a_balancing_pair_repeats_itself_every_four_steps(self):
        found = one([[0, 1], [-1, 0]], [0.9, 0.4], TANH)
        assert found.periods.tolist() == [4]

    @pytest.mark.parametrize("ring", [3, 5, 8])
    def test_a_balancing_ring_takes_twice_its_length(self, ring: int):
        weights = np.roll(np.eye(ring), 1, axis=1)
        weights[-1, 0] = -1
        found = one(weights, [AMPLITUDE] * ring, TANH)
        assert found.periods.tolist() == [2 * ring]

    def test_a_cycle_longer_than_looked_for_is_not_called_one(self):
        weights = np.roll(np.eye(5), 1, axis=1)
        weights[-1, 0] = -1
        found = one(weights, [AMPLITUDE] * 5, Model(squash=Squash.TANH, steepness=2.0, longest_period=9))
        assert found.periods.tolist() == [UNSETTLED]

    def test_turning_without_ever_meeting_itself(self):
        """A balancing pair that keeps its own values turns by an angle that is no fraction of the circle."""
        found = one([[0, 0.4], [-0.4, 0]], [0.9, 0.4], Model(Rule.MODIFIED_KOSKO, Squash.TANH, 1.05))
        assert found.periods.tolist() == [UNSETTLED]
        assert found.steps == 200

    def test_draws_settle_each_by_itself(self):
        weights = np.array([[[0, -1], [-1, 0]], [[0, 0.1], [0.1, 0]], [[0, 1], [-1, 0]]], dtype=float)
        found = run(weights, np.array([[0.9, 0.9]]), model=TANH, keep=3)
        assert found.periods.tolist() == [2, 1, 4]
        for place, matrix in enumerate(weights):
            alone = one(matrix, [0.9, 0.9], TANH, keep=3)
            assert found.final[place] == pytest.approx(alone.final[0], abs=1e-5)
            assert np.array(found.path)[:, place] == pytest.approx(np.array(alone.path)[:, 0], abs=1e-5)

    def test_the_way_ends_where_it_rests(self):
        found = one([[0, 0.1], [0, 0]], [0.5, 0.5], Model(), keep=40)
        assert len(found.path) == 41
        assert found.path[-1][0] == pytest.approx(found.final[0])

    def test_what_is_held_stays(self):
        found = run(FCM6[None], np.array([START, START]), model=Model(), held=np.eye(2, 6, dtype=bool), keep=4)
        path = np.array(found.path)
        assert (path[:, 0, 0, 0] == 1.0).all()
        assert (path[:, 0, 1, 1] == 1.0).all()
        assert path[4, 0, 0, 1] != 1.0


class TestCertainty:
    def test_the_bound_of_kosko_with_sigmoid(self):
        norm = float(np.linalg.norm(np.abs(FCM6), 2))
        assert Model(steepness=3.99 / norm).certain_to_settle(FCM6)
        assert not Model(steepness=4.01 / norm).certain_to_settle(FCM6)
        full = np.array([[0, 1.0], [1, 0]])
        assert Model(steepness=3.99).certain_to_settle(full)
        assert not Model(steepness=4.01).certain_to_settle(full)

    @pytest.mark.parametrize(
        ("model", "edge"),
        [
            (Model(Rule.KOSKO, Squash.TANH), 1.0),
            (Model(Rule.MODIFIED_KOSKO), 4 / 1.5),
            (Model(Rule.MODIFIED_KOSKO, Squash.TANH), 1 / 1.5),
            (Model(Rule.RESCALED), 2 / 1.5),
        ],
    )
    def test_the_bounds_of_the_others(self, model: Model, edge: float):
        strength = 1.0 if model.rule is Rule.KOSKO else 0.5
        pair = np.array([[0, strength], [strength, 0]])
        assert Model(model.rule, model.squash, edge * 0.99).certain_to_settle(pair)
        assert not Model(model.rule, model.squash, edge * 1.01).certain_to_settle(pair)

    def test_no_factors(self):
        assert Model().certain_to_settle(np.zeros((0, 0)))

    @given(st.integers(0, 10_000), st.sampled_from(list(Rule)))
    def test_a_certain_map_rests_at_one_place_wherever_it_starts(self, seed: int, rule: Rule):
        rng = np.random.default_rng(seed)
        weights = rng.uniform(-1, 1, (1, 5, 5)) * (1 - np.eye(5))
        model = Model(rule, steepness=0.5, steps=400, tolerance=1e-9)
        if not model.certain_to_settle(np.abs(weights[0])):
            return
        found = run(weights, rng.random((3, 5)), model=model)
        assert found.periods.tolist() == [1]
        assert np.ptp(found.final[0], axis=0) == pytest.approx(np.zeros(5), abs=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"steepness": 0.0},
        {"steepness": float("inf")},
        {"steepness": float("nan")},
        {"steps": 0},
        {"longest_period": 0},
        {"tolerance": 0.0},
        {"rule": Rule.RESCALED, "squash": Squash.TANH},
    ],
)
def test_bad_models(options: dict[str, object]):
    with pytest.raises(ValueError, match=r"above 0|rescaled goes"):
        Model(**options)  # type: ignore[arg-type]
