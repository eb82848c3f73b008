"""The steps of a workshop: added, changed, moved, removed; what has been opened stays as it was asked."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import ActivityKind, RoundState, WorkshopState
from assessments.models import Activity, Workshop
from assessments.models.activity_plans import BadPlan, Plan, problems, stored
from assessments.services.acts import acted, locked_workshop
from assessments.services.looked_back import look_back
from assessments.services.workshops import WorkshopProblem
from ecosystems.models import User

MOST_STEPS: Final = 40
FIXED: Final = frozenset({"kind", "settings", "by_breakout", "source"})


class NotFitting(WorkshopProblem):
    """A step whose settings do not fit its kind; `reasons` say all that must be mended."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


class AlreadyOpened(WorkshopProblem):
    def __init__(self) -> None:
        super().__init__(_("This step has been opened in the room, so what it asks cannot be changed any more."))


class StaysOnTheAgenda(AlreadyOpened):
    def __init__(self) -> None:
        WorkshopProblem.__init__(
            self, _("The room is at this step or has been, so it stays on the agenda. You can skip it on the console.")
        )


@transaction.atomic
def add_activity(
    *,
    workshop: Workshop,
    kind: ActivityKind,
    title: str,
    plan: Plan,
    by: User | None,
    to: int | None = None,
    after: Activity | None = None,
    source: Activity | None = None,
    **texts: Any,
) -> Activity:
    """A new step at place `to` counted from 0, after another one, or at the end.

    Raises NotFitting; WorkshopProblem where there is no room for it.
    """
    workshop = _changeable(workshop.pk)
    _check(workshop, plan, source)
    if workshop.activities.count() >= MOST_STEPS:
        raise WorkshopProblem(_("An agenda has at most %(most)s steps.") % {"most": MOST_STEPS})
    activity = Activity.objects.create(
        workshop=workshop, kind=kind, title=title, settings=stored(plan), source=source, position=10_000, **texts
    )
    order = [step for step in workshop.activities.values_list("pk", flat=True) if step != activity.pk]
    at = order.index(after.pk) + 1 if after is not None and after.pk in order else len(order)
    if to is not None:
        at = max(0, min(to, len(order)))
    _number([*order[:at], activity.pk, *order[at:]])
    acted(workshop, by)
    activity.refresh_from_db()
    return activity


@transaction.atomic
def change_activity(
    *, activity: Activity, by: User | None, plan: Plan | None = None, to: int | None = None, **changes: Any
) -> Activity:
    """Change a step, or its place; once a round of it has been open, only its words, minutes, notes and place.

    Raises AlreadyOpened, NotFitting.
    """
    workshop = _changeable(activity.workshop_id)
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk, workshop=workshop)
    if plan is not None and not _is_plan_of(activity, plan):
        _check(workshop, plan, changes.get("source", activity.source))
        changes["settings"] = stored(plan)
    changed = {name: value for name, value in changes.items() if getattr(activity, name) != value}
    if FIXED & set(changed) and has_been_opened(activity):
        raise AlreadyOpened
    for name, value in changed.items():
        setattr(activity, name, value)
    if workshop.step_id == activity.pk:
        look_back(activity=activity, workshop=workshop)
    if changed:
        activity.save(update_fields=[*changed, "looked_back"])
    if _place(workshop, activity, to) or changed:
        acted(workshop, by)
        activity.refresh_from_db(fields=["position"])
    return activity


@transaction.atomic
def remove_activity(*, activity: Activity, by: User | None) -> None:
    """Take a step out of the agenda. Raises AlreadyOpened: what the room has answered stays."""
    workshop = _changeable(activity.workshop_id)
    if has_been_opened(activity) or workshop.step_id == activity.pk:
        raise StaysOnTheAgenda
    activity.delete()
    _number(list(workshop.activities.values_list("pk", flat=True)))
    acted(workshop, by)


@transaction.atomic
def move_activity(*, activity: Activity, to: int, by: User | None) -> None:
    """Put a step at place `to` of the agenda, counted from 0; beyond the ends means at the end."""
    workshop = _changeable(activity.workshop_id)
    if _place(workshop, Activity.objects.get(pk=activity.pk, workshop=workshop), to):
        acted(workshop, by)


def has_been_opened(activity: Activity) -> bool:
    """Whether a round of it has ever been open."""
    return activity.rounds.exclude(state=RoundState.PENDING).exists()


def _is_plan_of(activity: Activity, plan: Plan) -> bool:
    try:
        return activity.plan == plan
    except BadPlan:
        return False


def _place(workshop: Workshop, activity: Activity, to: int | None) -> bool:
    """Put a step at a place; whether that is another one than it had."""
    if to is None:
        return False
    before = list(workshop.activities.values_list("pk", flat=True))
    order = [step for step in before if step != activity.pk]
    order.insert(max(0, min(to, len(order))), activity.pk)
    if order == before:
        return False
    _number(order)
    return True


def _changeable(workshop_id: int) -> Workshop:
    workshop = locked_workshop(workshop_id)
    if workshop.state == WorkshopState.ENDED:
        raise WorkshopProblem(_("This workshop has ended. Its agenda stays as it was."))
    return workshop


def _check(workshop: Workshop, plan: Plan, source: Activity | None) -> None:
    reasons = problems(plan)
    if reasons:
        raise NotFitting(reasons)
    if source is not None and (source.workshop_id != workshop.pk or source.kind != ActivityKind.IDEAS):
        raise NotFitting([_("Take the options from a step of this workshop that collects ideas.")])


def _number(order: Sequence[int]) -> None:
    steps = Activity.objects.in_bulk(order)
    for position, pk in enumerate(order):
        steps[pk].position = position
    Activity.objects.bulk_update(steps.values(), ["position"])
