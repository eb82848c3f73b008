"""The agenda of a workshop as its facilitators prepare it: times, what each step asks, and what is still missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, Workshop
from assessments.models.activities import step_numbers
from assessments.models.activity_plans import (
    BadPlan,
    BetPlan,
    DotsPlan,
    IdeasPlan,
    LinksPlan,
    Plan,
    RankingPlan,
    RatePlan,
    problems,
)


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A step. `number` is how everybody counts it, 0 where it is skipped; `minute` is when it begins, from the start;
    `gaps` is what must be mended before it can be opened.
    """

    activity: Activity
    number: int
    minute: int
    starts_at: datetime | None
    asks: str
    gaps: tuple[str, ...]
    is_current: bool
    may_remove: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    rows: tuple[AgendaRow, ...]
    counted: int
    """How many steps there are without those that are skipped."""
    minutes: int
    ends_at: datetime | None
    may_change: bool

    @property
    def gaps(self) -> int:
        return sum(bool(row.gaps) for row in self.rows)


def agenda_of(workshop: Workshop, steps: Sequence[Activity], opened: Collection[int]) -> Agenda:
    """`opened`: the steps of which a round has ever been open. Skipped steps take no time."""
    rows, minute = [], 0
    may_change = workshop.state != WorkshopState.ENDED
    numbers = step_numbers(steps)
    places = {step.pk: place for place, step in enumerate(steps)}
    for place, step in enumerate(steps):
        rows.append(
            AgendaRow(
                activity=step,
                number=numbers.get(step.pk, 0),
                minute=minute,
                starts_at=workshop.starts_at + timedelta(minutes=minute) if workshop.starts_at else None,
                asks=asks(step),
                gaps=gaps(step, places) if step.pk not in opened else (),
                is_current=workshop.step_id == step.pk,
                may_remove=may_change and step.pk not in opened and workshop.step_id != step.pk,
                is_first=place == 0,
                is_last=place == len(steps) - 1,
            )
        )
        minute += 0 if step.is_skipped else step.minutes
    ends_at = workshop.starts_at + timedelta(minutes=minute) if workshop.starts_at else None
    return Agenda(tuple(rows), len(numbers), minute, ends_at, may_change)


def gaps(step: Activity, places: dict[int, int]) -> tuple[str, ...]:
    """Why the step cannot be opened as it is; `places` are those of the agenda's steps."""
    plan = _plan(step)
    if plan is None:
        return (_("This step does not fit its kind. Open it, check everything and save."),)
    found = list(problems(plan))
    if isinstance(plan, DotsPlan | RankingPlan) and not plan.options:
        if step.source_id is None:
            found.append(_("There is nothing to choose from. Write options, or take them from a step with ideas."))
        elif places.get(step.source_id, -1) > step.position:
            found.append(_("The ideas that are voted on here come in a later step. Put this step after it."))
    return tuple(found)


def asks(step: Activity) -> str:
    """What a step asks, in a few words; '' where its title says all."""
    plan = _plan(step)
    parts = _parts(step, plan) if plan is not None else []
    if step.by_breakout:
        parts.append(_("by breakout group"))
    return ", ".join(parts)


def _plan(step: Activity) -> Plan | None:
    try:
        return step.plan
    except BadPlan:
        return None


def _parts(step: Activity, plan: Plan) -> list[str]:
    if isinstance(plan, RatePlan):
        parts = [
            ngettext("%(n)s question", "%(n)s questions", len(plan.items)) % {"n": len(plan.items)},
            _("%(low)s to %(high)s") % {"low": plan.lowest, "high": plan.highest},
        ]
        return parts + [_("with confidence")] * plan.confidence + [_("with reasons")] * plan.reasons
    if isinstance(plan, IdeasPlan):
        if step.kind == ActivityKind.CHECK and plan.per_person == 1:
            return [_("one sentence a person")]
        most = plan.per_person
        return [ngettext("up to %(n)s text a person", "up to %(n)s texts a person", most) % {"n": most}]
    if isinstance(plan, DotsPlan):
        dots = ngettext("%(n)s dot a person", "%(n)s dots a person", plan.dots) % {"n": plan.dots}
        return [dots, *_options(step, len(plan.options))]
    if isinstance(plan, RankingPlan):
        return _options(step, len(plan.options))
    if isinstance(plan, LinksPlan):
        links = ngettext("%(n)s link", "%(n)s links", len(plan.pairs)) % {"n": len(plan.pairs)}
        return [links] + [_("with delays")] * plan.delays
    if isinstance(plan, BetPlan):
        guesses = ngettext("%(n)s guess", "%(n)s guesses", len(plan.items)) % {"n": len(plan.items)}
        return [guesses, _("%(low)s to %(high)s") % {"low": _signed(plan.lowest), "high": _signed(plan.highest)}]
    return []


def _options(step: Activity, own: int) -> list[str]:
    if own:
        return [ngettext("%(n)s option", "%(n)s options", own) % {"n": own}]
    return [_("on the ideas of “%(step)s”") % {"step": step.source.title}] if step.source else []


def _signed(value: int) -> str:
    return str(value).replace("-", "−")
