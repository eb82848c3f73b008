"""The pages that numbers open to, as people of an organization see them."""

import copy
import csv
import gzip
import io
import json
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.dashboards.heard import GroupsHeard
from assessments.enums import GroupKind, WaveState
from assessments.models import Assessment, InstrumentVersion, Wave, WaveGroup
from assessments.scoring.results import WaveResults
from assessments.selectors.definitions import item_codes_of
from assessments.selectors.waves import groups_not_invited
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.ecosystems import make_stakeholder
from tests.factories.results import USUAL, add_answers, add_comments, make_scored_wave, score_now

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
FEW = {"customers": 9, "employees": 8, "partners": 7, "communities": 3, "leaders": 6}


@pytest.fixture
def page(client_of: LogIn, leader: User) -> Client:
    return client_of(leader)


@pytest.fixture
def assessment(ecosystem: Ecosystem) -> Assessment:
    return make_assessment(ecosystem, name="Network assessment")


def url(wave: Wave, name: str, code: str = "") -> str:
    args: list[Any] = [wave.assessment.organization.slug, wave.pk, *([code] if code else [])]
    return reverse(f"assessments:results-{name}", args=args)


def results_of(wave: Wave) -> WaveResults:
    return WaveResults.from_json(Wave.objects.get(pk=wave.pk).result.results)


def rows_of(page: Client, address: str, table: str) -> list[list[str]]:
    response = page.get(address, {"format": "csv", "table": table})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def text_of(page: Client, address: str) -> str:
    response = page.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_index_page_puts_the_numbers_into_the_formula(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment)
    results = results_of(wave)
    scores = [row.overall.value for row in results.dimensions]
    response = page.get(url(wave, "index"))
    shown = response.context["page"]
    assert shown.equal_weights
    terms = [float(one) for one in re.findall(r"ln ([\d.]+)", shown.in_numbers)]
    assert terms == [pytest.approx(score, abs=0.051) for score in scores]
    made = math.exp(sum(math.log(term) for term in terms) / len(terms))
    assert float(shown.in_numbers.rsplit("= ", 1)[1]) == pytest.approx(made, abs=0.11)
    assert float(shown.arithmetic.rsplit("= ", 1)[1]) == pytest.approx(sum(terms) / 5, abs=0.11)
    assert [floor for floor, _value in shown.floors] == ["0.1", "1", "5"]
    assert {one.rank for one in shown.standings} == {1, 2, 3, 4, 5}
    assert shown.orders
    assert rows_of(page, url(wave, "index"), "index")[-1][1] == "Generative Value Index"
    assert len(rows_of(page, url(wave, "index"), "robustness")) == 6


def test_a_dimension_shows_each_group_and_the_arithmetic_of_its_score(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment)
    row = results_of(wave).score("ADA")
    response = page.get(url(wave, "code", "ADA"))
    shown = response.context["page"]
    groups = {one.key: one for one in shown.groups}
    assert {key: one.cell for key, one in groups.items() if key} == dict(row.groups)
    assert groups[""].own
    assert groups[""].cell == row.own
    sums = re.fullmatch(r"\(([\d. +]+)\) / 4 = ([\d.]+)", shown.rule.arithmetic)
    assert sums
    parts = [float(one) for one in sums[1].split(" + ")]
    assert sum(parts) / 4 == pytest.approx(float(sums[2]), abs=0.06)
    assert [one.code for one in shown.parts] == ["ADA-SPEED", "ADA-EFFECT", "ADA-LEARN"]
    assert shown.breadth_loss
    assert shown.reliability[0].figures.startswith("α ")
    assert [one.group for one in shown.agreement.rows] == [one.label for one in shown.groups if one.key]
    assert len(rows_of(page, url(wave, "code", "ADA"), "groups")) == 6


@pytest.mark.parametrize(("small", "heard"), [({}, 4), ({"communities": 2}, 3), ({"communities": 0}, 3)])
def test_satisfaction_says_how_many_groups_were_heard_and_not_why_the_others_were_not(
    page: Client, assessment: Assessment, small: dict[str, int], heard: int
) -> None:
    wave = make_scored_wave(assessment, answers={**USUAL, **small})
    response = page.get(url(wave, "code", "SAT"))
    shown = response.context["page"]
    assert sum(one.cell.value is not None for one in shown.groups if one.key) == heard
    assert shown.heard == GroupsHeard("Groups heard", heard, 4, "")
    assert f"Groups heard: {heard} of 4." in response.content.decode()
    assert "Not invited" not in response.content.decode()
    assert page.get(url(wave, "code", "ADA")).context["page"].heard is None


def test_groups_of_the_network_that_a_wave_did_not_invite_are_not_heard(page: Client, assessment: Assessment) -> None:
    ecosystem = assessment.ecosystem
    wave = make_scored_wave(assessment, answers={**USUAL, "communities": 0}, score=False)
    for group in ("customers", "communities", "partners"):
        make_stakeholder(ecosystem, name=group, group=group)
    assert groups_not_invited(wave) == ()
    wave.groups.filter(key="communities").delete()
    wave.groups.filter(key="partners").update(key="farmers")  # asked as partners are, under another name
    score_now(wave)
    assert groups_not_invited(wave) == ("Communities",)
    shown = page.get(url(wave, "code", "SAT")).content.decode()
    assert "Groups heard: 3 of 4. Not invited: Communities." in shown


def test_a_facet_shows_its_questions_readings_and_way_back(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment)
    response = page.get(url(wave, "code", "INN-FLOW"))
    shown = response.context["page"]
    assert shown.parent == ("Innovation impact", url(wave, "code", "INN"))
    assert [words for _title, words in shown.readings] == [
        "Ideas come often and from many sides, and people hear what became of them.",
        "Few ideas are voiced, or they are forgotten before anyone answers.",
    ]
    assert "When did an idea last come from someone we seldom hear, and what became of it?" in shown.starters
    asked = [one for one in results_of(wave).items if one.facet == "INN-FLOW" and one.reason is None]
    assert [one.code for one in shown.questions.rows] == [one.code for one in asked]
    assert [one.n for one in shown.questions.rows] == [one.n for one in asked]
    table = rows_of(page, url(wave, "code", "INN-FLOW"), "answers")
    first = [row for row in table if row[0] == asked[0].code]
    assert [int(row[4]) for row in first] == [*(asked[0].counts or ()), asked[0].cant_say]


def test_what_only_leaders_were_asked_is_said_to_be_their_own_view(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment)
    shown = page.get(url(wave, "code", "CON")).context["page"]
    assert [one.label for one in shown.groups] == ["Leaders (own view)"]
    assert shown.not_asked == "Customers, Employees, Partners, Communities"
    assert "Nobody but leaders was asked this, so the score is their own view." in shown.rule.sentences
    assert shown.cell == results_of(wave).score("CON").own
    assert {one.groups for one in shown.questions.rows} == {"Leaders"}


def test_every_dimension_facet_block_and_topic_has_its_page(page: Client, assessment: Assessment) -> None:
    make_scored_wave(assessment, seed=1, day=timezone.now() - timedelta(days=200))
    wave = make_scored_wave(assessment, seed=2)
    results = results_of(wave)
    codes = [row.code for row in (*results.dimensions, *results.facets, *results.blocks, *results.constructs)]
    assert len(codes) == 5 + 16 + 5 + 20
    assert {page.get(url(wave, "code", code)).status_code for code in codes} == {200}


@pytest.mark.parametrize("code", ["NOPE", "inn", "INN-FLOW-1", "%00", "ADA'--", "🌾"])
def test_an_unknown_code_is_not_found(page: Client, assessment: Assessment, code: str) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    address = url(wave, "code", "INN").replace("INN", code)
    assert page.get(address).status_code == 404


def test_a_withheld_group_is_nowhere_in_pages_or_files(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    shown = {one.key: one for one in page.get(url(wave, "code", "ADA")).context["page"].groups}
    assert shown["communities"].cell.withheld
    rows = {row[0]: row[1:] for row in rows_of(page, url(wave, "code", "ADA"), "groups")}
    assert rows["Communities"] == ["withheld"] * 4 + [""] * 3
    answered = page.get(url(wave, "json")).json()["results"]
    cells = [row["groups"]["communities"] for row in answered["dimensions"] if "communities" in row["groups"]]
    assert {json.dumps(cell) for cell in cells} == {'{"withheld": true}'}


def test_comments_need_the_minimum_and_name_a_group_from_its_own_minimum_on(
    page: Client, assessment: Assessment
) -> None:
    wave = make_scored_wave(assessment, comment_min_group_size=8)
    customers, employees = (wave.groups.get(key=key) for key in ("customers", "employees"))
    add_comments(customers, "INN-FLOW-1", 7, text="Customer says")
    assert page.get(url(wave, "code", "INN-FLOW")).context["page"].comments.state == "few"
    assert "Customer says" not in text_of(page, url(wave, "code", "INN-FLOW"))

    add_comments(customers, "INN-FLOW-2", 1, text="Customer adds")
    comments = page.get(url(wave, "code", "INN-FLOW")).context["page"].comments
    assert {one.remark.group for one in comments.page} == {"Customers"}

    add_comments(employees, "INN-FLOW-1", 3, text="Employee says")
    comments = page.get(url(wave, "code", "INN-FLOW")).context["page"].comments
    assert len(comments.page.object_list) == 11
    assert {one.remark.group for one in comments.page} == {""}  # the three would be named by exclusion

    whole = page.get(url(wave, "code", "INN")).context["page"].comments
    assert [one.remark.text for one in whole.page] == [one.remark.text for one in comments.page]


def test_many_comments_come_a_page_at_a_time_in_an_order_of_their_own(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment)
    add_comments(wave.groups.get(key="customers"), "INN-FLOW-1", 60, text="<script>alert(1)</script>")
    first, last = (
        page.get(url(wave, "code", "INN-FLOW"), {"comments": number}).context["page"].comments.page for number in (1, 3)
    )
    assert [len(first), len(last)] == [25, 10]
    assert [one.remark.text for one in first] != sorted(one.remark.text for one in first)
    assert "<script>alert" not in page.get(url(wave, "code", "INN-FLOW")).content.decode()


def test_a_few_people_who_write_much_are_not_shown(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, answers={"customers": 6}, comment_min_group_size=8)
    add_comments(wave.groups.get(key="customers"), "INN-FLOW-1", 12)
    assert page.get(url(wave, "code", "INN-FLOW")).context["page"].comments.state == "few"


def test_an_open_wave_shows_index_and_dimensions_and_nothing_below(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, state=WaveState.OPEN)
    add_comments(wave.groups.get(key="customers"), "INN-FLOW-1", 30, text="Said in confidence")
    shown = page.get(url(wave, "code", "INN")).context["page"]
    assert shown.cell.value is not None
    assert (shown.parts, shown.questions, shown.agreement, shown.reliability) == ((), None, None, ())
    assert set(shown.tables) == {"groups"}
    facet = page.get(url(wave, "code", "INN-FLOW")).context["page"]
    assert facet.cell.value is None
    assert facet.comments.state == "open"
    assert "Said in confidence" not in text_of(page, url(wave, "code", "INN-FLOW"))
    assert page.get(url(wave, "index")).context["page"].standings == ()
    assert not Wave.objects.get(pk=wave.pk).result.results.get("items")


def test_two_waves_side_by_side_show_both_numbers_and_the_change(page: Client, assessment: Assessment) -> None:
    before = make_scored_wave(assessment, title="Spring", seed=1, day=timezone.now() - timedelta(days=200))
    after = make_scored_wave(assessment, title="Autumn", seed=2, shift={"INN": 20})
    shown = page.get(url(after, "compare"), {"with": before.pk}).context["page"]
    innovation = next(row for row in shown.rows if row.code == "INN")
    assert innovation.before == results_of(before).score("INN").overall
    assert innovation.after == results_of(after).score("INN").overall
    assert innovation.change.clear
    assert shown.finding.startswith("Clearly higher: Innovation impact")
    assert [label for label, _rows in shown.groups] == ["Customers", "Employees", "Partners", "Communities"]
    table = rows_of(page, f"{url(after, 'compare')}?with={before.pk}", "changes")
    assert table[0][2:4] == ["Spring: Score", "Spring: Low end"]
    assert table[1][0] == "GVI"

    other_way = page.get(url(before, "compare"), {"with": after.pk})
    assert other_way.status_code == 302
    assert other_way["Location"] == f"{url(after, 'compare')}?with={before.pk}"


def test_waves_with_different_questions_compare_what_both_have_and_say_so(page: Client, assessment: Assessment) -> None:
    before = make_scored_wave(assessment, title="Spring", day=timezone.now() - timedelta(days=200))
    definition = copy.deepcopy(before.version.definition)
    innovation = definition["dimensions"][0]
    gone = innovation["facets"].pop(0)["name"]
    version = InstrumentVersion.objects.create(
        instrument=before.version.instrument,
        number=before.version.number + 1,
        published_at=timezone.now(),
        definition=definition,
        item_codes=item_codes_of(definition),
    )
    after = make_scored_wave(assessment, title="Autumn", version=version)
    shown = page.get(url(after, "compare")).context["page"]
    assert f"Only in the earlier wave: {gone}." in shown.notes
    innovation_row = next(row for row in shown.rows if row.code == "INN")
    assert "INN-FLOW" not in [part.code for part in innovation_row.parts]
    assert page.get(url(after, "code", "INN-FLOW")).status_code == 404


def test_many_units_come_a_page_at_a_time_and_whole_in_the_file(page: Client, assessment: Assessment) -> None:
    waves = []
    for days in (200, 0):
        wave = make_scored_wave(assessment, answers={}, score=False, day=timezone.now() - timedelta(days=days))
        pattern = wave.groups.filter(audience="employees").first()
        wave.groups.all().delete()
        for place in range(45):
            unit = WaveGroup(wave=wave, key=f"u{place}", label=f"Unit {place}", kind=GroupKind.UNIT, position=place)
            unit.audience, unit.form = pattern.audience, pattern.form
            unit.save()
            add_answers(unit, 3 if place % 5 == 0 else 6)
        score_now(wave)
        waves.append(Wave.objects.get(pk=wave.pk))
    first, last = (page.get(url(waves[1], "code", "ECO"), {"groups": number}).context["page"] for number in (1, 3))
    assert [len(first.groups), len(last.groups)] == [20, 5]
    assert len(rows_of(page, url(waves[1], "code", "ECO"), "groups")) == 46
    compared = page.get(url(waves[1], "compare"), {"groups": 2})
    assert len(compared.context["page"].groups) == 12
    assert len(gzip.compress(compared.content)) < 150_000


def test_a_first_wave_says_that_there_is_nothing_to_compare_with(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    assert "A change needs two waves with scores." in text_of(page, url(wave, "compare"))


@pytest.mark.parametrize("other", ["0", "99999999", "x", "-1", "9" * 30, "²", "1 or 1=1"])
def test_a_wave_that_is_not_there_to_compare_with_is_not_found(
    page: Client, assessment: Assessment, other: str
) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    assert page.get(url(wave, "compare"), {"with": other}).status_code == 404
    assert page.get(url(wave, "compare"), {"with": str(wave.pk)}).status_code == 404


def test_waves_of_different_assessments_are_not_compared(
    page: Client, assessment: Assessment, ecosystem: Ecosystem
) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    elsewhere = make_scored_wave(make_assessment(ecosystem), answers=FEW)
    assert page.get(url(wave, "compare"), {"with": elsewhere.pk}).status_code == 404


def test_a_360_opens_for_its_leader_alone(
    client_of: LogIn, ecosystem: Ecosystem, leader: User, admin: User, viewer: User, outsider: User
) -> None:
    wave = make_scored_wave(make_assessment(ecosystem, leader=leader), answers={"self": 1, "others": 12})
    addresses = [url(wave, "code", "MND"), url(wave, "compare"), url(wave, "json")]
    for address in addresses:
        assert client_of(leader).get(address).status_code == 200
        assert client_of(admin).get(address).status_code == 403
        assert client_of(viewer).get(address).status_code == 404
        assert client_of(outsider).get(address).status_code == 404
    assert client_of(leader).get(url(wave, "index")).status_code == 404  # leadership has no index
    shown = client_of(leader).get(url(wave, "code", "MND")).context["page"]
    assert shown.own_label == "Marta Lindqvist"
    assert [one.label for one in shown.groups if one.own] == ["Marta Lindqvist (own view)"]

    wave.assessment.shared_with.add(viewer)
    assert client_of(viewer).get(addresses[0]).status_code == 200


def test_the_document_holds_what_the_method_made(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, title="Autumn 2026")
    document = page.get(url(wave, "json")).json()
    assert document["wave"]["title"] == "Autumn 2026"
    assert document["results"] == Wave.objects.get(pk=wave.pk).result.results
    assert document["names"]["INN-FLOW"] == "Flow of ideas"


def test_a_wave_without_numbers_sends_back_to_its_results(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, answers=FEW, state=WaveState.OPEN, score=False)
    back = reverse("assessments:results", args=[wave.assessment.organization.slug, wave.pk])
    for name, code in (("index", ""), ("compare", ""), ("code", "INN")):
        assert page.get(url(wave, name, code))["Location"] == back
    assert page.get(url(wave, "json")).json()["results"] is None


@pytest.mark.parametrize(
    "answers",
    [{}, {"customers": 1}, {"customers": 4, "employees": 4}, {"customers": 12}, {"leaders": 7}],
    ids=["nobody", "one", "all withheld", "one group", "leaders only"],
)
def test_small_waves_say_what_is_missing(page: Client, assessment: Assessment, answers: dict[str, int]) -> None:
    wave = make_scored_wave(assessment, answers=answers)
    for name, code in (("index", ""), ("compare", ""), ("code", "INN"), ("code", "INN-FLOW"), ("code", "MND")):
        response = page.get(url(wave, name, code))
        assert response.status_code == 200
        assert "None" not in text_of(page, url(wave, name, code))


def test_seen_numbers_of_a_closed_wave_are_noted(page: Client, assessment: Assessment) -> None:
    wave = make_scored_wave(assessment, answers=FEW)
    assert not wave.results_shown
    page.get(url(wave, "json"))
    assert Wave.objects.get(pk=wave.pk).results_shown


@contextmanager
def counted() -> Iterator[list[int]]:
    found: list[int] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found.append(len(queries))


def test_as_many_queries_for_many_waves_as_for_two(page: Client, assessment: Assessment) -> None:
    day = timezone.now() - timedelta(days=900)
    make_scored_wave(assessment, answers=FEW, day=day)
    second = make_scored_wave(assessment, answers=FEW, day=day + timedelta(days=100))
    numbers = []
    for last in (second, None):
        if last is None:
            for place in range(2, 5):
                last = make_scored_wave(assessment, answers=USUAL, day=day + timedelta(days=100 * place), seed=place)
        add_comments(last.groups.get(key="customers"), "INN-FLOW-1", 20)
        for name, code in (("index", ""), ("compare", ""), ("code", "INN"), ("code", "INN-FLOW"), ("json", "")):
            page.get(url(last, name, code))  # texts are read once per process
            with counted() as found:
                assert page.get(url(last, name, code)).status_code == 200
            numbers += found
    assert numbers[:5] == numbers[5:]
    assert max(numbers) <= 13
