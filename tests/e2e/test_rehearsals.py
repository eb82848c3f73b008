"""A facilitator rehearses a workshop in a real browser: invented people answer, and the real one stays as it was."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Commitment, Round, Seat, Workshop
from assessments.models.activity_plans import CommitPlan, IdeasPlan
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_workshop
from tests.servers import WebProcess, WorkerProcess

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERED = "[data-live=answered]"
SOME, MOST = re.compile(r"^[1-9]\d? of 12$"), re.compile(r"^(9|10|11) of 12$")
SLOW_ANSWERS = """() => {
  const ask = window.fetch;
  window.fetch = async (...what) => {
    const answer = await ask(...what);
    if (what[1]?.method === "POST") await new Promise((done) => setTimeout(done, 2_000));
    return answer;
  };
}"""


@pytest.mark.slow
def test_a_whole_agenda_is_rehearsed(
    page: Page, web_process: WebProcess, celery_worker: WorkerProcess, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.DRAFT, created_by=facilitator)
    make_activity(workshop, title="How ready are we?", current=False)
    make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?", current=False)
    make_activity(workshop, kind=ActivityKind.COMMIT, plan=CommitPlan(), title="Commitments", current=False)
    client = Client()
    client.force_login(facilitator, backend="django.contrib.auth.backends.ModelBackend")
    cookies = [{"name": key, "value": one.value, "url": web_process.url} for key, one in client.cookies.items()]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    start = web_process.url + reverse("assessments:workshop", args=[workshop.organization.slug, workshop.pk])

    page.goto(start)
    page.get_by_role("button", name="Rehearse").click()
    expect(page.locator(".badge", has_text="Rehearsal")).to_be_visible()
    page.locator("#press-start").click()
    for title in ("How ready are we?", "What slows us down?", "Commitments"):
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.locator("#press-open-round").click()
        expect(page.locator(ANSWERED)).to_have_text(SOME if title == "Commitments" else MOST, timeout=30_000)
        page.locator("#press-reveal").click()
        expect(page.locator("#press-discuss")).to_be_visible()
        page.locator("#press-discuss").click()
        expect(page.locator("#press-discuss")).to_be_hidden()
        if title != "Commitments":
            page.locator("#press-go").first.click()
    assert Commitment.objects.count() > 0

    copy = Workshop.objects.get(rehearsal_of=workshop)
    page.evaluate(SLOW_ANSWERS)  # the room's news, that it is no more, come first
    page.get_by_role("button", name="End and delete the rehearsal").click()
    expect(page).to_have_url(start)
    assert not Workshop.objects.filter(pk=copy.pk).exists()
    assert (Seat.objects.count(), Round.objects.count(), Commitment.objects.count()) == (0, 0, 0)
    workshop.refresh_from_db()
    assert (workshop.state, workshop.version) == (WorkshopState.DRAFT, 1)
