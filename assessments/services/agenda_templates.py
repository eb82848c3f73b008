"""Agendas to start from: those that come with the product, and those that an organization keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments.enums import ActivityKind, WorkshopState
from assessments.models import Activity, AgendaTemplate, Workshop
from assessments.models.activity_plans import read_plan, stored
from assessments.services.acts import acted, locked_workshop
from assessments.services.agenda import MOST_STEPS
from assessments.services.workshops import WorkshopProblem, create_workshop
from ecosystems.models import User
from ecosystems.services import audit

BUILT_IN_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "agendas.yaml"
READ: Final = frozenset({"title", "prompt", "notes", "text", "low_label", "high_label", "source", "target"})
"""What people read of a step that comes with the product."""
KEPT: Final = ("kind", "title", "prompt", "minutes", "notes", "settings", "by_breakout")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """An agenda that comes with the product; `steps` are fields of activities, `source` the place of another step."""

    key: str
    title: str
    description: str
    steps: tuple[Mapping[str, Any], ...]

    @property
    def minutes(self) -> int:
        return sum(step["minutes"] for step in self.steps)


class GoneAgenda(WorkshopProblem):
    def __init__(self) -> None:
        super().__init__(_("This agenda is not there any more. Choose another one."))


@cache
def built_in() -> tuple[BuiltIn, ...]:
    """The agendas that come with the product, in the order in which to offer them."""
    told = yaml.safe_load(BUILT_IN_FILE.read_text(encoding="utf-8"))
    return tuple(
        BuiltIn(key=one["key"], title=one["title"], description=one["description"], steps=tuple(one["steps"]))
        for one in told["agendas"]
    )


@transaction.atomic
def start_workshop(*, agenda: str, by: User | None, **setup: Any) -> Workshop:
    """A new workshop with an agenda: `built-in:<key>`, `kept:<pk>`, or anything else for an empty one."""
    workshop = create_workshop(by=by, **setup)
    apply_agenda(workshop=workshop, agenda=agenda, by=by)
    return workshop


@transaction.atomic
def apply_agenda(*, workshop: Workshop, agenda: str, by: User | None) -> None:
    """Append the steps of an agenda as `start_workshop` names it. Raises WorkshopProblem for one that is gone."""
    where, _separator, key = agenda.partition(":")
    if where == "built-in":
        apply_built_in(workshop=workshop, key=key, by=by)
    elif where == "kept":
        kept = AgendaTemplate.objects.filter(organization=workshop.organization_id, pk=int(key)).first()
        if kept is None:
            raise GoneAgenda
        apply_template(workshop=workshop, template=kept, by=by)


@transaction.atomic
def apply_built_in(*, workshop: Workshop, key: str, by: User | None) -> None:
    """Append the steps of an agenda that comes with the product. Raises WorkshopProblem for an unknown one."""
    chosen = next((one for one in built_in() if one.key == key), None)
    if chosen is None:
        raise GoneAgenda
    _append(workshop, _translated(chosen.steps), by)


@transaction.atomic
def apply_template(*, workshop: Workshop, template: AgendaTemplate, by: User | None) -> None:
    """Append the steps of an agenda that the organization keeps."""
    if template.organization_id != workshop.organization_id:
        raise GoneAgenda
    _append(workshop, template.agenda, by)


@transaction.atomic
def save_as_template(*, workshop: Workshop, title: str, description: str, by: User | None) -> AgendaTemplate:
    """Keep the agenda of a workshop for the organization. Raises WorkshopProblem where the title is taken."""
    steps = list(workshop.activities.order_by("position", "pk"))
    places = {step.pk: place for place, step in enumerate(steps)}
    agenda = []
    for step in steps:
        kept = {name: getattr(step, name) for name in KEPT}
        if step.source_id in places:
            kept["source"] = places[step.source_id]
            kept["settings"] = {**kept["settings"], "options": []}
        agenda.append(kept)
    try:
        with transaction.atomic():
            template = AgendaTemplate.objects.create(
                organization=workshop.organization, title=title, description=description, agenda=agenda
            )
    except IntegrityError as problem:
        raise WorkshopProblem(_("There is an agenda with this title already. Choose another title.")) from problem
    audit.record(organization=workshop.organization, actor=by, action="agenda.saved", subject=template)
    return template


@transaction.atomic
def rename_template(*, template: AgendaTemplate, title: str, description: str, by: User | None) -> AgendaTemplate:
    """Give a kept agenda another title or description. Raises WorkshopProblem where the title is taken."""
    template.title, template.description = title, description
    try:
        with transaction.atomic():
            template.save(update_fields=["title", "description"])
    except IntegrityError as problem:
        raise WorkshopProblem(_("There is an agenda with this title already. Choose another title.")) from problem
    return template


@transaction.atomic
def delete_template(*, template: AgendaTemplate, by: User | None) -> None:
    """Forget a kept agenda; workshops made from it stay."""
    audit.record(organization=template.organization, actor=by, action="agenda.deleted", subject=template)
    template.delete()


def _append(workshop: Workshop, steps: Sequence[Mapping[str, Any]], by: User | None) -> None:
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.ENDED:
        raise WorkshopProblem(_("This workshop has ended. Its agenda stays as it was."))
    start = workshop.activities.count()
    if start + len(steps) > MOST_STEPS:
        raise WorkshopProblem(_("An agenda has at most %(most)s steps.") % {"most": MOST_STEPS})
    made: list[Activity] = []
    for place, step in enumerate(steps):
        kind = ActivityKind(step["kind"])
        source = step.get("source")
        made.append(
            Activity.objects.create(
                workshop=workshop,
                position=start + place,
                kind=kind,
                title=step["title"],
                prompt=step.get("prompt", ""),
                minutes=step["minutes"],
                notes=step.get("notes", ""),
                settings=stored(read_plan(kind, step.get("settings", {}))),
                by_breakout=step.get("by_breakout", False),
                source=made[source] if isinstance(source, int) and 0 <= source < place else None,
            )
        )
    acted(workshop, by)


def _translated(value: Any, name: str = "") -> Any:
    """The same in the language of whoever asks, as far as it is known in it."""
    if isinstance(value, Mapping):
        return {key: _translated(part, key) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_translated(part, name) for part in value]
    return _(value) if isinstance(value, str) and value and name in READ else value
