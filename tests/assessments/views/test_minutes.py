"""The minutes of a workshop: who may read them, what they say, and what their files hold."""

import csv
import io
import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ActivityKind, NoteKind, RoundState, WorkshopState
from assessments.links import minutes_token
from assessments.models import Activity, Commitment, Idea, IdeaCluster, Reason, Round, Workshop, WorkshopNote
from assessments.models.activity_plans import DotsPlan, Item, LinksPlan, Option, Pair, RatePlan
from assessments.services import stage
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.instruments import make_default_instrument
from tests.factories.results import make_scored_wave
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop, vote

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def url(workshop: Workshop, query: str = "") -> str:
    return reverse("assessments:minutes", args=[workshop.organization.slug, workshop.pk]) + query


def by_link(workshop: Workshop, query: str = "") -> str:
    return reverse("assessments:minutes-by-link", args=[minutes_token(workshop)]) + query


def rated(workshop: Workshop, by: User, *rounds: list[int], **changes: Any) -> Activity:
    """A step in which the same people rated, once for each list of values, all revealed."""
    activity = make_activity(workshop, **changes)
    seats = make_seats(workshop, len(rounds[0]))
    for values in rounds:
        round = make_round(activity)
        vote(round, seats, values)
        stage.reveal_round(round=round, by=by)
        Round.objects.filter(pk=round.pk).update(state=RoundState.DISCUSSED)
    return activity


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def page(client_of: LogIn, viewer: User) -> Client:
    """A viewer: every member may read the minutes."""
    return client_of(viewer)


# who may read


def test_a_draft_is_for_those_who_run_it(
    client_of: LogIn, ecosystem: Ecosystem, viewer: User, facilitator: User, leader: User
) -> None:
    workshop = make_workshop(ecosystem)
    workshop.co_facilitators.add(leader)
    assert [client_of(one).get(url(workshop)).status_code for one in (viewer, leader, facilitator)] == [403, 200, 200]
    assert "still running" in client_of(facilitator).get(url(workshop)).content.decode()
    stage.end_workshop(workshop=workshop, by=facilitator)
    assert client_of(viewer).get(url(workshop)).status_code == 200


def test_a_link_opens_the_minutes_of_an_ended_workshop_alone(ecosystem: Ecosystem) -> None:
    live, ended = make_workshop(ecosystem), make_workshop(ecosystem, state=WorkshopState.ENDED)
    rehearsal = make_workshop(ecosystem, state=WorkshopState.ENDED, rehearsal_of=ended)
    assert [Client().get(by_link(one)).status_code for one in (live, ended, rehearsal)] == [404, 200, 404]
    forged = reverse("assessments:minutes-by-link", args=[minutes_token(ended)[:-1] + "!"])
    assert Client().get(forged).status_code == 404
    answer = Client().get(by_link(ended))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


# what they say


def test_two_rounds_with_the_shift_in_words(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    rated(workshop, facilitator, [3, 4, 5, 6, 7, 8], [6, 6, 6, 6, 7, 7])
    stage.end_workshop(workshop=workshop, by=facilitator)
    said = page.get(url(workshop)).content.decode()
    assert "The median moved from 5.5 to 6 and the room moved closer" in said
    assert "<b>Round 1:</b> The median is 5.5; the middle half spans 4.3 to 6.8." in said
    assert "2 rounds" in said
    assert "6 people" in said


def test_what_was_withheld_or_hidden_says_so(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    rated(workshop, facilitator, [3, 4, 9, 9])
    hidden = make_activity(workshop, title="Hidden step", started_at=timezone.now())
    vote(make_round(hidden), make_seats(workshop, 9), [8] * 9)
    stage.end_workshop(workshop=workshop, by=facilitator)
    said = page.get(url(workshop)).content.decode()
    assert "Withheld: protects a small group. A result is shown from 5 people on." in said
    assert "1 round was asked and not revealed. Its answers stay hidden." in said
    assert "The median" not in said
    assert [(row["Shown"], row["People"], row["Median"]) for row in table(page.get(url(workshop, "?format=csv")))] == [
        ("withheld", "", "")
    ]
    document = json.loads(page.get(url(workshop, "?format=json")).content)
    assert [len(step["rounds"]) for step in document["steps"]] == [1, 0]


def test_decisions_commitments_notes_and_ideas(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop, kind=ActivityKind.IDEAS, title="What would help?", started_at=timezone.now())
    round = make_round(step, state=RoundState.REVEALED, results={"authors": 6, "shown": 3, "withheld": False})
    cluster = IdeaCluster.objects.create(activity=step, title="Suppliers")
    seat = make_seats(workshop, name="Ana")[0]
    about: dict[str, Any] = {"activity": step, "round": round, "is_shown": True, "seat": seat}
    first = Idea.objects.create(key=uuid.uuid4(), text="A second supplier", cluster=cluster, **about)
    Idea.objects.create(key=uuid.uuid4(), text="Two suppliers", merged_into=first, **about)
    Idea.objects.create(key=uuid.uuid4(), text="A picnic", is_parked=True, **about)
    WorkshopNote.objects.create(workshop=workshop, activity=step, kind=NoteKind.DECISION, text="We ask two more farms")
    WorkshopNote.objects.create(workshop=workshop, text="Lunch was late")
    Commitment.objects.create(
        organization=workshop.organization,
        ecosystem=ecosystem,
        workshop=workshop,
        text="Call the farms",
        owner_name="<b>Ana</b>",
        due_on=timezone.now().date(),
    )
    stage.end_workshop(workshop=workshop, by=facilitator)
    shown = page.get(url(workshop)).context["page"]
    assert [note.text for note in shown.decisions] == ["We ask two more farms"]
    assert [promise.commitment.text for promise in shown.promises] == ["Call the farms"]
    assert [note.text for note in shown.notes] == ["Lunch was late"]
    (only,) = shown.steps
    assert [(one.title, [(line.text, line.by, line.also) for line in one.lines]) for one in only.clusters] == [
        ("Suppliers", [("A second supplier", "", ("Two suppliers",))])
    ]
    assert [line.text for line in only.parked] == ["A picnic"]
    assert "&lt;b&gt;Ana&lt;/b&gt;" in page.get(url(workshop)).content.decode()


def test_a_step_without_anything_says_why(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED)
    make_activity(workshop, title="Late", started_at=timezone.now(), is_skipped=True)
    for title in ("Silent", "Noted"):
        step = make_activity(workshop, kind=ActivityKind.TALK, title=title, started_at=timezone.now())
    WorkshopNote.objects.create(workshop=workshop, activity=step, text="Said")
    steps = page.get(url(workshop)).context["page"].steps
    assert [(one.title, one.remarks) for one in steps] == [
        ("Late", ("This step was skipped.",)),
        ("Silent", ("The room talked. Nothing was written down here.",)),
        ("Noted", ()),
    ]


def test_votes_on_links_lead_members_to_the_causal_map_once_they_are_there(
    client_of: LogIn, page: Client, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    plan = LinksPlan(pairs=(Pair("p", "Trust", "Openness"),))
    round = make_round(make_activity(workshop, kind=ActivityKind.LINKS, plan=plan))
    vote(round, make_seats(workshop, 6), [2] * 6, item="p")
    stage.reveal_round(round=round, by=facilitator)
    kept = reverse("assessments:map-list", args=[ecosystem.organization.slug, ecosystem.slug])
    assert f'href="{kept}"' not in client_of(facilitator).get(url(workshop)).content.decode()
    stage.end_workshop(workshop=workshop, by=facilitator)
    assert f'href="{kept}"' in page.get(url(workshop)).content.decode()
    assert f'href="{kept}"' not in page.get(by_link(workshop)).content.decode()


def test_names_stand_in_named_workshops_alone(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    for named in (True, False):
        workshop = make_workshop(ecosystem, named=named)
        step = rated(workshop, facilitator, [3, 4, 5, 6, 7, 8])
        seat = make_seats(workshop, name="Ana Kim")[0]
        Reason.objects.create(round=step.rounds.get(), seat=seat, item="ready", text="It rained", is_shown=True)
        stage.end_workshop(workshop=workshop, by=facilitator)
        said = page.get(url(workshop)).content.decode()
        assert ("It rained" in said, "Ana Kim" in said) == (True, named)


def test_who_voted_what_is_for_members_of_named_workshops(
    page: Client, ecosystem: Ecosystem, facilitator: User
) -> None:
    for named in (True, False):
        workshop = make_workshop(ecosystem, named=named)
        make_seats(workshop, 1, name="Uncounted")
        step = make_activity(workshop)
        seats = [seat for name in ("Ana", "Ben", "Cem", "Dee", "Eve") for seat in make_seats(workshop, 1, name=name)]
        vote(round := make_round(step), seats, [3, 3, 5, 6, 7])
        stage.reveal_round(round=round, by=facilitator)
        stage.end_workshop(workshop=workshop, by=facilitator)
        (only,) = page.get(url(workshop)).context["page"].steps
        values = [(value, names) for item in only.by_name for value, names in item.values]
        told = [("3", ("Ana", "Ben")), ("5", ("Cem",)), ("6", ("Dee",)), ("7", ("Eve",))]
        assert values == (told if named else [])
        pages = [page.get(url(workshop)), page.get(url(workshop, "?format=html")), Client().get(by_link(workshop))]
        assert ["Ana, Ben" in one.content.decode() for one in pages] == [named, named, False]


def test_one_that_nobody_ended_says_so(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state=WorkshopState.ENDED, ended_itself=True)
    Workshop.objects.filter(pk=workshop.pk).update(ended_at=timezone.now() + timedelta(minutes=72))
    said = page.get(url(workshop)).content.decode()
    assert "It ended by itself: no facilitator had done anything for 12 hours." in said
    assert "1 hour 12 minutes" in said
    assert "No step of the agenda was reached." in said


def test_the_waves_own_score_stands_beside(page: Client, ecosystem: Ecosystem, facilitator: User) -> None:
    make_default_instrument()
    wave = make_scored_wave(make_assessment(ecosystem), title="Autumn 2026", seed=2)
    workshop = make_workshop(ecosystem, wave=wave)
    item = Item(key="ready", text="How ready are we?", facet="ADA-SPEED", dimension="ADA")
    rated(workshop, facilitator, [3, 4, 5, 6, 7, 8], plan=RatePlan(items=(item,)))
    stage.end_workshop(workshop=workshop, by=facilitator)
    (shown,) = page.get(url(workshop)).context["page"].steps[0].shown
    assert (shown.beside.room, shown.beside.name, shown.beside.wave) == (
        "median 5.5 on 1 to 10",
        "Speed of response",
        "Autumn 2026",
    )
    said = page.get(url(workshop)).content.decode()
    assert f"{shown.beside.score}</a>." in said
    assert "neither enters the other" in said
    wave.refresh_from_db()
    assert wave.results_shown
    assert "<a" not in Client().get(by_link(workshop)).content.decode().split("minutes-beside")[1].split("</p>")[0]


def test_the_page_of_a_score_names_the_workshops_that_asked_too(
    page: Client, ecosystem: Ecosystem, facilitator: User
) -> None:
    make_default_instrument()
    wave = make_scored_wave(make_assessment(ecosystem), title="Autumn 2026", seed=2)
    day = timezone.now().replace(year=2026, month=11, day=14, hour=12)
    plan = RatePlan(items=(Item(key="ready", text="How ready?", facet="ADA-SPEED", dimension="ADA"),))
    for values, about in (([3, 4, 5, 6, 6, 8], wave), ([9] * 4, wave), ([1] * 9, None)):  # shown, withheld, elsewhere
        workshop = make_workshop(ecosystem, wave=about, started_at=day)
        rated(workshop, facilitator, values, plan=plan)
        stage.end_workshop(workshop=workshop, by=facilitator)
    rated(make_workshop(ecosystem, wave=wave), facilitator, [2] * 9, plan=plan)  # not ended
    args = [ecosystem.organization.slug, wave.pk]
    facet = page.get(reverse("assessments:results-code", args=[*args, "ADA-SPEED"]))
    assert [room.words for room in facet.context["rooms"]] == [
        "Also asked in the workshop of 14 November 2026: median 5.5 on 1 to 10."
    ]
    assert "14 November 2026" in facet.content.decode()
    assert page.get(reverse("assessments:results-code", args=[*args, "ADA"])).context["rooms"] == ()


# files


@pytest.fixture
def ended(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    workshop = make_workshop(ecosystem, title='=HYPERLINK("x")\r\nBcc: a@b.example')
    rated(workshop, facilitator, [3, 4, 5, 6, 7, 8], title="=1+1")
    dots = DotsPlan(options=(Option("a", "@Farms"), Option("b", "Mills")))
    step = make_activity(workshop, kind=ActivityKind.DOTS, plan=dots)
    round, seats = make_round(step), make_seats(workshop, 5)
    vote(round, seats, [3, 3, 3, 3, 3], item="a")
    vote(round, seats, [2, 2, 2, 2, 2], item="b")
    stage.reveal_round(round=round, by=facilitator)
    links = LinksPlan(pairs=(Pair("p", "Trust", "Speed"),))
    round = make_round(make_activity(workshop, kind=ActivityKind.LINKS, plan=links))
    vote(round, seats, [2, 2, 1, -1, 0], item="p")
    stage.reveal_round(round=round, by=facilitator)
    return stage.end_workshop(workshop=workshop, by=facilitator)


def test_the_table_holds_each_thing_asked(page: Client, ended: Workshop) -> None:
    answer = page.get(url(ended, "?format=csv"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "\n" not in answer.headers["Content-Disposition"]
    columns = ("Title", "Round", "Question", "Group", "Shown", "People", "Median", "Dots", "Share: raises")
    assert [[row[column] for column in columns] for row in table(answer)] == [
        ["'=1+1", "1", rows_question(), "Everybody", "yes", "6", "5.5", "", ""],
        ["How ready are we?", "1", "'@Farms", "Everybody", "yes", "5", "", "15", ""],
        ["How ready are we?", "1", "Mills", "Everybody", "yes", "5", "", "10", ""],
        ["How ready are we?", "1", "Trust → Speed", "Everybody", "yes", "5", "1", "", "0.6"],
    ]


def rows_question() -> str:
    return "If a main supplier failed tomorrow, how ready would we be?"


def test_the_file_stands_by_itself(page: Client, ended: Workshop) -> None:
    answer = page.get(url(ended, "?format=html"))
    text = answer.content.decode()
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Disposition"].endswith('-minutes.html"')
    assert ".minutes-facts" in text
    assert [mark for mark in ("<script", "<link", "src=", 'href="/', "url(", "@import") if mark in text] == []
    assert "=HYPERLINK(&quot;x&quot;)" in text


def test_the_document_is_what_was_revealed(page: Client, ended: Workshop) -> None:
    document = json.loads(page.get(url(ended, "?format=json")).content)
    assert [step["kind"] for step in document["steps"]] == ["rate", "dots", "links"]
    stored = [round.results for round in Round.objects.order_by("pk")]
    assert [step["rounds"][0]["results"] for step in document["steps"]] == stored
    assert document["workshop"]["took_part"] == 11


def test_an_unknown_format_is_not_found(page: Client, ended: Workshop) -> None:
    assert page.get(url(ended, "?format=exe")).status_code == 404


def test_commitments_lead_those_who_may_open_them_to_where_they_stand_today(
    page: Client, ecosystem: Ecosystem, facilitator: User
) -> None:
    workshop = make_workshop(ecosystem)
    of = {"organization": ecosystem.organization, "ecosystem": ecosystem, "workshop": workshop, "owner_name": "Lena"}
    late = Commitment.objects.create(text="Call the farms", due_on=date(2026, 1, 2), **of)
    done = Commitment.objects.create(text="Meet them", state="done", closed_on=timezone.localdate(), **of)
    stage.end_workshop(workshop=workshop, by=facilitator)
    shown = page.get(url(workshop))
    promises = [(one.commitment, one.state, one.badge, bool(one.closed)) for one in shown.context["promises"]]
    assert promises == [(late, "late", "warn", False), (done, "done", "good", True)]
    for one in shown.context["promises"]:
        assert page.get(one.url).status_code == 200
        assert f'<a href="{one.url}">{one.commitment.text}</a>' in shown.content.decode()
    for answer in (Client().get(by_link(workshop)), page.get(url(workshop, "?format=html"))):
        said = answer.content.decode()
        assert ("/commitments/" in said, "late" in said.split(), "Call the farms" in said) == (False, False, True)


def test_what_is_revealed_so_far_can_be_exported(client_of: LogIn, ecosystem: Ecosystem, facilitator: User) -> None:
    workshop = make_workshop(ecosystem)
    rated(workshop, facilitator, [3, 4, 5, 6, 7, 8])
    vote(make_round(make_activity(workshop)), make_seats(workshop, 9), [8] * 9)
    found = table(client_of(facilitator).get(url(workshop, "?format=csv")))
    assert [(row["Step"], row["Median"]) for row in found] == [("1", "5.5")]


def test_the_same_queries_for_one_and_for_many(
    page: Client,
    ecosystem: Ecosystem,
    facilitator: User,
    django_assert_num_queries: Any,
) -> None:
    counts = []
    for steps in (1, 6):
        workshop = make_workshop(ecosystem)
        for _number in range(steps):
            activity = rated(workshop, facilitator, [3, 4, 5, 6, 7, 8])
            WorkshopNote.objects.create(workshop=workshop, activity=activity, text="Said")
            Reason.objects.create(round=activity.rounds.get(), item="ready", text="Because", is_shown=True)
        stage.end_workshop(workshop=workshop, by=facilitator)
        page.get(url(workshop))  # the visit of the day is noted once
        with django_assert_num_queries(13):
            page.get(url(workshop))
        counts.append(steps)
    assert counts == [1, 6]
