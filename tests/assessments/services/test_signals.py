"""When a signal counts as talked about (rule L5)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.enums import ActivityKind, SignalKind
from assessments.models import Signal, Wave
from assessments.models.activity_plans import TalkPlan
from assessments.services.signals import note_talks, raise_signals
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_assessment, make_wave
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db
PARENTS = {"ADA-SPEED": "ADA", "INN-FLOW": "INN"}


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    """Closed forty days ago; a dimension, a facet of it, another facet and a loop are signals."""
    wave = make_wave(make_assessment(ecosystem))
    moment = timezone.now() - timedelta(days=40)
    Wave.objects.filter(pk=wave.pk).update(state="closed", opened_at=moment, closed_at=moment)
    wave = Wave.objects.get(pk=wave.pk)
    found = [(code, code, "") for code in ("ADA", "ADA-SPEED", "INN-FLOW")]
    raise_signals(wave=wave, kind=SignalKind.FINDING, found=found)
    raise_signals(wave=wave, kind=SignalKind.LOOP, found=[("3>7", "A loop weakens", "")])
    return wave


def talked(wave: Wave, code: str, /, *, days: int, held: bool = True, **changes: Any) -> None:
    ended = timezone.now() - timedelta(days=days)
    workshop = make_workshop(
        wave.assessment.ecosystem, **{"state": "ended", "wave": wave, "ended_at": ended, **changes}
    )
    make_activity(workshop, kind=ActivityKind.TALK, plan=TalkPlan(code), started_at=ended if held else None)


def days(wave: Wave) -> dict[str, int]:
    """How long ago each signal was talked about, for those that were."""
    note_talks(waves=[wave], parents={wave.pk: PARENTS})
    rows = Signal.objects.filter(discussed_on__isnull=False).values_list("code", "discussed_on")
    return {code: (timezone.localdate() - on).days for code, on in rows if on is not None}


def test_a_talk_about_a_dimension_is_one_about_its_facets_and_not_the_other_way_round(wave: Wave) -> None:
    talked(wave, "ADA", days=9)
    talked(wave, "ADA-SPEED", days=3)
    talked(wave, "INN-FLOW", days=5)
    assert days(wave) == {"ADA": 9, "ADA-SPEED": 9, "INN-FLOW": 5}


def test_a_talk_about_nothing_in_particular_takes_up_all(wave: Wave) -> None:
    talked(wave, "INN-FLOW", days=12)
    talked(wave, "", days=4)
    assert days(wave) == {"ADA": 4, "ADA-SPEED": 4, "INN-FLOW": 12, "3>7": 4}


def test_only_talks_that_were_held_about_the_wave_count(wave: Wave) -> None:
    talked(wave, "ADA", days=9, held=False)
    talked(wave, "ADA", days=9, wave=None)
    talked(wave, "ADA", days=9, state="live", ended_at=None)
    talked(wave, "ADA", days=9, rehearsal_of=make_workshop(wave.assessment.ecosystem))
    assert days(wave) == {}


def test_nothing_is_talked_about_before_it_was_raised(wave: Wave) -> None:
    talked(wave, "ADA", days=60)
    assert days(wave)["ADA"] == 40
    assert set(Signal.objects.values_list("raised_on", flat=True)) == {ago(40)}


def test_what_was_noted_keeps_its_day_and_its_words(wave: Wave) -> None:
    raise_signals(wave=wave, kind=SignalKind.FINDING, found=[("ADA", "Told in other words", "ADA")])
    assert Signal.objects.get(code="ADA").title == "ADA"
    assert Signal.objects.count() == 4
