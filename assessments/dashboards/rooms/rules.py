"""What everybody is told before they say anything: who sees what of it."""

from django.utils.translation import gettext as _

from assessments.selectors.rooms import Room


def rules_of(room: Room) -> tuple[str, ...]:
    """Whole sentences, the most important first."""
    if room.is_anonymous:
        told = [
            _("It is anonymous: nobody sees who said what, the facilitators neither."),
            _("Results are shown from %(k)s people on, reasons and comments from %(texts)s.")
            % {"k": room.minimum, "texts": room.comment_minimum},
        ]
    else:
        told = [_("It is by name: after a reveal your name stands beside your votes and what you write.")]
    if not room.preview:
        told.append(_("Nobody sees a result before the reveal, the facilitator neither."))
    elif room.is_anonymous:
        told.append(
            _("The facilitator sees results while they come, each time at least %(k)s people more.")
            % {"k": room.minimum}
        )
    else:
        told.append(_("The facilitator sees results while they come."))
    if room.is_anonymous:
        told.append(_("Only a commitment carries a name: the one you write."))
    return tuple(told)
