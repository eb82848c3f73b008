"""What an owner is written of one commitment, or of all that are due to them on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import ReminderKind
from assessments.models import Commitment
from assessments.selectors.replies import reply_url
from assessments.services.invitation_mail import Message
from ecosystems.models import Ecosystem

MOST_LISTED: Final = 10
"""Of one ecosystem; of the others the message says how many there are."""


@dataclass(frozen=True, slots=True)
class Reminder:
    commitment: Commitment
    kind: ReminderKind

    @property
    def day(self) -> str:
        return _day(self.commitment)

    @property
    def text(self) -> str:
        return " ".join(self.commitment.text.split())

    @property
    def url(self) -> str:
        return _url(self.commitment)


@dataclass(frozen=True, slots=True)
class Share:
    """What is due in one ecosystem; `more` are not listed, and stand at `board` where their owner has an account."""

    ecosystem: Ecosystem
    reminders: Sequence[Reminder]
    more: int
    board: str


def message_of(commitment: Commitment, kind: ReminderKind) -> Message:
    """What was promised, until when, and where to say how it goes."""
    reminder = Reminder(commitment, kind)
    context = {
        "commitment": commitment,
        "kind": kind.value,
        "day": reminder.day,
        "organization": commitment.organization,
        "ecosystem": commitment.ecosystem,
        "url": reminder.url,
        "has_account": commitment.owner_id is not None,
    }
    subject = _("Overdue: %(text)s") if kind is ReminderKind.LATE else _("Due on %(day)s: %(text)s")
    return _message("commitment_reminder", subject % {"day": reminder.day, "text": reminder.text}, context)


def digest_of(reminders: Sequence[Reminder]) -> Message:
    """All that is due to one person, by ecosystem."""
    late = sum(one.kind is ReminderKind.LATE for one in reminders)
    words = ngettext("%(count)s commitment", "%(count)s commitments", len(reminders)) % {"count": len(reminders)}
    if late:
        words = _("%(commitments)s, %(late)s overdue") % {"commitments": words, "late": late}
    by_ecosystem: dict[Ecosystem, list[Reminder]] = {}
    for one in reminders:
        by_ecosystem.setdefault(one.commitment.ecosystem, []).append(one)
    shares = [_share(ecosystem, found) for ecosystem, found in by_ecosystem.items()]
    return _message("commitment_digest", _("Reminder: %(what)s") % {"what": words}, {"shares": shares, "words": words})


def _share(ecosystem: Ecosystem, found: Sequence[Reminder]) -> Share:
    has_account = any(one.commitment.owner_id is not None for one in found)
    place = [ecosystem.organization.slug, ecosystem.slug]
    board = f"{settings.PUBLIC_URL}{reverse('assessments:commitments', args=place)}" if has_account else ""
    return Share(ecosystem, found[:MOST_LISTED], max(0, len(found) - MOST_LISTED), board)


def _message(name: str, subject: str, context: dict[str, object]) -> Message:
    return Message(
        subject=subject,
        # plain again: the template escapes nothing, so its output must not count as safe HTML anywhere
        text=render_to_string(f"emails/{name}.txt", context).strip() + "\n",
        html=render_to_string(f"emails/{name}.html", {**context, "subject": subject}),
    )


def _day(commitment: Commitment) -> str:
    return date_format(commitment.due_on, "j F") if commitment.due_on else ""


def _url(commitment: Commitment) -> str:
    """The commitment's own page for those with an account; for others the public one, if it stands there."""
    ecosystem = commitment.ecosystem
    if commitment.owner_id is None:
        address = reply_url(ecosystem) if commitment.is_public else ""
    else:
        address = reverse("assessments:commitment", args=[ecosystem.organization.slug, ecosystem.slug, commitment.key])
    return f"{settings.PUBLIC_URL}{address}" if address else ""
