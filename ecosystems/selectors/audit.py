"""Reading the audit trail."""

from django.db.models import Q, QuerySet

from ecosystems.models import AuditEvent, Organization


def audit_entries(organization: Organization, *, find: str = "") -> QuerySet[AuditEvent]:
    """What the organization's accounts did, newest first; `find` looks at who, what and to whom."""
    found = organization.audit_events.select_related("actor").order_by("-at", "-pk")
    if find:
        found = found.filter(
            Q(subject__icontains=find)
            | Q(action__icontains=find)
            | Q(actor__name__icontains=find)
            | Q(actor__email__icontains=find)
        )
    return found
