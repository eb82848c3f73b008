"""The ideas board in real browsers: by mouse, by keyboard, by two people at once, and without a script."""

import os
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from assessments.enums import ActivityKind
from assessments.models import Activity, Idea, IdeaCluster
from assessments.models.activity_plans import IdeasPlan
from assessments.services import idea_clusters
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.workshops import make_activity, make_round, make_workshop
from tests.fixtures.late_answers import LateAnswers
from tests.servers import WebProcess

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = ("One supplier only", "No plan for the day they stop", "Too many forms", "Only one supplier")


@pytest.fixture
def activity(ecosystem: Ecosystem) -> Activity:
    activity = make_activity(
        make_workshop(ecosystem), kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?"
    )
    round = make_round(activity, state="revealed", results={"authors": 5, "shown": 4, "needs": 5})
    for order, text in enumerate(TEXTS):
        Idea.objects.create(key=uuid.uuid4(), activity=activity, round=round, text=text, is_shown=True, order=order)
    for position, title in enumerate(("Suppliers", "Who decides")):
        IdeaCluster.objects.create(activity=activity, title=title, position=position)
    return activity


def log_in(context: Any, user: User, url: str) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies([{"name": key, "value": one.value, "url": url} for key, one in client.cookies.items()])


def open_board(page: Page, web: WebProcess, user: User, activity: Activity) -> list[str]:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    log_in(page.context, user, web.url)
    page.set_viewport_size({"width": 1440, "height": 900})
    workshop = activity.workshop
    args = [workshop.organization.slug, workshop.pk, activity.pk]
    page.goto(web.url + reverse("assessments:ideas-board", args=args))
    return problems


def column(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name)


def test_a_card_is_dragged_into_a_cluster(
    page: Page, web_process: WebProcess, activity: Activity, facilitator: User
) -> None:
    problems = open_board(page, web_process, facilitator, activity)
    handle = page.get_by_role("button", name="Move “One supplier only”")
    start, end = handle.bounding_box(), column(page, "Suppliers").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=6)
    expect(page.locator(".ghost")).to_have_text("One supplier only")
    page.mouse.up()
    expect(column(page, "Suppliers")).to_contain_text("One supplier only")
    expect(page.get_by_role("status")).to_have_text("1 idea is moved.")
    assert Idea.objects.get(text=TEXTS[0]).cluster == IdeaCluster.objects.get(title="Suppliers")
    assert page.locator(".ghost").count() == 0
    assert problems == []


def test_a_press_without_a_drag_moves_nothing_and_escape_lets_go(
    page: Page, web_process: WebProcess, activity: Activity, facilitator: User
) -> None:
    open_board(page, web_process, facilitator, activity)
    page.get_by_role("button", name="Move “One supplier only”").click()
    page.mouse.down()
    end = column(page, "Suppliers").bounding_box()
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.locator(".ghost").count() == 0
    assert not Idea.objects.exclude(cluster=None).exists()


def test_everything_by_keyboard(page: Page, web_process: WebProcess, activity: Activity, facilitator: User) -> None:
    problems = open_board(page, web_process, facilitator, activity)
    page.get_by_role("button", name="Move “Too many forms”").focus()
    page.keyboard.press("ArrowRight")
    expect(column(page, "Suppliers")).to_contain_text("Too many forms")
    expect(page.get_by_role("button", name="Move “Too many forms”")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(column(page, "Who decides")).to_contain_text("Too many forms")
    page.get_by_role("checkbox", name=TEXTS[0]).focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name=TEXTS[3]).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("2 ticked")).to_be_visible()
    page.get_by_role("button", name="Merge into one").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("They stand together under “One supplier only”.")).to_be_visible()
    page.get_by_role("button", name="Let “Only one supplier” stand by itself").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name=TEXTS[3])).to_be_visible()
    page.get_by_label("Name of a new cluster").fill("Buying")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Buying")).to_be_visible()
    expect(page.get_by_label("Name of a new cluster")).to_have_value("")
    page.get_by_role("button", name="Move “Buying” one place earlier").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h2").nth(2)).to_contain_text("Buying")
    assert problems == []


def test_two_people_sort_at_once_and_lose_nothing(
    page: Page,
    browser: Browser,
    web_process: WebProcess,
    activity: Activity,
    facilitator: User,
    admin: User,
) -> None:
    context = browser.new_context()
    context.set_default_timeout(30_000)
    other = context.new_page()
    open_board(page, web_process, facilitator, activity)
    open_board(other, web_process, admin, activity)
    other.get_by_label("Name of a new cluster").fill("Half typed")
    other.get_by_role("checkbox", name=TEXTS[1]).check()
    page.get_by_text("Rename or take apart").first.click()
    page.get_by_label("Name", exact=True).first.fill("Supply")
    page.get_by_role("button", name="Rename", exact=True).first.click()
    expect(other.get_by_role("heading", name="Supply")).to_be_visible()
    expect(other.get_by_label("Name of a new cluster")).to_have_value("Half typed")
    expect(other.get_by_role("checkbox", name=TEXTS[1])).to_be_checked()
    other.get_by_role("button", name="Park", exact=True).click()
    expect(column(page, "Parked")).to_contain_text(TEXTS[1])
    context.close()


def test_what_is_sorted_meanwhile_waits_until_a_card_is_let_go(
    page: Page, web_process: WebProcess, activity: Activity, facilitator: User, admin: User
) -> None:
    open_board(page, web_process, facilitator, activity)
    start = page.get_by_role("button", name="Move “One supplier only”").bounding_box()
    assert start
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, start["y"] + 60, steps=3)
    with page.expect_response(lambda answer: "part=live" in answer.url and answer.status == 200):
        idea_clusters.add_cluster(activity=activity, title="Buying", by=admin)
    end = column(page, "Who decides").bounding_box()
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=4)
    page.mouse.up()
    expect(column(page, "Who decides")).to_contain_text(TEXTS[0])
    expect(page.get_by_role("heading", name="Buying")).to_be_visible()


def test_a_board_asked_for_before_an_act_is_not_shown_over_its_answer(
    page: Page, web_process: WebProcess, activity: Activity, facilitator: User, admin: User
) -> None:
    open_board(page, web_process, facilitator, activity)
    late = LateAnswers(page, "**part=live")
    idea_clusters.add_cluster(activity=activity, title="Buying", by=admin)
    late.come()
    page.get_by_role("button", name="Move “Too many forms”").press("ArrowRight")
    expect(column(page, "Suppliers")).to_contain_text("Too many forms")
    page.evaluate("""() => {
      const board = document.getElementById("ideas-board");
      window.shown = [];
      const look = () => shown.push(board.querySelector("[data-column=none]").innerText);
      new MutationObserver(look).observe(board, { childList: true });
    }""")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "part=live" in request.url else None)
    late.let_go()
    assert wait_until(lambda: page.wait_for_timeout(50) is None and bool(asked), seconds=30)
    assert [words for words in page.evaluate("shown") if "Too many forms" in words] == []
    expect(page.get_by_role("heading", name="Buying")).to_be_visible()


def test_what_is_typed_and_ticked_while_an_act_is_on_its_way_stays(
    page: Page, web_process: WebProcess, activity: Activity, facilitator: User, admin: User
) -> None:
    open_board(page, web_process, facilitator, activity)
    late = LateAnswers(page, page.url, "POST")
    page.get_by_role("button", name="Move “Too many forms”").press("ArrowRight")
    late.come()
    page.get_by_role("checkbox", name=TEXTS[0]).check()
    page.get_by_label("Name of a new cluster").fill("Buyng")
    for key in ("End", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    late.let_go()
    expect(page.get_by_role("status")).to_have_text("1 idea is moved.")
    idea_clusters.park_ideas(activity=activity, ideas=[Idea.objects.get(text=TEXTS[1]).key], by=admin)
    expect(column(page, "Parked")).to_contain_text(TEXTS[1])
    page.keyboard.type("i")
    expect(page.get_by_label("Name of a new cluster")).to_have_value("Buying")
    expect(page.get_by_role("checkbox", name=TEXTS[0])).to_be_checked()
    page.keyboard.press("Enter")
    expect(column(page, "Buying")).to_contain_text(TEXTS[0])
    expect(page.get_by_label("Name of a new cluster")).to_have_value("")
    expect(page.get_by_role("checkbox", name=TEXTS[0])).not_to_be_checked()


def test_without_a_script_it_works_by_forms(
    browser: Browser, web_process: WebProcess, activity: Activity, facilitator: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_board(page, web_process, facilitator, activity)
    page.get_by_role("checkbox", name=TEXTS[0]).check()
    page.get_by_label("Where the ticked ideas belong").select_option(label="Suppliers")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(column(page, "Suppliers")).to_contain_text(TEXTS[0])
    assert page.locator("[data-handle]:visible").count() == 0
    context.close()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False), (390, True)])
def test_it_fits_and_every_target_is_large_enough(
    page: Page, web_process: WebProcess, activity: Activity, facilitator: User, width: int, dark: bool
) -> None:
    made = IdeaCluster.objects.get(title="Suppliers")
    Idea.objects.filter(text__contains="supplier").update(cluster=made)
    host = Idea.objects.get(text=TEXTS[0])
    Idea.objects.filter(text=TEXTS[3]).update(merged_into=host)
    Idea.objects.filter(text=TEXTS[1]).update(is_parked=True)
    open_board(page, web_process, facilitator, activity)
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/board-{width}{'-dark' if dark else ''}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('#ideas-board .handle, #ideas-board .idea-tick, #ideas-board .icon-button')]"
        ".filter((one) => one.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
