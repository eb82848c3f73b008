"""Scenarios as people make them: levers, own bets before the run, cancelling, names."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.dashboards.scenarios.words import problem_words
from assessments.enums import UNDER_WAY, ScenarioRule, ScenarioState, WaveState
from assessments.models import Activity, Scenario, ScenarioBet, Wave
from assessments.selectors.scenario_records import Lever, stored
from assessments.selectors.scenario_rooms import room_steps
from assessments.selectors.scenarios import ground_of, next_waves
from assessments.services.scenario_runs import wake
from assessments.services.scores import mark_results_shown
from ecosystems.models import Ecosystem, Organization, User
from ecosystems.services import audit
from ecosystems.services.map_sheet import clean_name

MOST_LEVERS: Final = 6
LONGEST_NAME: Final = 120
FARTHEST: Final = 100
FEWEST_DRAWS: Final = 100
DRAWS: Final = 1000
MOST_DRAWS: Final = 5000
"""So much one person may ask of a worker."""
MOST_UNDER_WAY: Final = 5
"""Of one organization: workers have others to serve too."""
MOST_KEPT: Final = 200
"""Of one ecosystem: each keeps the map as it was."""


class ScenarioProblem(Exception):
    """Why something cannot be done with a scenario, in words for the person who tried."""


@transaction.atomic
def create_scenario(
    *,
    ecosystem: Ecosystem,
    name: str,
    levers: Sequence[tuple[str, float]],
    bets: Mapping[str, int] | None = None,
    by: User | None,
    wave: Wave | None = None,
    rule: str = ScenarioRule.RESCALED,
    draws: int = DRAWS,
    room_step: Activity | None = None,
) -> Scenario:
    """Freeze map and scores as they are, keep the person's own guesses, and have a worker run it.

    `levers` are (key of a factor, score 0–100); `bets` are points by dimension; `wave` is an earlier closed one to
    start from, else the newest; `room_step` is where a room guessed. Raises ScenarioProblem, or OpenedAgain where the
    wave has been opened again.
    """
    if rule not in ScenarioRule.values:
        raise ScenarioProblem(_("Choose one of the rules offered."))
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise ScenarioProblem(draws_words())
    _make_room(ecosystem.organization_id)
    if ecosystem.scenarios.count() >= MOST_KEPT:
        raise ScenarioProblem(_("%(most)s scenarios are kept at most. Delete one first.") % {"most": MOST_KEPT})
    ground = ground_of(ecosystem, wave)
    if ground.problem:
        raise ScenarioProblem(problem_words(ground.problem))
    if ground.wave is not None and ground.wave.state == WaveState.CLOSED:
        mark_results_shown(wave=ground.wave)  # the scores of the levers stand in what is kept from now on
    scores = {factor.key: (factor.name, factor.score) for factor in ground.basis.factors}
    chosen = _checked(levers, scores)
    known = {dimension.code for dimension in ground.basis.dimensions}
    scenario = Scenario.objects.create(
        organization_id=ecosystem.organization_id,
        ecosystem=ecosystem,
        name=_name(name),
        wave=ground.wave,
        levers=stored(chosen),
        basis=stored(ground.basis),
        rule=rule,
        draws=draws,
        room_step=_of_room(room_step, ecosystem),
        created_by=by,
    )
    _note(scenario, "scenario.made", by)
    _keep_bets(scenario, {code: points for code, points in (bets or {}).items() if code in known}, by)
    transaction.on_commit(lambda: wake(scenario.pk), robust=True)
    return scenario


@transaction.atomic
def cancel_scenario(*, scenario: Scenario, by: User | None = None) -> bool:
    """Stop a run, or one that waits; a worker at it keeps nothing. False where it was over already."""
    under_way = Scenario.objects.filter(pk=scenario.pk, state__in=UNDER_WAY)
    cancelled = under_way.update(state=ScenarioState.CANCELLED, lease_until=None)
    if cancelled:
        _note(scenario, "scenario.cancelled", by)
    return bool(cancelled)


@transaction.atomic
def run_again(*, scenario: Scenario, by: User | None = None) -> bool:
    """Run one that was cancelled or failed, on the same map and scores. Pressed twice, it runs once.

    Raises ScenarioProblem where too many are being run.
    """
    _make_room(scenario.organization_id, but=scenario.pk)
    over = Scenario.objects.filter(pk=scenario.pk, state__in=(ScenarioState.CANCELLED, ScenarioState.FAILED))
    again = over.update(state=ScenarioState.WAITING, progress=0, problem="", lease_until=None, finished_at=None)
    if again:
        _note(scenario, "scenario.run-again", by)
        transaction.on_commit(lambda: wake(scenario.pk), robust=True)
    return bool(again)


@transaction.atomic
def rename_scenario(*, scenario: Scenario, name: str, by: User | None = None) -> None:
    renamed = _name(name)
    if Scenario.objects.filter(pk=scenario.pk).exclude(name=renamed).update(name=renamed):
        _note(scenario, "scenario.renamed", by, name=renamed)


@transaction.atomic
def choose_room(*, scenario: Scenario, step: Activity | None, by: User | None = None) -> None:
    """Say in which step of a workshop a room guessed what this scenario runs; None: in none."""
    chosen = _of_room(step, scenario.ecosystem)
    rows = Scenario.objects.filter(pk=scenario.pk)
    if rows.exclude(room_step=chosen).update(room_step=chosen):
        _note(scenario, "scenario.room-chosen", by)


@transaction.atomic
def delete_scenario(*, scenario: Scenario, by: User | None = None) -> None:
    """With its bets. A worker that is at it keeps nothing."""
    deleted, _each = Scenario.objects.filter(pk=scenario.pk).delete()
    if deleted:
        _note(scenario, "scenario.deleted", by)


@transaction.atomic
def place_bets(*, scenario: Scenario, by: User, bets: Mapping[str, int]) -> None:
    """A person's own guess, once: who has guessed, or looks after the next wave has come, guesses no more."""
    row = Scenario.objects.select_for_update(of=("self",)).select_related("wave").get(pk=scenario.pk)
    if row.outcome is not None or next_waves([row]):
        raise ScenarioProblem(_("The next wave has come, so guessing is over."))
    if row.bets.filter(by=by).exists():
        raise ScenarioProblem(_("You have made your guess already; it stays as it is."))
    known = {dimension["code"] for dimension in row.basis.get("dimensions", ())}
    chosen = {code: points for code, points in bets.items() if code in known}
    if not chosen:
        raise ScenarioProblem(_("Guess for at least one dimension."))
    _keep_bets(row, chosen, by)


def draws_words() -> str:
    return _("Draw between %(fewest)s and %(most)s times.") % {
        "fewest": f"{FEWEST_DRAWS:,}",
        "most": f"{MOST_DRAWS:,}",
    }


def _note(scenario: Scenario, action: str, by: User | None, **details: str) -> None:
    audit.record(organization=scenario.organization, actor=by, action=action, subject=scenario.name, details=details)


def _of_room(step: Activity | None, ecosystem: Ecosystem) -> Activity | None:
    if step is not None and not room_steps(ecosystem).filter(pk=step.pk).exists():
        raise ScenarioProblem(_("This step is no longer there. Choose another, or none."))
    return step


def _keep_bets(scenario: Scenario, bets: Mapping[str, int], by: User | None) -> None:
    if any(not -FARTHEST <= points <= FARTHEST for points in bets.values()):
        raise ScenarioProblem(_("A guess lies between −100 and +100 points."))
    ScenarioBet.objects.bulk_create(
        ScenarioBet(scenario=scenario, by=by, dimension=code, points=points) for code, points in bets.items()
    )


def _checked(levers: Sequence[tuple[str, float]], scores: Mapping[str, tuple[str, float | None]]) -> tuple[Lever, ...]:
    if not levers:
        raise ScenarioProblem(_("Choose at least one lever: a factor, and how far to move it."))
    if len(levers) > MOST_LEVERS:
        raise ScenarioProblem(_("Choose at most %(most)s levers.") % {"most": MOST_LEVERS})
    found: list[Lever] = []
    for key, target in levers:
        if key not in scores:
            raise ScenarioProblem(_("A lever is no longer on the map. Choose another factor in its place."))
        name, now = scores[key]
        if not 0 <= target <= 100:  # NaN too
            raise ScenarioProblem(_("Set “%(name)s” between 0 and 100.") % {"name": name})
        if any(lever.factor == key for lever in found):
            raise ScenarioProblem(_("“%(name)s” is chosen twice. A lever can be moved once.") % {"name": name})
        found.append(Lever(key, name, float(target), now))
    return tuple(found)


def _make_room(organization: int, *, but: int = 0) -> None:
    """Raises ScenarioProblem where the organization has enough runs under way; two at once count one another."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization)
    under_way = Scenario.objects.filter(organization=organization, state__in=UNDER_WAY).exclude(pk=but)
    if under_way.count() >= MOST_UNDER_WAY:
        raise ScenarioProblem(
            _("%(most)s scenarios are being run at most. Wait until one is done, or cancel one.")
            % {"most": MOST_UNDER_WAY}
        )


def _name(name: str) -> str:
    found = clean_name(name)
    if not found:
        raise ScenarioProblem(_("Give the scenario a name, such as a question: What if we …?"))
    if len(found) > LONGEST_NAME:
        raise ScenarioProblem(_("Use at most %(most)s characters for the name.") % {"most": LONGEST_NAME})
    return found
