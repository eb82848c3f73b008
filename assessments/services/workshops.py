"""A workshop as an object: made, changed, copied, deleted. What happens in it: `stage.py`; its steps: `agenda.py`."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments.enums import WorkshopState
from assessments.join_codes import new_code
from assessments.models import Activity, Commitment, Workshop
from assessments.services.acts import acted, locked_workshop
from assessments.services.looked_back import look_back_anew
from ecosystems.models import Ecosystem, User
from ecosystems.services import audit

PRIVACY: Final = frozenset({"anonymity", "asks_group", "preview", "min_group_size", "comment_min_group_size"})
COPIED: Final = ("purpose", "wave", *sorted(PRIVACY))
COPIED_OF_STEPS: Final = ("kind", "title", "prompt", "minutes", "notes", "settings", "by_breakout")
CODE_TRIES: Final = 20


class WorkshopProblem(Exception):
    """Why something cannot be done with a workshop, in words for the person who tried."""


class RulesTold(WorkshopProblem):
    def __init__(self) -> None:
        super().__init__(
            _("People are in the room and have been told these privacy rules. They cannot be changed any more.")
        )


@transaction.atomic
def create_workshop(*, ecosystem: Ecosystem, title: str, by: User | None, **setup: Any) -> Workshop:
    """A workshop in preparation, with the organization's privacy rules unless `setup` names stricter ones."""
    organization = ecosystem.organization
    k = max(setup.pop("min_group_size", 0), organization.min_group_size)
    comment_k = max(setup.pop("comment_min_group_size", 0), organization.comment_min_group_size, k)
    workshop = _with_free_code(
        Workshop(
            organization=organization,
            ecosystem=ecosystem,
            title=title,
            min_group_size=k,
            comment_min_group_size=comment_k,
            created_by=by,
            **setup,
        )
    )
    action = "workshop.rehearsed" if workshop.is_rehearsal else "workshop.created"
    audit.record(organization=organization, actor=by, action=action, subject=workshop)
    return workshop


@transaction.atomic
def change_workshop(*, workshop: Workshop, by: User | None, **changes: Any) -> Workshop:
    """Change title, purpose, start, wave, and until somebody has joined the privacy rules.

    Raises RulesTold; WorkshopProblem for a workshop that has ended, and for a minimum below the organization's.
    """
    workshop = locked_workshop(workshop.pk)
    if workshop.state == WorkshopState.ENDED:
        raise WorkshopProblem(_("This workshop has ended. It stays as it was."))
    changed = {name: value for name, value in changes.items() if getattr(workshop, name) != value}
    if PRIVACY & set(changed) and workshop.seats.exists():
        raise RulesTold
    for name in ("min_group_size", "comment_min_group_size"):
        if changed.get(name, getattr(workshop, name)) < getattr(workshop.organization, name):
            raise WorkshopProblem(
                _("Your organization shows no group smaller than %(least)s.")
                % {"least": getattr(workshop.organization, name)}
            )
    for name, value in changed.items():
        setattr(workshop, name, value)
    workshop.comment_min_group_size = max(workshop.comment_min_group_size, workshop.min_group_size)
    if "anonymity" in changed:
        look_back_anew(workshop=workshop)
    if changed:
        acted(workshop, by, *changed, "comment_min_group_size")
        audit.record(
            organization=workshop.organization,
            actor=by,
            action="workshop.changed",
            subject=workshop,
            details={"changed": sorted(changed)},
        )
    return workshop


@transaction.atomic
def set_helpers(*, workshop: Workshop, people: Iterable[User], by: User | None) -> None:
    """Let exactly these members of the organization run this workshop too, whatever their role."""
    workshop = locked_workshop(workshop.pk)
    members = set(workshop.organization.memberships.values_list("user_id", flat=True))
    chosen = [person for person in people if person.pk in members]
    workshop.co_facilitators.set(chosen)
    audit.record(
        organization=workshop.organization,
        actor=by,
        action="workshop.helpers",
        subject=workshop,
        details={"people": len(chosen)},
    )


@transaction.atomic
def duplicate_workshop(*, workshop: Workshop, title: str, by: User | None, **changes: Any) -> Workshop:
    """The same agenda and rules for another day; nothing of what was said."""
    setup = {name: getattr(workshop, name) for name in COPIED} | changes
    copy = create_workshop(ecosystem=workshop.ecosystem, title=title, by=by, **setup)
    copy.co_facilitators.set(workshop.co_facilitators.all())
    copy_agenda(workshop, into=copy)
    return copy


def copy_agenda(workshop: Workshop, *, into: Workshop) -> None:
    """The steps with their settings and sources, without rounds."""
    copies: dict[int, Activity] = {}
    steps = list(workshop.activities.order_by("position", "pk"))
    for position, step in enumerate(steps):
        kept = {name: getattr(step, name) for name in COPIED_OF_STEPS}
        if step.source_id:  # what was taken from the ideas of that day stays with that day
            kept["settings"] = {**kept["settings"], "options": []}
        copies[step.pk] = Activity.objects.create(
            workshop=into, position=position, source=copies.get(step.source_id or 0), **kept
        )


@transaction.atomic
def delete_workshop(*, workshop: Workshop, by: User | None) -> None:
    """Delete a workshop with everything said in it. Commitments stay. Raises WorkshopProblem while people are in it."""
    workshop = locked_workshop(workshop.pk)
    if workshop.is_open:
        raise WorkshopProblem(_("People are in this workshop. End it first."))
    audit.record(organization=workshop.organization, actor=by, action="workshop.deleted", subject=workshop)
    Commitment.objects.filter(workshop__rehearsal_of=workshop).delete()
    workshop.delete()


def _with_free_code(workshop: Workshop) -> Workshop:
    for _try in range(CODE_TRIES):
        workshop.code = new_code()
        try:
            with transaction.atomic():
                workshop.save(force_insert=True)
        except IntegrityError:
            continue
        return workshop
    raise WorkshopProblem(_("No free join code was found. Try again."))
