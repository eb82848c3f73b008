"""Published tables that are too large to write down, or not ours to copy."""

import numpy as np
import pytest

from ecosystems.causal.graph import CausalGraph, Link
from ecosystems.causal.leverage import community_matrix, is_stable, press_response, press_signs
from ecosystems.causal.loops import find_loops
from ecosystems.causal.measures import measure
from tests.assessments.scoring.conftest import PublishedCases
from tests.assessments.scoring.conftest import published as published
from tests.ecosystems.causal.maps import drawn

NETS = {"advice": "advice_tie", "friendship": "friendship_tie", "reports": "reports_to_tie"}


def drawn_by_managers(published: PublishedCases, net: str) -> CausalGraph:
    rows = published.rows("krackhardt.csv")
    keys = sorted({row["ego"] for row in rows}, key=int)
    ties = [(row["ego"], row["alter"]) for row in rows if row[NETS[net]] == "1" and row["ego"] != row["alter"]]
    return CausalGraph.of(keys, [Link(*tie, 1) for tie in ties])


@pytest.mark.parametrize("net", NETS)
def test_density_and_loops_of_two_among_krackhardts_managers(published, net):
    """Edgewise reciprocity is 2M / links, and M, the mutual pairs, are the loops of two."""
    expected = published.expected("NW02_krackhardt")
    graph = drawn_by_managers(published, net)
    found = measure(graph)
    assert found.density == pytest.approx(expected["density"][net], abs=5e-7)
    mutual = find_loops(graph, bound=2).found
    assert 2 * mutual / found.links == pytest.approx(expected["reciprocity_edgewise"][net], abs=5e-8)


def test_who_reports_to_whom_has_one_end(published):
    """Krackhardt (1987): 16 managers report to four vice-presidents, these to the president."""
    found = measure(drawn_by_managers(published, "reports"))
    assert (found.transmitters, found.ordinary, found.receivers, found.complexity) == (16, 4, 1, 1 / 16)
    assert find_loops(drawn_by_managers(published, "reports")).loops == ()


def test_loops_and_predictions_of_levins_and_schultz(published):
    expected = published.expected("CL01_levins")
    names = ["R", "H", "x", "y"]
    community = published.matrix("cm_levins.csv", names)
    assert is_stable(community)
    assert np.array_equal(press_signs(community), published.matrix("cem_levins.csv", names))
    links = [
        Link(names[source], names[target], int(community[target, source]))
        for target, source in np.argwhere(community).tolist()
        if target != source
    ]
    loops = find_loops(CausalGraph.of(names, links)).loops
    damping = int((np.diag(community) < 0).sum())
    assert len(loops) + damping == expected["loops"]
    assert sum(loop.balancing for loop in loops) + damping == expected["balancing"]
    assert sum(loop.reinforcing for loop in loops) == expected["reinforcing"]


def test_the_loops_of_an_epidemic(published):
    """
    Contagion reinforces, depletion and recovery balance (Sterman 2000, section 9.2); the run of a published model.

    While people are few, those infectious follow one equation: contagion less recovery of each. They become fewer on
    exactly the days on which that comes to rest, but for the day of the peak, which lies between two rows.
    """
    graph = drawn("s+c", "i+c", "c-s", "c+i", "i+r", "r-i")
    loops = {"".join(loop.members): loop.balancing for loop in find_loops(graph).loops}
    assert loops == {"ci": False, "cs": True, "ir": True}
    expected = published.expected("SD02_sir")
    people, susceptible, infectious = (
        published.column("sir_output_daily.csv", name) for name in ("Total Population", "Susceptible", "Infectious")
    )
    rates = expected["infectivity"] * susceptible / people - 1 / expected["duration"]
    assert infectious.max() == pytest.approx(expected["peak_I"], abs=expected["peak_I"] * 0.001)
    fewer = np.diff(infectious) < 0
    rests = np.array([is_stable([[rate]]) for rate in rates[:-1]])
    peak = int(np.argmax(infectious))
    assert set(np.flatnonzero(fewer != rests)) <= {peak - 1, peak}
    assert fewer.any()
    assert not fewer.all()


def test_what_a_press_moves_is_the_sum_of_what_a_push_moves(published):
    """A cup of tea cools by one balancing loop: −A⁻¹ = 10 minutes, the area under the published curve (by Euler)."""
    rows = published.matrix("teacup_output.csv", ["Time", "Teacup Temperature", "Room Temperature"])
    minutes, above = rows[:, 0], rows[:, 1] - rows[:, 2]
    response = press_response(community_matrix([[0.0]], damping=1 / 10))
    assert response is not None
    still_to_come = above[-1] / above[0] * response[0, 0]
    area = above[:-1] @ np.diff(minutes) / above[0] + still_to_come
    assert area == pytest.approx(response[0, 0], rel=1e-5)
