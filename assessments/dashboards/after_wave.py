"""What a wave's results tell below the numbers, once it has closed: its loops, and what was promised until it."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from assessments.dashboards.commitments.returning import ReturningList, returning_list
from assessments.dashboards.loading import Loaded
from assessments.dashboards.loops.brief import LoopsBrief, loops_brief
from assessments.enums import About, WaveState
from assessments.models import Wave
from assessments.selectors.open_commitments import due_by
from assessments.selectors.summaries import SummariesDone, summaries_done, summary_of


@dataclass(frozen=True)
class AfterWave:
    """`done`: up to which change the loops are summed up; they come some seconds after the numbers."""

    done: SummariesDone = field(default_factory=SummariesDone)
    loops: LoopsBrief | None = None
    returning: ReturningList | None = None
    day: date | None = None

    @property
    def waves(self) -> tuple[Wave, ...]:
        """Those whose numbers stand in it."""
        return self.loops.waves if self.loops else ()

    @property
    def etag_key(self) -> tuple[object, ...]:
        """Everything that is shown of it."""
        loops = self.loops and replace(self.loops, waves=())
        return (self.done, loops, self.returning and self.returning.etag_key, self.day)


def after_wave(loaded: Loaded) -> AfterWave:
    """In five queries, for one wave and for many; none where there is nothing to tell yet, or of one leader."""
    wave = loaded.wave
    if wave.state != WaveState.CLOSED or wave.assessment.about != About.SYSTEM:
        return AfterWave()
    done = summaries_done(wave.assessment.ecosystem)  # first: what is read after it is at least as new
    summed, is_newest = summary_of(wave)
    earlier = [one for one in loaded.waves if one.number < wave.number and one.closed_at]
    before = max(earlier, key=lambda one: one.number, default=None)
    return AfterWave(
        done=done,
        loops=loops_brief(summed, now=is_newest),
        returning=returning_list(due_by(wave, before=before)),
        day=timezone.localdate(),
    )
