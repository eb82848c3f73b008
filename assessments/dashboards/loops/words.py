"""Loops in words: which way they go, since when, what pulls, and what was not looked at."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.scoring.feedback import Search
from assessments.scoring.learning_cycle import Stage
from assessments.scoring.loop_health import LoopHealth, Trend
from ecosystems.causal.loops import MOST_LOOKED_AT
from ecosystems.numerals import interval, number, signed

ARROWS = {Trend.STRENGTHENING: "▲", Trend.HOLDING: "●", Trend.WEAKENING: "▼"}


def trend_name(trend: Trend | None) -> str:
    return {
        Trend.STRENGTHENING: _("strengthening"),
        Trend.HOLDING: _("holding"),
        Trend.WEAKENING: _("weakening"),
        None: _("trend not known"),
    }[trend]


def trend_words(health: LoopHealth) -> str:
    """`weakening for two waves`."""
    name, held = trend_name(health.trend), health.held
    if health.trend is None or held < 2:
        return name
    return ngettext("%(trend)s for %(n)s wave", "%(trend)s for %(n)s waves", held) % {"trend": name, "n": held}


def change_words(health: LoopHealth) -> str:
    """Level and change of the newest wave with its interval, or why there is none."""
    if not health.waves or health.waves[-1].level is None:
        return _("No member of this loop has a score.")
    newest = health.waves[-1]
    said = _("Level %(level)s of 100.") % {"level": number(newest.level or 0.0)}
    change = newest.change
    if change.value is None or len(health.waves) < 2:
        return said if len(health.waves) > 1 else said + " " + _("A trend needs two waves.")
    moved = _("%(change)s since the wave before") % {"change": signed(change.value, 1)}
    if change.low is not None and change.high is not None:
        moved += f" ({interval(change.low, change.high, 1, sign=True)})"
    clear = _("clear change") if change.clear else _("could be chance")
    return f"{said} {moved}, {clear}."


def kind_words(*, balancing: bool) -> str:
    return _("Balancing: each turn pulls back.") if balancing else _("Reinforcing: each turn adds to the last.")


def search_words(search: Search) -> str:
    """What the bounds of the search leave out; '' where nothing was left out."""
    if not search.complete:
        return _("There are more than %(most)s loops; none with up to %(whole)s members is missing.") % {
            "most": f"{MOST_LOOKED_AT:,}",
            "whole": search.whole_to,
        }
    return ""


def stage_name(stage: Stage) -> str:
    return {
        Stage.RAISED: _("Signal"),
        Stage.DISCUSSED: _("Discussed"),
        Stage.COMMITTED: _("Committed"),
        Stage.DONE: _("Done"),
        Stage.REMEASURED: _("Re-measured"),
    }[stage]
