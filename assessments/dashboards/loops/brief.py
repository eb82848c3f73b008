"""Feedback loops in a few sentences, for the home page and the results of a wave."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.loops.learning import DimensionShare, shares_of
from assessments.dashboards.loops.words import answered_words, change_words, counted_words, medians_words
from assessments.models import Wave
from assessments.scoring.feedback import LoopState
from assessments.scoring.loop_health import Trend
from assessments.selectors.commitments import Standing
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.summaries import SummedUp

CLEAR = (Trend.STRENGTHENING, Trend.WEAKENING)


@dataclass(frozen=True)
class LoopsBrief:
    """`loops` is '' where the map has none, `oldest` where every signal got an answer.

    `cycle` is how far signals have come, until the wave or until today, and how fast; '' before the first.
    `waves` are those whose numbers stand in it.
    `map_said` says which map an earlier wave's loops are on, `map_url` shows it; both '' where it is the map now.
    """

    ecosystem: str
    loops: str
    oldest: str
    cycle: str
    url: str
    waves: tuple[Wave, ...]
    by_dimension: tuple[DimensionShare, ...] = ()
    map_said: str = ""
    map_url: str = ""
    promised: str = ""
    promised_url: str = ""


def loops_brief(summed: SummedUp | None, *, now: bool = True, standing: Standing | None = None) -> LoopsBrief | None:
    """
    None where there is nothing to tell. `now`: also what waits for an answer today; not beside an earlier wave.

    `standing` of the commitments, where they are to be told of.
    """
    if summed is None:
        return None
    loops, oldest = loops_words(summed), oldest_words(summed) if now else ""
    cycle = summed.feedback.cycle
    if not loops and not cycle.raised:
        return None
    ecosystem, version = summed.wave.assessment.ecosystem, summed.feedback.map_version
    place = [ecosystem.organization.slug, ecosystem.slug]
    return LoopsBrief(
        ecosystem=ecosystem.name,
        loops=loops,
        oldest=oldest,
        cycle=f"{answered_words(cycle)} {medians_words(cycle)}".strip() if cycle.raised else "",
        url=reverse("assessments:loops", args=place),
        waves=tuple(dict.fromkeys((*summed.waves, *summed.heard))),
        by_dimension=shares_of(summed.feedback.by_dimension, _names(summed.wave)),
        map_said="" if now or not loops else map_words(version),
        map_url=reverse("assessments:map-version", args=[*place, version]) if version and not now else "",
        promised=promised_words(standing) if standing else "",
        promised_url=reverse("assessments:commitments", args=place),
    )


def _names(wave: Wave) -> dict[str, str]:
    return {code: block.name for code, block in instrument_text(wave.version).blocks.items()}


def map_words(version: int) -> str:
    """Which map the loops of an earlier wave are on; 0: the one of today."""
    if version:
        return _("On the map as it stood when this wave closed.")
    return _("On the map of today: none was kept when this wave closed.")


def loops_words(summed: SummedUp) -> str:
    """The loop that changed most clearly and the one that did the other way, or that none did."""
    loops = summed.feedback.loops
    told = [loop for loop in loops if loop.health.trend in CLEAR]
    if told:
        most = max(told, key=_moved)
        words = f"{_trend(most)}. {change_words(most.health)}"
        others = [loop for loop in told if loop.health.trend is not most.health.trend]
        return f"{words} {_trend(max(others, key=_moved))}." if others else words
    if not loops:
        return ""
    if any(loop.health.trend is Trend.HOLDING for loop in loops):
        return _("No loop has clearly changed since the wave before.")
    if len(summed.waves) < 2:
        counted = counted_words(summed.feedback.search, loops, listed=len(loops))
        return _("%(loops)s; trends come with the second wave.") % {"loops": counted}
    return _("The trend of no loop is known: its factors are not tied to scores of both waves.")


def promised_words(standing: Standing) -> str:
    """What became of what was promised; '' where nothing was."""
    parts = []
    if standing.late:
        parts.append(_("%(n)s open (%(late)s late)") % {"n": standing.open, "late": standing.late})
    elif standing.open:
        parts.append(_("%(n)s open") % {"n": standing.open})
    if standing.done:
        parts.append(_("%(n)s done") % {"n": standing.done})
    return _("Promised: %(what)s.") % {"what": ", ".join(parts)} if parts else ""


def oldest_words(summed: SummedUp, *, today: date | None = None) -> str:
    feedback = summed.feedback
    if not feedback.oldest_title:
        return ""
    days = ((today or timezone.localdate()) - date.fromisoformat(feedback.oldest_on)).days
    return ngettext(
        "Without an answer for %(n)s day: %(title)s", "Without an answer for %(n)s days: %(title)s", days
    ) % {"n": days, "title": feedback.oldest_title}


def _moved(loop: LoopState) -> float:
    return abs(loop.health.waves[-1].change.value or 0.0)


def _trend(loop: LoopState) -> str:
    better = loop.health.trend is Trend.STRENGTHENING
    if loop.balancing:
        said = _("“%(name)s” pulls back more than before") if better else _("“%(name)s” pulls back less than before")
    else:
        said = _("“%(name)s” is strengthening") if better else _("“%(name)s” is weakening")
    return said % {"name": loop.name}
