"""Whether a commitment moved what it aimed at: targeted change minus untargeted change (rule L5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev
from typing import Literal

from scipy import special

from assessments.scoring.absent import Reason
from assessments.scoring.groups import rounded
from assessments.scoring.results import Difference

FEWEST_UNTARGETED = 2


class Reading(StrEnum):
    """The words for an effect, never "because of"."""

    CONSISTENT = "consistent with"
    TOO_EARLY = "too early"
    NO_SIGN = "no sign"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What was promised for a facet: `done` on a day or not yet, and which way the score was to move."""

    key: str
    facet: str
    done: date | None = None
    expected: Literal[-1, 1] = 1


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What became of a commitment's facet, in points. `difference` is `targeted` minus `untargeted`, with its interval.

    `untargeted` is the mean change of the `n_untargeted` facets no commitment aims at. `n_before` and `n_after` answers
    stand behind the targeted change. `inseparable` names the other commitments done on the same facet: the effect is
    that of all together. Without a difference there is a reason and no reading, but "too early" needs no numbers.
    """

    commitment: str
    facet: str
    reading: Reading | None
    targeted: float | None
    untargeted: float | None
    difference: Difference
    n_untargeted: int
    n_before: int | None
    n_after: int | None
    inseparable: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether there is a number that may stand as an effect: none does before it is time."""
        return self.difference.value is not None and self.reading is not Reading.TOO_EARLY


def commitment_effects(
    commitments: Sequence[Commitment],
    changes: Mapping[str, Difference],
    *,
    measured: date,
    answers: Mapping[str, tuple[int, int]] | None = None,
    settle_days: int = 0,
) -> tuple[Effect, ...]:
    """
    The effect of each commitment at the wave that opened on `measured`, from each facet's change since the one before.

    One facet against several is a single case against controls: the difference is as uncertain as one more facet's
    change among the untargeted ones, sd·√(1 + 1/m), m − 1 degrees of freedom (Crawford & Howell 1998), and never less
    than the targeted change itself (its Welch interval). It is too early until `settle_days` after it was done.
    `answers` holds each facet's n before and after. A facet that only one wave asks is absent from `changes`.
    """
    aimed_at = {one.facet for one in commitments}
    controls = [change.value for facet, change in changes.items() if facet not in aimed_at and change.value is not None]
    ready = [one for one in commitments if one.done is not None and (measured - one.done).days >= settle_days]
    ready = [one for one in ready if one.done is not None and one.done <= measured]
    return tuple(
        _effect(one, one in ready, changes.get(one.facet), controls, (answers or {}).get(one.facet), ready)
        for one in commitments
    )


def _effect(
    commitment: Commitment,
    ready: bool,
    change: Difference | None,
    controls: Sequence[float],
    answers: tuple[int, int] | None,
    done: Sequence[Commitment],
) -> Effect:
    difference = _against(change, controls)
    reading = None
    if not ready:
        reading = Reading.TOO_EARLY
    elif difference.value is not None and difference.low is not None:
        seen = difference.clear and difference.value * commitment.expected > 0
        reading = Reading.CONSISTENT if seen else Reading.NO_SIGN
    return Effect(
        commitment=commitment.key,
        facet=commitment.facet,
        reading=reading,
        targeted=change.value if change is not None else None,
        untargeted=rounded(fmean(controls)) if controls else None,
        difference=difference,
        n_untargeted=len(controls),
        n_before=answers[0] if answers else None,
        n_after=answers[1] if answers else None,
        inseparable=tuple(
            one.key for one in done if ready and one.facet == commitment.facet and one.key != commitment.key
        ),
    )


def _against(change: Difference | None, controls: Sequence[float]) -> Difference:
    if change is None:
        return Difference(reason=Reason.NO_COMMON_FACETS)
    if change.withheld:
        return Difference(withheld=True)
    if change.value is None:
        return Difference(reason=change.reason)
    if not controls:
        return Difference(reason=Reason.NO_COMMON_FACETS)
    value = change.value - fmean(controls)
    if len(controls) < FEWEST_UNTARGETED:
        return Difference(value=rounded(value), reason=Reason.NO_COMMON_FACETS)
    df = len(controls) - 1
    reach = float(special.stdtrit(df, 0.975)) * stdev(controls) * sqrt(1 + 1 / len(controls))
    if change.low is not None and change.high is not None:
        reach = max(reach, (change.high - change.low) / 2)
    if reach == 0:
        return Difference(value=rounded(value), reason=Reason.NO_VARIANCE)
    low, high = value - reach, value + reach
    return Difference(
        value=rounded(value), low=rounded(low), high=rounded(high), df=float(df), clear=low > 0 or high < 0
    )
