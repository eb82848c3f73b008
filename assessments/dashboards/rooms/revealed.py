"""What a reveal shows on a phone: charts, reasons and, in named workshops, who voted what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.rooms.questions import Question, value_words
from assessments.dashboards.round_charts import Drawn, draw
from assessments.models.activity_plans import CommitPlan, IdeasPlan, TalkPlan
from assessments.scoring.room.results import decode
from assessments.selectors.shown_rooms import Room, Step


@dataclass(frozen=True, slots=True)
class Shown:
    """What was revealed: charts, or why there are none. `name` is `Round 1`."""

    name: str
    drawn: tuple[Drawn, ...] = ()
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class VotesByName:
    """One question, and who voted what: only in named workshops."""

    text: str
    votes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    text: str
    reasons: tuple[tuple[str, str], ...]
    """(text, name)"""


def shown_of(room: Room, step: Step) -> Shown | None:
    """The latest revealed round, compared with the one before it."""
    if not room.revealed:
        return None
    latest = room.revealed[-1]
    name = _("Round %(number)s") % {"number": latest.number}
    if isinstance(step.plan, IdeasPlan | CommitPlan | TalkPlan):
        return Shown(name, withheld=texts_withheld(latest.results))
    now = decode(step.kind.value, latest.results)
    before = decode(step.kind.value, room.revealed[-2].results) if len(room.revealed) > 1 else None
    return Shown(name, drawn=tuple(_narrow(one) for one in draw(step.plan, now, before)))


def _narrow(drawn: Drawn) -> Drawn:
    """Without the drawings that are too wide for a phone."""
    groups = drawn.groups
    return replace(
        drawn,
        chart=replace(drawn.chart, wide=drawn.chart.narrow, wide_width=drawn.chart.narrow_width),
        groups=replace(groups, wide=groups.narrow, wide_width=groups.narrow_width) if groups else None,
    )


def texts_withheld(results: Mapping[str, Any]) -> str:
    """Why texts are not shown; '' where they are."""
    if not results.get("withheld"):
        return ""
    needs = int(results.get("needs", 0))
    return ngettext(
        "Shown once %(n)s person has written: few texts could tell who wrote them.",
        "Shown once %(n)s people have written: few texts could tell who wrote them.",
        needs,
    ) % {"n": needs}


def reasons_of(room: Room, questions: tuple[Question, ...]) -> tuple[Reasons, ...]:
    found = []
    for question in questions:
        told = tuple((one.text, one.name) for one in room.reasons if one.item == question.key)
        if told:
            found.append(Reasons(question.text if len(questions) > 1 else "", told))
    return tuple(found)


def by_name(room: Room, questions: tuple[Question, ...]) -> tuple[VotesByName, ...]:
    found = []
    for question in questions:
        told = tuple((one.name, value_words(one.value)) for one in room.votes if one.item == question.key and one.name)
        if told:
            found.append(VotesByName(question.text, told))
    return tuple(found)
