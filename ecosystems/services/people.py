"""Roles of people in an organization."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystems.enums import Role
from ecosystems.models import Membership, Organization, User
from ecosystems.services import audit

SEEN_EVERY = timedelta(hours=1)


class LastAdmin(Exception):
    def __init__(self) -> None:
        super().__init__(_("An organization needs an admin. Make somebody else an admin first."))


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> Membership:
    """Give a member another role. Raises LastAdmin."""
    membership = _locked(membership)
    old = membership.role
    if old == role:
        return membership
    if old == Role.ADMIN:
        _ensure_another_admin(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record(
        organization=membership.organization,
        actor=by,
        action="person.role-changed",
        subject=membership.user.email,
        details={"role": [old, role.value]},
    )
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take the person out of the organization; the account and what was said anonymously stay. Raises LastAdmin."""
    membership = _locked(membership)
    if membership.role == Role.ADMIN:
        _ensure_another_admin(membership)
    audit.record(
        organization=membership.organization,
        actor=by,
        action="person.removed",
        subject=membership.user.email,
        details={"role": membership.role},
    )
    membership.delete()


def rename(*, user: User, name: str) -> None:
    user.name = name
    user.save(update_fields=["name"])


def note_seen(*, user: User) -> None:
    """Remember that the person is here, at most once an hour."""
    now = timezone.now()
    if user.last_seen_at is None or user.last_seen_at < now - SEEN_EVERY:
        User.objects.filter(pk=user.pk).update(last_seen_at=now)
        user.last_seen_at = now


def _locked(membership: Membership) -> Membership:
    # the organization's row first: two admins who demote each other in one moment wait for one another
    Organization.objects.select_for_update(no_key=True).get(pk=membership.organization_id)
    return Membership.objects.select_related("organization", "user").get(pk=membership.pk)


def _ensure_another_admin(membership: Membership) -> None:
    others = Membership.objects.filter(organization=membership.organization, role=Role.ADMIN).exclude(pk=membership.pk)
    if not others.exists():
        raise LastAdmin
