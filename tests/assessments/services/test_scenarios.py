"""Scenarios are frozen, run once, cancelled, taken up again, and stand beside what came."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.audit_words import ACTS
from assessments.enums import ScenarioRule, ScenarioState
from assessments.models import Scenario, Score, Wave, Workshop
from assessments.selectors.scenario_records import basis_of, came_of, levers_of, ran_of
from assessments.selectors.scenarios import foresight_of, ground_of, latest_scenario
from assessments.services import scenario_runs
from assessments.services.maps import edits
from assessments.services.scenario_outcomes import note_outcomes
from assessments.services.scenario_runs import due_scenarios, run_scenario
from assessments.services.scenarios import (
    MOST_UNDER_WAY,
    ScenarioProblem,
    cancel_scenario,
    choose_room,
    create_scenario,
    delete_scenario,
    place_bets,
    rename_scenario,
    run_again,
)
from ecosystems.models import AuditEvent, Ecosystem, Organization, User
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave
from tests.factories.scenarios import SMALL, make_measured_map, make_room, make_scenario, next_wave, run_now
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db


def dimension(wave: Wave, code: str) -> float:
    return Score.objects.get(wave=wave, level="dimension", code=code, group_key="").value


def test_map_scores_and_guesses_are_kept_as_they_were_and_run_by_a_worker(ecosystem: Ecosystem, leader: User) -> None:
    keys, wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys, by=leader, bets={"ADA": 4, "NOPE": 2})
    assert (scenario.state, scenario.wave, scenario.result) == (ScenarioState.WAITING, wave, None)
    assert [(bet.dimension, bet.points, bet.by) for bet in scenario.bets.all()] == [("ADA", 4, leader)]
    assert [(one.name, one.target, one.now) for one in levers_of(scenario.levers)] == [("Load", 20.0, None)]
    assert Wave.objects.get(pk=wave.pk).results_shown  # its scores are in the basis: it cannot be opened again
    MapMaker(ecosystem).do(edits.remove_factor, factor=int(keys["Learning"]))  # the map goes on; the scenario does not
    done = run_now(scenario)
    ran = ran_of(done.result)
    assert (done.state, done.progress, done.lease_until, done.problem) == (ScenarioState.DONE, 100, None, "")
    assert (ran.draws, ran.rested, ran.unsettled, ran.assumed) == (1000, 1000, 0, ("Load",))
    adaptability = ran.of("ADA")
    assert adaptability.change.low == adaptability.change.median == adaptability.change.high > 5
    assert (adaptability.agree, ran.of("SUS")) == (1.0, None)  # nothing on the map is tied to sustainability
    assert [way.factors for way in adaptability.ways] == [("Load", "Learning")]
    assert adaptability.ways[0].strength == -1.0
    assert (adaptability.matters.source, adaptability.matters.target) == ("Load", "Learning")
    assert adaptability.matters.without == pytest.approx(-adaptability.change.median)
    assert [way.factors for way in ran.of("ECO").ways] == [("Load", "Learning", "Trust")]
    assert {one.code: one.score for one in basis_of(done.basis).dimensions}["ADA"] == dimension(wave, "ADA")
    assert latest_scenario(ecosystem) == done


def test_the_same_scenario_twice_gives_the_same_numbers(ecosystem: Ecosystem) -> None:
    keys, _wave = make_measured_map(ecosystem)
    MapMaker(ecosystem).link(int(keys["Load"]), int(keys["Trust"]), 1, 2)
    MapMaker(ecosystem).link(int(keys["Load"]), int(keys["Trust"]), -1, 3)  # opinions are split: draws differ
    one, other = (run_now(make_scenario(ecosystem, keys)) for _ in range(2))
    assert one.result == other.result
    trust = ran_of(one.result).of("ECO")
    assert trust.change.low < trust.change.high
    assert trust.doubted.target == "Trust"


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ([], "Choose at least one lever: a factor, and how far to move it."),
        ([("Load", 101.0)], "Set “Load” between 0 and 100."),
        ([("Load", math.nan)], "Set “Load” between 0 and 100."),
        ([("Load", 10.0), ("Load", 20.0)], "“Load” is chosen twice. A lever can be moved once."),
        ([("Load", 10.0)] * 7, "Choose at most 6 levers."),
        ([("gone", 10.0)], "A lever is no longer on the map. Choose another factor in its place."),
    ],
)
def test_levers_are_checked(ecosystem: Ecosystem, levers: list[tuple[str, float]], words: str) -> None:
    keys, _wave = make_measured_map(ecosystem)
    with pytest.raises(ScenarioProblem) as problem:
        make_scenario(ecosystem, keys, levers=[(keys.get(name, name), target) for name, target in levers])
    assert str(problem.value) == words


@pytest.mark.parametrize(("name", "word"), [("  ", "Give the scenario a name"), ("x" * 121, "Use at most 120")])
def test_names_and_guesses_are_checked(ecosystem: Ecosystem, name: str, word: str) -> None:
    keys, _wave = make_measured_map(ecosystem)
    with pytest.raises(ScenarioProblem, match=word):
        make_scenario(ecosystem, keys, name=name)
    with pytest.raises(ScenarioProblem, match="between −100 and"):
        make_scenario(ecosystem, keys, bets={"ADA": 101})
    assert not Scenario.objects.exists()


def test_a_map_on_which_nothing_can_be_run_says_why(ecosystem: Ecosystem) -> None:
    def refusal() -> str:
        with pytest.raises(ScenarioProblem) as problem:
            create_scenario(ecosystem=ecosystem, name="What if?", levers=[], by=None)
        return str(problem.value)

    assert refusal() == "The causal map is empty. Draw its factors and links first."
    maker = MapMaker(ecosystem)
    load = maker.factor("Load")
    assert refusal().startswith("The causal map has no links")
    maker.link(load, maker.factor("Learning", "ADA"))
    assert refusal().startswith("No factor of the map has a score yet.")
    assert ground_of(ecosystem).wave is None


def test_cancelled_it_stays_so_and_can_be_run_again(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys)
    monkeypatch.setattr(scenario_runs._Run, "EVERY", timedelta(0))
    whole = scenario_runs.scenario

    def cancelled_meanwhile(*given: object, **named: object) -> object:
        assert cancel_scenario(scenario=scenario)
        return whole(*given, **named)

    monkeypatch.setattr(scenario_runs, "scenario", cancelled_meanwhile)
    assert not run_scenario(scenario_id=scenario.pk)
    scenario.refresh_from_db()
    assert (scenario.state, scenario.result, scenario.lease_until) == (ScenarioState.CANCELLED, None, None)
    assert not cancel_scenario(scenario=scenario)
    monkeypatch.setattr(scenario_runs, "scenario", whole)
    assert run_again(scenario=scenario)
    assert not run_again(scenario=scenario)  # pressed twice
    assert run_now(scenario).state == ScenarioState.DONE
    assert not cancel_scenario(scenario=scenario)  # too late
    assert not run_scenario(scenario_id=scenario.pk)


def test_a_worker_keeps_a_long_run_for_itself(ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one that takes longer than its lease would be begun again and again, and never be done."""
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys)
    monkeypatch.setattr(scenario_runs._Run, "EVERY", timedelta(0))
    whole, leases = scenario_runs.scenario, []

    def long(*given: Any, on_progress: Callable[[int, int], None], **named: Any) -> Any:
        for done in range(3):
            leases.append(Scenario.objects.get().lease_until)
            on_progress(done, 10)
        return whole(*given, on_progress=on_progress, **named)

    monkeypatch.setattr(scenario_runs, "scenario", long)
    assert run_now(scenario).state == ScenarioState.DONE
    assert leases == sorted(set(leases))


def test_an_organization_has_a_few_runs_under_way_and_keeps_so_many(
    ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    made = [make_scenario(ecosystem, keys) for _ in range(MOST_UNDER_WAY)]
    with pytest.raises(ScenarioProblem, match="5 scenarios are being run at most"):
        make_scenario(ecosystem, keys)
    assert cancel_scenario(scenario=made[0])
    make_scenario(ecosystem, keys)
    with pytest.raises(ScenarioProblem, match="cancel one"):
        run_again(scenario=made[0])
    Scenario.objects.update(state=ScenarioState.CANCELLED)
    monkeypatch.setattr("assessments.services.scenarios.MOST_KEPT", MOST_UNDER_WAY + 1)
    with pytest.raises(ScenarioProblem, match="6 scenarios are kept at most"):
        make_scenario(ecosystem, keys)


def test_only_one_worker_runs_it_and_a_dead_one_is_replaced(ecosystem: Ecosystem) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys)
    held = Scenario.objects.filter(pk=scenario.pk)
    held.update(state=ScenarioState.RUNNING, lease_until=timezone.now() + timedelta(seconds=60))
    assert not run_scenario(scenario_id=scenario.pk)
    held.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert list(due_scenarios()) == [scenario]
    assert run_now(scenario).state == ScenarioState.DONE
    assert list(due_scenarios()) == []


def test_an_error_of_ours_is_said_and_leaves_no_run_hanging(
    ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    monkeypatch.setattr(scenario_runs, "scenario", lambda *given, **named: 1 / 0)
    failed = run_now(make_scenario(ecosystem, keys))
    assert (failed.state, failed.problem, failed.lease_until) == (ScenarioState.FAILED, "failed", None)


def test_the_next_wave_stands_beside_it_once_and_skill_is_kept(ecosystem: Ecosystem, leader: User) -> None:
    keys, wave = make_measured_map(ecosystem)
    scenario = run_now(make_scenario(ecosystem, keys, by=leader, bets={"ADA": 4, "SUS": 0}))
    make_scenario(ecosystem, keys)  # never run: nothing to judge
    assert note_outcomes(ecosystem_id=ecosystem.pk) == 0
    assert foresight_of(ecosystem.organization).maps is None
    later = next_wave(wave, ADA=20.0)
    assert note_outcomes(ecosystem_id=ecosystem.pk) == 1
    assert note_outcomes(ecosystem_id=ecosystem.pk) == 0
    scenario.refresh_from_db()
    came = came_of(scenario.outcome)
    assert (scenario.outcome_wave, came.wave) == (later, later.title)
    assert came.scores["ADA"] == dimension(later, "ADA") > dimension(wave, "ADA") + 3
    skill = foresight_of(ecosystem.organization)
    assert (skill.maps.n, skill.people.n, skill.scenarios) == (3, 2, 1)  # three dimensions have a factor
    expected = abs(dimension(wave, "ADA") + 4 - came.scores["ADA"]) + abs(dimension(wave, "SUS") - came.scores["SUS"])
    assert skill.people.mean_absolute_error == pytest.approx(expected / 2)
    with pytest.raises(ScenarioProblem, match="guessing is over"):
        place_bets(scenario=scenario, by=leader, bets={"ADA": 1})
    next_wave(later)  # the one after it changes nothing
    assert note_outcomes(ecosystem_id=ecosystem.pk) == 0


def test_guesses_are_made_once_by_each_person(ecosystem: Ecosystem, leader: User, viewer: User) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys, by=leader, bets={"ADA": 4})
    with pytest.raises(ScenarioProblem, match="made your guess"):
        place_bets(scenario=scenario, by=leader, bets={"ADA": 5})
    with pytest.raises(ScenarioProblem, match="at least one"):
        place_bets(scenario=scenario, by=viewer, bets={"NOPE": 5})
    place_bets(scenario=scenario, by=viewer, bets={"ADA": -5})
    assert sorted(scenario.bets.values_list("points", flat=True)) == [-5, 4]


def test_nobody_guesses_once_the_next_wave_has_closed(ecosystem: Ecosystem, viewer: User) -> None:
    keys, wave = make_measured_map(ecosystem)
    scenario = run_now(make_scenario(ecosystem, keys))
    next_wave(wave)  # and no worker has noted what came
    with pytest.raises(ScenarioProblem, match="guessing is over"):
        place_bets(scenario=scenario, by=viewer, bets={"ADA": 4})


@pytest.mark.parametrize("rule", ScenarioRule.values)
def test_each_rule_runs_and_is_kept(ecosystem: Ecosystem, rule: str) -> None:
    keys, _wave = make_measured_map(ecosystem)
    done = run_now(make_scenario(ecosystem, keys, rule=rule, draws=200))
    assert (done.rule, done.state, ran_of(done.result).draws) == (rule, ScenarioState.DONE, 200)
    assert ran_of(done.result).of("ADA").change.median > 3


@pytest.mark.parametrize(
    ("given", "words"),
    [({"rule": "x"}, "one of the rules"), ({"draws": 99}, "between 100 and 5,000"), ({"draws": 5001}, "between 100")],
)
def test_rule_and_draws_are_checked(ecosystem: Ecosystem, given: dict[str, object], words: str) -> None:
    keys, _wave = make_measured_map(ecosystem)
    with pytest.raises(ScenarioProblem, match=words):
        make_scenario(ecosystem, keys, **given)


def test_only_a_step_of_the_same_ecosystem_in_which_a_room_guessed_can_be_named(
    ecosystem: Ecosystem, organization: Organization
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys)
    elsewhere = make_room(organization.ecosystems.create(name="Elsewhere", slug="elsewhere"), {"ADA": [70] * 5})
    rated = make_activity(make_workshop(ecosystem))
    rehearsal = make_room(ecosystem, {"ADA": [70] * 5})
    Workshop.objects.filter(pk=rehearsal.workshop_id).update(rehearsal_of=rated.workshop)
    for step in (elsewhere, rated, rehearsal):
        with pytest.raises(ScenarioProblem, match="no longer there"):
            choose_room(scenario=scenario, step=step)
        with pytest.raises(ScenarioProblem, match="no longer there"):
            make_scenario(ecosystem, keys, room_step=step)


def test_what_was_done_to_a_scenario_stands_in_the_audit_trail(ecosystem: Ecosystem, leader: User) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys, by=leader)
    for _twice in range(2):
        cancel_scenario(scenario=scenario, by=leader)
    for _twice in range(2):
        run_again(scenario=scenario, by=leader)
    for _twice in range(2):
        rename_scenario(scenario=scenario, name="Ease it", by=leader)
    step = make_room(ecosystem, {"ADA": [70] * 5})
    for _twice in range(2):
        choose_room(scenario=scenario, step=step, by=leader)
    scenario.refresh_from_db()
    delete_scenario(scenario=scenario, by=leader)
    told = AuditEvent.objects.filter(action__startswith="scenario.").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        f"scenario.{act}" for act in ("made", "cancelled", "run-again", "renamed", "room-chosen", "deleted")
    ]
    assert all(one.actor == leader and one.action in ACTS for one in told)


def test_evidence_counts_to_its_dimension_and_leadership_to_none(ecosystem: Ecosystem) -> None:
    wave = make_scored_wave(make_assessment(ecosystem), answers=SMALL)
    maker = MapMaker(ecosystem)
    purpose = maker.factor("Purpose", "PRI-DIST")
    Score.objects.update_or_create(
        wave=wave, level="construct", code="PRI-DIST", group_key="", defaults={"value": 61.0, "withheld": False}
    )
    assert ground_of(ecosystem).basis.factors[0].score is not None
    maker.link(purpose, maker.factor("Weather"), 1, 2)
    assert ground_of(ecosystem).problem == "no_dimensions"
    maker.link(purpose, maker.factor("Ideas a quarter", indicator="INN-EV-IDEAS"), 1, 2)
    ground = ground_of(ecosystem, wave)
    assert ground.problem == ""
    assert [one.code for one in ground.basis.dimensions if one.factors] == ["INN"]


def test_it_can_be_renamed_and_deleted(ecosystem: Ecosystem) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys)
    rename_scenario(scenario=scenario, name="  Less   load ")
    scenario.refresh_from_db()
    assert scenario.name == "Less load"
    delete_scenario(scenario=scenario)
    assert not Scenario.objects.exists()
    assert not run_scenario(scenario_id=scenario.pk or 1)
