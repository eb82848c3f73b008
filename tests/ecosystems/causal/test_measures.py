import pytest

from ecosystems.causal.graph import CausalGraph, Link
from ecosystems.causal.measures import FactorKind, measure
from tests.ecosystems.causal.maps import complete, drawn, scattered

RECEIVER, TRANSMITTER, ORDINARY = FactorKind.RECEIVER, FactorKind.TRANSMITTER, FactorKind.ORDINARY


def test_kinds_of_factors():
    found = measure(drawn("t+o", "u-o", "o+r", "o+s", "o+q", further=["i"]))
    assert {one.key: one.kind for one in found.factors} == {
        "i": FactorKind.ISOLATED,
        "o": ORDINARY,
        "q": RECEIVER,
        "r": RECEIVER,
        "s": RECEIVER,
        "t": TRANSMITTER,
        "u": TRANSMITTER,
    }
    assert (found.transmitters, found.receivers, found.ordinary, found.isolated) == (2, 3, 1, 1)
    assert found.complexity == 1.5
    assert found.links == 5
    assert found.density == 5 / 42


def test_degrees_add_up_sizes_whatever_the_sign():
    graph = CausalGraph.of("abc", [Link("a", "b", -1, 0.5), Link("c", "b", 1, 0.25), Link("b", "a", 1, 1.0)])
    one = measure(graph).factors[1]
    assert (one.key, one.links_in, one.links_out, one.indegree, one.outdegree, one.centrality) == (
        "b",
        2,
        1,
        0.75,
        1.0,
        1.75,
    )


def test_a_link_of_no_weight_is_none():
    found = measure(CausalGraph.of("ab", [Link("a", "b", 1, 0.0)]))
    assert found.links == 0
    assert found.isolated == 2


def test_what_is_undefined_is_absent():
    assert measure(CausalGraph.of([])).density is None
    assert measure(CausalGraph.of(["a"])).density is None
    assert measure(complete(4)).complexity is None
    assert measure(complete(4)).density == 1.0


def test_degrees_add_up_to_twice_the_weights():
    graph = scattered(30, 90, seed=7)
    found = measure(graph)
    total = sum(link.weight for link in graph.links)
    assert sum(one.indegree for one in found.factors) == pytest.approx(total)
    assert sum(one.centrality for one in found.factors) == pytest.approx(2 * total)
    assert sum(one.links_out for one in found.factors) == found.links == 90
