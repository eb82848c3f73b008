"""One step of the agenda in the minutes: what was asked, what came out round by round, what was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.console.named import NamedItem, named_votes
from assessments.dashboards.minutes.beside import Beside, beside
from assessments.dashboards.minutes.looked_back import LookedList, looked_list
from assessments.dashboards.round_charts import Drawn, draw
from assessments.enums import WRITTEN, ActivityKind, NoteKind
from assessments.models import Commitment, Idea, Reason, Round, Scenario, WorkshopNote
from assessments.models.activity_plans import BadPlan, Plan, RatePlan, TalkPlan
from assessments.models.looked_back import read_looked_back
from assessments.scoring.room.results import RatingResults, RoundResults, VoteKind, decode
from assessments.selectors.minutes import MinutesMaterial, Step
from assessments.selectors.results import Scored

VOTES = frozenset(kind.value for kind in VoteKind)


@dataclass(frozen=True, slots=True)
class Line:
    """Something said. `by` is a name in named workshops, else ''; `also`: texts that were taken to say the same."""

    text: str
    by: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Ideas sorted together; '' is the title of those that were not, and their `key` is 0."""

    title: str
    lines: tuple[Line, ...]
    key: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that was voted on: the last round drawn, the `earlier` ones in words, the reasons given."""

    drawn: Drawn
    earlier: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reasons: tuple[Line, ...] = ()
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class StepMinutes:
    number: int
    """How the room counted it; 0 where it was skipped."""
    anchor: str
    title: str
    kind: str
    prompt: str
    mark: str
    rounds: str
    """How often the room voted; '' where there was nothing to vote on."""
    shown: tuple[Shown, ...]
    by_name: tuple[NamedItem, ...]
    """Who voted what, in named workshops."""
    clusters: tuple[Cluster, ...]
    parked: tuple[Line, ...]
    remarks: tuple[str, ...]
    """What is not shown, and why."""
    decisions: tuple[WorkshopNote, ...]
    notes: tuple[WorkshopNote, ...]
    commitments: tuple[Commitment, ...]
    scenarios: tuple[Scenario, ...] = ()
    maps_links: bool = False
    """The room voted on links and saw it: the votes are on the causal map."""
    looked_back: LookedList | None = None
    """What the room looked back at, where the step was about that."""
    guessed: int = 0
    """The step's key where the room guessed and saw it, else 0: a scenario can be made of it."""


def step_minutes(material: MinutesMaterial, step: Step, number: int) -> StepMinutes:
    activity = step.activity
    plan = _plan(step)
    named = not material.workshop.is_anonymous
    shown = _shown(step, plan, material.wave, named) if activity.kind in VOTES and plan is not None else ()
    return StepMinutes(
        number=number,
        anchor=f"step-{activity.pk}",
        title=activity.title,
        kind=str(activity.get_kind_display()),
        prompt=activity.prompt,
        mark=_mark(plan),
        rounds=_rounds(step),
        shown=shown,
        by_name=named_votes(plan, step.votes),
        clusters=_clusters(step.ideas, named),
        parked=tuple(
            _line(idea, step.ideas, named) for idea in step.ideas if idea.is_parked and not idea.merged_into_id
        ),
        remarks=tuple(_remarks(step)),
        decisions=tuple(note for note in step.notes if note.kind == NoteKind.DECISION),
        notes=tuple(note for note in step.notes if note.kind == NoteKind.NOTE),
        commitments=tuple(one for one in material.commitments if one.activity_id == activity.pk),
        scenarios=step.scenarios,
        looked_back=looked_list(read_looked_back(activity.looked_back)),
        maps_links=activity.kind == ActivityKind.LINKS and bool(step.rounds),
        guessed=activity.pk if activity.kind == ActivityKind.BET and step.rounds else 0,
    )


def results_of(step: Step) -> tuple[RoundResults, ...]:
    """The revealed results of a step in which was voted, in order."""
    return tuple(decode(step.activity.kind, round.results or {}) for round in step.rounds)


def _plan(step: Step) -> Plan | None:
    try:
        return step.activity.plan
    except BadPlan:
        return None


def _mark(plan: Plan | None) -> str:
    """The dimension that the whole step is about, for its glyph."""
    if isinstance(plan, TalkPlan):
        return plan.code.partition("-")[0]
    if isinstance(plan, RatePlan):
        found = {item.dimension for item in plan.items}
        return found.pop() if len(found) == 1 else ""
    return ""


def _shown(step: Step, plan: Plan, wave: Scored | None, named: bool) -> tuple[Shown, ...]:
    results = results_of(step)
    if not results:
        return ()
    salt = f"step-{step.activity.pk}"
    drawings = [draw(plan, results[0], salt=salt)]
    drawings += [draw(plan, now, before, salt=salt) for before, now in pairwise(results)]
    last = results[-1]
    before: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for one, drawing in zip(results[:-1], drawings, strict=False):
        for drawn in drawing:
            if drawn.said:
                before.setdefault(drawn.key, []).append((_("Round %(number)s") % {"number": one.round}, drawn.said))
    besides = _besides(plan, last, wave)
    said = dict(step.reasons)
    own = {drawn.key: said.pop(drawn.key, ()) for drawn in drawings[-1] if drawn.key}
    rest = tuple(reason for reasons in said.values() for reason in reasons)
    return tuple(
        Shown(
            drawn=drawn,
            earlier=tuple(before.get(drawn.key, ())),
            reasons=_reasons((*own.get(drawn.key, ()), *(rest if not place else ())), named),
            beside=besides.get(drawn.key),
        )
        for place, drawn in enumerate(drawings[-1])
    )


def _besides(plan: Plan, results: RoundResults, wave: Scored | None) -> Mapping[str, Beside | None]:
    if not isinstance(plan, RatePlan) or not isinstance(results, RatingResults):
        return {}
    items = {item.key: item for item in plan.items}
    return {one.item: beside(items[one.item], one, results, wave) for one in results.items if one.item in items}


def _reasons(reasons: Iterable[Reason], named: bool) -> tuple[Line, ...]:
    return tuple(Line(reason.text, _name(reason, named)) for reason in reasons)


def _name(said: Reason | Idea, named: bool) -> str:
    return said.seat.name if named and said.seat else ""


def _clusters(ideas: tuple[Idea, ...], named: bool) -> tuple[Cluster, ...]:
    """Sorted ones first, in the order of the board; what stands alone comes last."""
    kept = [idea for idea in ideas if not idea.is_parked and not idea.merged_into_id]
    found = [
        Cluster(title, tuple(_line(idea, ideas, named) for idea in group), pk or 0)
        for (pk, title), group in groupby(kept, key=lambda idea: (idea.cluster_id, _title(idea)))
    ]
    return tuple(sorted(found, key=lambda cluster: not cluster.title))


def _title(idea: Idea) -> str:
    return idea.cluster.title if idea.cluster else ""


def _line(idea: Idea, ideas: tuple[Idea, ...], named: bool) -> Line:
    also = tuple(other.text for other in ideas if other.merged_into_id == idea.pk)
    return Line(idea.text, _name(idea, named), also)


def _rounds(step: Step) -> str:
    revealed = len(step.rounds)
    if step.activity.kind not in VOTES or not revealed:
        return ""
    return ngettext("%(n)s round", "%(n)s rounds", revealed) % {"n": revealed}


def _remarks(step: Step) -> Iterable[str]:
    if step.hidden:
        yield ngettext(
            "%(n)s round was asked and not revealed. Its answers stay hidden.",
            "%(n)s rounds were asked and not revealed. Their answers stay hidden.",
            step.hidden,
        ) % {"n": step.hidden}
    if step.activity.is_skipped and not step.rounds and not step.hidden:
        yield _("This step was skipped.")
    elif step.activity.kind == ActivityKind.TALK and not step.notes and step.activity.looked_back is None:
        yield _("The room talked. Nothing was written down here.")
    if step.activity.kind in WRITTEN:
        yield from _texts_withheld(step.rounds)


def _texts_withheld(rounds: Iterable[Round]) -> Iterable[str]:
    results = [round.results or {} for round in rounds]
    if results and results[-1].get("withheld"):
        yield _("Withheld: texts are shown from %(k)s people on who wrote something.") % {
            "k": results[-1].get("needs", 0)
        }
    for group in results[-1].get("groups", ()) if results else ():
        if group.get("withheld"):
            yield _("%(group)s: withheld, protects a small group.") % {"group": group.get("group", "")}
