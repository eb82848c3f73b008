"""Signals of an ecosystem with the days on which each reached a stage (rule L5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from assessments.enums import CommitmentSource, CommitmentState, SignalKind, WaveState
from assessments.models import Commitment, Signal, Wave
from assessments.scoring.learning_cycle import Signal as Followed
from assessments.scoring.learning_cycle import Stage
from ecosystems.models import Ecosystem


@dataclass(frozen=True)
class Followup:
    """A signal and how far it has come."""

    row: Signal
    followed: Followed

    @property
    def stage(self) -> Stage:
        order = list(Stage)
        return max(self.followed.days, key=order.index)


def signals_of(ecosystem: Ecosystem) -> tuple[Followup, ...]:
    """Every signal of closed waves, the oldest first, in three queries."""
    rows = list(
        Signal.objects.filter(ecosystem=ecosystem, wave__state=WaveState.CLOSED)
        .select_related("wave")
        .order_by("raised_on", "pk")
    )
    commitments = list(
        Commitment.objects.filter(ecosystem=ecosystem, workshop__rehearsal_of=None).exclude(
            state=CommitmentState.PROPOSED
        )
    )
    closed: dict[int, list[tuple[date, date]]] = defaultdict(list)
    waves = Wave.objects.filter(assessment__ecosystem=ecosystem, state=WaveState.CLOSED, closed_at__isnull=False)
    for assessment, opened, shut in waves.values_list("assessment_id", "opened_at", "closed_at"):
        if shut is not None:
            closed[assessment].append((_day(opened or shut), _day(shut)))
    return tuple(Followup(row, _followed(row, commitments, closed[row.wave.assessment_id])) for row in rows)


def answers_to(row: Signal, commitments: Iterable[Commitment]) -> list[Commitment]:
    """Those made for the signal, or since it was raised for its score or loop, or from them for something narrower."""
    return [one for one in commitments if one.signal_id == row.pk or _fits(row, one)]


def _fits(row: Signal, one: Commitment) -> bool:
    return one.signal_id is None and _is_about(row, one) and _day(one.created_at) >= row.raised_on


def _is_about(row: Signal, one: Commitment) -> bool:
    if row.kind == SignalKind.LOOP:
        return one.source == CommitmentSource.LOOP and one.source_code == row.code
    if row.kind != SignalKind.FINDING:
        return False
    return row.code == one.facet or (one.source == CommitmentSource.SCORE and row.code == one.source_code)


def _followed(row: Signal, commitments: Iterable[Commitment], waves: Iterable[tuple[date, date]]) -> Followed:
    days: dict[Stage, date] = {Stage.RAISED: row.raised_on}
    if row.discussed_on is not None:
        days[Stage.DISCUSSED] = max(row.discussed_on, row.raised_on)
    made = answers_to(row, commitments)
    if made:
        days[Stage.COMMITTED] = max(min(_day(one.created_at) for one in made), row.raised_on)
        done = [one.closed_on for one in made if one.state == CommitmentState.DONE and one.closed_on is not None]
        if done:
            days[Stage.DONE] = max(min(done), days[Stage.COMMITTED])
            measured = [shut for opened, shut in waves if opened >= days[Stage.DONE]]
            if measured:
                days[Stage.REMEASURED] = min(measured)
    return Followed(str(row.pk), days, row.dimension, row.declined_on)


def until(signals: Iterable[Followup], day: date) -> list[Followed]:
    """How far they had come on a day; those raised later are left out."""
    found = []
    for one in signals:
        days: Mapping[Stage, date] = {stage: when for stage, when in one.followed.days.items() if when <= day}
        if Stage.RAISED in days:
            declined = one.followed.declined
            found.append(
                Followed(
                    one.followed.key,
                    dict(days),
                    one.followed.dimension,
                    declined if declined is not None and declined <= day else None,
                )
            )
    return found


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
