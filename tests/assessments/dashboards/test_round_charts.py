"""How late an effect comes is said in words that hold for the votes behind them."""

import pytest

from assessments.dashboards.round_charts import delay_words


@pytest.mark.parametrize(
    ("delays", "words"),
    [
        ((5, 2, 1), "most say: at once"),
        ((0, 3, 2), "most say: within months"),
        ((1, 1, 2), "most often: after a year or more"),
        ((4, 2, 2), "most often: at once"),
        ((3, 3, 2), ""),
        ((0, 0, 0), ""),
        (None, ""),
    ],
)
def test_most_is_more_than_half_and_a_tie_is_said_of_none(delays: tuple[int, ...] | None, words: str) -> None:
    assert delay_words(delays) == words
