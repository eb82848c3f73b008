"""Choices of the ecosystems app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do in one organization; the first is the widest."""

    ADMIN = "admin", _("Admin")
    FACILITATOR = "facilitator", _("Facilitator")
    LEADER = "leader", _("Leader")
    VIEWER = "viewer", _("Viewer")


class StakeholderGroup(TextChoices):
    CUSTOMERS = "customers", _("Customers")
    EMPLOYEES = "employees", _("Employees")
    PARTNERS = "partners", _("Partners")
    COMMUNITIES = "communities", _("Communities")
