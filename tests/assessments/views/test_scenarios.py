"""Scenarios in the browser: who makes them, what a page says at each state, side by side, guesses."""

from collections.abc import Callable

import pytest
from django.test import Client

from assessments.enums import ScenarioState
from assessments.models import Scenario, Wave
from assessments.services.maps import edits
from assessments.services.scenario_outcomes import note_outcomes
from assessments.services.waves import reopen_wave, today
from ecosystems.models import Ecosystem, User
from tests.factories.maps import MapMaker
from tests.factories.scenarios import make_measured_map, make_scenario, next_wave, run_now

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def address(ecosystem: Ecosystem, *parts: object) -> str:
    base = f"/o/{ecosystem.organization.slug}/ecosystems/{ecosystem.slug}/scenarios/"
    return base + "".join(f"{part}/" for part in parts)


def test_a_leader_guesses_runs_and_reads_what_the_maps_imply(
    ecosystem: Ecosystem, leader: User, viewer: User, client_of: LogIn
) -> None:
    keys, wave = make_measured_map(ecosystem)
    browser = client_of(leader)
    assert wave.title in browser.get(address(ecosystem, "new")).content.decode()
    sent = {"name": "What if we eased the load?", "lever_1": keys["Load"], "target_1": "20", "bet_ADA": "4"}
    response = browser.post(address(ecosystem, "new"), sent)
    scenario = Scenario.objects.get()
    assert response["Location"] == address(ecosystem, scenario.pk)
    waiting = browser.get(response["Location"]).content.decode()
    assert "Waiting for a worker." in waiting
    assert "Marta Lindqvist</th>" not in waiting  # guesses stand beside the run, not before it
    run_now(scenario)
    page = client_of(viewer).get(response["Location"]).content.decode()
    assert "Adaptability would gain most, and the maps agree on it" in page
    assert "not measured, so it starts from 50" in page
    assert "Load → Learning: opposite direction" in page
    assert "No score, so started in the middle: Load." in page
    assert "No factor of the map is tied to: " in page
    assert "Marta Lindqvist</th>" in page
    assert "Rename" not in page
    next_wave(wave, ADA=20.0)
    note_outcomes(ecosystem_id=ecosystem.pk)
    told = browser.get(response["Location"]).content.decode()
    assert "What came</th>" in told
    assert "How well we foresee" in browser.get(address(ecosystem)).content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(ecosystem: Ecosystem, leader: User, client_of: LogIn) -> None:
    keys, _wave = make_measured_map(ecosystem)
    sent = {"name": "Mine", "lever_1": keys["Load"], "target_1": "120", "lever_2": "99999999", "target_3": "5"}
    page = client_of(leader).post(address(ecosystem, "new"), {**sent, "bet_ADA": "x"}).content.decode()
    assert 'value="Mine"' in page
    assert 'value="120"' in page
    for words in (
        "Write a number between 0 and 100.",
        "This factor is no longer on the map. Choose another in its place.",
        "Choose the factor to move, or clear the number.",
        "Write a whole number of points, such as 5 or −5.",
    ):
        assert words in page
    empty = client_of(leader).post(address(ecosystem, "new"), {"name": "Mine"}).content.decode()
    assert "Choose at least one lever" in empty
    assert not Scenario.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"), [("cancelled", "The run was cancelled"), ("failed", "No draw of this map")]
)
def test_a_run_that_gave_nothing_says_so_and_can_be_run_again(
    ecosystem: Ecosystem, leader: User, viewer: User, client_of: LogIn, state: str, words: str
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys, by=leader)
    Scenario.objects.update(state=state, problem="nothing_settled")
    assert words in client_of(viewer).get(address(ecosystem, scenario.pk)).content.decode()
    assert client_of(viewer).post(address(ecosystem, scenario.pk, "again")).status_code == 403
    assert client_of(leader).post(address(ecosystem, scenario.pk, "again")).status_code == 302
    assert Scenario.objects.get().state == ScenarioState.WAITING
    client_of(leader).post(address(ecosystem, scenario.pk, "cancel"))
    assert Scenario.objects.get().state == ScenarioState.CANCELLED
    assert client_of(leader).post(address(ecosystem, scenario.pk, "nonsense")).status_code == 404


def test_up_to_four_stand_side_by_side_with_a_warning_where_the_map_changed(
    ecosystem: Ecosystem, leader: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    one = run_now(make_scenario(ecosystem, keys))
    other = run_now(make_scenario(ecosystem, keys, name="More learning", levers=[(keys["Learning"], 70.0)]))
    browser = client_of(leader)
    page = browser.get(address(ecosystem, "compare"), {"s": [one.pk, other.pk]}).content.decode()
    assert page.count('<th scope="col"><a') == 2
    assert "The map changed" not in page
    MapMaker(ecosystem).factor("Weather", "SUS")
    third = run_now(make_scenario(ecosystem, keys, name="Later"))
    asked = {"s": [one.pk, third.pk, other.pk, "x", "9" * 30, 5_000_000]}
    page = browser.get(address(ecosystem, "compare"), asked).content.decode()
    assert "The map changed between them" in page
    assert (page.count("<b>0.0</b>"), page.count("<td><b>"), page.count(" agree</div>")) == (1, 10, 9)
    assert "Choose two scenarios" in browser.get(address(ecosystem, "compare"), {"s": one.pk}).content.decode()


def test_a_scenario_outlives_its_factors_and_another_begins_without_them(
    ecosystem: Ecosystem, leader: User, client_of: LogIn
) -> None:
    keys, wave = make_measured_map(ecosystem)
    levers = [(keys["Load"], 20.0), (keys["Trust"], 70.0)]
    given = {"by": leader, "levers": levers, "bets": {"ADA": 2}}
    one, other = (run_now(make_scenario(ecosystem, keys, rule=rule, **given)) for rule in RULES)
    MapMaker(ecosystem).do(edits.remove_factor, factor=int(keys["Load"]))
    next_wave(wave)
    note_outcomes(ecosystem_id=ecosystem.pk)
    browser = client_of(leader)
    page = browser.get(address(ecosystem, one.pk)).content.decode()
    assert "Load → Learning: opposite direction" in page
    assert "1,000 draws of the weights, each run by the rule “Kosko (" in page
    assert "What came</th>" in page
    compared = browser.get(address(ecosystem, "compare"), {"s": [one.pk, other.pk]}).content.decode()
    assert "They were run by different rules" in compared
    begun = browser.get(f"{address(ecosystem, 'new')}?from={one.pk}")
    assert "No longer on the map, so left out: Load." in begun.content.decode()
    assert begun.context["form"].initial["lever_1"] == keys["Trust"]
    assert begun.context["form"].initial["rule"] == RULES[0]


def test_a_map_that_swings_for_ever_says_so(ecosystem: Ecosystem, leader: User, client_of: LogIn) -> None:
    """Five factors that chase each other: no draw rests or repeats itself, and the same run again would not either."""
    keys, _wave = make_measured_map(ecosystem)
    maker = MapMaker(ecosystem)
    swings = [maker.factor(f"Swing {number}") for number in range(5)]
    for place, one in enumerate(swings):
        for other in swings[place + 1 :]:
            maker.link(one, other, 1, 3)
            maker.link(other, one, -1, 3)
    maker.link(int(keys["Load"]), swings[0], 1, 3)
    failed = run_now(make_scenario(ecosystem, keys, by=leader))
    assert (failed.state, failed.problem) == (ScenarioState.FAILED, "nothing_settled")
    page = client_of(leader).get(address(ecosystem, failed.pk)).content.decode()
    assert "No draw of this map came to rest or repeated itself" in page
    assert "Run it again" not in page


RULES = ("kosko", "rescaled")


def test_a_member_guesses_before_they_look(ecosystem: Ecosystem, viewer: User, client_of: LogIn) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = run_now(make_scenario(ecosystem, keys))
    browser = client_of(viewer)
    page = browser.get(address(ecosystem, scenario.pk, "guess")).content.decode()
    assert "would gain most" not in page
    assert "Guess for at least one" in browser.post(address(ecosystem, scenario.pk, "guess")).content.decode()
    browser.post(address(ecosystem, scenario.pk, "guess"), {"bet_ADA": "-3"})
    assert "Ana Kovač</th>" in browser.get(address(ecosystem, scenario.pk)).content.decode()
    assert browser.get(address(ecosystem, scenario.pk, "guess")).status_code == 302  # once


def test_names_change_and_scenarios_go_by_who_made_them(
    ecosystem: Ecosystem, leader: User, viewer: User, facilitator: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    scenario = make_scenario(ecosystem, keys, by=leader)
    assert client_of(viewer).get(address(ecosystem, scenario.pk, "delete")).status_code == 403
    client_of(facilitator).post(address(ecosystem, scenario.pk, "rename"), {"name": "Ours"})
    assert Scenario.objects.get().name == "Ours"
    assert "Delete “Ours”?" in client_of(leader).get(address(ecosystem, scenario.pk, "delete")).content.decode()
    client_of(leader).post(address(ecosystem, scenario.pk, "delete"))
    assert "No scenario yet" in client_of(leader).get(address(ecosystem)).content.decode()


def test_an_empty_map_says_what_comes_first(ecosystem: Ecosystem, leader: User, client_of: LogIn) -> None:
    for page in (address(ecosystem), address(ecosystem, "new")):
        assert "The causal map is empty. Draw its factors and links first." in (
            client_of(leader).get(page).content.decode()
        )


def test_an_outcome_is_shown_for_good_or_not_at_all(ecosystem: Ecosystem, leader: User, client_of: LogIn) -> None:
    """Nobody reads what came, has the wave opened again, and reads what one more answer made of it (rule D2)."""
    keys, wave = make_measured_map(ecosystem)
    scenario = run_now(make_scenario(ecosystem, keys, by=leader, bets={"ADA": 1}))
    came = next_wave(wave)
    note_outcomes(ecosystem_id=ecosystem.pk)
    outcome = Scenario.objects.values("outcome_wave", "outcome").get()
    reopen_wave(wave=came, by=None, closes_on=today())
    assert Scenario.objects.values("outcome_wave", "outcome").get() == {"outcome_wave": None, "outcome": None}

    Scenario.objects.update(**outcome)  # by a worker that read the wave a moment before
    browser = client_of(leader)
    assert browser.get(address(ecosystem)).context["foresight"].maps is None
    one = browser.get(address(ecosystem, scenario.pk)).context
    assert (one["page"].came, one["bets"].came) == ("", ())
    Wave.objects.filter(pk=came.pk).update(state="closed", closed_at=came.closed_at)
    assert browser.get(address(ecosystem)).context["foresight"].maps is not None
    assert Wave.objects.get(pk=came.pk).results_shown


@pytest.mark.parametrize("scenarios", [1, 3])
def test_queries(
    ecosystem: Ecosystem,
    leader: User,
    client_of: LogIn,
    scenarios: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    keys, wave = make_measured_map(ecosystem)
    made = [run_now(make_scenario(ecosystem, keys, by=leader, bets={"ADA": 1, "INN": 2})) for _ in range(scenarios)]
    next_wave(wave)
    note_outcomes(ecosystem_id=ecosystem.pk)
    browser = client_of(leader)
    pages = {address(ecosystem): LIST, address(ecosystem, made[0].pk): ONE, address(ecosystem, "new"): NEW}
    for page in pages:
        browser.get(page)
    for page, queries in pages.items():
        with django_assert_num_queries(queries):  # type: ignore[attr-defined]
            browser.get(page)


LIST, ONE, NEW = 10, 8, 14
