"""Axes: from values to pixels, with ends that suit the values."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from assessments.charts.spec import Missing, Score

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Linear:
    """A straight scale from `ends` to pixels `start`…`stop` (either order); values beyond the ends stop at them."""

    ends: Ends
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        low, high = self.ends
        share = (min(max(value, low), high) - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.stop - self.start)


def numbers(values: Iterable[Score | Missing | float | None]) -> list[float]:
    """Every number that will be drawn, the ends of intervals included; missing ones left out."""
    found: list[float] = []
    for value in values:
        if isinstance(value, Score):
            found += [value.value, *(value.interval or ())]
        elif isinstance(value, (int, float)):
            found.append(float(value))
    return found


def nice_ends(
    values: Iterable[Score | Missing | float | None],
    *,
    step: float = 10,
    span: float = 30,
    limits: Ends = (0, 100),
) -> Ends:
    """Ends on whole steps that hold every value, at least `span` apart, inside `limits`; no value: the limits.

    All strips of one page share one pair: `nice_ends` over everything the page shows.
    """
    found = numbers(values)
    if not found:
        return limits
    low = max(limits[0], floor(min(found) / step) * step)
    high = min(limits[1], ceil(max(found) / step) * step)
    while high - low < min(span, limits[1] - limits[0]):
        if high < limits[1]:
            high = min(limits[1], high + step)
        if high - low < span and low > limits[0]:
            low = max(limits[0], low - step)
    return low, high


def even_span(values: Iterable[Score | Missing | float | None], *, step: float = 5, least: float = 10) -> float:
    """Half the width of an axis around zero that holds every value: a whole number of steps, at least `least`."""
    return max([least, *(ceil(abs(v) / step) * step for v in numbers(values))])


def ticks(ends: Ends, room: int = 6) -> list[float]:
    """At most about `room` round values from end to end (1, 2, 5 × a power of ten)."""
    low, high = ends
    if high <= low:
        return [low]
    rough = (high - low) / max(room - 1, 1)
    power = 10.0
    while power > rough:
        power /= 10
    while power * 10 <= rough:
        power *= 10
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough - 1e-9)
    first = ceil(low / step - 1e-9)
    return [round(k * step, 9) for k in range(first, floor(high / step + 1e-9) + 1)]
