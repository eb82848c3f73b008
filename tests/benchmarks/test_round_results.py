"""The second round of a full hall: a thousand people on ten items, with what still stands of the first.

The reveal is a moment everybody waits for, so its arithmetic has a bound of its own.
"""

import statistics
import sys
import time

import pytest

from assessments.scoring.room.results import VoteKind
from assessments.scoring.room.rounds import round_results
from tests.assessments.scoring.room.rooms import SCALES, room

RUNS = 20
MOST_MILLISECONDS = 50

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", VoteKind)
def test_a_full_hall(kind: VoteKind, capsys: pytest.CaptureFixture[str]) -> None:
    votes = room(kind, seats=1000, items=10, rounds=2)
    lowest, highest = SCALES[kind]
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        round_results(kind, votes, number=2, revealed=[1], k=5, lowest=lowest, highest=highest)
        times.append((time.perf_counter() - started) * 1000)
    with capsys.disabled():
        sys.stdout.write(
            f"\nround of {kind}: n {RUNS}, p50 {statistics.median(times):.1f} ms, max {max(times):.1f} ms"
            f" (p50 at most {MOST_MILLISECONDS})\n"
        )
    assert statistics.median(times) < MOST_MILLISECONDS
