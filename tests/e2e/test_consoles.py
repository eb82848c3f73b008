"""The facilitators' screen in real browsers: two at once, by keyboard, without scripts, without a network."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from assessments.enums import ActivityKind, RoundState
from assessments.live import bus
from assessments.models import Commitment, Round, Workshop, WorkshopNote
from assessments.models.activity_plans import CommitPlan, IdeasPlan
from assessments.services import rounds, workshop_notes
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.workshops import make_activity, make_seats, make_workshop, vote
from tests.fixtures.late_answers import LateAnswers
from tests.servers import WebProcess

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, user: User, url: str) -> list[str]:
    """Log the browser in; returns what its console complains about from now on."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies([{"name": key, "value": one.value, "url": url} for key, one in client.cookies.items()])
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems


def address(base: str, workshop: Workshop) -> str:
    return base + reverse("assessments:console", args=[workshop.organization.slug, workshop.pk])


@pytest.fixture
def other_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    """At a rating whose first round is open; eight phones are here."""
    made = make_workshop(ecosystem, title="Rivermark autumn workshop", created_by=facilitator)
    step = make_activity(made)
    make_activity(made, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?", current=False)
    make_seats(made, 8)
    rounds.open_round(activity=step, seconds=None, by=facilitator)
    return made


def round_of(workshop: Workshop) -> Round:
    return Round.objects.filter(activity__workshop=workshop).latest("number")


def answer(workshop: Workshop, values: list[int]) -> None:
    seats = list(workshop.seats.all())[: len(values)]
    vote(round_of(workshop), seats, values)
    bus.wake(f"room:{workshop.pk}")


def test_two_facilitators_see_the_same_and_lose_nothing(
    page: Page, other_page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User, admin: User
) -> None:
    mine, theirs = log_in(page, facilitator, web_process.url), log_in(other_page, admin, web_process.url)
    for one in (page, other_page):
        one.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7, 8])
    for one in (page, other_page):
        expect(one.locator("[data-live=answered]")).to_have_text("6 of 8")
        expect(one.locator("#console-said")).to_have_text("")  # counts are not announced

    note = other_page.locator("#note-new-text")
    note.click()
    note.press_sequentially("Two of us could")
    page.keyboard.press("r")  # reveal
    expect(page.locator("#console-said")).to_have_text("Round 1 is revealed.")
    for one in (page, other_page):
        expect(one.locator("#press-discuss")).to_be_visible()
        expect(one.locator(".banner", has_text="The median is 6")).to_be_visible()
    expect(other_page.locator("#console-said")).to_have_text("How ready are we?: Revealed")
    note.press_sequentially(" cover a week")
    assert other_page.evaluate("document.activeElement.id") == "note-new-text"
    expect(note).to_have_value("Two of us could cover a week")
    other_page.get_by_role("button", name="Write down", exact=True).click()
    expect(page.locator(".note p", has_text="“Two of us could cover a week”")).to_be_visible()
    expect(note).to_have_value("")
    assert WorkshopNote.objects.count() == 1
    assert (mine, theirs) == ([], [])


def test_two_press_at_the_same_moment(
    page: Page, other_page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User, admin: User
) -> None:
    pages = (page, other_page)
    problems = [log_in(one, user, web_process.url) for one, user in zip(pages, (facilitator, admin), strict=True)]
    for one in pages:
        one.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7, 8])
    for act, then in (("reveal", "discuss"), ("ask-again", "reveal"), ("reveal", "discuss"), ("go", "open-round")):
        for one in pages:
            one.evaluate(f"document.getElementById('press-{act}')?.click()")  # unless the news were faster
        for one in pages:
            expect(one.locator(f"#press-{then}")).to_be_visible()
            expect(one.locator(f"#press-{act}")).to_have_count(0)
    workshop.refresh_from_db()
    assert workshop.step is not None
    assert workshop.step.title == "What slows us down?"
    revealed = Round.objects.filter(activity__workshop=workshop, results__isnull=False).order_by("number")
    assert list(revealed.values_list("number", flat=True)) == [1, 2]
    assert problems == [[], []]


def test_pressing_after_somebody_else_is_news_and_no_error(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User, admin: User
) -> None:
    log_in(page, facilitator, web_process.url)
    page.route("**/stream/**", lambda route: route.abort())
    page.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7, 8])
    page.route("**part=live", lambda route: route.abort())  # a screen that has not heard of it
    rounds.reveal_round(round=round_of(workshop), by=admin)
    page.locator("#press-reveal").click()
    expect(page.locator("#console-line")).to_have_text("Priya Nair has already revealed round 1.")
    expect(page.locator("#press-discuss")).to_be_visible()
    assert round_of(workshop).state == RoundState.REVEALED


def test_news_may_come_before_the_answer_to_a_press_and_nothing_is_lost_or_done_twice(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    problems = log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7, 8])
    expect(page.locator("[data-live=answered]")).to_have_text("6 of 8")

    # what the news offer can be pressed, and waits for its turn
    late = LateAnswers(page, "**/console/reveal/", "POST")
    page.keyboard.press("r")
    late.come()
    expect(page.locator("#press-ask-again")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("a")
    late.let_go()
    expect(page.locator("#press-close-round")).to_be_visible()
    assert round_of(workshop).number == 2

    # a note that the news already tell of is no longer in its field
    late = LateAnswers(page, "**/console/note/", "POST")
    page.locator("#note-new-text").fill("Two could cover a week")
    page.get_by_role("button", name="Write down", exact=True).click()
    late.come()
    expect(page.locator(".note p", has_text="“Two could cover a week”")).to_be_visible()
    late.let_go()
    expect(page.locator("#note-new-text")).to_have_value("")
    assert WorkshopNote.objects.count() == 1
    assert problems == []


def test_the_second_click_of_a_double_click_does_not_press_what_came_in_between(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    problems = log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7, 8])
    page.locator("#press-reveal").click()
    page.locator("#press-ask-again").hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.locator("#press-discuss").click()
    expect(page.locator("#press-discuss")).to_have_count(0)
    latest = round_of(workshop)
    assert (latest.number, latest.state) == (1, RoundState.DISCUSSED)
    assert problems == []


def test_a_commitment_that_the_news_already_tell_of_is_not_in_its_fields_to_be_sent_again(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    problems = log_in(page, facilitator, web_process.url)
    make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan(), title="Who does what?")
    page.goto(address(web_process.url, workshop))
    page.get_by_text("Write down a commitment").click()
    page.locator("#commitment-text-new").fill("Share a cold store")
    page.locator("#commitment-owner-new").fill("The growers")
    late = LateAnswers(page, "**/console/record/", "POST")
    page.locator("form[action$='/record/'] button").click()
    late.come()
    expect(page.locator(".commitment > p", has_text="Share a cold store")).to_be_visible()
    late.let_go()
    expect(page.locator("#console-line")).to_be_visible()
    expect(page.locator("#commitment-text-new")).to_have_value("")
    expect(page.locator("#commitment-owner-new")).to_have_value("")
    assert Commitment.objects.count() == 1
    assert problems == []


def test_what_is_pressed_behind_a_press_that_failed_is_not_done_later(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    held: list[Route] = []
    page.route("**/console/extend/", lambda route: held.append(route))
    page.keyboard.press("m")
    assert wait_until(lambda: page.wait_for_timeout(50) is None and bool(held), seconds=30)
    page.keyboard.press("c")
    held[0].abort()
    expect(page.locator("#console-line")).to_contain_text("That did not reach the server")
    expect(page.locator("#console:not([aria-busy])")).to_be_visible()
    assert round_of(workshop).state == RoundState.OPEN
    page.keyboard.press("c")
    expect(page.locator(".console-bar #press-extend")).to_be_visible()


def test_counts_are_never_those_of_a_question_from_before(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    expect(page.locator("[data-live=answered]")).to_have_text("0 of 8")
    late = LateAnswers(page, "**part=live")
    answer(workshop, [5])
    late.come()
    vote(round_of(workshop), list(workshop.seats.all())[1:6], [5, 6, 6, 7, 8])
    bus.wake(f"room:{workshop.pk}")
    expect(page.locator("[data-live=answered]")).to_have_text("6 of 8")
    page.evaluate("""() => {
      window.shown = [];
      const look = () => shown.push(document.querySelector("[data-live=answered]").textContent);
      new MutationObserver(look).observe(document.getElementById("console"), { childList: true });
    }""")
    late.let_go()
    # not wait_for_function: the page’s policy refuses what it asks a second time
    assert wait_until(lambda: page.wait_for_timeout(50) is None and page.evaluate("shown.length > 0"), seconds=30)
    assert set(page.evaluate("shown")) == {"6 of 8"}


def test_single_keys_leave_fields_alone_and_can_be_switched_off(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    page.locator("#note-new-text").fill("r")
    page.locator("#note-new-text").press("c")
    page.locator("#press-close-round").focus()
    page.keyboard.press("Shift+?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    page.keyboard.press("c")
    dialog.get_by_label("Single keys work on this device").uncheck()
    dialog.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.id") == "press-close-round"
    page.keyboard.press("c")
    page.reload()
    page.keyboard.press("c")
    page.wait_for_timeout(500)
    assert round_of(workshop).state == RoundState.OPEN
    page.keyboard.press("?")
    dialog.get_by_label("Single keys work on this device").check()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator(".console-bar #press-extend")).to_be_visible()
    assert round_of(workshop).state == RoundState.CLOSED


def test_the_whole_round_by_keyboard(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7, 8])
    for key, appears in (("r", "#press-discuss"), ("a", "#press-close-round"), ("m", "[data-closes-at]")):
        page.keyboard.press(key)
        expect(page.locator(appears)).to_be_visible()
    assert round_of(workshop).number == 2
    page.keyboard.press("c")
    expect(page.locator(".console-bar #press-extend")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#press-discuss")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator(".stepper [aria-current]")).to_have_text("Revealed and discussed")
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("What slows us down?")
    page.keyboard.press("b")
    expect(page.locator("h1")).to_have_text("How ready are we?")


def test_private_notes_are_saved_as_they_are_typed(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User, admin: User
) -> None:
    step = workshop.step
    assert step is not None
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    notes = page.get_by_role("textbox", name="Your private notes on this step")
    notes.press_sequentially("Ask Marta")
    expect(page.locator("[data-state-of]")).to_have_text("Saved")
    # another note comes before the answer: what was saved is known as such
    late = LateAnswers(page, "**/private-notes/", "POST")
    notes.press_sequentially(" fir")
    late.come()
    workshop_notes.write_note(workshop=workshop, key=uuid4(), text="We are enough", by=admin)
    expect(page.get_by_text("“We are enough”").first).to_be_visible()
    notes.press_sequentially("st")
    late.let_go()
    expect(page.locator("[data-state-of]")).to_have_text("Saved")
    step.refresh_from_db()
    assert step.notes == "Ask Marta first"
    assert page.evaluate("document.activeElement.id") == f"private-text-{step.pk}"
    # somebody else writes between two letters: nobody's text is overwritten
    other = {"text": "Ask Jonas first", "seen": workshop_notes.digest("Ask Marta first")}

    def first_the_other(route: Route) -> None:
        if other:
            workshop_notes.write_private_notes(activity=step, **other, by=admin)
            other.clear()
        route.continue_()

    page.route("**/private-notes/", first_the_other)
    notes.press_sequentially(", then")
    expect(page.locator("#console-line")).to_contain_text("Somebody else changed these notes meanwhile")
    expect(notes).to_have_value("Ask Marta first, then")
    expect(page.locator("[data-now]:visible")).to_have_text("Ask Jonas first")
    notes.press_sequentially(" nobody")
    page.wait_for_timeout(1_500)  # longer than the pause after which notes are saved
    step.refresh_from_db()
    assert step.notes == "Ask Jonas first"
    page.locator(f"#private-save-{step.pk}").click()
    expect(page.locator("#console-said")).to_have_text("Your notes are saved.")
    step.refresh_from_db()
    assert step.notes == "Ask Marta first, then nobody"
    expect(page.locator("[data-now]:visible")).to_have_count(0)


def test_coming_steps_are_reordered_by_keyboard(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    for title in ("Map the loop", "Commitments"):
        make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title=title, current=False)
    last = workshop.activities.get(title="Commitments")
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    page.get_by_text("Change what comes").click()
    page.locator(f"#up-{last.pk}").focus()
    for place in (3, 2):
        page.keyboard.press("Enter")
        expect(page.locator("#console-said")).to_have_text(f"“Commitments” is now step {place}.")
    # it cannot go up any more: the focus is on what can still be pressed
    assert page.evaluate("document.activeElement.id") == f"down-{last.pk}"
    assert [one.title for one in workshop.activities.all()] == [
        "How ready are we?",
        "Commitments",
        "What slows us down?",
        "Map the loop",
    ]


def test_a_lost_network_is_said_and_heals(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    expect(page.locator("[data-live=answered]")).to_have_text("0 of 8")
    page.context.set_offline(True)
    expect(page.locator("#console-line")).to_contain_text("The connection is lost")
    page.locator("#press-close-round").click()
    expect(page.locator("#console-line")).to_contain_text("That did not reach the server")
    assert round_of(workshop).state == RoundState.OPEN
    answer(workshop, [5, 5, 6])
    page.context.set_offline(False)
    expect(page.locator("[data-live=answered]")).to_have_text("3 of 8")
    expect(page.locator("#console-line")).to_be_hidden()


def test_everything_works_without_scripts(
    browser: Browser, web_process: WebProcess, workshop: Workshop, facilitator: User
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    log_in(page, facilitator, web_process.url)
    page.goto(address(web_process.url, workshop))
    answer(workshop, [5, 5, 6, 6, 7])
    page.get_by_role("button", name="Reveal round 1").click()
    expect(page.get_by_text("Round 1 is revealed.")).to_be_visible()
    page.get_by_label("How long it stays open").select_option("2")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("button", name="Reveal round 2")).to_be_visible()
    assert round_of(workshop).closes_at is not None
    page.get_by_role("textbox", name="Note for the minutes").fill("Decided so")
    page.get_by_role("button", name="Write down as decided").click()
    expect(page.get_by_text("Decided so").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_the_console_fits(
    page: Page, web_process: WebProcess, workshop: Workshop, facilitator: User, width: int
) -> None:
    problems = log_in(page, facilitator, web_process.url)
    answer(workshop, [5, 5, 6, 6, 7])
    rounds.reveal_round(round=round_of(workshop), by=facilitator)
    rounds.ask_again(round=round_of(workshop), seconds=90, by=facilitator)
    workshop_notes.write_note(workshop=workshop, key=uuid4(), text="long" * 60, by=facilitator)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address(web_process.url, workshop))
    for fold in page.locator("details.fold > summary").all():
        if fold.is_visible():
            fold.click()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
    assert problems == []
