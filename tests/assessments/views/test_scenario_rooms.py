"""A room's guesses beside the scenario that ran what they were about, and the ways between the two."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import WorkshopState
from assessments.links import minutes_token
from assessments.models import Activity, Scenario
from assessments.services.scenario_outcomes import note_outcomes
from ecosystems.models import Ecosystem, User
from tests.assessments.views.test_scenarios import address
from tests.factories.scenarios import make_measured_map, make_room, make_scenario, next_wave, run_now

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def minutes(step: Activity) -> str:
    return reverse("assessments:minutes", args=[step.workshop.organization.slug, step.workshop_id])


def rows(page: str) -> list[list[str]]:
    """The cells of the table of the room, as text."""
    _before, _heading, section = page.partition('id="room"')
    body = section.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [[_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in cells]


def _text(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())


def test_the_room_stands_beside_the_maps_and_what_came(ecosystem: Ecosystem, viewer: User, client_of: LogIn) -> None:
    keys, wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [60, 70, 80, 70, 70], "ECO": [50, 50, 50, 50]})
    scenario = make_scenario(ecosystem, keys, room_step=step)
    browser, here = client_of(viewer), address(ecosystem, scenario.pk)
    assert "It stands here once the scenario has run." in browser.get(here).content.decode()
    run_now(scenario)
    room = browser.get(here).context["room"]
    (ecosystem_health, adaptability) = sorted(room.rows, key=lambda row: row.n)
    assert (adaptability.n, adaptability.median, adaptability.half) == ("5", "70", "70 to 70")
    assert (ecosystem_health.withheld, ecosystem_health.n, ecosystem_health.median) == (True, "", "")
    next_wave(wave, ADA=20.0)
    note_outcomes(ecosystem_id=ecosystem.pk)
    page = browser.get(here)
    assert f"{minutes(step)}#step-{step.pk}" in page.content.decode()
    shown = {row[0]: row[1:] for row in rows(page.content.decode())}
    implied, came = shown["Adaptability"][1:3]
    assert shown["Adaptability"] == ["70", implied, came, "70 to 70", "5"]
    assert int(came) > int(adaptability.implied) - 20 > 0
    assert [shown["Ecosystem health"][place] for place in (0, 3, 4)] == ["withheld : protects a small group"] * 3


def test_guesses_of_change_are_told_with_their_sign(ecosystem: Ecosystem, viewer: User, client_of: LogIn) -> None:
    keys, _wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [-4, 2, 6, 6, 9]}, lowest=-100)
    scenario = run_now(make_scenario(ecosystem, keys, room_step=step))
    room = client_of(viewer).get(address(ecosystem, scenario.pk)).context["room"]
    assert (room.asked, room.rows[0].median, room.rows[0].half) == (
        "Change by the next wave, in points",
        "+6",
        "+2 to +6",
    )


def test_before_the_workshop_has_ended_only_who_runs_it_sees_its_guesses(
    ecosystem: Ecosystem, viewer: User, facilitator: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [70] * 5}, state=WorkshopState.LIVE)
    scenario = run_now(make_scenario(ecosystem, keys, room_step=step))
    here = address(ecosystem, scenario.pk)
    assert client_of(facilitator).get(here).context["room"].rows[0].n == "5"
    response = client_of(viewer).get(here)
    assert response.context["room"] is None
    assert "It stands here once the workshop has ended." in response.content.decode()
    assert minutes(step) not in response.content.decode()
    assert step.title not in response.content.decode()


def test_nobody_is_offered_steps_of_a_workshop_to_come_that_they_do_not_run(
    ecosystem: Ecosystem, leader: User, facilitator: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [70] * 5}, state=WorkshopState.LIVE)
    scenario = make_scenario(ecosystem, keys, by=leader)
    page, act = f"{address(ecosystem, 'new')}?room={step.pk}", address(ecosystem, scenario.pk, "room")
    assert step.title not in client_of(leader).get(page).content.decode()
    client_of(leader).post(act, {"room_step": step.pk})
    assert Scenario.objects.get().room_step is None
    assert step.title in client_of(facilitator).get(page).content.decode()
    client_of(facilitator).post(act, {"room_step": step.pk})
    assert Scenario.objects.get().room_step == step
    client_of(leader).post(act, {"room_step": step.pk})  # what stands there can stay
    assert Scenario.objects.get().room_step == step


def test_nothing_hidden_and_nothing_of_another_scale_stands_there(
    ecosystem: Ecosystem, viewer: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [70] * 5})
    scenario = run_now(make_scenario(ecosystem, keys, room_step=step))
    step.settings["highest"] = 400
    step.save(update_fields=["settings"])
    here, browser = address(ecosystem, scenario.pk), client_of(viewer)
    assert "on a scale of its own" in browser.get(here).content.decode()
    step.settings["highest"] = 100
    step.save(update_fields=["settings"])
    step.rounds.update(state="closed", results=None)
    assert browser.get(here).context["room"] is None
    step.delete()
    assert "What the room guessed" not in browser.get(here).content.decode()


def test_minutes_lead_to_the_scenario_and_a_new_one_begins_from_the_guesses(
    ecosystem: Ecosystem, leader: User, viewer: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [70] * 5})
    begin = f"{address(ecosystem, 'new')}?room={step.pk}"
    assert begin in client_of(leader).get(minutes(step)).content.decode()
    assert begin not in client_of(viewer).get(minutes(step)).content.decode()
    form = client_of(leader).get(begin).content.decode()
    assert 'value="What if less load?"' in form
    assert f'<option value="{step.pk}" selected>What if less load? · Lab in November</option>' in form
    sent = {"name": "Ease it", "lever_1": keys["Load"], "target_1": "20", "room_step": step.pk}
    client_of(leader).post(begin, {**sent, "rule": "kosko", "draws": "300"})
    scenario = Scenario.objects.get()
    assert (scenario.room_step, scenario.rule, scenario.draws) == (step, "kosko", 300)
    assert address(ecosystem, scenario.pk) in client_of(viewer).get(minutes(step)).content.decode()
    link = reverse("assessments:minutes-by-link", args=[minutes_token(step.workshop)])
    assert "Ease it" not in Client().get(link).content.decode()  # the minutes go out; scenarios are the members'


def test_the_room_can_be_chosen_afterwards_by_who_made_it(
    ecosystem: Ecosystem, leader: User, viewer: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    step = make_room(ecosystem, {"ADA": [70] * 5})
    scenario = make_scenario(ecosystem, keys, by=leader)
    act = address(ecosystem, scenario.pk, "room")
    assert client_of(viewer).post(act, {"room_step": step.pk}).status_code == 403
    browser = client_of(leader)
    for given, kept in ((step.pk, step.pk), (9_999_999, step.pk), ("x", step.pk), ("", None)):
        browser.post(act, {"room_step": given})
        assert Scenario.objects.get().room_step_id == kept


def test_bad_draws_and_rules_are_named_and_nothing_typed_is_lost(
    ecosystem: Ecosystem, leader: User, client_of: LogIn
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    sent = {"name": "Mine", "lever_1": keys["Load"], "target_1": "20", "rule": "nonsense", "draws": "999999"}
    page = client_of(leader).post(address(ecosystem, "new"), sent).content.decode()
    assert "Draw between 100 and 5,000 times." in page
    assert "Choose one of the rules offered." in page
    assert 'value="999999"' in page
    assert '<details class="fold" open>' in page
    assert not Scenario.objects.exists()
