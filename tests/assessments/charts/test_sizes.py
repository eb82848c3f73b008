"""Drawings for the projector: large text, and rows that share the height there is."""

import pytest

from assessments.charts.rankings import Place, RankRow, rankings
from assessments.charts.rating_rows import RatingRow, rating_rows
from assessments.charts.sizes import ON_PAGE, ON_WALL, WALL_HEIGHT, WALL_WIDTH, row_height, sizes
from assessments.charts.svg import size_of
from assessments.charts.tallies import OptionRow, tallies
from assessments.charts.votes import Levels, Votes
from tests.assessments.charts.drawings import parsed, words
from tests.assessments.charts.samples import CHARTS, draw

TEXT = "A text that is long enough to need a second line on the wall"


def test_rows_draw_together_on_the_projector_and_never_below_their_least_height():
    assert row_height(ON_PAGE, 50, 60, 42) == 60
    assert [row_height(ON_WALL, rows, 60, 42) for rows in (0, 1, 6, 7, 50)] == [120, 120, WALL_HEIGHT / 6, 640 / 7, 84]
    assert row_height(ON_WALL, 6, 60, 42, 40) == 100
    assert (sizes(True), sizes(False)) == (ON_WALL, ON_PAGE)


@pytest.mark.parametrize(
    "chart",
    [
        rating_rows(
            [RatingRow("", TEXT, Votes((1, 2, 3, 2, 1), 3))] * 6, Levels(1, 5, "no", "yes"), title="R", big=True
        ),
        tallies([OptionRow(TEXT, 3)] * 8, title="T", big=True),
        rankings([RankRow(TEXT, Place(2))] * 7, title="R", big=True),
    ],
    ids=["six items", "eight options", "seven places"],
)
def test_a_usual_number_of_rows_fits_beside_the_question_and_the_code(chart):
    assert float(parsed(chart.svg).get("height")) <= WALL_HEIGHT
    assert float(parsed(chart.svg).get("width")) == WALL_WIDTH


@pytest.mark.parametrize("kind", sorted(kind for kind in CHARTS if kind.endswith("_big")))
def test_no_text_on_the_projector_is_small(kind):
    assert {size_of(word.classes) for word in words(draw(kind).svg)} <= {26.0, 34.0}
