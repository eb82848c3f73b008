"""Board and list of commitments, making and changing one, and what its buttons do."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import About, CommitmentState, Progress
from assessments.models import Assessment, CheckIn, Commitment, FeedbackSummary, Wave
from assessments.scoring.codec import encode
from assessments.scoring.commitment_effect import Effect, Reading
from assessments.scoring.results import Difference
from assessments.services.instruments import load_default_instrument
from assessments.services.stage import end_workshop
from ecosystems.models import Ecosystem, LoopName, Membership, User
from tests.factories.assessments import make_assessment, make_closed_wave
from tests.factories.ecosystems import make_stakeholder
from tests.factories.results import make_scored_wave
from tests.factories.workshops import make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
TYPED = {"text": "One number", "owner_name": "Marta Lindqvist", "facet": "", "expected": "1", "edition": "0"}


@pytest.fixture(autouse=True)
def instrument(db: None) -> None:
    load_default_instrument()


def address(ecosystem: Ecosystem, name: str = "commitments", *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[ecosystem.organization.slug, ecosystem.slug, *args])


def make(ecosystem: Ecosystem, text: str = "One number", **changes: Any) -> Commitment:
    return Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text=text, **{"owner_name": "Lena", **changes}
    )


def test_a_leader_makes_one_from_a_score(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    wave, browser = make_closed_wave(ecosystem), client_of(leader)
    url = address(ecosystem, "commitment-new") + f"?source=score&code=ADA-SPEED&wave={wave.pk}"
    page = browser.get(url)
    assert page.context["form"].initial["facet"] == "ADA-SPEED"
    made_page = browser.post(url, {**TYPED, "facet": "ADA-SPEED", "expected_points": "4"})
    made = Commitment.objects.get()
    assert made_page["Location"] == address(ecosystem, "commitment", made.key)
    assert (made.source, made.source_code, made.wave, made.owner) == ("score", "ADA-SPEED", wave, leader)
    assert browser.get(made_page["Location"]).status_code == 200


def test_one_made_from_a_loop_leads_back_to_it(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    client, url = client_of(leader), address(ecosystem, "commitment-new") + "?source=loop&code=3%3E7%3E9"
    assert client.get(url).context["origin"] == "A feedback loop"
    LoopName.objects.create(ecosystem=ecosystem, members="3>7>9", name="Learning pays")
    assert client.get(url).context["origin"] == "The loop “Learning pays”"
    client.post(url, {"text": "Meet each season", "owner_name": "Marta", "expected": "1"})
    page = client.get(address(ecosystem, "commitment", Commitment.objects.get().key))
    assert page.context["origin"] == "The loop “Learning pays”"
    assert f'href="{address(ecosystem, "loops")}?loop=3%3E7%3E9#map"' in page.content.decode()


def test_the_one_chosen_of_two_stakeholders_of_one_name_stays(
    client_of: LogIn, leader: User, ecosystem: Ecosystem
) -> None:
    _first, second = (make_stakeholder(ecosystem, name="Mill") for _ in range(2))
    client = client_of(leader)
    client.post(address(ecosystem, "commitment-new"), {**TYPED, "owner_name": "Mill (Partners) · 2"})
    made = Commitment.objects.get()
    assert (made.owner_name, made.stakeholder) == ("Mill", second)
    edit = address(ecosystem, "commitment-edit", made.key)
    assert client.get(edit).context["form"]["owner_name"].value() == "Mill (Partners) · 2"
    client.post(edit, {**TYPED, "owner_name": "Mill", "edition": made.edition})
    made.refresh_from_db()
    assert (made.owner_name, made.stakeholder) == ("Mill", None)  # it is not said which of the two


def made_from(page: Any) -> list[str]:
    """Where a page leads to make a commitment: the queries of its links."""
    return [unescape(query) for query in re.findall(r"/commitments/new/\?([^\"]+)", page.content.decode())]


def test_scores_and_findings_lead_to_it_for_those_who_may(
    client_of: LogIn, leader: User, viewer: User, ecosystem: Ecosystem
) -> None:
    wave = make_scored_wave(make_assessment(ecosystem, name="Network"))
    args = [ecosystem.organization.slug, wave.pk]
    score = reverse("assessments:results-code", args=[*args, "INN-FLOW"])
    assert made_from(client_of(leader).get(score)) == [f"source=score&code=INN-FLOW&wave={wave.pk}"]
    assert made_from(client_of(viewer).get(score)) == []
    part_of_leadership = reverse("assessments:results-code", args=[*args, "MND"])
    assert made_from(client_of(leader).get(part_of_leadership)) == []
    results = reverse("assessments:results", args=args)
    found = client_of(leader).get(results)
    assert made_from(found)
    assert "Add to a workshop" not in found.content.decode()
    assert made_from(client_of(viewer).get(results)) == []


def test_minutes_lead_facilitators_to_what_follows(
    client_of: LogIn, facilitator: User, leader: User, ecosystem: Ecosystem
) -> None:
    workshop = make_workshop(ecosystem)
    minutes = reverse("assessments:minutes", args=[ecosystem.organization.slug, workshop.pk])
    assert made_from(client_of(facilitator).get(minutes)) == []
    end_workshop(workshop=workshop, by=facilitator)
    browser = client_of(facilitator)
    assert made_from(browser.get(minutes)) == [f"workshop={workshop.pk}"]
    assert made_from(client_of(leader).get(minutes)) == []
    browser.post(address(ecosystem, "commitment-new") + f"?workshop={workshop.pk}", TYPED)
    assert Commitment.objects.values_list("source", "source_code").get() == ("workshop", str(workshop.pk))


def test_the_wave_of_one_leader_is_never_named(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    wave = make_closed_wave(ecosystem)
    Assessment.objects.update(about=About.LEADER, leader=leader)
    url = address(ecosystem, "commitment-new") + f"?source=score&code=ADA-SPEED&wave={wave.pk}"
    client_of(leader).post(url, TYPED)
    assert Commitment.objects.get().wave is None


def test_a_name_from_the_list_is_its_party_any_other_is_free(
    client_of: LogIn, leader: User, ecosystem: Ecosystem
) -> None:
    party = make_stakeholder(ecosystem, name="Food Bank")
    for name in ("Food Bank", "My neighbour"):
        client_of(leader).post(address(ecosystem, "commitment-new"), {**TYPED, "owner_name": name})
    found = [(one.owner_name, one.owner, one.stakeholder) for one in Commitment.objects.order_by("owner_name")]
    assert found == [("Food Bank", None, party), ("My neighbour", None, None)]
    pages = (
        client_of(leader).get(address(ecosystem, "commitment", one.key)).content.decode()
        for one in Commitment.objects.order_by("owner_name")
    )
    assert ["Only a name, so nobody is reminded." in page for page in pages] == [False, True]


def test_what_is_wrong_is_said_and_what_was_typed_stays(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    page = client_of(leader).post(
        address(ecosystem, "commitment-new"), {**TYPED, "due_on": "2020-01-01", "heard": "Too slow"}
    )
    assert page.context["form"].non_field_errors() == ["Choose a day from today on, within ten years."]
    assert page.context["form"]["heard"].value() == "Too slow"


def test_both_texts_are_shown_where_two_change_it(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    made = make(ecosystem, "Theirs", edition=3, facet="ADA-SPEED", expected_points=4)
    browser = client_of(facilitator)
    url = address(ecosystem, "commitment-edit", made.key)
    page = browser.post(url, {**TYPED, "text": "Mine", "edition": "2"})
    assert (page.context["now"].text, page.context["form"]["text"].value()) == ("Theirs", "Mine")
    assert "<dd>Speed of response should rise by 4</dd>" in page.content.decode()
    assert page.context["form"]["edition"].value() == "3"
    browser.post(url, {**TYPED, "text": "Mine", "edition": "3"})
    made.refresh_from_db()
    assert (made.text, made.edition) == ("Mine", 4)


def test_its_owner_and_who_made_it_may_change_it(
    client_of: LogIn, leader: User, viewer: User, ecosystem: Ecosystem
) -> None:
    made = make(ecosystem)
    url = address(ecosystem, "commitment-edit", made.key)
    assert client_of(leader).get(url).status_code == 403
    Commitment.objects.update(owner=viewer, created_by=leader)
    assert [client_of(user).get(url).status_code for user in (leader, viewer)] == [200, 200]


def test_a_text_too_long_is_said_to_be_and_kept_whole(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    """No field cuts what is pasted into it."""
    browser, url, long = client_of(leader), address(ecosystem, "commitment-new"), "word " * 1000 + "end"
    assert "maxlength" not in str(browser.get(url).context["form"])
    answer = browser.post(url, {**TYPED, "text": long, "heard": "Too slow", "expected_points": "500"})
    assert answer.context["form"].errors == {
        "text": ["Ensure this value has at most 300 characters (it has 5003)."],
        "expected_points": ["Write a whole number from 1 to 100, or nothing."],
    }
    assert long in answer.content.decode()
    assert not Commitment.objects.exists()


def test_a_check_in_says_nothing_that_nobody_chose(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    made, browser = make(ecosystem, owner=leader), client_of(leader)
    assert not browser.get(address(ecosystem, "commitment", made.key)).context["check_in_form"]["progress"].value()
    answer = browser.post(address(ecosystem, "commitment-act", made.key, "check-in"), {"note": "Two called back"})
    assert answer.context["check_in_form"].errors == {"progress": ["Choose how it goes: on track, at risk or stuck."]}
    assert "Two called back" in answer.content.decode()
    assert not CheckIn.objects.exists()


def test_buttons_finish_drop_take_up_and_check_in(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    made, browser = make(ecosystem), client_of(facilitator)

    def act(name: str, **data: str) -> Any:
        answer = browser.post(address(ecosystem, "commitment-act", made.key, name), data)
        made.refresh_from_db()
        return answer

    act("check-in", progress=Progress.AT_RISK, note="No reply")
    assert CheckIn.objects.get().by == facilitator
    assert act("drop", why=" ").context["drop_form"].errors == {
        "why": ["Say why it is dropped. Everybody who counted on it will read it."]
    }
    assert act("done", on="2999-01-01").context["wrong"].non_field_errors() == [
        "Choose the day on which it was done: today or before."
    ]
    answer = act("done", on=timezone.localdate().isoformat(), **{"from": "board"})
    assert (answer["Location"], made.state) == (address(ecosystem), CommitmentState.DONE)
    act("take-up")
    act("drop", why="No money")
    assert (made.state, made.closing_note) == (CommitmentState.DROPPED, "No money")
    act("add-step", step="Ask")
    step = made.steps.get()
    act("step", step=str(step.pk), how="tick")
    assert made.steps.get().done_on == timezone.localdate()
    act("step", step="no number", how="remove")
    act("step", step=str(step.pk), how="remove")
    assert not made.steps.exists()
    assert act("no-such").status_code == 404


def test_effects_are_read_from_the_summaries(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    done = {"state": CommitmentState.DONE, "closed_on": date(2026, 6, 12), "facet": "ECO-TRUST"}
    seed, forecast = make(ecosystem, "Seed fund", **done), make(ecosystem, "Forecast", **done)
    make(ecosystem, "Unmeasured", **done)
    make(ecosystem, "Gone", **{**done, "facet": "OLD-FACET"})
    make(ecosystem, "Late", facet="ADA-SPEED", due_on=date(2026, 1, 1))
    clear, chance = Difference(5.8, 0.7, 10.9, clear=True), Difference(3.4, -0.9, 7.7)
    beside = (str(forecast.key),)
    found = [
        Effect(str(seed.key), "ECO-TRUST", Reading.CONSISTENT, 6.0, 0.2, clear, 9, 40, 42, beside),
        Effect(str(forecast.key), "ECO-TRUST", Reading.NO_SIGN, 3.6, 0.2, chance, 9, 40, 42),
    ]
    wave = make_closed_wave(ecosystem)
    FeedbackSummary.objects.create(
        wave=wave,
        results={"waves": [wave.pk], "effects": [encode(effect) for effect in found]},
        method="1",
        mark_version=1,
        computed_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    page = client_of(leader).get(address(ecosystem) + "?view=list")
    assert Wave.objects.get(pk=wave.pk).results_shown
    rows = {row.commitment.text: row for row in page.context["rows"]}
    assert {text: row.reading for text, row in rows.items()} == {
        "Seed fund": "consistent with an effect; cannot be told apart from 1 other",
        "Forecast": "no sign of an effect: could be chance",
        "Unmeasured": "measured next wave",
        "Gone": "The questions no longer ask about this score, so its change cannot be measured.",
        "Late": "not done yet",
    }
    assert rows["Seed fund"].inseparable == ("Forecast",)
    assert rows["Gone"].facet == "OLD-FACET (no longer asked)"
    assert (rows["Late"].state, rows["Late"].badge) == ("late", "warn")
    assert "Cannot be told apart from: Forecast." in (
        client_of(leader).get(address(ecosystem, "commitment", seed.key)).content.decode()
    )


def test_the_list_is_filtered_and_sorted(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    make(ecosystem, "A", owner_name="Zoe", facet="ADA-SPEED")
    make(ecosystem, "B", owner_name="Ada", owner=leader, facet="ECO-TRUST")
    browser = client_of(leader)

    def listed(query: str) -> list[str]:
        page = browser.get(f"{address(ecosystem)}?view=list&{query}")
        return [row.commitment.text for row in page.context["rows"]]

    assert listed("sort=owner") == ["B", "A"]
    assert listed("who=mine") == ["B"]
    assert listed("dimension=ADA") == ["A"]
    assert listed("state=done") == []
    assert sorted(listed("state=nonsense&sort=nonsense&dimension=x")) == ["A", "B"]


def test_facilitators_are_told_of_what_is_nobodys(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, leader: User
) -> None:
    made = make(ecosystem, owner=leader, owner_name=leader.name)
    Membership.objects.filter(user=leader).delete()
    page = client_of(facilitator).get(address(ecosystem))
    assert page.context["ownerless"] == 1
    assert "Nobody’s now (Marta Lindqvist has left)" in page.content.decode()
    form = client_of(facilitator).get(address(ecosystem, "commitment-edit", made.key)).context["form"]
    assert form["owner_name"].value() == ""
    assert "Name a new owner" in client_of(facilitator).get(address(ecosystem, "commitment", made.key)).content.decode()


@pytest.mark.parametrize("view", ["board", "list"])
def test_pages_of_many_ask_no_more_than_pages_of_one(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, view: str, django_assert_num_queries: Any
) -> None:
    browser, url = client_of(facilitator), f"{address(ecosystem)}?view={view}"
    make(ecosystem, "First", facet="ADA-SPEED")
    browser.get(url)

    with CaptureQueriesContext(connection) as one:
        browser.get(url)
    Commitment.objects.bulk_create(
        Commitment(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=f"Number {number}",
            owner_name="Lena",
            owner=facilitator,
            facet="ECO-TRUST",
            state=("open", "done", "proposed")[number % 3],
        )
        for number in range(500)
    )
    with django_assert_num_queries(len(one)):
        page = browser.get(url)
    assert len(page.context["rows"]) == (60 if view == "board" else 50)
