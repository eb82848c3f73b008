"""What a phone in the room shows: one frozen view of the room, the same for all, with one seat's own words if given.

Without numpy, the database and the addresses of pages: streams render it too.
"""

import json
from dataclasses import dataclass, field
from hashlib import blake2s

from django.utils.translation import gettext as _

from assessments.dashboards.commitments.open_words import seen_words
from assessments.dashboards.rooms.phases import Phase, phase_of
from assessments.dashboards.rooms.questions import (
    CANT_SAY_VALUE,
    Promised,
    Question,
    Rated,
    Written,
    ideas_of,
    promises_of,
    questions_of,
    value_words,
)
from assessments.dashboards.rooms.revealed import Reasons, Shown, VotesByName, by_name, reasons_of, shown_of
from assessments.dashboards.rooms.rules import rules_in, told
from assessments.dashboards.round_charts import round_name
from assessments.enums import CANT_SAY, GIVEN_WHOLE, VOTED, ActivityKind, WorkshopState
from assessments.models.activity_plans import IdeasPlan, Plan, TalkPlan
from assessments.models.looked_back import LookedBack
from assessments.selectors.link_words import delay_words, effect_words
from assessments.selectors.own_words import Own
from assessments.selectors.shown_rooms import Room, Step

NOBODY = Own()


def _digest(*parts: object) -> str:
    return blake2s(repr(parts).encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Phone:
    """`line` stands above the heading; `news` is what is read out when a phone gets here."""

    room: Room
    phase: Phase
    line: str
    heading: str
    news: str
    prompt: str = ""
    kind: str = ""
    step: int = 0
    round: int = 0
    number: int = 0
    questions: tuple[Question, ...] = ()
    plan: Plan = field(default_factory=TalkPlan)
    ideas: tuple[Written, ...] = ()
    promises: tuple[Promised, ...] = ()
    shown: Shown | None = None
    reasons: tuple[Reasons, ...] = ()
    by_name: tuple[VotesByName, ...] = ()
    rules: tuple[str, ...] = ()
    looked_back: tuple[tuple[str, str], ...] = ()
    """What was open of what had been promised, and how it stood when the room came here."""
    own: Own = NOBODY

    @property
    def head_key(self) -> str:
        """Changes with what the head of the page shows; the same whoever looks."""
        return _digest(self.phase, self.line, self.heading, self.prompt, self.room.agenda, self.rules)

    @property
    def results_key(self) -> str:
        room = self.room
        told = (room.revealed, room.reasons, room.clusters, room.parked, room.commitments, room.votes, self.looked_back)
        return _digest(self.phase, self.number, self.plan, *told)

    @property
    def answer_key(self) -> str:
        return _digest(self.phase, self.kind, self.round, self.plan, self.room.facets, self.own_is_beside)

    @property
    def words(self) -> str:
        """JSON: how the values of votes are read, where not as numbers; and delays."""
        known = {str(value): words for value, words in effect_words().items()} if self.kind == "links" else {}
        known |= {CANT_SAY_VALUE: value_words(CANT_SAY)}
        return json.dumps({"values": known, "delays": list(delay_words().values())})

    @property
    def is_again(self) -> bool:
        """A round after the first: the earlier result is in sight."""
        return self.number > 1

    @property
    def figure_class(self) -> str:
        """A chart whose heading is that of the page does not show it twice."""
        same = self.shown is not None and [one.heading for one in self.shown.drawn] == [self.heading]
        return "phone-figure same" if same else "phone-figure"

    @property
    def has_results(self) -> bool:
        return self.shown is not None or bool(self.room.commitments) or bool(self.looked_back)

    @property
    def has_answer(self) -> bool:
        """There is something of one's own to show or to give."""
        return self.phase in (Phase.OPEN, Phase.CLOSED, Phase.REVEALED)

    @property
    def own_is_beside(self) -> bool:
        """Own votes stand beside the charts already."""
        if not self.is_revealed or self.shown is None or self.kind in GIVEN_WHOLE:
            return False
        return not any(one.withheld for one in self.shown.drawn) and (
            len(self.questions) == 1 or self.kind != ActivityKind.LINKS
        )

    @property
    def is_open(self) -> bool:
        return self.phase == Phase.OPEN

    @property
    def is_revealed(self) -> bool:
        return self.phase == Phase.REVEALED

    @property
    def can_pass(self) -> bool:
        """One question, which can be answered with "I can't say" by one button."""
        return len(self.questions) == 1 and self.kind in (ActivityKind.RATE, ActivityKind.BET)

    @property
    def has_said(self) -> bool:
        """The owner has answered in this round."""
        return any(one.own for one in self.questions) or bool(self.ideas) or bool(self.promises)

    @property
    def standing(self) -> str:
        """The one vote that stands from an earlier round, where one thing was asked."""
        return self.questions[0].standing if len(self.questions) == 1 else ""

    @property
    def lacks_reasons(self) -> bool:
        """Reasons were asked for and none may be shown: whoever gave one is told why it does not appear."""
        asked = any(isinstance(one, Rated) and one.asks_reason for one in self.questions)
        return asked and self.shown is not None and not self.reasons and self.room.is_anonymous

    @property
    def has_standing(self) -> bool:
        return any(one.standing for one in self.questions)

    @property
    def left(self) -> int:
        """How many more texts may be written."""
        return max(0, self.plan.per_person - len(self.ideas)) if isinstance(self.plan, IdeasPlan) else 0


def phone(room: Room, own: Own = NOBODY) -> Phone:
    """The room on a phone; with `own` also what its owner has said."""
    if room.state == WorkshopState.ENDED:
        return Phone(
            room, Phase.ENDED, room.title, _("Thank you for being here"), _("The workshop has ended."), own=own
        )
    if room.state != WorkshopState.LIVE:
        return Phone(
            room,
            Phase.LOBBY,
            _("You are in. It starts soon."),
            room.title,
            _("You are in the room. It starts soon."),
            rules=told(rules_in(room)),
            own=own,
        )
    if room.step is None:
        return Phone(
            room, Phase.SOON, room.title, _("The next step comes soon"), _("The next step comes soon."), own=own
        )
    return _at(room, room.step, own)


def _at(room: Room, step: Step, own: Own) -> Phone:
    phase = phase_of(room, step)
    number = room.round.number if room.round else 0
    round = room.round.pk if room.round else 0
    questions = questions_of(step.plan, own, round)
    return Phone(
        room=room,
        phase=phase,
        line=_line(room, step, number),
        heading=_heading(step, phase, number, questions),
        news=_news(phase, step.kind, number),
        prompt=step.prompt,
        kind=step.kind.value,
        step=step.pk,
        round=round,
        number=number,
        questions=questions,
        plan=step.plan,
        ideas=ideas_of(step.plan, own, round),
        promises=promises_of(step.plan, own),
        shown=shown_of(room, step),
        reasons=reasons_of(room, questions),
        by_name=by_name(room, questions),
        looked_back=_looked_back(step.looked_back),
        own=own,
    )


def _line(room: Room, step: Step, number: int) -> str:
    parts = [_("Step %(number)s of %(all)s") % {"number": step.number, "all": room.steps}] if step.number else []
    parts.append(_("anonymous") if room.is_anonymous else _("by name"))
    if number > 1:
        parts.append(round_name(number))
    return " · ".join(parts)


def _looked_back(back: LookedBack | None) -> tuple[tuple[str, str], ...]:
    return tuple((one.text, seen_words(one, back.on)) for one in back.seen) if back else ()


def _heading(step: Step, phase: Phase, number: int, questions: tuple[Question, ...]) -> str:
    if phase == Phase.OPEN and number > 1 and questions:
        return _("You have heard the reasons. Vote again?")
    if len(questions) == 1 and step.kind == ActivityKind.RATE:
        return questions[0].text
    return step.title


def _news(phase: Phase, kind: ActivityKind, number: int) -> str:
    voted = kind in VOTED
    if phase == Phase.OPEN:
        if number > 1:
            return _("Round %(number)s is open.") % {"number": number}
        return _("The vote is open.") if voted else _("You can write now.")
    return {
        Phase.TALK: _("The facilitator went on to a new step."),
        Phase.PENDING: _("The facilitator went on to a new step.") if number < 2 else _("The next round comes soon."),
        Phase.CLOSED: _("Voting is closed.") if voted else _("Writing is closed."),
        Phase.REVEALED: _("The facilitator revealed the results.") if voted else _("The facilitator showed the texts."),
    }[phase]
