"""The minutes of a workshop: decisions and commitments first, then every step that happened."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.minutes.beside import day_of
from assessments.dashboards.minutes.steps import StepMinutes, step_minutes
from assessments.enums import CommitmentState, NoteKind, WorkshopState
from assessments.models import Commitment, Workshop, WorkshopNote
from assessments.models.activities import step_numbers
from assessments.selectors.instrument_texts import instrument_text
from assessments.selectors.minutes import MinutesMaterial
from assessments.selectors.room_facets import facets_of


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with the score it should move by name; `state` is '' once it was taken up.

    The others are for those who may open it: see `standing.as_they_stand`.
    """

    commitment: Commitment
    facet: str
    state: str
    badge: str = ""
    closed: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MinutesPage:
    workshop: Workshop
    is_over: bool
    day: str
    facts: tuple[tuple[str, str], ...]
    privacy: str
    ended_itself: str
    decisions: tuple[WorkshopNote, ...]
    promises: tuple[Promise, ...]
    notes: tuple[WorkshopNote, ...]
    """Those that belong to no step any more."""
    steps: tuple[StepMinutes, ...]
    compares: bool
    """Figures of a wave stand beside those of the room."""


def minutes_page(material: MinutesMaterial) -> MinutesPage:
    workshop = material.workshop
    numbers = step_numbers(step.activity for step in material.steps)
    happened = [step for step in material.steps if step.happened]
    steps = tuple(step_minutes(material, step, numbers.get(step.activity.pk, 0)) for step in happened)
    listed = {note.pk for step in happened for note in step.notes}
    return MinutesPage(
        workshop=workshop,
        is_over=workshop.state == WorkshopState.ENDED,
        day=day_of(workshop),
        facts=_facts(material),
        privacy=_privacy(workshop),
        ended_itself=_("It ended by itself: no facilitator had done anything for 12 hours.")
        if workshop.ended_itself
        else "",
        decisions=tuple(note for note in material.notes if note.kind == NoteKind.DECISION),
        promises=_promises(material),
        notes=tuple(note for note in material.notes if note.pk not in listed and note.kind == NoteKind.NOTE),
        steps=steps,
        compares=any(shown.beside for step in steps for shown in step.shown),
    )


def _facts(material: MinutesMaterial) -> tuple[tuple[str, str], ...]:
    workshop = material.workshop
    found = [
        (_("Ecosystem"), workshop.ecosystem.name),
        (_("Day"), day_of(workshop)),
        (_("Length"), _length(workshop.started_at, workshop.ended_at)),
        (_("Took part"), ngettext("%(n)s person", "%(n)s people", material.seats) % {"n": material.seats}),
        (_("Facilitated by"), ", ".join(str(runner) for runner in material.runners)),
        (_("Wave talked about"), workshop.wave.title if workshop.wave else ""),
    ]
    return tuple((name, value) for name, value in found if value)


def _length(begun: datetime | None, ended: datetime | None) -> str:
    """`1 hour 12 minutes`; '' before the end."""
    if begun is None or ended is None or ended < begun:
        return ""
    hours, minutes = divmod(max(1, round((ended - begun).total_seconds() / 60)), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if minutes:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes})
    return " ".join(parts)


def _privacy(workshop: Workshop) -> str:
    if not workshop.is_anonymous:
        return _("This workshop was not anonymous: everybody spoke by name, and knew it before they began.")
    return _(
        "Answers were anonymous. Results are shown from %(k)s people on, reasons from %(comments)s; "
        "what was not revealed in the room is not shown here either."
    ) % {"k": workshop.min_group_size, "comments": workshop.comment_min_group_size}


def _promises(material: MinutesMaterial) -> tuple[Promise, ...]:
    names = _facet_names(material)
    states = {
        CommitmentState.PROPOSED: _("Proposed, not taken up"),
        CommitmentState.DROPPED: _("Dropped"),
        CommitmentState.DONE: _("Done"),
    }
    promises = [
        Promise(one, names.get(one.facet, one.facet), str(states.get(CommitmentState(one.state), "")))
        for one in material.commitments
    ]
    order = {"open": 0, "done": 1, "proposed": 2, "dropped": 3}
    return tuple(sorted(promises, key=lambda promise: order[promise.commitment.state]))


def _facet_names(material: MinutesMaterial) -> dict[str, str]:
    """Code → name."""
    workshop = material.workshop
    if not any(one.facet for one in material.commitments):
        return {}
    names = {facet.code: facet.name for facet in facets_of(workshop)}
    if workshop.wave is not None:
        names |= {code: block.name for code, block in instrument_text(workshop.wave.version).blocks.items()}
    return names
