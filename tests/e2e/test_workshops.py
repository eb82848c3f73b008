"""A whole workshop in real browsers: a facilitator, a projector and three phones, from the template to the minutes."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from assessments.enums import ActivityKind
from assessments.models import Activity, Commitment, Idea, Round, Seat, Vote, Workshop
from assessments.models.activity_plans import LinksPlan, Pair
from assessments.services.agenda import move_activity
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity
from tests.servers import WebProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 30_000


@pytest.fixture
def device(browser: Browser) -> Iterator[Callable[[int], Page]]:
    made = []

    def new(width: int) -> Page:
        made.append(browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce"))
        made[-1].set_default_timeout(PATIENCE)
        return made[-1].new_page()

    yield new
    for context in made:
        context.close()


class Hall:
    """The screens of one room, and what the facilitator presses."""

    def __init__(self, console: Page, projector: Page, phones: list[Page]) -> None:
        self.console, self.projector, self.phones = console, projector, phones

    def press(self, key: str, phase: str) -> None:
        """A single key, once the one before has been answered, until every screen shows what it led to."""
        expect(self.console.locator("#console:not([aria-busy])")).to_be_visible(timeout=PATIENCE)
        self.console.locator("#step-title").click()
        self.console.keyboard.press(key)
        self.shows(phase)

    def shows(self, phase: str) -> None:
        for phone in self.phones:
            expect(phone.locator("[data-room]")).to_have_attribute("data-phase", phase, timeout=PATIENCE)
        expect(self.projector.locator("[data-screen]")).to_have_attribute("data-phase", phase, timeout=PATIENCE)

    def write(self, words: list[str]) -> None:
        for phone, text in zip(self.phones, words, strict=True):
            phone.locator("#idea").fill(text)
            phone.locator("[data-form=ideas] [data-send]").click()
        self.saved()

    def saved(self) -> None:
        for phone in self.phones:
            expect(phone.locator("[data-part=answer] [data-save]").first).to_have_attribute("data-state", "saved")

    def rate(self, item: str, values: list[int]) -> None:
        for phone, value in zip(self.phones, values, strict=True):
            phone.locator(f"label:has(input[name=value-{item}][value='{value}'])").click()
            phone.locator("[data-form=votes] [data-send]").click()
        self.saved()


def test_from_the_template_to_the_minutes(
    device: Callable[[int], Page], web_process: WebProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    url = web_process.url
    console = device(1280)
    client = Client()
    client.force_login(facilitator, backend="django.contrib.auth.backends.ModelBackend")
    cookies = [{"name": key, "value": one.value, "url": url} for key, one in client.cookies.items()]
    console.context.add_cookies(cookies)

    # prepare
    console.goto(f"{url}/o/rivermark/workshops/new/")
    console.get_by_label("Title").fill("Autumn workshop")
    console.get_by_label("Wave debrief").check()
    console.get_by_role("button", name="Prepare it").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Autumn workshop")
    workshop = Workshop.objects.get()
    Workshop.objects.update(min_group_size=3, comment_min_group_size=3)
    links = LinksPlan(pairs=(Pair("p", "Trust", "Openness"),))
    step = make_activity(workshop, kind=ActivityKind.LINKS, plan=links, title="What drives what?", current=False)
    move_activity(activity=step, to=5, by=facilitator)

    # doors
    console.reload()
    console.get_by_role("button", name="Open the doors").click()
    expect(console.locator("#console-live")).to_be_visible()
    workshop.refresh_from_db()
    projector = device(1920)
    projector.goto(
        url + str(console.get_by_role("link", name="Open projector").get_attribute("href")).split(":8000")[-1]
    )
    expect(projector.locator(".join-code").first).to_have_text(workshop.code)
    phones = [device(390) for _ in range(3)]
    for phone in phones:
        phone.goto(f"{url}/j/")
        phone.get_by_label("Code on the screen").fill(workshop.code.lower())
        phone.get_by_role("button", name="Continue").click()
        phone.get_by_role("button", name="Join").click()
        expect(phone.locator("[data-room]")).to_have_attribute("data-phase", "lobby")
    hall = Hall(console, projector, phones)
    assert Seat.objects.count() == 3

    # arrive
    console.get_by_role("button", name="Start", exact=True).click()
    hall.shows("pending")
    hall.press("o", "open")
    hall.write(["Clarity", "Courage", "Company"])
    hall.press("r", "revealed")
    expect(projector.get_by_text("Courage")).to_be_visible()
    hall.press("n", "talk")

    # rate twice
    hall.press("n", "pending")
    hall.press("o", "open")
    hall.rate("fits", [3, 7, 9])
    expect(projector.locator("[data-live=answered]")).to_have_text("3")
    hall.press("r", "revealed")
    hall.press("a", "open")
    hall.rate("fits", [6, 7, 7])
    hall.press("r", "revealed")
    rating = Activity.objects.get(kind=ActivityKind.RATE)
    assert [
        sorted(Vote.objects.filter(round=one, counted=True).values_list("value", flat=True))
        for one in rating.rounds.order_by("number")
    ] == [[3, 7, 9], [6, 7, 7]]

    # ideas, in clusters
    hall.press("n", "pending")
    hall.press("o", "open")
    hall.write(["One supplier only", "Too many forms", "Nobody decides"])
    hall.press("r", "revealed")
    console.get_by_role("link", name="Open the ideas board").click()
    console.get_by_label("Name of a new cluster").fill("Buying")
    console.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="Buying")).to_be_visible()
    console.goto(f"{url}/o/rivermark/workshops/{workshop.pk}/console/")
    expect(console.locator("[data-opens=shortcuts]").first).to_be_visible()  # keys work once the script runs

    # dots on them
    hall.press("n", "pending")
    hall.press("o", "open")
    for phone in phones:
        phone.locator("[data-more]").first.click()
        phone.locator("[data-form=votes] [data-send]").click()
    hall.saved()
    hall.press("r", "revealed")

    # links
    hall.press("n", "pending")
    hall.press("o", "open")
    for phone in phones:
        phone.locator("label:has(input[name=sign-p])").first.click()
        phone.locator("label:has(input[name=strength-p])").first.click()
        phone.locator("[data-form=votes] [data-send]").click()
    hall.saved()
    hall.press("r", "revealed")

    # commit
    hall.press("n", "pending")
    hall.press("o", "open")
    phones[0].locator("#commit-text").fill("Ask a second supplier")
    phones[0].locator("#commit-owner").fill("Mira")
    phones[0].locator("[data-form=commitments] [data-send]").click()
    expect(phones[0].locator("[data-save]").first).to_have_attribute("data-state", "saved")
    hall.press("r", "revealed")
    console.get_by_role("button", name="Accept “Ask a second supplier”").click()
    expect(console.get_by_text("Accepted", exact=True)).to_be_visible()

    # the end
    console.locator("#end > summary").click()
    console.get_by_role("button", name="End it for everybody").click()
    hall.shows("ended")
    minutes = console.goto(f"{url}/o/rivermark/workshops/{workshop.pk}/minutes/")
    assert minutes
    assert minutes.status == 200
    for words in ("Ask a second supplier", "Mira", "Courage", "One supplier only"):
        expect(console.get_by_text(words).first).to_be_visible()
    assert Commitment.objects.get().owner_name == "Mira"
    assert Idea.objects.filter(is_shown=True).count() == 6
    assert Vote.objects.filter(seat__isnull=False).count() == 0  # sealed
    assert Round.objects.filter(state="open").count() == 0
