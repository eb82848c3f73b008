"""What acts of the audit trail are called, after the name of who did them and before the name of what they did it to.

Every app keeps the words of its own acts in a module of this name.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

ACTS: Final = {
    "organization.created": _("started the organization"),
    "organization.changed": _("changed the organization"),
    "person.invited": _("invited"),
    "person.invited-again": _("sent the invitation again"),
    "person.invitation-withdrawn": _("withdrew the invitation"),
    "person.joined": _("joined"),
    "person.role-changed": _("changed the role"),
    "person.removed": _("removed"),
    "ecosystem.created": _("started the ecosystem"),
    "ecosystem.changed": _("changed the ecosystem"),
    "stakeholder.added": _("added the stakeholder"),
    "stakeholder.changed": _("changed the stakeholder"),
    "stakeholder.deleted": _("deleted the stakeholder"),
    "stakeholders.imported": _("imported stakeholders"),
}
