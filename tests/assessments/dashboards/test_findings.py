"""The opening sentence: in plain words, and never surer than the intervals."""

import pytest

from assessments.dashboards.findings import finding
from assessments.dashboards.loading import load
from assessments.models import Assessment, Wave
from ecosystems.models import Ecosystem, User
from ecosystems.permissions import viewer_for
from tests.factories.assessments import make_assessment
from tests.factories.instruments import make_default_instrument
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(ecosystem: Ecosystem) -> Assessment:
    make_default_instrument()
    return make_assessment(ecosystem)


def said(wave: Wave, user: User) -> str:
    viewer = viewer_for(user=user, slug=wave.assessment.organization.slug)
    assert viewer
    material = load(viewer, wave.pk).material
    assert material
    return finding(material)


RISE = {"INN": 15.0, "ECO": 15.0, "SAT": 15.0, "SUS": 15.0, "ADA": 15.0}


def test_a_clear_rise_is_said_against_what_fell(assessment: Assessment, leader: User) -> None:
    make_scored_wave(assessment, title="Spring 2026", seed=1, spread=4)
    shift = {**RISE, "ADA": -14.0, "leaders:ADA": 24.0}
    wave = make_scored_wave(assessment, title="Autumn 2026", seed=2, spread=4, shift=shift)
    first, second = said(wave, leader).split(". ")
    assert first == "Rivermark Food Network creates more value than in Spring 2026"
    assert second.startswith("But “")
    assert second.endswith("points, and leaders rate it higher than others do.")


def test_bad_news_is_not_set_against_bad_news(assessment: Assessment, leader: User) -> None:
    make_scored_wave(assessment, title="Spring 2026", seed=1, spread=4)
    wave = make_scored_wave(assessment, seed=2, spread=4, shift={code: -value for code, value in RISE.items()})
    words = said(wave, leader)
    assert words.startswith("Rivermark Food Network creates less value than in Spring 2026. “")
    assert "But" not in words


def test_no_clear_change_is_said_as_such(assessment: Assessment, leader: User) -> None:
    make_scored_wave(assessment, title="Spring 2026", seed=1)
    wave = make_scored_wave(assessment, seed=1)  # the same answers again
    assert ", with no clear change since Spring 2026. " in said(wave, leader)


def test_a_first_wave_without_leaders_names_what_is_clearly_lowest(assessment: Assessment, leader: User) -> None:
    answers = {"customers": 60, "employees": 60, "partners": 60, "communities": 60}
    wave = make_scored_wave(assessment, answers=answers, shift={"ADA": -10.0})
    assert said(wave, leader).endswith(" of 100. It is clearly lowest in “Adaptability”.")


def test_a_360_speaks_of_the_clearest_gap_alone(ecosystem: Ecosystem, leader: User) -> None:
    make_default_instrument()
    wave = make_scored_wave(make_assessment(ecosystem, leader=leader), answers={"self": 1, "others": 12})
    words = said(wave, leader)
    assert words.startswith("Marta Lindqvist sees “")
    assert words.endswith("points higher than the others do.")
