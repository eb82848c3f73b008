"""Naming themes where comments are shown, and what follows from one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import SignalKind, WorkshopState
from assessments.models import Activity, Comment, Commitment, Idea, IdeaCluster, Signal, Wave
from assessments.models.activity_plans import TalkPlan
from assessments.services.themes import name_theme
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.results import add_comments, make_scored_wave
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
FLOW = "INN-FLOW"


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    wave = make_scored_wave(make_assessment(ecosystem), title="Autumn")
    add_comments(wave.groups.get(key="customers"), "INN-FLOW-1", 12, text="We wait for an answer")
    return wave


def url(wave: Wave, name: str = "code", code: str = FLOW) -> str:
    return reverse(f"assessments:results-{name}", args=[wave.assessment.organization.slug, wave.pk, code])


def in_ecosystem(ecosystem: Ecosystem, name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=[ecosystem.organization.slug, ecosystem.slug, *args])


def theme_of(wave: Wave, count: int = 3, name: str = "Slow answers") -> Signal:
    keys = list(Comment.objects.values_list("key", flat=True)[:count])
    return name_theme(wave=wave, code=FLOW, items=("INN-FLOW-1",), name=name, comments=keys, by=None)


def test_a_leader_ticks_comments_and_names_what_they_say(client_of: LogIn, leader: User, wave: Wave) -> None:
    page = client_of(leader)
    assert b"remark-tick" not in page.get(url(wave)).content
    naming = page.get(url(wave), {"naming": "1"})
    keys = [str(one.remark.key) for one in naming.context["page"].comments.page]
    answer = page.post(url(wave, "theme") + "?naming=1", {"name": "Slow answers", "comments": keys[:3]})
    assert answer["Location"] == url(wave) + "?naming=1#comments"
    theme = Signal.objects.get()
    assert (theme.kind, theme.title, theme.wave) == (SignalKind.THEME, "Slow answers", wave)
    shown = page.get(answer["Location"]).context["page"].comments
    assert [(one.signal, one.count) for one in shown.themes] == [(theme, 3)]
    assert {str(one.remark.key) for one in shown.page if one.themes == ("Slow answers",)} == set(keys[:3])
    only = page.get(url(wave), {"theme": theme.pk}).context["page"].comments
    assert (len(only.page), only.chosen.signal) == (3, theme)
    assert page.get(url(wave, "theme"))["Location"].startswith(url(wave))


def test_a_theme_is_taken_into_a_workshop_by_its_name_alone(
    client_of: LogIn, leader: User, facilitator: User, wave: Wave
) -> None:
    theme = theme_of(wave)
    page, slug = client_of(facilitator), wave.assessment.organization.slug
    address = reverse("assessments:talking-point", args=[slug, wave.pk, FLOW]) + f"?theme={theme.pk}"
    assert address in page.get(url(wave)).content.decode()
    assert address not in client_of(leader).get(url(wave)).content.decode()
    shown = page.get(address).content.decode()
    assert "Take “Slow answers” into a workshop" in shown
    assert "We wait for an answer" not in shown
    page.post(address, {"as_kind": "talk", "workshop": "new", "title": "Debrief"})
    step = Activity.objects.get()
    seen = "What have you seen of it that the others may not have?"
    assert (step.title, step.plan, step.prompt, step.workshop.wave) == ("Slow answers", TalkPlan(FLOW), seen, wave)
    other = reverse("assessments:talking-point", args=[slug, wave.pk, "ECO"]) + f"?theme={theme.pk}"
    assert [page.get(one).status_code for one in (other, f"{address}x")] == [404, 404]


def test_what_is_missing_is_said_and_what_was_typed_stays(client_of: LogIn, leader: User, wave: Wave) -> None:
    page, key = client_of(leader), str(Comment.objects.earliest("key").key)
    shown = page.post(url(wave, "theme") + "?naming=1", {"name": "Kept <name>"})
    assert (shown.status_code, shown.context["naming"]["name"].value()) == (200, "Kept <name>")
    assert "Tick the comments that say it." in shown.content.decode()
    shown = page.post(url(wave, "theme"), {"name": " ", "comments": [key]})
    assert shown.context["naming"].still_ticked == [key]
    assert shown.content.decode().count(" checked") == 1
    page.post(url(wave, "theme"), {"name": "Somebody else’s", "comments": ["9" * 8]})
    assert not Signal.objects.exists()


def test_viewers_read_themes_and_name_none(client_of: LogIn, viewer: User, wave: Wave) -> None:
    theme_of(wave)
    page = client_of(viewer)
    shown = page.get(url(wave), {"naming": "1"})
    assert [one.count for one in shown.context["page"].comments.themes] == [3]
    assert (shown.context["naming"], b"Make a commitment" in shown.content) == (None, False)
    assert page.post(url(wave, "theme"), {"name": "Mine"}).status_code == 403


def test_themes_are_withheld_with_their_comments(client_of: LogIn, leader: User, wave: Wave) -> None:
    theme_of(wave)
    Comment.objects.filter(key__in=list(Comment.objects.values_list("key", flat=True)[:5])).delete()
    page = client_of(leader)
    shown = page.get(url(wave), {"naming": "1"})
    assert (shown.context["page"].comments.state, shown.context["page"].comments.themes) == ("few", ())
    assert "Slow answers" not in shown.content.decode()
    assert page.post(url(wave, "theme"), {"name": "Another"}).status_code == 404


def test_a_theme_waits_among_the_signals_and_becomes_a_commitment(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, wave: Wave
) -> None:
    theme, page = theme_of(wave), client_of(facilitator)
    said = page.get(in_ecosystem(ecosystem, "loops")).content.decode()
    make = f"{in_ecosystem(ecosystem, 'commitment-new')}?source=theme&amp;signal={theme.pk}"
    assert make in said
    assert f"{url(wave)}?theme={theme.pk}#comments" in said
    here = make.replace("&amp;", "&")
    form = page.get(here)
    assert "From: What people wrote: Slow answers" in form.content.decode()
    assert (form.context["form"]["facet"].value(), form.context["form"]["heard"].value()) == (FLOW, "Slow answers")
    page.post(here, {"text": "Answer within a day", "owner_name": "Ana", "expected": "1"})
    made = Commitment.objects.get()
    assert (made.source, made.source_code, made.signal, made.wave) == ("theme", "Slow answers", theme, wave)
    assert make not in page.get(in_ecosystem(ecosystem, "loops")).content.decode()
    shown = page.get(in_ecosystem(ecosystem, "commitment", made.key)).content.decode()
    assert f'<a href="{url(wave)}?theme={theme.pk}#comments">What people wrote: Slow answers</a>' in shown


def test_a_theme_named_by_mistake_is_taken_away(
    client_of: LogIn, facilitator: User, leader: User, ecosystem: Ecosystem, wave: Wave
) -> None:
    remove = in_ecosystem(ecosystem, "signal-act", theme_of(wave).pk, "remove")
    assert client_of(leader).post(remove).status_code == 403
    client_of(facilitator).post(remove)
    assert not Signal.objects.exists()


def test_no_address_makes_a_theme_up(client_of: LogIn, leader: User, ecosystem: Ecosystem, wave: Wave) -> None:
    page, new = client_of(leader), in_ecosystem(ecosystem, "commitment-new")
    finding = Signal.objects.create(ecosystem=ecosystem, wave=wave, kind="finding", code="ADA", raised_on="2026-01-01")
    for query in ("&code=Invented", f"&signal={finding.pk}", "&signal=x", "&cluster=7"):
        page.post(f"{new}?source=theme{query}", {"text": "Do it", "owner_name": "Ana", "expected": "1"})
    assert set(Commitment.objects.values_list("source", flat=True)) == {"free"}


def test_ideas_of_an_ended_workshop_become_a_commitment(
    client_of: LogIn, leader: User, viewer: User, ecosystem: Ecosystem, wave: Wave
) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    step = make_activity(workshop, kind="ideas", started_at=timezone.now())
    cluster = IdeaCluster.objects.create(activity=step, title="Meet more often")
    empty = IdeaCluster.objects.create(activity=step, title="Nothing in it")
    Idea.objects.create(
        key="6f1c2f6c-54b5-4b5a-9d0e-3f5a2c2b7a11", activity=step, cluster=cluster, text="Lunch", is_shown=True
    )
    minutes = reverse("assessments:minutes", args=[workshop.organization.slug, workshop.pk])
    new = in_ecosystem(ecosystem, "commitment-new")
    make = f"{new}?source=theme&amp;cluster={cluster.pk}"
    assert make in client_of(leader).get(minutes).content.decode()
    assert make not in client_of(viewer).get(minutes).content.decode()
    form: Any = client_of(leader).get(make.replace("&amp;", "&")).context["form"]
    assert form["heard"].value() == "Meet more often"
    for one in (cluster, empty):
        query = f"?source=theme&cluster={one.pk}"
        client_of(leader).post(new + query, {"text": one.title, "owner_name": "Ana", "expected": "1"})
    made = Commitment.objects.values_list("text", "source", "source_code", "signal__title").order_by("text")
    told = ("Meet more often", "theme", "Meet more often", "Meet more often")
    assert list(made) == [told, ("Nothing in it", "free", "", None)]
