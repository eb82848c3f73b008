import pytest

from assessments.scoring.consensus import polarization, tastle_wierman_consensus, van_der_eijk_agreement
from assessments.scoring.room.populations import CANT_SAY, RoomVotes, VoteRow
from assessments.scoring.room.ratings import agree_band, rated_item
from assessments.scoring.room.results import RatedItem, Rating, Shift, Spread, Turnout
from tests.assessments.scoring.room.rooms import votes_of


def rated(votes, k=3, rounds=(1,), lowest=1, highest=7):
    return rated_item(votes, 0, lowest=lowest, highest=highest, agree_from=6, rounds=rounds, k=k)


def with_confidence(*given, groups=()):
    """Votes of one round as (value, confidence) or (value, confidence, group)."""
    rows = [
        VoteRow(place, 1, "a", one[0], confidence=one[1], group=one[2] if groups else None)
        for place, one in enumerate(given)
    ]
    return RoomVotes.of(rows, items=["a"], groups=groups)


@pytest.mark.parametrize(("lowest", "highest", "band"), [(1, 5, 4), (1, 7, 6), (1, 9, 7), (1, 10, 8), (0, 10, 7)])
def test_the_agree_band_is_the_upper_third(lowest, highest, band):
    assert agree_band(lowest, highest) == band


class TestOneRound:
    def test_by_hand(self):
        item, counted = rated(votes_of([7, 6, 6, 5, 2, None]))
        counts = (0, 1, 0, 0, 1, 2, 1)
        spread = Spread(
            n=5,
            counts=counts,
            median=6.0,
            lower_quartile=5.0,
            upper_quartile=6.0,
            iqr=1.0,
            agree_share=0.6,
            consensus=tastle_wierman_consensus(counts),
            agreement=van_der_eijk_agreement(counts),
            polarization=polarization(counts),
        )
        assert item == RatedItem("a", Rating(turnout=Turnout(fresh=6, standing=0, cant_say=1), spread=spread))
        assert sorted(counted.tolist()) == [0, 1, 2, 3, 4, 5]

    def test_a_withheld_result_says_nothing_and_counts_nobody(self):
        item, counted = rated(votes_of([7, 6, None, None]))
        assert item == RatedItem("a", Rating(withheld=True))
        assert counted.tolist() == []

    def test_by_name_nobody_is_withheld(self):
        item, _ = rated(votes_of([], groups={"x": "red"}), k=1)
        assert item == RatedItem("a", Rating(turnout=Turnout(0, 0)), (Rating(group="red", turnout=Turnout(0, 0)),))

    def test_a_vote_off_the_scale_is_an_error(self):
        with pytest.raises(ValueError, match="whole number from 1 to 7"):
            rated(votes_of([7, 6, 8]))


class TestGroups:
    def test_each_then_together(self):
        groups = dict(zip("012345", ["red"] * 3 + ["blue"] * 3, strict=True))
        item, _ = rated(votes_of([1, 2, 3, 5, 6, 7], groups=groups))
        assert item.together.spread.median == 4.0
        assert [(one.group, one.spread.median) for one in item.groups] == [("blue", 6.0), ("red", 2.0)]

    def test_a_small_one_and_its_protection_are_withheld(self):
        groups = dict(zip("012345678", ["red"] * 4 + ["blue"] * 3 + ["green"] * 2, strict=True))
        item, _ = rated(votes_of([1] * 9, groups=groups))
        assert item.groups[:2] == (Rating(group="blue", withheld=True), Rating(group="green", withheld=True))
        assert item.groups[2].turnout == Turnout(fresh=4, standing=0)


class TestConfidence:
    def test_mean_of_those_who_gave_one(self):
        item, _ = rated(with_confidence((5, 1), (5, 4), (6, 4), (6, None), (CANT_SAY, 5)))
        assert (item.together.confidence, item.together.confidence_n) == (3.0, 3)

    def test_of_a_few_is_not_told(self):
        item, _ = rated(with_confidence((5, 1), (5, 4), (6, None)))
        assert (item.together.confidence, item.together.confidence_n) == (None, None)

    def test_of_a_group_only_where_the_rest_is_enough(self):
        red, blue = [(5, 2, "red")] * 3, [(5, 4, "blue"), (5, 4, "blue"), (5, None, "blue")]
        item, _ = rated(with_confidence(*red, *blue, groups=("red", "blue")))
        assert [one.confidence for one in (item.together, *item.groups)] == [2.8, None, None]
        assert [one.withheld for one in item.groups] == [False, False]


class TestTwoRounds:
    def test_votes_stand(self):
        votes = votes_of([2, 4, 6, 4, 4], {"0": 4, "1": 4, "2": 5})
        item, counted = rated(votes, rounds=(1, 2))
        assert item.together.turnout == Turnout(fresh=3, standing=2)
        assert item.together.spread.counts == (0, 0, 0, 4, 1, 0, 0)
        assert item.together.shift == Shift(
            1, 0.0, 0.0, 5, 0.6, pytest.approx(1 - (5 / 5) / (1.6 + 0.16 + 0.04), abs=1e-12)
        )
        assert item.together.stable is False
        assert sorted(zip(votes.seat[counted], votes.round[counted], strict=True)) == [
            (0, 2),
            (1, 2),
            (2, 2),
            (3, 1),
            (4, 1),
        ]

    def test_a_few_late_votes_change_no_number(self):
        first, _ = rated(votes_of([2, 4, 6, 4]))
        votes = votes_of([2, 4, 6, 4], {"0": 7, "1": 7, "8": 7, "9": None})
        item, counted = rated(votes, rounds=(1, 2))
        assert item.together.turnout == Turnout(fresh=0, standing=4, waiting=2, held=2)
        assert item.together.spread == first.together.spread
        assert (item.together.shift, item.together.stable) == (None, None)  # votes that wait may well have moved
        assert votes.round[counted].tolist() == [1] * 4

    def test_pairs_are_left_out_where_a_few_changed_to_cant_say(self):
        item, _ = rated(votes_of([2, 4, 6, 4], [2, 4, 6, None]), rounds=(1, 2))
        assert item.together.shift == Shift(1, 0.0, 1.0)
        assert item.together.stable is False

    def test_a_withheld_round_is_not_compared_with(self):
        item, _ = rated(votes_of([2, 4], [2, 4, 6]), rounds=(1, 2))
        assert item.together.shift is None
        assert item.together.stable is None

    def test_the_last_result_that_was_shown_is_compared_with(self):
        item, _ = rated(votes_of([2, 4, 6], [None, None, None], [2, 4, 6]), rounds=(1, 2, 3))
        assert item.together.shift == Shift(1, 0.0, 0.0, 3, 1.0, 1.0)

    def test_pairs_of_a_group_only_where_those_of_the_rest_are_enough(self):
        """Of the four in blue two have no vote before; the pairs of red would tell how those of the other two moved."""
        groups = dict(zip("01234567", ["red"] * 4 + ["blue"] * 4, strict=True))
        first = [1, 2, 3, 4, 5, 6, 7, None]
        second = [1, 2, 3, 4, 5, None, 7, 7]
        item, _ = rated(votes_of(first, second, groups=groups), rounds=(1, 2))
        assert item.together.shift.paired is None
        blue, red = item.groups
        assert (blue.shift.paired, red.shift.paired) == (None, None)
        assert (blue.shift.median_change, red.shift.median_change) == (1.0, 0.0)

    def test_pairs_of_all_groups(self):
        groups = dict(zip("012345", ["red"] * 3 + ["blue"] * 3, strict=True))
        item, _ = rated(votes_of([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 5], groups=groups), rounds=(1, 2))
        assert [one.shift.paired for one in (item.together, *item.groups)] == [6, 3, 3]
