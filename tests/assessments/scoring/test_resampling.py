import numpy as np
import pytest
from numpy.typing import NDArray

from assessments.scoring.resampling import _POISSON, EXACT_UP_TO, generator, resampled_means

SMALL, LARGE = 60, EXACT_UP_TO + 101


def table(n: int, blanks: float = 0.0) -> NDArray[np.float64]:
    rng = np.random.default_rng(5)
    values = rng.integers(0, 5, size=(n, 3)) * 25.0
    values[rng.random(values.shape) < blanks] = np.nan
    return values


def test_poisson_bytes_have_the_moments_of_poisson_1() -> None:
    counts = _POISSON.astype(float)
    assert len(counts) == 256
    assert counts.mean() == 1
    assert counts.var() == 1


@pytest.mark.parametrize("n", [SMALL, LARGE])
def test_spread_of_the_draws_is_the_standard_error(n: int) -> None:
    values = table(n)
    means = resampled_means(values, 20_000, generator(1, "a"))
    np.testing.assert_allclose(means.mean(axis=0), values.mean(axis=0), atol=0.15)
    np.testing.assert_allclose(means.std(axis=0), values.std(axis=0) / np.sqrt(n), rtol=0.03)


@pytest.mark.parametrize("n", [SMALL, LARGE])
def test_draws_of_one_response_move_together(n: int) -> None:
    """Columns are resampled as rows, so that what one person said stays together."""
    values = table(n)
    values[:, 1] = values[:, 0]
    values[:, 2] = 100 - values[:, 0]
    means = resampled_means(values, 200, generator(1, "a"))
    np.testing.assert_allclose(means[:, 0], means[:, 1], atol=1e-4)
    np.testing.assert_allclose(means[:, 0], 100 - means[:, 2], atol=1e-4)


@pytest.mark.parametrize("n", [SMALL, LARGE])
def test_blanks_are_left_out(n: int) -> None:
    values = table(n, blanks=0.3)
    means = resampled_means(values, 5_000, generator(1, "a"))
    np.testing.assert_allclose(means.mean(axis=0), np.nanmean(values, axis=0), atol=0.4)
    spread = np.nanstd(values, axis=0) / np.sqrt((~np.isnan(values)).sum(axis=0))
    np.testing.assert_allclose(means.std(axis=0), spread, rtol=0.06)


def test_equal_answers_never_move() -> None:
    for n in (1, SMALL, LARGE):
        assert (resampled_means(np.full((n, 2), 100 / 3), 50, generator(1, "a")) == 100 / 3).all()


def test_column_nobody_answered_has_no_mean() -> None:
    values = np.full((SMALL, 2), 50.0)
    values[:, 1] = np.nan
    assert np.isnan(resampled_means(values, 10, generator(1, "a"))[:, 1]).all()


def test_nobody_has_no_mean() -> None:
    assert np.isnan(resampled_means(np.empty((0, 2)), 10, generator(1, "a"))).all()


def test_streams_are_seeded_and_apart() -> None:
    values = table(SMALL)
    first = resampled_means(values, 20, generator(1, "a"))
    np.testing.assert_array_equal(resampled_means(values, 20, generator(1, "a")), first)
    assert not np.array_equal(resampled_means(values, 20, generator(1, "b")), first)
    assert not np.array_equal(resampled_means(values, 20, generator(2, "a")), first)
