"""A scenario of 1,000 draws on a map of 40 factors against the bare matrix products it consists of."""

import gc
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pytest

from ecosystems.causal.link_draws import LEVELS, VotedLinks
from ecosystems.causal.scenario import Outcome, Scenario, scenario

FACTORS, LINKS, DRAWS, RUNS = 40, 120, 1000, 15
GOES = 5
MOST_OF_PRODUCTS = 3.0

pytestmark = pytest.mark.slow


def test_a_scenario_takes_little_longer_than_its_products(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(40)
    pairs = rng.permutation([place for place in range(FACTORS**2) if place // FACTORS != place % FACTORS])[:LINKS]
    counts = rng.integers(0, 5, (LINKS, LEVELS))
    counts[:, -2] += 1
    links = VotedLinks.of(FACTORS, pairs // FACTORS, pairs % FACTORS, counts)
    scores = rng.uniform(20, 80, FACTORS)
    outcomes = [Outcome(str(place), dict.fromkeys(range(place * 8, place * 8 + 4), 1.0)) for place in range(5)]

    def whole() -> Scenario:
        found = scenario(links, scores, {4: 80.0, 5: 20.0}, outcomes, seed=1, draws=DRAWS)
        assert isinstance(found, Scenario)
        return found

    steps = whole().settling.steps
    maps = links.matrices(links.drawn(DRAWS, 1))
    states = np.broadcast_to(scores / 100, (DRAWS, 2, FACTORS)).copy()

    def products() -> None:
        for _ in range(steps):
            np.matmul(states, maps)

    products(), whole()
    seconds = [(processor(products), processor(whole)) for _ in range(RUNS)]
    bare, run = (statistics.median(one) for one in zip(*seconds, strict=True))
    ratio = statistics.median(run / bare for bare, run in seconds)
    with capsys.disabled():
        sys.stdout.write(
            f"\nscenario of {DRAWS} draws, {FACTORS} factors, {steps} steps: products {bare * 1000:.1f} ms,"
            f" scenario {run * 1000:.1f} ms of the processor, ratio {ratio:.2f} (at most {MOST_OF_PRODUCTS:g})\n"
        )
    assert ratio <= MOST_OF_PRODUCTS


def processor(work: Callable[[], object]) -> float:
    """Seconds of the processor for one go of five: a few milliseconds by the clock tell of the machine's other work."""
    gc.collect()
    start = time.process_time()
    for _ in range(GOES):
        work()
    return (time.process_time() - start) / GOES
