"""What somebody sees of a workshop before they join it: what it is about, who runs it, who sees what."""

from dataclasses import dataclass
from hashlib import blake2s

from django.utils.translation import gettext as _

from assessments.dashboards.rooms.rules import rules_for, told
from assessments.models import Workshop


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the join page says of a workshop; `headline` is the privacy rule in a word, `rules_key` stands for all."""

    title: str
    purpose: str
    ecosystem: str
    organization: str
    run_by: str
    headline: str
    told: tuple[str, ...]
    rules_key: str


def welcome_to(workshop: Workshop, *, own_phone: bool = False) -> Welcome:
    """Everything that is told before anything is given; less to a facilitator's own phone, which gives nothing."""
    return Welcome(
        title=workshop.title,
        purpose=workshop.purpose,
        ecosystem=workshop.ecosystem.name,
        organization=workshop.organization.name,
        run_by=str(workshop.created_by.name) if workshop.created_by else "",
        headline=_headline(workshop),
        told=_own_phone() if own_phone else told(rules_for(workshop)),
        rules_key=blake2s(repr(rules_for(workshop)).encode(), digest_size=6).hexdigest(),
    )


def _headline(workshop: Workshop) -> str:
    if workshop.is_rehearsal:
        return _("Rehearsal.")
    return _("Anonymous.") if workshop.is_anonymous else _("By name.")


def _own_phone() -> tuple[str, ...]:
    return (
        _("This phone shows what the room sees. It does not vote and is not counted."),
        _("This cannot be changed for this seat later."),
    )
