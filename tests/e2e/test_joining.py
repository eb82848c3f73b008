"""Joining with a real phone: by code, by link, twice, without script, and once more after everything was closed."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from assessments.enums import WorkshopState
from assessments.join_codes import new_code
from assessments.live import bus
from assessments.models import Seat, Workshop
from assessments.services import join_limits
from assessments.services.seats import remove_seat
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_workshop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
AT_SEAT = re.compile(r"/w/s[A-Za-z0-9_-]{36}/$")


@pytest.fixture(autouse=True)
def no_wrong_guesses(running_servers: object) -> None:
    for key in bus.connection().keys(f"{join_limits.EVERYBODY_KEY}*"):
        bus.connection().delete(key)


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    return make_workshop(
        ecosystem, state=WorkshopState.LOBBY, code=new_code(), created_by=facilitator, purpose="What to do next."
    )


def doors(live_server: Any, workshop: Workshop) -> str:
    return f"{live_server.url}{reverse('assessments:join-link', args=[workshop.key])}"


def fits(page: "Page") -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_code_that_was_heard_leads_to_a_seat(device, live_server, workshop):
    page = device().new_page()
    page.goto(f"{live_server.url}/j")
    field = page.get_by_label("Code on the screen")
    field.fill("hello")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary:focus")
    assert field.input_value() == "hello"
    assert field.get_attribute("aria-invalid") == "true"
    field.fill(workshop.code.lower().replace("-", " "))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", level=1, name="Autumn workshop").wait_for()
    page.wait_for_load_state()
    assert fits(page)
    assert page.get_by_role("button", name="Join").bounding_box()["height"] >= 44
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(AT_SEAT)
    assert Seat.objects.get().workshop == workshop


def test_a_phone_that_was_closed_comes_back_to_its_seat(device, live_server, workshop):
    context = device()
    page = context.new_page()
    page.goto(doors(live_server, workshop))
    page.get_by_role("button", name="Join").dblclick()
    page.wait_for_url(AT_SEAT)
    seat = page.url
    page.close()
    again = context.new_page()
    again.goto(doors(live_server, workshop))
    assert again.url == seat
    again.goto(f"{live_server.url}/j/{workshop.code}/")
    assert again.url == seat
    assert Seat.objects.count() == 1
    assert {cookie["name"]: cookie["httpOnly"] for cookie in context.cookies(f"{live_server.url}/j/")} == {
        "metasystem_device": True,
        "metasystem_csrf": False,
    }


def test_another_phone_goes_on_by_the_link_of_the_seat(device, live_server, workshop):
    first = device().new_page()
    first.goto(doors(live_server, workshop))
    first.get_by_role("button", name="Join").click()
    first.wait_for_url(AT_SEAT)
    first.get_by_role("link", name="Move to another phone").click()
    first.get_by_role("img", name="QR code that moves this seat to another phone").wait_for()
    first.wait_for_load_state()
    assert fits(first)
    link = first.locator(".link-text").inner_text()
    second = device().new_page()
    assert second.goto(f"{live_server.url}{urlsplit(link).path}").status == 200
    assert AT_SEAT.search(second.url)
    assert Seat.objects.count() == 1


def test_name_and_group_are_asked_by_keyboard_and_kept_when_something_is_missing(device, live_server, workshop):
    Workshop.objects.update(anonymity="named", asks_group=True)
    page = device().new_page()
    page.goto(doors(live_server, workshop))
    page.get_by_label("Your name").focus()
    page.keyboard.type("<b>Ana</b> Kovač")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary:focus:has-text('Choose the group you belong to.')")
    assert page.get_by_label("Your name").input_value() == "<b>Ana</b> Kovač"
    page.get_by_label("Customers").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(AT_SEAT)
    assert Seat.objects.values_list("name", "group").get() == ("<b>Ana</b> Kovač", "employees")
    assert page.locator("b b").count() == 0
    assert "<b>Ana</b> Kovač" in page.inner_text("body")


def test_joining_needs_no_script(device, live_server, workshop):
    page = device(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/j/")
    page.get_by_label("Code on the screen").fill(workshop.code)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(AT_SEAT)


def test_a_phone_that_was_taken_out_is_told_so(device, live_server, workshop, facilitator):
    page = device().new_page()
    page.goto(doors(live_server, workshop))
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(AT_SEAT)
    remove_seat(seat=Seat.objects.get(), by=facilitator)
    page.goto(doors(live_server, workshop))
    assert page.get_by_role("heading", level=1).inner_text() == "You were taken out of the room"


@pytest.mark.parametrize("before", [{"state": WorkshopState.DRAFT}, {"is_locked": True}])
def test_who_waits_at_closed_doors_is_let_in_when_they_open(device, live_server, workshop, before):
    Workshop.objects.update(**before)
    page = device().new_page()
    page.clock.install()
    page.goto(doors(live_server, workshop))
    page.get_by_text("This page goes on by itself once they are open.").wait_for()
    with page.expect_response(lambda answer: answer.request.method == "HEAD") as looked:
        page.clock.run_for(20_000)
    assert looked.value.status == 403
    Workshop.objects.update(state=WorkshopState.LOBBY, is_locked=False)
    page.clock.run_for(20_000)
    page.get_by_role("button", name="Join").wait_for()


def test_doors_locked_in_the_moment_of_pressing_open_without_joining_twice(device, live_server, workshop):
    page = device().new_page()
    page.goto(doors(live_server, workshop))
    Workshop.objects.update(is_locked=True)
    page.clock.install()
    page.get_by_role("button", name="Join").click()
    page.get_by_role("heading", name="The doors are closed").wait_for()
    page.get_by_text("This page goes on by itself once they are open.").wait_for()  # from now on it looks
    Workshop.objects.update(is_locked=False)
    page.clock.run_for(20_000)
    page.get_by_role("button", name="Join").wait_for()
    assert not Seat.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_loads_without_complaint(device, live_server, workshop, scheme):
    page = device(color_scheme=scheme).new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if "Content Security Policy" in told.text else None)
    Workshop.objects.update(anonymity="named", asks_group=True, preview=True, title="Ä" * 120)
    for path in ("/j/", f"/j/k/{workshop.key}/", "/j/k/none/", "/j/x/"):
        page.goto(f"{live_server.url}{path}")
        assert fits(page), path
        assert page.locator("h1").count() == 1
    Workshop.objects.update(is_locked=True)
    page.goto(doors(live_server, workshop))
    assert fits(page)
    assert complaints == []
