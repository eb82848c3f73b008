"""The demo's scenarios: one whose next wave has come, and one that waits for it."""

import pytest

from assessments.demo import scenarios
from assessments.enums import ScenarioState
from assessments.models import Scenario
from ecosystems.models import Ecosystem, User
from tests.factories.maps import MapMaker
from tests.factories.scenarios import make_measured_map, next_wave

pytestmark = pytest.mark.django_db


def test_a_scenario_of_each_of_the_last_two_waves(ecosystem: Ecosystem, leader: User) -> None:
    _keys, wave = make_measured_map(ecosystem)
    waves = [wave, next_wave(wave)]
    scenarios.ease_the_load(ecosystem=ecosystem, waves=waves, by=leader)
    assert not Scenario.objects.exists()  # the map has none of its levers
    maker = MapMaker(ecosystem)
    maker.link(maker.factor("Coordinators’ workload"), maker.factor("Pace", "ADA"), -1, 3)
    scenarios.ease_the_load(ecosystem=ecosystem, waves=waves, by=leader)
    newest, before = Scenario.objects.order_by("-pk")
    assert (newest.name, newest.wave, newest.outcome_wave) == (scenarios.NAME, waves[1], None)
    assert (before.wave, before.outcome_wave) == (wave, waves[1])
    assert {newest.state, before.state} == {ScenarioState.DONE}
    assert newest.bets.count() == len(scenarios.GUESSED)
