"""The minutes of a workshop in a real browser: on a phone, in both themes, printed, and as a file read without us."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.enums import ActivityKind, NoteKind, RoundState
from assessments.links import minutes_token
from assessments.models import Activity, Breakout, Commitment, Idea, IdeaCluster, Reason, Round, Workshop, WorkshopNote
from assessments.models.activity_plans import BetPlan, DotsPlan, Item, LinksPlan, Option, Pair, RankingPlan, RatePlan
from assessments.services import stage
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.instruments import make_default_instrument
from tests.factories.results import make_scored_wave
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db(transaction=True)
READY = Item(
    key="ready", text="If a main supplier failed tomorrow, how ready would we be?", facet="ADA-SPEED", dimension="ADA"
)
TOLD = Item(key="told", text="How soon are we told when something changes?", dimension="COM")
LONG = "a" * 120


def revealed(step: Activity, by: User, *rounds: dict[str, list[int]]) -> None:
    """The same twelve people vote once for each of `rounds`: item → values."""
    seats = list(step.workshop.seats.all())
    for given in rounds:
        round = make_round(step)
        for item, values in given.items():
            vote(round, seats, values, item=item, breakout=None)
            for seat in seats:
                round.votes.filter(seat=seat).update(breakout=seat.breakout)
        stage.reveal_round(round=round, by=by)
        Round.objects.filter(pk=round.pk).update(state=RoundState.DISCUSSED)


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    make_default_instrument()
    wave = make_scored_wave(make_assessment(ecosystem), title="Autumn 2026", seed=2)
    workshop = make_workshop(
        ecosystem,
        title="What the autumn wave tells us",
        purpose="Understand why adaptability fell, and decide what we do about it.",
        wave=wave,
        created_by=facilitator,
    )
    Workshop.objects.filter(pk=workshop.pk).update(started_at=timezone.now() - timedelta(minutes=72))
    groups = [Breakout.objects.create(workshop=workshop, position=at, label=f"Group {at + 1}") for at in range(2)]
    for group in groups:
        make_seats(workshop, 6, breakout=group)
    step = make_activity(workshop, plan=RatePlan(items=(READY, TOLD)), by_breakout=True, prompt="Think of last winter.")
    first, second = [2, 3, 3, 4, 5, 6, 7, 7, 8, 9, 9, 10], [5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 8, 8]
    revealed(step, facilitator, {"ready": first, "told": second}, {"ready": second, "told": second})
    for text in ("Our stock lasts three days.", "The growers call each other." + LONG):
        Reason.objects.create(round=step.rounds.get(number=2), item="ready", text=text, is_shown=True)
    WorkshopNote.objects.create(workshop=workshop, activity=step, text="Growers know, shops do not.")
    WorkshopNote.objects.create(
        workshop=workshop, activity=step, kind=NoteKind.DECISION, text="One list of substitutes."
    )
    options = (Option("a", "A second supplier"), Option("b", "A shared list"), Option("c", "A " + LONG))
    step = make_activity(workshop, kind=ActivityKind.DOTS, plan=DotsPlan(options=options), title="What first?")
    revealed(step, facilitator, {"a": [3] * 12, "b": [2] * 12, "c": [0] * 12})
    step = make_activity(workshop, kind=ActivityKind.RANKING, plan=RankingPlan(options=options), title="In what order?")
    revealed(step, facilitator, {"a": [1] * 12, "b": [2] * 8 + [3] * 4, "c": [3] * 8 + [2] * 4})
    pairs = (Pair("p", "Trust", "Speed of response"), Pair("q", "Workload", "Trust"))
    step = make_activity(workshop, kind=ActivityKind.LINKS, plan=LinksPlan(pairs=pairs), title="What drives what?")
    revealed(step, facilitator, {"p": [2] * 6 + [1] * 6, "q": [-2] * 7 + [2] * 5})
    bet = BetPlan(items=(Item(key="share", text="Share of local food in two years"),), unit="%")
    step = make_activity(workshop, kind=ActivityKind.BET, plan=bet, title="A bet")
    revealed(step, facilitator, {"share": [20, 25, 30, 30, 35, 40, 40, 45, 50, 55, 60, 80]})
    step = make_activity(workshop, kind=ActivityKind.IDEAS, title="What would help?", started_at=timezone.now())
    round = make_round(step, state=RoundState.REVEALED, results={"authors": 9, "shown": 3, "withheld": False})
    cluster = IdeaCluster.objects.create(activity=step, title="Suppliers")
    about: dict[str, Any] = {"activity": step, "round": round, "is_shown": True}
    Idea.objects.create(key=uuid.uuid4(), text="A list of substitutes, kept by the growers", cluster=cluster, **about)
    Idea.objects.create(key=uuid.uuid4(), text=LONG, **about)
    Idea.objects.create(key=uuid.uuid4(), text="A picnic", is_parked=True, **about)
    step = make_activity(workshop, title="Never revealed", started_at=timezone.now())
    vote(make_round(step), list(workshop.seats.all()), [5] * 12)
    Commitment.objects.create(
        organization=workshop.organization,
        ecosystem=ecosystem,
        workshop=workshop,
        text="Call the three farms and agree on a list",
        owner_name="Ana Kovač",
        due_on=timezone.now().date() + timedelta(days=30),
        facet="ADA-SPEED",
    )
    return stage.end_workshop(workshop=workshop, by=facilitator)


@pytest.fixture
def problems(page: Page, live_server: LiveServer, viewer: User) -> list[str]:
    """A browser in which the viewer is logged in, and what its console complains about."""
    client = Client()
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    cookies: Any = [{"name": key, "value": one.value, "url": live_server.url} for key, one in client.cookies.items()]
    page.context.add_cookies(cookies)
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def address(live_server: LiveServer, workshop: Workshop) -> str:
    return live_server.url + reverse("assessments:minutes", args=[workshop.organization.slug, workshop.pk])


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_runs_over_the_edge(
    page: Page, live_server: LiveServer, workshop: Workshop, problems: list[str], width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address(live_server, workshop))
    expect(page.get_by_role("heading", level=1)).to_have_text("What the autumn wave tells us")
    expect(page.get_by_role("heading", level=2, name="What drives what?")).to_be_visible()
    assert overflow(page) == 0
    assert problems == []


def test_the_link_needs_no_account(page: Page, live_server: LiveServer, workshop: Workshop) -> None:
    page.goto(live_server.url + reverse("assessments:minutes-by-link", args=[minutes_token(workshop)]))
    expect(page.get_by_text("Call the three farms and agree on a list")).to_be_visible()
    expect(page.get_by_text("1 round was asked and not revealed. Its answers stay hidden.")).to_be_visible()
    assert page.locator("nav.nav").count() == 0


def test_the_file_reads_without_us_and_prints(
    page: Page, live_server: LiveServer, workshop: Workshop, problems: list[str], tmp_path: Any
) -> None:
    page.goto(address(live_server, workshop))
    with page.expect_download() as started:
        page.get_by_role("link", name="Save as a file").click()
    assert started.value.suggested_filename == "what-the-autumn-wave-tells-us-minutes.html"
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    expect(page.get_by_role("heading", name="Decisions")).to_be_visible()
    assert [url for url in asked if not url.startswith("file:")] == []
    page.emulate_media(media="print")
    assert overflow(page) == 0
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    assert problems == []
