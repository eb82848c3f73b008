"""Choices of the assessments app, and the one code that stands for "can't say"."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CANT_SAY = -32768
"""In `Response.values` and `DraftAnswer.value`: the person chose "can't say". NULL is blank or not asked (rule S1)."""


class About(TextChoices):
    """Whom an assessment is about."""

    SYSTEM = "system", _("The whole system")
    LEADER = "leader", _("One leader (360°)")


class Rhythm(TextChoices):
    """How often waves are planned."""

    ONCE = "once", _("Once")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    HALF_YEARLY = "half-yearly", _("Twice a year")
    YEARLY = "yearly", _("Every year")


class Anonymity(TextChoices):
    """What may be known of who said what; told before the first answer, fixed by it (rule D1)."""

    ANONYMOUS = "anonymous", _("Anonymous")
    NAMED = "named", _("Named")


class WaveState(TextChoices):
    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class GroupKind(TextChoices):
    """How a group of a wave enters the scores (rules S4, S9)."""

    STAKEHOLDER = "stakeholder", _("Stakeholder group")
    LEADERS = "leaders", _("Leaders")
    SELF = "self", _("The leader's own view")
    OTHERS = "others", _("People who work with the leader")
    UNIT = "unit", _("Team or unit")


class InvitationStatus(TextChoices):
    """How far an invited person is; holds nothing of what they said, and no time."""

    INVITED = "invited", _("Invited")
    STARTED = "started", _("Started")
    SUBMITTED = "submitted", _("Submitted")


class UploadState(TextChoices):
    """How far a file of answers is on its way in."""

    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
