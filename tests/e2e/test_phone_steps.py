"""Every kind of step on a phone with the keyboard alone, and without the script; what is refused is said in words."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.enums import ActivityKind
from assessments.models import Commitment, Idea, Vote
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.assessments.views.phone_pages import MANY, PLANS, address
from tests.factories.workshops import make_activity, make_round
from tests.fixtures.phones import SAVED, Room, choose, press, voted
from tests.servers import WebProcess

if TYPE_CHECKING:
    from playwright.sync_api import Page


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def tab_to(page: "Page", selector: str, most: int = 60) -> None:
    """Reach an element with the Tab key alone."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_rating_several_items_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, plan=MANY)
    page = open_phone(room.seat)
    tab_to(page, "[name=value-ready]")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    tab_to(page, "[name=confidence-ready]")
    page.keyboard.press("Space")
    tab_to(page, "[name=value-fast]")
    page.keyboard.press("ArrowLeft")  # before the first comes the last: cannot say
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert voted(room.round, room.seat, ready=4, fast=-32768)
    assert Vote.objects.get(item="ready").confidence == 1
    assert page.evaluate("document.activeElement.matches('[data-change]')")


def test_dots_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.DOTS)
    page = open_phone(room.seat)
    tab_to(page, "[data-question=cold] [data-more]")
    for _ in range(4):  # three at most
        page.keyboard.press("Enter")
    assert page.inner_text("[data-status]") == "2 dots left"
    tab_to(page, "[data-question=swap] input")
    page.keyboard.press("ArrowUp")
    assert page.inner_text("b[data-dots-left]") == "1"
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert voted(room.round, room.seat, cold=3, swap=1, call=0)


def test_too_many_dots_are_refused_in_words_and_nothing_is_lost(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.DOTS)
    page = open_phone(room.seat)
    for item in ("cold", "swap"):
        page.fill(f"[data-question={item}] input", "3")
    press(page, "Send my vote")
    page.wait_for_selector("[data-problem]:visible")
    assert page.inner_text("[data-problem]") == "You have 5 dots. Take some away, then send again."
    assert page.input_value("[data-question=swap] input") == "3"
    page.click("[data-question=swap] [data-less]")
    press(page, "Send my vote")
    assert voted(room.round, room.seat, cold=3, swap=2, call=0)


def test_ranking_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.RANKING)
    page = open_phone(room.seat)
    tab_to(page, "[data-question=call] [data-up]")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.inner_text("[data-status]") == "Call each morning: place 1 of 3"
    assert page.evaluate("document.activeElement.matches('[data-question=call] [data-up]')")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert voted(room.round, room.seat, call=1, cold=2, swap=3)
    assert page.locator("[data-own-row]").all_inner_texts()[0].split("\n")[0].strip().startswith("Call each morning")


def test_ranking_by_number(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.RANKING)
    page = open_phone(room.seat)
    page.select_option("[name=value-cold]", "3")
    press(page, "Send my vote")
    assert voted(room.round, room.seat, swap=1, call=2, cold=3)


def test_a_link_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.LINKS)
    page = open_phone(room.seat)
    tab_to(page, "[name=sign-trust-time]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-problem]:visible")
    assert page.inner_text("[data-problem]") == "Say how strongly, for each link that has an effect."
    assert page.evaluate("document.activeElement.name") == "strength-trust-time"
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    tab_to(page, "[name=delay-trust-time]")
    page.keyboard.press("Space")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert voted(room.round, room.seat, **{"trust-time": -3})
    assert Vote.objects.get().delay == 0
    assert page.inner_text("[data-own] [data-value]") == "lowers it strongly, at once"


def test_a_guess_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.BET)
    page = open_phone(room.seat)
    tab_to(page, "[name=value-index]")
    page.keyboard.type("101")
    page.keyboard.press("Enter")
    assert page.inner_text("[data-problem]") == "Type a whole number within the range."
    page.fill("[name=value-index]", "61")
    tab_to(page, "[data-range]")
    page.keyboard.press("ArrowRight")
    assert page.input_value("[name=value-index]") == "62"
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert voted(room.round, room.seat, index=62)


def test_ideas_are_written_edited_and_withdrawn_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.IDEAS)
    page = open_phone(room.seat)
    for text in ("Share a cold store", "Swap drivers", "Call each morning"):
        tab_to(page, "#idea")
        page.keyboard.type(text)
        tab_to(page, "[data-send]")
        page.keyboard.press("Enter")
    assert wait_until(lambda: Idea.objects.count() == 3, seconds=30)
    assert page.locator("form[data-form=ideas]:visible").count() == 0
    tab_to(page, "[data-edit]")
    page.keyboard.press("Enter")
    assert page.input_value("#idea") == "Share a cold store"
    page.keyboard.press("End")
    page.keyboard.type(" at the harbour")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert wait_until(lambda: Idea.objects.filter(text="Share a cold store at the harbour").exists(), seconds=30)
    tab_to(page, "[data-withdraw]")
    page.keyboard.press("Enter")
    assert wait_until(lambda: Idea.objects.exclude(text="").count() == 2, seconds=30)
    assert page.locator("form[data-form=ideas]:visible").count() == 1


def test_a_button_can_be_pressed_while_news_come(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.IDEAS)
    page = open_phone(room.seat)
    page.fill("#idea", "Share a cold store")
    press(page, "Send")
    page.wait_for_selector(SAVED)
    page.locator("[data-edit]").hover()
    page.mouse.down()
    page.evaluate("""() => {
      const { mark } = document.getElementById("phone").dataset;
      window.dispatchEvent(new StorageEvent("storage", { key: `room:${mark}:another tab` }));
    }""")
    page.mouse.up()
    expect(page.locator("#idea")).to_have_value("Share a cold store")


def test_a_change_of_an_idea_outlives_a_reload_and_what_the_facilitator_does(
    ecosystem: Ecosystem, open_phone: Any
) -> None:
    room = Room(ecosystem, ActivityKind.IDEAS)
    page = open_phone(room.seat)
    page.fill("#idea", "Share a cold store")
    press(page, "Send")
    page.wait_for_selector(SAVED)
    page.click("[data-edit]")
    page.keyboard.press("End")
    page.keyboard.type(" at the harbour")
    page.reload()
    page.wait_for_selector("[data-line][data-state=saved]")
    expect(page.locator("#idea")).to_have_value("Share a cold store at the harbour")
    page.locator("#idea").focus()
    page.keyboard.press("End")
    page.keyboard.type(" wall")
    room.activity.settings = {**room.activity.settings, "per_person": 5}
    room.activity.save()
    room.act()
    page.wait_for_selector("[data-left-words]:has-text('4')")
    press(page, "Send")
    assert wait_until(
        lambda: [one.text for one in Idea.objects.all()] == ["Share a cold store at the harbour wall"], seconds=30
    )


def test_an_idea_that_is_too_long_is_refused_in_words(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.IDEAS)
    page = open_phone(room.seat)
    page.evaluate("document.getElementById('idea').removeAttribute('maxlength')")
    page.fill("#idea", "a" * 5000)
    press(page, "Send")
    page.wait_for_selector("[data-text-problem]:visible")
    assert page.inner_text("[data-text-problem]") == "This text has 5000 characters. Shorten it to 500 or fewer."
    assert page.inner_text("[data-text-shown]") == "a" * 5000


def test_a_commitment_with_the_keyboard_alone(ecosystem: Ecosystem, open_phone: Any) -> None:
    room = Room(ecosystem, ActivityKind.COMMIT)
    page = open_phone(room.seat)
    tab_to(page, "#commit-text")
    page.keyboard.type("Call the second supplier")
    tab_to(page, "#commit-owner")
    page.keyboard.type("Mira")
    tab_to(page, "#commit-due")
    due = timezone.localdate() + timedelta(days=90)
    page.keyboard.type(f"{due:%m%d%Y}")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert wait_until(lambda: Commitment.objects.exists(), seconds=30)
    told = Commitment.objects.get()
    assert (told.text, told.owner_name, told.due_on) == ("Call the second supplier", "Mira", due)
    assert f"Mira · {due.day} {due:%B %Y}" in page.inner_text("[data-text-more]")


def test_everything_works_without_the_script(ecosystem: Ecosystem, device: Any, web_process: WebProcess) -> None:
    room = Room(ecosystem)
    page = device(java_script_enabled=False).new_page()
    page.goto(web_process.url + address(room.seat))
    choose(page, 6)
    page.fill("#reason", "One supplier")
    press(page, "Send my vote")
    assert page.inner_text("[data-own] [data-value]") == "6"
    assert voted(room.round, room.seat, ready=6)
    page.click("[data-change]")
    press(page, "I can’t say")
    assert voted(room.round, room.seat, ready=-32768)
    ideas = make_activity(room.workshop, kind=ActivityKind.IDEAS, plan=PLANS[ActivityKind.IDEAS])
    make_round(ideas)
    page.goto(web_process.url + address(room.seat))
    page.fill("#idea", "Share a cold store")
    press(page, "Send")
    page.wait_for_selector("[data-text-shown]")
    assert Idea.objects.get().text == "Share a cold store"
    press(page, "Withdraw")
    assert wait_until(lambda: not Idea.objects.exclude(text="").exists(), seconds=30)
