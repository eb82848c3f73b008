"""The minutes of a workshop, sent to those who asked for them: each once, and their addresses then forgotten."""

import logging
import smtplib
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import CommitmentState, NoteKind, WorkshopState
from assessments.links import minutes_url
from assessments.live import bus
from assessments.models import MinutesRequest, Workshop
from assessments.services.invitation_mail import PAUSE, PAUSE_SECONDS, PERMANENT, Message

logger = logging.getLogger(__name__)
CHUNK: Final = 200
KEPT_AFTER_SENDING: Final = timedelta(days=7)
"""So long somebody who asks again is not written to twice."""
KEPT_AFTER_THE_END: Final = timedelta(days=30)


def unsent() -> "QuerySet[MinutesRequest]":
    """Who waits for the minutes of a workshop that has ended; nobody gets those of a rehearsal."""
    over = Q(workshop__state=WorkshopState.ENDED, workshop__rehearsal_of=None)
    return MinutesRequest.objects.filter(over, sent_at=None)


def workshops_with_unsent_minutes() -> list[int]:
    return sorted(set(unsent().values_list("workshop_id", flat=True)))


def message_of(workshop: Workshop) -> Message:
    """What was decided and promised, and the way to everything else."""
    shown = workshop.commitments.exclude(state__in=(CommitmentState.PROPOSED, CommitmentState.DROPPED))
    context = {
        "workshop": workshop,
        "organization": workshop.organization,
        "decisions": list(workshop.notes.filter(kind=NoteKind.DECISION)),
        "commitments": list(shown.order_by("due_on", "key")),
        "url": minutes_url(workshop),
    }
    return Message(
        subject=_("Minutes: %(title)s") % {"title": " ".join(workshop.title.split())},
        # plain again: the template escapes nothing, so its output must not count as safe HTML anywhere
        text=render_to_string("emails/minutes.txt", context).strip() + "\n",
        html=render_to_string("emails/minutes.html", context),
    )


def send_due_or_pause(*, workshop_id: int) -> bool:
    """Send a chunk of what is due; True if there may be more. A mail server that does not answer is left alone."""
    try:
        return send_due(workshop_id=workshop_id)
    except OSError as problem:
        logger.warning("Minutes of workshop %s must wait: %s", workshop_id, problem)
        bus.connection().set(PAUSE, 1, ex=PAUSE_SECONDS)
        return False


def send_due(*, workshop_id: int, limit: int = CHUNK) -> bool:
    """Send the minutes to up to `limit` people who wait; True if there may be more.

    Each is locked, sent and marked in a transaction of its own, so that two workers never write to one person, and a
    worker that dies repeats one message at most. Raises OSError where the mail server does not answer, or not yet.
    """
    workshop = Workshop.objects.select_related("organization", "ecosystem").filter(pk=workshop_id).first()
    if workshop is None or not unsent().filter(workshop=workshop).exists():
        return False
    message, later = message_of(workshop), dict[UUID, OSError]()
    with get_connection() as connection:
        for _number in range(limit):
            if not _send_next(workshop, message, connection, later):
                break
        else:
            return True
    if later:
        raise next(iter(later.values()))
    return False


def forget_addresses() -> int:
    """Delete the addresses to which minutes went a while ago, and those that never could be reached."""
    now = timezone.now()
    old = Q(sent_at__lt=now - KEPT_AFTER_SENDING) | Q(workshop__ended_at__lt=now - KEPT_AFTER_THE_END)
    return MinutesRequest.objects.filter(old).delete()[0]


def _send_next(workshop: Workshop, message: Message, connection: BaseEmailBackend, later: dict[UUID, OSError]) -> bool:
    """Write to the next person; False where there is none. Who must wait is put into `later`."""
    with transaction.atomic():
        due = unsent().filter(workshop=workshop).exclude(pk__in=later)
        request = due.select_for_update(skip_locked=True, of=("self",)).first()
        if request is None:
            return False
        mail = EmailMultiAlternatives(message.subject, message.text, to=[request.email], connection=connection)
        mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            if any(code < PERMANENT for code, _reason in refused.recipients.values()):
                later[request.pk] = refused
                return True
            logger.warning("The mail server refuses an address for the minutes of workshop %s", workshop.pk)
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code < PERMANENT:
                later[request.pk] = refused
                return True
            logger.warning("The mail server refuses a message with the minutes of workshop %s", workshop.pk)
        except ValueError:  # the address is none, or holds what no header may
            logger.warning("An address for the minutes of workshop %s cannot be written to", workshop.pk)
        MinutesRequest.objects.filter(pk=request.pk).update(sent_at=timezone.now())
    return True
