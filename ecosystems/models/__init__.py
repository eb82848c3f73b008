from ecosystems.models.audit import AuditEvent
from ecosystems.models.causal_maps import CausalMap, DrawnLink, Factor, LinkVote, LoopName
from ecosystems.models.map_history import MapEdit, MapVersion
from ecosystems.models.organizations import MemberInvitation, Membership, Organization
from ecosystems.models.people import User
from ecosystems.models.stakeholders import Ecosystem, Stakeholder

__all__ = [
    "AuditEvent",
    "CausalMap",
    "DrawnLink",
    "Ecosystem",
    "Factor",
    "LinkVote",
    "LoopName",
    "MapEdit",
    "MapVersion",
    "MemberInvitation",
    "Membership",
    "Organization",
    "Stakeholder",
    "User",
]
