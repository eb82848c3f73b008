"""Scenarios in a real worker: run, cancelled in the middle, and taken up again after the worker was killed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import ScenarioState
from assessments.models import Scenario
from assessments.services.scenarios import cancel_scenario
from assessments.tasks import sweep_scenarios
from ecosystems.models import Ecosystem, Factor
from metasystem.processes import wait_until
from tests.factories.maps import MapMaker
from tests.factories.scenarios import make_measured_map, make_scenario
from tests.faults.conftest import WorkerMaker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def state(scenario: Scenario) -> str:
    return Scenario.objects.get(pk=scenario.pk).state


def make_long_scenario(ecosystem: Ecosystem, keys: dict[str, str]) -> Scenario:
    """One that takes a worker many seconds."""
    scenario = make_scenario(ecosystem, keys)
    Scenario.objects.filter(pk=scenario.pk).update(draws=60_000)
    return scenario


def test_a_worker_runs_is_stopped_is_killed_and_the_numbers_stay_the_same(
    ecosystem: Ecosystem, workers: WorkerMaker
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    MapMaker(ecosystem).many(90)
    assert Factor.objects.count() == 94
    small = make_scenario(ecosystem, keys)
    Scenario.objects.filter(pk=small.pk).update(draws=50)
    first = workers()
    assert wait_until(lambda: state(small) == ScenarioState.DONE, seconds=30), first.output()

    cancelled = make_long_scenario(ecosystem, keys)
    assert wait_until(lambda: 0 < Scenario.objects.get(pk=cancelled.pk).progress < 90, seconds=30), first.output()
    assert cancel_scenario(scenario=cancelled)
    after = make_scenario(ecosystem, keys)  # the worker is free again: it takes the next one up
    Scenario.objects.filter(pk=after.pk).update(draws=50)
    assert wait_until(lambda: state(after) == ScenarioState.DONE, seconds=5), first.output()
    assert Scenario.objects.get(pk=cancelled.pk).result is None

    killed = make_long_scenario(ecosystem, keys)
    assert wait_until(lambda: state(killed) == ScenarioState.RUNNING, seconds=30), first.output()
    first.kill()
    # the lease of the dead runs out; with fewer draws, so that the test ends soon
    Scenario.objects.filter(pk=killed.pk).update(lease_until=timezone.now() - timedelta(seconds=1), draws=50)
    second = workers()
    sweep_scenarios.delay()
    assert wait_until(lambda: state(killed) == ScenarioState.DONE, seconds=40), second.output()
    results = Scenario.objects.filter(state=ScenarioState.DONE).values_list("result", flat=True)
    assert len(results) == 3
    assert all(result == results[0] for result in results)
    assert "Traceback" not in second.output()
    again = make_scenario(ecosystem, keys)
    Scenario.objects.filter(pk=again.pk).update(draws=50)
    assert wait_until(lambda: state(again) == ScenarioState.DONE, seconds=20)
    assert Scenario.objects.get(pk=again.pk).result == results[0]
