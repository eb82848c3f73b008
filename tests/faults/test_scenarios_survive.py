"""Scenarios in a real worker: run, cancelled in the middle, and taken up again after the worker was killed."""

from datetime import timedelta

import pytest
from django.db import transaction
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
FEW, MANY = 50, 60_000  # the many take a worker many seconds


def state(scenario: Scenario) -> str:
    return Scenario.objects.get(pk=scenario.pk).state


def make_drawn(ecosystem: Ecosystem, keys: dict[str, str], *, draws: int) -> Scenario:
    """One of so many draws, known to be so before a worker hears of it."""
    with transaction.atomic():
        scenario = make_scenario(ecosystem, keys)
        Scenario.objects.filter(pk=scenario.pk).update(draws=draws)
    return scenario


def test_a_worker_runs_is_stopped_is_killed_and_the_numbers_stay_the_same(
    ecosystem: Ecosystem, workers: WorkerMaker
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    MapMaker(ecosystem).many(90)
    assert Factor.objects.count() == 94
    small = make_drawn(ecosystem, keys, draws=FEW)
    first = workers()
    assert wait_until(lambda: state(small) == ScenarioState.DONE, seconds=60), first.output()

    cancelled = make_drawn(ecosystem, keys, draws=MANY)
    assert wait_until(lambda: 0 < Scenario.objects.get(pk=cancelled.pk).progress < 50, seconds=60), first.output()
    assert cancel_scenario(scenario=cancelled)
    after = make_drawn(ecosystem, keys, draws=FEW)  # the worker is free again: it takes the next one up
    assert wait_until(lambda: state(after) == ScenarioState.DONE, seconds=60), first.output()
    cancelled.refresh_from_db()
    assert cancelled.result is None
    assert cancelled.progress < 75  # it was left in the middle

    killed = make_drawn(ecosystem, keys, draws=MANY)
    assert wait_until(lambda: state(killed) == ScenarioState.RUNNING, seconds=60), first.output()
    first.kill()
    # the lease of the dead runs out; with fewer draws, so that the test ends soon
    Scenario.objects.filter(pk=killed.pk).update(lease_until=timezone.now() - timedelta(seconds=1), draws=FEW)
    second = workers()
    sweep_scenarios.delay()
    assert wait_until(lambda: state(killed) == ScenarioState.DONE, seconds=90), second.output()
    results = Scenario.objects.filter(state=ScenarioState.DONE).values_list("result", flat=True)
    assert len(results) == 3
    assert all(result == results[0] for result in results)
    assert "Traceback" not in second.output()
    again = make_drawn(ecosystem, keys, draws=FEW)
    assert wait_until(lambda: state(again) == ScenarioState.DONE, seconds=60)
    assert Scenario.objects.get(pk=again.pk).result == results[0]
