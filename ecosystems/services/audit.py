"""Writing the audit trail: acts of accounts, never answers, nothing about anonymous respondents."""

from collections.abc import Mapping
from typing import Any

from ecosystems.models import AuditEvent, Organization, User

SUBJECT_LENGTH = 200


def record(
    *,
    organization: Organization,
    actor: User | None,
    action: str,
    subject: object = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Note that `actor` (None: the system itself) did `action`, as `noun.verb`, to `subject`.

    Call it in the transaction of the act, so that neither is there without the other.
    """
    return AuditEvent.objects.create(
        organization=organization,
        actor=actor,
        action=action,
        subject=str(subject)[:SUBJECT_LENGTH],
        details=dict(details or {}),
    )
