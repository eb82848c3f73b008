"""Ratings and figures side by side on the results page: gap, blend, and what stays withheld."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.dashboards.evidence import plain_figure, typed_figure
from assessments.models import Wave
from assessments.services.evidence import keep_values
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.maps import MapMaker, map_url
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
FOUR_OF_FIVE = {
    "INN-EV-IDEAS": (1.5, "Register"),
    "INN-EV-TRIED": (25.0, ""),
    "INN-EV-SCALED": (30.0, ""),
    "INN-EV-TIME": (90.0, ""),
}


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_scored_wave(make_assessment(ecosystem))


def address(wave: Wave, query: str = "") -> str:
    return reverse("assessments:results", args=[wave.assessment.organization.slug, wave.pk]) + query


def test_without_figures_only_those_who_can_write_them_are_told(
    wave: Wave, client_of: LogIn, leader: User, facilitator: User
) -> None:
    page = reverse("assessments:wave-evidence", args=[wave.assessment.organization.slug, wave.pk])
    for user, told in ((leader, False), (facilitator, True)):
        shown = client_of(user).get(address(wave)).content.decode()
        assert ("Ratings and figures" in shown, page in shown) == (False, told)


def test_gap_and_both_together(wave: Wave, client_of: LogIn, leader: User) -> None:
    client = client_of(leader)
    before = client.get(address(wave)).context["report"].dimensions
    stored = dict(wave.scores.filter(level="dimension", group_key="").values_list("code", "value"))
    keep_values(wave=wave, values={**FOUR_OF_FIVE, "ADA-EV-SENSED": (6.0, ""), "SUS-EV-RAISED": (3.0, "")}, by=None)
    report = client.get(address(wave)).context["report"]  # what was drawn before is not shown again
    assert report.dimensions.rows == before.rows
    rows = {row.code: row for row in report.evidence.rows}
    innovation, adaptability = rows["INN"], rows["ADA"]
    figures = (75 + 50 + 50 + 100) / 4
    assert (innovation.figures.score, innovation.figures.known, innovation.figures.of) == (figures, 4, 5)
    assert innovation.gap == pytest.approx(figures - stored["INN"])
    assert innovation.together == pytest.approx(0.6 * stored["INN"] + 0.4 * figures)
    assert innovation.rule == "60 % ratings, 40 % figures"
    assert (adaptability.figures.score, adaptability.together) == (80.0, stored["ADA"])
    assert adaptability.rule == "ratings alone: 1 of 4 figures is known"
    assert rows["SUS"].rule == "ratings alone: 0 of 5 figures are known"
    assert rows["SAT"].rule == "ratings alone: no figures of its own"
    assert [(one.name, one.value, one.score) for one in report.evidence.figures][-1] == (
        "Ethics concerns raised",
        "3",
        None,
    )
    lines = client.get(address(wave, "?format=csv&table=evidence")).content.decode().splitlines()
    assert lines[1].startswith("Innovation impact,")
    assert lines[1].split(",")[3] == "4/5"
    assert dict(wave.scores.filter(level="dimension", group_key="").values_list("code", "value")) == stored


def test_a_withheld_dimension_has_no_gap_and_no_blend(ecosystem: Ecosystem, client_of: LogIn, leader: User) -> None:
    wave = make_scored_wave(make_assessment(ecosystem), answers={"customers": 3})
    keep_values(wave=wave, values=FOUR_OF_FIVE, by=None)
    response = client_of(leader).get(address(wave))
    row = response.context["report"].evidence.rows[0]
    assert row.ratings.value is None
    assert (row.figures.score, row.gap, row.together, row.rule) == (68.75, None, None, "")


def test_the_fragment_of_a_page_changes_with_its_figures(wave: Wave, client_of: LogIn, leader: User) -> None:
    client, part = client_of(leader), address(wave, "?part=live")
    tag = client.get(part)["ETag"]
    assert client.get(part, headers={"If-None-Match": tag}).status_code == 304
    keep_values(wave=wave, values=FOUR_OF_FIVE, by=None)
    assert client.get(part, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("value", "typed", "plain"),
    [(12.0, "12", "12"), (0.4, "0.4", "0.4"), (-3.5, "-3.5", "−3.5"), (1234567.25, "1234567.25", "1234567.25")],
)
def test_figures_are_written_as_they_were_typed(value: float, typed: str, plain: str) -> None:
    assert (typed_figure(value), plain_figure(value)) == (typed, plain)


def test_figures_are_in_the_file_of_everything(wave: Wave, client_of: LogIn, leader: User) -> None:
    keep_values(wave=wave, values={"INN-EV-IDEAS": (1.5, "Register"), "SUS-EV-RAISED": (3.0, "")}, by=None)
    url = reverse("assessments:results-json", args=[wave.assessment.organization.slug, wave.pk])
    figures = client_of(leader).get(url).json()["figures"]
    assert figures["INN-EV-IDEAS"] == {
        "name": "Ideas per member organization",
        "unit": "ideas per member organization per quarter",
        "value": 1.5,
        "score": 75.0,
        "note": "Register",
    }
    assert figures["SUS-EV-RAISED"]["score"] is None
    assert len(figures) == 2


def test_a_factor_tied_to_a_figure_has_its_score_on_maps_and_loops(
    wave: Wave, ecosystem: Ecosystem, client_of: LogIn, leader: User
) -> None:
    maker = MapMaker(ecosystem)
    trust, ideas = maker.factor("Trust", "ECO-TRUST"), maker.factor("Ideas", indicator="INN-EV-IDEAS")
    maker.link(trust, ideas)
    maker.link(ideas, trust)
    keep_values(wave=wave, values={"INN-EV-IDEAS": (1.5, "")}, by=None)
    client = client_of(leader)
    page = client.get(map_url("loop", ecosystem, f"{trust}>{ideas}"))
    members = {one.name: one for one in page.context["page"].members}
    assert (members["Ideas"].score, members["Ideas"].url) == (75.0, "")
    assert members["Trust"].url.endswith("/ECO-TRUST/")
    assert '<b class="of-score">75</b>' in page.content.decode()
    listed = client.get(map_url("map-list", ecosystem)).content.decode()
    assert "Factors tied to a figure have the newest that was kept." in listed
    below = client.get(map_url("map", ecosystem)).content.decode()
    assert "; of factors tied to a figure, the newest that was kept</li>" in below
    drawn = client.get(map_url("map", ecosystem), {"part": "json"}).json()
    assert {one["name"]: one["score"] for one in drawn["factors"]}["Ideas"] == 75.0
