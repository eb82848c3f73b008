"""Loops in words: which way they go, since when, what pulls, and what was not looked at."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.scoring.feedback import LoopState, Search
from assessments.scoring.learning_cycle import LearningCycle, Stage, Step
from assessments.scoring.loop_health import LoopHealth, Trend
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


def search_words(search: Search, states: Sequence[LoopState], *, factors: int) -> str:
    """What the page leaves out of the loops of a map with so many factors; '' where nothing is left out."""
    said = []
    if is_cut(search, states):
        found = found_words(search.found, complete=search.complete)
        said.append(_("%(found)s; listed are the shortest, and those with a name.") % {"found": found})
    if factors > search.bound:
        said.append(_("Loops of more than %(bound)s factors are not looked for.") % {"bound": search.bound})
    return " ".join(said)


def found_words(n: int, *, complete: bool = True) -> str:
    """How many loops there are; `complete` false: how many were counted before the count was given up."""
    if not complete:
        return _("More than %(n)s loops") % {"n": f"{n:,}"}
    return ngettext("%(n)s loop", "%(n)s loops", n) % {"n": f"{n:,}"}


def counted_words(search: Search, states: Sequence[LoopState], *, listed: int) -> str:
    """How many loops the map has, whether or not all of them are `listed`."""
    if is_cut(search, states):
        return found_words(search.found, complete=search.complete)
    return found_words(listed)


def is_cut(search: Search, states: Sequence[LoopState]) -> bool:
    """Whether loops within the bound are left out; a longer one that has a name is listed besides."""
    return not search.complete or search.found > sum(len(state.members) <= search.bound for state in states)


def answered_words(cycle: LearningCycle) -> str:
    return ngettext(
        "%(answered)s of %(n)s signal got an answer.", "%(answered)s of %(n)s signals got an answer.", cycle.raised
    ) % {"answered": cycle.answered, "n": cycle.raised}


def medians_words(cycle: LearningCycle) -> str:
    """`Median days from step to step: discussed 11, committed 7.`; '' where no signal came to any step."""
    told = [
        f"{stage_name(step.stage).lower()} {number(step.median_days)}"
        for step in cycle.steps
        if step.median_days is not None
    ]
    return _("Median days from step to step: %(steps)s.") % {"steps": ", ".join(told)} if told else ""


def stage_name(stage: Stage) -> str:
    return {
        Stage.RAISED: _("Signal"),
        Stage.DISCUSSED: _("Discussed"),
        Stage.COMMITTED: _("Committed"),
        Stage.DONE: _("Done"),
        Stage.REMEASURED: _("Re-measured"),
    }[stage]


def waiting_words(step: Step) -> str:
    """Who is still on the way to a stage, and how long it takes if they are counted, where that is longer."""
    said = ngettext(
        "%(stage)s: %(n)s still waits, for %(days)s.",
        "%(stage)s: %(n)s still wait, the longest for %(days)s.",
        step.waiting,
    ) % {"stage": stage_name(step.stage), "n": step.waiting, "days": days_words(step.longest_wait or 0)}
    if step.expected_days is None:
        return f"{said} {_('Fewer than half have come here so far.')}"
    if step.median_days is not None and step.expected_days <= step.median_days:
        return said
    counted = _("Counted with those who wait, half take %(days)s or less.") % {"days": days_words(step.expected_days)}
    return f"{said} {counted}"


def days_words(days: float) -> str:
    return ngettext("%(n)s day", "%(n)s days", round(days)) % {"n": number(days)}
