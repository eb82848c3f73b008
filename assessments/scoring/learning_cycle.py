"""How fast an organization learns: from a signal heard to a score measured again (rule L5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median


class Stage(StrEnum):
    """The way of a signal, in its order."""

    RAISED = "raised"
    DISCUSSED = "discussed"
    COMMITTED = "committed"
    DONE = "done"
    REMEASURED = "re-measured"


OUT_OF = {Stage.DISCUSSED: Stage.RAISED, Stage.COMMITTED: Stage.RAISED}
"""A signal may be committed to without a talk; later stages are reached only through the one before."""


@dataclass(frozen=True, slots=True)
class Signal:
    """
    Something that asked for an answer: a low score, a theme, a weakening loop. `days` hold when it reached a stage.

    `declined` is the day on which it was said, with a reason, that nothing will be done: an answer too.
    """

    key: str
    days: dict[Stage, date]
    dimension: str = ""
    declined: date | None = None

    def __post_init__(self) -> None:
        if Stage.RAISED not in self.days:
            raise ValueError(f"signal {self.key} was never raised")
        if min(self.days.values()) < self.days[Stage.RAISED]:
            raise ValueError(f"signal {self.key} moved before it was raised")

    @property
    def answered(self) -> bool:
        return Stage.COMMITTED in self.days or self.declined is not None

    def since(self, stage: Stage) -> date:
        """The latest day of an earlier stage, no later than the stage's own day where it has one."""
        own = self.days.get(stage)
        order = list(Stage)
        earlier = [self.days[one] for one in order[: order.index(stage)] if one in self.days]
        return max(day for day in earlier if own is None or day <= own)


@dataclass(frozen=True, slots=True)
class Step:
    """
    One stage of the cycle: `reached` of `out_of` signals came here, after `median_days` from the stage before.

    That median knows only those that came. `expected_days` counts those still under way with the days they have
    waited (Kaplan & Meier 1958), absent where fewer than half came so far. `waiting` are they, `longest_wait` in days.
    """

    stage: Stage
    reached: int
    out_of: int
    median_days: float | None
    expected_days: float | None
    waiting: int
    longest_wait: int | None


@dataclass(frozen=True, slots=True)
class LearningCycle:
    """
    The cycle of some signals. `share_answered` is absent without a signal.

    `oldest` is the unanswered signal raised first, `oldest_days` how long ago.
    """

    steps: tuple[Step, ...]
    raised: int
    answered: int
    share_answered: float | None
    oldest: str | None
    oldest_days: int | None


def learning_cycle(signals: Sequence[Signal], *, today: date) -> LearningCycle:
    """Delays from stage to stage, share of signals with an answer, and the oldest without one (rule L5)."""
    known = [signal for signal in signals if signal.days[Stage.RAISED] <= today]
    answered = sum(signal.answered for signal in known)
    oldest = min(
        ((signal.days[Stage.RAISED], signal.key) for signal in known if not signal.answered),
        default=None,
    )
    return LearningCycle(
        steps=tuple(_step(known, stage, today) for stage in Stage if stage is not Stage.RAISED),
        raised=len(known),
        answered=answered,
        share_answered=answered / len(known) if known else None,
        oldest=oldest[1] if oldest else None,
        oldest_days=(today - oldest[0]).days if oldest else None,
    )


def cycles_by_dimension(signals: Sequence[Signal], *, today: date) -> dict[str, LearningCycle]:
    """The cycle of each dimension's signals; those of none stand under the empty name."""
    names = sorted({signal.dimension for signal in signals})
    return {name: learning_cycle([one for one in signals if one.dimension == name], today=today) for name in names}


def _step(signals: Sequence[Signal], stage: Stage, today: date) -> Step:
    order = list(Stage)
    before = OUT_OF.get(stage, order[order.index(stage) - 1])
    concerned = [signal for signal in signals if before in signal.days]
    came = [(signal.days[stage] - signal.since(stage)).days for signal in concerned if stage in signal.days]
    # who was declined, or went on without this stage, waits for it no longer
    waits = [
        max((today - signal.since(stage)).days, 0)
        for signal in concerned
        if signal.declined is None and not any(later in signal.days for later in order[order.index(stage) :])
    ]
    return Step(
        stage=stage,
        reached=len(came),
        out_of=len(concerned),
        median_days=median(came) if came else None,
        expected_days=median_with_waiting(came, waits),
        waiting=len(waits),
        longest_wait=max(waits, default=None),
    )


def median_with_waiting(came: Iterable[float], waiting: Iterable[float]) -> float | None:
    """
    Median time of those that came and those still waiting: the first at which S(t) ≤ ½ (Kaplan & Meier 1958).

    Who came on the day another was last seen waiting came first. Absent while more than half are under way.
    """
    events = sorted([(time, 0) for time in came] + [(time, 1) for time in waiting])
    # exact: S(t) as a fraction of whole numbers cannot miss ½ by rounding
    above, below = 1, 1
    for place, (time, open_end) in enumerate(events):
        if not open_end:
            left = len(events) - place
            above, below = above * (left - 1), below * left
            if 2 * above <= below:
                return time
    return None
