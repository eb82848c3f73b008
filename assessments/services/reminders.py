"""E-mail that reminds owners of what they promised: a week before its day, on it, a week after; each once.

The database says what is due: a commitment that is done, dropped, put off or given to somebody else in time is not
reminded of, or on its new day. The text goes to the owner's account, else to the stakeholder's address. Whoever owns
many, of whichever organizations, gets one message a day with all of them: what becomes due later that day waits for
the next. The people of a demo do not exist, so nobody is written to there.
"""

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assessments.enums import CommitmentState, ReminderKind
from assessments.live import bus
from assessments.models import Commitment, CommitmentReminder, ReminderDay
from assessments.services.invitation_mail import PAUSE, PAUSE_SECONDS, PERMANENT
from assessments.services.reminder_messages import Reminder, digest_of, message_of
from ecosystems.models import Membership

logger = logging.getLogger(__name__)
CHUNK: Final = 200
SHIFTS: Final = {ReminderKind.SOON: -7, ReminderKind.DUE: 0, ReminderKind.LATE: 7}
"""Days from the promised one."""
KEPT: Final = timedelta(days=7)
SALT: Final = "assessments.services.reminders"
CAUGHT_UP: Final = 6
"""So many days a reminder may be late, where nothing could be sent; later the next kind is near."""


@dataclass(frozen=True, slots=True)
class Due:
    """`to` is the address in small letters, by which a person is known here."""

    commitment: UUID
    kind: ReminderKind
    to: str


def due_reminders(today: date | None = None) -> list[Due]:
    """Open commitments whose owner is to be written to today and was not yet, the earliest day first."""
    day = today or timezone.localdate()
    found: list[Due] = []
    for kind in ReminderKind:
        rows = _due(kind, day).order_by("due_on", "key").values_list("key", "to")
        found += [Due(key, kind, to) for key, to in rows]
    by_recipient = {_recipient(one.to): one.to for one in found}
    told = ReminderDay.objects.filter(recipient__in=by_recipient, last_on=day).values_list("recipient", flat=True)
    over = {by_recipient[one] for one in told}
    return [one for one in found if one.to not in over]


def send_due_or_pause(*, today: date | None = None) -> bool:
    """Send a chunk of what is due; True if there may be more. A mail server that does not answer is left alone."""
    try:
        return send_due(today=today)
    except OSError as problem:
        logger.warning("Reminders of commitments must wait: %s", problem)
        bus.connection().set(PAUSE, 1, ex=PAUSE_SECONDS)
        return False


def send_due(*, today: date | None = None, limit: int = CHUNK) -> bool:
    """Remind up to `limit` people; True if there may be more.

    Each message is locked, sent and noted in a transaction of its own, so that two workers never write to one person,
    and a worker that dies repeats one message at most. Raises OSError where the mail server does not answer, or not
    yet.
    """
    day = today or timezone.localdate()
    people, later = dict[str, list[Due]](), list[OSError]()
    for one in due_reminders(day):
        people.setdefault(one.to, []).append(one)
    if not people:
        return False
    with get_connection() as connection:
        for due in list(people.values())[:limit]:
            _send(due, day, connection, later)
    if later:
        raise later[0]
    return len(people) > limit


def forget_days(today: date | None = None) -> None:
    """Delete whom something was sent to some time ago."""
    day = today or timezone.localdate()
    ReminderDay.objects.filter(last_on__lt=day - KEPT).delete()


def _due(kind: ReminderKind, day: date) -> "QuerySet[Any]":
    """Open ones whose reminder of this kind falls on `day` or was missed in the days before, and whom it goes `to`."""
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
    found = found.filter(reachable, created_at__date__lt=F("due_on") + timedelta(days=SHIFTS[kind]))
    return found.annotate(to=Lower(Coalesce("owner__email", "stakeholder__email")))


def _recipient(address: str) -> str:
    return salted_hmac(SALT, address, algorithm="sha256").hexdigest()


def _take(address: str, day: date) -> str:
    """Hold the right to write to an address today until the end of the transaction; '' where somebody has it or had."""
    recipient = _recipient(address)
    ReminderDay.objects.bulk_create([ReminderDay(recipient=recipient)], ignore_conflicts=True)
    free = ReminderDay.objects.exclude(last_on=day).select_for_update(skip_locked=True)
    return recipient if free.filter(pk=recipient).first() else ""


def _still_due(due: Sequence[Due], day: date) -> list[Reminder]:
    """What of it is still due, locked: what was changed until now is known here."""
    keys = [one.commitment for one in due]
    held = list(
        Commitment.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=keys)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    found = [
        Reminder(commitment, kind)
        for kind in {one.kind for one in due}
        for commitment in _due(kind, day)
        .filter(pk__in=held, to=due[0].to)
        .select_related("organization", "ecosystem__organization", "owner", "stakeholder")
    ]
    return sorted(found, key=lambda one: (one.commitment.due_on or day, one.commitment.key))


def _send(due: Sequence[Due], day: date, connection: BaseEmailBackend, later: list[OSError]) -> None:
    """Write to one person of all that is due to them; what must wait is put into `later`."""
    with transaction.atomic():
        recipient = _take(due[0].to, day)
        reminders = _still_due(due, day) if recipient else []
        if not reminders:
            return
        first = reminders[0]
        message = message_of(first.commitment, first.kind) if len(reminders) == 1 else digest_of(reminders)
        mail = EmailMultiAlternatives(
            message.subject, message.text, to=[_address(first.commitment)], connection=connection
        )
        mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            if any(code < PERMANENT for code, _reason in refused.recipients.values()):
                later.append(refused)
                return
            logger.warning("The mail server refuses the address of the owner of commitment %s", first.commitment.pk)
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code < PERMANENT:
                later.append(refused)
                return
            logger.warning("The mail server refuses the reminder of commitment %s", first.commitment.pk)
        except ValueError:  # the address is none, or holds what no header may
            logger.warning("The address of the owner of commitment %s cannot be written to", first.commitment.pk)
        now = timezone.now()
        CommitmentReminder.objects.bulk_create(
            [
                CommitmentReminder(
                    commitment=one.commitment, kind=one.kind, due_on=one.commitment.due_on or day, sent_at=now
                )
                for one in reminders
            ],
            update_conflicts=True,
            unique_fields=["commitment", "kind", "due_on"],
            update_fields=["sent_at"],
        )
        ReminderDay.objects.filter(pk=recipient).update(last_on=day)


def _address(commitment: Commitment) -> str:
    if commitment.owner is not None:
        return commitment.owner.email
    return commitment.stakeholder.email if commitment.stakeholder is not None else ""
