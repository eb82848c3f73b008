"""Recomputing a wave against reading its answers: 10,000 and 100,000 responses × 60 items × 6 groups."""

import gc
import sys
import threading
import time
from collections.abc import Callable

import psutil
import pytest
from django.db.models import F

from assessments.models import InstrumentVersion, Wave, WaveResult
from assessments.scoring.results import WaveResults
from assessments.selectors.responses import answers_of
from assessments.services.rescore import rescore
from ecosystems.models import Ecosystem
from tests.factories.large_waves import make_sixty_items, make_wave_of

MOST_OF_READING = 3.0
MOST_OF_TEN_TIMES_FEWER = 12.0
MEGABYTE = 1 << 20

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sixty_items(ecosystem: Ecosystem) -> InstrumentVersion:
    return make_sixty_items(ecosystem.organization)


def test_a_recompute_takes_little_longer_than_reading(
    ecosystem: Ecosystem, sixty_items: InstrumentVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    wave = make_wave_of(ecosystem, sixty_items, 10_000)
    reading, computing = alternately(lambda: read(wave), lambda: recompute(wave), times=15)
    with capsys.disabled():
        sys.stdout.write(
            f"\nrescore 10,000: reading {reading * 1000:.0f} ms, recompute {computing * 1000:.0f} ms,"
            f" ratio {computing / reading:.2f} (at most {MOST_OF_READING:g})\n"
        )
    assert_complete(wave, 10_000)
    assert computing <= MOST_OF_READING * reading


def test_a_recompute_grows_with_the_answers_alone(
    ecosystem: Ecosystem, sixty_items: InstrumentVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    small = make_wave_of(ecosystem, sixty_items, 10_000)
    large = make_wave_of(ecosystem, sixty_items, 100_000)
    one, ten = alternately(lambda: recompute(small), lambda: recompute(large), times=5)
    grown = peak_growth(lambda: recompute(large))
    with capsys.disabled():
        sys.stdout.write(
            f"\nrescore 100,000: {ten * 1000:.0f} ms, {ten / one:.1f} × that of 10,000"
            f" (at most {MOST_OF_TEN_TIMES_FEWER:g}), peak memory +{grown / MEGABYTE:.0f} MB\n"
        )
    assert_complete(large, 100_000)
    assert ten <= MOST_OF_TEN_TIMES_FEWER * one
    assert grown < 700 * MEGABYTE


def read(wave: Wave) -> None:
    assert answers_of(wave=wave).matrix.shape[1] == 60


def recompute(wave: Wave) -> None:
    Wave.objects.filter(pk=wave.pk).update(scores_version=F("scores_version") + 1)
    assert rescore(wave_id=wave.pk)


def alternately(one: Callable[[], None], other: Callable[[], None], *, times: int) -> tuple[float, float]:
    """Shortest seconds of each: what else runs on the machine can only add."""
    one(), other()
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for found, work in zip(seconds, (one, other), strict=True):
            gc.collect()
            start = time.perf_counter()
            work()
            found.append(time.perf_counter() - start)
    return min(seconds[0]), min(seconds[1])


def peak_growth(work: Callable[[], None]) -> int:
    """Bytes by which the process grew at most while it worked."""
    process, done = psutil.Process(), threading.Event()
    before = peak = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return peak - before


def assert_complete(wave: Wave, responses: int) -> None:
    """All statistics were computed, none was left out to be quick."""
    results = WaveResults.from_json(WaveResult.objects.get(wave=wave).results)
    assert (results.n, len(results.groups), len(results.items)) == (responses, 6, 60)
    assert results.robustness.draws == 1000
    assert results.robustness.index is not None
    assert [len(found.drivers) for found in results.drivers] == [10] * 5
    assert len(results.reliability) == 2 * 27
    assert all(found.alpha is not None and found.omega is not None for found in results.reliability)
    assert all(found.icc1 is not None and found.rwg_mean is not None for found in results.agreement)
