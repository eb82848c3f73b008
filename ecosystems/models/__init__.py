from ecosystems.models.audit import AuditEvent
from ecosystems.models.causal_maps import Factor, LinkVote
from ecosystems.models.organizations import MemberInvitation, Membership, Organization
from ecosystems.models.people import User
from ecosystems.models.stakeholders import Ecosystem, Stakeholder

__all__ = [
    "AuditEvent",
    "Ecosystem",
    "Factor",
    "LinkVote",
    "MemberInvitation",
    "Membership",
    "Organization",
    "Stakeholder",
    "User",
]
