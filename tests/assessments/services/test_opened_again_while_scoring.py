"""A wave that is closed and opened again while a worker computes: nothing of the time before is kept or shown."""

from collections.abc import Callable

import pytest

from assessments.enums import Anonymity, WaveState
from assessments.models import Response, Wave, WaveResult
from assessments.services import rescore as module
from assessments.services.rescore import rescore
from assessments.services.scores import mark_stale
from assessments.services.waves import close_wave, reopen_wave, today
from ecosystems.models import Ecosystem
from tests.factories.assessments import answer, make_closed_wave, make_open_wave
from tests.factories.results import score_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something done between computing and saving."""
    original = module.results_of

    def arrange(act: Callable[[], object]) -> None:
        def computed(*, wave: Wave):  # type: ignore[no-untyped-def]
            found = original(wave=wave)
            act()
            return found

        monkeypatch.setattr(module, "results_of", computed)

    return arrange


def test_live_numbers_of_the_time_before_are_not_saved(ecosystem: Ecosystem, meanwhile) -> None:  # type: ignore[no-untyped-def]
    wave = make_open_wave(ecosystem, people=8)
    answer(wave.groups.get(key="customers"), 6)

    def close_and_open_again() -> None:
        close_wave(wave=wave, by=None)
        reopen_wave(wave=wave, by=None, closes_on=today())

    meanwhile(close_and_open_again)
    mark_stale(wave=wave)
    assert not rescore(wave_id=wave.pk)
    now = Wave.objects.get(pk=wave.pk)
    assert (now.state, now.results_shown, now.is_stale) == (WaveState.OPEN, False, True)
    assert not WaveResult.objects.filter(wave=wave).exists()
    assert not Response.objects.filter(wave=wave, released=True).exists()


def test_numbers_of_the_first_closing_are_not_saved_after_the_second(ecosystem: Ecosystem, meanwhile) -> None:  # type: ignore[no-untyped-def]
    wave = make_closed_wave(ecosystem, answers=6)

    def one_more() -> None:
        answer(reopen_wave(wave=wave, by=None, closes_on=today()).groups.get(key="customers"), 1)
        close_wave(wave=wave, by=None)

    meanwhile(one_more)
    assert not rescore(wave_id=wave.pk)
    assert not WaveResult.objects.filter(wave=wave).exists()


def test_a_named_wave_grows_in_steps_too(ecosystem: Ecosystem) -> None:
    """Its members see groups only, and whoever came by a public link was promised the minimum."""
    wave = make_open_wave(ecosystem, anonymity=Anonymity.NAMED)
    group = wave.groups.get(key="customers")
    answer(group, 6)
    score_now(wave)
    before = WaveResult.objects.get(wave=wave).results
    answer(group, 1, seed=7)
    score_now(wave)
    after = WaveResult.objects.get(wave=wave).results
    assert (before["n"], after["n"], after["dimensions"]) == (6, 6, before["dimensions"])
    close_wave(wave=wave, by=None)
    assert rescore(wave_id=wave.pk)
    assert WaveResult.objects.get(wave=wave).results["n"] == 6
