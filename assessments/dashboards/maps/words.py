"""What a link says of itself, for forms, lists and the editor."""

from django.utils.translation import gettext_lazy as _

SIGNS = ((1, _("raises the second")), (-1, _("lowers the second")))
STRENGTHS = ((1, _("weak")), (2, _("medium")), (3, _("strong")))
DELAYS = ((0, _("at once")), (1, _("within months")), (2, _("after a year or more")))
