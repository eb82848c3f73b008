"""Figures beside the ratings: written down by those who run a wave, read beside its results."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Wave
from assessments.selectors.evidence import Figure, figures_of
from assessments.services.evidence import keep_values
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment, make_closed_wave, make_wave

pytestmark = pytest.mark.django_db


def url(name: str, wave: Wave) -> str:
    return reverse(f"assessments:{name}", args=[wave.assessment.organization.slug, wave.pk])


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    """In preparation."""
    return make_wave(ecosystem)


@pytest.fixture
def here(wave: Wave) -> str:
    return url("wave-evidence", wave)


def test_figures_are_kept_and_shown_with_their_scores(page: Client, wave: Wave, here: str) -> None:
    assert here in text_of(page.get(wave.get_absolute_url()))
    first = text_of(page.get(here))
    assert "0 → 0 points, 2 → 100 points" in first
    assert "30 → 0 points, 0 → 100 points" in first
    assert "Weakest group, Inequality between groups, " in first
    assert "Score <b>" not in first
    sent = {"figure-INN-EV-IDEAS": "1.4", "note-INN-EV-IDEAS": "Register, June", "figure-ADA-EV-SENSED": " 12 "}
    answer = page.post(here, sent, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert figures_of(wave) == {"INN-EV-IDEAS": Figure(1.4, "Register, June"), "ADA-EV-SENSED": Figure(12.0)}
    shown = text_of(answer)
    assert shown.count("Score <b>70</b>") == 1
    assert shown.count("Score <b>60</b>") == 1
    assert 'value="12"' in shown


def test_an_emptied_field_takes_a_figure_away_and_a_missing_one_does_not(page: Client, wave: Wave, here: str) -> None:
    keep_values(wave=wave, values={"INN-EV-IDEAS": (1.4, ""), "ADA-EV-SENSED": (12.0, "")}, by=None)
    page.post(here, {"figure-INN-EV-IDEAS": "", "note-INN-EV-IDEAS": ""})
    assert figures_of(wave) == {"ADA-EV-SENSED": Figure(12.0)}


def fields_of(response: Any) -> dict[str, str]:
    """What a browser would send of the page as it stands."""
    return {field.html_name: str(field.value() or "") for field in response.context["form"]} | {
        field.html_initial_name: str(field.initial or "") for field in response.context["form"]
    }


def test_two_people_at_different_figures_keep_both(page: Client, wave: Wave, here: str) -> None:
    keep_values(wave=wave, values={"INN-EV-IDEAS": (1.4, ""), "INN-EV-TRIED": (20.0, "Old")}, by=None)
    mine, theirs = fields_of(page.get(here)), fields_of(page.get(here))
    assert 'name="initial-figure-INN-EV-IDEAS" value="1.4"' in text_of(page.get(here))
    page.post(here, {**mine, "figure-INN-EV-IDEAS": "1.6", "figure-INN-EV-TRIED": ""} | {"note-INN-EV-TRIED": ""})
    page.post(here, {**theirs, "figure-ADA-EV-SENSED": "12"})
    assert figures_of(wave) == {"INN-EV-IDEAS": Figure(1.6), "ADA-EV-SENSED": Figure(12.0)}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("figure-INN-EV-IDEAS", "1,4 or so", "Write a number, such as 12 or 0.4, or leave it empty."),
        ("figure-INN-EV-IDEAS", "nan", "Write a number, such as 12 or 0.4, or leave it empty."),
        ("figure-INN-EV-IDEAS", "1e300", "Write a number, such as 12 or 0.4, or leave it empty."),
        ("note-INN-EV-IDEAS", "x" * 301, "at most 300 characters"),
        ("note-INN-EV-IDEAS", "From the register", "There is a note but no figure."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_stays(
    page: Client, wave: Wave, here: str, field: str, typed: str, said: str
) -> None:
    answer = page.post(here, {field: typed, "figure-ADA-EV-SENSED": "17"})
    assert answer.status_code == 200
    shown = text_of(answer)
    assert said in shown
    assert f'value="{typed}"' in shown
    assert 'value="17"' in shown
    assert figures_of(wave) == {}


def test_the_wave_before_is_told_and_never_filled_in(page: Client, ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem)
    before, wave = make_closed_wave(assessment, title="Autumn 2026"), make_wave(assessment)
    keep_values(wave=before, values={"INN-EV-IDEAS": (1.25, "")}, by=None)
    shown = text_of(page.get(url("wave-evidence", wave)))
    assert "Autumn 2026: 1.25" in shown
    assert 'value="1.25"' not in shown


def test_a_360_has_no_figures(page: Client, ecosystem: Ecosystem, leader: User) -> None:
    wave = make_wave(make_assessment(ecosystem, leader=leader))
    here = url("wave-evidence", wave)
    assert (page.get(here).status_code, page.post(here, {}).status_code) == (404, 404)
    assert here not in text_of(page.get(wave.get_absolute_url()))


@pytest.mark.parametrize("figures", [0, 6])
def test_queries(
    page: Client, wave: Wave, here: str, figures: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    codes = ["INN-EV-IDEAS", "INN-EV-TRIED", "ECO-EV-DENSITY", "ADA-EV-SENSED", "SUS-EV-FLOOR", "SUS-EV-DAYS"]
    keep_values(wave=wave, values=dict.fromkeys(codes[:figures], (1.0, "Register")), by=None)
    page.get(here)
    with django_assert_num_queries(7):
        page.get(here)
