"""E-mail that reminds owners of what they promised: a week before its day, on it, a week after; each once.

The database says what is due: a commitment that is done, dropped, put off or given to somebody else in time is not
reminded of, or on its new day. The text goes to the owner's account, else to the stakeholder's address. The people of
a demo do not exist, so nobody is written to there.
"""

import logging
import smtplib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.enums import CommitmentState, ReminderKind
from assessments.live import bus
from assessments.models import Commitment, CommitmentReminder
from assessments.selectors.replies import reply_url
from assessments.services.invitation_mail import PAUSE, PAUSE_SECONDS, PERMANENT, Message
from ecosystems.models import Membership

logger = logging.getLogger(__name__)
CHUNK: Final = 200
SHIFTS: Final = {ReminderKind.SOON: -7, ReminderKind.DUE: 0, ReminderKind.LATE: 7}
"""Days from the promised one."""
CAUGHT_UP: Final = 6
"""So many days a reminder may be late, where nothing could be sent; later the next kind is near."""


@dataclass(frozen=True, slots=True)
class Due:
    commitment: UUID
    kind: ReminderKind


def due_reminders(today: date | None = None) -> list[Due]:
    """Open commitments whose owner is to be written to today, the earliest day first."""
    day = today or timezone.localdate()
    found: list[Due] = []
    for kind in ReminderKind:
        keys = _due(kind, day).order_by("due_on", "key").values_list("key", flat=True)
        found += [Due(key, kind) for key in keys]
    return found


def send_due_or_pause(*, today: date | None = None) -> bool:
    """Send a chunk of what is due; True if there may be more. A mail server that does not answer is left alone."""
    try:
        return send_due(today=today)
    except OSError as problem:
        logger.warning("Reminders of commitments must wait: %s", problem)
        bus.connection().set(PAUSE, 1, ex=PAUSE_SECONDS)
        return False


def send_due(*, today: date | None = None, limit: int = CHUNK) -> bool:
    """Send up to `limit` reminders; True if there may be more.

    Each is locked, sent and noted in a transaction of its own, so that two workers never write to one person, and a
    worker that dies repeats one message at most. Raises OSError where the mail server does not answer, or not yet.
    """
    day = today or timezone.localdate()
    due, later = due_reminders(day), list[OSError]()
    if not due:
        return False
    with get_connection() as connection:
        for one in due[:limit]:
            _send(one, day, connection, later)
    if later:
        raise later[0]
    return len(due) > limit


def message_of(commitment: Commitment, kind: ReminderKind) -> Message:
    """What was promised, until when, and where to say how it goes."""
    day = date_format(commitment.due_on, "j F") if commitment.due_on else ""
    text = " ".join(commitment.text.split())
    context = {
        "commitment": commitment,
        "kind": kind.value,
        "day": day,
        "organization": commitment.organization,
        "ecosystem": commitment.ecosystem,
        "url": _url(commitment),
        "has_account": commitment.owner_id is not None,
    }
    return Message(
        subject=(_("Overdue: %(text)s") if kind is ReminderKind.LATE else _("Due on %(day)s: %(text)s"))
        % {"day": day, "text": text},
        # plain again: the template escapes nothing, so its output must not count as safe HTML anywhere
        text=render_to_string("emails/commitment_reminder.txt", context).strip() + "\n",
        html=render_to_string("emails/commitment_reminder.html", context),
    )


def _due(kind: ReminderKind, day: date) -> "QuerySet[Commitment]":
    """Open ones whose reminder of this kind falls on `day` or was missed in the days before."""
    latest = day - timedelta(days=SHIFTS[kind])
    reminded = CommitmentReminder.objects.filter(
        commitment=OuterRef("pk"), kind=kind, due_on=OuterRef("due_on"), sent_at__isnull=False
    )
    found = Commitment.objects.filter(
        state=CommitmentState.OPEN,
        due_on__range=(latest - timedelta(days=CAUGHT_UP), latest),
        organization__is_demo=False,
    ).filter(~Exists(reminded), Q(workshop=None) | Q(workshop__rehearsal_of=None))
    member = Membership.objects.filter(user=OuterRef("owner"), organization=OuterRef("ecosystem__organization"))
    reachable = Q(Exists(member), owner__is_active=True) | Q(owner=None, stakeholder__email__gt="")
    # who promised only after the day of the reminder needs none
    return found.filter(reachable, created_at__date__lt=F("due_on") + timedelta(days=SHIFTS[kind]))


def _send(one: Due, day: date, connection: BaseEmailBackend, later: list[OSError]) -> None:
    """Write to one owner, if it is still due; what must wait is put into `later`."""
    with transaction.atomic():
        if not Commitment.objects.select_for_update(skip_locked=True).filter(pk=one.commitment):
            return  # another worker is at it
        # asked only once it is locked: what another worker has sent until then is known here
        due = _due(one.kind, day).filter(pk=one.commitment)
        commitment = due.select_related("organization", "ecosystem__organization", "owner", "stakeholder").first()
        if commitment is None or commitment.due_on is None:
            return
        message, to = message_of(commitment, one.kind), _address(commitment)
        mail = EmailMultiAlternatives(message.subject, message.text, to=[to], connection=connection)
        mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            if any(code < PERMANENT for code, _reason in refused.recipients.values()):
                later.append(refused)
                return
            logger.warning("The mail server refuses the address of the owner of commitment %s", commitment.pk)
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code < PERMANENT:
                later.append(refused)
                return
            logger.warning("The mail server refuses the reminder of commitment %s", commitment.pk)
        except ValueError:  # the address is none, or holds what no header may
            logger.warning("The address of the owner of commitment %s cannot be written to", commitment.pk)
        CommitmentReminder.objects.update_or_create(
            commitment=commitment, kind=one.kind, due_on=commitment.due_on, defaults={"sent_at": timezone.now()}
        )


def _address(commitment: Commitment) -> str:
    if commitment.owner is not None:
        return commitment.owner.email
    return commitment.stakeholder.email if commitment.stakeholder is not None else ""


def _url(commitment: Commitment) -> str:
    """The commitment's own page for those with an account; for others the public one, if it stands there."""
    ecosystem = commitment.ecosystem
    if commitment.owner_id is None:
        address = reply_url(ecosystem) if commitment.is_public else ""
    else:
        address = reverse("assessments:commitment", args=[ecosystem.organization.slug, ecosystem.slug, commitment.key])
    return f"{settings.PUBLIC_URL}{address}" if address else ""
