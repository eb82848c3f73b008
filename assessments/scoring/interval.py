"""A confidence interval in the unit of the number it belongs to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """`low` to `high` at confidence `level` (0.95 unless the caller asked otherwise)."""

    low: float
    high: float
    level: float = 0.95

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"interval runs backwards: {self.low} to {self.high}")

    def excludes(self, value: float) -> bool:
        return not self.low <= value <= self.high
