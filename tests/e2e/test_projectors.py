"""The screen in the room in a real browser, with its stream: it follows by itself, fits its wall, moves or stays."""

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Idea, Round, Workshop
from assessments.models.activity_plans import IdeasPlan, Item, RatePlan
from assessments.projector_links import projector_path
from assessments.services import breakouts, idea_clusters, rounds, stage
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote
from tests.servers import WebProcess

pytestmark = pytest.mark.django_db(transaction=True)
WALL = {"width": 1920, "height": 1080}
LONG = RatePlan(
    items=tuple(Item(f"q{at}", "We could go on for many years like this without using up " * 2) for at in range(6))
)
OVERLAP = """Math.max(...[...document.querySelectorAll('.p-side > *')].map(one => one.getBoundingClientRect().bottom))
 - document.querySelector('.p-foot').getBoundingClientRect().top"""
"""By how many pixels what is asked reaches into the foot."""


def open_on(page: Page, web: WebProcess, workshop: Workshop) -> list[str]:
    """Open the projector on the wall; returns what the browser complains about from now on."""
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_viewport_size(WALL)  # type: ignore[arg-type]
    page.goto(web.url + projector_path(workshop))
    return problems


def outside(page: Page) -> list[int]:
    """By how many pixels the page is wider and higher than the window."""
    found: list[int] = page.evaluate(
        "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
    )
    return found


def test_it_follows_the_room_from_the_lobby_to_the_end(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    activity = make_activity(workshop, current=False)
    problems = open_on(page, web_process, workshop)
    expect(page.get_by_text(workshop.code)).to_be_visible()
    stage.start(workshop=workshop, by=facilitator)
    expect(page.get_by_role("heading", level=1)).to_have_text(activity.plan.items[0].text)  # type: ignore[union-attr]

    round = rounds.open_round(activity=activity, seconds=300, by=facilitator)
    expect(page.locator("[data-timer]")).to_have_text(re.compile("^4:[0-5][0-9]$"))
    seats = make_seats(workshop, 6)
    vote(round, seats, [4, 5, 5, 6, 6, 7])
    expect(page.locator("[data-live=answered]")).to_have_text("6")
    expect(page.locator("[data-live=asked]")).to_have_text("of 6")
    assert page.locator("svg.chart").count() == 0

    rounds.reveal_round(round=round, by=facilitator)
    expect(page.locator("svg.chart")).to_be_visible()
    expect(page.get_by_text(workshop.code)).to_be_visible()
    again = rounds.ask_again(round=round, seconds=None, by=facilitator)
    expect(page.locator("svg.chart")).to_have_count(0)
    vote(again, seats, [5, 5, 5, 6, 6, 6])
    rounds.reveal_round(round=again, by=facilitator)
    expect(page.get_by_text("round 2 median 5.5")).to_be_visible()
    stage.end_workshop(workshop=workshop, by=facilitator)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for being here")
    assert problems == []


def test_the_columns_travel_from_the_round_before_and_stand_still_for_who_wants_that(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    seats = make_seats(workshop, 6)
    round = rounds.open_round(activity=activity, seconds=None, by=facilitator)
    vote(round, seats, [2, 2, 2, 3, 3, 3])
    rounds.reveal_round(round=round, by=facilitator)
    page.add_init_script(
        "window.moved = 0; new MutationObserver((all) => { for (const one of all) if (one.type === 'attributes')"
        " window.moved += 1; }).observe(document, { subtree: true, attributeFilter: ['height'] });"
    )
    open_on(page, web_process, workshop)
    for wish, is_moving in (("no-preference", True), ("reduce", False)):
        page.emulate_media(reduced_motion=wish)  # type: ignore[arg-type]
        round = rounds.ask_again(round=round, seconds=None, by=facilitator)
        expect(page.locator("svg.chart")).to_have_count(0)
        page.evaluate("window.moved = 0")
        vote(round, seats, [8, 8, 8, 9, 9, 9] if is_moving else [3, 3, 3, 4, 4, 4])
        rounds.reveal_round(round=round, by=facilitator)
        expect(page.locator("svg.chart")).to_be_visible()
        expect(page.locator("svg.chart [opacity]")).to_have_count(0)  # that appears when all has arrived
        assert (page.evaluate("window.moved") > 4) is is_moving


def test_a_round_whose_time_is_over_closes_on_the_wall_by_itself(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    round = rounds.open_round(activity=make_activity(workshop), seconds=2, by=facilitator)
    open_on(page, web_process, workshop)
    expect(page.get_by_text("The vote is closed. The results are still hidden.")).to_be_visible()
    assert Round.objects.get(pk=round.pk).state == RoundState.OPEN


def test_pages_are_turned_by_key_and_by_button_and_can_be_held(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    items = tuple(Item(f"i{number}", f"Question {number}") for number in range(9))
    round = rounds.open_round(
        activity=make_activity(workshop, plan=RatePlan(items=items)), seconds=None, by=facilitator
    )
    seats = make_seats(workshop, 6)
    for item in items:
        vote(round, seats, [4, 5, 5, 6, 6, 7], item=item.key)
    rounds.reveal_round(round=round, by=facilitator)
    page.clock.install()
    problems = open_on(page, web_process, workshop)
    at = page.locator("[data-at]")
    expect(at).to_have_text("1 of 11")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Question 0")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    expect(at).to_have_text("2 of 11")
    page.clock.run_for(15_000)
    expect(at).to_have_text("3 of 11")
    page.get_by_role("button", name="Stay on this page").click()
    page.clock.run_for(60_000)
    expect(at).to_have_text("3 of 11")
    assert problems == []


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1024, 768), (390, 844)])
def test_it_fits_every_wall_and_a_phone(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User, size: tuple[int, int]
) -> None:
    purpose = "We look at how ready we are. " * 6
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY, purpose=purpose, code="WOMBAT-SUMMIT-48")
    open_on(page, web_process, workshop)
    page.set_viewport_size({"width": size[0], "height": size[1]})

    def fits() -> bool:
        wide, high = outside(page)
        return wide <= 0 and (high <= 0 or size[0] < 900)

    def code_fits() -> bool:
        right: float = page.locator(".p-way .join-code").evaluate(
            "(box) => { const text = document.createRange(); text.selectNodeContents(box);"
            " return text.getBoundingClientRect().right; }"
        )
        return right <= size[0] * (0.962 if size[0] > 900 else 1)

    assert fits()
    assert code_fits()
    activity = make_activity(workshop, current=False, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us?")
    stage.start(workshop=workshop, by=facilitator)
    round = rounds.open_round(activity=activity, seconds=300, by=facilitator)
    expect(page.locator("[data-timer]")).to_be_visible()
    assert fits()
    assert code_fits()
    for number, seat in enumerate(make_seats(workshop, 24)):
        text = f"{number}: we wait for approval for two weeks, even for what costs less than a lunch"
        Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, seat=seat, text=text)
    rounds.reveal_round(round=round, by=facilitator)
    expect(page.locator("[data-at]")).to_be_visible()
    assert fits()
    if size[0] > 900:
        expect(page.get_by_text(workshop.code)).to_be_in_viewport()
    asked = make_activity(workshop, current=False, plan=LONG, title="Five dimensions", by_breakout=True)
    breakouts.deal(workshop=workshop, groups=3, by=facilitator)
    stage.go_to(workshop=workshop, activity=asked, seen_step=activity.pk, by=facilitator)
    rounds.open_round(activity=asked, seconds=300, by=facilitator)
    expect(page.locator("[data-timer]")).to_be_visible()
    assert fits()
    assert page.evaluate(OVERLAP) <= 0


def test_clusters_form_before_the_eyes_of_the_room(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan())
    round = make_round(activity, state=RoundState.REVEALED, results={"authors": 5, "shown": 5, "needs": 5})
    idea = Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, text="One supplier", is_shown=True)
    open_on(page, web_process, workshop)
    expect(page.get_by_text("One supplier")).to_be_visible()
    made = idea_clusters.add_cluster(activity=activity, title="Suppliers", by=facilitator)
    idea_clusters.move_ideas(activity=activity, ideas=[idea.key], cluster=made.pk, by=facilitator)
    expect(page.get_by_role("heading", name="Suppliers")).to_be_visible()
    idea_clusters.park_ideas(activity=activity, ideas=[idea.key], by=facilitator)
    expect(page.get_by_text("All ideas are parked.")).to_be_visible()


def test_it_comes_back_after_the_network_was_away(
    page: Page, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    activity = make_activity(workshop)
    open_on(page, web_process, workshop)
    expect(page.get_by_text("It opens in a moment, on your phone.")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    rounds.open_round(activity=activity, seconds=None, by=facilitator)
    page.context.set_offline(False)
    expect(page.get_by_text("have voted")).to_be_visible()
    expect(page.get_by_text("Reconnecting")).to_be_hidden()


def test_without_a_script_all_pages_stand_below_each_other(
    browser: Browser, web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    items = tuple(Item(f"i{number}", f"Question {number}") for number in range(2))
    round = rounds.open_round(
        activity=make_activity(workshop, plan=RatePlan(items=items)), seconds=None, by=facilitator
    )
    seats = make_seats(workshop, 6)
    for item in items:
        vote(round, seats, [4, 5, 5, 6, 6, 7], item=item.key)
    rounds.reveal_round(round=round, by=facilitator)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(web_process.url + projector_path(workshop))
    assert page.locator("svg.chart:visible").count() == 3
    context.close()
