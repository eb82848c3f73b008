"""How far signals have come, by the days of what followed from them (rule L5)."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.enums import CommitmentSource, CommitmentState, SignalKind, WaveState
from assessments.models import Assessment, Commitment, Signal, Wave
from assessments.scoring.learning_cycle import Stage
from assessments.selectors.signals import signals_of, until
from ecosystems.models import Ecosystem
from tests.factories.assessments import make_assessment, make_wave
from tests.factories.workshops import make_workshop

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 10)
LOOP = "3>7>9"


def noon(day: int) -> datetime:
    return timezone.make_aware(datetime.combine(FIRST + timedelta(days=day), time(12)))


def closed(assessment: Assessment, *, opened: int, shut: int) -> Wave:
    wave = make_wave(assessment)
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED, opened_at=noon(opened), closed_at=noon(shut))
    return Wave.objects.get(pk=wave.pk)


@pytest.fixture
def assessment(ecosystem: Ecosystem) -> Assessment:
    return make_assessment(ecosystem)


@pytest.fixture
def signal(assessment: Assessment) -> Signal:
    """Raised on the day 0."""
    wave = closed(assessment, opened=-20, shut=0)
    return Signal.objects.create(
        ecosystem=assessment.ecosystem, wave=wave, kind=SignalKind.FINDING, code="ADA", title="Fell", raised_on=FIRST
    )


def promise(signal: Signal, /, *, made: int, done: int | None = None, **changes: Any) -> Commitment:
    ecosystem = signal.ecosystem
    fields: dict[str, Any] = {"facet": "ADA", **changes}
    if done is not None:
        fields |= {"state": CommitmentState.DONE, "closed_on": FIRST + timedelta(days=done)}
    found = Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Learn", owner_name="Ana", **fields
    )
    Commitment.objects.filter(pk=found.pk).update(created_at=noon(made))
    return found


def days_of(signal: Signal) -> dict[Stage, int]:
    """Days after the first, by stage."""
    (found,) = [one for one in signals_of(signal.ecosystem) if one.row == signal]
    return {stage: (day - FIRST).days for stage, day in found.followed.days.items()}


def test_the_earliest_promise_and_the_earliest_that_was_done_count(assessment: Assessment, signal: Signal) -> None:
    promise(signal, made=30)
    promise(signal, made=12, done=90)
    promise(signal, made=40, done=70)
    assert days_of(signal) == {Stage.RAISED: 0, Stage.COMMITTED: 12, Stage.DONE: 70}
    closed(assessment, opened=60, shut=80)  # opened before anything was done
    closed(assessment, opened=71, shut=100)
    closed(assessment, opened=120, shut=130)
    assert days_of(signal)[Stage.REMEASURED] == 100


def test_what_was_promised_before_or_for_something_else_answers_nothing(signal: Signal) -> None:
    promise(signal, made=-1)
    promise(signal, made=5, facet="INN")
    promise(signal, made=5, state=CommitmentState.PROPOSED)
    rehearsal = make_workshop(signal.ecosystem, rehearsal_of=make_workshop(signal.ecosystem))
    promise(signal, made=5, workshop=rehearsal)
    assert days_of(signal) == {Stage.RAISED: 0}


def test_a_promise_that_names_a_signal_answers_that_one_alone(signal: Signal) -> None:
    other = Signal.objects.create(
        ecosystem=signal.ecosystem, wave=signal.wave, kind=SignalKind.FINDING, code="INN", raised_on=FIRST
    )
    promise(signal, made=-1, signal=other)
    assert days_of(signal) == {Stage.RAISED: 0}
    assert days_of(other) == {Stage.RAISED: 0, Stage.COMMITTED: 0}


def test_a_loop_is_answered_by_what_was_promised_from_it(signal: Signal) -> None:
    loop = Signal.objects.create(
        ecosystem=signal.ecosystem, wave=signal.wave, kind=SignalKind.LOOP, code=LOOP, raised_on=FIRST
    )
    promise(signal, made=9, facet="INN", source=CommitmentSource.LOOP, source_code="3>9>7")
    assert days_of(loop) == {Stage.RAISED: 0}
    promise(signal, made=9, facet="INN", source=CommitmentSource.LOOP, source_code=LOOP)
    assert days_of(loop) == {Stage.RAISED: 0, Stage.COMMITTED: 9}
    assert days_of(signal) == {Stage.RAISED: 0}


def test_on_an_earlier_day_nobody_had_come_further(signal: Signal) -> None:
    Signal.objects.filter(pk=signal.pk).update(
        discussed_on=FIRST + timedelta(days=7), declined_on=FIRST + timedelta(days=50), declined_why="No money"
    )
    promise(signal, made=12, done=70)
    found = signals_of(signal.ecosystem)
    (then,) = until(found, FIRST + timedelta(days=12))
    assert list(then.days) == [Stage.RAISED, Stage.DISCUSSED, Stage.COMMITTED]
    assert then.declined is None
    (later,) = until(found, FIRST + timedelta(days=60))
    assert later.declined == FIRST + timedelta(days=50)
    assert until(found, FIRST - timedelta(days=1)) == []


def test_signals_of_a_wave_that_is_open_again_are_not_told(signal: Signal) -> None:
    Wave.objects.filter(pk=signal.wave_id).update(state=WaveState.OPEN, closed_at=None)
    assert signals_of(signal.ecosystem) == ()
