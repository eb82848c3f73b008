"""Agendas to start from: those that come with the product, and those that an organization keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments.enums import ActivityKind
from assessments.models import Activity, AgendaTemplate, Workshop
from assessments.models.activity_plans import read_plan, stored
from assessments.services.acts import acted, locked_workshop
from assessments.services.workshops import WorkshopProblem
from ecosystems.models import User
from ecosystems.services import audit

BUILT_IN_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "agendas.yaml"
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


@cache
def built_in() -> tuple[BuiltIn, ...]:
    """The agendas that come with the product, in the order in which to offer them."""
    told = yaml.safe_load(BUILT_IN_FILE.read_text(encoding="utf-8"))
    return tuple(
        BuiltIn(key=one["key"], title=one["title"], description=one["description"], steps=tuple(one["steps"]))
        for one in told["agendas"]
    )


@transaction.atomic
def apply_built_in(*, workshop: Workshop, key: str, by: User | None) -> None:
    """Append the steps of an agenda that comes with the product. Raises WorkshopProblem for an unknown one."""
    chosen = next((one for one in built_in() if one.key == key), None)
    if chosen is None:
        raise WorkshopProblem(_("This agenda is not there any more. Choose another one."))
    _append(workshop, chosen.steps, by)


@transaction.atomic
def apply_template(*, workshop: Workshop, template: AgendaTemplate, by: User | None) -> None:
    """Append the steps of an agenda that the organization keeps."""
    if template.organization_id != workshop.organization_id:
        raise WorkshopProblem(_("This agenda is not there any more. Choose another one."))
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
    start = workshop.activities.count()
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
