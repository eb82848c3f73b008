import pytest
from hypothesis import given

from ecosystems.causal.compare import HeldMap, compare, structural_distance
from ecosystems.causal.graph import CausalGraph, Link
from tests.ecosystems.causal.maps import causal_graphs, complete, drawn


def distance(one: CausalGraph, other: CausalGraph) -> float | None:
    return structural_distance(HeldMap("one", one), HeldMap("other", other))


class TestDistance:
    def test_the_same_map(self):
        assert distance(complete(4), complete(4)) == 0.0

    def test_everything_turned(self):
        assert distance(complete(4), complete(4, sign=-1)) == 1.0

    def test_a_whole_map_and_an_empty_one(self):
        assert distance(complete(4), CausalGraph.of(complete(4).factors)) == 0.5

    def test_one_link_of_six(self):
        """Langfield-Smith & Wirth: |1 − (−0.5)| of 2·(3² − 3)."""
        one = CausalGraph.of("abc", [Link("a", "b", 1), Link("b", "c", 1)])
        other = CausalGraph.of("abc", [Link("a", "b", -1, 0.5), Link("b", "c", 1)])
        assert distance(one, other) == 1.5 / 12

    def test_a_factor_on_one_map_only(self):
        """Markóczy & Goldberg's denominator: 2·p² + 2·p·u + u² − (2·p + u) with p = 2 common and u = 1 further."""
        one, other = drawn("a+b", "b+c"), drawn("a+b")
        assert distance(one, other) == 1 / (2 * 4 + 2 * 2 * 1 + 1 - (2 * 2 + 1))

    def test_nothing_to_compare(self):
        assert distance(CausalGraph.of([]), CausalGraph.of([])) is None
        assert distance(CausalGraph.of(["a"]), CausalGraph.of(["b"])) is None

    def test_links_that_a_group_was_not_heard_on_count_nowhere(self):
        whole = CausalGraph.of("abc", [Link("a", "b", 1), Link("b", "c", 1)])
        part = HeldMap("part", CausalGraph.of("abc", [Link("a", "b", 1)]), frozenset({("a", "b")}))
        assert structural_distance(HeldMap("whole", whole), part) == 0.0
        silent = HeldMap("silent", CausalGraph.of("abc"), frozenset())
        assert structural_distance(part, silent) is None

    @given(causal_graphs(), causal_graphs())
    def test_is_between_0_and_1_either_way(self, one, other):
        found = distance(one, other)
        assert found == distance(other, one)
        assert found is None or 0 <= found <= 1

    @given(causal_graphs())
    def test_to_itself_is_0(self, graph):
        assert distance(graph, graph) in (0.0, None)


class TestLinks:
    def test_who_holds_what(self):
        staff = HeldMap("staff", drawn("a+b", "b-c", "c+a"))
        customers = HeldMap("customers", drawn("a-b", "b-c", further="c"))
        neighbours = HeldMap("neighbours", drawn("b-c", further="a"), frozenset({("b", "c"), ("a", "b")}))
        found = compare([staff, customers, neighbours])
        assert [(one.one, one.other) for one in found.distances] == [
            ("staff", "customers"),
            ("staff", "neighbours"),
            ("customers", "neighbours"),
        ]
        opposed, shared, alone = found.links
        assert (opposed.raised_by, opposed.lowered_by, opposed.not_held_by) == (
            ("staff",),
            ("customers",),
            ("neighbours",),
        )
        assert (opposed.opposed, opposed.only_by) == (True, None)
        assert (shared.lowered_by, shared.agreement) == (("staff", "customers", "neighbours"), 1.0)
        assert (alone.source, alone.target, alone.only_by, alone.not_held_by) == ("c", "a", "staff", ("customers",))

    def test_agreement_of_half_and_half_is_none(self):
        (link,) = compare([HeldMap("one", drawn("a+b")), HeldMap("other", drawn("a-b"))]).links
        assert link.agreement == pytest.approx(0.0)

    def test_who_alone_speaks_of_a_link_agrees_with_nobody(self):
        silent = HeldMap("silent", CausalGraph.of("ab"), frozenset())
        (link,) = compare([HeldMap("one", drawn("a+b")), silent]).links
        assert (link.agreement, link.only_by, link.raised_by) == (None, None, ("one",))

    def test_one_map_and_none(self):
        assert compare([]).links == compare([HeldMap("one", CausalGraph.of("ab"))]).links == ()

    def test_two_of_one_name(self):
        with pytest.raises(ValueError, match="holder"):
            compare([HeldMap("one", drawn("a+b")), HeldMap("one", drawn("a-b"))])
