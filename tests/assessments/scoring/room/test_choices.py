import numpy as np
import pytest
from scipy import stats

from assessments.scoring.room.choices import (
    dots_results,
    kendall_tau,
    mid_ranks,
    places,
    ranking_results,
    spearman_rho,
)
from assessments.scoring.room.results import DotsResults, Option, Order, RankedItem, RankingResults, Tally, Turnout
from tests.assessments.scoring.room.rooms import sheets_of


class TestDots:
    def test_by_hand(self):
        votes = sheets_of({"x": {"a": 3, "b": 2}, "y": {"a": 1, "c": 1, "b": 0}, "z": {"b": 2}}, items="abcd")
        found, counted = dots_results(votes, rounds=(1,), k=3)
        assert found == DotsResults(
            1,
            3,
            Tally(
                turnout=Turnout(fresh=3, standing=0),
                dots=9,
                options=(
                    Option("a", 4, 4 / 9, 2, 1),
                    Option("b", 4, 4 / 9, 2, 1),
                    Option("c", 1, 1 / 9, 1, 3),
                    Option("d", 0, 0.0, 0, 4),
                ),
            ),
        )
        assert counted.tolist() == list(range(6))

    def test_a_few_are_withheld(self):
        found, counted = dots_results(sheets_of({"x": {"a": 3}, "y": {"b": 1}}, items="ab"), rounds=(1,), k=3)
        assert found == DotsResults(1, 3, Tally(withheld=True))
        assert counted.tolist() == []

    def test_a_new_allocation_replaces_the_whole_one(self):
        first = {"x": {"a": 3, "b": 2}, "y": {"a": 5}, "z": {"a": 5}}
        votes = sheets_of(first, {"x": {"b": 1}, "y": {"b": 1}, "z": {"a": 2}}, items="ab")
        found, _ = dots_results(votes, rounds=(1, 2), k=3)
        assert found.together.turnout == Turnout(fresh=3, standing=0)
        assert found.together.since == 1
        assert found.together.options == (
            Option("a", 2, 0.5, 1, 1, 0.5 - 13 / 15),
            Option("b", 2, 0.5, 2, 1, 0.5 - 2 / 15),
        )

    def test_taking_all_dots_back_is_no_vote(self):
        votes = sheets_of({"x": {"a": 3}, "y": {"a": 0}, "z": {"b": 1}}, items="ab")
        assert dots_results(votes, rounds=(1,), k=3)[0].together.withheld
        found, _ = dots_results(votes, rounds=(1,), k=1)
        assert found.together.turnout == Turnout(fresh=3, standing=0, cant_say=1)
        assert found.together.dots == 4

    def test_nobody(self):
        found, _ = dots_results(sheets_of({}, items="ab"), rounds=(1,), k=1)
        assert found.together == Tally(turnout=Turnout(0, 0), dots=0)

    def test_groups(self):
        people = {"x": "red", "y": "red", "p": "blue", "q": "blue", "r": "blue", "s": "green"}
        votes = sheets_of({person: {"a": 1} for person in people}, items="ab", groups=people)
        found, _ = dots_results(votes, rounds=(1,), k=3)
        assert [(one.group, one.withheld, one.dots) for one in found.groups] == [
            ("blue", False, 3),
            ("green", True, None),
            ("red", True, None),
        ]


class TestRanking:
    def test_by_hand(self):
        votes = sheets_of({"x": {"a": 1, "b": 2, "c": 3}, "y": {"a": 1, "b": 2, "c": 3}, "z": {"b": 1}}, items="abc")
        found, _ = ranking_results(votes, rounds=(1,), k=3)
        rankings = [[1, 2, 3], [1, 2, 3], [2.5, 1, 2.5]]
        quartiles = np.quantile(rankings, [0.25, 0.5, 0.75], axis=0).T.tolist()
        order = found.together
        assert order.items == (
            RankedItem("a", 1.5, *quartiles[0], 4.5, 1),
            RankedItem("b", 5 / 3, *quartiles[1], 4.0, 2),
            RankedItem("c", 8.5 / 3, *quartiles[2], 0.5, 3),
        )
        assert order.turnout == Turnout(fresh=3, standing=0)
        assert (order.since, order.tau, order.rho) == (None, None, None)

    def test_published_concordance(self):
        """Siegel (1956), chapter 9: three executives rank six applicants, W = .16."""
        orders = {"x": "163254", "y": "156423", "z": "632541"}
        votes = sheets_of(
            {person: dict(zip("abcdef", map(int, ranks), strict=True)) for person, ranks in orders.items()},
            items="abcdef",
        )
        order = ranking_results(votes, rounds=(1,), k=3)[0].together
        assert order.w == pytest.approx(0.162, abs=5e-4)
        assert [item.mean_rank * 3 for item in order.items] == pytest.approx([8, 14, 11, 11, 11, 8])
        assert [item.place for item in order.items] == [1, 6, 3, 3, 3, 1]

    def test_the_order_before(self):
        first = {person: {"a": 1, "b": 2, "c": 3} for person in "xyz"}
        second = {person: {"a": 3, "b": 2, "c": 1} for person in "xyz"}
        order = ranking_results(sheets_of(first, second, items="abc"), rounds=(1, 2), k=3)[0].together
        assert (order.w, order.since, order.tau, order.rho) == (1.0, 1, -1.0, -1.0)
        assert [(item.place, item.place_before) for item in order.items] == [(3, 1), (2, 2), (1, 3)]

    def test_a_few_new_orders_are_held(self):
        first = {person: {"a": 1, "b": 2} for person in "wxyz"}
        votes = sheets_of(first, {"x": {"a": 2, "b": 1}, "n": {"a": 2, "b": 1}}, items="ab")
        order = ranking_results(votes, rounds=(1, 2), k=3)[0].together
        assert order.turnout == Turnout(fresh=0, standing=4, waiting=1, held=1)
        assert (order.tau, order.since) == (None, None)
        assert [item.mean_rank for item in order.items] == [1.0, 2.0]

    def test_withheld_and_nobody(self):
        votes = sheets_of({"x": {"a": 1}}, items="ab")
        assert ranking_results(votes, rounds=(1,), k=3)[0] == RankingResults(1, 3, Order(withheld=True))
        nobody = ranking_results(sheets_of({}, items="ab"), rounds=(1,), k=1)[0]
        assert nobody == RankingResults(1, 1, Order(turnout=Turnout(0, 0)))

    def test_one_person_has_no_concordance(self):
        order = ranking_results(sheets_of({"x": {"a": 1, "b": 2}}, items="ab"), rounds=(1,), k=1)[0].together
        assert (order.w, order.p) == (None, None)


class TestOrders:
    def test_places_are_shared(self):
        assert places([5, 7, 5, 1]) == (2, 1, 2, 4)

    def test_mid_ranks(self):
        assert mid_ranks([[3, 1, 3, np.nan, np.nan]]).tolist() == [[2.5, 1.0, 2.5, 4.5, 4.5]]

    def test_published_spearman(self):
        """Siegel (1956), chapter 9: authoritarianism and social status strivings of twelve, .82."""
        authoritarianism = [82, 98, 87, 40, 116, 113, 111, 83, 85, 126, 106, 117]
        strivings = [42, 46, 39, 37, 65, 88, 86, 56, 62, 92, 54, 81]
        assert spearman_rho(authoritarianism, strivings) == pytest.approx(0.82, abs=5e-3)

    def test_published_kendall(self):
        """The same data in Siegel (1956): τ = .67."""
        authoritarianism = [82, 98, 87, 40, 116, 113, 111, 83, 85, 126, 106, 117]
        strivings = [42, 46, 39, 37, 65, 88, 86, 56, 62, 92, 54, 81]
        assert kendall_tau(authoritarianism, strivings) == pytest.approx(0.67, abs=5e-3)

    def test_with_ties_as_in_scipy(self):
        one, other = [1, 2, 2, 4, 5, 5, 7], [3, 3, 1, 4, 4, 6, 5]
        assert spearman_rho(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
        assert kendall_tau(one, other) == pytest.approx(stats.kendalltau(one, other).statistic)

    @pytest.mark.parametrize(("one", "other"), [([1, 1], [1, 2]), ([1, 2], [3, 3]), ([1], [2]), ([], [])])
    def test_nothing_to_compare(self, one, other):
        assert spearman_rho(one, other) is None
        assert kendall_tau(one, other) is None
