"""Who may do what in an organization: predicates on a viewer, decided here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass

from ecosystems.enums import Role
from ecosystems.models import Membership, Organization, User


@dataclass(frozen=True)
class Viewer:
    """A logged-in person in one of their organizations."""

    user: User
    organization: Organization
    role: Role


Predicate = Callable[[Viewer], bool]


def viewer_for(*, user: User, slug: str) -> Viewer | None:
    """The person in the organization with this address; None for outsiders and unknown addresses alike."""
    membership = (
        Membership.objects.select_related("organization").filter(user=user, organization__slug=slug).first()
        if user.is_authenticated
        else None
    )
    if membership is None:
        return None
    return Viewer(user=user, organization=membership.organization, role=Role(membership.role))


def is_member(viewer: Viewer) -> bool:
    """Anyone with a role: sees the ecosystem and the results of system waves."""
    return True


def is_admin(viewer: Viewer) -> bool:
    """Manages the organization, its people and privacy rules, and its instruments."""
    return viewer.role is Role.ADMIN


def is_facilitator(viewer: Viewer) -> bool:
    """Prepares and runs assessments: admins and facilitators."""
    return viewer.role in (Role.ADMIN, Role.FACILITATOR)


def is_leader(viewer: Viewer) -> bool:
    """Is asked for the leaders' view: every role but viewer."""
    return viewer.role is not Role.VIEWER
