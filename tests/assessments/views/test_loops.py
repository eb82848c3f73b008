"""The feedback-loops page: finding, map, health, signals, names."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import CommitmentSource
from assessments.models import Commitment, FeedbackSummary, Signal, Wave
from assessments.selectors.definitions import MARKS
from assessments.services.maps.loop_names import canonical, name_loop
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import DrawnLink, Ecosystem, LoopName, User
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave
from tests.factories.scenarios import make_measured_map, make_scenario, run_now

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = timezone.now()
HOME, RESULTS = 20, 11
FEW = {"customers": 5, "employees": 5}


def address(ecosystem: Ecosystem, name: str = "loops", *args: object) -> str:
    return reverse(f"assessments:{name}", args=[ecosystem.organization.slug, ecosystem.slug, *args])


@pytest.fixture
def circle(ecosystem: Ecosystem) -> str:
    """The key of a loop of learning, products and something that nobody measures."""
    maker = MapMaker(ecosystem)
    keys = [maker.factor("Learning", "ADA"), maker.factor("Products", "INN"), maker.factor("Energy")]
    for source, target in zip(keys, [*keys[1:], keys[0]], strict=True):
        maker.link(source, target, strength=1)
    return ">".join(str(key) for key in keys)


@pytest.fixture
def waves(ecosystem: Ecosystem, circle: str) -> list[Wave]:
    """Two waves; adaptability fell."""
    assessment = make_assessment(ecosystem)
    found = [
        make_scored_wave(assessment, day=NOW - timedelta(days=200), title="Spring"),
        make_scored_wave(assessment, day=NOW - timedelta(days=9), title="Autumn", shift={"ADA": -18.0}, seed=4),
    ]
    summarise(ecosystem_id=ecosystem.pk)
    return found


def test_the_page_opens_with_the_finding_and_tells_health_member_and_absence(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, circle: str, waves: list[Wave]
) -> None:
    name_loop(ecosystem=ecosystem, members=circle, by=None, name="Learning pays")
    summarise(ecosystem_id=ecosystem.pk)
    answer = client_of(viewer).get(address(ecosystem))
    page = answer.context["page"]
    assert page.finding == "“Learning pays” is weakening"
    (row,) = page.rows
    assert (row.tag, row.trend_words, row.is_named) == ("R1", "weakening", True)
    assert (row.drag, row.absent) == ("Learning pulls it down most.", "Without a score from ratings: Energy.")
    assert [one.is_now for one in row.waves] == [False, True]
    assert page.learning.signals
    assert not Wave.objects.filter(results_shown=False).exists()
    lit = client_of(viewer).get(address(ecosystem), {"loop": circle}).context["page"]
    assert lit.chosen == row
    assert client_of(viewer).get(address(ecosystem), {"loop": "nonsense"}).context["page"].chosen is None


def test_without_a_map_or_a_loop_or_a_wave_the_page_says_so(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem
) -> None:
    client = client_of(viewer)
    assert client.get(address(ecosystem)).context["page"].finding == "No map yet"
    maker = MapMaker(ecosystem)
    one, two = maker.factor("One"), maker.factor("Two")
    maker.link(one, two)
    found = client.get(address(ecosystem)).context["page"]
    assert found.finding == "No loop yet: nothing on the map comes back to where it began"
    assert (found.transmitters, found.receivers) == (("One",), ("Two",))
    maker.link(two, one, -1)
    found = client.get(address(ecosystem)).context["page"]
    assert found.finding == "1 loop; trends come with the second wave"
    assert [(row.tag, row.waves) for row in found.rows] == [("B1", ())]
    assert client.get(found.rows[0].url).status_code == 200


def link_all(keys: list[int], ecosystem: Ecosystem) -> None:
    """Let each of these factors work on each other."""
    links = [DrawnLink(ecosystem=ecosystem, source_id=a, target_id=b, sign=1) for a, b in permutations(keys, 2)]
    DrawnLink.objects.bulk_create(links, ignore_conflicts=True)


def test_loops_that_are_not_listed_are_counted(client_of: LogIn, viewer: User, ecosystem: Ecosystem) -> None:
    """Each of six factors works on each other: Σ 6!/((6 − k)!·k) = 409 circles of 2 to 6."""
    link_all(MapMaker(ecosystem).many(6), ecosystem)
    answer = client_of(viewer).get(address(ecosystem))
    assert len(answer.context["page"].rows) == 30
    body = answer.content.decode()
    assert "6 factors, 30 links, 409 loops." in body
    assert answer.context["page"].finding == "409 loops; trends come with the second wave"
    assert "409 loops; listed are the shortest, and those with a name." in body


def test_loops_beyond_the_cap_of_the_search_are_said_to_be_more(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem
) -> None:
    """Nine factors: Σ 9!/((9 − k)!·k) = 85,344 circles of 2 to 8, one by one too many to be gone through."""
    link_all(MapMaker(ecosystem).many(9), ecosystem)
    client, cut = client_of(viewer), "loops; listed are the shortest, and those with a name."
    answer = client.get(address(ecosystem))
    assert answer.context["page"].finding == "More than 2,000 loops; trends come with the second wave"
    body = answer.content.decode()
    assert f"More than 2,000 {cut} Loops of more than 8 factors are not looked for." in body
    make_scored_wave(make_assessment(ecosystem), answers=FEW)
    summarise(ecosystem_id=ecosystem.pk)
    answer = client.get(address(ecosystem))
    body = answer.content.decode()
    assert "9 factors, 72 links, more than 20,000 loops." in body
    assert f"More than 20,000 {cut} Loops of more than 8 factors are not looked for." in body
    assert [len(row.members) for row in answer.context["page"].rows] == [2] * 30
    home = client.get(ecosystem.organization.get_absolute_url())
    assert home.context["loops"].loops == "More than 20,000 loops; trends come with the second wave."


def test_a_loop_has_a_page_a_name_and_a_way_to_a_commitment(
    client_of: LogIn, facilitator: User, viewer: User, ecosystem: Ecosystem, circle: str, waves: list[Wave]
) -> None:
    client, url = client_of(facilitator), address(ecosystem, "loop", circle)
    answer = client.get(url)
    page = answer.context["page"]
    assert "maxlength" not in str(answer.context["form"])
    assert {one.name for one in page.members} == {"Learning", "Products", "Energy"}
    assert ("Learning", "Products", "drawn") in [(one.source, one.target, one.held) for one in page.links]
    assert client.post(url, {"name": "Learning pays", "note": "It does"}).status_code == 302
    assert LoopName.objects.get().name == "Learning pays"
    assert "Learning pays" in unescape(client.get(url).content.decode())
    too_long = client.post(url, {"name": "x" * 81})
    assert too_long.status_code == 200
    assert "x" * 81 in too_long.content.decode()
    assert client_of(viewer).post(url, {"name": "Mine"}).status_code == 403
    assert client.get(address(ecosystem, "loop", "900001>900002>900003")).status_code == 404
    assert client.get(address(ecosystem, "loop", "nonsense")).status_code == 404


def test_a_loop_tells_what_was_promised_on_it_and_opens_its_scores(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, circle: str, waves: list[Wave], django_assert_num_queries: Any
) -> None:
    client, url = client_of(viewer), address(ecosystem, "loop", circle)
    assert "Nothing was promised yet from this loop" in client.get(url).content.decode()

    def promise(text: str, **changes: Any) -> None:
        owned = {"organization": ecosystem.organization, "ecosystem": ecosystem, "owner_name": "Lena"}
        Commitment.objects.create(text=text, **owned, **changes)

    promise("From the loop", source=CommitmentSource.LOOP, source_code=circle)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    promise("For a member", facet="ADA")
    promise("Elsewhere", facet="SUS")
    promise("From another loop", source=CommitmentSource.LOOP, source_code="1>2")
    with django_assert_num_queries(len(one)):
        page = client.get(url)
    assert {row.commitment.text for row in page.context["commitments"]} == {"From the loop", "For a member"}
    scores = {member.name: member.url for member in page.context["page"].members}
    assert scores == {
        "Energy": "",
        **{
            name: reverse("assessments:results-code", args=[ecosystem.organization.slug, waves[1].pk, code])
            for name, code in (("Learning", "ADA"), ("Products", "INN"))
        },
    }
    assert client.get(scores["Learning"]).status_code == 200


def test_a_signal_is_declined_by_those_who_run_it(
    client_of: LogIn, facilitator: User, viewer: User, ecosystem: Ecosystem, waves: list[Wave]
) -> None:
    signal: Any = Signal.objects.filter(wave=waves[1]).first()
    url = address(ecosystem, "signal-act", signal.pk, "decline")
    assert client_of(viewer).post(url, {"why": "No"}).status_code == 403
    client_of(facilitator).post(url, {"why": " "})
    signal.refresh_from_db()
    assert signal.declined_on is None
    client_of(facilitator).post(url, {"why": "No money"})
    signal.refresh_from_db()
    assert signal.declined_why == "No money"
    body = unescape(client_of(facilitator).get(address(ecosystem)).content.decode())
    assert "Nothing will be done: No money" in body
    client_of(facilitator).post(address(ecosystem, "signal-act", signal.pk, "reopen"))
    signal.refresh_from_db()
    assert signal.declined_on is None


def test_the_entry_leads_to_the_only_ecosystem(client_of: LogIn, viewer: User, ecosystem: Ecosystem) -> None:
    home = reverse("assessments:loops-home", args=[ecosystem.organization.slug])
    assert client_of(viewer).get(home).headers["Location"] == address(ecosystem)


@pytest.mark.parametrize("loops", [1, 4])
def test_queries_are_as_many_at_one_loop_as_at_four(
    client_of: LogIn,
    viewer: User,
    ecosystem: Ecosystem,
    circle: str,
    waves: list[Wave],
    loops: int,
    django_assert_num_queries: Any,
) -> None:
    maker, first = MapMaker(ecosystem), int(circle.split(">")[0])
    for number in range(loops - 1):
        other = maker.factor(f"Other {number}")
        maker.link(first, other)
        maker.link(other, first)
    summarise(ecosystem_id=ecosystem.pk)
    client = client_of(viewer)
    client.get(address(ecosystem))
    with django_assert_num_queries(24):
        assert len(client.get(address(ecosystem)).context["page"].rows) == loops


def test_a_loop_that_no_summary_keeps_can_be_opened_and_named(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, waves: list[Wave], circle: str
) -> None:
    learning, products, _energy = circle.split(">")
    MapMaker(ecosystem).link(int(products), int(learning), sign=-1)
    client, url = client_of(facilitator), address(ecosystem, "loop", f"{products}>{learning}")
    answer = client.get(url)
    page = answer.context["page"]
    assert (page.is_kept, page.row.balancing, page.row.key) == (False, True, canonical(f"{learning}>{products}"))
    assert "its health comes with the next summary" in answer.content.decode()
    assert client.post(url, {"name": "Tired of new things", "note": ""}).status_code == 302
    summarise(ecosystem_id=ecosystem.pk)
    page = client.get(url).context["page"]
    assert (page.is_kept, page.row.name) == (True, "Tired of new things")


def test_the_latest_scenario_stands_on_the_page(
    client_of: LogIn, leader: User, viewer: User, facilitator: User, ecosystem: Ecosystem
) -> None:
    keys, _wave = make_measured_map(ecosystem)
    assert client_of(viewer).get(address(ecosystem)).context["scenario"] is None
    scenario = run_now(make_scenario(ecosystem, keys, by=leader))
    answer = client_of(viewer).get(address(ecosystem))
    assert answer.context["scenario"].scenario == scenario
    assert answer.context["scenario"].forecast
    body = unescape(answer.content.decode())
    assert "What if we eased the load?" in body
    assert f"{address(ecosystem, 'scenario-new')}?from={scenario.pk}" not in body
    assert address(ecosystem, "reply-page") not in body
    body = client_of(facilitator).get(address(ecosystem)).content.decode()
    assert f"{address(ecosystem, 'scenario-new')}?from={scenario.pk}" in body
    assert address(ecosystem, "reply-page") in body


@pytest.mark.parametrize("more", [0, 2])
def test_home_and_results_tell_the_loop_that_moved_most_and_the_oldest_signal(
    client_of: LogIn,
    admin: User,
    ecosystem: Ecosystem,
    circle: str,
    waves: list[Wave],
    more: int,
    django_assert_num_queries: Any,
) -> None:
    maker, first = MapMaker(ecosystem), int(circle.split(">")[0])
    for number in range(more):
        other = maker.factor(f"Other {number}")
        maker.link(first, other, 1)
        maker.link(other, first, 1)
    name_loop(ecosystem=ecosystem, members=circle, by=None, name="Learning pays")
    summarise(ecosystem_id=ecosystem.pk)
    client, home = client_of(admin), ecosystem.organization.get_absolute_url()
    told = client.get(home).context["loops"]
    assert told.loops.startswith("“Learning pays” is weakening. Level " if not more else "“")
    oldest = Signal.objects.order_by("raised_on", "pk")[0]
    days = (timezone.localdate() - oldest.raised_on).days
    assert told.oldest == f"Without an answer for {days} days: {oldest.title}"
    assert told.url == address(ecosystem)
    raised = Signal.objects.count()
    assert told.cycle == f"0 of {raised} signals got an answer."
    by_code = Counter(Signal.objects.exclude(dimension="").values_list("dimension", flat=True))
    assert by_code
    assert [(one.mark, one.raised, one.answered) for one in told.by_dimension] == [
        (MARKS[code], by_code[code], 0) for code in sorted(by_code)
    ]
    assert unescape(client.get(home).content.decode()).count(" answered</span>") == len(by_code)
    with django_assert_num_queries(HOME):
        client.get(home)

    newest = reverse("assessments:results", args=[ecosystem.organization.slug, waves[1].pk])
    assert client.get(newest).context["loops"] == told
    assert told.oldest in unescape(client.get(newest).content.decode())
    with django_assert_num_queries(RESULTS):
        client.get(newest)
    yesterday = timezone.localdate() - timedelta(days=1)
    for state, due_on in (("open", None), ("open", yesterday), ("done", None), ("dropped", None), ("proposed", None)):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text="Something",
            owner_name="Lena",
            state=state,
            due_on=due_on,
            closed_on=yesterday if state in ("done", "dropped") else None,
            closing_note="Nobody had time" if state == "dropped" else "",
        )
    promised = client.get(home).context["loops"]
    assert (promised.promised, promised.promised_url) == (
        "Promised: 2 open (1 late), 1 done.",
        address(ecosystem, "commitments"),
    )
    earlier = client.get(reverse("assessments:results", args=[ecosystem.organization.slug, waves[0].pk]))
    assert earlier.context["loops"].oldest == ""
    assert earlier.context["loops"].loops.endswith("with the second wave.")
    assert earlier.context["loops"].map_said == "On the map of today: none was kept when this wave closed."


def test_waves_whose_signals_are_counted_are_shown_for_good(
    client_of: LogIn, admin: User, ecosystem: Ecosystem, waves: list[Wave]
) -> None:
    """What fell at a wave of another assessment counts among what was heard: that wave opens no more."""
    day = NOW - timedelta(days=100)
    other = make_scored_wave(make_assessment(ecosystem, name="Pulse"), day=day, answers=FEW)
    Signal.objects.create(ecosystem=ecosystem, wave=other, kind="finding", code="SUS", raised_on=day.date())
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    place = [ecosystem.organization.slug, waves[1].pk]
    for page in (ecosystem.organization.get_absolute_url(), reverse("assessments:results", args=place)):
        Wave.objects.update(results_shown=False)
        assert client_of(admin).get(page).context["loops"].cycle
        assert Wave.objects.get(pk=other.pk).results_shown


def test_an_earlier_wave_says_which_version_of_the_map_its_loops_are_on(
    client_of: LogIn, admin: User, ecosystem: Ecosystem, circle: str, waves: list[Wave]
) -> None:
    summarise(ecosystem_id=ecosystem.pk)
    for row in FeedbackSummary.objects.all():
        row.results["map_version"] = 1
        row.save()
    page = reverse("assessments:results", args=[ecosystem.organization.slug, waves[0].pk])
    told = client_of(admin).get(page)
    assert told.context["loops"].map_said == "On the map as it stood when this wave closed."
    assert told.context["loops"].map_url == address(ecosystem, "map-version", 1)
    assert "Open that map" in told.content.decode()


def test_without_a_summary_home_and_results_say_nothing_of_loops(
    client_of: LogIn, admin: User, ecosystem: Ecosystem
) -> None:
    wave, client = make_scored_wave(make_assessment(ecosystem)), client_of(admin)
    assert client.get(ecosystem.organization.get_absolute_url()).context["loops"] is None
    url = reverse("assessments:results", args=[ecosystem.organization.slug, wave.pk])
    assert client.get(url).context["loops"] is None
