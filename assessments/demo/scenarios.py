"""What the demo's leaders tried on the map: run, with a guess, and one whose next wave has come."""

from assessments.models import Scenario, Wave
from assessments.selectors.scenarios import ground_of
from assessments.services.scenario_outcomes import note_outcomes
from assessments.services.scenario_runs import run_scenario
from assessments.services.scenarios import create_scenario
from ecosystems.models import Ecosystem, User

NAME = "What if we eased the coordinators’ load?"
LEVERS = {"Coordinators’ workload": 35.0, "Shared demand forecast": 60.0}
GUESSED = {"ADA": 6, "ECO": 2}


def ease_the_load(*, ecosystem: Ecosystem, waves: list[Wave], by: User) -> None:
    """From the newest of `waves`, and from the one before it; nothing where the map has none of the levers."""
    keys = {factor.name: factor.key for factor in ground_of(ecosystem).map.factors}
    levers = [(keys[name], target) for name, target in LEVERS.items() if name in keys]
    if not levers:
        return
    for wave in waves[-2:]:
        scenario = create_scenario(ecosystem=ecosystem, name=NAME, levers=levers, bets=GUESSED, by=by, wave=wave)
        if wave is not waves[-1]:
            Scenario.objects.filter(pk=scenario.pk).update(name=f"{NAME} ({wave.title})")
        run_scenario(scenario_id=scenario.pk)
    note_outcomes(ecosystem_id=ecosystem.pk)
