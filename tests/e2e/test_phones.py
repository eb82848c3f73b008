"""The phone of somebody in the room, in a real browser with real streams: nothing is lost, and every screen follows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.live import bus
from assessments.models import Breakout, MinutesRequest, Reason, Seat, Vote, Workshop
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.factories.workshops import make_activity, make_seats, make_workshop, vote
from tests.fixtures.late_answers import LateAnswers
from tests.fixtures.phones import SAVED, WAITING, Room, choose, phase, press, voted
from tests.servers import WebProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
    room.set(RoundState.OPEN, closes_at=timezone.now() + timedelta(seconds=300))
    expect(page.locator("[data-left]:visible")).to_have_text(re.compile("^4:[0-5][0-9]$"))
    room.set(RoundState.OPEN, closes_at=timezone.now() + timedelta(seconds=2))
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


def own_votes_asked_for(page: Page, room: Room) -> LateAnswers:
    """The phone asks for its votes because the room took its step up again; the answer is held back."""
    make_activity(room.workshop, kind=ActivityKind.TALK, title="Listen to the growers")
    room.act()
    page.wait_for_selector("text=Listen to the growers")
    late = LateAnswers(page, "**/own/")
    Workshop.objects.filter(pk=room.workshop.pk).update(step=room.activity)  # taken up again
    room.act()
    late.come()
    return late


def assert_kept(page: Page, room: Room, late: LateAnswers) -> None:
    """The vote that was given meanwhile stands there when the answer has come after all."""
    page.wait_for_selector(SAVED)
    with page.expect_response("**/own/"):
        late.let_go()
    page.wait_for_timeout(300)  # what the page makes of it
    assert page.inner_text("[data-own]:visible [data-value]") == "6"
    assert voted(room.round, room.seat, ready=6)


def test_own_votes_asked_for_before_a_vote_do_not_take_it_back(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    late = own_votes_asked_for(page, room)
    choose(page, 6)
    press(page, "Send my vote")
    assert_kept(page, room, late)


def test_own_votes_asked_for_while_a_vote_is_on_its_way_do_not_take_it_back(room: Room, open_phone: Any) -> None:
    page = open_phone(room.seat)
    held: list[Any] = []
    page.route("**/votes/", lambda route: held.append(route))
    choose(page, 6)
    press(page, "Send my vote")
    assert wait_until(lambda: page.wait_for_timeout(50) is None and bool(held), seconds=30)
    late = own_votes_asked_for(page, room)
    page.unroute("**/votes/")
    held[0].abort()  # the phone sends it again
    assert_kept(page, room, late)


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
    expect(page.locator("[data-here-words]")).to_have_text("1 in the room")

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
