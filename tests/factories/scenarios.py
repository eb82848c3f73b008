"""A measured map small enough to reckon by hand, and scenarios on it."""

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, Assessment, Scenario, Wave
from assessments.models.activity_plans import BetPlan, Item
from assessments.services.scenario_runs import run_scenario
from assessments.services.scenarios import create_scenario
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave
from tests.factories.room_results import reveal_votes
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

SMALL = {"customers": 8, "employees": 6, "partners": 5, "communities": 5, "leaders": 5}


def make_measured_map(ecosystem: Ecosystem) -> tuple[dict[str, str], Wave]:
    """Load (no score) → Learning (ADA) → Products (INN) → Load, and Trust (ECO) beside; keys by name, and the wave."""
    wave = make_scored_wave(make_assessment(ecosystem), answers=SMALL)
    maker = MapMaker(ecosystem)
    ties = {"Load": "", "Learning": "ADA", "Products": "INN", "Trust": "ECO"}
    keys = {name: maker.factor(name, facet) for name, facet in ties.items()}
    maker.link(keys["Load"], keys["Learning"], -1, 3)
    maker.link(keys["Learning"], keys["Products"], 1, 2)
    maker.link(keys["Products"], keys["Load"], 1, 1)
    maker.link(keys["Learning"], keys["Trust"], 1, 1)
    return {name: str(key) for name, key in keys.items()}, wave


def make_scenario(ecosystem: Ecosystem, keys: dict[str, str], *, by: User | None = None, **given: object) -> Scenario:
    """Waiting: eased load, unless other levers are given."""
    wanted = {"name": "What if we eased the load?", "levers": [(keys["Load"], 20.0)], **given}
    return create_scenario(ecosystem=ecosystem, by=by, **wanted)  # type: ignore[arg-type]


def run_now(scenario: Scenario) -> Scenario:
    assert run_scenario(scenario_id=scenario.pk)
    return Scenario.objects.get(pk=scenario.pk)


def next_wave(wave: Wave, **shift: float) -> Wave:
    return make_scored_wave(Assessment.objects.get(pk=wave.assessment_id), answers=SMALL, shift=shift, seed=4)


def make_room(
    ecosystem: Ecosystem, guesses: dict[str, list[int]], *, lowest: int = 0, state: str = WorkshopState.ENDED
) -> Activity:
    """A step in which a room guessed about dimensions, revealed."""
    plan = BetPlan(items=tuple(Item(code.lower(), code, dimension=code) for code in guesses), lowest=lowest)
    workshop = make_workshop(ecosystem, title="Lab in November", state=state)
    step = make_activity(workshop, kind=ActivityKind.BET, plan=plan, title="What if less load?")
    step.started_at = workshop.started_at
    step.save(update_fields=["started_at"])
    asked, seats = make_round(step), make_seats(workshop, max(len(values) for values in guesses.values()))
    for code, values in guesses.items():
        vote(asked, seats[: len(values)], values, item=code.lower())
    reveal_votes(asked)
    return step
