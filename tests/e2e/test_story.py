"""The whole story in real browsers: a wave, its dashboard, a workshop, link votes, a loop, a commitment, its effect.

People do by hand what people do; only the answers of two waves are given for them, and the months between pass at once.
"""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from assessments.enums import CommitmentState, WaveState
from assessments.models import Commitment, Signal, SummaryMark, Wave, Workshop
from ecosystems.models import Ecosystem, LinkVote, LoopName, User
from metasystem.processes import wait_until
from tests.factories.assessments import make_assessment
from tests.factories.results import add_answers, make_scored_wave
from tests.servers import WebProcess, WorkerProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 60_000
TRUST, LEARNING, SPEED = "Trust", "Anticipation and learning", "Speed of response"
LOOP = ((TRUST, LEARNING), (LEARNING, SPEED), (SPEED, TRUST))
NAME = "Trust carries the pace"
PROMISE = "Meet the shops every Monday"
ANSWERS = {"customers": 24, "employees": 16, "partners": 12, "communities": 10, "leaders": 8}
FEWER = {"communities": -16.0}
"""The communities rate lower, so there is something to talk about."""
MOVED = {**FEWER, "ECO-TRUST": 20.0, "ADA-LEARN": 10.0, "ADA-SPEED": 10.0}


class Facilitator:
    """Whoever leads the room and the waves, at a screen."""

    def __init__(self, page: Page, url: str, worker: WorkerProcess) -> None:
        self.page, self.url, self.worker = page, url, worker

    def go(self, address: str) -> None:
        self.page.goto(self.url + address)

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def on_the_console(self, name: str) -> None:
        """A button of the console, once the one before has been answered."""
        expect(self.page.locator("#console:not([aria-busy])")).to_be_visible(timeout=PATIENCE)
        self.page.get_by_role("button", name=name).first.click()

    def look(self, name: str) -> None:
        if folder := os.environ.get("LOOK_AT"):
            self.page.screenshot(path=f"{folder}/story-{name}.png", full_page=True)

    def close(self, wave: Wave) -> None:
        """Early, and then to the results as soon as the worker has them."""
        self.go(wave.get_absolute_url())
        self.follow("Close early")
        self.press("Close the wave")
        self.follow("See the results")
        expect(self.page.get_by_text("Generative Value Index").first).to_be_visible(timeout=PATIENCE)

    def summed_up(self) -> None:
        """Nothing that concerns the loops waits for the worker any more."""
        behind = SummaryMark.objects.filter(done_version__lt=F("version"))
        assert wait_until(lambda: SummaryMark.objects.exists() and not behind.exists(), seconds=60), (
            self.worker.output()
        )


def months_pass(days: int) -> None:
    """All that has happened so far happened this long ago."""
    gone = timedelta(days=days)
    Wave.objects.update(**{name: F(name) - gone for name in ("opened_at", "closed_at", "opens_on", "closes_on")})
    Workshop.objects.update(**{name: F(name) - gone for name in ("opened_at", "started_at", "ended_at")})
    Signal.objects.update(raised_on=F("raised_on") - gone)
    Commitment.objects.update(created_at=F("created_at") - gone, closed_on=F("closed_on") - gone)


def vote(phones: list[Page]) -> None:
    """All see the links alike; the last is less sure of how strong they are."""
    for number, phone in enumerate(phones):
        questions = phone.locator("[data-question]")
        expect(questions).to_have_count(len(LOOP))
        for question in questions.all():
            question.get_by_text("raises").first.click()
            question.locator("label:has(input[name^=strength])").nth(1 if number else 2).click()
        phone.locator("[data-form=votes] [data-send]").click()
    for phone in phones:
        saved = phone.locator("[data-part=answer] [data-save]").first
        expect(saved).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def room_shows(phones: list[Page], phase: str) -> None:
    for phone in phones:
        expect(phone.locator("[data-room]")).to_have_attribute("data-phase", phase, timeout=PATIENCE)


def test_from_a_wave_to_the_effect_of_what_was_promised(
    device: Callable[..., BrowserContext],
    web_process: WebProcess,
    celery_worker: WorkerProcess,
    client_of: Callable[[User], Client],
    ecosystem: Ecosystem,
    facilitator: User,
) -> None:
    ecosystem.organization.min_group_size = ecosystem.organization.comment_min_group_size = 3
    ecosystem.organization.save()
    assessment = make_assessment(ecosystem, name="Network assessment")
    wave = make_scored_wave(
        assessment, answers=ANSWERS, shift=FEWER, state=WaveState.OPEN, title="Spring", live_results=False, score=False
    )
    cookies: Any = [
        {"name": key, "value": one.value, "url": web_process.url} for key, one in client_of(facilitator).cookies.items()
    ]
    screen = device(reduced_motion="reduce")
    screen.add_cookies(cookies)
    me = Facilitator(screen.new_page(), web_process.url, celery_worker)
    page = me.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)

    # a wave is closed, and its dashboard says what to talk about
    me.close(wave)
    me.look("results-first")
    me.follow("Add to a workshop")
    page.get_by_label("Title").fill("Spring workshop")
    me.press("Add to the agenda")
    me.follow("Add an agenda")
    page.get_by_label("Map the loops").check()
    me.press("Add the steps")
    page.get_by_role("link", name="Does it raise or lower?", exact=True).click()
    page.get_by_label("Links to ask about").fill("\n".join(f"{one} -> {other}" for one, other in LOOP))
    me.press("Save")
    expect(page.get_by_text("3 links, with delays")).to_be_visible()
    me.press("Open the doors")
    expect(page.locator("#console-live")).to_be_visible()
    workshop = Workshop.objects.get()
    assert workshop.wave == wave

    # the room votes on what drives what
    phones = [device(reduced_motion="reduce").new_page() for _ in range(3)]
    for phone in phones:
        phone.goto(f"{web_process.url}/j/")
        phone.get_by_label("Code on the screen").fill(workshop.code.lower())
        phone.get_by_role("button", name="Continue").click()
        phone.get_by_role("button", name="Join").click()
    room_shows(phones, "lobby")
    me.on_the_console("Start")
    room_shows(phones, "talk")
    page.get_by_text("Change what comes").click()
    me.on_the_console("Go to “Does it raise or lower?”")
    room_shows(phones, "pending")
    me.on_the_console("Open")
    room_shows(phones, "open")
    vote(phones)
    me.on_the_console("Reveal")
    room_shows(phones, "revealed")
    me.look("revealed")
    page.locator("#end > summary").click()
    me.on_the_console("End it for everybody")
    room_shows(phones, "ended")
    assert sorted(LinkVote.objects.values_list("effect", flat=True)) == [2] * 6 + [3] * 3

    # their votes are a loop
    me.summed_up()
    me.go("/o/rivermark/")
    me.follow("Loops")
    expect(page.get_by_role("heading", name="Loop health at 1 wave")).to_be_visible()
    expect(page.get_by_text("3 factors, 3 links, 1 loop.")).to_be_visible()
    me.look("loops-found")
    page.locator(".loops h3 a").click()
    expect(page.get_by_role("cell", name="3 of 3 votes")).to_have_count(3)
    page.get_by_label("Name").fill(NAME)
    me.press("Save the name")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert LoopName.objects.get().name == NAME
    me.look("loop")

    # somebody promises to press one of its members, and does
    me.follow("Make a commitment from this loop")
    page.get_by_label("What will be done").fill(PROMISE)
    page.get_by_label("Who", exact=True).fill("Marta Lindqvist")
    page.get_by_label("Until").fill(str(timezone.localdate() + timedelta(days=30)))
    page.get_by_label("Score it should move").select_option(label=TRUST)
    page.get_by_label("By how many points").fill("5")
    page.get_by_label("Show it to everybody who was asked").check()
    page.get_by_label("What people said").fill("We hear of changes too late.")
    me.press("Save")
    expect(page.get_by_role("heading", level=1)).to_have_text(PROMISE)
    promise = page.url
    page.get_by_label("Next step").fill("Agree on the hour")
    me.press("Add the step")
    page.get_by_role("button", name=re.compile(r"^Done\W+Agree on the hour")).click()
    expect(page.get_by_role("button", name=re.compile(r"^Not done\W+Agree on the hour"))).to_be_visible()
    me.press("Mark as done")
    expect(page.get_by_text("measured next wave")).to_be_visible()
    me.look("commitment-done")
    commitment = Commitment.objects.get()
    assert (commitment.source, commitment.facet, commitment.state) == ("loop", "ECO-TRUST", CommitmentState.DONE)
    me.summed_up()
    months_pass(120)

    # the next wave asks again
    me.go(assessment.get_absolute_url())
    me.press("Prepare the next wave")
    me.follow("Open the wave")
    me.press("Open the wave")
    expect(page.get_by_role("link", name="Close early")).to_be_visible()
    following = Wave.objects.latest("number")
    for group in following.groups.all():
        add_answers(group, ANSWERS[group.key], shift=MOVED)
    me.close(following)
    me.summed_up()
    page.reload()
    expect(page.get_by_text(f"“{NAME}” is strengthening")).to_be_visible()
    me.look("results")

    # and everybody reads what came of it
    page.goto(promise)
    expect(page.get_by_role("link", name=f"The loop “{NAME}”")).to_be_visible()
    expect(page.get_by_text("consistent with an effect")).to_be_visible()
    me.look("effect")
    me.follow("Loops")
    expect(page.get_by_role("heading", level=2, name=f"“{NAME}” is strengthening")).to_be_visible()
    me.look("loops-after")
    me.follow("You said, we did: settings")
    page.get_by_label("can be read by everybody").check()
    me.press("Save")
    address = page.get_by_label("Whoever has this link can read the page").input_value()
    reader = phones[0]
    reader.goto(f"{web_process.url}/{address.split('/', 3)[3]}")
    expect(reader.get_by_role("heading", name=PROMISE)).to_be_visible()
    expect(reader.get_by_text("We hear of changes too late.")).to_be_visible()
    expect(reader.get_by_text("The answers since then are consistent with an effect.")).to_be_visible()
    expect(reader.get_by_text("Marta")).to_have_count(0)
