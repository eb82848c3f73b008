"""What the acts of this app are called in the audit trail (`ecosystems.audit_words`)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

ACTS: Final = {
    "instrument.imported": _("imported the instrument"),
    "instrument.duplicated": _("duplicated the instrument"),
    "instrument.published": _("published the instrument"),
    "instrument.draft-deleted": _("deleted the draft of the instrument"),
    "assessment.created": _("started the assessment"),
    "assessment.changed": _("changed the assessment"),
    "assessment.shared": _("chose who sees the results of the assessment"),
    "wave.created": _("prepared the wave"),
    "wave.changed": _("changed the wave"),
    "wave.deleted": _("deleted the wave"),
    "wave.opened": _("opened the wave"),
    "wave.reminded": _("reminded the people of the wave"),
    "wave.imported": _("imported answers into the wave"),
    "wave.closed": _("closed the wave"),
    "wave.reopened": _("opened the wave again"),
    "people.added": _("added people to the wave"),
    "people.removed": _("removed people from the wave"),
    "links.downloaded": _("downloaded personal links of the wave"),
    "workshop.created": _("prepared the workshop"),
    "workshop.rehearsed": _("rehearsed the workshop"),
    "workshop.changed": _("changed the workshop"),
    "workshop.helpers": _("chose who else runs the workshop"),
    "workshop.deleted": _("deleted the workshop"),
    "workshop.doors-opened": _("opened the doors of the workshop"),
    "workshop.doors-closed": _("closed the doors of the workshop"),
    "workshop.started": _("started the workshop"),
    "workshop.revealed-after-preview": _("revealed a round with a preview in the workshop"),
    "workshop.ended": _("ended the workshop"),
    "loop.named": _("named the loop"),
    "loop.unnamed": _("took away the name of the loop"),
    "agenda.saved": _("saved the agenda"),
    "agenda.deleted": _("deleted the saved agenda"),
}
