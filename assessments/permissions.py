"""Who may do what with assessments: predicates on a viewer and, where it matters, an assessment."""

from django.db.models import Q

from assessments.enums import About
from assessments.models import Assessment, Commitment, Workshop
from ecosystems import permissions
from ecosystems.permissions import Viewer

may_run = permissions.is_facilitator
"""Prepares, opens and closes waves; sees counts, never who answered."""


def may_see_results(viewer: Viewer, assessment: Assessment) -> bool:
    """System assessments: every member. About one leader: that leader and whom they share with, nobody else."""
    if assessment.about == About.SYSTEM:
        return True
    return is_about(viewer, assessment) or assessment.shared_with.filter(pk=viewer.user.pk).exists()


def is_about(viewer: Viewer, assessment: Assessment) -> bool:
    """The viewer is the leader whom a 360° is about."""
    return assessment.leader_id is not None and assessment.leader_id == viewer.user.pk


def seen_by(viewer: Viewer) -> Q:
    """Assessments that the viewer may know of, results or not; those who run them see all of them."""
    if may_run(viewer):
        return Q()
    return Q(about=About.SYSTEM) | results_seen_by(viewer)


def results_seen_by(viewer: Viewer) -> Q:
    """Assessments whose results the viewer may see; the same rule as `may_see_results`, for a query.

    The assessments that are shared are looked up apart: a join would give an assessment once for each reader.
    """
    shared = Assessment.shared_with.through.objects.filter(user_id=viewer.user.pk).values("assessment_id")
    return Q(about=About.SYSTEM) | Q(leader_id=viewer.user.pk) | Q(pk__in=shared)


def may_run_workshop(viewer: Viewer, workshop: Workshop) -> bool:
    """Facilitators and admins of the organization, and the members who were asked to help with this workshop."""
    return may_run(viewer) or workshop.co_facilitators.filter(pk=viewer.user.pk).exists()


def workshops_run_by(viewer: Viewer) -> Q:
    """Workshops that the viewer may prepare and run; the same rule as `may_run_workshop`, for a query."""
    if may_run(viewer):
        return Q()
    helped = Workshop.co_facilitators.through.objects.filter(user_id=viewer.user.pk).values("workshop_id")
    return Q(pk__in=helped)


may_commit = permissions.is_leader
"""Writes down a commitment; whoever runs assessments is one of them."""


def may_change_commitment(viewer: Viewer, commitment: Commitment) -> bool:
    """Its owner, who wrote it down, and facilitators."""
    return may_run(viewer) or viewer.user.pk in (commitment.owner_id, commitment.created_by_id)
