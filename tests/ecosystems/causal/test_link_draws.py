import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.causal.link_draws import VotedLinks

ROOM = VotedLinks.of(3, [0, 1], [1, 2], [[0, 0, 1, 0, 0, 0, 3], [0, 2, 0, 1, 0, 0, 0]])


class TestVotedLinks:
    def test_mean_and_strongest_vote(self):
        assert ROOM.mean() == pytest.approx([(3 - 1 / 3) / 4, -4 / 9])
        assert ROOM.strongest() == pytest.approx([1, 2 / 3])
        assert len(ROOM) == 2

    def test_a_draw_is_the_vote_of_somebody(self):
        drawn = ROOM.drawn(20_000, seed=1)
        assert drawn.shape == (20_000, 2)
        assert set(np.round(drawn[:, 0] * 3)) == {-1, 3}
        assert set(np.round(drawn[:, 1] * 3)) == {-2, 0}
        assert np.mean(drawn[:, 0] > 0) == pytest.approx(3 / 4, abs=0.015)  # 5 standard errors
        assert np.mean(drawn[:, 1] < 0) == pytest.approx(2 / 3, abs=0.017)

    def test_links_are_drawn_apart(self):
        drawn = ROOM.drawn(20_000, seed=2)
        assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(0, abs=0.035)

    def test_the_seed_settles_the_draws(self):
        assert np.array_equal(ROOM.drawn(50, seed=7), ROOM.drawn(50, seed=7))
        assert not np.array_equal(ROOM.drawn(50, seed=7), ROOM.drawn(50, seed=8))

    def test_row_works_on_column(self):
        (matrix,) = ROOM.matrices(np.array([[0.5, -1.0]]))
        assert matrix.tolist() == [[0, 0.5, 0], [0, 0, -1], [0, 0, 0]]

    @given(st.lists(st.integers(-3, 3), min_size=1, max_size=6))
    def test_one_opinion_is_always_drawn(self, effects: list[int]):
        links = VotedLinks.unanimous(7, range(len(effects)), range(1, len(effects) + 1), effects)
        assert links.mean() == pytest.approx(np.array(effects) / 3)
        assert links.drawn(9, seed=3) == pytest.approx(np.tile(np.array(effects) / 3, (9, 1)))

    def test_no_links(self):
        empty = VotedLinks.of(0, [], [], [])
        assert (len(empty), empty.drawn(4, seed=1).shape, empty.mean().shape) == (0, (4, 0), (0,))
        assert empty.strongest().shape == (0,)
        assert empty.matrices(empty.drawn(4, seed=1)).shape == (4, 0, 0)


@pytest.mark.parametrize(
    ("sources", "targets", "counts", "message"),
    [
        ([0], [0], [[0, 0, 0, 0, 0, 0, 1]], "itself"),
        ([0, 0], [1, 1], [[0, 0, 0, 0, 0, 0, 1]] * 2, "twice"),
        ([0], [3], [[0, 0, 0, 0, 0, 0, 1]], "outside 0…2"),
        ([-1], [1], [[0, 0, 0, 0, 0, 0, 1]], "outside 0…2"),
        ([0], [1], [[0] * 7], "needs a vote"),
        ([0], [1], [[0, 0, 0, 0, 0, -1, 2]], "cannot be negative"),
        ([0], [1], [[0, 0, 0, 0, 0, 0, np.nan]], "needs a vote"),
        ([0, 1], [1], [[0, 0, 0, 0, 0, 0, 1]], "do not match"),
    ],
)
def test_bad_links(sources: list[int], targets: list[int], counts: list[list[float]], message: str):
    with pytest.raises(ValueError, match=message):
        VotedLinks.of(3, sources, targets, counts)


def test_an_effect_out_of_range():
    with pytest.raises(ValueError, match="between -3 and 3"):
        VotedLinks.unanimous(2, [0], [1], [4])
