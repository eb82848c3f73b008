"""A commitment as pages show it: how far it is in words, which score it should move, and what can be read of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.commitments.open_words import day_words, due_words, open_state
from assessments.enums import CommitmentState, Progress
from assessments.models import Commitment
from assessments.scoring.commitment_effect import Effect, Reading
from assessments.selectors.commitments import Column
from assessments.selectors.definitions import MARKS
from assessments.selectors.map_facets import MapFacets


@dataclass(frozen=True)
class CommitmentRow:
    """`when` stands beside the state. `effect` has numbers to show, or is None; `reading` says what it means or why."""

    commitment: Commitment
    column: Column
    state: str
    badge: str
    when: str
    facet: str
    mark: str
    aim: str
    is_ownerless: bool
    effect: Effect | None
    reading: str
    inseparable: tuple[str, ...] = ()


def commitment_row(
    commitment: Commitment,
    facets: MapFacets,
    effects: Mapping[str, Effect],
    names: Mapping[str, str],
    *,
    today: date,
) -> CommitmentRow:
    """A row of `commitments_of`; `names`: texts of the commitments that cannot be told apart, by key."""
    tie = facets.facets.get(commitment.facet)
    effect = effects.get(str(commitment.key)) if tie else None
    column = column_of(commitment, today)
    state, badge = state_of(commitment, column, today)
    shown = effect if effect and effect.is_told else None
    return CommitmentRow(
        commitment=commitment,
        column=column,
        state=state,
        badge=badge,
        when=when_of(commitment, today),
        facet=tie.name if tie else _gone(commitment.facet),
        mark=MARKS.get(tie.dimension, "") if tie else "",
        aim=_aim(commitment),
        is_ownerless=commitment.state == CommitmentState.OPEN and bool(getattr(commitment, "has_left", False)),
        effect=shown,
        reading=_reading(commitment, column, effect, is_known=tie is not None),
        inseparable=tuple(names[key] for key in effect.inseparable if key in names) if shown and effect else (),
    )


def _gone(code: str) -> str:
    return _("%(code)s (no longer asked)") % {"code": code} if code else ""


def column_of(commitment: Commitment, today: date) -> Column:
    if commitment.state != CommitmentState.OPEN:
        return Column(commitment.state)
    is_late = commitment.due_on is not None and commitment.due_on < today
    worries = getattr(commitment, "progress", None) in (Progress.AT_RISK, Progress.STUCK)
    return Column.PRESSING if is_late or worries else Column.ON_TRACK


def state_of(commitment: Commitment, column: Column, today: date) -> tuple[str, str]:
    """The word on the badge and its kind."""
    if column is Column.PROPOSED:
        return _("proposed"), ""
    if column is Column.DONE:
        return _("done"), "good"
    if column is Column.DROPPED:
        return _("dropped"), ""
    return open_state(commitment.due_on, getattr(commitment, "progress", None), today)


def when_of(commitment: Commitment, today: date) -> str:
    if commitment.closed_on:
        return day_words(commitment.closed_on, today)
    if commitment.due_on is None and commitment.state != CommitmentState.OPEN:
        return ""
    return due_words(commitment.due_on, today)


def _aim(commitment: Commitment) -> str:
    if not commitment.facet:
        return ""
    points = commitment.expected_points
    if points is None:
        return _("should rise") if commitment.expected > 0 else _("should fall")
    words = _("should rise by %(points)s") if commitment.expected > 0 else _("should fall by %(points)s")
    return words % {"points": points}


def _reading(commitment: Commitment, column: Column, effect: Effect | None, *, is_known: bool) -> str:
    """One honest sentence, never "because of"."""
    if not commitment.facet or commitment.state == CommitmentState.PROPOSED:
        return ""
    if not is_known:
        return _("The questions no longer ask about this score, so its change cannot be measured.")
    if commitment.state == CommitmentState.DROPPED:
        return _("dropped")
    if commitment.state == CommitmentState.OPEN and column is Column.PRESSING:
        return _("not done yet")
    if effect is None or commitment.state == CommitmentState.OPEN:
        return _("measured next wave")
    if effect.difference.withheld:
        return _("withheld: protects a small group")
    match effect.reading:
        case Reading.CONSISTENT:
            return _("consistent with an effect") + _beside(effect)
        case Reading.NO_SIGN:
            return _("no sign of an effect: could be chance") + _beside(effect)
        case Reading.TOO_EARLY:
            return _("too early to tell")
    return _("cannot be compared with the wave before")


def _beside(effect: Effect) -> str:
    """Others were done for the same score: the effect is that of all together."""
    n = len(effect.inseparable)
    words = ngettext("; cannot be told apart from %(n)s other", "; cannot be told apart from %(n)s others", n)
    return words % {"n": n} if n else ""
