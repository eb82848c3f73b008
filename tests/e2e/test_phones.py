"""The phone of somebody in the room, in a real browser with real streams: nothing is lost, and every screen follows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.live import bus
from assessments.models import Breakout, Commitment, Idea, MinutesRequest, Reason, Round, Seat, Vote, Workshop
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.assessments.views.test_phones import MANY, PLANS, address
from tests.factories.room_results import make_next_round, reveal_votes
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote
from tests.servers import WebProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SAVED = "[data-save][data-state=saved]:visible"
WAITING = "[data-save][data-state=waiting]:visible"


class Room:
    """A workshop with a step, as a facilitator moves it; every act grows its version and wakes the streams."""

    def __init__(self, ecosystem: Ecosystem, kind: ActivityKind = ActivityKind.RATE, **changes: Any) -> None:
        self.workshop = make_workshop(ecosystem, **changes.pop("workshop", {}))
        self.activity = make_activity(self.workshop, kind=kind, **{"plan": PLANS[kind], "title": "The step", **changes})
        self.round = make_round(self.activity)
        self.seats = make_seats(self.workshop, 6)

    @property
    def seat(self) -> Seat:
        return self.seats[0]

    def act(self) -> None:
        Workshop.objects.filter(pk=self.workshop.pk).update(version=F("version") + 1)
        bus.wake(f"room:{self.workshop.pk}")

    def set(self, state: RoundState, **changes: Any) -> None:
        Round.objects.filter(pk=self.round.pk).update(state=state, **changes)
        self.act()

    def reveal(self) -> None:
        reveal_votes(self.round)
        self.act()

    def again(self) -> Round:
        self.round = make_next_round(self.activity)
        self.act()
        return self.round


@pytest.fixture
def room(ecosystem: Ecosystem) -> Room:
    return Room(ecosystem)


@pytest.fixture
def device(browser: Any) -> "Iterator[Callable[..., BrowserContext]]":
    """A new browser with nothing stored, on a phone's screen."""
    made: list[Any] = []

    def new(**options: Any) -> "BrowserContext":
        made.append(browser.new_context(viewport={"width": 390, "height": 844}, **options))
        made[-1].set_default_timeout(15_000)
        return made[-1]

    yield new
    for context in made:
        context.close()
    # the web process may be in the middle of reading for a phone: its tables are emptied only after that
    assert wait_until(lambda: not any(_others_at_work() for _ in range(3)), seconds=20)


def _others_at_work() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle'"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def open_phone(web_process: WebProcess, device: "Callable[..., BrowserContext]") -> "Callable[..., Page]":
    """The page of a seat, connected; errors of its script fail the test."""

    def go(seat: Seat, context: "BrowserContext | None" = None) -> "Page":
        page = (context or device()).new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
        page.goto(web_process.url + address(seat))
        page.wait_for_selector("[data-line][data-state=saved]")
        return page

    return go


def phase(page: "Page", name: str) -> None:
    page.wait_for_selector(f"[data-phase={name}]")


def press(page: "Page", name: str) -> None:
    page.locator("button:visible", has_text=name).first.click()


def choose(page: "Page", value: object, item: str = "ready", part: str = "value") -> None:
    page.locator(f"input[name='{part}-{item}'][value='{value}'] + span").click()


def voted(round: Round, seat: Seat, **values: int) -> bool:
    def told() -> dict[str, int]:
        return dict(Vote.objects.filter(round=round, seat=seat).values_list("item", "value"))

    return wait_until(lambda: told() == values, seconds=15)


def test_a_vote_is_sent_changed_revealed_and_asked_again(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    choose(page, 6)
    page.fill("#reason", "One supplier brings half of it")
    press(page, "Send my vote")
    page.wait_for_selector(SAVED)
    assert voted(room.round, room.seat, ready=6)
    assert Reason.objects.get(round=room.round, seat=room.seat).text == "One supplier brings half of it"
    assert page.inner_text("[data-own] [data-value]") == "6"
    page.click("[data-change]")
    assert page.is_checked("input[name=value-ready][value='6']")
    assert page.input_value("#reason") == "One supplier brings half of it"
    choose(page, 7)
    press(page, "Send my vote")
    assert voted(room.round, room.seat, ready=7)

    vote(room.round, room.seats[1:], [3, 5, 6, 6, 9])
    room.act()
    page.wait_for_selector("b[data-of]:has-text('6 of 6')")
    room.reveal()
    phase(page, "revealed")
    assert "The median is 6" in page.inner_text("[data-part=results]")
    assert page.inner_text("[data-own-was] [data-value]") == "7"
    assert page.inner_text("[data-status]") == "The facilitator revealed the results."

    room.again()
    phase(page, "open")
    assert page.inner_text("[data-heading]") == "You have heard the reasons. Vote again?"
    assert page.inner_text("[data-stands-value]") == "7"
    press(page, "Keep my 7")
    assert voted(room.round, room.seat, ready=7)


def test_offline_votes_wait_on_the_phone_survive_a_reload_and_go_out_by_themselves(
    room: Room, open_phone: Any, device: Any
) -> None:
    context = device()
    page = open_phone(room.seat, context)
    context.set_offline(True)
    choose(page, 8)
    press(page, "Send my vote")
    page.wait_for_selector(WAITING)
    assert "Waiting for the network" in page.inner_text("[data-save]")
    page.wait_for_selector("[data-line][data-state=lost]")
    assert page.inner_text("[data-line]").strip() == "Reconnecting"
    page.wait_for_timeout(1500)
    assert not Vote.objects.filter(round=room.round).exists()
    context.set_offline(False)
    assert voted(room.round, room.seat, ready=8)
    page.wait_for_selector(SAVED)
    page.wait_for_selector("[data-line][data-state=saved]")
    assert Vote.objects.filter(round=room.round).count() == 1


def test_a_vote_that_waited_goes_out_when_the_page_is_opened_again(
    room: Room, open_phone: Any, device: Any, web_process: WebProcess
) -> None:
    context = device()
    page = open_phone(room.seat, context)
    context.route("**/votes/", lambda route: route.abort())
    choose(page, 4)
    press(page, "Send my vote")
    page.wait_for_selector(WAITING)
    page.close()
    context.unroute("**/votes/")
    again = open_phone(room.seat, context)
    assert again.inner_text("[data-own] [data-value]") == "4"
    assert voted(room.round, room.seat, ready=4)


def test_a_reload_in_the_middle_of_typing_loses_nothing(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    choose(page, 3)
    page.locator("#reason").press_sequentially("We have only one")
    page.reload()
    page.wait_for_selector("[data-line][data-state=saved]")
    assert page.is_checked("input[name=value-ready][value='3']")
    assert page.input_value("#reason") == "We have only one"


def test_news_of_the_room_leave_what_is_typed_and_where_the_cursor_is(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    page.locator("#reason").press_sequentially("We have")
    room.workshop.step.prompt = "Think of last winter."  # type: ignore[union-attr]
    room.workshop.step.save()  # type: ignore[union-attr]
    room.act()
    page.wait_for_selector("text=Think of last winter.")
    page.keyboard.type(" only one")
    assert page.input_value("#reason") == "We have only one"
    # even where the questions themselves were changed
    room.activity.settings = {**room.activity.settings, "low_label": "not in the least"}
    room.activity.save()
    room.act()
    page.wait_for_selector("text=not in the least")
    assert page.input_value("#reason") == "We have only one"
    assert page.evaluate("document.activeElement.id") == "reason"


def test_a_vote_in_the_second_the_round_closes_is_told_the_truth(room: Room, open_phone: Any, device: Any) -> None:
    context = device()
    page = open_phone(room.seat, context)
    context.set_offline(True)
    choose(page, 9)
    press(page, "Send my vote")
    page.wait_for_selector(WAITING)
    room.set(RoundState.CLOSED)
    context.set_offline(False)
    page.wait_for_selector("[data-lost-votes]:visible")
    told = page.inner_text("[data-lost-list]")
    assert "how ready would we be?: 9" in told
    assert "The round closed before this arrived, so it was not counted." in told
    assert page.locator("[data-own]:visible").count() == 0
    assert not Vote.objects.exists()
    # opened again before the reveal, the round takes it
    room.set(RoundState.OPEN)
    assert voted(room.round, room.seat, ready=9)
    page.wait_for_selector(SAVED)
    assert page.locator("[data-lost-votes]:visible").count() == 0


def test_what_was_typed_but_not_sent_is_still_there_when_it_closes(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    page.locator("#reason").press_sequentially("Nearly done")
    room.set(RoundState.CLOSED)
    page.wait_for_selector("[data-lost-votes]:visible")
    assert page.inner_text("[data-lost-list]") == "Nearly done – It closed before you sent this."


def test_the_timer_runs_on_the_servers_clock_and_closes_without_anybody_acting(
    room: Room, open_phone: Any, device: Any
) -> None:
    context = device()
    context.add_init_script("const real = Date.now; Date.now = () => real() + 3600e3;")  # a phone an hour fast
    page = open_phone(room.seat, context)
    room.set(RoundState.OPEN, closes_at=timezone.now() + timedelta(seconds=8))
    page.wait_for_selector("[data-timer]:visible")
    assert page.inner_text("[data-left]") in {"0:08", "0:07", "0:06", "0:05"}
    phase(page, "closed")
    assert page.locator("form[data-form=votes]").count() == 0


def test_two_phones_of_one_room_follow_and_only_steps_move_the_focus(room: Room, open_phone: Any) -> None:
    one, other = open_phone(room.seats[0]), open_phone(room.seats[1])
    choose(one, 2)
    press(one, "Send my vote")
    other.wait_for_selector("b[data-of]:has-text('1 of 6')")
    assert other.inner_text("[data-status]") == ""  # counts are shown, not read out
    assert other.evaluate("document.activeElement.tagName") == "BODY"
    talk = make_activity(room.workshop, kind=ActivityKind.TALK, title="Listen to the growers")
    room.act()
    for page in (one, other):
        page.wait_for_selector("text=Listen to the growers")
        assert page.evaluate("document.activeElement.textContent") == talk.title
        assert page.inner_text("[data-status]") == "The facilitator went on to a new step."


def test_two_tabs_of_one_seat_end_with_the_later_vote(room: Room, open_phone: Any, device: Any) -> None:
    context = device()
    one, other = open_phone(room.seat, context), open_phone(room.seat, context)
    choose(one, 2)
    press(one, "Send my vote")
    assert voted(room.round, room.seat, ready=2)
    other.wait_for_selector("[data-own]:visible")
    assert other.inner_text("[data-own] [data-value]") == "2"
    other.click("[data-change]")
    choose(other, 10)
    press(other, "Send my vote")
    assert voted(room.round, room.seat, ready=10)
    one.wait_for_selector("[data-own] [data-value]:has-text('10')")


def test_a_removed_phone_sends_nothing_and_goes_on_when_let_in_again(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    Seat.objects.filter(pk=room.seat.pk).update(is_removed=True)
    room.act()
    page.wait_for_selector("[data-removed]:visible")
    assert page.locator("[data-room]:visible").count() == 0
    Seat.objects.filter(pk=room.seat.pk).update(is_removed=False)
    room.act()
    page.wait_for_selector("[data-room]:visible")
    choose(page, 5)
    press(page, "Send my vote")
    assert voted(room.round, room.seat, ready=5)


def test_a_phone_hears_its_breakout_group(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    harbour = Breakout.objects.create(workshop=room.workshop, label="Harbour")
    Seat.objects.filter(pk=room.seat.pk).update(breakout=harbour)
    room.act()
    page.wait_for_selector("[data-group]:visible")
    assert page.inner_text("[data-group-name]") == "Harbour"


def test_from_the_lobby_to_the_end(ecosystem: Ecosystem, open_phone: Any) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.LOBBY)
    activity = make_activity(workshop, kind=ActivityKind.TALK, title="Welcome")
    [seat] = make_seats(workshop)
    page = open_phone(seat)
    assert page.inner_text("[data-here-words]") == "1 in the room"

    def set_state(**changes: Any) -> None:
        Workshop.objects.filter(pk=workshop.pk).update(version=F("version") + 1, **changes)
        bus.wake(f"room:{workshop.pk}")

    set_state(state=WorkshopState.LIVE)
    page.wait_for_selector(f"h1:has-text('{activity.title}')")
    set_state(state=WorkshopState.ENDED, ended_at=timezone.now())
    phase(page, "ended")
    page.click("summary:has-text('Get the minutes')")
    page.fill("input[name=email]", "mira@example.org")
    press(page, "Send me the minutes")
    page.wait_for_selector("text=The minutes will be sent to you")
    assert MinutesRequest.objects.get().email == "mira@example.org"


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
    assert wait_until(lambda: Idea.objects.count() == 3, seconds=10)
    assert page.locator("form[data-form=ideas]:visible").count() == 0
    tab_to(page, "[data-edit]")
    page.keyboard.press("Enter")
    assert page.input_value("#idea") == "Share a cold store"
    page.keyboard.press("End")
    page.keyboard.type(" at the harbour")
    tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    assert wait_until(lambda: Idea.objects.filter(text="Share a cold store at the harbour").exists(), seconds=10)
    tab_to(page, "[data-withdraw]")
    page.keyboard.press("Enter")
    assert wait_until(lambda: Idea.objects.exclude(text="").count() == 2, seconds=10)
    assert page.locator("form[data-form=ideas]:visible").count() == 1


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
    assert wait_until(lambda: Commitment.objects.exists(), seconds=10)
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
    assert wait_until(lambda: not Idea.objects.exclude(text="").exists(), seconds=10)
