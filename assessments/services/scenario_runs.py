"""Running a scenario by a worker: claim, draw, save; can be cancelled, and is taken up again where a worker died."""

import logging
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import redis
from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from assessments import tasks
from assessments.enums import UNDER_WAY, ScenarioRule, ScenarioState
from assessments.models import Scenario
from assessments.selectors.scenario_records import (
    Basis,
    LinkMatter,
    Moved,
    Ran,
    Spread,
    Way,
    basis_of,
    levers_of,
    stored,
)
from assessments.selectors.scenarios import problem_of
from ecosystems.causal.fuzzy_map import Model, Rule, Squash
from ecosystems.causal.link_draws import VotedLinks
from ecosystems.causal.scenario import Band, Outcome, scenario
from ecosystems.causal.scenario import Scenario as Drawn
from ecosystems.causal.sensitivity import LinkWeight, Path, link_weights, paths_of_influence

LEASE: Final = timedelta(minutes=2)
"""So long the run of a killed worker waits for the sweep."""
MODELS: Final = {
    ScenarioRule.RESCALED: Model(rule=Rule.RESCALED),
    ScenarioRule.KOSKO: Model(rule=Rule.KOSKO),
    ScenarioRule.MODIFIED: Model(rule=Rule.MODIFIED_KOSKO),
    ScenarioRule.KOSKO_TANH: Model(rule=Rule.KOSKO, squash=Squash.TANH),
}
"""Rescaled unless chosen: a factor without a score then pushes nowhere (Papageorgiou 2011). Modified Kosko with tanh is
rescaled twice as steep, where a factor that nothing works on comes to rest too slowly to be waited for."""
MOST_WEIGHTS: Final = 1 << 23
"""Links times factors squared up to which every link is tried without: 64 MB."""
DRAWN_SHARE: Final = 80
"""Of 100: how far the run is when all maps are drawn; the rest is what each link means."""
WAYS: Final = 3

logger = logging.getLogger(__name__)


class _GivenUp(Exception):
    """Somebody cancelled or deleted it while this worker was at it, or it has become another's."""


def run_scenario(*, scenario_id: int) -> bool:
    """Run a scenario that waits, if nobody else is at it; True if this call did it."""
    lease = timezone.now() + LEASE
    if not due_scenarios().filter(pk=scenario_id).update(state=ScenarioState.RUNNING, lease_until=lease, progress=0):
        return False
    row = Scenario.objects.get(pk=scenario_id)
    run = _Run(scenario_id, lease)
    try:
        found = computed(row, run)
    except _GivenUp:
        return False
    except OperationalError:
        run.mine.update(lease_until=None)
        raise
    except Exception:
        logger.exception("Scenario %s failed", scenario_id)
        return bool(run.mine.update(state=ScenarioState.FAILED, problem="failed", lease_until=None))
    over = {"lease_until": None, "finished_at": timezone.now()}
    if isinstance(found, Ran):
        done = run.mine.update(state=ScenarioState.DONE, progress=100, problem="", result=stored(found), **over)
    else:
        done = run.mine.update(state=ScenarioState.FAILED, problem=found, **over)
    return bool(done)


def due_scenarios() -> QuerySet[Scenario]:
    """Scenarios that wait for a worker: never begun, or left by one that was killed."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return Scenario.objects.filter(free, state__in=UNDER_WAY)


def wake(scenario_id: int) -> None:
    """Ask a worker to run a scenario; without a broker the sweep finds it."""
    try:
        tasks.run_scenario.apply_async((scenario_id,), retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for scenario %s: no broker; the sweep will find it", scenario_id)


class _Run:
    """A worker's hold on a run. Called a few times a second it says how far it is, and keeps the run for longer.

    It ends where the run is no longer wanted, or has become another worker's.
    """

    EVERY: Final = timedelta(seconds=0.2)

    def __init__(self, pk: int, lease: datetime) -> None:
        self.pk, self.lease = pk, lease
        self.said = datetime.min.replace(tzinfo=timezone.get_default_timezone())

    @property
    def mine(self) -> "QuerySet[Scenario]":
        return Scenario.objects.filter(pk=self.pk, state=ScenarioState.RUNNING, lease_until=self.lease)

    def __call__(self, share: float) -> None:
        now = timezone.now()
        if now - self.said < self.EVERY:
            return
        self.said, longer = now, now + LEASE
        if not self.mine.update(progress=min(99, int(share)), lease_until=longer):
            raise _GivenUp
        self.lease = longer


def computed(row: Scenario, tell: "_Run | None" = None) -> Ran | str:
    """What comes of a scenario's own basis, levers and seed, the same every time; or why nothing does, as a code."""
    basis, levers = basis_of(row.basis), levers_of(row.levers)
    problem = problem_of(basis)
    if problem:
        return problem
    places = {factor.key: place for place, factor in enumerate(basis.factors)}
    pressed = {places[lever.factor]: lever.target for lever in levers if lever.factor in places}
    links = VotedLinks.of(
        len(basis.factors),
        [link.source for link in basis.links],
        [link.target for link in basis.links],
        [link.counts for link in basis.links],
    )
    scores = np.array([np.nan if factor.score is None else factor.score for factor in basis.factors])
    outcomes = [
        Outcome(dimension.code, dict.fromkeys(dimension.factors, 1.0))
        for dimension in basis.dimensions
        if dimension.factors
    ]

    def drawn(done: int, of: int) -> None:
        if tell is not None:
            tell(DRAWN_SHARE * done / of)

    model = MODELS[ScenarioRule(row.rule)]
    found = scenario(links, scores, pressed, outcomes, seed=row.seed, draws=row.draws, model=model, on_progress=drawn)
    if not isinstance(found, Drawn):
        return found.value
    too_large = len(links) * len(basis.factors) ** 2 > MOST_WEIGHTS
    moved = []
    for at, (outcome, move) in enumerate(zip(outcomes, found.moves, strict=True)):
        if tell is not None:
            tell(DRAWN_SHARE + (100 - DRAWN_SHARE) * at / len(outcomes))
        weights: tuple[LinkWeight, ...] = ()
        if not too_large:
            weights = link_weights(
                links, scores, pressed, outcome, drawn=found.weights, changes=found.changes[:, at], model=model
            )
        ways, complete = _ways(basis, links, list(pressed), list(outcome.factors))
        moved.append(
            Moved(
                code=move.key,
                change=_spread(move.change),
                agree=move.agree,
                steps=tuple(_spread(step) for step in move.steps),
                ways=ways,
                ways_complete=complete,
                matters=_matter(basis, max(weights, key=lambda one: abs(one.without or 0.0), default=None)),
                doubted=_matter(basis, max(weights, key=lambda one: abs(one.doubt or 0.0), default=None)),
            )
        )
    settling = found.settling
    return Ran(
        draws=settling.draws,
        rested=settling.rested,
        unsettled=settling.unsettled,
        assured=settling.assured,
        steps=settling.steps,
        cycles={str(period): number for period, number in settling.cycles.items()},
        assumed=tuple(basis.factors[place].name for place in found.assumed),
        moved=tuple(moved),
        too_large_for_links=too_large,
    )


def _spread(band: Band) -> Spread:
    return Spread(band.low, band.median, band.high)


def _ways(basis: Basis, links: VotedLinks, levers: list[int], targets: list[int]) -> tuple[tuple[Way, ...], bool]:
    (weights,) = links.matrices(links.mean()[None])
    found: list[Path] = []
    complete = True
    for lever in levers:
        paths = paths_of_influence(weights, lever, targets, most=WAYS)
        complete = complete and paths.complete
        found += paths.paths
    found.sort(key=lambda path: (-abs(path.strength), len(path.factors), path.factors))
    named = (Way(tuple(basis.factors[one].name for one in path.factors), path.strength) for path in found[:WAYS])
    return tuple(named), complete


def _matter(basis: Basis, weight: LinkWeight | None) -> LinkMatter | None:
    if weight is None:
        return None
    link = basis.links[weight.link]
    source, target = basis.factors[link.source].name, basis.factors[link.target].name
    return LinkMatter(source, target, weight.without, weight.doubt)
