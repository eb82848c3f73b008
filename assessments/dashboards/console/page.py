"""The facilitator's screen: the step at which the room is, what can be pressed, and what the room may know already."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.console.agenda import Agenda, agenda_of
from assessments.dashboards.console.buttons import Bar, bar_of, neighbours
from assessments.dashboards.console.named import NamedItem, named_votes
from assessments.dashboards.console.revealed import Revealed, preview_of, revealed_of
from assessments.enums import HIDDEN, VOTED, ActivityKind, Anonymity, RoundState, WorkshopState
from assessments.models import Activity, Round, Workshop
from assessments.models.activity_plans import BadPlan, BetPlan, CommitPlan, Plan, RatePlan, problems
from assessments.selectors.consoles import Crowd, Material, Said, Thinking
from ecosystems.enums import StakeholderGroup
from ecosystems.numerals import number


@dataclass(frozen=True, slots=True)
class StepOfRounds:
    name: str
    done: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Timer:
    """`left` as the server sees it; scripts go on counting from `closes_at` and `now`, in ms."""

    left: str
    closes_at: int
    now: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts alone."""

    answered: int
    asked: int
    here: int
    away: int
    answered_words: str
    phones_words: str
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class ConsolePage:
    workshop: Workshop
    title: str
    badge: tuple[str, str]
    intro: str
    place: str
    dimension: str
    step: Activity | None
    round: Round | None
    state: str
    """The round's effective state, '' without a round."""
    rounds: tuple[StepOfRounds, ...]
    stats: Stats
    bar: Bar
    agenda: Agenda
    following: Activity | None
    preview: Revealed | None
    revealed: Revealed | None
    said: Said
    thinking: Thinking
    crowd: Crowd
    groups: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    """What must be mended before the step can be opened."""
    named_votes: tuple[NamedItem, ...]
    commit_facet: str
    runners: tuple[str, ...]
    material: Material = field(repr=False)

    @property
    def is_live(self) -> bool:
        return self.workshop.state == WorkshopState.LIVE

    @property
    def is_hidden(self) -> bool:
        return self.state in HIDDEN

    @property
    def is_open(self) -> bool:
        return self.state == RoundState.OPEN

    @property
    def lacks_reasons(self) -> bool:
        """Reasons were asked for, and too few people gave one to show any."""
        asked = bool(self.step and isinstance(self.step.plan, RatePlan) and self.step.plan.reasons)
        return asked and self.revealed is not None and not self.said.reasons and self.workshop.is_anonymous

    @property
    def etag_key(self) -> tuple[object, ...]:
        """Everything that the page depends on, but the seconds of the clock."""
        pulse, material = self.material.pulse, self.material
        return (
            pulse.version,
            self.state,
            (pulse.answered, pulse.here, pulse.away),
            self.agenda.pace,
            repr(self.crowd),
            self.thinking,
            self.round.preview_shown if self.round else None,
            tuple((one.pk, one.state, one.text, one.revision) for one in self.said.commitments),
            tuple((one.pk, one.text, one.kind) for one in material.notes),
        )


def console_page(material: Material) -> ConsolePage:
    workshop = material.workshop
    if workshop.state == WorkshopState.ENDED:  # what the room saw is told by the minutes
        material = replace(material, rounds=(), said=Said())
    step = None if workshop.state == WorkshopState.ENDED else material.step
    round = material.round
    state = material.pulse.state if round else ""
    agenda = agenda_of(workshop, material.activities, material.now)
    plan = _plan(step)
    following, _before = neighbours(material.activities, step)
    return ConsolePage(
        workshop=workshop,
        title=step.title if step else workshop.title,
        badge=_badge(workshop),
        intro=" ".join(_intro(workshop, step, plan)),
        place=_place(agenda) if step is not None else "",
        dimension=_dimension(plan),
        step=step,
        round=round,
        state=state,
        rounds=stepper_of(material.rounds),
        stats=_stats(material, step, round, state),
        bar=bar_of(workshop, material.activities, round, state),
        agenda=agenda,
        following=following if workshop.state != WorkshopState.ENDED else None,
        preview=preview_of(material, plan) if state in HIDDEN else None,
        revealed=revealed_of(material, plan) if step is not None else None,
        said=material.said,
        thinking=material.thinking,
        crowd=material.crowd,
        groups=tuple((str(StakeholderGroup(key).label), count) for key, count in material.crowd.groups),
        missing=problems(plan) if plan is not None and state in ("", RoundState.PENDING) else (),
        named_votes=named_votes(plan, material.said.votes),
        commit_facet=plan.facet if isinstance(plan, CommitPlan) else "",
        runners=_runners(material),
        material=material,
    )


def stepper_of(rounds: Sequence[Round]) -> tuple[StepOfRounds, ...]:
    """Two stages a round, the last two rounds; without a round the one that will come."""
    steps: list[StepOfRounds] = []
    for one in rounds[-2:]:
        last = one.pk == rounds[-1].pk
        hidden = _("Round %(number)s, hidden") % {"number": one.number}
        steps.append(StepOfRounds(hidden, done=one.is_revealed, current=not one.is_revealed))
        name = _("Revealed and discussed") if one.state == RoundState.DISCUSSED else _("Revealed")
        steps.append(StepOfRounds(name, done=not last, current=one.is_revealed and last))
    return tuple(steps)


def timer_of(closes_at: datetime | None, now: datetime) -> Timer | None:
    if closes_at is None:
        return None
    seconds = max(0, ceil((closes_at - now).total_seconds()))
    return Timer(f"{seconds // 60}:{seconds % 60:02}", int(closes_at.timestamp() * 1000), int(now.timestamp() * 1000))


def _stats(material: Material, step: Activity | None, round: Round | None, state: str) -> Stats:
    pulse = material.pulse
    phones = ngettext("phone here", "phones here", pulse.here)
    if pulse.away:
        phones = _("%(phones)s · %(n)s reconnecting") % {"phones": phones, "n": pulse.away}
    answered = ""
    if round is not None and step is not None and step.has_rounds:
        answered = _("answered in round %(number)s") % {"number": round.number}
        if step.kind not in VOTED:
            answered = _("have written in round %(number)s") % {"number": round.number}
    timer = timer_of(pulse.closes_at, pulse.now) if state == RoundState.OPEN else None
    return Stats(pulse.answered, pulse.asked, pulse.here, pulse.away, answered, phones, timer)


def _badge(workshop: Workshop) -> tuple[str, str]:
    match workshop.state:
        case WorkshopState.LIVE:
            return _("Live"), "live"
        case WorkshopState.LOBBY:
            return _("Doors open"), "live"
        case WorkshopState.ENDED:
            return _("Ended"), ""
        case _draft:
            return _("In preparation"), ""


def _place(agenda: Agenda) -> str:
    if not agenda.current:
        return ""
    return _("Step %(at)s of %(all)s") % {"at": agenda.current, "all": agenda.counted}


def _intro(workshop: Workshop, step: Activity | None, plan: Plan | None) -> list[str]:
    if step is None:
        return [workshop.purpose] if workshop.purpose else []
    said = [step.prompt] if step.prompt else []
    if isinstance(plan, RatePlan) and len(plan.items) == 1 and not step.prompt:
        said.append(_("“%(question)s”") % {"question": plan.items[0].text})
    if isinstance(plan, RatePlan | BetPlan):
        low, high = number(plan.lowest), number(plan.highest)
        said.append(_("Scale %(low)s to %(high)s.") % {"low": low, "high": high})
    if step.kind == ActivityKind.COMMIT:
        said.append(_("A commitment carries the name of whoever will do it."))
    elif step.has_rounds and workshop.anonymity == Anonymity.ANONYMOUS:
        said.append(_("Anonymous, as announced before the first answer."))
    elif step.has_rounds:
        said.append(_("By name, as announced before the first answer."))
    return said


def _runners(material: Material) -> tuple[str, ...]:
    """Who prepared it and who helps, each once."""
    people = [*filter(None, [material.workshop.created_by]), *material.helpers]
    return tuple(dict.fromkeys(str(one) for one in people))


def _plan(step: Activity | None) -> Plan | None:
    if step is None:
        return None
    try:
        return step.plan
    except BadPlan:
        return None


def _dimension(plan: Plan | None) -> str:
    """The dimension that all questions of the step are about, or ''."""
    items: tuple[Any, ...] = getattr(plan, "items", ()) or ()
    found = {item.dimension for item in items}
    return found.pop() if len(found) == 1 else ""
