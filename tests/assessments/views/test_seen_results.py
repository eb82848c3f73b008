"""Whoever has seen numbers of a closed wave cannot have them changed by opening it again, wherever they saw them."""

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from assessments.enums import WaveState
from assessments.models import Assessment, Wave
from assessments.services.scores import OpenedAgain, mark_results_shown
from assessments.services.waves import reopen_wave, today, why_not_reopen
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment
from tests.factories.instruments import make_default_instrument
from tests.factories.results import make_scored_wave

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def two_waves(ecosystem: Ecosystem) -> tuple[Wave, Wave]:
    make_default_instrument()
    assessment: Assessment = make_assessment(ecosystem)
    return make_scored_wave(assessment, title="First"), make_scored_wave(assessment, title="Second")


@pytest.mark.parametrize("name", ["results", "results-index", "results-compare", "home"])
def test_numbers_of_a_wave_seen_beside_another_keep_it_closed(
    name: str, two_waves: tuple[Wave, Wave], client_of: LogIn, facilitator: User
) -> None:
    first, second = two_waves
    slug = second.assessment.organization.slug
    args = [slug] if name == "home" else [slug, second.pk]
    query = f"?with={first.pk}" if name == "results-compare" else ""
    assert [why_not_reopen(wave) for wave in two_waves] == ["", ""]
    assert client_of(facilitator).get(reverse(f"assessments:{name}", args=args) + query).status_code == 200
    seen = [bool(why_not_reopen(Wave.objects.get(pk=wave.pk))) for wave in two_waves]
    assert seen == [True, True]


def test_numbers_printed_for_an_operator_keep_a_wave_closed(two_waves: tuple[Wave, Wave]) -> None:
    call_command("wave_report", two_waves[0].pk, stdout=io.StringIO())
    assert [bool(why_not_reopen(Wave.objects.get(pk=wave.pk))) for wave in two_waves] == [True, False]


def test_numbers_read_before_a_wave_was_opened_again_are_not_shown(two_waves: tuple[Wave, Wave]) -> None:
    as_read = Wave.objects.get(pk=two_waves[1].pk)
    reopen_wave(wave=two_waves[1], by=None, closes_on=today())
    with pytest.raises(OpenedAgain):
        mark_results_shown(wave=as_read)
    now = Wave.objects.get(pk=as_read.pk)
    assert (now.state, now.results_shown) == (WaveState.OPEN, False)
