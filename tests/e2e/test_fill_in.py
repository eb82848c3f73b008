"""Filling in with a real browser: offline and back, closed tabs, two tabs, two devices, keyboard alone, no script."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Draft, Response, Wave
from assessments.selectors.fill_in import answers_of
from assessments.services.waves import close_wave
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.factories.assessments import invite, make_open_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = "#save-state[data-state=saved]"
WAITING = "#save-state[data-state=waiting]"


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_open_wave(ecosystem, closes_on=date(2099, 11, 14))


@pytest.fixture
def draft(wave: Wave) -> Draft:
    return make_draft(wave)


@pytest.fixture
def url(live_server: Any, draft: Draft) -> str:
    return f"{live_server.url}{reverse('assessments:fill-in', args=[token_of(draft)])}"


def choose(page: "Page", item: str, value: object) -> None:
    page.locator(f"input[name='a-{item}'][value='{value}']").check()


def chosen(page: "Page", item: str) -> str | None:
    return page.evaluate("name => (document.querySelector(`input[name='${name}']:checked`) || {}).value", f"a-{item}")


def has(draft: Draft, item: str, value: int | None) -> bool:
    return wait_until(lambda: (told := answers_of(draft).get(item)) is not None and told.value == value, seconds=30)


def go_on(page: "Page", button: str = "Next section") -> None:
    page.locator("button:not(.visually-hidden)", has_text=button).click()


def test_an_answer_is_saved_as_it_is_given_and_again_on_another_device(device, url, draft):
    item = codes_of(draft)[0]
    phone = device().new_page()
    phone.goto(f"{url}1/")
    choose(phone, item, 4)
    phone.wait_for_selector(SAVED)
    assert has(draft, item, 4)
    laptop = device().new_page()
    laptop.goto(url)
    laptop.get_by_role("link", name="Continue").click()
    laptop.goto(f"{url}1/")
    assert chosen(laptop, item) == "4"
    choose(laptop, item, 2)
    laptop.wait_for_selector(SAVED)
    # the phone, woken up, catches up
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.locator(f"input[name='a-{item}']:checked")).to_have_value("2")


def test_offline_answers_wait_and_go_out_when_the_connection_is_back(device, url, draft):
    item = codes_of(draft)[0]
    context = device()
    page = context.new_page()
    page.goto(f"{url}1/")
    context.set_offline(True)
    choose(page, item, 5)
    page.locator("summary", has_text="Add a comment").first.click()
    page.locator(f"#c-{item}").fill("Written in a tunnel")
    page.wait_for_selector(WAITING)
    go_on(page)
    page.wait_for_timeout(300)
    assert page.url == f"{url}1/"  # not an error page of the browser
    assert page.locator(f"#c-{item}").input_value() == "Written in a tunnel"
    context.set_offline(False)
    page.wait_for_selector(SAVED)
    assert has(draft, item, 5)
    assert answers_of(draft)[item].comment == "Written in a tunnel"


def test_a_tab_closed_while_offline_sends_on_the_next_visit(device, url, draft):
    first, second = codes_of(draft)[:2]
    context = device()
    page = context.new_page()
    page.goto(f"{url}1/")
    context.set_offline(True)
    choose(page, first, 1)
    choose(page, second, "x")
    page.wait_for_selector(WAITING)
    page.close()
    context.set_offline(False)
    assert answers_of(draft) == {}
    again = context.new_page()
    again.goto(f"{url}1/")
    assert chosen(again, first) == "1"
    again.wait_for_selector(SAVED)
    assert has(draft, first, 1)
    assert has(draft, second, -32768)
    assert again.evaluate("Object.keys(localStorage).length") == 0


def test_two_tabs_stay_in_step_and_the_latest_answer_wins(device, url, draft):
    item = codes_of(draft)[0]
    context = device()
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(f"{url}1/")
    choose(one, item, 2)
    two.wait_for_selector(f"input[name='a-{item}'][value='2']:checked")
    choose(two, item, 5)
    one.wait_for_selector(f"input[name='a-{item}'][value='5']:checked")
    assert has(draft, item, 5)


def test_no_answer_takes_an_answer_back(device, url, draft):
    item = codes_of(draft)[0]
    page = device().new_page()
    page.goto(f"{url}1/")
    blank = page.locator(".blank-out").first
    assert not blank.is_visible()
    choose(page, item, 2)
    assert has(draft, item, 2)
    blank.click()
    assert has(draft, item, None)
    assert chosen(page, item) is None


def test_a_lost_cookie_is_replaced_without_a_word(device, url, draft):
    item = codes_of(draft)[0]
    context = device()
    page = context.new_page()
    page.goto(f"{url}1/")
    context.clear_cookies()
    choose(page, item, 3)
    page.wait_for_selector(SAVED)
    assert has(draft, item, 3)


def test_a_wave_closed_meanwhile_says_so_and_keeps_the_words_in_sight(device, url, draft, wave):
    item = codes_of(draft)[0]
    page = device().new_page()
    page.goto(f"{url}1/")
    close_wave(wave=wave, by=None)
    page.locator("summary", has_text="Add a comment").first.click()
    page.locator(f"#c-{item}").fill("Too late")
    page.wait_for_selector("#stopped:not([hidden])")
    assert "not open" in page.locator("#stopped").inner_text()
    assert page.locator(f"#c-{item}").input_value() == "Too late"


def test_a_long_comment_is_refused_beside_it_and_stays(device, url, draft):
    item = codes_of(draft)[0]
    page = device().new_page()
    page.goto(f"{url}1/")
    page.locator("summary", has_text="Add a comment").first.click()
    page.locator(f"#c-{item}").fill("x" * 2_001)
    page.wait_for_selector(f"#ce-{item}:not([hidden])")
    assert "2001 characters" in page.locator(f"#ce-{item}").inner_text()
    choose(page, item, 3)
    assert has(draft, item, 3)
    go_on(page)
    page.wait_for_selector(".error-summary[data-focus]")
    assert len(page.locator(f"#c-{item}").input_value()) == 2_001


def fill_all_by_script(page: "Page", url: str, sections: int) -> None:
    for number in range(1, sections + 1):
        page.wait_for_url(f"{url}{number}/")
        for box in page.locator("fieldset.question").all():
            box.locator("input[type=radio]").nth(3).check()
        go_on(page, "Review" if number == sections else "Next section")


def test_from_the_first_page_to_thanks_and_back(device, live_server, wave):
    from assessments.links import invitation_token
    from assessments.selectors.fill_in import questionnaire_of

    invitation = invite(wave, 1)[0]
    url = f"{live_server.url}{reverse('assessments:fill-in', args=[invitation_token(invitation)])}"
    page = device().new_page()
    page.goto(url)
    page.get_by_role("button", name="Start").click()
    fill_all_by_script(page, url, len(questionnaire_of(invitation.group).sections))
    page.wait_for_url(f"{url}review/")
    assert page.get_by_text("Every question has an answer.").is_visible()
    page.get_by_role("button", name="Submit my answers").dblclick()
    page.wait_for_url(f"{url}thanks/")
    assert page.get_by_text("14 November").is_visible()
    page.go_back()
    page.wait_for_load_state()
    expect(page.get_by_text("already answered").or_(page.locator("#thanks")).first).to_be_visible()
    assert Response.objects.count() == 1
    assert set(Response.objects.get().values) == {4, None}
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_two_tabs_that_both_submit_make_one_response(device, url, draft):
    give(draft, dict.fromkeys(codes_of(draft), 3))
    context = device()
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(f"{url}review/")
    for page in (one, two):
        page.evaluate("document.querySelector('#submit').submit()")
    for page in (one, two):
        expect(page).to_have_url(f"{url}thanks/")
    assert Response.objects.count() == 1


def test_without_script_it_is_a_plain_form(device, url, draft):
    first = codes_of(draft)[0]
    page = device(java_script_enabled=False).new_page()
    page.goto(f"{url}1/")
    choose(page, first, 2)
    page.locator("button", has_text="Next section").last.click()
    page.wait_for_selector(".error-summary[data-focus]")
    page.locator("button", has_text="Next section").last.click()
    page.wait_for_url(f"{url}2/")
    assert has(draft, first, 2)
    page.goto(f"{url}review/")
    page.locator("button", has_text="Submit my answers").click()
    page.wait_for_url(f"{url}thanks/")
    assert Response.objects.count() == 1


def test_the_keyboard_alone_reaches_everything(device, url, draft):
    first, second = codes_of(draft)[:2]
    page = device().new_page()
    page.goto(f"{url}1/")
    page.locator(f"#q-{first}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert chosen(page, first) == "2"
    seen = []
    for _step in range(30):
        page.keyboard.press("Tab")
        name = page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()")
        seen.append(name)
        if name == f"a-{second}":
            page.keyboard.press("Space")
        if name == "Next section":
            break
    assert seen[-1] == "Next section"
    assert any(name.startswith("Add a comment") for name in seen)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}2/")
    assert has(draft, first, 2)
    assert has(draft, second, 1)
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Next section":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary[data-focus]:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert re.fullmatch(r"#q-.+", page.evaluate("location.hash"))


def test_names_for_screen_readers_and_targets_for_thumbs(device, url, draft):
    page = device().new_page()
    page.goto(f"{url}1/")
    assert page.title().startswith("New ideas (1/")
    assert page.get_by_role("group").count() >= 2
    assert page.get_by_role("group").first.get_by_role("radio").count() >= 5
    small = page.evaluate(
        """() => [...document.querySelectorAll('.scale label, .fill-in-moves button, summary')]
          .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.innerText)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_public_link_gives_a_link_of_its_own_that_works_elsewhere(device, live_server, wave):
    wave.groups.filter(key="customers").update(public_link_on=True)
    group = wave.groups.get(key="customers")
    page = device().new_page()
    page.goto(f"{live_server.url}{reverse('assessments:public-link', args=[group.public_key])}")
    page.get_by_role("button", name="Start").click()
    own = page.locator("#own-link").input_value()
    draft = Draft.objects.get()
    item = codes_of(draft)[0]
    choose(page, item, 3)
    assert has(draft, item, 3)
    elsewhere = device().new_page()
    elsewhere.goto(f"{live_server.url}/{own.split('/', 3)[3]}1/")
    assert chosen(elsewhere, item) == "3"
