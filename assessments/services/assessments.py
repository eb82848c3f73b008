"""Assessments: an instrument that an ecosystem, or the people around one leader, are asked again and again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import About, Rhythm
from assessments.models import Assessment, Instrument
from ecosystems.models import Ecosystem, User
from ecosystems.services import audit


class AssessmentProblem(Exception):
    """Why an assessment cannot be made or changed so."""


@transaction.atomic
def create_assessment(
    *,
    ecosystem: Ecosystem,
    instrument: Instrument,
    name: str,
    by: User | None,
    about: About = About.SYSTEM,
    leader: User | None = None,
    rhythm: Rhythm = Rhythm.HALF_YEARLY,
) -> Assessment:
    """Start an assessment, of the system or of one leader of the organization. Raises AssessmentProblem."""
    if instrument.organization_id not in (None, ecosystem.organization_id):
        raise AssessmentProblem(_("This instrument belongs to another organization."))
    if (about == About.LEADER) != (leader is not None):
        raise AssessmentProblem(_("Name the leader whom it is about."))
    if leader is not None and not ecosystem.organization.memberships.filter(user=leader).exists():
        raise AssessmentProblem(_("%(name)s does not belong to this organization.") % {"name": leader})
    assessment = Assessment.objects.create(
        ecosystem=ecosystem, instrument=instrument, name=name, about=about, leader=leader, rhythm=rhythm
    )
    audit.record(organization=ecosystem.organization, actor=by, action="assessment.created", subject=assessment)
    return assessment


@transaction.atomic
def change_assessment(*, assessment: Assessment, name: str, rhythm: Rhythm, by: User | None) -> Assessment:
    """Rename an assessment, or change how often it is planned."""
    assessment.name, assessment.rhythm = name, rhythm
    assessment.save(update_fields=["name", "rhythm"])
    audit.record(organization=assessment.organization, actor=by, action="assessment.changed", subject=assessment)
    return assessment


@transaction.atomic
def share_results(*, assessment: Assessment, people: Iterable[User], by: User) -> None:
    """Let exactly these people see the results of a 360°; only the leader whom it is about decides."""
    if assessment.leader_id != by.pk:
        raise AssessmentProblem(_("Only the leader whom it is about decides who sees the results."))
    members = set(assessment.organization.memberships.values_list("user_id", flat=True))
    chosen = [person for person in people if person.pk in members and person.pk != by.pk]
    assessment.shared_with.set(chosen)
    audit.record(
        organization=assessment.organization,
        actor=by,
        action="assessment.shared",
        subject=assessment,
        details={"people": len(chosen)},
    )
