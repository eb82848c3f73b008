"""Votes on links of the map."""

import pytest

from assessments.charts.link_votes import LinkRow, LinkVotes, link_votes
from assessments.charts.spec import WITHHELD
from tests.assessments.charts.drawings import hatches, table, texts, tips, with_class

UP = LinkVotes((0, 1, 1, 2, 2, 10, 4), "felt within weeks", cant_say=3)
SPLIT = LinkVotes((3, 5, 2, 0, 2, 5, 3), split=True)


def test_shares_stand_on_their_side_of_zero_and_in_words():
    chart = link_votes([LinkRow("Trust", "Speed", UP), LinkRow("Orders", "Waste", SPLIT)], title="L")
    assert table(chart) == [
        ["Trust → Speed", "10 %", "10 %", "80 %", *["0", "1", "1", "2", "2", "10", "4", "3"], "felt within weeks", ""],
        [
            "Orders → Waste",
            "50 %",
            "0 %",
            "50 %",
            *["3", "5", "2", "0", "2", "5", "3", "0"],
            "",
            "opinions on the direction are split",
        ],
    ]
    zero = float(with_class(chart.wide, "zero")[0].get("d").split(" ")[0][1:])
    parts = with_class(chart.wide, "l")
    edges = [(float(e.get("x")), float(e.get("x")) + float(e.get("width"))) for e in parts]
    unit = (parts_end(edges[6:]) - edges[6][0]) / 20  # px a vote
    assert edges[2][0] == pytest.approx(zero - unit, abs=1.6)  # two saw no effect: half of them on either side
    assert edges[2][1] == pytest.approx(zero + unit, abs=1.6)
    assert edges[8][1] == pytest.approx(zero, abs=1.6)
    assert texts(chart.wide, "t-s")[:2] == ["← lowers", "raises →"]
    assert "lowers 10 % · no effect 10 % · raises 80 %" in texts(chart.wide, "t-s")
    assert "opinions on the direction are split" in texts(chart.narrow, "t-s")
    assert tips(chart.wide)[0] == "Trust → Speed: −2, 1"


def parts_end(edges):
    return max(right for _, right in edges) + 1.5


def test_delay_and_disagreement_share_a_line():
    chart = link_votes([LinkRow("A", "B", LinkVotes(SPLIT.counts, "felt at once", split=True))], title="L")
    assert "felt at once · opinions on the direction are split" in texts(chart.wide, "t-s")
    assert chart.spec.description == (
        "A → B: lowers 50 %, no effect 0 %, raises 50 %, −3: 3, −2: 5, −1: 2, 0: 0, +1: 2, +2: 5, +3: 3, "
        "felt at once, opinions on the direction are split, n 20"
    )


def test_links_that_are_withheld_or_got_no_vote():
    chart = link_votes([LinkRow("A", "B", WITHHELD), LinkRow("B", "C", LinkVotes((0,) * 7))], title="L")
    assert len(hatches(chart.wide)) == 1
    assert with_class(chart.wide, "l") == []
    assert texts(chart.wide, "t-s")[-1] == "Nothing to show yet"


def test_counts_must_be_seven():
    with pytest.raises(ValueError, match="seven counts"):
        LinkVotes((1, 2, 3))
