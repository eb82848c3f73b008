"""Reading organizations and their audit trail."""

from django.db.models import QuerySet

from ecosystems.models import AuditEvent, Organization, User


def organizations_of(user: User) -> QuerySet[Organization]:
    """The organizations that the person belongs to, by name."""
    return Organization.objects.filter(memberships__user=user).order_by("name", "pk")


def audit_trail(organization: Organization) -> QuerySet[AuditEvent]:
    """What the organization's accounts did, newest first."""
    return organization.audit_events.select_related("actor")
