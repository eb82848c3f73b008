"""Open commitments come back by themselves: on the pages of the next workshop and of the next wave."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import About, ActivityKind, CommitmentState, Progress
from assessments.models import Assessment, CheckIn, Commitment, Wave, Workshop
from assessments.models.activity_plans import TalkPlan
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment, make_open_wave
from tests.factories.results import make_scored_wave
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def make(ecosystem: Ecosystem, text: str, **changes: Any) -> Commitment:
    return Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text=text, **{"owner_name": "Lena", **changes}
    )


def address(name: str, of: Workshop | Wave) -> str:
    organization = of.organization if isinstance(of, Workshop) else of.assessment.organization
    return reverse(f"assessments:{name}", args=[organization.slug, of.pk])


def told(page: Any) -> tuple[str, list[tuple[str, str]]] | None:
    """How many come back, and the text and state of each."""
    found = page.context["returning"]
    if found is None:
        return None
    assert found.words in page.content.decode()
    return found.words, [(row.commitment.text, row.state) for row in found.rows]


def test_a_workshop_begins_with_what_is_open(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    page, workshop = client_of(facilitator), make_workshop(ecosystem, state="draft")
    here = address("workshop", workshop)
    assert told(page.get(here)) is None
    late = make(ecosystem, "Late", due_on=ago(1))
    CheckIn.objects.create(commitment=make(ecosystem, "Stuck", due_on=ago(-9)), progress=Progress.STUCK)
    make(ecosystem, "Some day")
    make(ecosystem, "Proposed", state=CommitmentState.PROPOSED)
    make(ecosystem, "Done", state=CommitmentState.DONE, due_on=ago(3), closed_on=ago(3))
    make(ecosystem, "Dropped", state=CommitmentState.DROPPED, closing_note="No money")
    make(ecosystem, "Only tried", workshop=make_workshop(ecosystem, rehearsal_of=workshop))
    expected = ("3 commitments, 1 overdue", [("Late", "late"), ("Stuck", "stuck"), ("Some day", "open")])
    assert told(page.get(here)) == expected
    owner = User.objects.create_user("gone@example.org")
    Commitment.objects.filter(pk=late.pk).update(owner=owner)
    assert "Nobody’s now (Lena has left)" in page.get(here).content.decode()
    Workshop.objects.filter(pk=workshop.pk).update(state="ended", ended_at=timezone.now())
    assert told(page.get(here)) is None


def test_the_console_shows_them_while_the_room_talks(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    page, workshop = client_of(facilitator), make_workshop(ecosystem)
    here, rated = address("console", workshop), make_activity(workshop)
    promised = make(ecosystem, "Call them", due_on=ago(-9))
    assert told(page.get(here)) is None
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan())
    assert told(page.get(here)) == ("1 commitment", [("Call them", "open")])
    tag = page.get(here + "?part=live")["ETag"]
    assert page.get(here + "?part=live", HTTP_IF_NONE_MATCH=tag).status_code == 304
    CheckIn.objects.create(commitment=promised, progress=Progress.AT_RISK)
    again = page.get(here + "?part=live", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, "at risk" in again.content.decode()) == (200, True)
    Workshop.objects.filter(pk=workshop.pk).update(step=rated)
    assert told(page.get(here)) is None


def test_a_wave_begins_with_what_was_promised_until_it(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem
) -> None:
    assessment = make_assessment(ecosystem)
    make_scored_wave(assessment, day=timezone.now() - timedelta(days=100))
    page, wave = client_of(facilitator), make_open_wave(assessment)
    Wave.objects.filter(pk=wave.pk).update(closes_on=ago(-10))
    make(ecosystem, "Some day")
    make(ecosystem, "From before", due_on=ago(200))
    make(ecosystem, "Until it closes", due_on=ago(-10))
    make(ecosystem, "After it", due_on=ago(-11))
    done = {"state": CommitmentState.DONE}
    make(ecosystem, "Done since", due_on=ago(50), closed_on=ago(40), **done)
    make(ecosystem, "Done early", due_on=ago(-300), closed_on=ago(40), **done)
    make(ecosystem, "Done long ago", due_on=ago(200), closed_on=ago(190), **done)
    rows = [("From before", "late"), ("Done since", "done"), ("Until it closes", "open"), ("Done early", "done")]
    rows.append(("Some day", "open"))
    assert told(page.get(address("wave", wave))) == ("5 commitments, 1 overdue", rows)
    Assessment.objects.filter(pk=assessment.pk).update(about=About.LEADER, leader=facilitator)
    assert told(page.get(address("wave", wave))) is None


def test_results_tell_what_was_promised_for_them(client_of: LogIn, viewer: User, ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem)
    first = make_scored_wave(assessment, day=timezone.now() - timedelta(days=100))
    second = make_scored_wave(assessment, day=timezone.now() - timedelta(days=20))
    for number in range(8):
        make(ecosystem, f"Done {number}", state=CommitmentState.DONE, due_on=ago(60 - number), closed_on=ago(50))
    make(ecosystem, "Not yet", due_on=ago(5))
    make(ecosystem, "Some day, said only after it")
    page = client_of(viewer)
    assert told(page.get(address("results", first))) is None
    shown = page.get(address("results", second))
    assert shown.context["returning"].words == "8 commitments"
    assert "2 more on the board" in shown.content.decode()


@pytest.mark.parametrize("promised", [1, 9])
def test_it_costs_one_query(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, promised: int, django_assert_num_queries: Any
) -> None:
    workshop = make_workshop(ecosystem)
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan())
    for number in range(promised):
        make(ecosystem, f"One {number}", due_on=ago(number))
    page, here = client_of(facilitator), address("console", workshop)
    page.get(here)
    with django_assert_num_queries(13):
        page.get(here)
