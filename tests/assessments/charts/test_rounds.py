"""Two rounds of one rating: columns, outlines, medians, and what is said of them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.charts.rounds import rounds
from assessments.charts.spec import WITHHELD, absent
from assessments.charts.votes import Levels, Votes
from tests.assessments.charts.drawings import hatches, outside, table, texts, tips, with_class, words

TEN = Levels(1, 10, "not at all", "fully")
FIRST = Votes((0, 2, 3, 6, 9, 8, 4, 2, 0, 0), 5, (4, 6), 2)
SECOND = Votes((0, 0, 1, 3, 12, 11, 5, 2, 0, 0), 6, (5, 6), 1)


def two(now=SECOND, before=FIRST, levels=TEN, **more):
    return rounds("ADA", levels, now, before, title="V", now_label="round 2", before_label="round 1", **more)


def number_of(element, name):
    return float(element.get(name))


def test_says_every_number_in_words_and_in_its_table():
    chart = two()
    assert chart.spec.description == (
        "round 1: n 34, median 5, middle half 4 to 6, can’t say 2, votes from 1 to 10: 0, 2, 3, 6, 9, 8, 4, 2, 0, 0; "
        "round 2: n 34, median 6, middle half 5 to 6, can’t say 1, votes from 1 to 10: 0, 0, 1, 3, 12, 11, 5, 2, 0, 0"
    )
    assert chart.spec.columns == ("Vote", *map(str, range(1, 11)), "can’t say", "median", "middle half")
    assert table(chart) == [
        ["round 1", *["0", "2", "3", "6", "9", "8", "4", "2", "0", "0", "2", "5"], "4 to 6"],
        ["round 2", *["0", "0", "1", "3", "12", "11", "5", "2", "0", "0", "1", "6"], "5 to 6"],
    ]
    assert [item.label for item in chart.key] == ["round 1", "round 2"]
    (tone,) = [name for name in chart.wide.partition('class="')[2].partition('"')[0].split() if name.startswith("d-")]
    assert f'class="chart {tone}"' in chart.key[1].svg  # the legend has the colour of the columns
    assert "s-now" not in chart.key[1].svg


@pytest.mark.parametrize("big", [False, True])
def test_heights_are_counts_and_begin_at_the_round_before(big):
    chart = two(big=big)
    solid, outlines = with_class(chart.wide, "fill"), with_class(chart.wide, "outline")
    unit = number_of(solid[3], "height") / 12  # level 5 is the fourth that anybody chose
    assert [round(number_of(e, "height") / unit) for e in solid] == [0, 1, 3, 12, 11, 5, 2]
    assert [round(number_of(e, "data-from-height") / unit) for e in solid] == [2, 3, 6, 9, 8, 4, 2]
    assert [round(number_of(e, "height") / unit) for e in outlines] == [2, 3, 6, 9, 8, 4, 2]
    for column, outline in zip(solid, outlines, strict=True):
        assert column.get("data-from-y") == outline.get("y")
        assert number_of(column, "y") + number_of(column, "height") == pytest.approx(
            number_of(outline, "y") + number_of(outline, "height"), abs=0.15
        )
    assert [w.text for w in words(chart.wide) if w.classes.split()[1] in ("t-num", "t-xl")] == [
        "1",
        "3",
        "12",
        "11",
        "5",
        "2",
    ]


def test_the_median_moves_from_its_ring_to_its_dot():
    chart = two()
    (dot,), (ring,), (arrow,) = (with_class(chart.wide, name) for name in ("dot", "ring", "arrowhead"))
    assert (number_of(ring, "cx"), number_of(dot, "cx")) == (324, 396)  # the middles of columns 5 and 6 of ten
    assert dot.get("data-from-cx") == "324"
    assert arrow.get("d") == "M387 12L379 7.5L379 16.5Z"
    assert texts(chart.wide, "t-b")[-1] == "round 2 median 6"


def test_one_round_is_solid_and_stands_still():
    chart = rounds("", TEN, FIRST, title="V", now_label="round 1")
    assert [len(with_class(chart.wide, name)) for name in ("fill", "outline", "ring", "later")] == [7, 0, 0, 0]
    assert "data-from" not in chart.wide + chart.narrow
    assert "median 5" in texts(chart.wide, "t-b")
    assert chart.key == ()


def test_an_unchanged_median_is_said_once():
    chart = two(FIRST, FIRST)
    assert [text for text in texts(chart.wide) if "median" in text] == ["round 2 median 5, as before"]
    assert with_class(chart.wide, "arrowhead") == []


def test_cant_say_is_words_and_never_a_column():
    assert texts(two().wide, "t-s")[-1] == "can’t say: 2 in round 1, 1 in round 2"
    alone = rounds("", TEN, FIRST, title="V")
    assert texts(alone.wide, "t-s")[-1] == "can’t say: 2"
    nobody = rounds("", TEN, Votes((0,) * 10, cant_say=7), title="V")
    assert with_class(nobody.wide, "fill") == []
    assert with_class(nobody.wide, "dot") == []
    assert texts(nobody.wide, "t-s")[-1] == "can’t say: 7"
    assert table(nobody) == [["this round", *["0"] * 10, "7", "", ""]]


def test_levels_are_named_where_there_is_room_and_numbered_where_not():
    often = Levels(1, 5, names=("Never", "Seldom", "Sometimes", "Often", "Always"))
    chart = rounds("", often, Votes((1, 2, 3, 2, 1), 3), title="V")
    assert texts(chart.wide, "t-b")[:5] == list(often.names)
    assert texts(chart.narrow, "t-b")[:5] == list("12345")
    assert texts(chart.narrow, "t-s") == ["1 Never", "5 Always"]


def test_a_withheld_round_shows_nothing_of_the_round_before():
    chart = two(WITHHELD)
    for svg in (chart.wide, chart.narrow):
        assert len(hatches(svg)) == 1
        assert [e for name in ("fill", "outline", "dot", "ring") for e in with_class(svg, name)] == []
    assert two(SECOND, WITHHELD).wide.count("outline") == 0
    assert two(absent("nobody voted")).spec.description.endswith("round 2: nobody voted")


def test_every_column_says_both_rounds_when_pointed_at():
    assert tips(two().wide) == [
        "2: round 2 0, round 1 2",
        "3: round 2 1, round 1 3",
        "4: round 2 3, round 1 6",
        "5: round 2 12, round 1 9",
        "6: round 2 11, round 1 8",
        "7: round 2 5, round 1 4",
        "8: round 2 2, round 1 2",
    ]


@pytest.mark.parametrize("scale", [(1, 5), (1, 7), (1, 10), (0, 10)])
@pytest.mark.parametrize("big", [False, True])
def test_no_words_overlap_wherever_the_medians_are(scale, big):
    levels = Levels(*scale, "low", "high")
    for was, now in product(levels, levels):
        hump = [tuple(max(0, 30 - 9 * abs(level - middle)) for level in levels) for middle in (was, now)]
        chart = two(Votes(hump[1], now), Votes(hump[0], was), levels, big=big)
        for svg in {chart.wide, chart.narrow}:
            assert list(outside(svg)) == []
            spoken = [w for w in words(svg) if "median" in w.text]
            for one, other in product(spoken, words(svg)):
                apart = one.right <= other.left or other.right <= one.left
                apart = apart or one.bottom <= other.top or other.bottom <= one.top
                assert one == other or apart, (was, now, one, other)


@pytest.mark.parametrize(
    ("counts", "median"), [((-1, 2), 1), ((1, 2), float("nan")), ((1, 2), float("inf"))], ids=["minus", "nan", "inf"]
)
def test_impossible_votes_are_refused(counts, median):
    with pytest.raises(ValueError, match="Votes"):
        Votes(counts, median)


def test_votes_off_the_scale_are_refused():
    with pytest.raises(ValueError, match="does not count the 10 levels"):
        rounds("", TEN, Votes((1, 2, 3), 2), title="V")
    with pytest.raises(ValueError, match="no two levels"):
        Levels(3, 3)
    with pytest.raises(ValueError, match="names 1 of 5 levels"):
        Levels(1, 5, names=("Never",))


counts = st.lists(st.integers(0, 1000), min_size=11, max_size=11).map(tuple)


@given(counts, counts, st.sampled_from([x / 4 for x in range(41)]), st.sampled_from([x / 4 for x in range(41)]))
def test_any_two_rounds_stay_inside(now, before, median, was):
    levels = Levels(0, 10, "not at all ready to say anything of the kind", "entirely")
    for big in (False, True):
        chart = two(Votes(now, median, None, 3), Votes(before, was, None, 4), levels, big=big)
        for svg in {chart.wide, chart.narrow}:
            assert list(outside(svg)) == []
