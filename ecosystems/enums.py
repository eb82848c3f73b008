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


class MapEditKind(TextChoices):
    """What an edit of a causal map did; the words of its history."""

    ADD_FACTOR = "add-factor", _("added a factor")
    CHANGE_FACTOR = "change-factor", _("changed a factor")
    REMOVE_FACTOR = "remove-factor", _("took a factor off the map")
    MOVE = "move", _("moved factors")
    DRAW_LINK = "draw-link", _("drew a link")
    CHANGE_LINK = "change-link", _("changed a link")
    REMOVE_LINK = "remove-link", _("removed a link")
    LAY_OUT = "lay-out", _("laid the map out anew")
    TEMPLATE = "template", _("started from a template")
    IMPORT = "import", _("imported a map")
    RESTORE = "restore", _("went back to a version")
    VOTES = "votes", _("took in votes")
    UNDO = "undo", _("undid an edit")
    REDO = "redo", _("did an edit again")
