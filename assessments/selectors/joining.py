"""What somebody is told before they join a workshop, rule D1 in plain words, and who runs it."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from assessments.models import Seat, Workshop

KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the join page says of a workshop; `headline` is the privacy rule in a word."""

    title: str
    purpose: str
    ecosystem: str
    organization: str
    run_by: str
    headline: str
    told: tuple[str, ...]


def by_code(code: str) -> Workshop | None:
    """The workshop whose doors this code opens now; one that is in preparation or over is not told from none."""
    found = Workshop.objects.filter(code=code).first()
    return found if found is not None and found.is_open else None


def by_key(key: str) -> Workshop | None:
    """The workshop of a QR code or link, whatever its state."""
    if not KEY.fullmatch(key):
        return None
    return Workshop.objects.select_related("organization", "ecosystem", "created_by").filter(key=key).first()


def seat_in(workshop: Workshop, seat_id: str) -> Seat | None:
    """The seat that a device remembers, if it is still there."""
    return Seat.objects.filter(workshop=workshop, pk=seat_id).first()


def welcome_to(workshop: Workshop, *, own_phone: bool = False) -> Welcome:
    """Everything that is told before anything is given. Nothing is promised that the room does not keep."""
    anonymous = workshop.is_anonymous
    return Welcome(
        title=workshop.title,
        purpose=workshop.purpose,
        ecosystem=workshop.ecosystem.name,
        organization=workshop.organization.name,
        run_by=str(workshop.created_by.name) if workshop.created_by else "",
        headline=_("Anonymous.") if anonymous else _("By name."),
        told=_own_phone() if own_phone else (_anonymous(workshop) if anonymous else _named(workshop)),
    )


def _anonymous(workshop: Workshop) -> tuple[str, ...]:
    told = [
        _("Nobody sees who said what: not the facilitator, not an administrator."),
        _before_the_reveal(workshop),
        _("A result is shown only where at least %(least)s people stand behind it.")
        % {"least": workshop.min_group_size},
        _(
            "What you write is shown in your words and without your name, reasons only where at least %(least)s "
            "people gave one. Please name no one."
        )
        % {"least": workshop.comment_min_group_size},
    ]
    if workshop.asks_group:
        told.append(
            _(
                "Of your group, the facilitator sees how many are here. With votes on links it goes onto the causal "
                "map only where each group has at least %(least)s people."
            )
            % {"least": workshop.min_group_size}
        )
    told.append(
        _(
            "While the workshop runs, what you say is kept with your phone’s seat so that you can change it. When it "
            "ends, that link is cut for good."
        )
    )
    return (*told, _commitments())


def _named(workshop: Workshop) -> tuple[str, ...]:
    told = [
        _("Everybody speaks by name: once a round is revealed, the room sees who chose and wrote what."),
        _before_the_reveal(workshop),
        _("While a round is open, the facilitator sees who has answered and who is still thinking."),
    ]
    if workshop.asks_group:
        told.append(_("Your group stands beside your name."))
    return (*told, _commitments())


def _before_the_reveal(workshop: Workshop) -> str:
    if not workshop.preview:
        return _("Before a round is revealed there is a count of who has answered, and nothing else, for anybody.")
    if workshop.is_anonymous:
        return _(
            "Before a round is revealed, the facilitator can see a result so far, from %(least)s answers on and "
            "without the latest ones. Everybody else sees a count."
        ) % {"least": workshop.min_group_size}
    return _("Before a round is revealed, the facilitator can see a result so far. Everybody else sees a count.")


def _commitments() -> str:
    return _("If you commit to something, that carries the name of who will do it.")


def _own_phone() -> tuple[str, ...]:
    return (
        _("This phone shows what the room sees. It does not vote and is not counted."),
        _("This cannot be changed for this seat later."),
    )
