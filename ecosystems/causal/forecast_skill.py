"""How well an organization foresees: forecasts and bets against what then came (rule L4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast or bet in points, with its band if it has one, the score at the time, and the outcome."""

    expected: float
    before: float
    outcome: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(value) for value in (self.expected, self.before, self.outcome)):
            raise ValueError("a forecast is judged by finite numbers only")
        if (self.low is None) != (self.high is None):
            raise ValueError("a band has two ends")
        if self.low is not None and self.high is not None and not self.low <= self.high:
            raise ValueError(f"band runs backwards: {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class ForecastSkill:
    """
    Errors over `n` forecasts, in points. `bias` above 0: outcomes lay below what was foreseen.

    `skill` is 1 − error / error of "no change": 1 perfect, 0 no better than that, below 0 worse (Murphy 1988); absent
    where nothing changed. `covered` of `banded` outcomes lay within the band, which promises 90 % of them.
    `same_direction` of `moved` outcomes that changed went the way foreseen.
    """

    n: int
    mean_absolute_error: float
    no_change_error: float
    bias: float
    skill: float | None
    covered: int
    banded: int
    same_direction: int
    moved: int


def forecast_skill(forecasts: Sequence[Forecast]) -> ForecastSkill | None:
    """
    Mean absolute error and skill against persistence; absent without a forecast.

    The absolute error, not the squared one, since few forecasts bear no outlier (Willmott & Matsuura 2005).
    """
    if not forecasts:
        return None
    error = fmean(abs(one.expected - one.outcome) for one in forecasts)
    persistence = fmean(abs(one.before - one.outcome) for one in forecasts)
    bands = [(one.low, one.high, one.outcome) for one in forecasts if one.low is not None and one.high is not None]
    moved = [one for one in forecasts if one.outcome != one.before]
    return ForecastSkill(
        n=len(forecasts),
        mean_absolute_error=error,
        no_change_error=persistence,
        bias=fmean(one.expected - one.outcome for one in forecasts),
        skill=1 - error / persistence if persistence > 0 else None,
        covered=sum(low <= outcome <= high for low, high, outcome in bands),
        banded=len(bands),
        same_direction=sum((one.expected - one.before) * (one.outcome - one.before) > 0 for one in moved),
        moved=len(moved),
    )
