"""The results page: who sees what of it in every state a wave can be in."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import GroupKind, WaveState
from assessments.models import Assessment, Response, Wave, WaveGroup
from assessments.services.assessments import share_results
from assessments.services.scores import mark_stale
from assessments.views.results import _drawn
from ecosystems.models import Ecosystem, Organization, User
from tests.factories.assessments import make_assessment, make_wave
from tests.factories.instruments import make_default_instrument, make_instrument
from tests.factories.people import make_member
from tests.factories.results import USUAL, add_answers, make_scored_wave, score_now

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def address(wave: Wave, query: str = "") -> str:
    return reverse("assessments:results", args=[wave.assessment.organization.slug, wave.pk]) + query


@pytest.fixture
def assessment(ecosystem: Ecosystem) -> Assessment:
    make_default_instrument()
    return make_assessment(ecosystem, name="Network assessment")


@pytest.fixture
def browser(client_of: LogIn, leader: User) -> Client:
    return client_of(leader)


def test_every_part_of_a_closed_wave(assessment: Assessment, browser: Client) -> None:
    make_scored_wave(assessment, title="Spring 2026", seed=1)
    wave = make_scored_wave(assessment, title="Autumn 2026", seed=2, shift={"ADA": -14.0}, spread=5.0)
    page = browser.get(address(wave)).context["page"]
    report = page.report
    assert page.state == "results"
    assert [row.name for row in report.dimensions.rows] == [
        "Innovation impact",
        "Ecosystem health",
        "Adaptability",
        "Stakeholder satisfaction",
        "Sustainability",
    ]
    assert [row.mark for row in report.dimensions.rows] == ["inn", "eco", "ada", "sta", "sus"]
    fallen = report.dimensions.rows[2].change
    assert fallen.clear
    assert -22 < fallen.value < -6
    assert report.index.index.value is not None
    assert report.index.index.band.low <= report.index.index.value
    assert [since for since, _change, _reason in report.index.changes] == ["since Spring 2026"]
    assert report.answers.code == "ADA"  # the lowest, unless another one is chosen
    assert report.drivers_reason.startswith("needs 30 people")
    assert len(report.trends) == 5
    assert report.profile
    assert report.gap
    assert report.groups.chart
    assert len(report.talk.first) == 3
    assert any(point.title.startswith("Speed of response") or "fell" in point.title for point in report.talk.first)
    assert "fell by" in report.finding
    assert page.who.said == "101 of 101 people answered."


def test_numbers_of_the_page_are_those_that_were_stored(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment)
    stored = {row["code"]: row["overall"] for row in wave.result.results["dimensions"]}
    rows = browser.get(address(wave)).context["report"].dimensions.rows
    assert {row.code: row.cell.value for row in rows} == {code: cell["value"] for code, cell in stored.items()}
    html = browser.get(address(wave)).content.decode()  # drawn before, and the same
    for row in rows:
        assert f'<div class="score">{round(row.cell.value)}</div>' in html


def test_another_dimensions_questions_are_shown_on_demand(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment)
    assert browser.get(address(wave, "?items=SUS")).context["report"].answers.code == "SUS"
    assert browser.get(address(wave, "?items=<script>")).context["report"].answers.code == "ADA"


def test_a_small_group_is_withheld_everywhere(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, answers={**USUAL, "partners": 4, "communities": 3})
    html = browser.get(address(wave)).content.decode()
    assert 'class="withheld"' in html
    assert "under 5" in html
    table = next(csv_of(browser, wave, "answered"))
    assert table["Partners"][0] == "under 5"
    for row in csv_of(browser, wave, "groups"):
        for name, (partners, communities) in {
            name: (cells[2], cells[3]) for name, cells in row.items() if name in ("Innovation impact", "Adaptability")
        }.items():
            assert (partners, communities) == ("withheld: protects a small group",) * 2, name
    assert (
        browser.get(address(wave, "?fresh=1")).context["who"].said
        == "74 people in the groups that can be shown answered."
    )


def csv_of(browser: Client, wave: Wave, table: str) -> Any:
    """The rows of a table by their first cell."""
    answer = browser.get(address(wave, f"?format=csv&table={table}"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    yield {row[0]: row[1:] for row in rows[1:]}


def test_each_table_comes_as_a_file_and_an_unknown_one_is_not_found(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment)
    names = [name for name, _title in browser.get(address(wave)).context["tables"]]
    assert names[:6] == ["dimensions", "index", "profile", "gap", "groups", "answered"]
    for name in names:
        assert len(next(csv_of(browser, wave, name))) > 0
    assert browser.get(address(wave, "?format=csv&table=secret")).status_code == 404


def test_seeing_numbers_of_a_closed_wave_keeps_it_closed(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment)
    assert not wave.results_shown
    browser.get(address(wave))
    wave.refresh_from_db()
    assert wave.results_shown


def test_a_wave_without_answers_says_so_and_stays_open_to_change(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, answers={})
    answer = browser.get(address(wave))
    assert answer.context["report"].finding == "There is nothing to read yet: nobody’s answers can be shown."
    assert "no answers yet" in answer.content.decode()
    wave.refresh_from_db()
    assert not wave.results_shown


def test_all_groups_too_small(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, answers={"customers": 3, "employees": 4, "leaders": 2})
    answer = browser.get(address(wave))
    assert answer.status_code == 200
    report = answer.context["report"]
    assert report.index.index.value is None
    assert [row.cell.withheld for row in report.dimensions.rows] == [True] * 5
    assert report.talk.first == ()
    assert report.talk.reason == "Comes with the first scores."


def test_one_group_has_no_weakest_and_no_comparison(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, answers={"customers": 12})
    report = browser.get(address(wave)).context["report"]
    assert {row.weakest for row in report.dimensions.rows} == {None}
    assert report.changes.reason == "needs two waves"


def test_a_wave_in_preparation(assessment: Assessment, browser: Client) -> None:
    answer = browser.get(address(make_wave(assessment)))
    assert answer.context["page"].state == "draft"
    assert "Nothing has been asked yet" in answer.content.decode()


def test_closed_and_not_scored_yet(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, score=False)
    answer = browser.get(address(wave))
    assert answer.context["page"].state == "scoring"
    assert "/stream/" in answer.context["stream"]  # so that the page shows the scores by itself


def test_open_without_live_results_shows_counts_only(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, state=WaveState.OPEN, live_results=False, answers={**USUAL, "partners": 3})
    answer = browser.get(address(wave))
    assert (answer.context["page"].state, answer.context["report"]) == ("counting", None)
    html = answer.content.decode()
    assert "<svg xmlns" not in html.split('<main id="main"')[1].split("</main>")[0]
    assert "under 5" in html
    assert ">3<" not in html


def test_open_and_live_shows_index_and_dimensions_alone(assessment: Assessment, browser: Client) -> None:
    make_scored_wave(assessment, title="Spring 2026", seed=1)
    wave = make_scored_wave(assessment, state=WaveState.OPEN, seed=2)
    report = browser.get(address(wave)).context["report"]
    assert report.live
    assert report.index.index.value is not None
    assert (report.answers, report.leadership, report.gap, report.drivers) == (None, None, None, ())
    assert report.changes.reason == report.gap_reason == "shown after the wave has closed"
    wave.refresh_from_db()
    assert wave.results_shown  # by the worker: answers were released


def test_late_answers_wait_and_the_page_says_so(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, state=WaveState.OPEN)
    before = browser.get(address(wave)).context["report"].dimensions.rows
    add_answers(wave.groups.get(key="customers"), 2)
    score_now(wave)
    answer = browser.get(address(wave))
    assert answer.context["who"].waiting == 2
    after = answer.context["report"].dimensions.rows
    assert [row.cell for row in after] == [row.cell for row in before]
    assert "2 answers wait until at least 5 of their group can be added together" in answer.content.decode()


def test_an_instrument_without_the_five_dimensions_has_no_index(
    ecosystem: Ecosystem, organization: Organization, browser: Client
) -> None:
    version = make_instrument(organization)
    wave = plain_wave(ecosystem, version, {"leaders": (GroupKind.LEADERS, 8)})
    report = browser.get(address(wave)).context["report"]
    assert [row.mark for row in report.dimensions.rows] == ["inn", "eco"]
    assert report.profile is None


def test_forty_nine_units_are_a_table_that_sorts_and_turns_pages(
    ecosystem: Ecosystem, organization: Organization, browser: Client
) -> None:
    version = make_instrument(organization)
    groups = {f"unit-{n:02}": (GroupKind.UNIT, 3 if n == 7 else 6) for n in range(1, 50)}
    wave = plain_wave(ecosystem, version, groups)
    answer = browser.get(address(wave, "?sort=-INN&units=2"))
    table = answer.context["report"].groups.table
    assert (len(table.rows), table.sort, table.down) == (49, "INN", True)
    values = [row.cells[0].value for row in table.rows if row.cells[0].value is not None]
    assert values == sorted(values, reverse=True)
    assert table.rows[-1].withheld
    assert table.rows[-1].n is None
    assert [len(answer.context["unit_page"].object_list), answer.context["unit_page"].number] == [20, 2]
    assert browser.get(address(wave, "?sort=INN&units=99")).context["report"].groups.table.rows[-1].withheld


def plain_wave(ecosystem: Ecosystem, version: Any, groups: dict[str, tuple[GroupKind, int]]) -> Wave:
    """A closed, scored wave of an organization's own small instrument."""
    assessment = Assessment.objects.create(ecosystem=ecosystem, instrument=version.instrument, name="Own")
    wave = Wave.objects.create(
        assessment=assessment, number=1, title="Own wave", version=version, state=WaveState.CLOSED, is_imported=True
    )
    rng = np.random.default_rng(1)
    for place, (key, (kind, count)) in enumerate(groups.items()):
        group = WaveGroup.objects.create(
            wave=wave, position=place, key=key, label=key.title(), kind=kind, audience="leaders", form=""
        )
        values = rng.integers(1, 6, size=(count, len(version.item_codes))).tolist()
        Response.objects.bulk_create(Response(wave=wave, group=group, values=row) for row in values)
    score_now(wave)
    return Wave.objects.get(pk=wave.pk)


@pytest.fixture
def own_wave(ecosystem: Ecosystem, leader: User) -> Wave:
    make_default_instrument()
    return make_scored_wave(make_assessment(ecosystem, leader=leader), answers={"self": 1, "others": 8})


def test_a_360_is_for_its_leader_and_whom_they_share_it_with(
    own_wave: Wave, client_of: LogIn, leader: User, admin: User, facilitator: User, viewer: User, outsider: User
) -> None:
    found = {
        user.name: client_of(user).get(address(own_wave)).status_code
        for user in (leader, admin, facilitator, viewer, outsider)
    }
    assert found == {leader.name: 200, admin.name: 403, facilitator.name: 403, viewer.name: 404, outsider.name: 404}
    share_results(assessment=own_wave.assessment, people=[viewer], by=leader)
    answer = client_of(viewer).get(address(own_wave))
    assert "has shared this page with you" in answer.content.decode()
    share_results(assessment=own_wave.assessment, people=[], by=leader)
    assert client_of(viewer).get(address(own_wave)).status_code == 404


def test_a_360_sets_own_view_beside_the_others(own_wave: Wave, browser: Client, leader: User) -> None:
    answer = browser.get(address(own_wave))
    report = answer.context["report"]
    assert report.of_leadership
    assert report.index is None
    assert report.drivers == ()
    assert {row.mark for row in report.dimensions.rows} == {"all"}
    assert report.gap.spec.columns[1] == leader.name
    assert len(report.gap.spec.rows) >= 15
    assert "Choose who sees it" in answer.content.decode()


def test_the_fragment_answers_304_until_something_changes(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, state=WaveState.OPEN)
    first = browser.get(address(wave, "?part=live"))
    assert first.content.decode().lstrip().startswith('<div data-version="1"')
    again = browser.get(address(wave, "?part=live"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    mark_stale(wave=wave)
    assert browser.get(address(wave, "?part=live"), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_fragment_needs_the_same_right_as_the_page(own_wave: Wave, client_of: LogIn, admin: User) -> None:
    assert client_of(admin).get(address(own_wave, "?part=live")).status_code == 403
    assert Client().get(address(own_wave, "?part=live")).status_code == 302


@pytest.mark.parametrize("waves", [1, 4])
def test_the_number_of_queries_is_fixed(
    assessment: Assessment,
    browser: Client,
    waves: int,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for number in range(waves):
        wave = make_scored_wave(assessment, answers={"customers": 6, "employees": 6, "leaders": 6}, seed=number)
    browser.get(address(wave))
    _drawn.clear()
    with django_assert_num_queries(16):
        browser.get(address(wave))
    with django_assert_num_queries(10):
        browser.get(address(wave))


def test_the_page_is_small_and_private(assessment: Assessment, browser: Client) -> None:
    for number in range(3):
        wave = make_scored_wave(assessment, seed=number)
    answer = browser.get(address(wave))
    assert len(gzip.compress(answer.content)) < 60_000
    assert answer["Cache-Control"] == "private, no-cache"


def test_names_are_escaped(ecosystem: Ecosystem, organization: Organization, client_of: LogIn) -> None:
    make_default_instrument()
    ecosystem.name = "<script>alert(1)</script>"
    ecosystem.save()
    wave = make_scored_wave(make_assessment(ecosystem, name='"><img src=x>'), title="<b>Now</b>")
    html = client_of(make_member(organization)).get(address(wave)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>Now" not in html


def test_no_file_holds_a_count_or_score_of_a_withheld_group(assessment: Assessment, browser: Client) -> None:
    wave = make_scored_wave(assessment, answers={**USUAL, "partners": 4})
    url = reverse("assessments:results-json", args=[wave.assessment.organization.slug, wave.pk])
    document = json.loads(browser.get(url).content)
    found = list(of_group(document, "partners"))
    assert found
    for one in found:
        numbers = [key for key, value in one.items() if isinstance(value, int | float) and not isinstance(value, bool)]
        assert set(numbers) <= {"weight", "position"}, one


def of_group(value: Any, key: str) -> Any:
    """Every object in a document that is about the group, by key or by name."""
    if isinstance(value, list):
        for one in value:
            yield from of_group(one, key)
    elif isinstance(value, dict):
        if key in (value.get("key"), value.get("group")):
            yield value
        for name, one in value.items():
            if name == key and isinstance(one, dict):
                yield one
            yield from of_group(one, key)
